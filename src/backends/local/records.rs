//! Items as the rest of the app knows them.
//!
//! Names tell the least, descriptions beside the files more, and the files themselves their length. Everything
//! here blocks.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::artwork::Artwork;
use super::catalogue::{Clip, Episode, Season, Series};
use super::contents::{Contents, Entry};
use super::disk::hexadecimal;
use super::films::Film;
use super::ids::{LocalId, SeriesKey};
use super::naming::stem;
use super::nfo::{self, Nfo, NfoKind, NfoSet};
use super::path::RelativePath;
use super::stamp::Stamp;
use super::versions::Version;
use crate::models::{
    Credit, ExternalIds, FolderNumber, ImageKey, ItemRecord, MediaStream, RemoteId, Resolution, StreamKind,
};

/// An item with what only its description tells.
#[derive(Debug)]
pub struct Described {
    /// The item.
    pub item: ItemRecord,
    /// Cast and crew.
    pub credits: Vec<Credit>,
    /// Studios.
    pub studios: Vec<String>,
    /// The set that it is of.
    pub set: Option<NfoSet>,
}

impl Described {
    /// The item with its people, as listings give it.
    pub fn into_listed(self) -> ItemRecord {
        ItemRecord { credits: self.credits, ..self.item }
    }
}

/// An id within a folder as one within its source.
pub fn tagged(number: FolderNumber, id: &RemoteId) -> RemoteId {
    RemoteId::new(number.tag(id.as_str()))
}

/// The resolution of a picture stream.
fn resolution(stream: &MediaStream) -> Option<Resolution> {
    let size = (stream.width.unwrap_or(0), stream.height.unwrap_or(0));
    if stream.kind == StreamKind::Video { Resolution::of_size(size.0, size.1) } else { None }
}

/// An item within a folder as one within its source.
pub fn tag(number: FolderNumber, mut item: ItemRecord) -> ItemRecord {
    let images = &mut item.images;
    for key in [&mut images.primary, &mut images.backdrop, &mut images.logo, &mut images.series_poster] {
        *key = key.take().map(|key| ImageKey::new(number.tag(key.as_str())));
    }
    for id in [&mut item.parent, &mut item.series] {
        *id = id.take().map(|id| tagged(number, &id));
    }
    item.remote_id = tagged(number, &item.remote_id);
    item
}

impl Contents {
    /// An item. `None` when its file has gone since the folder was read.
    pub fn describe(&self, entry: Entry<'_>) -> Option<Described> {
        let mut described = match entry {
            Entry::Film(film) => self.film(film),
            Entry::Series(series) => self.series(series),
            Entry::Season(season) => self.season(season),
            Entry::Episode(episode) => self.episode(episode),
            Entry::Clip(clip) => self.clip(clip),
            Entry::Artist(artist) => self.artist(artist).map(plain),
            Entry::Album(album) => self.album(album).map(plain),
            Entry::Track(track) => self.track(track).map(plain),
            Entry::PhotoFolder(folder) => self.photo_folder(folder).map(plain),
            Entry::Photo(photo) => self.photo(photo).map(plain),
        }?;
        let mut hash = Sha256::new();
        hash.update(format!("{:?}{:?}", described.item, described.credits));
        for (path, stamp) in entry.files().iter().filter_map(|path| Some((path, self.stamp(path)?))) {
            hash.update(format!("{}?{}", path.encode(), stamp.tag()));
        }
        described.item.change_mark = Some(hexadecimal(&hash.finalize()[..8]));
        Some(described)
    }

    /// Size and time of a file, when it is there.
    pub fn stamp(&self, path: &RelativePath) -> Option<Stamp> {
        fs::metadata(path.in_folder(&self.root)).ok().map(|metadata| Stamp::of(&metadata))
    }

    fn film(&self, film: &Film) -> Option<Described> {
        let folder = &film.place.folder;
        let mut item =
            self.playable(&LocalId::Movie(film.place.clone()), &film.title, folder, &film.versions)?;
        item.year = film.year;
        item.external_ids = film.ids.clone();
        let names = nfo_names(&film.versions).chain(film.owns_folder.then(|| "movie.nfo".to_owned()));
        let nfo = self.nfo(folder, names, NfoKind::Movie);
        let stems: Vec<_> = film.versions.iter().filter_map(|version| stem(version.first()?)).collect();
        let pictures = stems.iter().map(|stem| self.artwork().of_file(folder, stem, film.owns_folder, false));
        for images in pictures {
            item.images.primary = item.images.primary.or(images.primary);
            item.images.backdrop = item.images.backdrop.or(images.backdrop);
            item.images.logo = item.images.logo.or(images.logo);
        }
        self.thumbnail(&mut item, folder, &film.versions);
        Some(finish(item, nfo))
    }

