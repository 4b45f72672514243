//! What the server tells of itself.

use super::authorization::Caller;
use super::reply::{Object, answer, done};
use super::state::JellyfinState;
use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};
use std::sync::Arc;

/// `GET /System/Info/Public`.
pub(crate) async fn public_info(State(state): State<Arc<JellyfinState>>) -> Response {
    answer(public(&state))
}

/// `GET /System/Info`.
pub(crate) async fn info(State(state): State<Arc<JellyfinState>>, _: Caller) -> Response {
    let mut object = public(&state);
    object.put("HasPendingRestart", false);
    object.put("IsShuttingDown", false);
    object.put("SupportsLibraryMonitor", true);
    object.put("WebSocketPortNumber", 8096);
    object.put("HasUpdateAvailable", false);
    answer(object)
}

fn public(state: &JellyfinState) -> Object {
    let mut object = Object::default();
    object.put("LocalAddress", format!("http://127.0.0.1:8096{}", state.setup.base_path));
    object.put("ServerName", state.setup.name.as_str());
    object.put("Version", state.setup.version.as_str());
    object.put("Id", state.setup.machine_id.as_str());
    if !state.setup.emby {
        object.put("ProductName", "Jellyfin Server");
        object.put("OperatingSystem", "");
        object.put("StartupWizardCompleted", true);
    }
    object
}

/// `GET /System/Ping` and `POST`.
pub(crate) async fn ping(State(state): State<Arc<JellyfinState>>) -> Response {
    answer(Value::from(if state.setup.emby { "Emby Server" } else { "Jellyfin Server" }))
}

/// `GET /health`.
pub(crate) async fn health() -> &'static str {
    "Healthy"
}

/// `GET /Branding/Configuration`.
pub(crate) async fn branding() -> Response {
    answer(json!({ "LoginDisclaimer": "", "CustomCss": "", "SplashscreenEnabled": false }))
}

/// `POST /Sessions/Capabilities/Full`.
pub(crate) async fn capabilities(_: Caller) -> Response {
    done()
}
