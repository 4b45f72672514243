//! How every source stands now, for whoever shows it: a picture in memory, told of by events.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::Instant;

use crate::models::{ServerUrl, SourceId, Tier};
use crate::net::ErrorKind;
use crate::services::events::{Event, Events};

/// How a source stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Reach {
    /// Not looked at yet in this run.
    #[default]
    Unknown,
    /// Its connections are being tried.
    Checking,
    /// It answers.
    Online,
    /// Its last check failed; another follows soon.
    Suspect,
    /// No connection works.
    Offline,
    /// It answers, and its token is dead.
    SignInNeeded,
    /// It answers with a certificate that nothing vouches for.
    CertificateProblem,
    /// The network wants a sign-in first.
    CaptivePortal,
}

impl Reach {
    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Checking => "checking",
            Self::Online => "online",
            Self::Suspect => "suspect",
            Self::Offline => "offline",
            Self::SignInNeeded => "sign-in-needed",
            Self::CertificateProblem => "certificate-problem",
            Self::CaptivePortal => "captive-portal",
        }
    }

    /// Whether requests have a chance.
    pub fn is_usable(self) -> bool {
        matches!(self, Self::Unknown | Self::Checking | Self::Online | Self::Suspect)
    }

    /// Whether nothing of the source can be reached.
    pub fn is_down(self) -> bool {
        matches!(self, Self::Offline | Self::CertificateProblem | Self::CaptivePortal)
    }
}

/// A repetition that is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retrying {
    /// Number of the attempt that comes next; the first one is 1.
    pub attempt: u32,
    /// How many there are at most; `None` for as many as it takes.
    pub of: Option<u32>,
    /// How long until it begins.
    pub delay: Duration,
    /// Why the one before failed.
    pub kind: ErrorKind,
}

/// Whether a server tells what happens there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum LiveState {
    /// Nobody asks it to.
    #[default]
    Off,
    /// Its socket is being opened.
    Connecting,
    /// It does.
    Connected,
    /// It could not be asked; another attempt follows.
    Waiting,
}

impl LiveState {
    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Connecting => "connecting",
            Self::Connected => "connected",
            Self::Waiting => "waiting",
        }
    }
}

/// How one source stands.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceStatus {
    /// Which source.
    pub source_id: SourceId,
    /// How it stands.
    pub reach: Reach,
    /// The connection in use.
    pub uri: Option<ServerUrl>,
    /// How near that is.
    pub tier: Option<Tier>,
    /// Its last round-trip time.
    pub rtt: Option<Duration>,
    /// Since when it stands so.
    pub since: DateTime<Utc>,
    /// Kind of the last failure, until the next success.
    pub last_error: Option<ErrorKind>,
    /// When the monitor looks next.
    pub next_check: Option<Instant>,
    /// An operation that is about to be repeated.
    pub retry: Option<Retrying>,
    /// Until when the server wants no requests.
    pub limited_until: Option<DateTime<Utc>>,
    /// Whether its server tells what happens there.
    pub live: LiveState,
}

impl SourceStatus {
    fn new(source_id: SourceId) -> Self {
        Self {
            source_id,
            reach: Reach::Unknown,
            uri: None,
            tier: None,
            rtt: None,
            since: Utc::now(),
            last_error: None,
            next_check: None,
            retry: None,
            limited_until: None,
            live: LiveState::Off,
        }
    }

    /// Whether somebody who looks at `self` would see something else than at `other`. Times change with every
    /// check and are read when something else is told.
    fn looks_like(&self, other: &Self) -> bool {
        let Self {
            source_id,
            reach,
            uri,
            tier,
            rtt: _,
            since: _,
            last_error,
            next_check: _,
            retry,
            limited_until,
            live,
        } = self;
        (source_id, reach, uri, tier, last_error, retry, limited_until, live)
            == (
                &other.source_id,
                &other.reach,
                &other.uri,
                &other.tier,
                &other.last_error,
                &other.retry,
                &other.limited_until,
                &other.live,
            )
    }
}

/// The picture of all sources. Cheap to clone; all clones share it.
#[derive(Debug, Clone)]
pub struct Connectivity {
    picture: Arc<Mutex<Picture>>,
    events: Events,
}

#[derive(Debug, Default)]
struct Picture {
    sources: HashMap<SourceId, SourceStatus>,
    /// Removed or switched off: what is still under way there is nobody's business.
    left: HashSet<SourceId>,
}

impl Connectivity {
    /// An empty picture that tells of changes here.
    pub fn new(events: Events) -> Self {
        Self { picture: Arc::default(), events }
    }

    /// How a source stands.
    pub fn status(&self, source: SourceId) -> SourceStatus {
        self.lock().sources.get(&source).cloned().unwrap_or_else(|| SourceStatus::new(source))
    }

    /// How every source stands that was looked at in this run.
    pub fn all(&self) -> Vec<SourceStatus> {
        self.lock().sources.values().cloned().collect()
    }

    /// Changes what is known of a source, and tells of it when it can be seen. Gives how it stood before. Of a source
    /// that was left nothing is taken in.
    pub fn update(&self, source: SourceId, change: impl FnOnce(&mut SourceStatus)) -> Reach {
        let (before, seen) = {
            let mut picture = self.lock();
            if picture.left.contains(&source) {
                return Reach::Unknown;
            }
            let status = picture.sources.entry(source).or_insert_with(|| SourceStatus::new(source));
            let before = status.clone();
            change(status);
            if status.reach != before.reach {
                status.since = Utc::now();
            }
            (before.reach, !status.looks_like(&before))
        };
        if seen {
            self.events.publish(Event::StatusChanged(source));
        }
        before
    }

    /// Forgets a source that was removed or switched off, and what is still to come of it.
    pub fn leave(&self, source: SourceId) {
        let mut picture = self.lock();
        picture.sources.remove(&source);
        picture.left.insert(source);
    }

    /// A source takes part again.
    pub fn welcome(&self, source: SourceId) {
        self.lock().left.remove(&source);
    }

    fn lock(&self) -> MutexGuard<'_, Picture> {
        self.picture.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_seen_is_told() {
        let events = Events::default();
        let mut told = events.subscribe();
        let connectivity = Connectivity::new(events);
        let source = SourceId::random();
        connectivity.update(source, |status| status.reach = Reach::Online);
        assert_eq!(told.try_recv().unwrap(), Event::StatusChanged(source));
        connectivity.update(source, |status| status.rtt = Some(Duration::from_millis(3)));
        assert!(told.try_recv().is_err());
        assert_eq!(connectivity.status(source).rtt, Some(Duration::from_millis(3)));
        let before = connectivity.update(source, |status| status.reach = Reach::Offline);
        assert_eq!(before, Reach::Online);
        assert_eq!(told.try_recv().unwrap(), Event::StatusChanged(source));
    }

    #[test]
    fn what_ends_late_says_nothing_of_a_source_that_was_left() {
        let events = Events::default();
        let mut told = events.subscribe();
        let connectivity = Connectivity::new(events);
        let source = SourceId::random();
        connectivity.leave(source);
        connectivity.update(source, |status| status.reach = Reach::Online);
        assert_eq!(connectivity.status(source).reach, Reach::Unknown);
        assert!(told.try_recv().is_err());
        connectivity.welcome(source);
        connectivity.update(source, |status| status.reach = Reach::Online);
        assert_eq!(connectivity.status(source).reach, Reach::Online);
    }
}
