//! Servers whose certificate only a person can vouch for: added, used, changed, and left alone.

use gnome_reel::backends::Location;
use gnome_reel::models::{ImageRequest, ImageSize, ServerUrl, SourceId, SourceKind};
use gnome_reel::net::{CertificateFacts, ErrorKind, Reason};
use gnome_reel::services::core::auth::FoundServer;
use gnome_reel::services::core::{AuthService, BackendService, SourceService};
use gnome_reel::services::images::ImageService;
use gnome_reel::services::trust::TrustService;
use gnome_reel::services::{AddressProblem, AppContext, Result, ServiceError};
use reel_testbed::catalogue::ItemNumber;
use reel_testbed::connection::{ConnectionPlan, Reach};
use reel_testbed::faults::{EVERY_CONNECTION, Fault};
use reel_testbed::jellyfin::JellyfinServer;
use reel_testbed::tls::Served;

use crate::support::{Bed, PASSWORD, Server, ServerKind, TOKEN, USER, films};

on_both!(
    a_self_signed_server_is_added_once_its_certificate_is_accepted,
    everything_of_an_accepted_server_works,
    a_changed_certificate_is_asked_about_again,
    of_a_private_authority_only_the_servers_key_is_accepted,
    names_of_plex_are_never_accepted,
);

const FILM: ItemNumber = ItemNumber(1);

async fn server(kind: ServerKind) -> Server {
    let server = Server::start_at(kind, films(3), vec![ConnectionPlan::new("lan", Reach::Local).tls()]).await;
    server.connection("lan").serve(Served::SelfSigned(1));
    server
}

fn source_kind(kind: ServerKind) -> SourceKind {
    match kind {
        ServerKind::Plex => SourceKind::Plex,
        ServerKind::Jellyfin => SourceKind::Jellyfin,
    }
}

/// The certificate that is in the way of finding a server.
fn in_the_way(found: Result<FoundServer>) -> CertificateFacts {
    match found.unwrap_err() {
        ServiceError::Address(AddressProblem::Certificate(facts)) => *facts,
        other => panic!("{other:?}"),
    }
}

async fn sign_in(ctx: &AppContext, found: &FoundServer) -> Result<SourceId> {
    match found.kind {
        SourceKind::Plex => AuthService::add_found_plex(ctx, found, &TOKEN.into()).await,
        _ => AuthService::sign_in_jellyfin(ctx, found, USER, &PASSWORD.into()).await,
    }
}

/// A source of a server whose certificate was accepted.
async fn accepted(server: &Server, kind: ServerKind) -> (Bed, SourceId, CertificateFacts) {
    let bed = Bed::new().await;
    let (kind, url) = (source_kind(kind), server.url());
    let facts = in_the_way(AuthService::find_server(&bed.ctx, kind, &url).await);
    let found =
        AuthService::find_server_trusting(&bed.ctx, kind, &url, std::slice::from_ref(&facts)).await.unwrap();
    let id = sign_in(&bed.ctx, &found).await.unwrap();
    (bed, id, facts)
}

async fn a_self_signed_server_is_added_once_its_certificate_is_accepted(kind: ServerKind) {
    let server = server(kind).await;
    let bed = Bed::new().await;
    let refused = match kind {
        ServerKind::Plex => AuthService::add_plex_by_token(&bed.ctx, &server.url(), &TOKEN.into()).await,
        ServerKind::Jellyfin => {
            AuthService::add_jellyfin(&bed.ctx, &server.url(), USER, &PASSWORD.into()).await
        }
    };
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::TlsCertificate);
    let facts = in_the_way(AuthService::find_server(&bed.ctx, source_kind(kind), &server.url()).await);
    assert_eq!((facts.host.as_str(), facts.reason), ("127.0.0.1", Reason::SelfSigned));
    assert!(server.recorder().requests().is_empty(), "a hello and nothing else");
    assert!(bed.ctx.db.sources().list().await.unwrap().is_empty());

    let (bed, id, facts) = accepted(&server, kind).await;
    let source = bed.ctx.db.sources().get(id).await.unwrap();
    assert!(source.is_online, "the first race has the key already");
    let stored = TrustService::accepted(&bed.ctx, id).await.unwrap();
    assert_eq!((stored.len(), stored[0].spki_sha256.clone()), (1, facts.key.to_string()));
    server.assert_identity_first();
}

