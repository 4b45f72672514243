//! The widgets of the details page.

use std::cell::Cell;
use std::rc::Rc;

use adw::prelude::*;
use gettextrs::gettext;
use relm4::ComponentSender;

use super::episodes::EpisodeList;
use super::{Content, DetailsInput, DetailsPage, facts};
use crate::models::{ImageSize, ItemKind};
use crate::services::AppContext;
use crate::ui::standing::Notice;
use crate::ui::text;
use crate::ui::widgets::{Artwork, Beacon, Sight, show_notice};

/// Height of the wide picture, in pixels.
const BACKDROP_HEIGHT: i32 = 300;
/// Space above the title where there is no wide picture, in pixels.
const WITHOUT_BACKDROP: i32 = 24;
/// How far the title block reaches into the picture, in pixels.
const OVERLAP: i32 = 120;
/// Below this width the poster is left out, in scalable pixels.
const NARROW: f64 = 560.0;

/// The widgets.
#[derive(Debug)]
pub(super) struct DetailsView {
    banner: adw::Banner,
    column: gtk::Box,
    pictures: gtk::Overlay,
    backdrop: Artwork,
    poster: Artwork,
    title: gtk::Label,
    original: gtk::Label,
    chips: adw::WrapBox,
    play: adw::ButtonContent,
    play_button: gtk::Button,
    restart: gtk::Button,
    watched: gtk::ToggleButton,
    favourite: gtk::ToggleButton,
    left: gtk::Label,
    tagline: gtk::Label,
    summary: gtk::Label,
    people: gtk::Box,
    episodes: EpisodeList,
    /// Set while the code, and not the user, moves a switch.
    showing: Rc<Cell<bool>>,
}

impl DetailsView {
    pub(super) fn build(
        root: &adw::NavigationPage,
        beacon: &Beacon,
        sender: &ComponentSender<DetailsPage>,
    ) -> Self {
        let backdrop = Artwork::new("reel-blank-symbolic");
        backdrop.widget().set_height_request(BACKDROP_HEIGHT);
        backdrop.widget().set_valign(gtk::Align::Start);
        backdrop.widget().add_css_class("backdrop");
        let shade = gtk::Box::builder()
            .height_request(BACKDROP_HEIGHT)
            .valign(gtk::Align::Start)
            .css_classes(["backdrop-shade"])
            .build();

        let poster = Artwork::sized("reel-films-symbolic", 180, 270);
        poster.widget().set_valign(gtk::Align::Start);
        poster.widget().add_css_class("card");

        let showing = Rc::new(Cell::new(false));
        let title = label(["title-1"]);
        let original = label(["dim-label"]);
        let chips = adw::WrapBox::builder().child_spacing(6).line_spacing(6).build();
        let (play, play_button) = play_button(sender);
        let restart = icon_button("media-skip-backward-symbolic", &gettext("Play from Start"));
        let input = sender.input_sender().clone();
        restart.connect_clicked(move |_| input.emit(DetailsInput::Play { from_start: true }));
        let watched = toggle("object-select-symbolic", &gettext("Watched"), &showing, sender, |on| {
            DetailsInput::SetWatched(on)
        });
        let favourite = toggle("starred-symbolic", &gettext("Favourite"), &showing, sender, |on| {
            DetailsInput::SetFavourite(on)
        });
        let buttons = adw::WrapBox::builder().child_spacing(8).line_spacing(8).margin_top(6).build();
        buttons.append(&play_button);
        buttons.append(&restart);
        buttons.append(&watched);
        buttons.append(&favourite);
        let left = label(["dim-label", "caption"]);

        let head = head(
            &poster,
            &[
                title.upcast_ref(),
                original.upcast_ref(),
                chips.upcast_ref(),
                buttons.upcast_ref(),
                left.upcast_ref(),
            ],
        );

        let tagline = label(["heading"]);
        let summary = label(["body"]);
        summary.set_selectable(true);
        let people = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(6).build();
        let scroller =
            gtk::ScrolledWindow::builder().hscrollbar_policy(gtk::PolicyType::Never).vexpand(true).build();
        let episodes = EpisodeList::build(&Sight::of(&scroller), sender);
        let column = column(&[
            head.upcast_ref(),
            tagline.upcast_ref(),
            summary.upcast_ref(),
            episodes.widget().upcast_ref(),
            people.upcast_ref(),
        ]);
        let clamp = adw::Clamp::builder().maximum_size(960).child(&column).build();

        let overlay = gtk::Overlay::builder().child(&clamp).build();
        // The picture lies below the text: the text is the overlay's own child for its size.
        let back = gtk::Overlay::new();
        let pictures = gtk::Overlay::builder().child(backdrop.widget()).valign(gtk::Align::Start).build();
        pictures.add_overlay(&shade);
        back.set_child(Some(&pictures));
        back.add_overlay(&overlay);
        back.set_measure_overlay(&overlay, true);
        scroller.set_child(Some(&back));
        let banner = adw::Banner::new("");
        let view = adw::ToolbarView::builder().extend_content_to_top_edge(false).build();
        let header = adw::HeaderBar::new();
        header.pack_end(&beacon.button());
        view.add_top_bar(&header);
        view.add_top_bar(&banner);
        view.set_content(Some(&with_breakpoint(&scroller, &poster)));
        root.set_child(Some(&view));
        Self {
            banner,
            column,
            pictures,
            backdrop,
            poster,
            title,
            original,
            chips,
            play,
            play_button,
            restart,
            watched,
            favourite,
            left,
            tagline,
            summary,
            people,
            episodes,
            showing,
        }
    }

