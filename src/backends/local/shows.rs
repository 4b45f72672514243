//! Which files are episodes, and of which series.

use std::ffi::{OsStr, OsString};

use chrono::{Datelike as _, NaiveDate};

use super::ids::{Place, SeriesKey};
use super::naming::episode::{self, Context, EpisodeName, Numbering};
use super::naming::film::{self, FilmName, Parts};
use super::naming::{comparable, season, stem};
use super::path::RelativePath;
use super::tree::Tree;

/// The description that makes a folder a series.
const SERIES_NFO: &str = "tvshow.nfo";

/// What the folders above a file say.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// The folder of the series, unless the file's name says otherwise.
    base: RelativePath,
    /// The season that a folder names.
    season: Option<u32>,
    /// The series that a season's folder names.
    pack: Option<FilmName>,
    /// What a folder made for one episode says.
    release: Option<EpisodeName>,
    /// Whether the base is the folder of the series beyond doubt.
    pinned: bool,
    /// Whether everything here belongs to a series.
    in_show: bool,
}

/// An episode's file with its place in a series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EpisodeFile {
    /// Where it lies.
    pub place: Place,
    /// The series.
    pub series: SeriesKey,
    /// Its title, year and ids, as names tell them.
    pub series_name: FilmName,
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
    /// The file.
    pub file: OsString,
}

impl Surroundings {
    /// Reads the folders above the files of `folder`.
    pub fn of(tree: &Tree, folder: &RelativePath) -> Self {
        let described = folder
            .ancestors()
            .find(|path| tree.folder(path).is_some_and(|entries| entries.find(SERIES_NFO).is_some()));
        let mut result = Self {
            base: RelativePath::root(),
            season: None,
            pack: None,
            release: None,
            pinned: false,
            in_show: false,
        };
        for path in folder.ancestors() {
            let Some(name) = path.shown_name() else { break };
            let parent = path.parent().unwrap_or_default();
            if let Some(number) = season::folder(&name) {
                result = Self { base: parent, season: Some(number), pinned: true, in_show: true, ..result };
                break;
            }
            if let Some(number) = season::bare(&name).filter(|_| holds_only_seasons(tree, &parent)) {
                result = Self { base: parent, season: Some(number), pinned: true, ..result };
                break;
            }
            if let Some((series, number)) = season::pack(&name) {
                let same = parent.shown_name().is_some_and(|name| {
                    comparable(&film::parse(&name, Parts::Keep).title) == comparable(&series.title)
                });
                let pack = Some(series).filter(|_| !same);
                result =
                    Self { base: parent, season: Some(number), pack, pinned: same, in_show: true, ..result };
                break;
            }
            if let Some(name) = episode::parse(&name, Context::Anywhere) {
                result.release.get_or_insert(name);
                continue;
            }
            result.base = path;
            break;
        }
        if let Some(folder) = described {
            result = Self { base: folder, pack: None, pinned: true, in_show: true, ..result };
        }
        result
    }

    /// Reads the name of a file. `None` when it is no episode; where `only_shows`, everything is one.
    pub fn place(
        &self,
        folder: &RelativePath,
        file: &OsStr,
        only_shows: bool,
        root_name: &str,
    ) -> Option<EpisodeFile> {
        let stem = stem(file);
        let clear = stem.and_then(|stem| episode::parse(stem, Context::Anywhere));
        let found_clear = clear.is_some();
        let own = clear.or_else(|| {
            stem.filter(|_| self.in_show || only_shows).and_then(|stem| episode::parse(stem, Context::InShow))
        });
        let key = own.as_ref().map_or_else(|| file.to_owned(), |name| key(name).into());
        let is_clear = found_clear || own.is_none();
        let name = own.or_else(|| self.release.clone());
        if name.is_none() && !self.in_show && !only_shows {
            return None;
        }
        let (series, series_name) = self.series(name.as_ref(), is_clear, root_name);
        let (season, number, last, date) = self.count(name.as_ref());
        Some(EpisodeFile {
            place: Place { folder: folder.clone(), key: Some(key) },
            series,
            series_name,
            season,
            number,
            last,
            date,
            title: match &name {
                Some(name) => name.title.clone(),
                None => stem.map(super::naming::tidy).or_else(|| Some(file.to_string_lossy().into_owned())),
            },
            file: file.to_owned(),
        })
    }

