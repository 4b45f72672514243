//! Sets of films that descriptions name (`<set>` of a film's NFO), as collections.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use futures::StreamExt as _;

use super::contents::Entry;
use super::ids::LocalId;
use super::naming::comparable;
use super::nfo::NfoSet;
use super::reader::{FILES_AT_ONCE, FolderReader};
use super::records;
use crate::backends::{Result, ShelfListing};
use crate::models::{LibraryKind, ListedShelf, RemoteId, ShelfRecord};

/// Begins the id of a set within a folder.
const PREFIX: &str = "set:";

/// What listing a film has told of its set.
enum Noted {
    /// It was not listed.
    Nothing,
    /// The set, if it is of one.
    Set(Option<NfoSet>),
}

impl FolderReader {
    /// The sets of this folder with their films, by name. What listing the films has told already is not read again.
    pub async fn sets(&self) -> Result<ShelfListing> {
        let context = "list collections";
        let contents = self.contents(context).await?;
        let films = &contents.catalogue.films;
        let is_shown = contents.kinds(&self.spec().known).contains(&LibraryKind::Movies);
        let count = if is_shown { films.len() } else { 0 };
        let found: Vec<(RemoteId, Option<NfoSet>)> = futures::stream::iter(0..count)
            .map(|position| {
                let contents = Arc::clone(&contents);
                let id = LocalId::Movie(films[position].place.clone()).remote();
                let noted = self.noted_set(&id);
                async move {
                    if let Noted::Set(set) = noted {
                        return Ok((id, set));
                    }
                    let read = move || {
                        let film = contents.catalogue.films.get(position).map(Entry::Film);
                        Ok(film.and_then(|film| contents.describe(film)).and_then(|described| described.set))
                    };
                    Ok((id, self.blocking(context, read).await?))
                }
            })
            .buffered(FILES_AT_ONCE)
            .collect::<Vec<_>>()
            .await
            .into_iter()
            .collect::<Result<_>>()?;
        Ok(ShelfListing { shelves: self.shelved(found), is_complete: contents.tree.unreadable == 0 })
    }

    /// Keeps what listing a film has told of its set.
    pub(super) fn note_set(&self, film: RemoteId, set: Option<NfoSet>) {
        self.sets.lock().unwrap_or_else(PoisonError::into_inner).insert(film, set);
    }

    fn noted_set(&self, film: &RemoteId) -> Noted {
        let sets = self.sets.lock().unwrap_or_else(PoisonError::into_inner);
        sets.get(film).map_or(Noted::Nothing, |set| Noted::Set(set.clone()))
    }

    fn shelved(&self, films: Vec<(RemoteId, Option<NfoSet>)>) -> Vec<ListedShelf> {
        let number = self.spec().number;
        let mut shelves: BTreeMap<String, ListedShelf> = BTreeMap::new();
        for (film, set) in films.into_iter().filter_map(|(film, set)| Some((film, set?))) {
            let key = comparable(&set.name);
            let shelf = shelves.entry(key.clone()).or_insert_with(|| {
                let id = records::tagged(number, &RemoteId::new(format!("{PREFIX}{key}")));
                ListedShelf { record: ShelfRecord::new(id, set.name), items: Some(Vec::new()) }
            });
            let summary = &mut shelf.record.summary;
            *summary = summary.take().or(set.overview);
            shelf.items.get_or_insert_default().push(records::tagged(number, &film));
        }
        shelves.into_values().collect()
    }
}
