//! The rows below a title: trailers and the like, and what is like it.

use std::cell::RefCell;

use adw::prelude::*;
use gettextrs::gettext;
use relm4::ComponentSender;

use super::content::Content;
use super::facts::extra_word;
use super::{DetailsInput, DetailsOutput, DetailsPage};
use crate::models::{ExtraKind, ImageSize, Item};
use crate::services::AppContext;
use crate::services::core::library::Card as TitleCard;
use crate::ui::text;
use crate::ui::widgets::{Artwork, Card, CardShape, Shelf, Sight};

/// Size of the picture of an extra, in pixels.
const STILL: (i32, i32) = (208, 117);

/// The rows.
#[derive(Debug)]
pub(super) struct Rows {
    sight: Sight,
    extras: Shelf,
    similar: Shelf,
    shown_extras: RefCell<Vec<(ExtraKind, Item)>>,
    shown_similar: RefCell<Vec<TitleCard>>,
}

impl Rows {
    pub(super) fn build(sight: &Sight) -> Self {
        Self {
            sight: sight.clone(),
            extras: Shelf::new(&gettext("Extras"), sight),
            similar: Shelf::new(&gettext("More Like This"), sight),
            shown_extras: RefCell::default(),
            shown_similar: RefCell::default(),
        }
    }

    /// All rows in the order in which they stand; another row of titles is one more [`Shelf`] here.
    pub(super) fn rows(&self) -> [&gtk::Box; 2] {
        [self.extras.widget(), self.similar.widget()]
    }

    pub(super) fn show(&self, ctx: &AppContext, content: &Content, sender: &ComponentSender<DetailsPage>) {
        if *self.shown_extras.borrow() != content.extras {
            let make =
                |(kind, item): &(ExtraKind, Item)| extra(ctx, *kind, item, &self.sight, sender).upcast();
            self.extras.show(content.extras.iter().map(make));
            self.shown_extras.replace(content.extras.clone());
        }
        if *self.shown_similar.borrow() != content.similar {
            let make = |card: &TitleCard| title(ctx, card, &self.sight, sender).upcast();
            self.similar.show(content.similar.iter().map(make));
            self.shown_similar.replace(content.similar.clone());
        }
    }
}

fn extra(
    ctx: &AppContext,
    kind: ExtraKind,
    item: &Item,
    sight: &Sight,
    sender: &ComponentSender<DetailsPage>,
) -> gtk::Button {
    let artwork = Artwork::sized("reel-series-symbolic", STILL.0, STILL.1).within(sight);
    artwork.widget().add_css_class("card");
    artwork.show(ctx, item.source_id, item.record.images.primary.as_ref(), ImageSize::Small);
    let picture = gtk::Overlay::builder().child(artwork.widget()).build();
    let play = gtk::Image::builder()
        .icon_name("media-playback-start-symbolic")
        .halign(gtk::Align::Center)
        .valign(gtk::Align::Center)
        .css_classes(["card-mark"])
        .accessible_role(gtk::AccessibleRole::Presentation)
        .build();
    picture.add_overlay(&play);
    let content = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(4).build();
    content.append(&picture);
    content.append(&line(text::title(item), &["heading"]));
    let word = Some(extra_word(kind)).filter(|word| word != text::title(item));
    let facts: Vec<String> = word.into_iter().chain(item.record.duration.map(text::length)).collect();
    content.append(&line(&facts.join(" · "), &["dim-label", "caption"]));
    let button = gtk::Button::builder()
        .child(&content)
        .valign(gtk::Align::Start)
        .css_classes(["flat", "card-button"])
        .build();
    let label = gettext("Play {title}").replace("{title}", text::title(item));
    button.update_property(&[gtk::accessible::Property::Label(&label)]);
    let (input, id) = (sender.input_sender().clone(), item.id);
    button.connect_clicked(move |_| input.emit(DetailsInput::PlayItem(id)));
    button
}

fn title(
    ctx: &AppContext,
    title: &TitleCard,
    sight: &Sight,
    sender: &ComponentSender<DetailsPage>,
) -> gtk::Button {
    let card = Card::new(CardShape::Poster, sight);
    card.show(ctx, &title.item);
    let (id, output) = (title.item.id, sender.output_sender().clone());
    let button = card.into_button(move || output.emit(DetailsOutput::Open(id)));
    button.update_property(&[gtk::accessible::Property::Label(&text::card_label(&title.item))]);
    button
}

fn line(text: &str, classes: &[&str]) -> gtk::Label {
    gtk::Label::builder()
        .label(text)
        .xalign(0.0)
        .ellipsize(gtk::pango::EllipsizeMode::End)
        .max_width_chars(1)
        .css_classes(classes.to_vec())
        .build()
}