    fn series(&self, name: Option<&EpisodeName>, is_clear: bool, root_name: &str) -> (SeriesKey, FilmName) {
        let folder_name = self.base.shown_name().unwrap_or_else(|| root_name.to_owned());
        let folder = film::parse(&folder_name, Parts::Keep);
        if let Some(pack) = &self.pack {
            return named(pack.clone());
        }
        let spoken = name.and_then(|name| {
            let title = name.series.clone()?;
            Some(FilmName { title, year: name.year, ..FilmName::default() })
        });
        match spoken {
            Some(spoken) if !self.pinned => {
                let fits = !self.base.is_root() && (folder.certain || same_series(&spoken, &folder));
                // A number that could be anything says less about the series than the folder does.
                if fits || (!is_clear && !self.base.is_root()) {
                    (SeriesKey::Folder(self.base.clone()), folder)
                } else {
                    named(spoken)
                }
            }
            _ => (SeriesKey::Folder(self.base.clone()), folder),
        }
    }

    /// Season, number, last number, date.
    fn count(&self, name: Option<&EpisodeName>) -> (u32, Option<u32>, Option<u32>, Option<NaiveDate>) {
        let Some(name) = name else { return (self.season.unwrap_or(0), None, None, None) };
        match name.numbering {
            Numbering::Date(date) => {
                let season = name.season.or(self.season).unwrap_or(date.year().unsigned_abs());
                // Month and day in one number keep the order, and tell the day.
                (season, Some(date.month() * 100 + date.day()), None, Some(date))
            }
            Numbering::Number(first, last) => {
                let season = name.season.or(self.season).unwrap_or(1);
                // `102` in the folder of season 1 is its second episode.
                let joined = name.season.is_none() && season > 0 && first / 100 == season && first % 100 > 0;
                (season, Some(if joined { first % 100 } else { first }), last, None)
            }
        }
    }
}

/// Whether all folders in this one are called like seasons, and it is not the folder of the source.
fn holds_only_seasons(tree: &Tree, path: &RelativePath) -> bool {
    let Some(folder) = tree.folder(path).filter(|_| !path.is_root()) else { return false };
    folder.folders.iter().all(|name| {
        name.to_str().is_some_and(|name| season::bare(name).is_some() || season::folder(name).is_some())
    })
}

fn same_series(spoken: &FilmName, folder: &FilmName) -> bool {
    let (spoken, folder) = (comparable(&spoken.title), comparable(&folder.title));
    let begins = |long: &str, short: &str| {
        !short.is_empty()
            && long.strip_prefix(short).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    begins(&spoken, &folder) || begins(&folder, &spoken)
}

fn named(name: FilmName) -> (SeriesKey, FilmName) {
    let year = name.year.map_or_else(String::new, |year| format!(" {year}"));
    (SeriesKey::Named(format!("{}{year}", comparable(&name.title))), name)
}

/// What files of one episode in one folder share.
fn key(name: &EpisodeName) -> String {
    let number = match name.numbering {
        Numbering::Date(date) => date.to_string(),
        Numbering::Number(first, last) => {
            let season = name.season.map_or_else(String::new, |season| format!("s{season:02}"));
            let last = last.map_or_else(String::new, |last| format!("-e{last:02}"));
            format!("{season}e{first:02}{last}")
        }
    };
    match &name.series {
        Some(series) => format!("{} {number}", comparable(series)),
        None => number,
    }
}

#[cfg(test)]
#[path = "shows_tests.rs"]
mod tests;
