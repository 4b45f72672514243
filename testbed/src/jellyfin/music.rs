//! What albums, tracks and photos have that other items do not, and the list of artists.

use super::authorization::Caller;
use super::images::{self, Kind, Shape};
use super::listing::{Page, Query, part};
use super::reply::Object;
use super::state::{JellyfinState, View};
use super::wire::Fields;
use crate::catalogue::{Item, ItemKind};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::sync::Arc;

/// `GET /Artists/AlbumArtists`: who the albums of a library are by.
pub(crate) async fn album_artists(State(state): State<Arc<JellyfinState>>, caller: Caller) -> Response {
    let parameters = &caller.parameters;
    state.read(caller.user, |view| match Query::of_artists(parameters, view) {
        Ok(query) => part(view, parameters, Page::of(parameters), query.run(view)),
        Err(refusal) => refusal.into_response(),
    })
}

/// The artist and the album of what is of one, and the folder of a photo.
pub(crate) fn place(object: &mut Object, view: &View<'_>, item: &Item, fields: &Fields) {
    let parent = view.parent(item);
    let (artist, album) = match item.kind {
        ItemKind::Album => (parent, None),
        ItemKind::Track => (parent.and_then(|album| view.parent(album)), parent),
        ItemKind::Photo => (None, parent),
        _ => return,
    };
    if item.kind == ItemKind::Track {
        object.maybe("IndexNumber", item.episode);
        object.maybe("ParentIndexNumber", item.season);
    }
    if let Some(artist) = artist {
        object.put("AlbumArtist", artist.title.as_str());
        object.put("AlbumArtists", json!([{ "Name": artist.title, "Id": view.ids().item(artist.number) }]));
        object.put("Artists", json!([artist.title]));
    }
    if let Some(album) = album {
        object.put("Album", album.title.as_str());
        object.put("AlbumId", view.ids().item(album.number));
        if fields.shows(Kind::Primary) {
            object.maybe("AlbumPrimaryImageTag", images::tag(album, Kind::Primary));
        }
    }
}

/// What is known of the file of a photo.
pub(crate) fn photo(object: &mut Object, item: &Item, fields: &Fields) {
    let (width, height) = Shape::primary(item).full_size();
    if fields.has("Path") {
        object.put("Path", format!("/media/photos/{}.jpg", item.title));
    }
    if fields.has("Width") {
        object.put("Width", width);
    }
    if fields.has("Height") {
        object.put("Height", height);
    }
}
