//! Versions and streams of an item, and how to play it. Everything here blocks.

use std::fs;
use std::io;
use std::path::PathBuf;

use super::contents::{Contents, Entry};
use super::naming::extension;
use super::path::{RelativePath, encode};
use super::subtitles;
use super::versions::Version;
use crate::backends::{Delivery, DetailRecord, Location, Rated, StreamSource};
use crate::models::{MediaDetails, MediaVersion, Quality};

impl Contents {
    /// An item with its details. `None` when it has gone.
    pub fn details(&self, entry: Entry<'_>) -> Option<DetailRecord> {
        let described = self.describe(entry)?;
        let (folder, versions) = entry.versions();
        let versions: Vec<_> = versions.iter().filter_map(|version| self.version(&folder, version)).collect();
        let first = entry.files().into_iter().next();
        let chapters = first
            .and_then(|path| Some(self.probes.facts(&path, self.stamp(&path)?).chapters))
            .unwrap_or_default();
        let details = MediaDetails {
            versions,
            chapters,
            markers: Vec::new(),
            credits: described.credits,
            studios: described.studios,
            extras: Vec::new(),
        };
        Some(DetailRecord {
            item: described.item,
            details,
            extras: Some(self.extras(entry)),
            rated: Rated::NotKept,
        })
    }

    /// How to play an item: the version with this id, or the first one.
    ///
    /// # Errors
    /// `NotFound` when there is no such version, or the error of the file.
    pub fn stream(&self, entry: Entry<'_>, wanted: Option<&str>) -> io::Result<StreamSource> {
        let (folder, versions) = entry.versions();
        let chosen = versions.iter().find(|version| wanted.is_none_or(|id| id == version_id(version)));
        let Some((version, file)) = chosen.and_then(|version| Some((version, version.first()?))) else {
            return Err(io::ErrorKind::NotFound.into());
        };
        let path = folder.child(file);
        let absolute: PathBuf = path.in_folder(&self.root);
        fs::File::open(&absolute)?;
        let facts = self.stamp(&path).and_then(|stamp| self.probes.recall(&path, stamp)).unwrap_or_default();
        let subtitles = subtitles::beside(&self.tree, &folder, file);
        Ok(StreamSource {
            location: Location::File(absolute),
            version_id: version_id(version),
            container: facts.container.or_else(|| extension(file)),
            duration: facts.duration,
            subtitles: subtitles.iter().map(|subtitle| subtitle.source(&self.root)).collect(),
            play_session_id: None,
            delivery: Delivery::direct(facts.bitrate, Quality::Original),
        })
    }

    fn version(&self, folder: &RelativePath, version: &Version) -> Option<MediaVersion> {
        let file = version.first()?;
        let path = folder.child(file);
        let stamp = self.stamp(&path)?;
        let facts = self.probes.facts(&path, stamp);
        let beside = subtitles::beside(&self.tree, folder, file);
        Some(MediaVersion {
            id: version_id(version),
            name: version.label.clone(),
            container: facts.container.or_else(|| extension(file)),
            bitrate: facts.bitrate,
            size: Some(stamp.size),
            duration: facts.duration,
            location: path.in_folder(&self.root).to_string_lossy().into_owned(),
            tag: Some(stamp.tag()),
            streams: facts
                .streams
                .into_iter()
                .chain(beside.iter().map(|subtitle| subtitle.stream(&self.root)))
                .collect(),
            previews: None,
        })
    }
}

impl Entry<'_> {
    /// Its folder and versions; nothing of something that does not play itself.
    fn versions(&self) -> (RelativePath, Vec<Version>) {
        match self {
            Self::Film(film) => (film.place.folder.clone(), film.versions.clone()),
            Self::Episode(episode) => (episode.place.folder.clone(), episode.versions.clone()),
            Self::Clip(clip) => {
                let version = Version { label: None, files: vec![clip.file.clone()] };
                (clip.folder.clone(), vec![version])
            }
            Self::Track(track) => {
                let version = Version { label: None, files: vec![track.file.clone()] };
                (track.folder.clone(), vec![version])
            }
            Self::Photo(photo) => {
                let version = Version { label: None, files: vec![photo.file.clone()] };
                (photo.folder.clone(), vec![version])
            }
            Self::Series(_) | Self::Season(_) | Self::Artist(_) | Self::Album(_) | Self::PhotoFolder(_) => {
                (RelativePath::root(), Vec::new())
            }
        }
    }
}

/// A version is called after its file.
fn version_id(version: &Version) -> String {
    version.first().map(|file| encode(file)).unwrap_or_default()
}
