//! Trailers and the like of a film or a series: in folders of their own beside it, or named after it.
//! Everything here blocks.

use std::ffi::OsStr;

use super::contents::{Contents, Entry};
use super::ids::{LocalId, Place, SeriesKey};
use super::naming::extras::{self, kind_of_folder, kind_of_video};
use super::naming::{comparable, is_video, stem, tidy};
use super::path::RelativePath;
use super::tree::Tree;
use crate::backends::ExtraRecord;
use crate::models::{ExtraKind, ItemKind, ItemRecord};

/// More than these are a library of their own.
const MOST: usize = 100;

impl Contents {
    /// The extras of an item, those in folders last; each kind by name.
    pub fn extras(&self, entry: Entry<'_>) -> Vec<ExtraRecord> {
        let (folder, owns_folder, title) = match entry {
            Entry::Film(film) => (&film.place.folder, film.owns_folder, film.title.as_str()),
            Entry::Series(series) => match &series.key {
                SeriesKey::Folder(folder) => (folder, true, series.name.title.as_str()),
                SeriesKey::Named(_) => return Vec::new(),
            },
            _ => return Vec::new(),
        };
        let mut found = self.named_after(folder, title, owns_folder);
        if owns_folder {
            found.extend(self.in_folders(folder));
        }
        found.truncate(MOST);
        let parent = entry.id().remote();
        found
            .into_iter()
            .filter_map(|extra| {
                let item = ItemRecord { parent: Some(parent.clone()), ..self.extra(&extra)? };
                Some(ExtraRecord { kind: extra.kind, item })
            })
            .collect()
    }

    /// Files of a folder whose names say that they are extras: all where the folder is one title's, else those that
    /// begin as the title does.
    fn named_after(&self, folder: &RelativePath, title: &str, owns_folder: bool) -> Vec<Found> {
        let Some(entries) = self.tree.folder(folder) else { return Vec::new() };
        let files = entries.files.iter().filter(|file| is_video(file));
        files
            .filter_map(|file| {
                let (head, kind) = kind_of_video(stem(file)?)?;
                let is_of_title = comparable(head).starts_with(&comparable(title));
                let name = if is_of_title || head.is_empty() { word(kind).to_owned() } else { tidy(head) };
                (owns_folder || is_of_title).then(|| Found::new(folder, file, kind, name))
            })
            .collect()
    }

    /// The videos in folders of extras.
    fn in_folders(&self, folder: &RelativePath) -> Vec<Found> {
        let Some(entries) = self.tree.folder(folder) else { return Vec::new() };
        let mut found = Vec::new();
        for name in entries.folders.iter().filter(|name| name.to_str().and_then(extras::folder).is_some()) {
            let inside = folder.child(name);
            let Ok(tree) = Tree::read_one(&self.root, &inside) else { continue };
            let Some(entries) = tree.folder(&inside) else { continue };
            let by_folder = kind_of_folder(&name.to_string_lossy());
            for file in entries.files.iter().filter(|file| is_video(file)) {
                let shown = stem(file).map_or_else(|| file.to_string_lossy().into_owned(), str::to_owned);
                let (head, kind) = kind_of_video(&shown).unwrap_or((&shown, by_folder));
                let title = Some(tidy(head)).filter(|title| !title.is_empty());
                found.push(Found::new(&inside, file, kind, title.unwrap_or_else(|| word(kind).to_owned())));
            }
        }
        found
    }

    /// The item; `None` when its file has gone since.
    fn extra(&self, extra: &Found) -> Option<ItemRecord> {
        let path = extra.folder.child(&extra.file);
        let stamp = self.stamp(&path)?;
        let place = Place { folder: extra.folder.clone(), key: Some(extra.file.clone()) };
        let mut item = ItemRecord::new(LocalId::Extra(place).remote(), ItemKind::Extra, &extra.title);
        item.duration = self.probes.facts(&path, stamp).duration;
        item.images.primary = self.probes.thumbnail(&path, stamp);
        Some(item)
    }
}

/// A file that is an extra.
#[derive(Debug)]
struct Found {
    folder: RelativePath,
    file: std::ffi::OsString,
    kind: ExtraKind,
    title: String,
}

impl Found {
    fn new(folder: &RelativePath, file: &OsStr, kind: ExtraKind, title: String) -> Self {
        Self { folder: folder.clone(), file: file.to_owned(), kind, title }
    }
}

/// What an extra without a name of its own is called, in English as the seasons of folders are.
fn word(kind: ExtraKind) -> &'static str {
    match kind {
        ExtraKind::Trailer => "Trailer",
        ExtraKind::BehindTheScenes => "Behind the Scenes",
        ExtraKind::DeletedScene => "Deleted Scene",
        ExtraKind::Interview => "Interview",
        ExtraKind::Scene => "Scene",
        ExtraKind::Featurette => "Featurette",
        ExtraKind::Short => "Short",
        ExtraKind::Other => "Extra",
    }
}
