//! Reading and writing values: times are UTC milliseconds, durations milliseconds.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeZone as _, Utc};
use sea_orm::{QueryResult, TryGetable};

use super::{DbError, Result};
use crate::models::{
    Blurs, ExternalIds, ImageKey, Images, Item, ItemKind, ItemRecord, LibraryId, MediaId, RemoteId,
    Resolution, SourceId, WatchState,
};

pub(super) fn get<T: TryGetable>(row: &QueryResult, column: &str) -> Result<T> {
    Ok(row.try_get("", column)?)
}

/// The integer in the database for a time.
pub(super) fn ms(time: DateTime<Utc>) -> i64 {
    time.timestamp_millis()
}

pub(super) fn time(ms: i64) -> DateTime<Utc> {
    Utc.timestamp_millis_opt(ms).single().unwrap_or(DateTime::UNIX_EPOCH)
}

pub(super) fn duration_ms(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

pub(super) fn duration(ms: i64) -> Duration {
    Duration::from_millis(u64::try_from(ms).unwrap_or_default())
}

pub(super) fn source_id(row: &QueryResult, column: &str) -> Result<SourceId> {
    get::<String>(row, column)?.parse().map_err(|_| DbError::unreadable("source id"))
}

fn number(row: &QueryResult, column: &str) -> Result<Option<u32>> {
    Ok(get::<Option<i64>>(row, column)?.and_then(|value| u32::try_from(value).ok()))
}

/// Columns of [`item`], of a table with the alias `i`. Genres come as one text.
pub(super) const ITEM_COLUMNS: &str = "i.id, i.source_id, i.remote_id, i.library_id, i.kind, i.parent_remote, \
    i.series_remote, i.artist, i.parent_id, i.series_id, i.season, i.episode, i.episode_end, i.title, i.sort_title, \
    i.original_title, i.series_title, i.year, i.release_date, i.added_at, i.duration_ms, i.resolution, i.rating, \
    i.critic_rating, i.age_rating, i.summary, i.tagline, i.imdb, i.tmdb, i.tvdb, i.image_primary, \
    i.image_backdrop, i.image_logo, i.image_series_poster, i.blurs, i.watched, i.position_ms, i.play_count, \
    i.last_played_at, i.favourite, i.unwatched_children, i.child_count, i.change_mark, \
    (SELECT group_concat(g.name, char(31)) FROM item_genres ig JOIN genres g ON g.id = ig.genre_id \
     WHERE ig.item_id = i.id ORDER BY ig.place) AS genres";

/// Reads an item.
pub(super) fn item(row: &QueryResult) -> Result<Item> {
    let text = |column: &str| get::<Option<String>>(row, column);
    let image = |column: &str| Ok::<_, DbError>(text(column)?.map(ImageKey::new));
    let record = ItemRecord {
        remote_id: RemoteId::new(get::<String>(row, "remote_id")?),
        kind: ItemKind::from_word(&get::<String>(row, "kind")?),
        parent: text("parent_remote")?.map(RemoteId::new),
        series: text("series_remote")?.map(RemoteId::new),
        series_title: text("series_title")?,
        artist: text("artist")?,
        season: number(row, "season")?,
        episode: number(row, "episode")?,
        episode_end: number(row, "episode_end")?,
        title: get(row, "title")?,
        sort_title: text("sort_title")?,
        original_title: text("original_title")?,
        year: get::<Option<i32>>(row, "year")?,
        release_date: text("release_date")?.and_then(|date| date.parse::<NaiveDate>().ok()),
        added_at: get::<Option<i64>>(row, "added_at")?.map(time),
        duration: get::<Option<i64>>(row, "duration_ms")?.map(duration),
        resolution: number(row, "resolution")?.and_then(Resolution::from_lines),
        rating: rating(row, "rating")?,
        critic_rating: rating(row, "critic_rating")?,
        age_rating: text("age_rating")?,
        summary: text("summary")?,
        tagline: text("tagline")?,
        genres: text("genres")?
            .map(|names| names.split('\u{1f}').map(str::to_owned).collect())
            .unwrap_or_default(),
        credits: Vec::new(),
        external_ids: ExternalIds { imdb: text("imdb")?, tmdb: text("tmdb")?, tvdb: text("tvdb")? },
        images: Images {
            primary: image("image_primary")?,
            backdrop: image("image_backdrop")?,
            logo: image("image_logo")?,
            series_poster: image("image_series_poster")?,
            blurs: Blurs::from_text(text("blurs")?.as_deref()),
        },
        watch: WatchState {
            watched: get(row, "watched")?,
            position: duration(get(row, "position_ms")?),
            play_count: number(row, "play_count")?.unwrap_or_default(),
            last_played_at: get::<Option<i64>>(row, "last_played_at")?.map(time),
            favourite: get::<Option<bool>>(row, "favourite")?,
        },
        unwatched_children: number(row, "unwatched_children")?,
        child_count: number(row, "child_count")?,
        change_mark: text("change_mark")?,
    };
    Ok(Item {
        id: MediaId(get(row, "id")?),
        source_id: source_id(row, "source_id")?,
        library_id: LibraryId(get(row, "library_id")?),
        parent_id: get::<Option<i64>>(row, "parent_id")?.map(MediaId),
        series_id: get::<Option<i64>>(row, "series_id")?.map(MediaId),
        record,
    })
}

#[expect(clippy::cast_possible_truncation, reason = "a rating has one decimal")]
fn rating(row: &QueryResult, column: &str) -> Result<Option<f32>> {
    Ok(get::<Option<f64>>(row, column)?.map(|value| value as f32))
}
