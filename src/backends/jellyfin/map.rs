//! Items and libraries of a server as the app's own types. Pure.

use std::time::Duration;

use chrono::{DateTime, Datelike as _, NaiveDateTime, Utc};
use serde_json::Value;

use super::dto::{ItemDto, ProviderIdsDto, UserDataDto};
use super::images;
use super::map_music;
use super::tolerant::{Maybe, object};
use crate::backends::LibraryRecord;
use crate::models::{ExternalIds, ItemKind, ItemRecord, LibraryKind, RemoteId, Resolution, WatchState};

/// One tick of the server in nanoseconds.
const NANOS_PER_TICK: u64 = 100;
/// The server's years up to this one mean "unknown".
const NO_YEAR: i32 = 1;
/// Critics' ratings come as percent.
const CRITIC_SCALE: f32 = 10.0;

/// What an entry of a listing turned out to be.
#[derive(Debug, PartialEq)]
pub(super) enum Entry {
    /// An item.
    Item(Box<ItemRecord>),
    /// An episode or film that has no file: announced or missing. Nothing to show, nothing wrong.
    Virtual,
    /// Not readable, or without an id.
    Broken,
}

/// Reads one entry of a listing.
pub(super) fn entry(value: Value) -> Entry {
    let Some(dto) = object::<ItemDto>(value) else { return Entry::Broken };
    let Some(record) = item(&dto) else { return Entry::Broken };
    // A season without a folder of its own is virtual, too, and holds real episodes.
    let virtual_file = dto.location_type.text() == Some("Virtual");
    if virtual_file && record.kind.is_playable() { Entry::Virtual } else { Entry::Item(Box::new(record)) }
}

/// Maps an item; `None` without an id or any title.
pub(super) fn item(dto: &ItemDto) -> Option<ItemRecord> {
    let title = [&dto.name, &dto.original_title, &dto.sort_name].into_iter().find_map(Maybe::owned)?;
    let kind = item_kind(dto.kind.text().unwrap_or_default());
    let series =
        matches!(kind, ItemKind::Season | ItemKind::Episode).then(|| remote(&dto.series_id)).flatten();
    let (season, episode) = match kind {
        ItemKind::Season => (dto.index_number.count(), None),
        ItemKind::Episode => (dto.parent_index_number.count(), dto.index_number.count()),
        _ => (None, None),
    };
    let mut record = ItemRecord {
        parent: match kind {
            ItemKind::Season => series.clone(),
            ItemKind::Episode => remote(&dto.season_id),
            _ => None,
        },
        series_title: series.as_ref().and_then(|_| dto.series_name.owned()),
        series,
        season,
        episode,
        episode_end: dto.index_number_end.count().filter(|end| episode.is_some_and(|first| first < *end)),
        sort_title: dto.sort_name.owned(),
        original_title: dto.original_title.owned().filter(|original| *original != title),
        year: year(dto),
        release_date: date(&dto.premiere_date).map(|date| date.date_naive()),
        added_at: date(&dto.date_created),
        duration: duration(&dto.run_time_ticks),
        resolution: resolution(dto),
        rating: dto.community_rating.0.filter(|rating| (0.0..=10.0).contains(rating)),
        critic_rating: dto
            .critic_rating
            .0
            .filter(|rating| (0.0..=100.0).contains(rating))
            .map(|r| r / CRITIC_SCALE),
        age_rating: dto.official_rating.owned(),
        summary: dto.overview.owned(),
        tagline: dto.taglines.0.iter().find(|line| !line.trim().is_empty()).cloned(),
        genres: dto.genres.0.clone(),
        external_ids: dto.provider_ids.0.as_ref().map(external_ids).unwrap_or_default(),
        images: images::of_item(dto),
        watch: dto.user_data.0.as_ref().map(watch_state).unwrap_or_default(),
        unwatched_children: dto.user_data.0.as_ref().and_then(|data| data.unplayed_item_count.count()),
        child_count: match kind {
            ItemKind::Series => dto.recursive_item_count.count(),
            ItemKind::Season => dto.child_count.count(),
            _ => None,
        },
        change_mark: dto.etag.owned(),
        ..ItemRecord::new(remote(&dto.id)?, kind, title)
    };
    map_music::place(&mut record, dto);
    Some(record)
}

fn resolution(dto: &ItemDto) -> Option<Resolution> {
    Resolution::of_size(dto.width.count().unwrap_or(0), dto.height.count().unwrap_or(0))
}