    fn series(&self, series: &Series) -> Option<Described> {
        let id = LocalId::Series(series.key.clone());
        let mut item = ItemRecord::new(id.remote(), id.kind(), &series.name.title);
        item.year = series.name.year;
        item.external_ids = series.name.ids.clone();
        item.child_count = Some(series.episodes);
        let folder = match &series.key {
            SeriesKey::Folder(folder) => Some(folder.clone()),
            SeriesKey::Named(_) => None,
        };
        let first = || self.catalogue.episodes.iter().find(|episode| episode.series == series.key);
        let dated = folder.clone().or_else(|| first().map(|episode| episode.place.folder.clone()))?;
        item.added_at = self.stamp(&dated)?.added_at(self.read_at);
        let Some(folder) = folder else { return Some(finish(item, Vec::new())) };
        item.images = self.artwork().of_folder(&folder);
        let nfo = self.nfo(&folder, std::iter::once("tvshow.nfo".to_owned()), NfoKind::Series);
        Some(finish(item, nfo))
    }

    fn season(&self, season: &Season) -> Option<Described> {
        let id = LocalId::Season(season.number, season.series.clone());
        let title =
            if season.number == 0 { "Specials".to_owned() } else { format!("Season {}", season.number) };
        let mut item = ItemRecord::new(id.remote(), id.kind(), title);
        self.link_to_series(&mut item, &season.series, &season.series_title);
        item.parent.clone_from(&item.series);
        item.season = Some(season.number);
        item.child_count = Some(season.episodes);
        let series = match &season.series {
            SeriesKey::Folder(folder) => Some(folder),
            SeriesKey::Named(_) => None,
        };
        item.images.primary = self.artwork().of_season(series, season.folder.as_ref(), season.number);
        let Some(folder) = season.folder.as_ref().or(series) else { return Some(finish(item, Vec::new())) };
        item.added_at = self.stamp(folder)?.added_at(self.read_at);
        let nfo = match &season.folder {
            Some(folder) => self.nfo(folder, std::iter::once("season.nfo".to_owned()), NfoKind::Season),
            None => Vec::new(),
        };
        Some(finish(item, nfo))
    }

    fn episode(&self, episode: &Episode) -> Option<Described> {
        let folder = &episode.place.folder;
        let title = match (&episode.title, episode.date, episode.number) {
            (Some(title), ..) => title.clone(),
            (None, Some(date), _) => date.to_string(),
            (None, None, Some(number)) => format!("Episode {number}"),
            (None, None, None) => episode.series_title.clone(),
        };
        let mut item =
            self.playable(&LocalId::Episode(episode.place.clone()), &title, folder, &episode.versions)?;
        self.link_to_series(&mut item, &episode.series, &episode.series_title);
        item.parent = Some(LocalId::Season(episode.season, episode.series.clone()).remote());
        item.season = Some(episode.season);
        item.episode = episode.number;
        item.episode_end = episode.last;
        item.release_date = episode.date;
        let nfo = self.nfo(folder, nfo_names(&episode.versions), NfoKind::Episode);
        if item.episode.is_none() {
            item.episode =
                nfo.iter().find(|nfo| nfo.season == Some(episode.season)).and_then(|nfo| nfo.episode);
        }
        for stem in episode.versions.iter().filter_map(|version| stem(version.first()?)) {
            let images = self.artwork().of_file(folder, stem, false, true);
            item.images.primary = item.images.primary.or(images.primary);
        }
        self.thumbnail(&mut item, folder, &episode.versions);
        Some(finish(item, nfo))
    }

    fn clip(&self, clip: &Clip) -> Option<Described> {
        let versions = [Version { label: None, files: vec![clip.file.clone()] }];
        let id = LocalId::Video(clip.place());
        let mut item = self.playable(&id, &clip.title(), &clip.folder, &versions)?;
        let nfo = self.nfo(&clip.folder, nfo_names(&versions), NfoKind::Movie);
        if let Some(stem) = stem(&clip.file) {
            item.images = self.artwork().of_file(&clip.folder, stem, false, false);
        }
        self.thumbnail(&mut item, &clip.folder, &versions);
        Some(finish(item, nfo))
    }

    /// An item that plays, with date and length of its first file.
    fn playable(
        &self,
        id: &LocalId,
        title: &str,
        folder: &RelativePath,
        versions: &[Version],
    ) -> Option<ItemRecord> {
        let first = folder.child(versions.first()?.first()?);
        let stamp = self.stamp(&first)?;
        let mut item = ItemRecord::new(id.remote(), id.kind(), title);
        item.added_at = stamp.added_at(self.read_at);
        let facts = self.probes.facts(&first, stamp);
        item.resolution = facts.streams.iter().filter_map(resolution).max();
        item.duration = facts.duration;
        Some(item)
    }

