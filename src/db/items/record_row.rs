//! A record of a source as a row of `items`.

use std::hash::{DefaultHasher, Hash, Hasher};

use sea_orm::Value;

use super::super::row::{duration_ms, ms};
use super::query::TOP_KINDS;
use super::words::fold;
use crate::models::{self, Credit, ImageKey, ItemKind, ItemRecord, RemoteId, Resolution};

/// The columns of a row, and what belongs to it in other tables.
#[derive(Debug, Hash)]
pub(super) struct Row<'a> {
    pub(super) remote_id: &'a str,
    pub(super) kind: &'static str,
    top: bool,
    parent_remote: Option<&'a str>,
    series_remote: Option<&'a str>,
    artist: Option<&'a str>,
    season: Option<u32>,
    episode: Option<u32>,
    episode_end: Option<u32>,
    title: &'a str,
    sort_title: Option<&'a str>,
    sort_key: String,
    /// The title as it is searched by its beginning; none of what is not found by its own title.
    pub(super) title_key: Option<String>,
    pub(super) original_title: Option<&'a str>,
    pub(super) series_title: Option<&'a str>,
    year: Option<i32>,
    release_date: Option<String>,
    added_at: Option<i64>,
    duration_ms: Option<i64>,
    resolution: Option<u32>,
    /// Tenths, so that the row can be hashed.
    rating_tenths: Option<i64>,
    critic_tenths: Option<i64>,
    age_rating: Option<&'a str>,
    summary: Option<&'a str>,
    tagline: Option<&'a str>,
    imdb: Option<&'a str>,
    tmdb: Option<&'a str>,
    tvdb: Option<&'a str>,
    image_primary: Option<&'a str>,
    image_backdrop: Option<&'a str>,
    image_logo: Option<&'a str>,
    image_series_poster: Option<&'a str>,
    blurs: Option<String>,
    watched: bool,
    position_ms: i64,
    play_count: u32,
    last_played_at: Option<i64>,
    favourite: Option<bool>,
    unwatched_children: Option<u32>,
    child_count: Option<u32>,
    change_mark: Option<&'a str>,
    pub(super) genres: &'a [String],
    pub(super) credits: Listed<'a>,
}

/// Credits that came with a row. They are no part of its hash: a listing tells a few of them, the details all.
#[derive(Debug)]
pub(super) struct Listed<'a>(pub(super) &'a [Credit]);

impl Hash for Listed<'_> {
    fn hash<H: Hasher>(&self, _state: &mut H) {}
}

/// The columns in the order in which a statement names them.
pub(super) const COLUMNS: &str = "remote_id, kind, top, parent_remote, series_remote, artist, season, episode, episode_end, title, \
    sort_title, sort_key, title_key, original_title, series_title, year, release_date, added_at, duration_ms, \
    resolution, rating, critic_rating, age_rating, summary, tagline, imdb, tmdb, tvdb, image_primary, image_backdrop, image_logo, \
    image_series_poster, blurs, watched, position_ms, play_count, last_played_at, favourite, unwatched_children, \
    child_count, change_mark, hash";

impl Row<'_> {
    /// Whether it belongs to another item.
    pub(super) fn has_parent(&self) -> bool {
        self.parent_remote.is_some() || self.series_remote.is_some()
    }

    /// The values of [`COLUMNS`], in their order.
    pub(super) fn values(&self, hash: i64) -> Vec<Value> {
        vec![
            self.remote_id.into(),
            self.kind.into(),
            self.top.into(),
            self.parent_remote.into(),
            self.series_remote.into(),
            self.artist.into(),
            self.season.into(),
            self.episode.into(),
            self.episode_end.into(),
            self.title.into(),
            self.sort_title.into(),
            self.sort_key.as_str().into(),
            self.title_key.as_deref().into(),
            self.original_title.into(),
            self.series_title.into(),
            self.year.into(),
            self.release_date.as_deref().into(),
            self.added_at.into(),
            self.duration_ms.into(),
            self.resolution.into(),
            self.rating_tenths.map(whole).into(),
            self.critic_tenths.map(whole).into(),
            self.age_rating.into(),
            self.summary.into(),
            self.tagline.into(),
            self.imdb.into(),
            self.tmdb.into(),
            self.tvdb.into(),
            self.image_primary.into(),
            self.image_backdrop.into(),
            self.image_logo.into(),
            self.image_series_poster.into(),
            self.blurs.as_deref().into(),
            self.watched.into(),
            self.position_ms.into(),
            self.play_count.into(),
            self.last_played_at.into(),
            self.favourite.into(),
            self.unwatched_children.into(),
            self.child_count.into(),
            self.change_mark.into(),
            hash.into(),
        ]
    }
}

