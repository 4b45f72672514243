//! Poster, title, facts and the buttons: what is seen first.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use adw::prelude::*;
use gettextrs::gettext;
use gtk::glib;
use relm4::ComponentSender;

use super::content::Content;
use super::facts::{self, Fact};
use super::rating::Rating;
use super::{DetailsInput, DetailsOutput, DetailsPage};
use crate::models::{ExtraKind, ImageSize, Item, ItemKind, MediaId};
use crate::services::AppContext;
use crate::ui::text;
use crate::ui::widgets::{Artwork, icon_button, wrapping_label};

/// Size of the poster, in pixels.
const POSTER: (i32, i32) = (180, 270);
/// Between two looks at the clock: the minute on the page is never more than this behind.
const TICK: Duration = Duration::from_secs(10);
/// Genres that are shown.
const MOST_GENRES: usize = 5;

/// The block.
#[derive(Debug)]
pub(super) struct Head {
    root: gtk::Box,
    poster: Artwork,
    series: gtk::Button,
    series_id: Rc<Cell<Option<MediaId>>>,
    title: gtk::Label,
    original: gtk::Label,
    chips: adw::WrapBox,
    shown_chips: RefCell<(Vec<Fact>, Vec<String>)>,
    play: adw::ButtonContent,
    play_button: gtk::Button,
    restart: gtk::Button,
    trailer: gtk::Button,
    watched: gtk::ToggleButton,
    favourite: gtk::ToggleButton,
    rating: Rating,
    time: gtk::Label,
    /// What **Play** plays, for the clock.
    next: Rc<RefCell<Option<Item>>>,
    /// Set while the code, and not the user, moves a switch.
    showing: Rc<Cell<bool>>,
}

impl Head {
    pub(super) fn build(sender: &ComponentSender<DetailsPage>) -> Self {
        let poster = Artwork::sized("reel-films-symbolic", POSTER.0, POSTER.1);
        poster.widget().set_valign(gtk::Align::Start);
        poster.widget().add_css_class("card");
        let showing = Rc::new(Cell::new(false));
        let title = wrapping_label(&["title-1"]);
        title.set_accessible_role(gtk::AccessibleRole::Heading);
        let original = wrapping_label(&["dim-label"]);
        let (series, series_id) = series_button(sender);
        let chips = adw::WrapBox::builder().child_spacing(6).line_spacing(6).build();
        let (play, play_button) = play_button(sender);
        let restart = icon_button("media-skip-backward-symbolic", &gettext("Play from Start"));
        restart.set_valign(gtk::Align::Center);
        restart.add_css_class("circular");
        let input = sender.input_sender().clone();
        restart.connect_clicked(move |_| input.emit(DetailsInput::Play { from_start: true }));
        let trailer = gtk::Button::builder().label(gettext("Trailer")).css_classes(["pill"]).build();
        let input = sender.input_sender().clone();
        trailer.connect_clicked(move |_| input.emit(DetailsInput::PlayTrailer));
        let watched =
            toggle("object-select-symbolic", &gettext("Watched"), &showing, sender, DetailsInput::SetWatched);
        let favourite =
            toggle("starred-symbolic", &gettext("Favourite"), &showing, sender, DetailsInput::SetFavourite);
        let buttons = adw::WrapBox::builder().child_spacing(8).line_spacing(8).margin_top(6).build();
        buttons.append(&play_button);
        for button in [&restart, &trailer] {
            buttons.append(button);
        }
        for button in [&watched, &favourite] {
            buttons.append(button);
        }
        let rating = Rating::build(sender);
        let time = wrapping_label(&["dim-label", "caption", "numeric"]);
        let lines: [&gtk::Widget; 7] = [
            series.upcast_ref(),
            title.upcast_ref(),
            original.upcast_ref(),
            chips.upcast_ref(),
            buttons.upcast_ref(),
            rating.widget().upcast_ref(),
            time.upcast_ref(),
        ];
        let root = beside(&poster, &lines);
        let next = Rc::new(RefCell::new(None));
        keep_time(&time, &next);
        Self {
            root,
            poster,
            series,
            series_id,
            title,
            original,
            chips,
            shown_chips: RefCell::default(),
            play,
            play_button,
            restart,
            trailer,
            watched,
            favourite,
            rating,
            time,
            next,
            showing,
        }
    }

    pub(super) fn widget(&self) -> &gtk::Box {
        &self.root
    }

    /// What is left out where there is no room for it.
    pub(super) fn poster(&self) -> &gtk::Overlay {
        self.poster.widget()
    }

    pub(super) fn show(&self, ctx: &AppContext, content: &Content, sender: &ComponentSender<DetailsPage>) {
        let (item, record) = (&content.item, &content.item.record);
        self.showing.set(true);
        self.title.set_label(text::title(item));
        let is_part = matches!(record.kind, ItemKind::Episode | ItemKind::Season);
        let series = record.series_title.as_deref().filter(|_| is_part);
        self.series.set_label(series.unwrap_or_default());
        self.series.set_visible(series.is_some());
        self.series_id.set(item.series_id);
        let original = record.original_title.as_deref().filter(|original| *original != record.title);
        set_optional(&self.original, original);
        self.show_chips(item, sender);
        let words = facts::play_label(item, content.next.as_ref());
        self.play.set_label(&words);
        self.play_button.update_property(&[gtk::accessible::Property::Label(&words)]);
        let playable = content.next.is_some() && record.kind != ItemKind::Other;
        self.play_button.set_visible(playable);
        let next = content.next.as_ref().unwrap_or(item);
        self.restart.set_visible(playable && !next.record.watch.position.is_zero());
        self.trailer.set_visible(content.extras.iter().any(|(kind, _)| *kind == ExtraKind::Trailer));
        self.next.replace(Some(next.clone()).filter(|_| playable));
        show_time(&self.time, &self.next);
        self.watched.set_active(record.watch.watched);
        self.favourite.set_active(record.watch.favourite.unwrap_or(false));
        self.rating.show(content);
        let poster = if is_part { record.images.series_poster.as_ref() } else { None };
        self.poster.show(ctx, item.source_id, poster.or(record.images.primary.as_ref()), ImageSize::Large);
        self.showing.set(false);
    }

