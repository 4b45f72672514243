//! Tables for people, JSON for machines, sentences for errors.

#![expect(clippy::print_stderr, reason = "the one place of the command line that prints")]

use std::io::{self, Write as _};
use std::time::Duration;

use serde::Serialize;

use super::Result;
use crate::models::{Item, ItemKind, Library};
use crate::services::ServiceError;
use crate::ui::clock::clock;
use crate::ui::error_text;

/// How results are printed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Output {
    json: bool,
}

impl Output {
    pub(super) fn new(json: bool) -> Self {
        Self { json }
    }

    pub(super) fn is_json(self) -> bool {
        self.json
    }

    /// Prints rows: as JSON, or as a table with these columns.
    pub(super) fn rows<T: Serialize>(
        self,
        rows: &[T],
        columns: &[&str],
        cells: impl Fn(&T) -> Vec<String>,
    ) -> Result {
        if self.json {
            return print(&serde_json::to_string_pretty(rows)?);
        }
        print(table(columns, &rows.iter().map(cells).collect::<Vec<_>>()).trim_end())
    }

    /// Prints one of many values that come with time: as JSON on one line, or as the given text.
    pub(super) fn line<T: Serialize>(self, value: &T, text: &str) -> Result {
        if self.json { print(&serde_json::to_string(value)?) } else { print(text) }
    }

    /// Prints one value: as JSON, or as the given text.
    pub(super) fn one<T: Serialize>(self, value: &T, text: &str) -> Result {
        if self.json {
            return print(&serde_json::to_string_pretty(value)?);
        }
        print(text)
    }
}