#[expect(clippy::cast_precision_loss, reason = "a rating lies between 0 and 10")]
fn whole(tenths: i64) -> f64 {
    tenths as f64 / 10.0
}

/// The row of a record.
pub(super) fn row(record: &ItemRecord) -> Row<'_> {
    let images = &record.images;
    Row {
        remote_id: record.remote_id.as_str(),
        kind: record.kind.as_str(),
        // Whether a photo lies in a folder is settled when the folders are known (`fix_parents`).
        top: TOP_KINDS.contains(&record.kind) && !(record.kind.is_photo() && record.parent.is_some()),
        parent_remote: record.parent.as_ref().map(RemoteId::as_str),
        series_remote: record.series.as_ref().map(RemoteId::as_str),
        artist: record.artist.as_deref(),
        season: record.season,
        episode: record.episode,
        episode_end: record.episode_end,
        title: &record.title,
        sort_title: record.sort_title.as_deref(),
        sort_key: sort_key(record),
        title_key: (record.kind != ItemKind::Season).then(|| fold(&record.title)),
        original_title: record.original_title.as_deref(),
        series_title: record.series_title.as_deref(),
        year: record.year,
        release_date: record.release_date.map(|date| date.to_string()),
        added_at: record.added_at.map(ms),
        duration_ms: record.duration.map(duration_ms),
        resolution: record.resolution.map(Resolution::lines),
        rating_tenths: record.rating.map(tenths),
        critic_tenths: record.critic_rating.map(tenths),
        age_rating: record.age_rating.as_deref(),
        summary: record.summary.as_deref(),
        tagline: record.tagline.as_deref(),
        imdb: record.external_ids.imdb.as_deref(),
        tmdb: record.external_ids.tmdb.as_deref(),
        tvdb: record.external_ids.tvdb.as_deref(),
        image_primary: images.primary.as_ref().map(ImageKey::as_str),
        image_backdrop: images.backdrop.as_ref().map(ImageKey::as_str),
        image_logo: images.logo.as_ref().map(ImageKey::as_str),
        image_series_poster: images.series_poster.as_ref().map(ImageKey::as_str),
        blurs: images.blurs.to_text(),
        watched: record.watch.watched,
        position_ms: duration_ms(record.watch.position),
        play_count: record.watch.play_count,
        last_played_at: record.watch.last_played_at.map(ms),
        favourite: record.watch.favourite,
        unwatched_children: record.unwatched_children,
        child_count: record.child_count,
        change_mark: record.change_mark.as_deref(),
        genres: &record.genres,
        credits: Listed(&record.credits),
    }
}

/// What an item is sorted by: the server's sort title, else the title.
fn sort_key(record: &ItemRecord) -> String {
    let told = record.sort_title.as_deref().filter(|title| !title.is_empty());
    models::sort_key(told.unwrap_or(&record.title))
}

#[expect(clippy::cast_possible_truncation, reason = "a rating lies between 0 and 10")]
fn tenths(rating: f32) -> i64 {
    (rating * 10.0).round() as i64
}

/// A hash of the content. Only ever compared with hashes of the same build or older ones: an unlucky change of
/// the hash rewrites rows once.
pub(super) fn hash(row: &Row<'_>) -> i64 {
    let mut hasher = DefaultHasher::new();
    row.hash(&mut hasher);
    hasher.finish().cast_signed()
}
