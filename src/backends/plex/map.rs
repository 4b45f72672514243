//! Items and libraries of a server as the app's own. Pure.

use std::collections::HashSet;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize as _;
use serde_json::Value;

use super::dto::{Container, Corners, Directory, Media, Metadata};
use super::external_ids::external_ids;
use super::images::image_key;
use super::map_details::credits;
use super::map_music;
use super::scalar::Loose;
use crate::backends::LibraryRecord;
use crate::models::{
    Blur, Blurs, ImageKey, Images, ItemKind, ItemRecord, LibraryKind, RemoteId, Resolution, WatchState,
};

/// The end of the names of agents that look nothing up: their `movie` sections hold home videos.
const NO_AGENT: &str = ".agents.none";

/// A section; `None` without a key.
pub(super) fn library(section: &Directory) -> Option<LibraryRecord> {
    let key = section.key.get()?;
    let without_agent = section.agent.text().is_some_and(|agent| agent.ends_with(NO_AGENT));
    let kind = match section.kind.text() {
        Some("movie") if without_agent => LibraryKind::HomeVideos,
        Some("movie") => LibraryKind::Movies,
        Some("show") => LibraryKind::Shows,
        Some("artist") => LibraryKind::Music,
        Some("photo") => LibraryKind::Photos,
        _ => LibraryKind::Other,
    };
    let title = section.title.get().unwrap_or_else(|| key.clone());
    // The counter alone misses what only the time shows, and the other way round.
    let revision = section.content_changed_at.get().zip(section.updated_at.get());
    let revision = revision.map(|(changes, updated)| format!("{changes}/{updated}"));
    Some(LibraryRecord { revision, ..LibraryRecord::new(RemoteId::new(key), kind, title) })
}

/// Reads an item that nothing else describes; `None` when it is broken.
pub(super) fn decode(value: &Value) -> Option<Metadata> {
    Metadata::deserialize(value).ok()
}

/// What an item says it is. Videos without metadata are films to the server; where the section is not known
/// they are told by their `guid` or `subtype`.
pub(super) fn kind(item: &Metadata) -> ItemKind {
    let without_agent = || item.guid.text().is_some_and(|guid| guid.contains(&format!("{NO_AGENT}://")));
    match item.kind.text() {
        Some("movie") if item.subtype.text() == Some("clip") || without_agent() => ItemKind::Video,
        Some("movie") => ItemKind::Movie,
        Some("show") => ItemKind::Series,
        Some("season") => ItemKind::Season,
        Some("episode") => ItemKind::Episode,
        Some("artist") => ItemKind::Artist,
        Some("album") => ItemKind::Album,
        Some("track") => ItemKind::Track,
        Some("photo") => map_music::photo_kind(item),
        Some("photoalbum") => ItemKind::PhotoAlbum,
        _ => ItemKind::Other,
    }
}

/// The item as this kind; `None` without an id. Attributes that all items share stand on the container only.
pub(super) fn item(item: &Metadata, shared: &Container, kind: ItemKind) -> Option<ItemRecord> {
    let remote_id = RemoteId::new(item.rating_key.get()?);
    let title = item.title.get().or_else(|| item.original_title.get()).or_else(|| item.title_sort.get());
    let mut record = ItemRecord::new(remote_id, kind, title.unwrap_or_default());
    place(&mut record, item, shared);
    record.sort_title = item.title_sort.get();
    record.original_title = item.original_title.get();
    // Year 1 is a date that nobody knows.
    record.year = item.year.get().filter(|year| *year > 1);
    record.release_date = item.originally_available_at.text().and_then(date);
    record.added_at = item.added_at.get().and_then(moment);
    record.duration = item.duration.get().filter(|length| *length > 0).map(Duration::from_millis);
    record.resolution = item.media.0.iter().filter_map(resolution).max();
    record.rating = item.audience_rating.get().and_then(rating);
    record.critic_rating = item.rating.get().and_then(rating);
    record.age_rating = item.content_rating.get();
    record.summary = item.summary.get();
    record.tagline = item.tagline.get();
    record.genres = item.genres.0.iter().filter_map(|genre| genre.name.get()).collect();
    if matches!(kind, ItemKind::Movie | ItemKind::Series) {
        record.credits = credits(item);
    }
    record.external_ids = external_ids(item);
    record.images = images(item, shared, kind);
    record.watch = watch_state(item, kind);
    if is_folder(kind) || kind == ItemKind::Album {
        record.child_count = item.leaf_count.get();
        let viewed = item.viewed_leaf_count.get().unwrap_or(0);
        record.unwatched_children = record.child_count.map(|count| count.saturating_sub(viewed));
    }
    record.change_mark = item.updated_at.get().or(item.added_at.get()).map(|mark| mark.to_string());
    map_music::place(&mut record, item, shared);
    Some(record)
}

/// The resolution of a version: its size in pixels, or else the word that the server has for it.
fn resolution(media: &Media) -> Option<Resolution> {
    let size = (media.width.get().unwrap_or(0), media.height.get().unwrap_or(0));
    Resolution::of_size(size.0, size.1).or_else(|| {
        Some(match media.video_resolution.text()? {
            "4k" | "8k" => Resolution::Uhd,
            "sd" => Resolution::Sd,
            lines => Resolution::of_size(0, lines.parse().ok()?)?,
        })
    })
}

