//! Which files of a folder are which film.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};

use super::ids::Place;
use super::naming::film::{self, FilmName, Parts};
use super::naming::{comparable, stem};
use super::path::RelativePath;
use super::tree::Folder;
use super::versions::{self, Version, VersionFile};
use crate::models::ExternalIds;

/// A film.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Film {
    /// Where it lies.
    pub place: Place,
    /// Title.
    pub title: String,
    /// Year.
    pub year: Option<i32>,
    /// Ids that the names tell.
    pub ids: ExternalIds,
    /// Its files.
    pub versions: Vec<Version>,
    /// Whether it can only be a film; otherwise it is one where films are.
    pub certain: bool,
    /// Whether `poster.jpg` and `movie.nfo` of the folder are its own.
    pub owns_folder: bool,
}

/// Sorts the videos of a folder into films. `folder_name` is the name of the folder.
///
/// A folder with a year is one film: all files that are called as it is, or the only film in it whatever its
/// name. Otherwise files with the same title and year are versions or parts of one film.
pub fn group(path: &RelativePath, folder_name: &str, folder: &Folder, videos: &[&OsStr]) -> Vec<Film> {
    let own = film::parse(folder_name, Parts::Keep);
    let own = Some(own).filter(|own| own.certain);
    let in_parts = confirmed_parts(videos);
    let mut groups: BTreeMap<OsString, Vec<Candidate>> = BTreeMap::new();
    for video in videos {
        let candidate = Candidate::read(video, &in_parts);
        groups.entry(candidate.key.clone()).or_default().push(candidate);
    }

    let mut films = Vec::new();
    if let Some(own) = &own {
        let only = groups.len() == 1;
        let keys: Vec<_> = groups
            .iter()
            .filter(|(_, files)| files.iter().all(|file| file.belongs_to(own, folder_name, only)))
            .map(|(key, _)| key.clone())
            .collect();
        let members: Vec<_> = keys.iter().filter_map(|key| groups.remove(key)).flatten().collect();
        if !members.is_empty() {
            films.push(whole_folder(path, own, members));
        }
    }
    let alone = films.is_empty() && groups.len() == 1 && !path.is_root();
    films.extend(groups.into_iter().map(|(key, files)| some_files(path, key, files, folder, alone)));
    films
}

/// One file with its name read.
struct Candidate {
    file: OsString,
    /// `None` when the name is not UTF-8.
    name: Option<FilmName>,
    key: OsString,
}

impl Candidate {
    fn read(file: &OsStr, parted: &BTreeSet<String>) -> Self {
        let Some(stem) = stem(file) else {
            return Self { file: file.to_owned(), name: None, key: file.to_owned() };
        };
        let split = film::parse(stem, Parts::Split);
        let name = if split.part.is_some() && !parted.contains(&key(&split)) {
            film::parse(stem, Parts::Keep)
        } else {
            split
        };
        let key = if name.title.chars().any(char::is_alphanumeric) { key(&name) } else { stem.to_owned() };
        Self { file: file.to_owned(), name: Some(name), key: key.into() }
    }

    /// Whether it is the film that the folder is named after.
    fn belongs_to(&self, own: &FilmName, folder_name: &str, only: bool) -> bool {
        let Some(name) = &self.name else { return only };
        let same_year = name.year.is_none() || name.year == own.year;
        let same_title = comparable(&name.title) == comparable(&own.title);
        let same_start =
            stem(&self.file).is_some_and(|stem| comparable(stem).starts_with(&comparable(folder_name)));
        let stranger = name.certain && name.year.is_some() && !same_year;
        (same_title && same_year) || same_start || (only && !stranger)
    }
}

/// What files of one film share.
fn key(name: &FilmName) -> String {
    match name.year {
        Some(year) => format!("{} ({year})", comparable(&name.title)),
        None => name.title.to_lowercase(),
    }
}

/// Keys of the films that do come in parts: a first one and a further one. Anything else with a number at its
/// end has it in its title.
fn confirmed_parts(videos: &[&OsStr]) -> BTreeSet<String> {
    let mut parts: BTreeMap<String, BTreeSet<u32>> = BTreeMap::new();
    for name in videos.iter().filter_map(|video| stem(video)) {
        let name = film::parse(name, Parts::Split);
        if let Some(part) = name.part {
            parts.entry(key(&name)).or_default().insert(part);
        }
    }
    parts.into_iter().filter(|(_, parts)| parts.len() > 1 && parts.contains(&1)).map(|(key, _)| key).collect()
}

fn whole_folder(path: &RelativePath, own: &FilmName, files: Vec<Candidate>) -> Film {
    let ids = files
        .iter()
        .filter_map(|file| file.name.as_ref())
        .fold(own.ids.clone(), |ids, name| merge(ids, &name.ids));
    Film {
        place: Place { folder: path.clone(), key: None },
        title: own.title.clone(),
        year: own.year,
        ids,
        versions: collect(files),
        certain: true,
        owns_folder: true,
    }
}

