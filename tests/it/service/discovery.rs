//! Servers are found, and those of a source are found again where they have moved.

use std::time::Duration;

use futures::StreamExt as _;
use gnome_reel::models::{Learnt, SourceId, SourceKind};
use gnome_reel::services::DiscoveryService;
use gnome_reel::services::core::connection::Reach;
use gnome_reel::services::core::monitor::{self, MonitorInput};
use gnome_reel::services::core::{ConnectionService, SourceService};
use gnome_reel::services::discovery::{Discovered, USUAL_LENGTH};
use gnome_reel::services::events::Event;
use reel_testbed::discovery::{Announcement, Manner, Responder};
use tokio::sync::mpsc;

use crate::support::{Bed, Server, ServerKind, carries_credential, drain, films, soon};

on_both!(
    a_server_is_found_with_its_name_and_addresses,
    a_known_server_that_moved_is_found_again,
    what_is_known_is_no_news,
    an_unproven_address_gets_no_request,
    another_server_is_not_learnt,
    the_monitor_looks_at_the_start_and_on_another_network,
);

/// A server that says that it is at an address.
fn announcement(server: &Server, address: &str) -> Announcement {
    match server {
        Server::Jellyfin(jellyfin) => Announcement::Jellyfin {
            id: jellyfin.machine_id().to_owned(),
            name: "Attic".to_owned(),
            address: address.to_owned(),
        },
        Server::Plex(plex) => Announcement::Plex {
            id: plex.machine_id().to_owned(),
            name: "Attic".to_owned(),
            port: address.parse::<url::Url>().unwrap().port().unwrap(),
            hash: None,
        },
    }
}

/// Makes an app ask only this one.
async fn heard_by(bed: &mut Bed, announcement: Announcement) -> Responder {
    let responder = Responder::start(announcement).await.unwrap();
    bed.ctx.discovery = responder.target().parse().unwrap();
    responder
}

async fn first_found(bed: &Bed) -> Discovered {
    let mut answers = std::pin::pin!(DiscoveryService::search(&bed.ctx, Duration::MAX));
    soon(answers.next()).await.unwrap()
}

async fn addresses(bed: &Bed, id: SourceId) -> Vec<(String, Option<Learnt>)> {
    let source = bed.ctx.db.sources().get(id).await.unwrap();
    let connections = source.connections.connections.into_iter();
    connections.map(|connection| (connection.uri.to_string(), connection.learnt)).collect()
}

async fn a_server_is_found_with_its_name_and_addresses(kind: ServerKind) {
    let server = Server::start(kind, films(1)).await;
    let mut bed = Bed::new().await;
    let responder = heard_by(&mut bed, announcement(&server, &server.url())).await;
    let found = first_found(&bed).await;
    let wanted = match kind {
        ServerKind::Plex => SourceKind::Plex,
        ServerKind::Jellyfin => SourceKind::Jellyfin,
    };
    assert_eq!((found.kind, found.name.as_str()), (wanted, "Attic"));
    assert_eq!(found.sender, *responder.address().ip());
    let uris: Vec<String> = found.addresses.iter().map(ToString::to_string).collect();
    assert_eq!(uris, [server.url()]);
    assert!(server.recorder().requests().is_empty(), "being found is no reason to be asked");
}

async fn a_known_server_that_moved_is_found_again(kind: ServerKind) {
    let server = Server::start(kind, films(3)).await;
    let (mut bed, id) = Bed::synced(&server).await;
    let [first, second] = [0, 1].map(|place| server.urls().remove(place));
    server.connection(server.first()).off();
    bed.forget_choice(id).await;
    assert!(bed.try_sync(id).await.is_err());

    let _responder = heard_by(&mut bed, announcement(&server, &second)).await;
    let mut events = bed.ctx.events.subscribe();
    assert_eq!(DiscoveryService::learn(&bed.ctx).await.unwrap(), 1);
    assert!(drain(&mut events).contains(&Event::SourceChanged(id)));
    assert_eq!(addresses(&bed, id).await, [(first, None), (second.clone(), Some(Learnt::Covered))]);
    bed.a_day_passes(id).await;
    assert_eq!(bed.sync(id).await.listed, 3);
    bed.ctx.connections.all_settled().await;
    let source = bed.ctx.db.sources().get(id).await.unwrap();
    assert_eq!(source.connection_url.unwrap().to_string(), second);
    server.assert_identity_first();
}

async fn what_is_known_is_no_news(kind: ServerKind) {
    let server = Server::start(kind, films(1)).await;
    let (mut bed, id) = Bed::with(&server).await;
    let before = addresses(&bed, id).await;
    let responder = heard_by(&mut bed, announcement(&server, &server.url())).await;
    let mut events = bed.ctx.events.subscribe();
    assert_eq!(DiscoveryService::learn(&bed.ctx).await.unwrap(), 0);
    assert_eq!(responder.questions().len(), 3);
    assert_eq!(addresses(&bed, id).await, before);
    assert_eq!(drain(&mut events), []);
}