/// Films, series and episodes of all rows of a search, each once, at most `limit`.
pub(super) fn found(container: &Container, limit: u32) -> Vec<ItemRecord> {
    let mut seen = HashSet::new();
    let values = container.hub.0.iter().flat_map(|hub| &hub.metadata.0);
    values
        .filter_map(|value| {
            let metadata = decode(value)?;
            let kind = kind(&metadata);
            let shown = kind.is_playable() || kind == ItemKind::Series;
            shown.then(|| item(&metadata, container, kind)).flatten()
        })
        .filter(|item| seen.insert(item.remote_id.clone()))
        .take(limit as usize)
        .collect()
}

/// Where a season or an episode belongs.
fn place(record: &mut ItemRecord, item: &Metadata, shared: &Container) {
    let id =
        |own: &Loose<String>, shared: &Loose<String>| own.get().or_else(|| shared.get()).map(RemoteId::new);
    match record.kind {
        ItemKind::Season => {
            record.series = id(&item.parent_rating_key, &shared.parent_rating_key);
            record.parent = record.series.clone();
            record.series_title = item.parent_title.get().or_else(|| shared.parent_title.get());
            record.season = item.index.get();
        }
        ItemKind::Episode => {
            record.series = id(&item.grandparent_rating_key, &shared.grandparent_rating_key);
            record.parent = id(&item.parent_rating_key, &shared.parent_rating_key).or(record.series.clone());
            record.series_title = item.grandparent_title.get().or_else(|| shared.grandparent_title.get());
            record.season = item.parent_index.get().or(shared.parent_index.get());
            record.episode = item.index.get();
        }
        _ => {}
    }
}

/// The user's marks. Something seen before that is in progress again is not watched: it has its place in
/// *Continue Watching*, and the plays stay counted.
pub(super) fn watch_state(item: &Metadata, kind: ItemKind) -> WatchState {
    let plays = item.view_count.get().unwrap_or(0);
    let offset = item.view_offset.get().unwrap_or(0);
    let (watched, position) = if kind.is_photo() || matches!(kind, ItemKind::Artist | ItemKind::Album) {
        // What was played of it is no matter here.
        (false, Duration::ZERO)
    } else if is_folder(kind) {
        let (all, viewed) = (item.leaf_count.get().unwrap_or(0), item.viewed_leaf_count.get().unwrap_or(0));
        (all > 0 && viewed >= all, Duration::ZERO)
    } else {
        (plays > 0 && offset == 0, Duration::from_millis(offset))
    };
    WatchState {
        watched,
        position,
        play_count: plays,
        last_played_at: item.last_viewed_at.get().and_then(moment),
        favourite: None,
    }
}

fn is_folder(kind: ItemKind) -> bool {
    matches!(kind, ItemKind::Series | ItemKind::Season)
}

fn images(item: &Metadata, shared: &Container, kind: ItemKind) -> Images {
    let listed = |wanted: &str| {
        item.images.0.iter().find(|image| image.kind.text() == Some(wanted)).and_then(|image| key(&image.url))
    };
    // A section's own `art` is a placeholder of the server; only that of an item is shared by items.
    let shared_art = || key(&shared.art).filter(|art| art.as_str().starts_with("/library/"));
    let series_poster = match kind {
        ItemKind::Season => key(&item.parent_thumb),
        ItemKind::Episode => key(&item.grandparent_thumb).or_else(|| key(&shared.grandparent_thumb)),
        _ => None,
    };
    Images {
        primary: key(&item.thumb).or_else(|| listed("coverPoster")).or_else(|| listed("snapshot")),
        backdrop: key(&item.art)
            .or_else(|| listed("background"))
            .or_else(|| key(&item.grandparent_art))
            .or_else(shared_art),
        logo: listed("clearLogo"),
        series_poster,
        blurs: blurs(item),
    }
}

/// A server tells the colours of an item's corners, whichever of its pictures.
fn blurs(item: &Metadata) -> Blurs {
    let corners = item.corners.0.first().and_then(|corners| {
        let Corners { top_left, top_right, bottom_right, bottom_left } = corners;
        Blur::of_corners([top_left.text()?, top_right.text()?, bottom_right.text()?, bottom_left.text()?])
    });
    Blurs { primary: corners.clone(), backdrop: corners, series_poster: None }
}

fn key(path: &Loose<String>) -> Option<ImageKey> {
    path.text().map(image_key)
}

/// A rating on the scale of 0 to 10; -1 stands for none.
#[expect(clippy::cast_possible_truncation, reason = "one digit after the point is all there is")]
fn rating(value: f64) -> Option<f32> {
    (0.0..=10.0).contains(&value).then_some(value as f32)
}

/// Unix seconds; 0 stands for unknown.
fn moment(seconds: i64) -> Option<DateTime<Utc>> {
    (seconds > 0).then(|| DateTime::from_timestamp(seconds, 0)).flatten()
}

/// `2019-10-11`, sometimes with a time behind it.
fn date(text: &str) -> Option<NaiveDate> {
    let date: NaiveDate = text.get(..10)?.parse().ok()?;
    (date > NaiveDate::from_ymd_opt(1, 12, 31)?).then_some(date)
}

#[cfg(test)]
#[path = "map_tests.rs"]
mod tests;
