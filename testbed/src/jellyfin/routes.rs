//! Every route, by version.

use super::state::JellyfinState;
use super::{
    around, hls, images, items, music, playback, quick_connect, reply, reports, rows, search, shelves, shows,
    socket, system, trickplay, user_data, users, views,
};
use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::Html;
use axum::routing::{delete, get, post};
use std::sync::Arc;

/// The routes of a server, below its base path.
pub(crate) fn router(state: Arc<JellyfinState>) -> Router {
    let (version, base_path) = (state.setup.version.clone(), state.setup.base_path.clone());
    let mut router = about().merge(signing_in()).merge(library()).merge(playing());
    if version.has_user_routes() {
        router = router.merge(of_user());
    }
    if version.has_segments() {
        router = router.route("/MediaSegments/{id}", get(playback::segments));
    }
    let web_client = || async { Html("<!DOCTYPE html><html><head><title>Jellyfin</title></head></html>") };
    let router = router.route("/web/", get(web_client)).with_state(state);
    let home = format!("{base_path}/web/");
    // A plain 302, as the server sends it.
    let to_home = move || async move { (StatusCode::FOUND, [(header::LOCATION, home)]) };
    if base_path.is_empty() {
        return router.route("/", get(to_home)).fallback(|| async { reply::not_found() });
    }
    let inside = router.fallback(|| async { reply::not_found() });
    Router::new().nest(&base_path, inside).fallback(to_home)
}

fn about() -> Router<Arc<JellyfinState>> {
    Router::new()
        .route("/System/Info/Public", get(system::public_info))
        .route("/System/Info", get(system::info))
        .route("/System/Ping", get(system::ping).post(system::ping))
        .route("/health", get(system::health))
        .route("/Branding/Configuration", get(system::branding))
        .route("/Sessions/Capabilities/Full", post(system::capabilities))
        .route("/socket", get(socket::socket))
}

fn signing_in() -> Router<Arc<JellyfinState>> {
    Router::new()
        .route("/Users/Public", get(users::public))
        .route("/Users/AuthenticateByName", post(users::by_name))
        .route("/Users/AuthenticateWithQuickConnect", post(quick_connect::authenticate))
        .route("/Users/Me", get(users::me))
        .route("/UserImage", get(users::image))
        .route("/Sessions/Logout", post(users::log_out))
        .route("/QuickConnect/Enabled", get(quick_connect::enabled))
        .route("/QuickConnect/Initiate", post(quick_connect::initiate))
        .route("/QuickConnect/Connect", get(quick_connect::connect))
        .route("/QuickConnect/Authorize", post(quick_connect::authorize))
}

fn library() -> Router<Arc<JellyfinState>> {
    Router::new()
        .route("/Items", get(items::list))
        .route("/Items/Counts", get(items::counts))
        .route("/Items/Latest", get(rows::latest))
        .route("/Items/Suggestions", get(shelves::suggestions))
        .route("/Movies/Recommendations", get(shelves::recommendations))
        .route("/Playlists/{id}/Items", get(shelves::playlist_items))
        .route("/Items/{id}", get(items::details))
        .route("/Items/{id}/Similar", get(rows::similar))
        .route("/Items/{id}/LocalTrailers", get(around::trailers))
        .route("/Items/{id}/SpecialFeatures", get(around::features))
        .route("/Items/{id}/Images/{kind}", get(images::first))
        .route("/Items/{id}/Images/{kind}/{index}", get(images::numbered))
        .route("/Artists/AlbumArtists", get(music::album_artists))
        .route("/Shows/NextUp", get(shows::next_up))
        .route("/Shows/{id}/Seasons", get(shows::seasons))
        .route("/Shows/{id}/Episodes", get(shows::episodes))
        .route("/Persons", get(search::persons))
        .route("/Search/Hints", get(search::hints))
}

fn playing() -> Router<Arc<JellyfinState>> {
    Router::new()
        .route("/Items/{id}/PlaybackInfo", post(playback::info).get(playback::info))
        .route("/Videos/ActiveEncodings", delete(hls::end))
        .route("/videos/{id}/master.m3u8", get(hls::master))
        .route("/videos/{id}/main.m3u8", get(hls::main))
        .route("/videos/{id}/hls1/main/{segment}", get(hls::segment))
        .route("/Videos/{id}/stream", get(playback::stream))
        .route("/Videos/{id}/{source}", get(playback::named_stream))
        .route("/Videos/{id}/Trickplay/{width}/{name}", get(trickplay::sheet))
        .route("/Videos/{id}/{source}/Subtitles/{index}/{name}", get(playback::subtitle))
        .route("/Videos/{id}/{source}/Subtitles/{index}/{name}/{last}", get(playback::subtitle_from))
        .route("/Audio/{id}/stream", get(playback::stream_audio))
        .route("/Sessions/Playing", post(reports::started))
        .route("/Sessions/Playing/Progress", post(reports::progress))
        .route("/Sessions/Playing/Stopped", post(reports::stopped))
        .route("/Sessions/Playing/Ping", post(hls::ping))
}

/// Routes since 10.9 that take the user from the token.
fn of_user() -> Router<Arc<JellyfinState>> {
    Router::new()
        .route("/UserViews", get(views::list))
        .route("/UserItems/Resume", get(rows::resume))
        .route("/UserItems/{id}/UserData", get(user_data::read).post(user_data::write))
        .route("/UserPlayedItems/{id}", post(user_data::mark_played).delete(user_data::mark_unplayed))
        .route("/UserFavoriteItems/{id}", post(user_data::mark_favourite).delete(user_data::unmark_favourite))
}
