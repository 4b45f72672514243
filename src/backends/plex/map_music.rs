//! Where music and photos belong, as the app has it. Pure.

use super::dto::{Container, Metadata};
use super::images::image_key;
use super::scalar::Loose;
use crate::models::{ItemKind, ItemRecord, RemoteId};

/// A photo and a folder of photos have the same word; a folder leads to what is in it.
const FOLDER_KEY: &str = "/children";

/// What an item of a photo section is.
pub(super) fn photo_kind(item: &Metadata) -> ItemKind {
    let is_folder = item.key.text().is_some_and(|key| key.ends_with(FOLDER_KEY));
    if is_folder { ItemKind::PhotoAlbum } else { ItemKind::Photo }
}

/// Fills in what an album, a track or a photo lies in, and what follows from it.
pub(super) fn place(record: &mut ItemRecord, item: &Metadata, shared: &Container) {
    let id =
        |own: &Loose<String>, shared: &Loose<String>| own.get().or_else(|| shared.get()).map(RemoteId::new);
    match record.kind {
        ItemKind::Album => {
            record.series = id(&item.parent_rating_key, &shared.parent_rating_key);
            record.parent = record.series.clone();
            record.series_title = item.parent_title.get().or_else(|| shared.parent_title.get());
        }
        ItemKind::Track => {
            record.series = id(&item.grandparent_rating_key, &shared.grandparent_rating_key);
            record.parent = id(&item.parent_rating_key, &shared.parent_rating_key);
            record.series_title = item.grandparent_title.get().or_else(|| shared.grandparent_title.get());
            record.season = item.parent_index.get().or(shared.parent_index.get());
            record.episode = item.index.get();
            // To the server the original title of a track is who plays it.
            record.artist =
                record.original_title.take().filter(|artist| Some(artist) != record.series_title.as_ref());
            let cover = item.parent_thumb.text().map(image_key);
            record.images.primary = cover.or(record.images.primary.take());
        }
        ItemKind::Photo => {
            record.parent = id(&item.parent_rating_key, &shared.parent_rating_key);
            let parts = item.media.0.iter().flat_map(|media| &media.parts.0);
            let whole = parts.filter_map(|part| part.key.text()).find(|key| key.starts_with('/'));
            record.images.backdrop = whole.map(image_key);
        }
        ItemKind::PhotoAlbum => record.parent = id(&item.parent_rating_key, &shared.parent_rating_key),
        _ => return,
    }
    record.unwatched_children = None;
}

#[cfg(test)]
#[path = "map_music_tests.rs"]
mod tests;