    /// A picture of our own where there is none.
    fn thumbnail(&self, item: &mut ItemRecord, folder: &RelativePath, versions: &[Version]) {
        if item.images.primary.is_none()
            && let Some(file) = versions.first().and_then(Version::first)
        {
            let path = folder.child(file);
            item.images.primary = self.stamp(&path).and_then(|stamp| self.probes.thumbnail(&path, stamp));
        }
    }

    fn link_to_series(&self, item: &mut ItemRecord, key: &SeriesKey, title: &str) {
        item.series = Some(LocalId::Series(key.clone()).remote());
        item.series_title = Some(title.to_owned());
        if let SeriesKey::Folder(folder) = key {
            let images = self.artwork().of_folder(folder);
            item.images.series_poster = images.primary;
            item.images.backdrop = images.backdrop;
            item.images.logo = images.logo;
            let names = std::iter::once("tvshow.nfo".to_owned());
            let described = self.nfo(folder, names, NfoKind::Series);
            if let Some(title) = described.into_iter().find_map(|nfo| nfo.title) {
                item.series_title = Some(title);
            }
        }
    }

    pub(super) fn artwork(&self) -> Artwork<'_> {
        Artwork { root: &self.root, tree: &self.tree }
    }

    /// The descriptions in the first of these files that has any.
    fn nfo(&self, folder: &RelativePath, names: impl Iterator<Item = String>, kind: NfoKind) -> Vec<Nfo> {
        let Some(entries) = self.tree.folder(folder) else { return Vec::new() };
        names
            .filter_map(|name| entries.find(&name))
            .map(|file| nfo::read(&folder.child(file).in_folder(&self.root), kind))
            .find(|found| !found.is_empty())
            .unwrap_or_default()
    }
}

impl Entry<'_> {
    /// Paths of all its files.
    pub fn files(&self) -> Vec<RelativePath> {
        match self {
            Self::Film(film) => paths(&film.place.folder, &film.versions),
            Self::Episode(episode) => paths(&episode.place.folder, &episode.versions),
            Self::Clip(clip) => vec![clip.folder.child(&clip.file)],
            Self::Track(track) => vec![track.path()],
            Self::Photo(photo) => vec![photo.path()],
            Self::Series(_) | Self::Season(_) | Self::Artist(_) | Self::Album(_) | Self::PhotoFolder(_) => {
                Vec::new()
            }
        }
    }
}

/// An item that nothing else describes.
fn plain(item: ItemRecord) -> Described {
    finish(item, Vec::new())
}

fn paths(folder: &RelativePath, versions: &[Version]) -> Vec<RelativePath> {
    versions.iter().flat_map(|version| &version.files).map(|file| folder.child(file)).collect()
}

fn nfo_names(versions: &[Version]) -> impl Iterator<Item = String> + '_ {
    let files = versions.iter().flat_map(|version: &Version| &version.files);
    files
        .filter_map(|file: &OsString| Path::new(file).file_stem()?.to_str().map(|stem| format!("{stem}.nfo")))
}

/// Puts what descriptions tell over what names told. Of a file with several episodes all titles are shown.
fn finish(mut item: ItemRecord, descriptions: Vec<Nfo>) -> Described {
    let titles: Vec<_> = descriptions.iter().filter_map(|nfo| nfo.title.as_deref()).collect();
    if !titles.is_empty() {
        item.title = titles.join(" / ");
    }
    let Some(nfo) = descriptions.into_iter().next() else {
        return Described { item, credits: Vec::new(), studios: Vec::new(), set: None };
    };
    item.sort_title = nfo.sort_title;
    item.original_title = nfo.original_title.filter(|title| *title != item.title);
    item.year = nfo.year.or(item.year);
    item.release_date = nfo.released.or(item.release_date);
    item.duration = item.duration.or(nfo.runtime);
    item.rating = nfo.rating;
    item.critic_rating = nfo.critic_rating;
    item.age_rating = nfo.age_rating;
    item.summary = nfo.plot;
    item.tagline = nfo.tagline;
    item.genres = nfo.genres;
    item.external_ids = ExternalIds {
        imdb: nfo.ids.imdb.or(item.external_ids.imdb),
        tmdb: nfo.ids.tmdb.or(item.external_ids.tmdb),
        tvdb: nfo.ids.tvdb.or(item.external_ids.tvdb),
    };
    Described { item, credits: nfo.credits, studios: nfo.studios, set: nfo.set }
}