async fn an_unproven_address_gets_no_request(kind: ServerKind) {
    let server = Server::start(kind, films(1)).await;
    let (mut bed, id) = Bed::with(&server).await;
    // Encrypted and with our server's id, and yet nothing but an answer in the network says that it is our server's.
    let stranger = match &server {
        Server::Jellyfin(_) => announcement(&server, "https://stranger.invalid"),
        Server::Plex(plex) => {
            let hash = Some("0123456789abcdef0123456789abcdef".to_owned());
            let [id, name] = [plex.machine_id(), "Attic"].map(str::to_owned);
            let port = server.url().parse::<url::Url>().unwrap().port().unwrap();
            Announcement::Plex { id, name, port, hash }
        }
    };
    let responder = heard_by(&mut bed, stranger).await;
    assert_eq!(DiscoveryService::learn(&bed.ctx).await.unwrap(), 1);
    drop(responder);
    let known = addresses(&bed, id).await;
    let unproven: Vec<_> = known.iter().filter(|(_, learnt)| *learnt == Some(Learnt::Unproven)).collect();
    assert_eq!(unproven.len(), 1, "{known:?}");
    let uri = unproven[0].0.parse().unwrap();
    bed.forget_choice(id).await;
    bed.sync(id).await;
    bed.ctx.connections.all_settled().await;
    let decision = ConnectionService::explain(&bed.ctx, id).unwrap();
    assert!(decision.attempts.iter().all(|attempt| attempt.candidate.uri != uri));

    // Until the user says so.
    SourceService::accept_unencrypted(&bed.ctx, id, &uri).await.unwrap();
    let source = bed.ctx.db.sources().get(id).await.unwrap();
    let connection = source.connections.connections.iter().find(|known| known.uri == uri).unwrap();
    assert!(connection.may_carry_credentials());
}

async fn another_server_is_not_learnt(kind: ServerKind) {
    let server = Server::start(kind, films(1)).await;
    let (mut bed, id) = Bed::with(&server).await;
    let before = addresses(&bed, id).await;
    let second = server.urls().remove(1);
    let responder = heard_by(&mut bed, announcement(&server, &second)).await;
    responder.set_manner(Manner::WrongId);
    assert_eq!(DiscoveryService::learn(&bed.ctx).await.unwrap(), 0);
    responder.set_manner(Manner::Silent);
    assert_eq!(DiscoveryService::learn(&bed.ctx).await.unwrap(), 0);
    assert_eq!(addresses(&bed, id).await, before);
    let secrets = server.secrets();
    let second = |request: &&reel_testbed::record::RecordedRequest| request.connection != server.first();
    assert!(
        !server
            .recorder()
            .requests()
            .iter()
            .filter(second)
            .any(|request| carries_credential(request, &secrets))
    );
}

async fn the_monitor_looks_at_the_start_and_on_another_network(kind: ServerKind) {
    let server = Server::start(kind, films(1)).await;
    let (mut bed, id) = Bed::with(&server).await;
    let [first, second] = [0, 1].map(|place| server.urls().remove(place));
    server.connection(server.first()).off();
    let responder = heard_by(&mut bed, announcement(&server, &second)).await;
    let mut events = bed.ctx.events.subscribe();
    let (sender, inputs) = mpsc::unbounded_channel();
    sender.send(MonitorInput::Start).unwrap();
    let watching = tokio::spawn(monitor::run(bed.ctx.clone(), inputs));
    let online = || bed.ctx.connectivity.status(id).reach == Reach::Online;
    while !(online() && bed.ctx.connectivity.status(id).uri.is_some_and(|uri| uri.to_string() == second)) {
        soon(events.recv()).await.ok();
    }
    assert_eq!(addresses(&bed, id).await, [(first.clone(), None), (second, Some(Learnt::Covered))]);

    // Back where it was, for who does not know the first any more.
    responder.announce(announcement(&server, &first));
    let forget = |list: &mut gnome_reel::models::ConnectionList| drop(list.connections.remove(0));
    bed.ctx.db.sources().edit_connections(id, forget).await.unwrap();
    bed.ctx.network.note_change();
    while addresses(&bed, id).await.iter().all(|(uri, _)| *uri != first) {
        soon(events.recv()).await.ok();
    }
    drop(sender);
    soon(watching).await.unwrap();
}

#[tokio::test]
async fn without_sources_nobody_is_asked() {
    let server = Server::start(ServerKind::Jellyfin, films(1)).await;
    let mut bed = Bed::new().await;
    let responder = heard_by(&mut bed, announcement(&server, &server.url())).await;
    assert_eq!(DiscoveryService::learn(&bed.ctx).await.unwrap(), 0);
    assert!(responder.questions().is_empty());
}

#[tokio::test]
async fn both_kinds_are_found_in_one_search() {
    let jellyfin = Server::start(ServerKind::Jellyfin, films(1)).await;
    let plex = Server::start(ServerKind::Plex, films(1)).await;
    let mut bed = Bed::new().await;
    let responders = [
        Responder::start(announcement(&jellyfin, &jellyfin.url())).await.unwrap(),
        Responder::start(announcement(&plex, &plex.url())).await.unwrap(),
    ];
    bed.ctx.discovery = responders.each_ref().map(Responder::target).join(",").parse().unwrap();
    let found: Vec<Discovered> = DiscoveryService::search(&bed.ctx, USUAL_LENGTH).collect().await;
    let mut kinds: Vec<&str> = found.iter().map(|found| found.kind.as_str()).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["jellyfin", "plex"], "each once, however often they answer");
}
