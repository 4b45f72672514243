//! Time limits and body bounds, one row for each way a request is used.

use std::time::Duration;

/// No connection takes longer on a network that works.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Servers and proxies close idle connections after 100 s or more.
pub(super) const KEEP_ALIVE: Duration = Duration::from_secs(90);
/// More idle connections than parallel requests are of no use.
pub(super) const IDLE_PER_HOST: usize = 8;
/// A dead pooled connection is noticed after this.
pub(super) const TCP_USER_TIMEOUT: Duration = Duration::from_secs(5);
/// Redirects followed before it counts as a loop.
pub(super) const MOST_REDIRECTS: usize = 5;

const KIB: u64 = 1024;
const MIB: u64 = 1024 * KIB;

/// How a request is used; decides its limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// An identity check in a race.
    Probe,
    /// Somebody waits for it.
    Interactive,
    /// Nobody waits at this moment.
    Background,
    /// A picture.
    Image,
}

impl Profile {
    /// Longest silence after the connection stands.
    pub fn read_timeout(self) -> Duration {
        match self {
            Self::Probe => Duration::from_secs(3),
            Self::Interactive => Duration::from_secs(10),
            Self::Background | Self::Image => Duration::from_secs(30),
        }
    }

    /// Longest time for all of it.
    pub fn total_timeout(self) -> Duration {
        match self {
            Self::Probe => Duration::from_secs(3),
            Self::Interactive => Duration::from_secs(20),
            Self::Background | Self::Image => Duration::from_mins(1),
        }
    }

    /// Most bytes of a body, after decompression.
    pub fn body_limit(self) -> u64 {
        match self {
            Self::Probe => 64 * KIB,
            Self::Interactive | Self::Background => 32 * MIB,
            Self::Image => 20 * MIB,
        }
    }
}
