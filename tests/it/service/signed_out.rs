//! A sign-in ends only when the server confirms it.

use gnome_reel::models::AuthStatus;
use gnome_reel::net::ErrorKind;
use gnome_reel::services::core::BackendService;
use gnome_reel::services::events::Event;
use reel_testbed::catalogue::ItemNumber;
use reel_testbed::faults::{EVERY_CONNECTION, Fault};

use crate::support::{Bed, Server, ServerKind, drain, films};

on_both!(
    a_revoked_token_asks_to_sign_in,
    one_refused_request_signs_nobody_out,
    one_refused_library_is_not_the_end,
    signing_in_again_keeps_everything,
);

async fn status(bed: &Bed, id: gnome_reel::models::SourceId) -> AuthStatus {
    bed.ctx.db.sources().get(id).await.unwrap().auth_status
}

async fn a_revoked_token_asks_to_sign_in(kind: ServerKind) {
    let server = Server::start(kind, films(3)).await;
    let (bed, id) = Bed::synced(&server).await;
    let mut events = bed.ctx.events.subscribe();
    server.revoke();
    assert_eq!(bed.try_sync(id).await.unwrap_err().kind(), ErrorKind::Unauthorized);
    assert_eq!(status(&bed, id).await, AuthStatus::SignInNeeded);
    assert!(bed.try_sync(id).await.is_err());
    let asked = drain(&mut events).iter().filter(|event| **event == Event::AuthRequired(id)).count();
    assert_eq!(asked, 1, "said once");
    assert_eq!(bed.items(id).await.len(), 3);
    assert!(bed.ctx.secrets.get(id).await.unwrap().is_some(), "nothing is thrown away");
}

async fn one_refused_request_signs_nobody_out(kind: ServerKind) {
    let server = Server::start(kind, films(3)).await;
    let (bed, id) = Bed::synced(&server).await;
    let item = bed.item(id, &server.remote_id(ItemNumber(1))).await;
    let mut events = bed.ctx.events.subscribe();
    for path in ["/library/metadata", "/Items/"] {
        server.faults().add(EVERY_CONNECTION, path, Fault::status(401));
    }
    let error = BackendService::get_details(&bed.ctx, item.id).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert_eq!(status(&bed, id).await, AuthStatus::SignedIn);
    assert!(!drain(&mut events).contains(&Event::AuthRequired(id)));
}

async fn one_refused_library_is_not_the_end(kind: ServerKind) {
    let catalogue = reel_testbed::catalogue::generator::generate(1, 5, 1);
    let server = Server::start(kind, catalogue).await;
    let (bed, id) = Bed::synced(&server).await;
    let before = bed.items(id).await.len();
    server.faults().add(EVERY_CONNECTION, &server.listing_path(1), Fault::status(401));
    let summary = bed.sync(id).await;
    assert_eq!(summary.removed, 0);
    assert_eq!(status(&bed, id).await, AuthStatus::SignedIn);
    assert_eq!(bed.items(id).await.len(), before);
}

async fn signing_in_again_keeps_everything(kind: ServerKind) {
    let server = Server::start(kind, films(3)).await;
    let (bed, id) = Bed::synced(&server).await;
    let before = bed.items(id).await;
    server.revoke();
    bed.try_sync(id).await.unwrap_err();
    let again = match &server {
        Server::Plex(plex) => {
            plex.set_token(crate::support::USER, "canary-token-third");
            let token = "canary-token-third".into();
            gnome_reel::services::core::AuthService::add_plex_by_token(&bed.ctx, &server.url(), &token).await
        }
        Server::Jellyfin(_) => server.add_to(&bed.ctx).await,
    };
    assert_eq!(again.unwrap(), id);
    assert_eq!(status(&bed, id).await, AuthStatus::SignedIn);
    bed.sync(id).await;
    assert_eq!(bed.items(id).await, before);
}
