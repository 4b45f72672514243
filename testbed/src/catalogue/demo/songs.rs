//! Putting music and photos into the catalogue.

use super::music::{Artist, Folder};
use super::{Builder, next, owned};
use crate::catalogue::{Item, ItemKind, ItemNumber, LibraryKind};
use crate::media::Container;
use chrono::NaiveDate;
use std::time::Duration;

/// A song is at least so long, in seconds.
const SHORTEST_SONG: u64 = 140;

impl Builder {
    pub(super) fn music(&mut self, artists: &[Artist]) {
        let library = self.catalogue.add_library(LibraryKind::Music, "Music");
        for (place, artist) in artists.iter().enumerate() {
            let number = next(&self.catalogue);
            let item = Item {
                genres: owned(&[artist.genre]),
                summary: Some(format!(
                    "{} play what they call {}.",
                    artist.name,
                    artist.genre.to_lowercase()
                )),
                has_backdrop: false,
                ..self.blank(number, library, ItemKind::Artist, artist.name, 50 + place)
            };
            self.catalogue.add(|_| item);
            self.albums(library, number, artist);
        }
    }

    fn albums(&mut self, library: u32, artist: ItemNumber, of: &Artist) {
        for (place, album) in of.albums.iter().enumerate() {
            let number = next(&self.catalogue);
            let item = Item {
                parent: Some(artist),
                year: Some(album.year),
                genres: owned(&[of.genre]),
                has_backdrop: false,
                ..self.blank(number, library, ItemKind::Album, album.title, 6 + place * 5)
            };
            self.catalogue.add(|_| item);
            for (disc, titles) in (1_u32..).zip(album.discs) {
                for (track, title) in (1_u32..).zip(*titles) {
                    let leaf = next(&self.catalogue);
                    let song = Duration::from_secs(SHORTEST_SONG + u64::from(leaf.0 * 37 % 160));
                    let item = Item {
                        parent: Some(number),
                        season: Some(disc),
                        episode: Some(track),
                        year: Some(album.year),
                        duration: Some(if album.miniature { Container::Flac.length() } else { song }),
                        has_poster: false,
                        has_backdrop: false,
                        ..self.blank(leaf, library, ItemKind::Track, title, 6 + place * 5)
                    };
                    self.catalogue.add(|_| item);
                }
            }
        }
    }

    pub(super) fn photos(&mut self, folders: &[Folder]) {
        let library = self.catalogue.add_library(LibraryKind::Photos, "Photos");
        let number = next(&self.catalogue);
        let item =
            Item { has_backdrop: false, ..self.blank(number, library, ItemKind::PhotoAlbum, "Holidays", 12) };
        self.catalogue.add(|_| item);
        for (place, folder) in folders.iter().enumerate() {
            // The first lies in another folder, the others by themselves.
            self.photo_folder(library, (place == 0).then_some(number), folder);
        }
        self.photo(library, None, "Self-portrait with a bicycle", NaiveDate::from_ymd_opt(2020, 5, 17));
    }

    pub(super) fn photo_folder(&mut self, library: u32, parent: Option<ItemNumber>, folder: &Folder) {
        let number = next(&self.catalogue);
        let item = Item {
            parent,
            has_backdrop: false,
            ..self.blank(number, library, ItemKind::PhotoAlbum, folder.title, 12)
        };
        self.catalogue.add(|_| item);
        for (day, title) in (10_u32..).zip(folder.photos) {
            self.photo(library, Some(number), title, NaiveDate::from_ymd_opt(folder.year, 7, day));
        }
    }

    fn photo(&mut self, library: u32, parent: Option<ItemNumber>, title: &str, taken: Option<NaiveDate>) {
        let number = next(&self.catalogue);
        let item = Item {
            parent,
            released: taken,
            has_backdrop: false,
            ..self.blank(number, library, ItemKind::Photo, title, 12)
        };
        self.catalogue.add(|_| item);
    }
}
