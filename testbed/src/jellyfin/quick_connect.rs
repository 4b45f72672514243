//! Signing in by a code that is approved where somebody is signed in already.

use super::authorization::{Caller, Device, Newcomer};
use super::ids::secret;
use super::parameters::Parameters;
use super::reply::{answer, bad_request, not_found, stamp, unauthorized};
use super::state::{JellyfinState, UserPlace};
use super::user_data::Members;
use super::users::session;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// A code lives this long.
const LIFETIME: Duration = Duration::from_mins(10);

/// Requests for approval, in memory as at a real server.
#[derive(Debug, Default)]
pub(crate) struct Codes {
    requests: Vec<Request>,
}

#[derive(Debug)]
struct Request {
    secret: String,
    code: String,
    device: Device,
    added: DateTime<Utc>,
    since: Instant,
    approved: Option<UserPlace>,
}

impl Request {
    fn to_json(&self) -> Value {
        json!({
            "Authenticated": self.approved.is_some(), "Secret": self.secret, "Code": self.code,
            "DeviceId": self.device.id, "DeviceName": self.device.name, "AppName": self.device.client,
            "AppVersion": self.device.version, "DateAdded": stamp(self.added),
        })
    }
}

impl Codes {
    /// Approves by code. `false` when nobody asks with it.
    pub(crate) fn approve(&mut self, code: &str, user: UserPlace) -> bool {
        self.requests.retain(|request| request.since.elapsed() < LIFETIME);
        match self.requests.iter_mut().find(|request| request.code == code) {
            Some(request) => {
                request.approved = Some(user);
                true
            }
            None => false,
        }
    }

    /// The codes that wait for approval.
    pub(crate) fn waiting(&self) -> Vec<String> {
        let waiting = self.requests.iter().filter(|request| request.approved.is_none());
        waiting.map(|request| request.code.clone()).collect()
    }

    /// Forgets every request.
    pub(crate) fn expire(&mut self) {
        self.requests.clear();
    }

    fn begin(&mut self, device: Device) -> Value {
        let code = loop {
            let code = format!("{:06}", fastrand::u32(0..1_000_000));
            if self.requests.iter().all(|request| request.code != code) {
                break code;
            }
        };
        let request = Request {
            secret: format!("{}{}", secret(), secret()).to_uppercase(),
            code,
            device,
            added: Utc::now(),
            since: Instant::now(),
            approved: None,
        };
        let value = request.to_json();
        self.requests.push(request);
        value
    }

    fn find(&mut self, secret: &str) -> Option<&Request> {
        self.requests.retain(|request| request.since.elapsed() < LIFETIME);
        self.requests.iter().find(|request| request.secret == secret)
    }
}

fn is_on(state: &JellyfinState) -> bool {
    state.setup.quick_connect.load(Ordering::Relaxed)
}

/// `GET /QuickConnect/Enabled`.
pub(crate) async fn enabled(State(state): State<Arc<JellyfinState>>) -> Response {
    answer(is_on(&state))
}

/// `POST /QuickConnect/Initiate`.
pub(crate) async fn initiate(
    State(state): State<Arc<JellyfinState>>,
    Newcomer(device): Newcomer,
) -> Response {
    if is_on(&state) { answer(state.codes().begin(device)) } else { unauthorized() }
}

/// `GET /QuickConnect/Connect`.
pub(crate) async fn connect(State(state): State<Arc<JellyfinState>>, uri: Uri) -> Response {
    if !is_on(&state) {
        return unauthorized();
    }
    let parameters = Parameters::of(&uri);
    let Some(secret) = parameters.get("secret") else { return bad_request() };
    let found = state.codes().find(secret).map(Request::to_json);
    found.map_or_else(not_found, answer)
}

/// `POST /QuickConnect/Authorize`.
pub(crate) async fn authorize(State(state): State<Arc<JellyfinState>>, caller: Caller) -> Response {
    let Some(code) = caller.parameters.get("code") else { return bad_request() };
    let approved = state.codes().approve(code, caller.user);
    if approved { answer(true) } else { not_found() }
}

/// `POST /Users/AuthenticateWithQuickConnect`.
pub(crate) async fn authenticate(State(state): State<Arc<JellyfinState>>, body: Bytes) -> Response {
    let Some(body) = Members::read(&body) else { return bad_request() };
    let Some(secret) = body.text("Secret") else { return bad_request() };
    let found = state.codes().find(secret).map(|request| (request.approved, request.device.clone()));
    match found {
        Some((Some(user), device)) => session(&state, user, device),
        Some((None, _)) => unauthorized(),
        None => not_found(),
    }
}
