//! Places and marks reach the server, whatever happens in between.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use gnome_reel::models::{Item, PlayMethod, PlaybackEvent, PlaybackReport, SourceId};
use gnome_reel::services::core::{OutboxService, PlaybackService};
use gnome_reel::services::events::Event;
use reel_testbed::catalogue::{ItemNumber, WatchState};

use crate::support::{Bed, Server, ServerKind, drain, films};

on_both!(
    a_playback_reaches_the_server,
    a_playback_to_the_end_is_watched,
    marks_reach_the_server,
    changes_wait_for_a_server_that_is_away,
    a_newer_change_at_the_server_wins,
    a_sync_does_not_undo_what_waits,
    a_change_of_a_deleted_item_goes,
);

const FILM: ItemNumber = ItemNumber(1);

async fn with_film(server: &Server) -> (Bed, SourceId, Item) {
    let (bed, id) = Bed::synced(server).await;
    let item = bed.item(id, &server.remote_id(FILM)).await;
    (bed, id, item)
}

fn report(event: PlaybackEvent, position: Duration) -> PlaybackReport {
    PlaybackReport {
        event,
        position,
        duration: None,
        at: Utc::now(),
        version_id: None,
        play_session_id: None,
        method: PlayMethod::Direct,
    }
}

async fn waiting(bed: &Bed, id: SourceId) -> usize {
    OutboxService::list(&bed.ctx, Some(id)).await.unwrap().len()
}

async fn a_playback_reaches_the_server(kind: ServerKind) {
    let server = Server::start(kind, films(2)).await;
    let (bed, id, item) = with_film(&server).await;
    let place = Duration::from_mins(15);
    for event in
        [PlaybackEvent::Started, PlaybackEvent::Playing, PlaybackEvent::Paused, PlaybackEvent::Stopped]
    {
        let position = if event == PlaybackEvent::Started { Duration::ZERO } else { place };
        PlaybackService::report(&bed.ctx, item.id, report(event, position)).await.unwrap();
    }
    assert_eq!(server.watch_state(FILM).position, place);
    assert_eq!(waiting(&bed, id).await, 0);
    let playable = PlaybackService::prepare(&bed.ctx, item.id, None, false).await.unwrap();
    assert_eq!(playable.start, place);
    let over = PlaybackService::prepare(&bed.ctx, item.id, None, true).await.unwrap();
    assert_eq!(over.start, Duration::ZERO);
}

async fn a_playback_to_the_end_is_watched(kind: ServerKind) {
    let server = Server::start(kind, films(2)).await;
    let (bed, id, item) = with_film(&server).await;
    let end = item.record.duration.unwrap().mul_f64(0.97);
    PlaybackService::report(&bed.ctx, item.id, report(PlaybackEvent::Stopped, end)).await.unwrap();
    assert!(server.watch_state(FILM).played);
    let stored = bed.item(id, &server.remote_id(FILM)).await;
    assert!(stored.record.watch.watched && stored.record.watch.position.is_zero());
    assert_eq!(waiting(&bed, id).await, 0);
}

async fn marks_reach_the_server(kind: ServerKind) {
    let server = Server::start(kind, films(2)).await;
    let (bed, id, item) = with_film(&server).await;
    for watched in [true, false] {
        PlaybackService::set_watched(&bed.ctx, item.id, watched).await.unwrap();
        assert_eq!(OutboxService::drain(&bed.ctx, id).await.unwrap().delivered, 1);
        assert_eq!(server.watch_state(FILM).played, watched);
        assert_eq!(bed.item(id, &server.remote_id(FILM)).await.record.watch.watched, watched);
    }
    for favourite in [true, false] {
        PlaybackService::set_favourite(&bed.ctx, item.id, favourite).await.unwrap();
        OutboxService::drain(&bed.ctx, id).await.unwrap();
        // A Plex has no favourites: there the mark stays here.
        assert_eq!(server.watch_state(FILM).favourite, favourite && kind == ServerKind::Jellyfin);
        assert_eq!(bed.item(id, &server.remote_id(FILM)).await.record.watch.favourite, Some(favourite));
        assert_eq!(waiting(&bed, id).await, 0);
    }
}

