//! What of the home page was read, row by row. Pure.

use crate::services::core::library::{HomeRow, HomeRowKind};
use crate::ui::reading::Reading;

/// A place on the page that is read by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) enum Slot {
    /// A row of the app's own.
    Own(HomeRowKind),
    /// The rows of the servers, behind all others.
    Hubs,
}

/// How many there are.
const COUNT: usize = HomeRowKind::OWN.len() + 1;

/// All of them in their order.
pub(super) const SLOTS: [Slot; COUNT] = {
    let mut slots = [Slot::Hubs; COUNT];
    let mut place = 0;
    while place < HomeRowKind::OWN.len() {
        slots[place] = Slot::Own(HomeRowKind::OWN[place]);
        place += 1;
    }
    slots
};

/// What was read of each.
#[derive(Debug, Default)]
pub(super) struct Slots([State; COUNT]);

#[derive(Debug, Default)]
struct State {
    rows: Vec<HomeRow>,
    answered: bool,
    reading: Reading,
}

impl Slots {
    /// A slot is to be read: whether to begin now, or it is read once more when the reading that runs is over.
    pub(super) fn ask(&mut self, slot: Slot) -> bool {
        self.state(slot).reading.ask()
    }

    /// A slot was read; `None` when that failed. Tells whether its rows are others now, and whether to read it once
    /// more.
    pub(super) fn answer(&mut self, slot: Slot, rows: Option<Vec<HomeRow>>) -> (bool, bool) {
        let state = self.state(slot);
        state.answered = true;
        let once_more = state.reading.end();
        let is_other = rows.as_ref().is_some_and(|rows| *rows != state.rows);
        if let Some(rows) = rows {
            state.rows = rows;
        }
        (is_other, once_more)
    }

    /// Whether each was read once, or could not be.
    pub(super) fn are_answered(&self) -> bool {
        self.0.iter().all(|state| state.answered)
    }

    /// The rows in their order.
    pub(super) fn rows(&self) -> impl Iterator<Item = &HomeRow> {
        self.0.iter().flat_map(|state| &state.rows)
    }

    fn state(&mut self, slot: Slot) -> &mut State {
        let place = SLOTS.iter().position(|known| *known == slot).unwrap_or(COUNT - 1);
        &mut self.0[place]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(kind: HomeRowKind) -> HomeRow {
        HomeRow { kind, title: None, cards: Vec::new(), has_more: false }
    }

    #[test]
    fn rows_stand_in_their_order_whichever_comes_first() {
        let mut slots = Slots::default();
        for slot in SLOTS {
            assert!(slots.ask(slot));
        }
        let [first, second, ..] = HomeRowKind::OWN;
        assert_eq!(slots.answer(Slot::Own(second), Some(vec![row(second)])), (true, false));
        assert_eq!(slots.answer(Slot::Own(first), Some(vec![row(first)])), (true, false));
        let kinds: Vec<_> = slots.rows().map(|row| row.kind).collect();
        assert_eq!(kinds, [first, second]);
        assert!(!slots.are_answered());
    }

    #[test]
    fn a_row_that_cannot_be_read_stays_as_it_is() {
        let mut slots = Slots::default();
        let slot = Slot::Own(HomeRowKind::NextUp);
        slots.ask(slot);
        slots.answer(slot, Some(vec![row(HomeRowKind::NextUp)]));
        slots.ask(slot);
        assert_eq!(slots.answer(slot, None), (false, false));
        assert_eq!(slots.rows().count(), 1);
        slots.ask(slot);
        assert_eq!(slots.answer(slot, Some(Vec::new())), (true, false));
        assert_eq!(slots.rows().count(), 0);
    }

    #[test]
    fn what_is_asked_for_while_it_is_read_is_read_once_more() {
        let mut slots = Slots::default();
        assert!(slots.ask(Slot::Hubs));
        assert!(!slots.ask(Slot::Hubs) && !slots.ask(Slot::Hubs));
        assert_eq!(slots.answer(Slot::Hubs, Some(Vec::new())), (false, true));
        assert!(!slots.ask(Slot::Hubs));
        assert_eq!(slots.answer(Slot::Hubs, None), (false, true));
        assert_eq!(slots.answer(Slot::Hubs, None), (false, false));
        assert!(slots.ask(Slot::Hubs));
    }
}
