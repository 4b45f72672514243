//! Questions to every network, and a server that has got another address from its router.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use futures::StreamExt as _;
use gnome_reel::models::{Learnt, SourceKind};
use gnome_reel::services::core::{AuthService, BackendService};
use gnome_reel::services::discovery::{Audience, Discovered, USUAL_LENGTH};
use gnome_reel::services::{DiscoveryService, ServiceError};
use reel_testbed::discovery::{Announcement, Responder};

use super::{FIRST, Host, SECOND, connect, jellyfin_at, on};
use crate::support::{Bed, PASSWORD, USER};

/// Where the server is after it has moved.
const MOVED: [u8; 4] = [10, 99, 1, 77];
/// Questions of one search in each network.
const ROUNDS: usize = 3;

/// How often each address of this host has asked.
fn askers(responder: &Responder) -> BTreeMap<String, usize> {
    let mut askers = BTreeMap::new();
    for asker in responder.questions() {
        *askers.entry(asker.ip().to_string()).or_default() += 1;
    }
    askers
}

fn each(times: usize) -> BTreeMap<String, usize> {
    ["10.99.1.1", "10.99.2.1"].map(|asker| (asker.to_owned(), times)).into()
}

#[test]
#[ignore = "run by the test above, inside of a namespace"]
fn inside_of_a_namespace() {
    let host = Host::new();
    connect(&host);
    // The first address that is given is the one that answers come from.
    host.ip("addr del 10.99.1.2/24 dev s1");
    host.ip("addr add 10.99.1.77/24 dev s1");
    host.ip("addr add 10.99.1.2/24 dev s1");
    let ((urls, jellyfin, plex), _keep) = on(&host, async || {
        let server = jellyfin_at(&[("before", FIRST), ("after", MOVED)]).await;
        let own = [MOVED, SECOND].map(Ipv4Addr::from);
        let [id, name, address] = [server.machine_id(), "Attic", &server.base_urls()[1]].map(str::to_owned);
        let attic = Announcement::Jellyfin { id, name, address };
        let attic = Responder::start_in_networks(attic, &own).await.unwrap();
        let cellar = Announcement::Plex { id: "9c11".into(), name: "Cellar".into(), port: 32400, hash: None };
        let cellar = Responder::start_in_networks(cellar, &own).await.unwrap();
        let urls = server.base_urls();
        (server, (urls, attic, cellar))
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(async {
        let mut bed = Bed::new().await;
        bed.ctx.discovery = Audience::Network;
        let mut found: Vec<Discovered> = DiscoveryService::search(&bed.ctx, USUAL_LENGTH).collect().await;
        found.retain(|found| found.kind == SourceKind::Plex);
        // Both networks lead to it: the second answer adds an address.
        let mut last: Vec<String> = found[1].addresses.iter().map(ToString::to_string).collect();
        last.sort_unstable();
        assert_eq!(last, ["http://10.99.1.77:32400", "http://10.99.2.2:32400"]);
        assert_eq!(askers(&jellyfin), each(ROUNDS * 2), "two broadcasts");
        assert_eq!(askers(&plex), each(ROUNDS * 3), "multicast and two broadcasts");

        let id = AuthService::add_jellyfin(&bed.ctx, &urls[0], USER, &PASSWORD.into()).await.unwrap();
        host.ip("addr del 10.99.1.2/24 dev s1");
        bed.forget_choice(id).await;
        let error = BackendService::test_connection(&bed.ctx, id).await.unwrap_err();
        assert!(matches!(error, ServiceError::Offline(_)), "{error:?}");
        assert_eq!(DiscoveryService::learn(&bed.ctx).await.unwrap(), 1);
        // In the network of the address that was chosen, and in another one.
        let source = bed.ctx.db.sources().get(id).await.unwrap();
        let learnt = |host: &str| {
            let connections = source.connections.connections.iter();
            let mut of_host = connections.filter(|known| known.uri.as_str().contains(host));
            of_host.next().and_then(|known| known.learnt)
        };
        assert_eq!(learnt("10.99.1.77"), Some(Learnt::Covered));
        assert_eq!(learnt("10.99.2.2"), Some(Learnt::Unproven));
        BackendService::test_connection(&bed.ctx, id).await.unwrap();
        bed.ctx.connections.all_settled().await;
        let source = bed.ctx.db.sources().get(id).await.unwrap();
        assert_eq!(source.connection_url.unwrap().to_string(), urls[1]);
    });
}
