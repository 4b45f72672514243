//! The servers of an account.

use super::routes::SignedIn;
use super::state::TvState;
use crate::plex::ServerConnection;
use crate::plex::tree::Node;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// The servers that know the account, each with the token it knows it by.
pub(crate) async fn resources(State(state): State<Arc<TvState>>, call: SignedIn) -> Response {
    let inner = state.lock();
    let Some(account) = inner.accounts.get(call.account) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let relays = call.parameters.is_set("includeRelay");
    let told = inner.servers.iter().filter(|_| !inner.hidden);
    let servers = told.filter_map(|server| {
        let listing = &server.listing;
        let token = listing.token_of(&account.username)?;
        let connections = listing.connections.iter().filter(|connection| relays || !connection.relay);
        let node = Node::new("resource")
            .with("name", listing.name.as_str())
            .with("product", "Plex Media Server")
            .with("productVersion", listing.version.as_str())
            .with("platform", "Linux")
            .with("platformVersion", "6.8")
            .with("device", "PC")
            .with("clientIdentifier", listing.machine_id.as_str())
            .with("createdAt", "2020-01-12T15:30:18Z")
            .with("lastSeenAt", "2025-01-02T03:15:45Z")
            .with("provides", "server")
            .maybe("ownerId", (!server.owned).then_some(7_770_001))
            .maybe("sourceTitle", (!server.owned).then_some("friend"))
            .with("publicAddress", "203.0.113.7")
            .with("accessToken", token)
            .with("owned", server.owned && call.account == 0)
            .with("home", server.owned && call.account > 0)
            .with("synced", false)
            .with("relay", listing.connections.iter().any(|connection| connection.relay))
            .with("presence", server.presence)
            .with("httpsRequired", false)
            .with("publicAddressMatches", true)
            .with("dnsRebindingProtection", false)
            .with("natLoopbackSupported", false)
            .wrapped("connections", connections.map(connection_node).collect());
        Some(node)
    });
    // A player of the same account: to be skipped by its `provides`.
    let player = Node::new("resource")
        .with("name", "Living room")
        .with("product", "Plex for Android (TV)")
        .with("productVersion", "10.0")
        .with("clientIdentifier", "aaaa-player")
        .with("createdAt", "2021-01-12T15:30:18Z")
        .with("lastSeenAt", "2025-01-02T03:15:45Z")
        .with("provides", "client,player,pubsub-player")
        .with("owned", true)
        .with("presence", true)
        .wrapped("connections", Vec::new());
    let nodes = servers.chain([player]).collect();
    call.parameters.form().bare_list(&Node::new("resources").list("resources", nodes))
}

fn connection_node(connection: &ServerConnection) -> Node {
    let url = url::Url::parse(&connection.uri).ok();
    let host = url.as_ref().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    Node::new("connection")
        .with("protocol", url.as_ref().map_or("http", url::Url::scheme))
        .with("address", host.trim_matches(['[', ']']))
        .maybe("port", url.as_ref().and_then(url::Url::port_or_known_default))
        .with("uri", connection.uri.as_str())
        .with("local", connection.local)
        .with("relay", connection.relay)
        .with("IPv6", host.starts_with('['))
}
