//! The row of the cast and the crew.

use std::cell::RefCell;

use adw::prelude::*;
use gettextrs::gettext;
use relm4::ComponentSender;

use super::content::Content;
use super::facts::{Participant, participants};
use super::{DetailsOutput, DetailsPage};
use crate::services::AppContext;
use crate::ui::widgets::{Shelf, Sight, face};

/// Size of a portrait, in scalable pixels.
const PORTRAIT: i32 = 96;
/// Width of the words below it, in pixels.
const WIDTH: i32 = 120;

/// The row.
#[derive(Debug)]
pub(super) struct PeopleRow {
    shelf: Shelf,
    sight: Sight,
    shown: RefCell<Vec<Participant>>,
}

impl PeopleRow {
    pub(super) fn build(sight: &Sight) -> Self {
        let shelf = Shelf::new(&gettext("Cast and Crew"), sight);
        Self { shelf, sight: sight.clone(), shown: RefCell::default() }
    }

    pub(super) fn widget(&self) -> &gtk::Box {
        self.shelf.widget()
    }

    pub(super) fn show(&self, ctx: &AppContext, content: &Content, sender: &ComponentSender<DetailsPage>) {
        let credits = content.details.as_ref().map(|details| details.credits.as_slice());
        let mut people = participants(credits.unwrap_or_default(), content.item.source_id);
        for person in people.iter_mut().filter(|person| person.portrait.is_none()) {
            person.portrait = content.portraits.get(&person.name).cloned();
        }
        if *self.shown.borrow() == people {
            return;
        }
        self.shelf.show(people.iter().map(|person| card(ctx, person, &self.sight, sender).upcast()));
        self.shown.replace(people);
    }
}

fn card(
    ctx: &AppContext,
    person: &Participant,
    sight: &Sight,
    sender: &ComponentSender<DetailsPage>,
) -> gtk::Button {
    let name = &person.name;
    let picture = person.portrait.as_ref().map(|(source, key)| (*source, key));
    let content = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(2).build();
    content.set_width_request(WIDTH);
    let portrait = face(ctx, sight, name, PORTRAIT, picture);
    portrait.set_margin_bottom(6);
    content.append(&portrait);
    content.append(&line(name, 2, &["heading"]));
    content.append(&line(&person.part, 2, &["dim-label", "caption"]));
    let button = gtk::Button::builder()
        .child(&content)
        .valign(gtk::Align::Start)
        .css_classes(["flat", "card-button"])
        .build();
    let said = if person.part.is_empty() { name.clone() } else { format!("{name}, {}", person.part) };
    button.update_property(&[gtk::accessible::Property::Label(&said)]);
    let (output, name) = (sender.output_sender().clone(), name.clone());
    button.connect_clicked(move |_| output.emit(DetailsOutput::OpenPerson(name.clone())));
    button
}

fn line(text: &str, lines: i32, classes: &[&str]) -> gtk::Label {
    gtk::Label::builder()
        .label(text)
        .justify(gtk::Justification::Center)
        .wrap(true)
        .wrap_mode(gtk::pango::WrapMode::WordChar)
        .lines(lines)
        .ellipsize(gtk::pango::EllipsizeMode::End)
        .max_width_chars(1)
        .visible(!text.is_empty())
        .css_classes(classes.to_vec())
        .build()
}
