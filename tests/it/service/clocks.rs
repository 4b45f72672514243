//! A server whose clock is wrong by days: what is newer is newer all the same.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use gnome_reel::models::SourceId;
use gnome_reel::services::core::{OutboxService, PlaybackService};
use reel_testbed::catalogue::{ItemNumber, WatchState};
use reel_testbed::faults::{EVERY_CONNECTION, Fault};

use crate::support::{Bed, Server, ServerKind, films};

on_both!(
    what_happened_later_at_the_server_wins,
    what_happened_earlier_at_the_server_does_not,
    a_change_here_is_delivered_unless_the_server_has_something_newer,
    what_was_played_and_described_anew_is_still_found,
);

const FILM: ItemNumber = ItemNumber(2);
const PLACE: Duration = Duration::from_mins(12);

/// By how much the clock of the server is ahead.
const AHEAD: [TimeDelta; 2] = [TimeDelta::days(3), TimeDelta::days(-3)];

/// A synced source whose server has a wrong clock.
async fn with_clock(kind: ServerKind, ahead: TimeDelta) -> (Server, Bed, SourceId) {
    let server = Server::start(kind, films(30)).await;
    let date = (Utc::now() + ahead).format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    server.faults().add(EVERY_CONNECTION, "/", Fault::Headers(vec![("date".to_owned(), date)]));
    let (bed, id) = Bed::synced(&server).await;
    let offset = bed.ctx.db.sources().clock_offset(id).await.unwrap();
    assert!((offset + ahead).abs() < TimeDelta::minutes(2), "{offset}");
    (server, bed, id)
}

fn left_at(position: Duration, at: DateTime<Utc>) -> WatchState {
    WatchState { position, play_count: 1, last_played: Some(at), ..WatchState::default() }
}

async fn place(bed: &Bed, server: &Server, id: SourceId) -> Duration {
    bed.item(id, &server.remote_id(FILM)).await.record.watch.position
}

/// The user left a film here just now, and the server knows.
async fn left_here(bed: &Bed, server: &Server, id: SourceId) {
    let item = bed.item(id, &server.remote_id(FILM)).await;
    PlaybackService::set_position(&bed.ctx, item.id, PLACE).await.unwrap();
    assert_eq!(OutboxService::drain(&bed.ctx, id).await.unwrap().delivered, 1);
    assert_eq!(server.watch_state(FILM).position, PLACE);
}

async fn what_happened_later_at_the_server_wins(kind: ServerKind) {
    for ahead in AHEAD {
        let (server, bed, id) = with_clock(kind, ahead).await;
        left_here(&bed, &server, id).await;
        let later = Duration::from_mins(40);
        server.set_watch_state(FILM, left_at(later, Utc::now() + ahead + TimeDelta::minutes(5)));
        bed.a_day_passes(id).await;
        bed.sync(id).await;
        assert_eq!(place(&bed, &server, id).await, later, "{ahead}");
    }
}

async fn what_happened_earlier_at_the_server_does_not(kind: ServerKind) {
    for ahead in AHEAD {
        let (server, bed, id) = with_clock(kind, ahead).await;
        left_here(&bed, &server, id).await;
        // A page that was asked for before the delivery.
        let earlier = Utc::now() + ahead - TimeDelta::hours(1);
        server.set_watch_state(FILM, left_at(Duration::from_mins(3), earlier));
        bed.a_day_passes(id).await;
        bed.sync(id).await;
        assert_eq!(place(&bed, &server, id).await, PLACE, "{ahead}");
    }
}

async fn a_change_here_is_delivered_unless_the_server_has_something_newer(kind: ServerKind) {
    for ahead in AHEAD {
        let (server, bed, id) = with_clock(kind, ahead).await;
        let item = bed.item(id, &server.remote_id(FILM)).await;
        let elsewhere = Duration::from_mins(30);
        server.set_watch_state(FILM, left_at(elsewhere, Utc::now() + ahead - TimeDelta::hours(1)));
        PlaybackService::set_position(&bed.ctx, item.id, PLACE).await.unwrap();
        assert_eq!(OutboxService::drain(&bed.ctx, id).await.unwrap().delivered, 1, "{ahead}");
        // Our own change, by the time that we told with it, is not newer than the next one.
        PlaybackService::set_position(&bed.ctx, item.id, PLACE * 2).await.unwrap();
        if kind == ServerKind::Jellyfin {
            assert_eq!(OutboxService::drain(&bed.ctx, id).await.unwrap().delivered, 1, "{ahead}");
            PlaybackService::set_position(&bed.ctx, item.id, PLACE * 3).await.unwrap();
        }
        server.set_watch_state(FILM, left_at(elsewhere, Utc::now() + ahead + TimeDelta::hours(1)));
        assert_eq!(OutboxService::drain(&bed.ctx, id).await.unwrap().dropped, 1, "{ahead}");
        assert_eq!(server.watch_state(FILM).position, elsewhere);
    }
}

async fn what_was_played_and_described_anew_is_still_found(kind: ServerKind) {
    for ahead in AHEAD {
        let (server, bed, id) = with_clock(kind, ahead).await;
        let now = Utc::now() + ahead + TimeDelta::minutes(5);
        server.set_watch_state(
            FILM,
            WatchState { played: true, play_count: 1, ..left_at(Duration::ZERO, now) },
        );
        server.change_catalogue(|catalogue| {
            let item = catalogue.items[6].as_mut().unwrap();
            "Renamed".clone_into(&mut item.title);
            item.updated = now;
        });
        let summary = bed.sync(id).await;
        assert_eq!((summary.inserted, summary.removed), (0, 0), "{ahead}");
        assert!(bed.item(id, &server.remote_id(FILM)).await.record.watch.watched, "{ahead}");
        assert_eq!(bed.item(id, &server.remote_id(ItemNumber(7))).await.record.title, "Renamed", "{ahead}");
    }
}
