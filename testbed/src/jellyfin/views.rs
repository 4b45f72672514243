//! Libraries.

use super::authorization::Caller;
use super::ids::hash;
use super::reply::{Object, page};
use super::state::{JellyfinState, View};
use crate::catalogue::{Library, LibraryKind};
use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};
use std::sync::Arc;

/// `GET /UserViews`.
pub(crate) async fn list(State(state): State<Arc<JellyfinState>>, caller: Caller) -> Response {
    state.read(caller.user, all)
}

/// The libraries that the user may see.
pub(crate) fn all(view: &View<'_>) -> Response {
    let libraries: Vec<Value> = view.libraries().map(|found| library(view, found)).collect();
    let total = libraries.len();
    page(&libraries, total, 0)
}

/// One library.
pub(crate) fn library(view: &View<'_>, library: &Library) -> Value {
    let id = view.ids().library(library.number);
    let data = json!({
        "PlaybackPositionTicks": 0, "PlayCount": 0, "IsFavorite": false, "Played": false, "Key": id,
        "ItemId": id,
    });
    let mut object = Object::default();
    object.put("Name", library.title.as_str());
    object.put("ServerId", view.state.setup.machine_id.as_str());
    object.put("Etag", hash(&["library", &library.title]));
    object.put("DateCreated", "2023-02-01T10:00:00.0000000Z");
    object.put("CanDelete", false);
    object.put("SortName", library.title.to_lowercase());
    object.put("ChannelId", Value::Null);
    object.put("IsFolder", true);
    object.put("Type", "CollectionFolder");
    object.put("CollectionType", collection_type(library.kind));
    object.put("ImageTags", json!({ "Primary": hash(&["library image", &library.title]) }));
    object.put("BackdropImageTags", json!([]));
    object.put("LocationType", "FileSystem");
    object.put("MediaType", "Unknown");
    object.put("UserData", data);
    object.put("Id", id);
    object.into()
}

fn collection_type(kind: LibraryKind) -> &'static str {
    match kind {
        LibraryKind::Films => "movies",
        LibraryKind::Series => "tvshows",
        LibraryKind::HomeVideos => "homevideos",
        LibraryKind::Music => "music",
        LibraryKind::Photos => "photos",
    }
}