    fn show_chips(&self, item: &Item, sender: &ComponentSender<DetailsPage>) {
        let genres: Vec<String> = item.record.genres.iter().take(MOST_GENRES).cloned().collect();
        let chips = (facts::facts(item), genres);
        if *self.shown_chips.borrow() == chips {
            return;
        }
        while let Some(child) = self.chips.first_child() {
            self.chips.remove(&child);
        }
        for fact in &chips.0 {
            let chip =
                gtk::Label::builder().label(&fact.shown).css_classes(["chip", "caption", "numeric"]).build();
            if let Some(said) = &fact.said {
                chip.update_property(&[gtk::accessible::Property::Label(said)]);
            }
            self.chips.append(&chip);
        }
        for genre in &chips.1 {
            let chip = gtk::Button::builder().label(genre).css_classes(["chip", "caption"]).build();
            chip.set_tooltip_text(Some(&gettext("Show all of this genre")));
            let (output, genre) = (sender.output_sender().clone(), genre.clone());
            chip.connect_clicked(move |_| output.emit(DetailsOutput::OpenGenre(genre.clone())));
            self.chips.append(&chip);
        }
        self.chips.set_visible(self.chips.first_child().is_some());
        self.shown_chips.replace(chips);
    }
}

/// The poster with title, facts and buttons beside it.
fn beside(poster: &Artwork, lines: &[&gtk::Widget]) -> gtk::Box {
    let heading = gtk::Box::builder()
        .orientation(gtk::Orientation::Vertical)
        .spacing(8)
        .hexpand(true)
        .valign(gtk::Align::End)
        .build();
    for line in lines {
        heading.append(*line);
    }
    let head = gtk::Box::builder().spacing(24).build();
    head.append(poster.widget());
    head.append(&heading);
    head
}

/// Has the line of times follow the clock as long as it is there.
fn keep_time(label: &gtk::Label, next: &Rc<RefCell<Option<Item>>>) {
    let (label, next) = (label.downgrade(), Rc::clone(next));
    glib::timeout_add_local(TICK, move || match label.upgrade() {
        Some(label) => {
            show_time(&label, &next);
            glib::ControlFlow::Continue
        }
        None => glib::ControlFlow::Break,
    });
}

fn show_time(label: &gtk::Label, next: &Rc<RefCell<Option<Item>>>) {
    let next = next.borrow();
    let line = next.as_ref().map(|next| facts::time_line(next, ends_at(next).as_deref()));
    if line.as_deref() != Some(label.label().as_str()) {
        set_optional(label, line.as_deref());
    }
}

/// The time of day at which something would end that is played now.
fn ends_at(next: &Item) -> Option<String> {
    let remaining = facts::remaining(next)?;
    let end = glib::DateTime::now_local().ok()?.add_seconds(remaining.as_secs_f64()).ok()?;
    end.format("%R").ok().map(String::from)
}

/// The title of the series of an episode, as a way there.
fn series_button(sender: &ComponentSender<DetailsPage>) -> (gtk::Button, Rc<Cell<Option<MediaId>>>) {
    let button = gtk::Button::builder().halign(gtk::Align::Start).css_classes(["flat", "more"]).build();
    button.set_tooltip_text(Some(&gettext("Go to Series")));
    let id = Rc::new(Cell::new(None));
    let (output, target) = (sender.output_sender().clone(), Rc::clone(&id));
    button.connect_clicked(move |_| {
        if let Some(series) = target.get() {
            output.emit(DetailsOutput::Open(series));
        }
    });
    (button, id)
}

fn play_button(sender: &ComponentSender<DetailsPage>) -> (adw::ButtonContent, gtk::Button) {
    let content = adw::ButtonContent::builder().icon_name("media-playback-start-symbolic").build();
    let button = gtk::Button::builder().child(&content).css_classes(["suggested-action", "pill"]).build();
    let input = sender.input_sender().clone();
    button.connect_clicked(move |_| input.emit(DetailsInput::Play { from_start: false }));
    (content, button)
}

fn toggle(
    icon: &str,
    label: &str,
    showing: &Rc<Cell<bool>>,
    sender: &ComponentSender<DetailsPage>,
    message: fn(bool) -> DetailsInput,
) -> gtk::ToggleButton {
    let button = gtk::ToggleButton::builder()
        .icon_name(icon)
        .tooltip_text(label)
        .valign(gtk::Align::Center)
        .css_classes(["circular"])
        .build();
    button.update_property(&[gtk::accessible::Property::Label(label)]);
    let (input, showing) = (sender.input_sender().clone(), Rc::clone(showing));
    button.connect_toggled(move |button| {
        if !showing.get() {
            input.emit(message(button.is_active()));
        }
    });
    button
}

pub(super) fn set_optional(label: &gtk::Label, text: Option<&str>) {
    label.set_label(text.unwrap_or_default());
    label.set_visible(text.is_some_and(|text| !text.is_empty()));
}