    /// Says what a person has to know of the source, or nothing.
    pub(super) fn show_notice(&self, notice: Option<&Notice>) {
        show_notice(&self.banner, notice);
    }

    pub(super) fn show(&self, ctx: &AppContext, content: &Content, sender: &ComponentSender<DetailsPage>) {
        let item = &content.item;
        let record = &item.record;
        self.showing.set(true);
        self.title.set_label(text::title(item));
        set_optional(&self.original, second_title(content).as_deref());
        while let Some(child) = self.chips.first_child() {
            self.chips.remove(&child);
        }
        for fact in facts::chips(item, content.details.as_ref()) {
            self.chips.append(&chip(&fact));
        }
        for genre in record.genres.iter().take(3) {
            self.chips.append(&chip(genre));
        }
        let words = facts::play_label(item, content.next.as_ref());
        self.play.set_label(&words);
        self.play_button.update_property(&[gtk::accessible::Property::Label(&words)]);
        let playable = content.next.is_some() && record.kind != ItemKind::Other;
        self.play_button.set_visible(playable);
        let next = content.next.as_ref().unwrap_or(item);
        self.restart.set_visible(playable && !next.record.watch.position.is_zero());
        set_optional(&self.left, text::time_left(next).as_deref());
        self.watched.set_active(record.watch.watched);
        self.favourite.set_active(record.watch.favourite.unwrap_or(false));
        set_optional(&self.tagline, record.tagline.as_deref());
        set_optional(&self.summary, record.summary.as_deref());
        self.show_people(content);
        self.episodes.show(ctx, content, sender);
        let images = &record.images;
        let wide = images.backdrop.is_some();
        self.pictures.set_visible(wide);
        self.column.set_margin_top(if wide { BACKDROP_HEIGHT - OVERLAP } else { WITHOUT_BACKDROP });
        self.backdrop.show(ctx, item.source_id, images.backdrop.as_ref(), ImageSize::Wide);
        let poster = if record.kind == ItemKind::Episode { images.series_poster.as_ref() } else { None };
        let poster = poster.or(images.primary.as_ref());
        self.poster.show(ctx, item.source_id, poster, ImageSize::Large);
        self.showing.set(false);
    }

