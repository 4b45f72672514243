//! The best way to a server, and never a credential to another.

use gnome_reel::net::ErrorKind;
use gnome_reel::services::ServiceError;
use gnome_reel::services::core::connection::ConnectionService;
use gnome_reel::services::core::{BackendService, SourceService};
use gnome_reel::services::events::{ChangeReason, Event};
use reel_testbed::catalogue::ItemNumber;
use reel_testbed::faults::Fault;
use reel_testbed::jellyfin::JellyfinServer;
use reel_testbed::plex::PlexServer;

use crate::support::{Bed, PASSWORD, Server, ServerKind, TOKEN, USER, carries_credential, drain, films};

on_both!(
    a_dead_connection_is_left,
    a_sync_goes_on_over_another_connection,
    no_connection_is_offline_and_loses_nothing,
    another_server_gets_no_credential,
    the_address_of_another_server_is_refused,
    every_connection_is_reported,
);

/// A synced source that knows both addresses and uses the first.
async fn with_two(server: &Server) -> (Bed, gnome_reel::models::SourceId) {
    let (bed, id) = Bed::synced(server).await;
    SourceService::add_address(&bed.ctx, id, &server.urls()[1]).await.unwrap();
    (bed, id)
}

async fn a_dead_connection_is_left(kind: ServerKind) {
    let server = Server::start(kind, films(3)).await;
    let (bed, id) = with_two(&server).await;
    let item = bed.item(id, &server.remote_id(ItemNumber(1))).await;
    let mut events = bed.ctx.events.subscribe();
    server.faults().add(server.first(), "/", Fault::Close);
    BackendService::get_details(&bed.ctx, item.id).await.unwrap();
    // A race serves before it is written down.
    bed.ctx.connections.all_settled().await;
    let changes: Vec<_> = drain(&mut events)
        .into_iter()
        .filter_map(|event| match event {
            Event::ConnectionChanged { old_url, new_url, reason, .. } => {
                Some((old_url.unwrap().to_string(), new_url.to_string(), reason))
            }
            _ => None,
        })
        .collect();
    let urls = server.urls();
    assert_eq!(changes, [(urls[0].clone(), urls[1].clone(), ChangeReason::Failover)]);
    let source = bed.ctx.db.sources().get(id).await.unwrap();
    assert_eq!(source.connection_url.unwrap().to_string(), urls[1]);
    assert!(source.is_online);
    server.assert_identity_first();
}

async fn a_sync_goes_on_over_another_connection(kind: ServerKind) {
    let server = Server::start(kind, films(20)).await;
    let (bed, id) = with_two(&server).await;
    server.faults().add(server.first(), &server.listing_path(1), Fault::Close);
    server.faults().add(server.first(), identity_path(&server), Fault::Close);
    bed.a_day_passes(id).await;
    let summary = bed.sync(id).await;
    assert_eq!((summary.listed, summary.removed), (20, 0));
    server.assert_identity_first();
}

fn identity_path(server: &Server) -> &'static str {
    match server {
        Server::Plex(_) => "/identity",
        Server::Jellyfin(_) => "/System/Info/Public",
    }
}

async fn no_connection_is_offline_and_loses_nothing(kind: ServerKind) {
    let server = Server::start(kind, films(3)).await;
    let (bed, id) = with_two(&server).await;
    let mut events = bed.ctx.events.subscribe();
    server.go_away();
    let error = bed.try_sync(id).await.unwrap_err();
    assert!(error.kind().may_pass() || error.kind() == ErrorKind::Offline, "{error:?}");
    assert!(!bed.ctx.db.sources().get(id).await.unwrap().is_online);
    assert_eq!(bed.items(id).await.len(), 3);
    assert!(bed.ctx.secrets.get(id).await.unwrap().is_some());
    let gone = Event::ConnectivityChanged { source_id: id, online: false };
    assert!(drain(&mut events).contains(&gone));

    server.come_back();
    bed.sync(id).await;
    let events = drain(&mut events);
    assert!(events.contains(&Event::Reconnected(id)), "{events:?}");
}

/// Another server of the same kind, at an address that the first one had.
async fn impostor(kind: ServerKind, port: u16) -> Server {
    let id = "ffffffffffffffffffffffffffffffff";
    match kind {
        ServerKind::Plex => {
            let builder = PlexServer::builder().machine_id(id).catalogue(films(1)).user(USER, TOKEN);
            Server::Plex(builder.port(port).start().await.unwrap())
        }
        ServerKind::Jellyfin => {
            let builder = JellyfinServer::builder().machine_id(id).catalogue(films(1)).user(USER, PASSWORD);
            Server::Jellyfin(builder.port(port).start().await.unwrap())
        }
    }
}

async fn another_server_gets_no_credential(kind: ServerKind) {
    let server = Server::start(kind, films(3)).await;
    let (bed, id) = Bed::synced(&server).await;
    let secrets = server.secrets();
    let port = url::Url::parse(&server.url()).unwrap().port().unwrap();
    drop(server);
    let other = impostor(kind, port).await;
    // A choice is only good for a while; whoever answers after that has to show who it is.
    bed.forget_choice(id).await;
    let error = bed.try_sync(id).await.unwrap_err();
    assert!(matches!(error, ServiceError::Offline(ErrorKind::WrongServer)), "{error:?}");
    let requests = other.recorder().requests();
    assert!(!requests.is_empty());
    for request in requests {
        assert!(!carries_credential(&request, &secrets), "{request:?}");
    }
    assert_eq!(bed.items(id).await.len(), 3);
    assert!(bed.ctx.secrets.get(id).await.unwrap().is_some());
}

async fn the_address_of_another_server_is_refused(kind: ServerKind) {
    let server = Server::start(kind, films(3)).await;
    let (bed, id) = Bed::with(&server).await;
    let other = impostor(kind, 0).await;
    let error = SourceService::add_address(&bed.ctx, id, &other.url()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WrongServer);
    assert_eq!(bed.ctx.db.sources().get(id).await.unwrap().connections.connections.len(), 1);
    let secrets = server.secrets();
    assert!(other.recorder().requests().iter().all(|request| !carries_credential(request, &secrets)));
}

async fn every_connection_is_reported(kind: ServerKind) {
    let server = Server::start(kind, films(1)).await;
    let (bed, id) = with_two(&server).await;
    server.faults().add(server.first(), "/", Fault::status(502));
    let reports = ConnectionService::test_connections(&bed.ctx, id).await.unwrap();
    let shape: Vec<_> = reports
        .iter()
        .map(|report| {
            let connection = &report.connection;
            (connection.uri.to_string(), connection.is_available, report.current, report.last_error.is_some())
        })
        .collect();
    let urls = server.urls();
    assert_eq!(shape, [(urls[1].clone(), true, true, false), (urls[0].clone(), false, false, true)]);
    let decision = ConnectionService::explain(&bed.ctx, id).unwrap();
    assert_eq!(decision.chosen.map(|uri| uri.to_string()), Some(urls[1].clone()));
    assert_eq!(decision.attempts.len(), 2);
    assert!(decision.rule.is_some());
}
