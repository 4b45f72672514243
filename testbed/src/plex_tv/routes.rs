//! The routes of plex.tv; PINs and the account.

use super::home::{avatar, home_users, home_users_old, switch, switch_old};
use super::resources::resources;
use super::state::{Account, Pin, TvState};
use crate::plex::call::Parameters;
use crate::plex::reply::tv_error;
use crate::plex::tree::Node;
use axum::Router;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use chrono::SecondsFormat;
use serde_json::Value;
use std::sync::Arc;

/// All routes.
pub(crate) fn router(state: Arc<TvState>) -> Router {
    Router::new()
        .route("/api/v2/pins", post(make_pin))
        .route("/api/v2/pins/{id}", get(poll_pin))
        .route("/api/v2/user", get(user))
        .route("/api/v2/users/signout", delete(sign_out))
        .route("/api/v2/resources", get(resources))
        .route("/api/v2/home/users", get(home_users))
        .route("/api/v2/home/users/{uuid}/switch", post(switch))
        .route("/users/{uuid}/avatar", get(avatar))
        .route("/api/home/users", get(home_users_old))
        .route("/api/home/users/{id}/switch", post(switch_old))
        .fallback(|| async { StatusCode::NOT_FOUND })
        .with_state(state)
}

/// A request without regard to its token.
struct Asked(Parameters);

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        Ok(Self(Parameters::of(parts)))
    }
}

/// A request with a living token: its account's place and the token itself.
pub(crate) struct SignedIn {
    pub(crate) parameters: Parameters,
    pub(crate) account: usize,
    pub(crate) token: String,
}

impl FromRequestParts<Arc<TvState>> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<TvState>) -> Result<Self, Response> {
        let parameters = Parameters::of(parts);
        let token = parameters.plex("X-Plex-Token").unwrap_or_default().to_owned();
        let account = state.lock().account_of(&token);
        account.map(|account| Self { account, token, parameters: parameters.clone() }).ok_or_else(|| {
            tv_error(parameters.form(), StatusCode::UNAUTHORIZED, 1001, "User could not be authenticated")
        })
    }
}

async fn make_pin(State(state): State<Arc<TvState>>, Asked(parameters): Asked) -> Response {
    let form = parameters.form();
    let Some(client) = parameters.plex("X-Plex-Client-Identifier") else {
        return tv_error(form, StatusCode::BAD_REQUEST, 1000, "X-Plex-Client-Identifier is missing");
    };
    let strong = matches!(parameters.get("strong"), Some("true" | "True" | "1"));
    let pin = state.new_pin(client, parameters.plex("X-Plex-Product").unwrap_or_default(), strong);
    let mut response = form.bare(&pin_node(&pin));
    *response.status_mut() = StatusCode::CREATED;
    response
}

async fn poll_pin(
    State(state): State<Arc<TvState>>,
    Path(id): Path<u64>,
    Asked(parameters): Asked,
) -> Response {
    let pin = parameters.plex("X-Plex-Client-Identifier").and_then(|client| state.poll(id, client));
    match pin {
        Some(pin) => parameters.form().bare(&pin_node(&pin)),
        None => tv_error(parameters.form(), StatusCode::NOT_FOUND, 1020, "Code not found or expired"),
    }
}

fn pin_node(pin: &Pin) -> Node {
    let location = Node::new("location")
        .with("code", "FR")
        .with("country", "France")
        .with("city", "Lyon")
        .with("time_zone", "Europe/Paris")
        .with("coordinates", "45.7, 4.8");
    Node::new("pin")
        .with("id", pin.id)
        .with("code", pin.code.as_str())
        .with("product", pin.product.as_str())
        .with("trusted", false)
        .with("clientIdentifier", pin.client.as_str())
        .with("expiresIn", (pin.expires - chrono::Utc::now()).num_seconds().max(0))
        .with("createdAt", pin.created.to_rfc3339_opts(SecondsFormat::Secs, true))
        .with("expiresAt", pin.expires.to_rfc3339_opts(SecondsFormat::Secs, true))
        .with("authToken", pin.token.clone().map_or(Value::Null, Value::String))
        .with("newRegistration", Value::Null)
        .one("location", location)
}

async fn user(State(state): State<Arc<TvState>>, call: SignedIn) -> Response {
    let inner = state.lock();
    let Some(account) = inner.accounts.get(call.account) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    call.parameters.form().bare(&account_node(account, call.account, inner.accounts.len(), &call.token))
}

pub(crate) fn account_node(account: &Account, place: usize, home_size: usize, token: &str) -> Node {
    let profile = Node::new("profile")
        .with("autoSelectAudio", true)
        .with("defaultAudioLanguage", "en")
        .with("defaultSubtitleLanguage", "en")
        .with("autoSelectSubtitle", 1)
        .with("defaultSubtitleAccessibility", 0)
        .with("defaultSubtitleForced", 1);
    let subscription = Node::new("subscription").with("active", false).with("status", "Inactive");
    Node::new("user")
        .with("id", account.id)
        .with("uuid", account.uuid.as_str())
        .with("username", account.username.as_str())
        .with("title", account.username.as_str())
        .with("email", format!("{}@example.invalid", account.username))
        .with("friendlyName", account.username.as_str())
        .with("thumb", "")
        .with("authToken", token)
        .with("confirmed", true)
        .with("joinedAt", 1_500_000_000)
        .with("home", home_size > 1)
        .with("homeAdmin", home_size > 1 && place == 0)
        .with("homeSize", if home_size > 1 { home_size } else { 0 })
        .with("maxHomeSize", 15)
        .with("restricted", false)
        .with("guest", false)
        .with("protected", account.pin.is_some())
        .with("hasPassword", true)
        .with("scrobbleTypes", "")
        .with("rememberExpiresAt", 1_900_000_000)
        .one("subscription", subscription)
        .one("profile", profile)
}

async fn sign_out(State(state): State<Arc<TvState>>, call: SignedIn) -> Response {
    state.lock().revoke(&call.token);
    StatusCode::NO_CONTENT.into_response()
}
