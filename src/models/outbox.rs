//! Changes that a server has to learn of.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::UserRating;

/// One change. Always the value itself, never a difference, so that bringing it twice does no harm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum OutboxChange {
    /// Where an item was left.
    Position {
        /// The place.
        position: Duration,
        /// Length of the item, when known.
        duration: Option<Duration>,
        /// When it was left there.
        at: DateTime<Utc>,
    },
    /// Watched or not; on a series or season all of it.
    Watched {
        /// Which.
        watched: bool,
        /// When it was marked.
        at: DateTime<Utc>,
    },
    /// Favourite or not.
    Favourite {
        /// Which.
        favourite: bool,
    },
    /// The user's own rating.
    Rating {
        /// Which; `None` takes it back.
        rating: Option<UserRating>,
    },
}

impl OutboxChange {
    /// The word for the kind of change: changes of one kind replace each other.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Position { .. } => "position",
            Self::Watched { .. } => "watched",
            Self::Favourite { .. } => "favourite",
            Self::Rating { .. } => "rating",
        }
    }
}
