//! Finding servers in the local network, by asking everybody who is there (`docs/protocols.md#discovery`).
//!
//! - [`interfaces`]: from the networks of this machine to whom is asked. Pure but for one call.
//! - [`jellyfin`], [`plex`]: the question of each kind and how its answers are read. Pure.
//! - [`gather`]: many answers become few servers, within bounds. Pure.
//! - [`search`]: the sockets and the time.
//! - [`learn`]: what of it is good for the sources that are there already.
//!
//! Anybody in the network can answer anything. So an answer is a hint where to ask for an identity and never a
//! reason to send a credential; everything in it is bounded, and what cannot be read is ignored without a word.
//! Neither protocol is defined for IPv6: a server that has such an address still answers by IPv4.

mod answer;
mod audience;
mod gather;
mod interfaces;
mod jellyfin;
mod learn;
mod plex;
mod search;

use std::time::Duration;

use futures::Stream;

pub use audience::{Audience, DISCOVERY_VARIABLE, InvalidAudience};
pub use gather::{Discovered, MOST_ADDRESSES, MOST_PER_SENDER, MOST_SERVERS};
pub use learn::MOST_LEARNT;

use super::{AppContext, Result};

/// How long servers have to answer when nobody says otherwise: the questions take half of it, and who has not
/// answered within two seconds is not there.
pub const USUAL_LENGTH: Duration = Duration::from_secs(3);

/// Finds servers.
pub struct DiscoveryService;

impl DiscoveryService {
    /// Asks until `length` is over or the stream is dropped; `Duration::MAX` asks as long as somebody listens.
    ///
    /// A server comes when it has answered, and again, whole, whenever more is known of it: kind and machine id say
    /// which. That a server is listed proves nothing; ask it for its identity before anything else.
    pub fn search(
        ctx: &AppContext,
        length: Duration,
    ) -> impl Stream<Item = Discovered> + Send + 'static + use<> {
        search::search(ctx.discovery.clone(), length)
    }

    /// Looks for the servers of all sources, so that one that has moved is found again. Gives the number of sources
    /// that have got a new address. See [`learn`] for which of these may get a credential.
    ///
    /// # Errors
    /// When the database cannot be read. A network that does not answer is none.
    pub async fn learn(ctx: &AppContext) -> Result<usize> {
        learn::learn(ctx).await
    }
}
