//! Lists of tracks, a heading for each part.

use std::cell::RefCell;

use adw::prelude::*;
use gettextrs::gettext;

use crate::models::Item;
use crate::ui::clock::clock;
use crate::ui::text;

/// A part of a list: a disc, an album.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Part {
    /// What stands above it.
    pub(super) heading: Option<String>,
    /// Its tracks.
    pub(super) tracks: Vec<Item>,
}

/// The discs of an album; one disc needs no heading.
pub(super) fn by_disc(tracks: &[Item]) -> Vec<Part> {
    let disc = |track: &Item| track.record.season.unwrap_or(1);
    let mut parts: Vec<Part> = tracks
        .chunk_by(|one, other| disc(one) == disc(other))
        .map(|tracks| Part {
            heading: tracks.first().map(|track| gettext("Disc {n}").replace("{n}", &disc(track).to_string())),
            tracks: tracks.to_vec(),
        })
        .collect();
    if let [only] = parts.as_mut_slice() {
        only.heading = None;
    }
    parts
}

/// The list.
#[derive(Debug)]
pub(super) struct TrackList {
    root: gtk::Box,
    shown: RefCell<Vec<Part>>,
}

impl TrackList {
    pub(super) fn new() -> Self {
        let root = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(12).build();
        Self { root, shown: RefCell::default() }
    }

    pub(super) fn widget(&self) -> &gtk::Box {
        &self.root
    }

    /// Shows tracks; `chosen` is told the place of one among all of them.
    pub(super) fn show(&self, parts: Vec<Part>, chosen: impl Fn(usize) + Clone + 'static) {
        if *self.shown.borrow() == parts {
            return;
        }
        while let Some(child) = self.root.first_child() {
            self.root.remove(&child);
        }
        let mut before = 0;
        for part in &parts {
            let name = part.heading.clone().unwrap_or_else(|| gettext("Tracks"));
            if let Some(heading) = &part.heading {
                let label = gtk::Label::builder().label(heading).xalign(0.0).css_classes(["heading"]).build();
                label.set_margin_top(6);
                self.root.append(&label);
            }
            let list = gtk::ListBox::builder()
                .selection_mode(gtk::SelectionMode::None)
                .css_classes(["boxed-list"])
                .build();
            list.update_property(&[gtk::accessible::Property::Label(&name)]);
            for track in &part.tracks {
                list.append(&row(track));
            }
            let (chosen, first) = (chosen.clone(), before);
            list.connect_row_activated(move |_, row| {
                if let Ok(place) = usize::try_from(row.index()) {
                    chosen(first + place);
                }
            });
            self.root.append(&list);
            before += part.tracks.len();
        }
        self.shown.replace(parts);
    }
}

fn row(track: &Item) -> gtk::ListBoxRow {
    let record = &track.record;
    let number = record.episode.map(|number| number.to_string()).unwrap_or_default();
    let number = gtk::Label::builder()
        .label(number)
        .width_chars(3)
        .xalign(1.0)
        .css_classes(["dim-label", "numeric"])
        .build();
    let title = gtk::Label::builder()
        .label(text::title(track))
        .xalign(0.0)
        .ellipsize(gtk::pango::EllipsizeMode::End)
        .build();
    let words = gtk::Box::builder()
        .orientation(gtk::Orientation::Vertical)
        .spacing(2)
        .hexpand(true)
        .valign(gtk::Align::Center)
        .build();
    words.append(&title);
    if let Some(artist) = &record.artist {
        let artist = gtk::Label::builder()
            .label(artist)
            .xalign(0.0)
            .ellipsize(gtk::pango::EllipsizeMode::End)
            .css_classes(["dim-label", "caption"])
            .build();
        words.append(&artist);
    }
    let length = gtk::Label::builder()
        .label(record.duration.map(clock).unwrap_or_default())
        .css_classes(["dim-label", "numeric"])
        .build();
    let content = gtk::Box::builder()
        .spacing(12)
        .margin_top(10)
        .margin_bottom(10)
        .margin_start(6)
        .margin_end(12)
        .build();
    content.append(&number);
    content.append(&words);
    content.append(&length);
    let row = gtk::ListBoxRow::builder().child(&content).activatable(true).build();
    row.update_property(&[gtk::accessible::Property::Label(&spoken(track))]);
    row
}

/// What a screen reader says of a track.
fn spoken(track: &Item) -> String {
    let record = &track.record;
    let number = record.episode.map(|number| format!("{number}. ")).unwrap_or_default();
    let mut parts = vec![format!("{number}{}", text::title(track))];
    parts.extend(record.artist.clone());
    parts.extend(record.duration.map(text::length));
    parts.join(", ")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::models::{ItemKind, ItemRecord, LibraryId, MediaId, RemoteId, SourceId};

    fn track(disc: Option<u32>, number: u32) -> Item {
        let mut record = ItemRecord::new(RemoteId::new(number.to_string()), ItemKind::Track, "Tide");
        (record.season, record.episode) = (disc, Some(number));
        Item {
            id: MediaId(1),
            source_id: SourceId::random(),
            library_id: LibraryId(1),
            parent_id: None,
            series_id: None,
            record,
        }
    }

    #[test]
    fn discs_have_headings_where_there_are_several() {
        let shape = |tracks: &[Item]| -> Vec<(Option<String>, usize)> {
            by_disc(tracks).into_iter().map(|part| (part.heading, part.tracks.len())).collect()
        };
        assert_eq!(shape(&[track(Some(1), 1), track(Some(1), 2)]), [(None, 2)]);
        assert_eq!(shape(&[track(None, 1)]), [(None, 1)]);
        assert_eq!(
            shape(&[track(Some(1), 1), track(Some(2), 1), track(Some(2), 2)]),
            [(Some("Disc 1".to_owned()), 1), (Some("Disc 2".to_owned()), 2)]
        );
        assert!(by_disc(&[]).is_empty());
    }

    #[test]
    fn a_track_is_said_with_its_number() {
        assert_eq!(spoken(&track(None, 4)), "4. Tide");
    }
}
