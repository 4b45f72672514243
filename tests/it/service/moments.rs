//! Moments of what plays: chapters and marked stretches of both servers, small pictures, and what comes after what.

use std::time::Duration;

use gnome_reel::models::{Item, ItemKind, MarkerKind, Previews, SourceId};
use gnome_reel::services::core::{BackendService, LibraryService, PreviewService};
use reel_testbed::catalogue::generator::Recipe;

use crate::support::{Bed, Server, ServerKind};

on_both!(
    an_episode_tells_its_intro_and_credits,
    a_preview_is_a_small_request_made_once,
    a_title_without_previews_costs_nothing_else,
    episodes_follow_each_other_across_seasons,
);

async fn with_series(kind: ServerKind) -> (Server, Bed, SourceId) {
    let server =
        Server::start(kind, Recipe { films: 3, series: 1, plain: true, ..Recipe::default() }.generate())
            .await;
    let (bed, id) = Bed::synced(&server).await;
    server.recorder().clear();
    (server, bed, id)
}

async fn episodes(bed: &Bed, id: SourceId) -> Vec<Item> {
    let all = bed.items(id).await;
    let series = all.iter().find(|item| item.record.kind == ItemKind::Series).unwrap().id;
    bed.ctx.db.items().episodes(series).await.unwrap()
}

async fn an_episode_tells_its_intro_and_credits(kind: ServerKind) {
    let (_server, bed, id) = with_series(kind).await;
    let episode = episodes(&bed, id).await.remove(0);
    let details = BackendService::get_details(&bed.ctx, episode.id).await.unwrap().details;
    let kinds: Vec<_> = details.markers.iter().map(|marker| marker.kind).collect();
    assert_eq!(kinds, [MarkerKind::Intro, MarkerKind::Credits]);
    assert_eq!(details.markers[0].start, Duration::from_secs(5));
    // What was told is kept for the next time.
    let (kept, _) = LibraryService::details(&bed.ctx, episode.id).await.unwrap().unwrap();
    assert_eq!(kept.markers, details.markers);
    assert_eq!(kept.versions[0].previews, details.versions[0].previews);
}

async fn a_preview_is_a_small_request_made_once(kind: ServerKind) {
    let (server, bed, id) = with_series(kind).await;
    let episode = episodes(&bed, id).await.remove(0);
    let details = BackendService::get_details(&bed.ctx, episode.id).await.unwrap().details;
    let previews = details.versions[0].previews.clone().unwrap();
    assert_eq!(matches!(previews, Previews::Indexed(_)), kind == ServerKind::Plex);
    server.recorder().clear();

    let plan = PreviewService::plan(&bed.ctx, id, &previews).await.unwrap();
    let place = |seconds| plan.place(Duration::from_secs(seconds)).unwrap();
    assert_ne!(place(4), place(10));
    assert_eq!(place(4), place(5), "one for two seconds");
    let file = PreviewService::file(&bed.ctx, id, &place(4)).await.unwrap();
    assert_eq!(PreviewService::file(&bed.ctx, id, &place(5)).await.unwrap(), file);
    assert!(std::fs::read(&file).unwrap().starts_with(b"\x89PNG"), "the testbed draws PNG");
    let asked = server.recorder().requests();
    let previews_asked = asked
        .iter()
        .filter(|request| request.path.contains("/Trickplay/") || request.path.contains("/indexes/sd"));
    let previews_asked: Vec<_> = previews_asked.collect();
    // Drawing takes its time: a connection that has to say meanwhile that it is there is asked once more.
    let is_probe = |path: &str| path == "/identity" || path == "/System/Info/Public";
    let again = asked.iter().filter(|request| is_probe(&request.path)).count();
    let once = if kind == ServerKind::Plex { 2 } else { 1 };
    assert!((once..=once + again).contains(&previews_asked.len()), "{asked:#?}");
    if kind == ServerKind::Plex {
        assert!(previews_asked.iter().all(|request| request.header("range").is_some()));
    }
    assert!(previews_asked.iter().all(|request| !request.path.contains("canary")));
}

async fn a_title_without_previews_costs_nothing_else(kind: ServerKind) {
    let (server, bed, id) = with_series(kind).await;
    let previews = Previews::Indexed(gnome_reel::models::ImageKey::new("/library/parts/1/indexes/sd?of=0"));
    let found = PreviewService::plan(&bed.ctx, id, &previews).await;
    assert!(found.is_err(), "the server has no such file");
    // The connection is as good as before.
    let episode = episodes(&bed, id).await.remove(0);
    assert!(BackendService::get_details(&bed.ctx, episode.id).await.is_ok());
    assert!(server.recorder().count("/library/parts/1/indexes") <= 1);
}

async fn episodes_follow_each_other_across_seasons(kind: ServerKind) {
    let (_server, bed, id) = with_series(kind).await;
    let all = episodes(&bed, id).await;
    let regular: Vec<_> = all.iter().filter(|item| item.record.season != Some(0)).cloned().collect();
    let around = LibraryService::episodes_around(&bed.ctx, &regular[0]).await.unwrap();
    let places = |items: &[Item]| {
        items.iter().map(|item| (item.record.season, item.record.episode)).collect::<Vec<_>>()
    };
    let mut expected = places(&regular);
    expected.dedup();
    assert_eq!(places(&around), expected);
    let series = regular[0].series_id.unwrap();
    let played = LibraryService::played_as(&bed.ctx, &[series]).await.unwrap();
    assert_eq!(played.len(), all.len());
    assert_eq!(played[0], regular[0].id);
}
