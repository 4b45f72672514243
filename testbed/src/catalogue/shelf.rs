//! Collections and playlists.

use super::{Catalogue, ItemNumber};
use chrono::{DateTime, TimeDelta, Utc};

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShelfKind {
    /// A collection; Plex has each in one library, that of its first item.
    Collection,
    /// A playlist.
    Playlist,
}

/// One collection or playlist.
#[derive(Debug, Clone)]
pub struct Shelf {
    /// Position in [`Catalogue::shelves`] plus one.
    pub number: u32,
    /// Which of the two.
    pub kind: ShelfKind,
    /// Shown name.
    pub title: String,
    /// What is said of it.
    pub summary: String,
    /// What stands on it, in order.
    pub items: Vec<ItemNumber>,
    /// Whether a rule fills it: then a change of its items gives it no new time.
    pub smart: bool,
    /// When it last changed.
    pub updated: DateTime<Utc>,
}

impl Catalogue {
    /// Adds a collection or playlist and gives its number.
    pub fn add_shelf(&mut self, kind: ShelfKind, title: &str, items: &[ItemNumber]) -> u32 {
        let number = u32::try_from(self.shelves.len() + 1).unwrap_or(u32::MAX);
        self.shelves.push(Some(Shelf {
            number,
            kind,
            title: title.to_owned(),
            summary: String::new(),
            items: items.to_vec(),
            smart: false,
            updated: Utc::now(),
        }));
        number
    }

    /// The collection or playlist with this number, if it was not deleted.
    pub fn shelf(&self, number: u32) -> Option<&Shelf> {
        self.shelves.get(number.checked_sub(1)? as usize)?.as_ref()
    }

    /// Puts other items on a shelf.
    pub fn fill_shelf(&mut self, number: u32, items: &[ItemNumber]) {
        let place = number as usize - 1;
        if let Some(shelf) = self.shelves.get_mut(place).and_then(Option::as_mut) {
            shelf.items = items.to_vec();
            // Servers tell whole seconds.
            shelf.updated = Utc::now().max(shelf.updated + TimeDelta::seconds(1));
        }
    }

    /// Deletes a shelf; what stood on it stays.
    pub fn remove_shelf(&mut self, number: u32) {
        if let Some(place) = self.shelves.get_mut(number as usize - 1) {
            *place = None;
        }
    }

    /// The shelves of a kind by title.
    pub fn shelves_of(&self, kind: ShelfKind) -> Vec<&Shelf> {
        let mut found: Vec<&Shelf> =
            self.shelves.iter().flatten().filter(|shelf| shelf.kind == kind).collect();
        found.sort_by_key(|shelf| (shelf.title.to_lowercase(), shelf.number));
        found
    }

    /// The library that a shelf counts to: that of its first item that exists.
    pub fn library_of_shelf(&self, shelf: &Shelf) -> Option<u32> {
        shelf.items.iter().find_map(|item| self.item(*item)).map(|item| item.library)
    }
}
