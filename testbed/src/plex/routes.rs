//! All routes of the Media Server.

use super::state::PlexState;
use super::{
    about, around, hubs, images, library, metadata, notifications, page, parts, playback, previews, reply,
    shelves, transcode,
};
use axum::Router;
use axum::http::StatusCode;
use axum::routing::{MethodRouter, get};
use std::sync::Arc;

type Routes = Router<Arc<PlexState>>;

/// The router over one state; every connection serves it.
pub(crate) fn router(state: Arc<PlexState>) -> Router {
    // Plex has path segments that begin with a colon; axum takes them for an older syntax unless told.
    let router = Router::new().without_v07_checks();
    media_routes(hub_routes(library_routes(router)))
        .route("/identity", get(about::identity))
        .route("/", get(about::root))
        .route("/media/providers", get(about::providers))
        .route("/:/timeline", get(playback::timeline).post(playback::timeline))
        .route("/:/scrobble", get(playback::scrobble).put(playback::scrobble))
        .route("/:/unscrobble", get(playback::unscrobble).put(playback::unscrobble))
        .route("/:/progress", get(playback::progress).put(playback::progress))
        .route("/:/rate", get(playback::rate).put(playback::rate))
        .route("/:/websockets/notifications", get(notifications::notifications))
        .route("/:/websocket/notifications", get(notifications::notifications))
        .fallback(not_found)
        .with_state(state)
}

fn library_routes(router: Routes) -> Routes {
    router
        .route("/library", get(library::library))
        .route("/library/", get(library::library))
        .route("/library/sections", get(library::sections))
        .route("/library/sections/", get(library::sections))
        .route("/library/sections/all", get(library::sections))
        .route("/library/sections/{key}", get(library::section))
        .route("/library/sections/{key}/all", get(page::all))
        .route("/library/sections/{key}/collections", get(shelves::collections))
        .route("/library/collections/{id}/items", get(shelves::items))
        .route("/library/collections/{id}/children", get(shelves::items))
        .route("/library/collections/{id}/composite/{stamp}", get(shelves::composite))
        .route("/playlists", get(shelves::playlists))
        .route("/playlists/{id}/items", get(shelves::items))
        .route("/playlists/{id}/composite/{stamp}", get(shelves::composite))
        .route("/library/metadata/{ids}", get(metadata::details))
        .route("/library/metadata/{id}/children", get(metadata::children))
        .route("/library/metadata/{id}/allLeaves", get(metadata::all_leaves))
        .route("/library/metadata/{id}/grandchildren", get(metadata::all_leaves))
        .route("/library/metadata/{id}/similar", get(around::similar))
}

fn hub_routes(router: Routes) -> Routes {
    let deck: MethodRouter<Arc<PlexState>> = get(hubs::on_deck);
    router
        .route("/hubs", get(hubs::home))
        .route("/hubs/promoted", get(hubs::home))
        .route("/hubs/continueWatching", get(hubs::continue_watching))
        .route("/hubs/home/continueWatching", deck.clone())
        .route("/hubs/home/recentlyAdded", get(hubs::recently_added))
        .route("/hubs/continueWatching/items", deck.clone())
        .route("/hubs/sections/{key}", get(hubs::of_section))
        .route("/hubs/search", get(hubs::search))
        .route("/library/onDeck", deck)
        .route("/library/recentlyAdded", get(hubs::recently_added))
        .route("/library/search", get(hubs::library_search))
}

fn media_routes(router: Routes) -> Routes {
    router
        .route("/library/metadata/{id}/{kind}/{stamp}", get(images::of_item))
        .route("/library/sections/{key}/composite/{stamp}", get(images::of_section))
        .route("/library/media/{media}/chapterImages/{index}", get(images::of_chapter))
        .route("/photo/:/transcode", get(images::transcoded))
        .route("/library/parts/{part}/{stamp}/{name}", get(parts::part))
        .route("/library/parts/{part}/indexes/{kind}", get(previews::index))
        .route("/library/parts/{part}/indexes/{kind}/{offset}", get(previews::frame))
        .route("/library/streams/{stream}", get(parts::sidecar))
        .route("/video/:/transcode/universal/decision", get(transcode::decision))
        .route("/video/:/transcode/universal/start.m3u8", get(transcode::start))
        .route("/video/:/transcode/universal/session/{session}/base/{item}/{name}", get(transcode::part))
        .route("/video/:/transcode/universal/ping", get(transcode::ping))
        .route("/video/:/transcode/universal/stop", get(transcode::stop))
}

/// Unknown routes: 401 without a token, as everywhere, else 404.
async fn not_found(_: super::call::Call) -> axum::response::Response {
    reply::html_error(StatusCode::NOT_FOUND)
}
