//! What a tree of files holds: films, series with seasons and episodes, videos, music, photos.
//!
//! Pure: a [`Tree`] in, a [`Catalogue`] out. What an item is called depends on its own folder and the names of
//! the folders above, never on what lies elsewhere, so that one item is found again by reading its folder.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

use chrono::NaiveDate;

use super::films::{self, Film};
use super::ids::{Place, SeriesKey};
use super::music::{self, Music, Photos};
use super::naming::extras::{self, ExtrasFolder};
use super::naming::film::{self, FilmName, Parts};
use super::naming::{is_video, season, stem, tidy};
use super::path::RelativePath;
use super::shows::{EpisodeFile, Surroundings};
use super::tree::Tree;
use super::versions::{self, Version, VersionFile};
use crate::models::LibraryKind;

/// A video that is neither film nor episode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clip {
    /// Where it lies.
    pub folder: RelativePath,
    /// The name of its file.
    pub file: OsString,
}

/// A series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// Which.
    pub key: SeriesKey,
    /// Title, year and ids as names tell them.
    pub name: FilmName,
    /// How many episodes it has.
    pub episodes: u32,
}

/// A season.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Season {
    /// Its series.
    pub series: SeriesKey,
    /// Title of the series.
    pub series_title: String,
    /// Number.
    pub number: u32,
    /// The folder of its episodes, when it has one.
    pub folder: Option<RelativePath>,
    /// How many episodes it has.
    pub episodes: u32,
}

/// An episode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Episode {
    /// Where it lies.
    pub place: Place,
    /// Its series.
    pub series: SeriesKey,
    /// Title of the series.
    pub series_title: String,
    /// Season.
    pub season: u32,
    /// Number.
    pub number: Option<u32>,
    /// Last number of a file with several.
    pub last: Option<u32>,
    /// Date, where episodes are counted by it.
    pub date: Option<NaiveDate>,
    /// Title, when the name tells it.
    pub title: Option<String>,
    /// Its files.
    pub versions: Vec<Version>,
}

/// Everything found, each list in a fixed order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalogue {
    /// Films.
    pub films: Vec<Film>,
    /// Series.
    pub series: Vec<Series>,
    /// Seasons.
    pub seasons: Vec<Season>,
    /// Episodes.
    pub episodes: Vec<Episode>,
    /// Videos.
    pub clips: Vec<Clip>,
    /// Music.
    pub music: Music,
    /// Photos.
    pub photos: Photos,
}

impl Catalogue {
    /// Sorts a whole tree. `kind` is what the user said it holds; films and series sort themselves out
    /// otherwise, and videos whose names say nothing are films where most others are.
    pub fn of_tree(tree: &Tree, root_name: &str, kind: Option<LibraryKind>) -> Self {
        let kind = kind.or_else(|| music::guess(tree));
        let mut catalogue = Self::of_part(tree, root_name, kind);
        if kind != Some(LibraryKind::Movies) {
            catalogue.settle();
        }
        catalogue
    }

    /// Sorts a part of a tree, in which an item is looked for: what may be a film or a video stays with the
    /// films.
    pub fn of_part(tree: &Tree, root_name: &str, kind: Option<LibraryKind>) -> Self {
        let mut catalogue = Self::default();
        match kind {
            Some(LibraryKind::Music) => {
                catalogue.music = Music::of_tree(tree, root_name);
                return catalogue;
            }
            Some(LibraryKind::Photos) => catalogue.photos = Photos::of_tree(tree),
            _ => {}
        }
        let mut episodes = Vec::new();
        for (path, folder) in &tree.folders {
            // Cameras take videos, too.
            let all = matches!(kind, Some(LibraryKind::HomeVideos | LibraryKind::Photos));
            if !all && is_extras(tree, path) {
                continue;
            }
            let mut videos: Vec<&OsStr> = folder
                .files
                .iter()
                .map(OsString::as_os_str)
                .filter(|name| is_video(name))
                .filter(|name| all || !stem(name).is_some_and(extras::is_extra))
                .collect();
            if all {
                catalogue.clips.extend(
                    videos.into_iter().map(|file| Clip { folder: path.clone(), file: file.to_owned() }),
                );
                continue;
            }
            if kind != Some(LibraryKind::Movies) {
                let around = Surroundings::of(tree, path);
                let only_shows = kind == Some(LibraryKind::Shows);
                videos.retain(|file| match around.place(path, file, only_shows, root_name) {
                    Some(episode) => {
                        episodes.push(episode);
                        false
                    }
                    None => true,
                });
            }
            let name = path.shown_name().unwrap_or_else(|| root_name.to_owned());
            catalogue.films.extend(films::group(path, &name, folder, &videos));
        }
        catalogue.add_episodes(episodes);
        catalogue
    }

