//! The head of an album or an artist: picture, name, facts, what can be done.

use std::cell::Cell;
use std::rc::Rc;

use adw::prelude::*;
use gettextrs::gettext;

use crate::models::{ImageSize, Item};
use crate::services::AppContext;
use crate::ui::text;
use crate::ui::widgets::{Artwork, wrapping_label};

/// Side of the cover, in pixels.
const COVER: i32 = 180;
/// Below this width the words stand under the cover, in scalable pixels.
const NARROW: f64 = 480.0;

/// What the person does with a head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    /// Play it.
    Play,
    /// Play it in any order.
    Shuffle,
    /// Mark it as favourite, or not.
    Favourite(bool),
    /// Go to the artist.
    OpenArtist,
}

/// The widgets.
#[derive(Debug)]
pub(super) struct Header {
    root: gtk::Box,
    cover: Artwork,
    words: gtk::Box,
    title: gtk::Label,
    artist: gtk::Button,
    facts: gtk::Label,
    play: gtk::Button,
    shuffle: gtk::Button,
    favourite: gtk::ToggleButton,
    /// Set while the code, and not the person, moves the switch.
    showing: Rc<Cell<bool>>,
}

impl Header {
    pub(super) fn new(icon: &str, done: impl Fn(Deed) + Clone + 'static) -> Self {
        let cover = Artwork::sized(icon, COVER, COVER);
        cover.widget().add_css_class("card");
        cover.widget().set_halign(gtk::Align::Start);
        cover.widget().set_valign(gtk::Align::Start);
        let title = wrapping_label(&["title-1"]);
        let artist =
            gtk::Button::builder().halign(gtk::Align::Start).css_classes(["flat", "artist-link"]).build();
        let tell = done.clone();
        artist.connect_clicked(move |_| tell(Deed::OpenArtist));
        let facts = wrapping_label(&["dim-label"]);
        let content = adw::ButtonContent::builder()
            .icon_name("media-playback-start-symbolic")
            .label(gettext("Play"))
            .build();
        let play = gtk::Button::builder().child(&content).css_classes(["pill", "suggested-action"]).build();
        play.update_property(&[gtk::accessible::Property::Label(&gettext("Play"))]);
        let tell = done.clone();
        play.connect_clicked(move |_| tell(Deed::Play));
        let content = adw::ButtonContent::builder()
            .icon_name("media-playlist-shuffle-symbolic")
            .label(gettext("Shuffle"))
            .build();
        let shuffle = gtk::Button::builder().child(&content).css_classes(["pill"]).build();
        shuffle.update_property(&[gtk::accessible::Property::Label(&gettext("Shuffle"))]);
        let tell = done.clone();
        shuffle.connect_clicked(move |_| tell(Deed::Shuffle));
        let favourite = gtk::ToggleButton::builder()
            .icon_name("starred-symbolic")
            .tooltip_text(gettext("Favourite"))
            .css_classes(["circular"])
            .valign(gtk::Align::Center)
            .build();
        favourite.update_property(&[gtk::accessible::Property::Label(&gettext("Favourite"))]);
        let showing = Rc::new(Cell::new(false));
        let quiet = Rc::clone(&showing);
        favourite.connect_toggled(move |button| {
            if !quiet.get() {
                done(Deed::Favourite(button.is_active()));
            }
        });
        let buttons = adw::WrapBox::builder().child_spacing(8).line_spacing(8).margin_top(6).build();
        buttons.append(&play);
        buttons.append(&shuffle);
        buttons.append(&favourite);
        let words = gtk::Box::builder()
            .orientation(gtk::Orientation::Vertical)
            .spacing(6)
            .hexpand(true)
            .valign(gtk::Align::Center)
            .build();
        let children: [&gtk::Widget; 4] =
            [title.upcast_ref(), artist.upcast_ref(), facts.upcast_ref(), buttons.upcast_ref()];
        for child in children {
            words.append(child);
        }
        let root = gtk::Box::builder().spacing(24).build();
        root.append(cover.widget());
        root.append(&words);
        Self { root, cover, words, title, artist, facts, play, shuffle, favourite, showing }
    }

    pub(super) fn widget(&self) -> &gtk::Box {
        &self.root
    }

    /// Puts the words under the cover where the page is narrow.
    pub(super) fn adapt(&self, content: &impl IsA<gtk::Widget>) -> adw::BreakpointBin {
        let narrow = adw::BreakpointCondition::new_length(
            adw::BreakpointConditionLengthType::MaxWidth,
            NARROW,
            adw::LengthUnit::Sp,
        );
        let breakpoint = adw::Breakpoint::new(narrow);
        breakpoint.add_setter(&self.root, "orientation", Some(&gtk::Orientation::Vertical.to_value()));
        breakpoint.add_setter(&self.words, "spacing", Some(&4_i32.to_value()));
        let bin = adw::BreakpointBin::builder().child(content).width_request(300).height_request(150).build();
        bin.add_breakpoint(breakpoint);
        bin
    }

    /// Shows an item; `artist` is what the button to the artist says, and whether it leads anywhere.
    pub(super) fn show(
        &self,
        ctx: &AppContext,
        item: &Item,
        artist: Option<(&str, bool)>,
        facts: &str,
        plays: bool,
    ) {
        self.title.set_label(text::title(item));
        self.artist.set_visible(artist.is_some());
        if let Some((name, leads)) = artist {
            self.artist.set_label(name);
            self.artist.set_sensitive(leads);
        }
        self.facts.set_label(facts);
        self.facts.set_visible(!facts.is_empty());
        self.play.set_sensitive(plays);
        self.shuffle.set_sensitive(plays);
        self.showing.set(true);
        self.favourite.set_active(item.record.watch.favourite == Some(true));
        self.showing.set(false);
        self.cover.show(ctx, item.source_id, item.record.images.primary.as_ref(), ImageSize::Medium);
    }
}
