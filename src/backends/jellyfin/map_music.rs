//! Where music, photos and home videos belong, as the app has it. Pure.

use super::dto::ItemDto;
use super::images;
use super::map::remote;
use crate::models::{ItemKind, ItemRecord};

/// Fills in what an album, a track, a photo or a video lies in, and what follows from it.
pub(super) fn place(record: &mut ItemRecord, dto: &ItemDto) {
    match record.kind {
        ItemKind::Album => {
            of_artist(record, dto);
            record.parent = record.series.clone();
        }
        ItemKind::Track => {
            of_artist(record, dto);
            record.parent = remote(&dto.album_id);
            record.season = dto.parent_index_number.count();
            record.episode = dto.index_number.count();
            // The server's one begins with disc and number: a list by title would be none.
            record.sort_title = None;
            record.artist = performers(dto).filter(|artist| Some(artist) != record.series_title.as_ref());
            // One cover for the album: those inside the files are copies of it.
            record.images.primary = images::of_album(dto).or(record.images.primary.take());
        }
        ItemKind::Photo => record.parent = remote(&dto.album_id).or_else(|| remote(&dto.parent_id)),
        ItemKind::PhotoAlbum | ItemKind::Video => record.parent = remote(&dto.parent_id),
        _ => {}
    }
    if record.kind.is_music() || record.kind.is_photo() {
        record.unwatched_children = None;
        // Of what holds others it says that all of them were played: no fact to anybody here.
        record.watch.watched &= record.kind == ItemKind::Track;
    }
}

fn of_artist(record: &mut ItemRecord, dto: &ItemDto) {
    let first = dto.album_artists.0.first();
    record.series = first.and_then(|artist| remote(&artist.id));
    record.series_title = first.and_then(|artist| artist.name.owned()).or_else(|| performers(dto));
}

fn performers(dto: &ItemDto) -> Option<String> {
    let names: Vec<&str> =
        dto.artists.0.iter().map(String::as_str).filter(|name| !name.trim().is_empty()).collect();
    (!names.is_empty()).then(|| names.join(", "))
}
