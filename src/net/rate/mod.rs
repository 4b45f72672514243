//! Rate limits: how many requests an origin gets at a time, how many a second, and when it wants none.
//!
//! A media server is limited in the number of requests at a time only. An origin that answers 429 or names a
//! limit gets a token bucket as well; plex.tv has one from the start. [`RateLimiter`] is made once and lives as
//! long as the app. Everything but the waiting itself is pure.

use std::time::Duration;

mod bucket;
mod headers;
mod lanes;
mod limiter;
mod limits;

pub use headers::LimitHeaders;
pub(super) use headers::parse_retry_after;
pub use lanes::{Lane, Traffic};
pub use limiter::{Paused, Permit, RateLimiter};

/// No pause that a server asks for is kept longer without asking again: a date in 2099 is a mistake of its
/// clock, not an instruction.
pub const LONGEST_PAUSE: Duration = Duration::from_hours(1);
