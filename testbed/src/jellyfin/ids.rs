//! Ids of 32 hex digits that lead back to what they name, without a table.

use crate::catalogue::ItemNumber;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// Odd, so that multiplying by it can be undone: neighbours in a catalogue get ids far apart.
const SCRAMBLE: u32 = 0x9E37_79B1;
const UNSCRAMBLE: u32 = inverse(SCRAMBLE);

/// Digits of an id that carry the number; the rest tells the server and what is named.
const NUMBER_DIGITS: usize = 8;

/// What an id of an item may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Named {
    /// An item of the catalogue, which may have been deleted.
    Item(ItemNumber),
    /// A library, by number.
    Library(u32),
}

/// The ids of one server: another server has others for the same items.
#[derive(Debug, Clone)]
pub(crate) struct Ids {
    server: String,
    item_tail: String,
    library_tail: String,
    shelf_tail: String,
}

impl Ids {
    pub(crate) fn of_server(machine_id: &str) -> Self {
        let tail = |what: &str| hash(&[what, machine_id]).split_off(NUMBER_DIGITS);
        Self {
            server: machine_id.to_owned(),
            item_tail: tail("item"),
            library_tail: tail("library"),
            shelf_tail: tail("shelf"),
        }
    }

    pub(crate) fn item(&self, item: ItemNumber) -> String {
        format!("{:08x}{}", item.0.wrapping_mul(SCRAMBLE), self.item_tail)
    }

    pub(crate) fn library(&self, number: u32) -> String {
        format!("{:08x}{}", number.wrapping_mul(SCRAMBLE), self.library_tail)
    }

    pub(crate) fn shelf(&self, number: u32) -> String {
        format!("{:08x}{}", number.wrapping_mul(SCRAMBLE), self.shelf_tail)
    }

    /// The number of the collection or playlist that an id names.
    pub(crate) fn read_shelf(&self, id: &str) -> Option<u32> {
        let id = plain(id);
        let (number, tail) = id.split_at_checked(NUMBER_DIGITS)?;
        let number = u32::from_str_radix(number, 16).ok()?.wrapping_mul(UNSCRAMBLE);
        (tail == self.shelf_tail).then_some(number)
    }

    pub(crate) fn user(&self, name: &str) -> String {
        hash(&["user", &self.server, name])
    }

    /// The id of a person, a genre or another thing that is only a name.
    pub(crate) fn name(&self, kind: &str, name: &str) -> String {
        hash(&[kind, &self.server, name])
    }

    /// What an id names, with or without dashes.
    pub(crate) fn read(&self, id: &str) -> Option<Named> {
        let id = plain(id);
        let (number, tail) = id.split_at_checked(NUMBER_DIGITS)?;
        let number = u32::from_str_radix(number, 16).ok()?.wrapping_mul(UNSCRAMBLE);
        if tail == self.item_tail {
            Some(Named::Item(ItemNumber(number)))
        } else if tail == self.library_tail {
            Some(Named::Library(number))
        } else {
            None
        }
    }
}

/// A GUID as the server writes it: small letters, no dashes.
pub(crate) fn plain(id: &str) -> String {
    id.chars().filter(|digit| *digit != '-').map(|digit| digit.to_ascii_lowercase()).collect()
}

/// 32 hex digits made from texts.
pub(crate) fn hash(parts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.as_bytes());
        digest.update([0]);
    }
    digest.finalize().iter().take(16).fold(String::with_capacity(32), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A random secret of 32 hex digits.
pub(crate) fn secret() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}

/// The number that undoes a multiplication by an odd one, modulo 2³² (Newton's iteration).
const fn inverse(odd: u32) -> u32 {
    let mut found = odd;
    let mut round = 0;
    while round < 5 {
        found = found.wrapping_mul(2_u32.wrapping_sub(odd.wrapping_mul(found)));
        round += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_go_there_and_back() {
        let ids = Ids::of_server("4f3a9c0d5b7e4c1f8a2b6d9e0c1f2a3b");
        for number in [1, 2, 77, 100_000, u32::MAX] {
            let id = ids.item(ItemNumber(number));
            assert_eq!(id.len(), 32);
            assert_eq!(ids.read(&id), Some(Named::Item(ItemNumber(number))));
            let dashed = format!("{}-{}", &id[..8], &id[8..]).to_uppercase();
            assert_eq!(ids.read(&dashed), Some(Named::Item(ItemNumber(number))));
        }
        assert_eq!(ids.read(&ids.library(2)), Some(Named::Library(2)));
        for strange in ["", "film", "ééééééééé", "00000000000000000000000000000000"] {
            assert_eq!(ids.read(strange), None, "{strange}");
        }
    }

    #[test]
    fn servers_do_not_share_ids() {
        let (one, other) = (Ids::of_server("1"), Ids::of_server("2"));
        assert_eq!(other.read(&one.item(ItemNumber(1))), None);
        assert_ne!(one.user("ana"), other.user("ana"));
    }
}
