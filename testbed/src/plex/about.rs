//! What the server says about itself: `/identity`, `/`, `/media/providers`.

use super::call::Call;
use super::library::{section_type, section_uuid};
use super::reply::Form;
use super::state::PlexState;
use super::tree::Node;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use std::sync::Arc;

/// Who the server is. The one route without a token.
pub(crate) async fn identity(State(state): State<Arc<PlexState>>, headers: HeaderMap) -> Response {
    let node = Node::new("MediaContainer")
        .with("size", 0)
        .with("claimed", true)
        .with("machineIdentifier", state.machine_id.as_str())
        .with("version", state.version.as_str());
    Form::wanted(&headers).container(&node)
}

/// What the server can do.
pub(crate) async fn root(State(state): State<Arc<PlexState>>, call: Call) -> Response {
    let node = Node::new("MediaContainer")
        .with("size", 0)
        .with("allowMediaDeletion", false)
        .with("allowSync", true)
        .with("friendlyName", state.name.as_str())
        .with("hubSearch", true)
        .with("machineIdentifier", state.machine_id.as_str())
        .with("multiuser", true)
        .with("myPlex", true)
        .with("myPlexMappingState", "mapped")
        .with("myPlexSigninState", "ok")
        .with("myPlexSubscription", false)
        .with("myPlexUsername", call.user.as_str())
        .with("platform", "Linux")
        .with("platformVersion", "6.8")
        .with("transcoderVideo", true)
        .with("updatedAt", 1_735_786_545)
        .with("version", state.version.as_str());
    call.form.container(&node)
}

/// Features and their paths.
pub(crate) async fn providers(State(state): State<Arc<PlexState>>, call: Call) -> Response {
    let catalogue = state.catalogue();
    let sections = catalogue.libraries.iter().map(|library| {
        Node::new("Directory")
            .with("id", library.number.to_string())
            .with("key", format!("/library/sections/{}", library.number))
            .with("hubKey", format!("/hubs/sections/{}", library.number))
            .with("type", section_type(library.kind))
            .with("title", library.title.as_str())
            .with("uuid", section_uuid(&state, library))
    });
    let feature =
        |kind: &'static str, key: &'static str| Node::new("Feature").with("type", kind).with("key", key);
    let provider = Node::new("MediaProvider")
        .with("identifier", "com.plexapp.plugins.library")
        .with("title", "Library")
        .with("types", "video,audio,photo")
        .with("protocols", "stream,download")
        .list(
            "Feature",
            vec![
                feature("content", "/library/sections").list("Directory", sections.collect()),
                feature("search", "/hubs/search"),
                feature("match", "/library/matches"),
                feature("metadata", "/library/metadata"),
                feature("rate", "/:/rate"),
                feature("imagetranscoder", "/photo/:/transcode"),
                feature("promoted", "/hubs/promoted"),
                feature("continuewatching", "/hubs/continueWatching"),
                Node::new("Feature")
                    .with("type", "timeline")
                    .with("key", "/:/timeline")
                    .with("scrobbleKey", "/:/scrobble")
                    .with("unscrobbleKey", "/:/unscrobble"),
            ],
        );
    let node = Node::new("MediaContainer")
        .with("size", 1)
        .with("friendlyName", state.name.as_str())
        .with("machineIdentifier", state.machine_id.as_str())
        .with("version", state.version.as_str())
        .list("MediaProvider", vec![provider]);
    call.form.container(&node)
}
