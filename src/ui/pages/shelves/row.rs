//! One item of a playlist in its list.

use std::cell::RefCell;
use std::rc::Rc;

use adw::prelude::*;
use gettextrs::gettext;
use relm4::typed_view::list::RelmListItem;

use crate::models::{ImageKind, ImageSize, Item, MediaId};
use crate::services::AppContext;
use crate::ui::text;
use crate::ui::widgets::{Artwork, Sight};

/// Size of the picture, in pixels.
const PICTURE: (i32, i32) = (96, 54);

/// Who is told which item to play.
pub(super) type OnPlay = Rc<dyn Fn(MediaId)>;

/// An item at its place.
pub(super) struct PlaylistRow {
    pub(super) ctx: AppContext,
    pub(super) sight: Sight,
    pub(super) item: Item,
    /// From 1.
    pub(super) place: usize,
    pub(super) play: OnPlay,
}

/// The widgets of a row.
pub(super) struct RowWidgets {
    row: gtk::ListItem,
    number: gtk::Label,
    /// Holds the picture, which is made when it is known on which page.
    frame: gtk::Box,
    picture: Option<Artwork>,
    title: gtk::Label,
    facts: gtk::Label,
    watched: gtk::Image,
    button: gtk::Button,
    target: Rc<RefCell<Option<(MediaId, OnPlay)>>>,
}

impl RelmListItem for PlaylistRow {
    type Root = gtk::Box;
    type Widgets = RowWidgets;

    fn setup(row: &gtk::ListItem) -> (gtk::Box, RowWidgets) {
        let root = gtk::Box::builder().spacing(12).margin_top(6).margin_bottom(6).build();
        let number = gtk::Label::builder().width_chars(3).css_classes(["dim-label", "numeric"]).build();
        let frame = gtk::Box::builder().valign(gtk::Align::Center).build();
        let title = line(["heading"]);
        let facts = line(["dim-label"]);
        facts.add_css_class("caption");
        let words = gtk::Box::builder()
            .orientation(gtk::Orientation::Vertical)
            .spacing(3)
            .hexpand(true)
            .valign(gtk::Align::Center)
            .build();
        words.append(&title);
        words.append(&facts);
        let watched = gtk::Image::builder()
            .icon_name("object-select-symbolic")
            .tooltip_text(gettext("Watched"))
            .css_classes(["dim-label"])
            .build();
        let button = gtk::Button::builder()
            .icon_name("media-playback-start-symbolic")
            .valign(gtk::Align::Center)
            .css_classes(["flat", "circular"])
            .build();
        let target: Rc<RefCell<Option<(MediaId, OnPlay)>>> = Rc::default();
        let shown = Rc::clone(&target);
        button.connect_clicked(move |_| {
            let chosen = shown.borrow().clone();
            if let Some((id, play)) = chosen {
                play(id);
            }
        });
        root.append(&number);
        root.append(&frame);
        root.append(&words);
        root.append(&watched);
        root.append(&button);
        let row = row.clone();
        (root, RowWidgets { row, number, frame, picture: None, title, facts, watched, button, target })
    }

    fn bind(&mut self, widgets: &mut RowWidgets, _root: &mut gtk::Box) {
        let (item, record) = (&self.item, &self.item.record);
        let picture = widgets.picture.get_or_insert_with(|| {
            let picture = Artwork::sized("reel-films-symbolic", PICTURE.0, PICTURE.1).within(&self.sight);
            widgets.frame.append(picture.widget());
            picture
        });
        let images = &record.images;
        let wide = if record.series_title.is_some() { ImageKind::Primary } else { ImageKind::Backdrop };
        let key = images.key(wide).or(images.backdrop.as_ref()).or(images.primary.as_ref());
        picture.show(&self.ctx, item.source_id, key, ImageSize::Small);
        widgets.number.set_label(&self.place.to_string());
        widgets.title.set_label(text::card_title(item));
        let mut facts: Vec<String> = vec![text::card_subtitle(item)];
        facts.extend(record.duration.map(text::length));
        facts.extend(text::time_left(item));
        facts.retain(|fact| !fact.is_empty());
        widgets.facts.set_label(&facts.join(" · "));
        widgets.watched.set_visible(record.watch.watched);
        let label = text::card_label(item);
        let play = gettext("Play {title}").replace("{title}", &label);
        widgets.button.set_tooltip_text(Some(&play));
        widgets.button.update_property(&[gtk::accessible::Property::Label(&play)]);
        widgets.row.set_accessible_label(&label);
        widgets.target.replace(Some((item.id, Rc::clone(&self.play))));
    }

    fn unbind(&mut self, widgets: &mut RowWidgets, _root: &mut gtk::Box) {
        widgets.target.replace(None);
    }
}

fn line<const N: usize>(classes: [&str; N]) -> gtk::Label {
    gtk::Label::builder().xalign(0.0).ellipsize(gtk::pango::EllipsizeMode::End).css_classes(classes).build()
}
