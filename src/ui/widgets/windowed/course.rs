//! A list on its way to another one.

use std::sync::Arc;

use super::splices::Splice;
use crate::models::MediaId;

/// Ids of a list, in order.
pub(super) type Ids = Arc<[MediaId]>;

/// Ids on their way from one list to another: new ones up to a place, old ones behind it. Between two stretches of a
/// change the list widget sees exactly what it was told.
pub(super) struct Course {
    new: Ids,
    old: Ids,
    /// Where the new ones end, and where the old ones go on.
    seam: (usize, usize),
}

impl Default for Course {
    fn default() -> Self {
        Self::at(Arc::from([]))
    }
}

impl Course {
    /// At the end of the way: this list.
    pub(super) fn at(ids: Ids) -> Self {
        Self { old: Arc::from([]), seam: (ids.len(), 0), new: ids }
    }

    /// How many ids there are now.
    pub(super) fn len(&self) -> usize {
        self.seam.0 + self.old.len().saturating_sub(self.seam.1)
    }

    /// The id at a place now.
    pub(super) fn get(&self, place: usize) -> Option<MediaId> {
        let (new, old) = self.seam;
        if place < new { self.new.get(place).copied() } else { self.old.get(place - new + old).copied() }
    }
    /// At the begin of the way from one list to another.
    pub(super) fn between(old: Ids, new: Ids) -> Self {
        Self { new, old, seam: (0, 0) }
    }

    /// Takes a stretch of the change.
    pub(super) fn pass(&mut self, splice: &Splice) {
        self.seam = ((splice.place + splice.added) as usize, (splice.old_place + splice.removed) as usize);
    }

    /// Where the way leads to.
    pub(super) fn target(&self) -> &Ids {
        &self.new
    }
}
