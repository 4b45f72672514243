//! What became another in a catalogue: for whoever is told of changes.

use super::model::{Catalogue, ItemNumber};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

/// How a catalogue was.
#[derive(Debug)]
pub(crate) struct Snapshot(Vec<Option<(u32, DateTime<Utc>)>>);

/// What is another now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) added: Vec<ItemNumber>,
    pub(crate) updated: Vec<ItemNumber>,
    pub(crate) removed: Vec<ItemNumber>,
    /// Libraries of all of them.
    pub(crate) libraries: BTreeSet<u32>,
}

impl Snapshot {
    pub(crate) fn of(catalogue: &Catalogue) -> Self {
        Self(
            catalogue
                .items
                .iter()
                .map(|item| Some((item.as_ref()?.library, item.as_ref()?.updated)))
                .collect(),
        )
    }

    /// An item counts as described anew when the time of that is another.
    pub(crate) fn difference(&self, now: &Catalogue) -> Difference {
        let mut found = Difference::default();
        for (place, after) in now.items.iter().enumerate() {
            let number = ItemNumber(u32::try_from(place + 1).unwrap_or(u32::MAX));
            let before = self.0.get(place).copied().flatten();
            let (list, library) = match (before, after) {
                (None, Some(item)) => (&mut found.added, item.library),
                (Some((library, _)), None) => (&mut found.removed, library),
                (Some((_, updated)), Some(item)) if updated != item.updated => {
                    (&mut found.updated, item.library)
                }
                _ => continue,
            };
            list.push(number);
            found.libraries.insert(library);
        }
        found
    }
}

impl Difference {
    pub(crate) fn is_empty(&self) -> bool {
        self.libraries.is_empty()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::catalogue::generator::Recipe;

    #[test]
    fn what_came_went_and_changed_is_told() {
        let mut catalogue = Recipe { films: 3, series: 0, plain: true, ..Recipe::default() }.generate();
        let before = Snapshot::of(&catalogue);
        assert!(before.difference(&catalogue).is_empty());
        let model = catalogue.items[0].clone().unwrap();
        catalogue.remove(ItemNumber(2));
        catalogue.items[2].as_mut().unwrap().updated = Utc::now();
        let added = catalogue.add(|number| crate::catalogue::Item { number, ..model });
        let found = before.difference(&catalogue);
        assert_eq!(
            (found.added, found.updated, found.removed),
            (vec![added], vec![ItemNumber(3)], vec![ItemNumber(2)])
        );
        assert_eq!(found.libraries.into_iter().collect::<Vec<_>>(), [1]);
    }
}