    fn show_people(&self, content: &Content) {
        while let Some(child) = self.people.first_child() {
            self.people.remove(&child);
        }
        let Some(details) = &content.details else { return };
        for (job, names) in facts::people(details) {
            self.people.append(&pair(&job, &names));
        }
        for line in facts::versions(details) {
            self.people.append(&pair(&gettext("File"), &line));
        }
    }
}

/// What stands one below the other, over the lower part of the wide picture.
fn column(parts: &[&gtk::Widget]) -> gtk::Box {
    let column = gtk::Box::builder()
        .orientation(gtk::Orientation::Vertical)
        .spacing(18)
        .margin_top(BACKDROP_HEIGHT - OVERLAP)
        .margin_start(18)
        .margin_end(18)
        .margin_bottom(24)
        .build();
    for part in parts {
        column.append(*part);
    }
    column
}

/// The poster with title, facts and buttons beside it.
fn head(poster: &Artwork, lines: &[&gtk::Widget]) -> gtk::Box {
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

/// Series and number of an episode, or the original title where it differs.
fn second_title(content: &Content) -> Option<String> {
    let record = &content.item.record;
    match record.kind {
        ItemKind::Episode | ItemKind::Season => record.series_title.clone(),
        _ => record.original_title.clone().filter(|original| *original != record.title),
    }
}

/// Leaves the poster out where there is no room for it.
fn with_breakpoint(content: &gtk::ScrolledWindow, poster: &Artwork) -> adw::BreakpointBin {
    let bin = adw::BreakpointBin::builder().child(content).width_request(300).height_request(150).build();
    let narrow = adw::BreakpointCondition::new_length(
        adw::BreakpointConditionLengthType::MaxWidth,
        NARROW,
        adw::LengthUnit::Sp,
    );
    let breakpoint = adw::Breakpoint::new(narrow);
    breakpoint.add_setter(poster.widget(), "visible", Some(&false.to_value()));
    bin.add_breakpoint(breakpoint);
    bin
}

fn play_button(sender: &ComponentSender<DetailsPage>) -> (adw::ButtonContent, gtk::Button) {
    let content = adw::ButtonContent::builder().icon_name("media-playback-start-symbolic").build();
    let button = gtk::Button::builder().child(&content).css_classes(["suggested-action", "pill"]).build();
    let input = sender.input_sender().clone();
    button.connect_clicked(move |_| input.emit(DetailsInput::Play { from_start: false }));
    (content, button)
}

fn icon_button(icon: &str, label: &str) -> gtk::Button {
    let button = gtk::Button::builder()
        .icon_name(icon)
        .tooltip_text(label)
        .valign(gtk::Align::Center)
        .css_classes(["circular"])
        .build();
    button.update_property(&[gtk::accessible::Property::Label(label)]);
    button
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

fn label<const N: usize>(classes: [&str; N]) -> gtk::Label {
    gtk::Label::builder()
        .xalign(0.0)
        .wrap(true)
        .wrap_mode(gtk::pango::WrapMode::WordChar)
        .css_classes(classes)
        .build()
}

fn chip(text: &str) -> gtk::Label {
    gtk::Label::builder().label(text).css_classes(["chip", "caption", "numeric"]).build()
}

fn pair(name: &str, value: &str) -> gtk::Box {
    let pair = gtk::Box::builder().spacing(12).build();
    let name = gtk::Label::builder()
        .label(name)
        .xalign(0.0)
        .yalign(0.0)
        .width_chars(9)
        .css_classes(["dim-label", "caption-heading"])
        .build();
    let text = label(["caption"]);
    text.set_label(value);
    text.set_hexpand(true);
    pair.append(&name);
    pair.append(&text);
    pair
}

fn set_optional(label: &gtk::Label, text: Option<&str>) {
    label.set_label(text.unwrap_or_default());
    label.set_visible(text.is_some_and(|text| !text.is_empty()));
}
