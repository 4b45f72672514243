//! Which connection to try first, and which to use. Pure: no I/O, no clock.
//!
//! - [`score()`]: one number for a connection.
//! - [`order`]: who starts when in a race.
//! - [`choice`]: which of the answers to use, and by which rule.
//! - [`stability`]: when to leave a connection that works for a better one.

pub mod choice;
pub mod order;
pub mod score;
pub mod stability;

use std::time::Duration;

pub use choice::{Rule, choose};
pub use order::{Candidate, race_order, start_offsets};
pub use score::score;
pub use stability::{Stability, Switch};

/// Most attempts in flight in one race. The user may set another number.
pub const MOST_PARALLEL: usize = 8;
/// Most candidates of one race: a list that is longer is damaged or hostile.
pub const MOST_CANDIDATES: usize = 64;
/// The next attempt starts after this without history of the one before.
pub const STAGGER: Duration = Duration::from_millis(250);
/// Least wait before the next attempt.
pub const SHORTEST_STAGGER: Duration = Duration::from_millis(100);
/// How long a better tier may still arrive after the first success.
pub const BETTER_TIER_GRACE: Duration = Duration::from_millis(100);
/// What answers slower than this from behind a gateway is not in the own network, whatever its list says: a second
/// network at home is faster.
pub const SLOWEST_LOCAL: Duration = Duration::from_millis(50);
/// A relay may win only after this, unless every direct candidate has failed.
pub const RELAY_HANDICAP: Duration = Duration::from_millis(1500);
/// When nothing has answered after this, a slower second pass begins.
pub const FIRST_PASS: Duration = Duration::from_secs(3);
/// When all have failed outright sooner, the second pass begins after this: a server that starts again needs a
/// moment.
pub const SECOND_LOOK_AFTER: Duration = Duration::from_millis(500);
/// How long one attempt of the second pass may take: connecting, TLS and the answer.
pub const PATIENT_ATTEMPT: Duration = Duration::from_secs(8);
/// How long a race may take with both passes.
pub const WHOLE_RACE: Duration = Duration::from_secs(20);

/// How long a verdict is valid.
pub const VERDICT_VALIDITY: Duration = Duration::from_secs(30);
/// Successes renew a verdict at most this often: each renewal is a write.
pub const RENEWAL_INTERVAL: Duration = Duration::from_secs(10);
/// How long an expired verdict may still be used at once.
pub const VERDICT_GRACE: Duration = Duration::from_mins(5);

/// Least wait for the head of an answer before the connection is doubted.
pub const SHORTEST_HEDGE: Duration = Duration::from_millis(250);
/// Round trips after which it is doubted: enough for a queue in front of a busy disk.
pub const HEDGE_ROUND_TRIPS: u32 = 4;
/// Least time that the connection in doubt gets to answer for itself.
pub const SHORTEST_DOUBT: Duration = Duration::from_millis(40);

/// How long to wait for the head of an answer over a connection with this round-trip time before the others
/// are asked, too.
pub fn hedge_delay(rtt: Duration) -> Duration {
    (rtt * HEDGE_ROUND_TRIPS).max(SHORTEST_HEDGE)
}

/// How long a connection in doubt may take to say who it is, once another one has answered.
pub fn doubt(rtt: Duration) -> Duration {
    (rtt * HEDGE_ROUND_TRIPS).max(SHORTEST_DOUBT)
}