async fn everything_of_an_accepted_server_works(kind: ServerKind) {
    let server = server(kind).await;
    let (bed, id, _) = accepted(&server, kind).await;
    bed.sync(id).await;
    let item = bed.item(id, &server.remote_id(FILM)).await;
    let picture = ImageRequest { key: item.record.images.primary.clone().unwrap(), size: ImageSize::Small };
    ImageService::file(&bed.ctx, id, &picture).await.unwrap();
    let stream = BackendService::get_stream_url(&bed.ctx, item.id, None).await.unwrap();
    let (stream, _kept) = bed.ctx.gateway.open(&bed.ctx, id, stream).await.unwrap();
    let Location::Remote(request) = &stream.location else { panic!("a server's film is no file") };
    let played = reqwest::get(request.url.clone()).await.unwrap();
    assert_eq!(played.status(), 200, "what plays comes with the same trust");
    BackendService::mark_watched(&bed.ctx, item.id, true).await.unwrap();

    server.revoke();
    bed.try_sync(id).await.unwrap_err();
    match kind {
        ServerKind::Jellyfin => {
            AuthService::sign_in_again_jellyfin(&bed.ctx, id, USER, &PASSWORD.into()).await.unwrap();
        }
        ServerKind::Plex => {
            let token = "canary-token-next".into();
            AuthService::sign_in_again_plex_token(&bed.ctx, id, &token).await.unwrap();
        }
    }
    bed.sync(id).await;
    SourceService::remove(&bed.ctx, id).await.unwrap();
    if let Server::Jellyfin(jellyfin) = &server {
        assert!(jellyfin.tokens().is_empty(), "the device is signed out");
    }
}

async fn a_changed_certificate_is_asked_about_again(kind: ServerKind) {
    let server = server(kind).await;
    let (bed, id, first) = accepted(&server, kind).await;
    let lan = server.connection("lan");
    lan.serve(Served::SelfSigned(2));
    lan.reset_open();
    bed.forget_choice(id).await;
    server.recorder().clear();
    assert_eq!(bed.try_sync(id).await.unwrap_err().kind(), ErrorKind::Offline);
    let url: ServerUrl = server.url().parse().unwrap();
    let seen = TrustService::inspect(&bed.ctx, id, &url).await.unwrap();
    assert_eq!(seen.reason, Reason::Changed);

    let old = std::slice::from_ref(&first);
    let found = AuthService::find_server_trusting(&bed.ctx, source_kind(kind), &server.url(), old).await;
    let facts = in_the_way(found);
    assert_eq!(facts.reason, Reason::Changed);
    assert_ne!(facts.key, first.key);
    assert!(server.recorder().requests().is_empty(), "a hello and nothing else");

    TrustService::accept(&bed.ctx, id, &seen).await.unwrap();
    bed.sync(id).await;
}

async fn of_a_private_authority_only_the_servers_key_is_accepted(kind: ServerKind) {
    let server = server(kind).await;
    let lan = server.connection("lan");
    lan.serve(Served::Trusted);
    let (bed, id, facts) = accepted(&server, kind).await;
    assert_eq!(facts.reason, Reason::UnknownIssuer);
    bed.sync(id).await;
    // The same authority, for another key.
    lan.serve(Served::OtherName);
    lan.reset_open();
    bed.forget_choice(id).await;
    assert_eq!(bed.try_sync(id).await.unwrap_err().kind(), ErrorKind::Offline);
}

