//! Music and photos as items. Everything here blocks.

use chrono::Datelike as _;

use super::{Album, Artist, Photo, PhotoFolder, Track};
use crate::backends::local::contents::Contents;
use crate::backends::local::ids::{LocalId, Place};
use crate::backends::local::naming::track::AlbumName;
use crate::backends::local::naming::{stem, tidy};
use crate::backends::local::path::RelativePath;
use crate::backends::local::probe::{MediaFacts, Tags};
use crate::models::{ImageKey, ItemRecord};

/// The id of a folder of some kind.
pub(in crate::backends::local) fn whole(folder: &RelativePath) -> Place {
    Place { folder: folder.clone(), key: None }
}

impl Contents {
    pub(in crate::backends::local) fn artist(&self, artist: &Artist) -> Option<ItemRecord> {
        let id = LocalId::Artist(whole(&artist.folder));
        let mut item = ItemRecord::new(id.remote(), id.kind(), &artist.name);
        item.added_at = self.stamp(&artist.folder)?.added_at(self.read_at);
        item.images = self.artwork().of_artist(&artist.folder);
        if item.images.primary.is_none() {
            let album = self
                .catalogue
                .music
                .albums
                .iter()
                .find(|album| album.artist.as_ref() == Some(&artist.folder));
            item.images.primary = album.and_then(|album| self.cover(&album.folder, &album.first));
        }
        Some(item)
    }

    pub(in crate::backends::local) fn album(&self, album: &Album) -> Option<ItemRecord> {
        let id = LocalId::Album(whole(&album.folder));
        let (tags, stamp) = (self.facts_of(&album.first)?.tags, self.stamp(&album.folder)?);
        let title = tags.album.clone().unwrap_or_else(|| album.name.title.clone());
        let mut item = ItemRecord::new(id.remote(), id.kind(), title);
        link(&mut item, &tags, album.artist.as_ref(), &album.name);
        item.parent.clone_from(&item.series);
        item.year = tags.year.or(album.name.year);
        item.genres = tags.genre.into_iter().collect();
        item.added_at = stamp.added_at(self.read_at);
        item.child_count = Some(album.tracks);
        item.images.primary = self.cover(&album.folder, &album.first);
        Some(item)
    }

    pub(in crate::backends::local) fn track(&self, track: &Track) -> Option<ItemRecord> {
        let (path, id) = (track.path(), LocalId::Track(track.place()));
        let (facts, stamp) = (self.facts_of(&path)?, self.stamp(&path)?);
        let tags = facts.tags;
        let title = tags.title.clone().unwrap_or_else(|| track.name.title.clone());
        let mut item = ItemRecord::new(id.remote(), id.kind(), title);
        link(&mut item, &tags, track.artist.as_ref(), &track.album_name);
        item.parent = Some(LocalId::Album(whole(&track.album)).remote());
        item.artist = tags.artist.filter(|artist| Some(artist) != item.series_title.as_ref());
        item.season = tags.disc.or(track.name.disc);
        item.episode = tags.track.or(track.name.number);
        item.year = tags.year.or(track.album_name.year);
        item.genres = tags.genre.into_iter().collect();
        item.duration = facts.duration;
        item.added_at = stamp.added_at(self.read_at);
        // One picture for all of an album, and not one of each file.
        let first = self.catalogue.music.album(&track.album).map_or(&path, |album| &album.first);
        item.images.primary = self.cover(&track.album, first);
        Some(item)
    }

    pub(in crate::backends::local) fn photo_folder(&self, folder: &PhotoFolder) -> Option<ItemRecord> {
        let id = LocalId::PhotoAlbum(whole(&folder.folder));
        let title = folder.folder.shown_name().unwrap_or_default();
        let mut item = ItemRecord::new(id.remote(), id.kind(), title);
        item.parent = around(&folder.folder);
        item.added_at = self.stamp(&folder.folder)?.added_at(self.read_at);
        item.images.primary = self.picture(&folder.first);
        Some(item)
    }

    pub(in crate::backends::local) fn photo(&self, photo: &Photo) -> Option<ItemRecord> {
        let (path, id) = (photo.path(), LocalId::Photo(photo.place()));
        let (tags, stamp) = (self.facts_of(&path)?.tags, self.stamp(&path)?);
        let title = stem(&photo.file).map(tidy).filter(|title| !title.is_empty());
        let title = title.unwrap_or_else(|| photo.file.to_string_lossy().into_owned());
        let mut item = ItemRecord::new(id.remote(), id.kind(), title);
        item.parent = (!photo.folder.is_root()).then(|| LocalId::PhotoAlbum(whole(&photo.folder)).remote());
        item.added_at = stamp.added_at(self.read_at);
        item.release_date = tags.taken.map(|taken| taken.date());
        item.year = tags.taken.map(|taken| taken.year());
        item.images.primary = self.picture(&path);
        Some(item)
    }

    /// What is inside a file; `None` when it has gone.
    fn facts_of(&self, path: &RelativePath) -> Option<MediaFacts> {
        Some(self.probes.facts(path, self.stamp(path)?))
    }

    /// The cover of an album: a picture in its folder, else the one inside its files.
    fn cover(&self, album: &RelativePath, file: &RelativePath) -> Option<ImageKey> {
        let inside = || self.stamp(file).and_then(|stamp| self.probes.cover(file, stamp));
        self.artwork().of_album(album).or_else(inside)
    }

    fn picture(&self, path: &RelativePath) -> Option<ImageKey> {
        self.stamp(path).map(|stamp| crate::backends::local::artwork::picture_key(path, stamp))
    }
}

/// The folder that a folder of photos lies in.
fn around(folder: &RelativePath) -> Option<crate::models::RemoteId> {
    let parent = folder.parent().filter(|parent| !parent.is_root())?;
    Some(LocalId::PhotoAlbum(whole(&parent)).remote())
}

/// The artist: the one that the files name, and as an item the folder.
fn link(item: &mut ItemRecord, tags: &Tags, artist: Option<&RelativePath>, album: &AlbumName) {
    item.series = artist.map(|folder| LocalId::Artist(whole(folder)).remote());
    item.series_title = tags
        .album_artist
        .clone()
        .or_else(|| artist.and_then(RelativePath::shown_name))
        .or_else(|| album.artist.clone())
        .or_else(|| tags.artist.clone());
}