async fn changes_wait_for_a_server_that_is_away(kind: ServerKind) {
    let server = Server::start(kind, films(3)).await;
    let (bed, id, item) = with_film(&server).await;
    let second = bed.item(id, &server.remote_id(ItemNumber(2))).await;
    let place = Duration::from_mins(12);
    server.go_away();
    PlaybackService::report(&bed.ctx, item.id, report(PlaybackEvent::Paused, place)).await.unwrap();
    PlaybackService::set_watched(&bed.ctx, second.id, true).await.unwrap();
    let summary = OutboxService::drain(&bed.ctx, id).await.unwrap();
    assert_eq!((summary.delivered, summary.dropped, summary.stuck), (0, 0, 0));
    assert!(summary.postponed > 0);
    assert_eq!(waiting(&bed, id).await, 2);
    assert_eq!(bed.item(id, &server.remote_id(FILM)).await.record.watch.position, place);
    assert_eq!(server.watch_state(FILM), WatchState::default());

    server.come_back();
    OutboxService::retry_all(&bed.ctx).await.unwrap();
    let mut events = bed.ctx.events.subscribe();
    assert_eq!(OutboxService::drain(&bed.ctx, id).await.unwrap().delivered, 2);
    assert!(drain(&mut events).contains(&Event::OutboxChanged(id)));
    assert_eq!(server.watch_state(FILM).position, place);
    assert!(server.watch_state(ItemNumber(2)).played);
    assert_eq!(waiting(&bed, id).await, 0);
}

async fn a_newer_change_at_the_server_wins(kind: ServerKind) {
    let server = Server::start(kind, films(2)).await;
    let (bed, id, item) = with_film(&server).await;
    PlaybackService::set_position(&bed.ctx, item.id, Duration::from_mins(10)).await.unwrap();
    let elsewhere = WatchState {
        position: Duration::from_mins(40),
        last_played: Some(Utc::now() + TimeDelta::hours(1)),
        ..WatchState::default()
    };
    server.set_watch_state(FILM, elsewhere.clone());
    assert_eq!(OutboxService::drain(&bed.ctx, id).await.unwrap().dropped, 1);
    assert_eq!(server.watch_state(FILM), elsewhere);
    assert_eq!(waiting(&bed, id).await, 0);
    bed.sync(id).await;
    assert_eq!(bed.item(id, &server.remote_id(FILM)).await.record.watch.position, elsewhere.position);
}

async fn a_sync_does_not_undo_what_waits(kind: ServerKind) {
    let server = Server::start(kind, films(2)).await;
    let (bed, id, item) = with_film(&server).await;
    let place = Duration::from_mins(20);
    PlaybackService::set_position(&bed.ctx, item.id, place).await.unwrap();
    bed.sync(id).await;
    assert_eq!(bed.item(id, &server.remote_id(FILM)).await.record.watch.position, place);
    OutboxService::drain(&bed.ctx, id).await.unwrap();
    bed.sync(id).await;
    assert_eq!(bed.item(id, &server.remote_id(FILM)).await.record.watch.position, place);
    assert_eq!(server.watch_state(FILM).position, place);
}

async fn a_change_of_a_deleted_item_goes(kind: ServerKind) {
    let server = Server::start(kind, films(2)).await;
    let (bed, id, item) = with_film(&server).await;
    PlaybackService::set_watched(&bed.ctx, item.id, true).await.unwrap();
    server.remove_item(FILM);
    let summary = OutboxService::drain(&bed.ctx, id).await.unwrap();
    assert_eq!((summary.dropped, summary.stuck), (1, 0));
    assert_eq!(waiting(&bed, id).await, 0);
}
