//! The list of servers that an account has, asked for again.

use std::time::Duration;

use gnome_reel::models::{ServerUrl, SourceId};
use gnome_reel::services::core::monitor::{self, MonitorInput};
use gnome_reel::services::core::{AuthService, SourceService};
use gnome_reel::services::events::Event;
use gnome_reel::services::{ServiceError, SignInProblem};
use reel_testbed::faults::{EVERY_CONNECTION, Fault};

use super::{Plex, token};
use crate::support::{Bed, TOKEN, drain, soon};

async fn addresses(bed: &Bed, id: SourceId) -> Vec<String> {
    let source = bed.ctx.db.sources().get(id).await.unwrap();
    source.connections.connections.iter().map(|connection| connection.uri.to_string()).collect()
}

async fn refresh(plex: &Plex) -> gnome_reel::services::core::auth::ResourceSummary {
    AuthService::refresh_plex_resources(&plex.bed.ctx).await.unwrap()
}

/// The server has no address any more that plex.tv knew before.
fn list_elsewhere(plex: &Plex, uri: &str) {
    let mut listing = plex.server.listing();
    for connection in &mut listing.connections {
        uri.clone_into(&mut connection.uri);
    }
    plex.tv.put_server(listing);
}

#[tokio::test]
async fn a_server_that_moved_is_found_and_what_the_user_added_stays() {
    let plex = Plex::synced().await;
    let ctx = &plex.bed.ctx;
    let old = plex.server.base_url().to_owned();
    assert!(refresh(&plex).await.changed.is_empty(), "nothing is new");
    // Known at an address where nobody is, as before it moved.
    let gone: ServerUrl = "http://127.0.0.1:9".parse().unwrap();
    let typed: ServerUrl = "http://127.0.0.2:9".parse().unwrap();
    ctx.db
        .sources()
        .edit_connections(plex.id, |list| {
            let mut added = list.connections[0].clone();
            list.connections[0].uri = gone.clone();
            (added.uri, added.typed) = (typed.clone(), true);
            list.connections.push(added);
        })
        .await
        .unwrap();
    ctx.db.verdicts().remove(plex.id).await.unwrap();
    assert!(matches!(plex.bed.try_sync(plex.id).await, Err(ServiceError::Offline(_))));
    let mut events = ctx.events.subscribe();
    assert_eq!(refresh(&plex).await.changed, [plex.id]);
    assert!(drain(&mut events).contains(&Event::SourceChanged(plex.id)));
    assert_eq!(addresses(&plex.bed, plex.id).await, [old, typed.to_string()]);
    plex.bed.sync(plex.id).await;
}

#[tokio::test]
async fn the_list_is_asked_for_at_the_start_and_every_day() {
    let plex = Plex::synced().await;
    let at_least = async |lists: usize| {
        soon(async {
            while plex.lists() < lists {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
        .await;
    };
    let before = plex.lists();
    let (inputs, receiver) = tokio::sync::mpsc::unbounded_channel();
    let watching = tokio::spawn(monitor::run(plex.bed.ctx.clone(), receiver));
    inputs.send(MonitorInput::Start).unwrap();
    at_least(before + 1).await;
    plex.bed.ctx.connections.all_settled().await;
    let later = async |time: Duration| {
        tokio::time::pause();
        tokio::time::advance(time).await;
        tokio::time::resume();
    };
    list_elsewhere(&plex, "http://127.0.0.1:9");
    later(Duration::from_hours(23)).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(plex.lists(), before + 1, "not before a day is over");
    let mut more = Duration::ZERO;
    while plex.lists() == before + 1 {
        // Three steps more than it takes: the day begins when the list was read, and that may be a moment ago.
        assert!(more < Duration::from_hours(4), "a day and more has passed");
        more += Duration::from_hours(1);
        later(Duration::from_hours(1)).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    soon(async {
        while addresses(&plex.bed, plex.id).await != ["http://127.0.0.1:9"] {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    drop(inputs);
    soon(watching).await.unwrap();
}

#[tokio::test]
async fn a_server_that_left_the_account_keeps_its_source() {
    let plex = Plex::synced().await;
    plex.tv.remove_server(plex.server.machine_id());
    let summary = refresh(&plex).await;
    assert_eq!((summary.missing, summary.changed), (vec![plex.id], Vec::new()));
    let one = AuthService::refresh_plex_source(&plex.bed.ctx, plex.id).await;
    assert!(matches!(one, Err(ServiceError::SignIn(SignInProblem::NoServer))), "{one:?}");
    assert_eq!(addresses(&plex.bed, plex.id).await, [plex.server.base_url()]);
    plex.bed.sync(plex.id).await;
}

#[tokio::test]
async fn nothing_changes_while_plex_tv_is_away_or_talks_nonsense() {
    let plex = Plex::synced().await;
    list_elsewhere(&plex, "http://127.0.0.1:9");
    let html = Fault::Status {
        code: 200,
        headers: vec![("content-type".to_owned(), "text/html".to_owned())],
        body: "<html>Sign in to this network</html>".to_owned(),
    };
    for fault in [Fault::status(502), Fault::status(429), Fault::status(401), Fault::Close, html] {
        plex.tv.faults().clear_all();
        plex.tv.faults().add(EVERY_CONNECTION, "/api/v2/resources", fault.clone());
        let summary = refresh(&plex).await;
        assert_eq!(summary.failures.len(), 1, "{fault:?}");
        assert!(summary.changed.is_empty() && summary.missing.is_empty(), "{fault:?}");
        let said_dead = matches!(summary.failures[0], ServiceError::SignIn(_));
        assert!(!said_dead, "{fault:?} says nothing about the account");
    }
    plex.tv.connection().off();
    assert_eq!(refresh(&plex).await.failures.len(), 1);
    assert_eq!(addresses(&plex.bed, plex.id).await, [plex.server.base_url()]);
    assert_eq!(token(&plex.bed, plex.id).await, TOKEN);
    plex.bed.sync(plex.id).await;
}

#[tokio::test]
async fn a_server_without_addresses_keeps_those_that_it_had() {
    let plex = Plex::synced().await;
    let mut listing = plex.server.listing();
    listing.connections.clear();
    plex.tv.put_server(listing);
    assert!(refresh(&plex).await.changed.is_empty());
    assert_eq!(addresses(&plex.bed, plex.id).await, [plex.server.base_url()]);
}

#[tokio::test]
async fn another_machine_at_a_listed_address_gets_no_token() {
    let plex = Plex::synced().await;
    let stranger = super::plex_server(9, &[]).await;
    list_elsewhere(&plex, stranger.base_url());
    assert_eq!(refresh(&plex).await.changed, [plex.id]);
    assert!(plex.bed.try_sync(plex.id).await.is_err());
    let requests = stranger.recorder().requests();
    assert!(!requests.is_empty() && requests.iter().all(|request| request.header("x-plex-token").is_none()));
}

#[tokio::test]
async fn a_renamed_server_keeps_the_name_that_the_user_sees() {
    let plex = Plex::synced().await;
    SourceService::rename(&plex.bed.ctx, plex.id, "Upstairs").await.unwrap();
    let mut listing = plex.server.listing();
    listing.name = "Ümläut \u{202e} server".to_owned();
    plex.tv.put_server(listing);
    refresh(&plex).await;
    assert_eq!(plex.bed.ctx.db.sources().get(plex.id).await.unwrap().name, "Upstairs");
}