/// Maps what the server knows of a user and an item.
pub(super) fn watch_state(dto: &UserDataDto) -> WatchState {
    WatchState {
        watched: dto.played.is_true(),
        position: duration(&dto.playback_position_ticks).unwrap_or_default(),
        play_count: dto.play_count.count().unwrap_or_default(),
        last_played_at: date(&dto.last_played_date),
        favourite: Some(dto.is_favorite.is_true()),
    }
}

/// Maps a library; `None` for kinds that Reel does not show and for what has no id.
pub(super) fn library(value: Value) -> Option<LibraryRecord> {
    let dto: ItemDto = object(value)?;
    let kind = match dto.collection_type.text() {
        None | Some("folders" | "unknown") => LibraryKind::Mixed,
        Some("movies") => LibraryKind::Movies,
        Some("tvshows") => LibraryKind::Shows,
        Some("homevideos" | "musicvideos") => LibraryKind::HomeVideos,
        Some("music") => LibraryKind::Music,
        Some("photos") => LibraryKind::Photos,
        Some("livetv" | "playlists" | "boxsets" | "books") => return None,
        Some(_) => LibraryKind::Other,
    };
    Some(LibraryRecord::new(remote(&dto.id)?, kind, dto.name.owned()?))
}

/// The server's names of a kind, as `includeItemTypes` wants them; empty for what is never asked for. An
/// unknown name would be ignored, and everything be listed.
pub(super) fn type_names(kind: ItemKind) -> &'static [&'static str] {
    match kind {
        ItemKind::Movie => &["Movie"],
        ItemKind::Series => &["Series"],
        ItemKind::Season => &["Season"],
        ItemKind::Episode => &["Episode"],
        ItemKind::Video => &["Video", "MusicVideo"],
        ItemKind::Artist => &["MusicArtist"],
        ItemKind::Album => &["MusicAlbum"],
        ItemKind::Track => &["Audio"],
        // A folder that holds nothing but folders is no album to the server.
        ItemKind::PhotoAlbum => &["PhotoAlbum", "Folder"],
        ItemKind::Photo => &["Photo"],
        ItemKind::Extra | ItemKind::Other => &[],
    }
}

fn item_kind(name: &str) -> ItemKind {
    let kinds = [
        ItemKind::Movie,
        ItemKind::Series,
        ItemKind::Season,
        ItemKind::Episode,
        ItemKind::Video,
        ItemKind::Artist,
        ItemKind::Album,
        ItemKind::Track,
        ItemKind::PhotoAlbum,
        ItemKind::Photo,
    ];
    kinds.into_iter().find(|kind| type_names(*kind).contains(&name)).unwrap_or(ItemKind::Other)
}

pub(super) fn remote(id: &Maybe<String>) -> Option<RemoteId> {
    id.text().map(RemoteId::new)
}

fn external_ids(dto: &ProviderIdsDto) -> ExternalIds {
    ExternalIds { imdb: dto.imdb.owned(), tmdb: dto.tmdb.owned(), tvdb: dto.tvdb.owned() }
}

fn year(dto: &ItemDto) -> Option<i32> {
    let told = dto.production_year.0.and_then(|year| i32::try_from(year).ok()).filter(|year| *year > NO_YEAR);
    told.or_else(|| date(&dto.premiere_date).map(|date| date.year()))
}

/// Ticks of 100 ns; zero and less is no duration.
pub(super) fn duration(ticks: &Maybe<i64>) -> Option<Duration> {
    let ticks = ticks.0.and_then(|ticks| u64::try_from(ticks).ok()).filter(|ticks| *ticks > 0)?;
    Some(Duration::from_nanos(ticks.saturating_mul(NANOS_PER_TICK)))
}

/// A position in ticks of 100 ns.
pub(super) fn ticks(position: Duration) -> i64 {
    i64::try_from(position.as_nanos() / u128::from(NANOS_PER_TICK)).unwrap_or(i64::MAX)
}

/// ISO 8601, UTC also where it does not say so; year 1 is the server's "unknown".
pub(super) fn date(text: &Maybe<String>) -> Option<DateTime<Utc>> {
    let text = text.text()?;
    let date = match DateTime::parse_from_rfc3339(text) {
        Ok(date) => date.to_utc(),
        Err(_) => text.parse::<NaiveDateTime>().ok()?.and_utc(),
    };
    (date.year() > NO_YEAR).then_some(date)
}
