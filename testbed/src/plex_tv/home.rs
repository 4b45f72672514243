//! Plex Home: its users with their pictures, and becoming one of them. Both generations of the routes.

use super::routes::{SignedIn, account_node};
use super::state::{Account, TvState};
use crate::images;
use crate::plex::call::Parameters;
use crate::plex::reply::{Form, tv_error};
use crate::plex::tree::Node;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// Width and height of a user's picture, in pixels.
const PORTRAIT: u32 = 200;

pub(crate) async fn home_users(State(state): State<Arc<TvState>>, call: SignedIn) -> Response {
    let inner = state.lock();
    let node = Node::new("home").with("id", 4_440_001).with("name", "Home");
    let host = call.parameters.host();
    let users =
        inner.accounts.iter().enumerate().map(|(place, account)| home_user("user", account, place, host));
    call.parameters.form().bare(&node.wrapped("users", users.collect()))
}

/// The old route answers XML, whatever was asked for.
pub(crate) async fn home_users_old(State(state): State<Arc<TvState>>, call: SignedIn) -> Response {
    let inner = state.lock();
    let node = Node::new("MediaContainer")
        .with("size", inner.accounts.len())
        .with("friendlyName", "myPlex")
        .with("machineIdentifier", "0123456789abcdef0123456789abcdef01234567");
    let host = call.parameters.host();
    let users =
        inner.accounts.iter().enumerate().map(|(place, account)| home_user("User", account, place, host));
    Form::Xml.bare(&node.list("User", users.collect()))
}

/// The picture of a user, for anybody.
pub(crate) async fn avatar(State(state): State<Arc<TvState>>, Path(uuid): Path<String>) -> Response {
    let seed = {
        let inner = state.lock();
        inner.accounts.iter().find(|account| account.uuid == uuid).map(|account| account.id)
    };
    match seed {
        Some(seed) => {
            let picture = images::still("", seed, PORTRAIT, PORTRAIT);
            ([(header::CONTENT_TYPE, "image/png")], picture).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn home_user(tag: &'static str, account: &Account, place: usize, host: &str) -> Node {
    Node::new(tag)
        .with("id", account.id)
        .with("uuid", account.uuid.as_str())
        .with("title", account.username.as_str())
        .with("username", account.username.as_str())
        .with("email", "")
        .with("admin", place == 0)
        .with("guest", false)
        .with("restricted", false)
        .with("protected", account.pin.is_some())
        .with("hasPassword", true)
        .with("thumb", format!("http://{host}/users/{}/avatar", account.uuid))
}

/// Why a switch was refused.
enum Refused {
    NoSuchUser,
    WrongPin,
}

impl Refused {
    fn answer(self, form: Form) -> Response {
        match self {
            Self::NoSuchUser => tv_error(form, StatusCode::NOT_FOUND, 1030, "User not found"),
            Self::WrongPin => tv_error(form, StatusCode::UNAUTHORIZED, 1041, "Invalid PIN"),
        }
    }
}

/// Checks the PIN and gives the account, its place and a token.
fn switched(
    state: &TvState,
    parameters: &Parameters,
    wanted: impl Fn(&Account) -> bool,
) -> Result<(Node, String), Refused> {
    let mut inner = state.lock();
    let place = inner.accounts.iter().position(wanted).ok_or(Refused::NoSuchUser)?;
    let account = inner.accounts[place].clone();
    if account.pin.is_some() && account.pin.as_deref() != parameters.get("pin") {
        return Err(Refused::WrongPin);
    }
    let token = inner.token_for(place).ok_or(Refused::NoSuchUser)?;
    Ok((account_node(&account, place, inner.accounts.len(), &token), token))
}

/// Wants the uuid; a number is nobody here.
pub(crate) async fn switch(
    State(state): State<Arc<TvState>>,
    Path(uuid): Path<String>,
    call: SignedIn,
) -> Response {
    let form = call.parameters.form();
    match switched(&state, &call.parameters, |account| account.uuid == uuid) {
        Ok((node, _)) => {
            let mut response = form.bare(&node);
            *response.status_mut() = StatusCode::CREATED;
            response
        }
        Err(refused) => refused.answer(form),
    }
}

/// Wants the number; a uuid is nobody here. Answers XML, whatever was asked for.
pub(crate) async fn switch_old(
    State(state): State<Arc<TvState>>,
    Path(id): Path<String>,
    call: SignedIn,
) -> Response {
    match switched(&state, &call.parameters, |account| account.id.to_string() == id) {
        Ok((node, token)) => Form::Xml.bare(&node.with("authenticationToken", token)),
        Err(refused) => refused.answer(Form::Xml),
    }
}
