//! What somebody can do to a connection of the demo.

use crate::connection::{Connection, Link};
use crate::faults::Fault;
use crate::tls::Served;
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::time::Duration;

/// The round trip of a slow connection.
const SLOW: Duration = Duration::from_secs(2);
/// The period of a flapping connection.
const FLAPPING: Duration = Duration::from_secs(2);
/// The id of whoever answers in place of a server.
const STRANGER: &str = "00000000000000000000000000000bad";

/// How a connection is; the last two are for a whole server, those about certificates for connections with TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// As it should be.
    #[default]
    On,
    /// Refuses.
    Off,
    /// Accepts and never answers; what is open stops answering.
    Silent,
    /// Does not even accept.
    BlackHole,
    /// Resets.
    Reset,
    /// A round trip takes two seconds.
    Slow,
    /// Refuses every other second.
    Flapping,
    /// A sign-in page of the network answers.
    Captive,
    /// Another server answers.
    Stranger,
    /// Every answer is 503.
    Failing,
    /// Its certificate is its own authority.
    SelfSigned,
    /// The same with another key.
    ChangedCertificate,
    /// Its certificate has expired.
    ExpiredCertificate,
    /// Only the relay is left.
    RelayOnly,
    /// The sign-in is over; a new one is needed.
    SignOut,
}

impl State {
    /// What handshakes get in this state, where it is about that.
    pub(super) fn served(self) -> Option<Served> {
        match self {
            Self::SelfSigned => Some(Served::SelfSigned(1)),
            Self::ChangedCertificate => Some(Served::SelfSigned(2)),
            Self::ExpiredCertificate => Some(Served::Expired),
            _ => None,
        }
    }

    /// Brings one connection into the state. `distance` is its usual round trip.
    pub(super) fn apply(self, connection: &Connection, distance: Duration) {
        connection.on();
        connection.set_round_trip(distance);
        match self {
            Self::On | Self::SignOut => {}
            Self::RelayOnly if connection.reach() == crate::connection::Reach::Relay => {}
            Self::Off | Self::RelayOnly => connection.off(),
            Self::Silent => connection.set_link(Link::Silent),
            Self::BlackHole => connection.set_link(Link::BlackHole),
            Self::Reset => connection.set_link(Link::Reset),
            Self::Slow => connection.set_round_trip(SLOW),
            Self::Flapping => connection.flap(FLAPPING),
            Self::Captive => connection.fault(Fault::portal_redirect()),
            Self::Stranger => connection.fault(Fault::Stranger(STRANGER.to_owned())),
            Self::Failing => connection.fault(Fault::unavailable(None)),
            Self::SelfSigned | Self::ChangedCertificate | Self::ExpiredCertificate => {
                self.served().into_iter().for_each(|served| connection.serve(served));
            }
        }
        let in_front = matches!(self, Self::Captive | Self::Stranger | Self::Failing | Self::Slow);
        if in_front || self.served().is_some() {
            // What is in front of a server does not take over its open sockets.
            connection.reset_open();
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.to_possible_value();
        formatter.pad(value.as_ref().map_or("", |value| value.get_name()))
    }
}
