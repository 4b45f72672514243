//! Bounds of one request, by the way it is used. Its time limits are those of the retry policies.

use std::time::Duration;

use super::retry::{RetryPolicy, SlowConnection};

/// Longest time until a connection stands: none takes longer on a network that works.
pub(super) fn connect_timeout(slow: SlowConnection) -> Duration {
    RetryPolicy::DEFAULT.scaled(slow).connect
}

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
    /// A film, its subtitles, a part of either: as long as somebody looks at it.
    Media,
}

impl Profile {
    /// The row of the table of policies whose time limits hold, for the user's patience.
    fn policy(self, slow: SlowConnection) -> RetryPolicy {
        let policy = match self {
            Self::Probe => RetryPolicy::PROBE,
            Self::Interactive => RetryPolicy::INTERACTIVE,
            Self::Background | Self::Image => RetryPolicy::BACKGROUND,
            Self::Media => RetryPolicy::MEDIA,
        };
        policy.scaled(slow)
    }

    /// Longest silence after the connection stands.
    pub fn read_timeout(self, slow: SlowConnection) -> Duration {
        self.policy(slow).read
    }

    /// Longest time for all of it.
    pub fn total_timeout(self, slow: SlowConnection) -> Duration {
        self.policy(slow).total
    }

    /// Most bytes of a body, after decompression.
    pub fn body_limit(self) -> u64 {
        match self {
            Self::Probe => 64 * KIB,
            Self::Interactive | Self::Background => 32 * MIB,
            Self::Image => 20 * MIB,
            Self::Media => u64::MAX,
        }
    }
}