fn some_files(
    path: &RelativePath,
    key: OsString,
    files: Vec<Candidate>,
    folder: &Folder,
    alone: bool,
) -> Film {
    let shown = || key.to_string_lossy().into_owned();
    let name = files.iter().find_map(|file| file.name.clone());
    let name = name.unwrap_or_else(|| FilmName { title: shown_stem(&shown()), ..FilmName::default() });
    let certain = files.iter().any(|file| file.name.as_ref().is_some_and(|name| name.certain));
    let described = files
        .iter()
        .filter_map(|file| stem(&file.file))
        .any(|stem| folder.find(&format!("{stem}.nfo")).is_some());
    let ids = files
        .iter()
        .filter_map(|file| file.name.as_ref())
        .fold(ExternalIds::default(), |ids, name| merge(ids, &name.ids));
    Film {
        place: Place { folder: path.clone(), key: Some(key) },
        title: name.title,
        year: name.year,
        ids,
        versions: collect(files),
        certain: certain || described || (alone && folder.find("movie.nfo").is_some()),
        owns_folder: alone,
    }
}

fn shown_stem(name: &str) -> String {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned()
}

fn merge(ids: ExternalIds, more: &ExternalIds) -> ExternalIds {
    ExternalIds {
        imdb: ids.imdb.or_else(|| more.imdb.clone()),
        tmdb: ids.tmdb.or_else(|| more.tmdb.clone()),
        tvdb: ids.tvdb.or_else(|| more.tvdb.clone()),
    }
}

fn collect(files: Vec<Candidate>) -> Vec<Version> {
    let files = files.into_iter().map(|file| VersionFile {
        label: file.name.as_ref().and_then(|name| name.label.clone()),
        part: file.name.as_ref().and_then(|name| name.part),
        name: file.file,
    });
    versions::collect(files.collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    /// Films as `key: file+part, file`.
    fn films(folder: &str, files: &[&str]) -> Vec<String> {
        let path = RelativePath::decode(&super::super::path::encode(folder.as_ref())).unwrap();
        let entries = Folder { files: files.iter().map(OsString::from).collect(), ..Folder::default() };
        let videos: Vec<_> = files
            .iter()
            .filter(|name| super::super::naming::is_video(name.as_ref()))
            .map(OsStr::new)
            .collect();
        group(&path, folder, &entries, &videos)
            .iter()
            .map(|film| {
                let versions: Vec<_> = film
                    .versions
                    .iter()
                    .map(|version| version.files.join("+".as_ref()).into_string().unwrap())
                    .collect();
                let key = film.place.key.as_ref().map_or("/".into(), |key| key.to_string_lossy());
                format!("{key}: {}", versions.join(", "))
            })
            .collect()
    }

    #[test]
    fn a_folder_with_a_year_is_one_film() {
        assert_eq!(films("Alien (1979)", &["xyz.mkv"]), ["/: xyz.mkv"]);
        assert_eq!(
            films("Alien (1979)", &["Alien (1979) - 1080p.mkv", "Alien (1979) - 4K.mkv"]),
            ["/: Alien (1979) - 4K.mkv, Alien (1979) - 1080p.mkv"]
        );
        assert_eq!(
            films("Alien (1979)", &["Alien (1979) cd1.avi", "Alien (1979) cd2.avi"]),
            ["/: Alien (1979) cd1.avi+Alien (1979) cd2.avi"]
        );
        assert_eq!(films("Alien.1979.1080p.BluRay-GRP", &["grp-alien.mkv"]), ["/: grp-alien.mkv"]);
    }

    #[test]
    fn other_films_in_such_a_folder_are_their_own() {
        assert_eq!(
            films("Box (2010)", &["Alien (1979).mkv", "Aliens (1986).mkv"]),
            ["alien (1979): Alien (1979).mkv", "aliens (1986): Aliens (1986).mkv"]
        );
        assert_eq!(films("Best of (2010)", &["Alien (1979).mkv"]), ["alien (1979): Alien (1979).mkv"]);
        assert_eq!(
            films("Holidays (2019)", &["Beach.mp4", "Hotel.mp4"]),
            ["beach: Beach.mp4", "hotel: Hotel.mp4"]
        );
    }

    #[test]
    fn versions_in_a_common_folder_are_put_together() {
        assert_eq!(
            films("Films", &["Alien.1979.2160p.mkv", "Alien (1979).mkv", "Aliens (1986).mkv"]),
            ["alien (1979): Alien.1979.2160p.mkv, Alien (1979).mkv", "aliens (1986): Aliens (1986).mkv"]
        );
    }

    #[test]
    fn a_number_without_a_first_part_is_a_title() {
        assert_eq!(films("Films", &["Saw part2.mkv"]), ["saw part2: Saw part2.mkv"]);
        assert_eq!(films("Films", &["Saw cd1.mkv", "Saw cd2.mkv"]), ["saw: Saw cd1.mkv+Saw cd2.mkv"]);
    }

    #[test]
    fn a_description_makes_it_a_film() {
        let entries =
            Folder { files: vec!["a.mkv".into(), "a.nfo".into(), "b.mkv".into()], ..Folder::default() };
        let videos = [OsStr::new("a.mkv"), OsStr::new("b.mkv")];
        let films = group(&RelativePath::root(), "x", &entries, &videos);
        assert_eq!(films.iter().map(|film| film.certain).collect::<Vec<_>>(), [true, false]);
    }
}
