//! What an incremental sync asks for.

use chrono::{DateTime, TimeDelta, Utc};

use super::ItemPage;

/// Clocks differ, and a change is stored a little after it was stamped: so much earlier is looked again.
pub const OVERLAP: TimeDelta = TimeDelta::minutes(2);

/// Which items of a library are wanted, of one kind. Moments are by the server's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delta {
    /// Whose description changed at this moment or later; new ones among them.
    Described(DateTime<Utc>),
    /// Which this user has played at this moment or later.
    Played(DateTime<Utc>),
    /// Which this user has left in the middle, whenever.
    Begun,
    /// Which this user has marked as favourites, whenever.
    Favourites,
}

/// A part of the answer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DeltaPage {
    /// The items. Some may be older than what was asked for: servers can be asked for an order only.
    pub page: ItemPage,
    /// Whether nothing that was asked for comes behind them.
    pub is_last: bool,
}

impl DeltaPage {
    /// No item at all.
    pub fn nothing() -> Self {
        Self { page: ItemPage::default(), is_last: true }
    }
}
