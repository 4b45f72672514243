//! What lies around an item: extras, and the people in it.

use super::authorization::Caller;
use super::ids::{hash, plain};
use super::reply::{Object, answer, not_found};
use super::state::{JellyfinState, View};
use super::wire::{Fields, item};
use crate::catalogue::{Catalogue, ExtraKind, Item};
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::{Value, json};
use std::sync::Arc;

/// Writes how many extras an item has: in the details only.
pub(crate) fn counts(object: &mut Object, view: &View<'_>, item: &Item) {
    let count = |trailers: bool| {
        let of_kind = |kind: ExtraKind| (kind == ExtraKind::Trailer) == trailers;
        view.catalogue.extras_of(item.number).filter(|(_, kind)| of_kind(*kind)).count()
    };
    object.put("LocalTrailerCount", count(true));
    object.put("SpecialFeatureCount", count(false));
}

/// `GET /Items/{id}/LocalTrailers`: a bare array.
pub(crate) async fn trailers(
    State(state): State<Arc<JellyfinState>>,
    Path(id): Path<String>,
    caller: Caller,
) -> Response {
    extras(&state, &id, &caller, ExtraKind::Trailer)
}

/// `GET /Items/{id}/SpecialFeatures`: a bare array.
pub(crate) async fn features(
    State(state): State<Arc<JellyfinState>>,
    Path(id): Path<String>,
    caller: Caller,
) -> Response {
    extras(&state, &id, &caller, ExtraKind::BehindTheScenes)
}

fn extras(state: &JellyfinState, id: &str, caller: &Caller, wanted: ExtraKind) -> Response {
    state.read(caller.user, |view| {
        let Some(of) = view.item(id) else { return not_found() };
        let extras = view.catalogue.extras_of(of.number).filter(|(_, kind)| *kind == wanted);
        let written = extras.map(|(extra, kind)| {
            let mut object = item(view, extra, &Fields::everything());
            object.put("ExtraType", if kind == ExtraKind::Trailer { "Trailer" } else { "BehindTheScenes" });
            Value::from(object)
        });
        answer(written.collect::<Vec<Value>>())
    })
}

/// The name of the person whom an id names.
pub(crate) fn name_of(state: &JellyfinState, catalogue: &Catalogue, id: &str) -> Option<String> {
    let id = plain(id);
    let is_it = |name: &&str| state.ids.name("person", name) == id;
    catalogue.people().into_iter().find(is_it).map(str::to_owned)
}

/// The tag of a portrait; every fifth person has none.
pub(crate) fn portrait_tag(name: &str) -> Option<String> {
    (!seed(name).is_multiple_of(5)).then(|| hash(&["portrait", name]))
}

/// Where the chance of a portrait begins.
pub(crate) fn seed(name: &str) -> u64 {
    name.bytes().fold(7_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)))
}

/// A person as details give them: half of them have a life.
pub(crate) fn person(view: &View<'_>, name: &str) -> Object {
    let mut object = Object::default();
    object.put("Name", name);
    object.put("Id", view.ids().name("person", name));
    object.put("Type", "Person");
    object.put("ServerId", view.state.setup.machine_id.as_str());
    object.put("IsFolder", false);
    object.put("MediaType", "Unknown");
    object.put("LocationType", "FileSystem");
    object.put("ChannelId", Value::Null);
    object.put("BackdropImageTags", json!([]));
    object.put("ImageTags", portrait_tag(name).map_or(json!({}), |tag| json!({ "Primary": tag })));
    let seed = seed(name);
    if seed.is_multiple_of(2) {
        let year = 1940 + seed % 60;
        let life = format!(
            "{name} began on small stages by the sea, and came to the screen late. Since then there was hardly a \
             year without a part, and hardly a part without rain."
        );
        object.put("Overview", life);
        object.put("PremiereDate", format!("{year}-03-{:02}T00:00:00.0000000Z", seed % 27 + 1));
        object.put("ProductionLocations", json!(["Porto, Portugal"]));
    }
    object
}
