//! Words and numbers, as pages show them.

use std::time::Duration;

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use gettextrs::{gettext, ngettext};

use crate::backends::local::{TitleParts, title_parts};
use crate::models::{Item, ItemKind, Library, LibraryKind};
use crate::services::core::library::HomeRowKind;

const MINUTE: u64 = 60;

/// `1 h 52 min`, `48 min`, `30 s`.
pub(super) fn length(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < MINUTE {
        return gettext("{s} s").replace("{s}", &seconds.to_string());
    }
    let minutes = (seconds + MINUTE / 2) / MINUTE;
    let (hours, rest) = (minutes / 60, minutes % 60);
    if hours == 0 {
        return gettext("{m} min").replace("{m}", &rest.to_string());
    }
    gettext("{h} h {m} min").replace("{h}", &hours.to_string()).replace("{m}", &rest.to_string())
}

/// A day as people of this language write it.
pub(super) fn day(at: DateTime<Utc>) -> String {
    in_words(at, "%x")
}

/// A date as people of this language write it.
pub(super) fn date(day: NaiveDate) -> String {
    let (year, month, number) = (day.year(), day.month().cast_signed(), day.day().cast_signed());
    // At noon no zone makes another day of it.
    let noon = gtk::glib::DateTime::from_local(year, month, number, 12, 0, 0.0);
    let said = noon.and_then(|noon| noon.format("%x")).map(String::from);
    said.unwrap_or_else(|_| day.to_string())
}

/// A day with the time of day.
pub(super) fn day_and_time(at: DateTime<Utc>) -> String {
    in_words(at, "%x %H:%M")
}

/// The toolkit knows the language, `chrono` does not.
fn in_words(at: DateTime<Utc>, format: &str) -> String {
    let local = gtk::glib::DateTime::from_unix_local(at.timestamp());
    let said = local.and_then(|local| local.format(format)).map(String::from);
    said.unwrap_or_else(|_| at.format("%Y-%m-%d").to_string())
}

/// How much of an item is left, when it was begun.
pub(super) fn time_left(item: &Item) -> Option<String> {
    item.progress()?;
    let left = item.record.duration?.checked_sub(item.record.watch.position)?;
    Some(gettext("{time} left").replace("{time}", &length(left)))
}

/// The title on a card: of an episode that of its series.
pub(super) fn card_title(item: &Item) -> &str {
    match (item.record.kind, &item.record.series_title) {
        (ItemKind::Episode | ItemKind::Season, Some(series)) => series,
        _ => title(item),
    }
}

/// The title, or a stand-in for an empty one.
pub(super) fn title(item: &Item) -> &str {
    if item.record.title.is_empty() { "—" } else { &item.record.title }
}

/// The line under a card's title.
pub(super) fn card_subtitle(item: &Item) -> String {
    let record = &item.record;
    match record.kind {
        ItemKind::Episode => match episode_number(item) {
            Some(number) => format!("{number} · {}", title(item)),
            None => title(item).to_owned(),
        },
        ItemKind::Season => season_title(item),
        ItemKind::Album | ItemKind::Track => performer(item).unwrap_or_default().to_owned(),
        ItemKind::Artist => String::new(),
        // Translators: a folder of photos.
        ItemKind::PhotoAlbum => gettext("Album"),
        ItemKind::Photo | ItemKind::Video => record.release_date.map(date).unwrap_or_default(),
        _ => record.year.map(|year| year.to_string()).unwrap_or_default(),
    }
}

/// Who plays a track or an album.
pub(super) fn performer(item: &Item) -> Option<&str> {
    let record = &item.record;
    record.artist.as_deref().or(record.series_title.as_deref())
}

/// How long it is, and how many tracks that are: `11 tracks, 42 min`.
pub(super) fn tracks(count: usize, length: Duration) -> String {
    let small = u32::try_from(count).unwrap_or(u32::MAX);
    let tracks = ngettext("{n} track", "{n} tracks", small).replace("{n}", &count.to_string());
    if length.is_zero() { tracks } else { format!("{tracks}, {}", self::length(length)) }
}

/// `S1 E2`, or `S1 E2–3` for a file with several episodes.
pub(super) fn episode_number(item: &Item) -> Option<String> {
    let (season, episode) = (item.record.season?, item.record.episode?);
    let end = item.record.episode_end.filter(|end| *end > episode).map(|end| format!("–{end}"));
    let text = gettext("S{s} E{e}").replace("{s}", &season.to_string());
    Some(text.replace("{e}", &format!("{episode}{}", end.unwrap_or_default())))
}

/// `Season 2`, `Specials`, or the title that the server gives.
pub(super) fn season_title(item: &Item) -> String {
    match item.record.season {
        Some(0) => gettext("Specials"),
        Some(number) => gettext("Season {n}").replace("{n}", &number.to_string()),
        None => title(item).to_owned(),
    }
}

