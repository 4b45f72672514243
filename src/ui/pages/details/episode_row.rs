//! One episode in the list of a season.

use adw::prelude::*;
use gettextrs::gettext;
use relm4::ComponentSender;

use super::{DetailsInput, DetailsPage};
use crate::models::{ImageSize, Item};
use crate::services::AppContext;
use crate::ui::text;
use crate::ui::widgets::{Artwork, Sight};

/// Size of the still, in pixels.
const STILL: (i32, i32) = (128, 72);

/// A row that leads to the episode, with buttons to play and to mark it.
pub(super) fn row(
    ctx: &AppContext,
    episode: &Item,
    sight: &Sight,
    sender: &ComponentSender<DetailsPage>,
) -> gtk::ListBoxRow {
    let record = &episode.record;
    let artwork = Artwork::sized("reel-series-symbolic", STILL.0, STILL.1).within(sight);
    artwork.widget().add_css_class("card");
    artwork.show(ctx, episode.source_id, record.images.primary.as_ref(), ImageSize::Small);
    let picture = gtk::Overlay::builder().child(artwork.widget()).valign(gtk::Align::Center).build();
    picture.add_overlay(&play(episode, sender));
    let words = words(episode);
    if let Some(progress) = episode.progress() {
        let bar = gtk::ProgressBar::builder()
            .fraction(progress)
            .css_classes(["episode-progress"])
            .accessible_role(gtk::AccessibleRole::Presentation)
            .build();
        words.append(&bar);
    }
    let content =
        gtk::Box::builder().spacing(12).margin_top(8).margin_bottom(8).margin_start(8).margin_end(8).build();
    content.append(&picture);
    content.append(&words);
    content.append(&mark(episode, sender));
    let row = gtk::ListBoxRow::builder().child(&content).activatable(true).build();
    row.update_property(&[gtk::accessible::Property::Label(&text::card_label(episode))]);
    row
}

/// Title, facts and the beginning of the summary.
fn words(episode: &Item) -> gtk::Box {
    let record = &episode.record;
    let number = record.episode.map(|number| format!("{number}. ")).unwrap_or_default();
    let title = line(&format!("{number}{}", text::title(episode)), &["heading"]);
    let mut facts: Vec<String> = record.duration.map(text::length).into_iter().collect();
    facts.extend(record.release_date.map(text::date));
    facts.extend(text::time_left(episode));
    let words = gtk::Box::builder()
        .orientation(gtk::Orientation::Vertical)
        .spacing(3)
        .hexpand(true)
        .valign(gtk::Align::Center)
        .build();
    words.append(&title);
    words.append(&line(&facts.join(" · "), &["dim-label", "caption"]));
    if let Some(summary) = &record.summary {
        let summary = line(summary, &["caption"]);
        summary.set_wrap(true);
        summary.set_lines(2);
        words.append(&summary);
    }
    words
}

fn line(text: &str, classes: &[&str]) -> gtk::Label {
    gtk::Label::builder()
        .label(text)
        .xalign(0.0)
        .ellipsize(gtk::pango::EllipsizeMode::End)
        .css_classes(classes.to_vec())
        .build()
}

fn mark(episode: &Item, sender: &ComponentSender<DetailsPage>) -> gtk::ToggleButton {
    let label = gettext("Watched");
    let button = gtk::ToggleButton::builder()
        .icon_name("object-select-symbolic")
        .tooltip_text(&label)
        .active(episode.record.watch.watched)
        .valign(gtk::Align::Center)
        .css_classes(["flat", "circular"])
        .build();
    button.update_property(&[gtk::accessible::Property::Label(&label)]);
    let (input, id) = (sender.input_sender().clone(), episode.id);
    button.connect_toggled(move |button| input.emit(DetailsInput::SetItemWatched(id, button.is_active())));
    button
}

fn play(episode: &Item, sender: &ComponentSender<DetailsPage>) -> gtk::Button {
    let label = gettext("Play {title}").replace("{title}", text::title(episode));
    let button = gtk::Button::builder()
        .icon_name("media-playback-start-symbolic")
        .tooltip_text(&label)
        .halign(gtk::Align::Center)
        .valign(gtk::Align::Center)
        .css_classes(["circular", "osd"])
        .build();
    button.update_property(&[gtk::accessible::Property::Label(&label)]);
    let (input, id) = (sender.input_sender().clone(), episode.id);
    button.connect_clicked(move |_| input.emit(DetailsInput::PlayItem(id)));
    button
}