/// Prints to standard output. A reader that has seen enough (`| head`) is no error.
fn print(text: &str) -> Result {
    match writeln!(io::stdout(), "{text}") {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Says something that is no result.
pub(super) fn say(text: &str) {
    eprintln!("{text}");
}

/// Says what went wrong, on one line.
pub(super) fn complain(text: &str) {
    eprintln!("gnome-reel: {}", text.replace('\n', " "));
}

/// The sentence for an error.
pub(super) fn sentence(error: &anyhow::Error) -> String {
    error.downcast_ref::<ServiceError>().map_or_else(|| format!("{error:#}"), error_text::sentence)
}

/// Left-aligned columns, two spaces apart; the last one is not padded.
fn table(columns: &[&str], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain([columns[column].chars().count()]).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..columns.len()).map(width).collect();
    let line = |cells: Vec<&str>| {
        let mut text = String::new();
        for (cell, width) in cells.iter().zip(&widths) {
            let padding = width.saturating_sub(cell.chars().count()) + 2;
            text.push_str(cell);
            text.extend(std::iter::repeat_n(' ', padding));
        }
        format!("{}\n", text.trim_end())
    };
    let head = line(columns.to_vec());
    rows.iter().fold(head, |text, row| text + &line(row.iter().map(String::as_str).collect()))
}

/// A library for machines.
#[derive(Debug, Serialize)]
pub(super) struct LibraryRow {
    id: i64,
    source_id: String,
    title: String,
    kind: &'static str,
    item_count: u32,
}

impl From<&Library> for LibraryRow {
    fn from(library: &Library) -> Self {
        Self {
            id: library.id.0,
            source_id: library.source_id.to_string(),
            title: library.title.clone(),
            kind: library.kind.as_str(),
            item_count: library.item_count,
        }
    }
}

impl LibraryRow {
    pub(super) const COLUMNS: [&'static str; 4] = ["ID", "TITLE", "KIND", "ITEMS"];

    pub(super) fn cells(&self) -> Vec<String> {
        vec![self.id.to_string(), self.title.clone(), self.kind.to_owned(), self.item_count.to_string()]
    }
}

/// An item for machines.
#[derive(Debug, Serialize)]
pub(super) struct ItemRow {
    id: i64,
    source_id: String,
    library_id: i64,
    remote_id: String,
    kind: &'static str,
    title: String,
    series_title: Option<String>,
    artist: Option<String>,
    year: Option<i32>,
    season: Option<u32>,
    episode: Option<u32>,
    duration_ms: Option<u64>,
    position_ms: u64,
    watched: bool,
    favourite: bool,
    added_at: Option<String>,
}

impl From<&Item> for ItemRow {
    fn from(item: &Item) -> Self {
        let record = &item.record;
        let ms = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        Self {
            id: item.id.0,
            source_id: item.source_id.to_string(),
            library_id: item.library_id.0,
            remote_id: record.remote_id.to_string(),
            kind: record.kind.as_str(),
            title: record.title.clone(),
            series_title: record.series_title.clone(),
            artist: record.artist.clone(),
            year: record.year,
            season: record.season,
            episode: record.episode,
            duration_ms: record.duration.map(ms),
            position_ms: ms(record.watch.position),
            watched: record.watch.watched,
            favourite: record.watch.favourite.unwrap_or(false),
            added_at: record.added_at.map(|at| at.to_rfc3339()),
        }
    }
}

impl ItemRow {
    pub(super) const COLUMNS: [&'static str; 6] = ["ID", "KIND", "YEAR", "LENGTH", "STATE", "TITLE"];

    pub(super) fn cells(&self) -> Vec<String> {
        let length = self.duration_ms.map(|ms| clock(Duration::from_millis(ms)));
        let mut state = Vec::new();
        if self.watched {
            state.push("watched".to_owned());
        }
        if self.position_ms > 0 {
            state.push(format!("at {}", clock(Duration::from_millis(self.position_ms))));
        }
        if self.favourite {
            state.push("favourite".to_owned());
        }
        vec![
            self.id.to_string(),
            self.kind.to_owned(),
            self.year.map(|year| year.to_string()).unwrap_or_default(),
            length.unwrap_or_default(),
            state.join(", "),
            self.full_title(),
        ]
    }

    /// With what it is of: an episode of a series, a track of an artist.
    pub(super) fn full_title(&self) -> String {
        if self.kind == ItemKind::Track.as_str() {
            let artist = self.artist.as_ref().or(self.series_title.as_ref());
            let artist = artist.map(|artist| format!("{artist}: ")).unwrap_or_default();
            let disc = self.season.map(|disc| format!("{disc}-")).unwrap_or_default();
            let number = self.episode.map(|number| format!("{disc}{number:02} ")).unwrap_or_default();
            return format!("{artist}{number}{}", self.title);
        }
        match (&self.series_title, self.season, self.episode) {
            (Some(series), Some(season), Some(episode)) => {
                format!("{series} S{season:02}E{episode:02} {}", self.title)
            }
            (Some(series), ..) => format!("{series}: {}", self.title),
            _ => self.title.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::{ItemRecord, LibraryId, MediaId, RemoteId, SourceId};

    #[test]
    fn a_track_is_named_with_who_plays_it_and_its_place() {
        let mut record = ItemRecord::new(RemoteId::new("1"), ItemKind::Track, "Tide");
        record.series_title = Some("The Ferries".to_owned());
        (record.season, record.episode) = (Some(2), Some(7));
        let mut item = Item {
            id: MediaId(1),
            source_id: SourceId::random(),
            library_id: LibraryId(1),
            parent_id: None,
            series_id: None,
            record,
        };
        assert_eq!(ItemRow::from(&item).full_title(), "The Ferries: 2-07 Tide");
        item.record.artist = Some("Ana & Bea".to_owned());
        item.record.season = None;
        assert_eq!(ItemRow::from(&item).full_title(), "Ana & Bea: 07 Tide");
    }

    #[test]
    fn columns_line_up() {
        let rows = [vec!["1".to_owned(), "Ünïcode".to_owned()], vec!["22".to_owned(), "x".to_owned()]];
        assert_eq!(table(&["ID", "TITLE"], &rows), "ID  TITLE\n1   Ünïcode\n22  x\n");
    }
}