/// Episodes not watched yet, for people.
pub(super) fn unwatched(count: u32) -> String {
    ngettext("{n} unwatched episode", "{n} unwatched episodes", count).replace("{n}", &count.to_string())
}

/// Whether a card shows nothing of what was watched: of music and photos that is no fact worth a mark.
pub(super) fn is_unmarked(item: &Item) -> bool {
    item.record.kind.is_music() || item.record.kind.is_photo()
}

/// What a screen reader says of a card.
pub(super) fn card_label(item: &Item) -> String {
    let subtitle = card_subtitle(item);
    let mut parts = vec![card_title(item).to_owned()];
    if !subtitle.is_empty() {
        parts.push(subtitle);
    }
    if item.record.watch.watched && !is_unmarked(item) {
        parts.push(gettext("watched"));
    }
    if let Some(left) = time_left(item) {
        parts.push(left);
    }
    if let Some(count) = item.record.unwatched_children.filter(|count| *count > 0) {
        parts.push(unwatched(count));
    }
    parts.join(", ")
}

/// The title of a row on the home page.
pub(super) fn home_row(kind: HomeRowKind) -> String {
    match kind {
        HomeRowKind::ContinueWatching => gettext("Continue Watching"),
        HomeRowKind::NextUp => gettext("Next Up"),
        HomeRowKind::RecentMovies => gettext("Recently Added Films"),
        HomeRowKind::RecentSeries => gettext("Recently Added Series"),
        HomeRowKind::RecentVideos => gettext("Recently Added Videos"),
        HomeRowKind::RecentMusic => gettext("Recently Added Music"),
        HomeRowKind::Hub(_) => String::new(),
    }
}

/// The title of a library. What those of folders hold is said in the user's language.
pub(super) fn library_title(library: &Library, is_folder: bool) -> String {
    if !is_folder {
        return if library.title.is_empty() { kind_title(library.kind) } else { library.title.clone() };
    }
    match title_parts(&library.title, library.kind) {
        TitleParts { folder: Some(folder), says_kind: true } => gettext("{folder} – {kind}")
            .replace("{kind}", &kind_title(library.kind))
            .replace("{folder}", folder),
        TitleParts { folder: Some(folder), says_kind: false } => folder.to_owned(),
        TitleParts { folder: None, .. } => kind_title(library.kind),
    }
}

/// What a library of this kind holds.
pub(super) fn kind_title(kind: LibraryKind) -> String {
    match kind {
        LibraryKind::Movies => gettext("Films"),
        LibraryKind::Shows => gettext("Series"),
        LibraryKind::HomeVideos | LibraryKind::Mixed | LibraryKind::Other => gettext("Videos"),
        LibraryKind::Music => gettext("Music"),
        LibraryKind::Photos => gettext("Photos"),
    }
}

/// The icon of a library.
pub(super) fn library_icon(kind: LibraryKind) -> &'static str {
    match kind {
        LibraryKind::Movies => "reel-films-symbolic",
        LibraryKind::Shows => "reel-series-symbolic",
        LibraryKind::Music => "folder-music-symbolic",
        LibraryKind::Photos => "folder-pictures-symbolic",
        LibraryKind::HomeVideos | LibraryKind::Mixed | LibraryKind::Other => "folder-videos-symbolic",
    }
}

/// A text as a sentence begins: with a capital.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_begin_with_a_capital() {
        assert_eq!(capital("offline"), "Offline");
        assert_eq!(capital("über"), "Über");
        assert_eq!(capital(""), "");
    }

    #[test]
    fn a_library_of_a_folder_is_called_after_it_where_there_are_several() {
        let library = |title: &str| Library {
            id: crate::models::LibraryId(1),
            source_id: crate::models::SourceId::random(),
            remote_id: crate::models::RemoteId::new("movies"),
            kind: LibraryKind::Movies,
            title: title.to_owned(),
            item_count: 0,
            unwatched_count: 0,
            complete: true,
        };
        for (title, is_folder, shown) in [
            ("", false, "Films"),
            ("Cinéma", false, "Cinéma"),
            ("Films", true, "Films"),
            ("Cellar", true, "Cellar"),
            ("Cellar – Films", true, "Cellar – Films"),
        ] {
            assert_eq!(library_title(&library(title), is_folder), shown);
        }
    }

    #[test]
    fn lengths_are_short_and_rounded() {
        assert_eq!(length(Duration::from_secs(30)), "30 s");
        assert_eq!(length(Duration::from_secs(48 * 60 + 20)), "48 min");
        assert_eq!(length(Duration::from_mins(112)), "1 h 52 min");
        assert_eq!(length(Duration::from_secs(3599)), "1 h 0 min");
    }
}