    /// The kinds of libraries that are not empty.
    pub fn kinds(&self) -> Vec<LibraryKind> {
        [
            (LibraryKind::Movies, self.films.is_empty()),
            (LibraryKind::Shows, self.episodes.is_empty()),
            (LibraryKind::HomeVideos, self.clips.is_empty()),
            (LibraryKind::Music, self.music.tracks.is_empty()),
            (LibraryKind::Photos, self.photos.photos.is_empty()),
        ]
        .into_iter()
        .filter(|(_, empty)| !empty)
        .map(|(kind, _)| kind)
        .collect()
    }

    /// Makes videos of what may be films where most are not.
    fn settle(&mut self) {
        let sure = self.films.iter().filter(|film| film.certain).count();
        if sure * 2 > self.films.len() {
            return;
        }
        let (certain, doubtful) = std::mem::take(&mut self.films).into_iter().partition(|film| film.certain);
        self.films = certain;
        self.clips.extend(doubtful.into_iter().flat_map(|film: Film| {
            let folder = film.place.folder;
            let files = film.versions.into_iter().flat_map(|version| version.files);
            files.map(move |file| Clip { folder: folder.clone(), file })
        }));
    }

    fn add_episodes(&mut self, files: Vec<EpisodeFile>) {
        let mut groups: BTreeMap<(SeriesKey, u32, Option<u32>, Place), Vec<EpisodeFile>> = BTreeMap::new();
        for file in files {
            let key = (file.series.clone(), file.season, file.number, file.place.clone());
            groups.entry(key).or_default().push(file);
        }
        for ((series, season, number, place), files) in groups {
            let Some(first) = files.first().cloned() else { continue };
            let series_title = self.count_in_series(&series, &first.series_name);
            self.count_in_season(&series, &series_title, season, &place.folder);
            self.episodes.push(Episode {
                place,
                series,
                series_title,
                season,
                number,
                last: first.last,
                date: first.date,
                title: files.iter().find_map(|file| file.title.clone()),
                versions: versions::collect(files.into_iter().map(version_file).collect()),
            });
        }
    }

    /// Episodes come sorted by series and season, so the last entry is the one to look at.
    fn count_in_series(&mut self, key: &SeriesKey, name: &FilmName) -> String {
        match self.series.last_mut().filter(|last| last.key == *key) {
            Some(last) => last.episodes += 1,
            None => self.series.push(Series { key: key.clone(), name: name.clone(), episodes: 1 }),
        }
        self.series.last().map_or_else(String::new, |series| series.name.title.clone())
    }

    fn count_in_season(&mut self, series: &SeriesKey, title: &str, number: u32, folder: &RelativePath) {
        if let Some(last) =
            self.seasons.last_mut().filter(|last| last.series == *series && last.number == number)
        {
            last.episodes += 1;
            return;
        }
        let named = folder
            .shown_name()
            .is_some_and(|name| season::folder(&name) == Some(number) || season::bare(&name) == Some(number));
        self.seasons.push(Season {
            series: series.clone(),
            series_title: title.to_owned(),
            number,
            folder: named.then(|| folder.clone()),
            episodes: 1,
        });
    }
}

impl Clip {
    /// Where it lies.
    pub fn place(&self) -> Place {
        Place { folder: self.folder.clone(), key: Some(self.file.clone()) }
    }

    /// What to call it.
    pub fn title(&self) -> String {
        let name = self.file.to_string_lossy();
        let stem = name.rsplit_once('.').map_or(name.as_ref(), |(stem, _)| stem);
        Some(tidy(stem)).filter(|title| !title.is_empty()).unwrap_or_else(|| stem.to_owned())
    }
}

fn version_file(file: EpisodeFile) -> VersionFile {
    let name = stem(&file.file).map(|stem| film::parse(stem, Parts::Split)).unwrap_or_default();
    VersionFile {
        name: file.file,
        label: name.label.filter(|label| super::naming::height(label) > 0),
        part: name.part,
    }
}

/// Whether a folder, or one it lies in, holds extras. Folders directly in the source's own are what the user
/// sorts by, whatever their names, unless the source is one series.
fn is_extras(tree: &Tree, path: &RelativePath) -> bool {
    path.ancestors().any(|path| {
        let Some(what) = path.shown_name().and_then(|name| extras::folder(&name)) else { return false };
        let Some(parent_path) = path.parent() else { return false };
        let Some(parent) = tree.folder(&parent_path) else { return false };
        let names = || parent.folders.iter().filter_map(|name| name.to_str());
        let beside_seasons = names().any(|name| season::folder(name).is_some());
        beside_seasons
            || !parent_path.is_root()
                && (what == ExtrasFolder::Certain || parent.files.iter().any(|name| is_video(name)))
    })
}

#[cfg(test)]
#[path = "catalogue_tests.rs"]
mod tests;
