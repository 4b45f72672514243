//! What an answer is good for when its server is one of our sources.
//!
//! The server may have moved, so its addresses join the source's list, marked as learnt. Whether a credential may go
//! there is another question. Anybody in the network can send such an answer with the id of our server, which is no
//! secret, and can repeat that id when asked for it: the identity check is one against mistakes. TLS helps no more,
//! for the answer names the host whose certificate would then be checked. So an address is *covered* only where it
//! opens nothing that was closed before:
//!
//! - `https` to a host that a connection of the source has already, learnt from the user, the server or the account;
//! - `https` to a `plex.direct` name with the server's own hash, as it stands in such a connection: only that server
//!   has a certificate for it;
//! - this machine itself, when the answer came from it;
//! - without encryption, only when the user has chosen such an address for this source, and both are in one network
//!   that this machine is in, one where everybody hears a broadcast. Whoever could abuse the new address there
//!   could take the chosen one as easily (by ARP), and gets nothing more. A chosen host *name* covers nothing: it
//!   follows its server by itself.
//!
//! Everything else is *unproven*: listed on the source's page, where the user can allow it, and not even asked for
//! its identity until then.

use std::collections::HashSet;
use std::net::Ipv4Addr;
use std::pin::pin;

use futures::StreamExt as _;
use tracing::{debug, info};
use url::Host;

use super::interfaces::{Interface, present, share_a_network};
use super::{Discovered, MOST_ADDRESSES, USUAL_LENGTH, plex, search};
use crate::models::{ConnectionList, Learnt, ServerConnection, ServerUrl, Source, SourceId};
use crate::services::core::auth::tier_of;
use crate::services::events::Event;
use crate::services::{AppContext, Result};

/// Most learnt addresses of one source.
pub const MOST_LEARNT: usize = 8;

// Or the addresses of one server would push each other out for ever.
const _: () = assert!(MOST_ADDRESSES <= MOST_LEARNT);

/// Looks for the servers of all sources; gives the number of sources that have got a new address.
pub(super) async fn learn(ctx: &AppContext) -> Result<usize> {
    let sources: Vec<Source> = ctx.db.sources().list().await?;
    let sources: Vec<Source> =
        sources.into_iter().filter(|source| source.enabled && source.machine_id.is_some()).collect();
    let mut changed = HashSet::new();
    if sources.is_empty() {
        return Ok(0);
    }
    let mut answers = pin!(search::search(ctx.discovery.clone(), USUAL_LENGTH));
    while let Some(found) = answers.next().await {
        let is_it = |source: &&Source| {
            source.kind == found.kind && source.machine_id.as_ref() == Some(&found.machine_id)
        };
        for source in sources.iter().filter(is_it) {
            match take_in(ctx, source.id, &found).await {
                Ok(true) => {
                    changed.insert(source.id);
                }
                Ok(false) => {}
                // It may have been removed meanwhile; the others are still there.
                Err(error) => debug!(%error, source_id = %source.id, "an answer could not be stored"),
            }
        }
    }
    Ok(changed.len())
}

async fn take_in(ctx: &AppContext, id: SourceId, found: &Discovered) -> Result<bool> {
    let networks = present();
    let mut known = ctx.db.sources().get(id).await?.connections;
    if !merge(&mut known, found, &networks) {
        return Ok(false);
    }
    let merge = |list: &mut ConnectionList| {
        merge(list, found, &networks);
    };
    ctx.db.sources().edit_connections(id, merge).await?;
    info!(source_id = %id, "the server has answered from another address");
    ctx.events.publish(Event::SourceChanged(id));
    Ok(true)
}

/// Adds what is new to a list; tells whether there was something.
fn merge(list: &mut ConnectionList, found: &Discovered, networks: &[Interface]) -> bool {
    let mut changed = false;
    for address in &found.addresses {
        let learnt = if is_covered(list, address, networks) { Learnt::Covered } else { Learnt::Unproven };
        if let Some(known) = list.connections.iter_mut().find(|known| known.uri == *address) {
            if known.learnt == Some(Learnt::Unproven) && learnt == Learnt::Covered {
                known.learnt = Some(learnt);
                changed = true;
            }
        } else if make_room(list) {
            let mut fresh = ServerConnection::new(address.clone(), tier_of(address));
            fresh.learnt = Some(learnt);
            list.connections.push(fresh);
            changed = true;
        }
    }
    changed
}

/// Whether credentials may go to an address that somebody in the network has named: see the module.
fn is_covered(list: &ConnectionList, address: &ServerUrl, networks: &[Interface]) -> bool {
    if address.is_loopback() {
        return true;
    }
    let mut others = list.connections.iter().filter(|known| known.learnt.is_none() || known.is_chosen());
    if address.is_tls() {
        let hash = plex::server_hash(address);
        return others.any(|known| {
            let same_server = hash.is_some() && known.uri.is_tls() && plex::server_hash(&known.uri) == hash;
            same_server || known.uri.host() == address.host()
        });
    }
    let Some(here) = ip(address) else { return false };
    others
        .filter(|known| !known.uri.is_tls() && known.is_chosen())
        .filter_map(|known| ip(&known.uri))
        .any(|chosen| share_a_network(networks, chosen, here))
}

fn ip(address: &ServerUrl) -> Option<Ipv4Addr> {
    match address.host()? {
        Host::Ipv4(ip) => Some(ip),
        Host::Ipv6(_) | Host::Domain(_) => None,
    }
}

/// Makes room for one more learnt address: the oldest that nobody wants and that does not answer goes. Tells whether
/// there is room.
fn make_room(list: &mut ConnectionList) -> bool {
    let learnt = |known: &ServerConnection| known.learnt.is_some() && !known.is_chosen();
    if list.connections.iter().filter(|known| learnt(known)).count() < MOST_LEARNT {
        return true;
    }
    let useless = |known: &ServerConnection| learnt(known) && !known.pinned && !known.is_available;
    list.connections.iter().position(useless).map(|oldest| list.connections.remove(oldest)).is_some()
}

#[cfg(test)]
#[path = "learn_tests.rs"]
mod tests;