async fn names_of_plex_are_never_accepted(kind: ServerKind) {
    let server = server(kind).await;
    let bed = Bed::new().await;
    let host = "127-0-0-1.0123456789abcdef0123456789abcdef.plex.direct";
    let url = server.url().replace("127.0.0.1", host);
    let kind = source_kind(kind);
    let refused = AuthService::find_server(&bed.ctx, kind, &url).await.unwrap_err();
    let undecidable = AddressProblem::Unreachable(ErrorKind::TlsCertificate);
    assert!(matches!(&refused, ServiceError::Address(problem) if *problem == undecidable), "{refused:?}");
    // Nor by somebody who has accepted the same key elsewhere, or says so.
    let facts = in_the_way(AuthService::find_server(&bed.ctx, kind, &server.url()).await);
    for host in ["127.0.0.1", host] {
        let claimed = CertificateFacts { host: host.to_owned(), ..facts.clone() };
        let refused = AuthService::find_server_trusting(&bed.ctx, kind, &url, &[claimed]).await;
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::TlsCertificate);
    }
    assert!(server.recorder().requests().is_empty());
}

#[tokio::test]
async fn what_was_accepted_for_one_host_is_nothing_for_another() {
    let (one, two) = (server(ServerKind::Jellyfin).await, server(ServerKind::Jellyfin).await);
    let bed = Bed::new().await;
    let facts = in_the_way(AuthService::find_server(&bed.ctx, SourceKind::Jellyfin, &one.url()).await);
    let elsewhere = CertificateFacts { host: "other.example".to_owned(), ..facts.clone() };
    let again =
        AuthService::find_server_trusting(&bed.ctx, SourceKind::Jellyfin, &one.url(), &[elsewhere]).await;
    assert_eq!(in_the_way(again), facts);
    let other = AuthService::find_server_trusting(&bed.ctx, SourceKind::Jellyfin, &two.url(), &[facts]).await;
    assert_eq!(in_the_way(other).reason, Reason::Changed);
}

#[tokio::test]
async fn portraits_codes_and_other_users_go_by_the_accepted_certificate() {
    let plan = ConnectionPlan::new("lan", Reach::Local).tls();
    let builder = JellyfinServer::builder().catalogue(films(1)).connection(plan);
    let jellyfin = builder.user(USER, PASSWORD).user("other", "").portrait("other").start().await.unwrap();
    jellyfin.connection("lan").unwrap().serve(Served::SelfSigned(1));
    let server = Server::Jellyfin(jellyfin);
    let (bed, id, facts) = accepted(&server, ServerKind::Jellyfin).await;
    let found = AuthService::find_again(&bed.ctx, id).await.unwrap();
    let users = AuthService::public_users(&bed.ctx, &found).await.unwrap();
    assert_eq!(users.len(), 2);
    assert!(AuthService::portrait(&bed.ctx, &found, &users[0]).await.is_none());
    let portrait = AuthService::portrait(&bed.ctx, &found, &users[1]).await;
    assert!(portrait.is_some_and(|bytes| bytes.starts_with(b"\x89PNG")));
    server.faults().add(EVERY_CONNECTION, "/UserImage", Fault::Html);
    assert!(AuthService::portrait(&bed.ctx, &found, &users[1]).await.is_none(), "a page is no portrait");
    server.faults().clear_all();
    let other = AuthService::sign_in_jellyfin(&bed.ctx, &found, "other", &"".into()).await.unwrap();
    assert_eq!(TrustService::accepted(&bed.ctx, other).await.unwrap()[0].spki_sha256, facts.key.to_string());
    TrustService::forget(&bed.ctx, id, None).await.unwrap();
    bed.sync(other).await;

    let Server::Jellyfin(jellyfin) = &server else { return };
    let bed = Bed::new().await;
    let url = server.url();
    let found = AuthService::find_server_trusting(&bed.ctx, SourceKind::Jellyfin, &url, &[facts]).await;
    let found = found.unwrap();
    assert!(AuthService::offers_quick_connect(&bed.ctx, &found).await.unwrap());
    let code = AuthService::start_quick_connect(&bed.ctx, &found).await.unwrap();
    assert!(jellyfin.approve_quick_connect(code.code(), USER));
    let id = AuthService::wait_for_quick_connect(&bed.ctx, &code).await.unwrap();
    bed.sync(id).await;
}
