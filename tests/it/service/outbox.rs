//! Changes on their way: what a server refuses, puts off or does not know, and what happens when several want to deliver.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use gnome_reel::db::{Database, OutboxState};
use gnome_reel::models::{Item, OperationId, OutboxChange, SourceId, UserRating};
use gnome_reel::services::AppContext;
use gnome_reel::services::clock::Clock;
use gnome_reel::services::core::{BackendService, OutboxService, PlaybackService};
use reel_testbed::catalogue::{ItemNumber, WatchState};
use reel_testbed::faults::{EVERY_CONNECTION, Fault, Where};

use crate::support::{Bed, Server, ServerKind, TOKEN, films};

on_both!(
    a_day_without_the_server_is_delivered_once,
    what_is_refused_is_stuck_and_holds_up_nothing,
    a_server_in_trouble_is_left_alone,
    a_server_that_puts_off_is_waited_for,
    not_found_is_looked_at_twice,
    nothing_is_tried_while_somebody_has_to_sign_in,
    of_two_devices_the_later_one_wins_on_both,
    two_processes_deliver_each_change_once,
    a_mark_that_arrived_unseen_is_not_told_again,
    a_server_clock_that_is_a_little_ahead_costs_no_place,
    ratings_go_where_they_are_kept,
);

const FILM: ItemNumber = ItemNumber(1);
const OTHER: ItemNumber = ItemNumber(2);

async fn film(bed: &Bed, server: &Server, id: SourceId, number: ItemNumber) -> Item {
    bed.item(id, &server.remote_id(number)).await
}

/// Requests that bring a place.
fn place_requests(kind: ServerKind) -> Where {
    match kind {
        ServerKind::Plex => Where::path("/:/progress"),
        ServerKind::Jellyfin => Where::path("/UserItems/").method("POST".parse().unwrap()),
    }
}

/// How many requests brought a place or a mark.
fn told(server: &Server) -> usize {
    let is_telling = |method: &str, path: &str| {
        path.starts_with("/:/progress")
            || path.ends_with("scrobble")
            || path.starts_with("/UserPlayedItems")
            || (method == "POST" && path.starts_with("/UserItems/"))
    };
    let requests = server.recorder().requests();
    requests.iter().filter(|request| is_telling(&request.method, &request.path)).count()
}

fn status(code: u16, headers: &[(&str, &str)]) -> Fault {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Fault::Status { code, headers, body: String::new() }
}

async fn states(ctx: &AppContext, id: SourceId) -> Vec<(OutboxState, Option<String>)> {
    let rows = OutboxService::list(ctx, Some(id)).await.unwrap();
    rows.into_iter().map(|row| (row.state, row.last_error)).collect()
}

async fn a_day_without_the_server_is_delivered_once(kind: ServerKind) {
    const FILMS: u32 = 100;
    let server = Server::start(kind, films(FILMS as usize)).await;
    let (bed, id) = Bed::synced(&server).await;
    let mut items = BTreeMap::new();
    for number in 1..=FILMS {
        items.insert(number, film(&bed, &server, id, ItemNumber(number)).await);
    }
    server.go_away();
    // 500 changes: places that move on, marks that are taken back.
    for round in 1..=5_u64 {
        for (number, item) in &items {
            match (u64::from(*number) + round) % 5 {
                0 => PlaybackService::set_watched(&bed.ctx, item.id, true).await.unwrap(),
                1 => PlaybackService::set_watched(&bed.ctx, item.id, false).await.unwrap(),
                _ => {
                    let place = Duration::from_mins(10 + round);
                    PlaybackService::set_position(&bed.ctx, item.id, place).await.unwrap();
                }
            }
        }
    }
    let waiting = OutboxService::list(&bed.ctx, Some(id)).await.unwrap().len();
    let tried = OutboxService::drain(&bed.ctx, id).await.unwrap();
    assert!((1..=2).contains(&tried.postponed), "one at most beside the first that fails: {tried:?}");
    assert_eq!(OutboxService::drain(&bed.ctx, id).await.unwrap().postponed, 0, "not again at once");
    assert_eq!(OutboxService::list(&bed.ctx, Some(id)).await.unwrap().len(), waiting);

    server.come_back();
    server.recorder().clear();
    let drained = OutboxService::drain_reached(&bed.ctx, id).await.unwrap();
    assert_eq!((drained.delivered as usize, drained.postponed, drained.stuck), (waiting, 0, 0));
    // A Plex is not told the position 0, and a place that is there already is not told again.
    assert!(told(&server) <= waiting, "{} for {waiting}", told(&server));
    for (number, item) in items {
        let here = bed.ctx.db.items().get(item.id).await.unwrap().record.watch;
        let there = server.watch_state(ItemNumber(number));
        assert_eq!((there.played, there.position), (here.watched, here.position), "film {number}");
    }
    assert!(states(&bed.ctx, id).await.is_empty());
}

async fn what_is_refused_is_stuck_and_holds_up_nothing(kind: ServerKind) {
    let server = Server::start(kind, films(3)).await;
    let (bed, id) = Bed::synced(&server).await;
    let (one, other) = (film(&bed, &server, id, FILM).await, film(&bed, &server, id, OTHER).await);
    for (code, reason) in [(403, "Forbidden"), (400, "Client")] {
        PlaybackService::set_position(&bed.ctx, one.id, Duration::from_mins(20)).await.unwrap();
        PlaybackService::set_watched(&bed.ctx, other.id, code == 403).await.unwrap();
        server.faults().add(EVERY_CONNECTION, place_requests(kind), status(code, &[]));
        let drained = OutboxService::drain(&bed.ctx, id).await.unwrap();
        assert_eq!((drained.delivered, drained.stuck), (1, 1), "{code}");
        assert_eq!(states(&bed.ctx, id).await, [(OutboxState::Stuck, Some(reason.to_owned()))]);
        assert_eq!(server.watch_state(OTHER).played, code == 403);
        // A person retries when the server allows it again.
        server.faults().clear_all();
        let operation = OutboxService::list(&bed.ctx, Some(id)).await.unwrap()[0].op_id;
        assert_eq!(OutboxService::drain(&bed.ctx, id).await.unwrap().delivered, 0);
        OutboxService::retry(&bed.ctx, operation).await.unwrap();
        assert_eq!(OutboxService::drain(&bed.ctx, id).await.unwrap().delivered, 1);
        assert_eq!(server.watch_state(FILM).position, Duration::from_mins(20));
        server.set_watch_state(FILM, WatchState::default());
    }
    assert!(OutboxService::retry(&bed.ctx, OperationId::random()).await.is_err());
}

async fn a_server_in_trouble_is_left_alone(kind: ServerKind) {
    let server = Server::start(kind, films(20)).await;
    let (bed, id) = Bed::synced(&server).await;
    for number in 1..=20 {
        let item = film(&bed, &server, id, ItemNumber(number)).await;
        PlaybackService::set_watched(&bed.ctx, item.id, true).await.unwrap();
    }
    server.faults().add(EVERY_CONNECTION, "/", status(502, &[]));
    let drained = OutboxService::drain(&bed.ctx, id).await.unwrap();
    assert!((1..=4).contains(&drained.postponed), "{drained:?}");
    assert_eq!(drained.delivered + drained.stuck + drained.dropped, 0);
    server.faults().clear_all();
    assert_eq!(OutboxService::drain_reached(&bed.ctx, id).await.unwrap().delivered, 20);
}

async fn a_server_that_puts_off_is_waited_for(kind: ServerKind) {
    let server = Server::start(kind, films(3)).await;
    let (bed, id) = Bed::synced(&server).await;
    for number in [FILM, OTHER] {
        let item = film(&bed, &server, id, number).await;
        PlaybackService::set_position(&bed.ctx, item.id, Duration::from_mins(20)).await.unwrap();
    }
    let later = status(429, &[("retry-after", "300")]);
    server.faults().add(EVERY_CONNECTION, place_requests(kind), later);
    let before = Utc::now();
    assert!(OutboxService::drain(&bed.ctx, id).await.unwrap().postponed >= 1);
    server.faults().clear_all();
    let due = OutboxService::next_due(&bed.ctx, id).await.unwrap().unwrap();
    assert!(due >= before + TimeDelta::seconds(299), "{due}");
    // Neither the passing of time nor a reconnection comes before what the server has asked for.
    assert_eq!(OutboxService::drain_reached(&bed.ctx, id).await.unwrap().delivered, 0);
    assert_eq!(states(&bed.ctx, id).await.len(), 2, "nothing is lost");
    // A person may want it now; whether the server is asked then is up to its own pause.
    OutboxService::retry_all(&bed.ctx).await.unwrap();
    assert!(OutboxService::next_due(&bed.ctx, id).await.unwrap().unwrap() <= Utc::now());
}

async fn not_found_is_looked_at_twice(kind: ServerKind) {
    let server = Server::start(kind, films(3)).await;
    let (bed, id) = Bed::synced(&server).await;
    let item = film(&bed, &server, id, FILM).await;
    PlaybackService::set_position(&bed.ctx, item.id, Duration::from_mins(20)).await.unwrap();
    // Something in front of the server, or a library that is being moved: the item is there all the same.
    server.faults().add(EVERY_CONNECTION, place_requests(kind), status(404, &[]));
    let drained = OutboxService::drain(&bed.ctx, id).await.unwrap();
    assert_eq!((drained.postponed, drained.dropped), (1, 0));
    server.faults().clear_all();
    OutboxService::retry_all(&bed.ctx).await.unwrap();
    assert_eq!(OutboxService::drain(&bed.ctx, id).await.unwrap().delivered, 1);
    // Gone, and the server says so itself.
    PlaybackService::set_position(&bed.ctx, item.id, Duration::from_mins(30)).await.unwrap();
    server.remove_item(FILM);
    assert_eq!(OutboxService::drain(&bed.ctx, id).await.unwrap().dropped, 1);
    assert!(states(&bed.ctx, id).await.is_empty());
}

async fn nothing_is_tried_while_somebody_has_to_sign_in(kind: ServerKind) {
    let server = Server::start(kind, films(3)).await;
    let (bed, id) = Bed::synced(&server).await;
    let item = film(&bed, &server, id, FILM).await;
    server.revoke();
    PlaybackService::set_position(&bed.ctx, item.id, Duration::from_mins(20)).await.unwrap();
    assert_eq!(OutboxService::drain(&bed.ctx, id).await.unwrap().postponed, 1);
    OutboxService::retry_all(&bed.ctx).await.unwrap();
    server.recorder().clear();
    assert_eq!(OutboxService::drain(&bed.ctx, id).await.unwrap().postponed, 0);
    assert!(server.recorder().requests().is_empty(), "a refused token is not shown again and again");
    assert_eq!(states(&bed.ctx, id).await.len(), 1, "and nothing is lost");
}

async fn of_two_devices_the_later_one_wins_on_both(kind: ServerKind) {
    let server = Server::start(kind, films(3)).await;
    let (one, id) = Bed::synced(&server).await;
    let (two, other_id) = Bed::synced(&server).await;
    let on_one = film(&one, &server, id, FILM).await;
    let on_two = film(&two, &server, other_id, FILM).await;
    let place = |bed: &Bed, item: &Item| {
        let (ctx, id) = (bed.ctx.clone(), item.id);
        async move { ctx.db.items().get(id).await.unwrap().record.watch.position }
    };
    // The first is left offline, the second plays on later and tells at once, then the first is back.
    PlaybackService::set_position(&one.ctx, on_one.id, Duration::from_mins(10)).await.unwrap();
    let mut later = two.ctx.clone();
    later.clock = Clock::from_fn(|| Utc::now() + TimeDelta::seconds(30));
    PlaybackService::set_position(&later, on_two.id, Duration::from_mins(50)).await.unwrap();
    assert_eq!(OutboxService::drain(&later, other_id).await.unwrap().delivered, 1);
    if kind == ServerKind::Plex {
        // It stamps with its own time, which is not later in this test.
        let state = server.watch_state(FILM);
        let last_played = Some(Utc::now() + TimeDelta::seconds(30));
        server.set_watch_state(FILM, WatchState { last_played, ..state });
    }
    assert_eq!(OutboxService::drain(&one.ctx, id).await.unwrap().dropped, 1);
    assert_eq!(server.watch_state(FILM).position, Duration::from_mins(50));
    assert_eq!(place(&one, &on_one).await, Duration::from_mins(50), "seen at once, without a sync");
    // And the other way round: what is later here goes over what is older there.
    let mut latest = one.ctx.clone();
    latest.clock = Clock::from_fn(|| Utc::now() + TimeDelta::minutes(5));
    PlaybackService::set_position(&latest, on_one.id, Duration::from_mins(55)).await.unwrap();
    assert_eq!(OutboxService::drain(&latest, id).await.unwrap().delivered, 1);
    assert_eq!(server.watch_state(FILM).position, Duration::from_mins(55));
}

async fn two_processes_deliver_each_change_once(kind: ServerKind) {
    let server = Server::start(kind, films(30)).await;
    let (bed, id) = Bed::synced(&server).await;
    for number in 1..=30 {
        let item = film(&bed, &server, id, ItemNumber(number)).await;
        PlaybackService::set_watched(&bed.ctx, item.id, true).await.unwrap();
    }
    let mut other = bed.ctx.clone();
    other.db = Database::open(&bed.ctx.paths.database()).await.unwrap();
    server.recorder().clear();
    let (one, two) = tokio::join!(OutboxService::drain(&bed.ctx, id), OutboxService::drain(&other, id));
    assert_eq!(one.unwrap().delivered + two.unwrap().delivered, 30);
    assert_eq!(told(&server), 30);
    for number in 1..=30 {
        assert_eq!(server.watch_state(ItemNumber(number)).play_count, 1);
    }
}

async fn a_mark_that_arrived_unseen_is_not_told_again(kind: ServerKind) {
    let server = Server::start(kind, films(3)).await;
    let (bed, id) = Bed::synced(&server).await;
    let item = film(&bed, &server, id, FILM).await;
    PlaybackService::set_watched(&bed.ctx, item.id, true).await.unwrap();
    // A process takes the change, the server gets it, and the process dies before it knows.
    let lease = Duration::from_mins(1);
    let row = bed.ctx.db.outbox().lease(id, "dead", bed.ctx.clock.now(), lease, 1).await.unwrap().remove(0);
    let OutboxChange::Watched { at, .. } = row.change else { panic!("{row:?}") };
    let told_once =
        WatchState { played: true, play_count: 1, last_played: Some(at), ..WatchState::default() };
    server.set_watch_state(FILM, told_once.clone());
    let mut ctx = bed.ctx.clone();
    ctx.clock = Clock::from_fn(|| Utc::now() + TimeDelta::minutes(2));
    server.recorder().clear();
    assert_eq!(OutboxService::drain(&ctx, id).await.unwrap().delivered, 1);
    assert_eq!((told(&server), server.watch_state(FILM).play_count), (0, 1), "read back, not told again");
    assert!(states(&ctx, id).await.is_empty());
}

async fn a_server_clock_that_is_a_little_ahead_costs_no_place(kind: ServerKind) {
    let server = Server::start(kind, films(3)).await;
    let (bed, id) = Bed::synced(&server).await;
    let item = film(&bed, &server, id, FILM).await;
    let first = Duration::from_mins(20);
    PlaybackService::set_position(&bed.ctx, item.id, first).await.unwrap();
    OutboxService::drain(&bed.ctx, id).await.unwrap();
    // As our own report was stamped by a clock that is half a minute ahead: too little to be told from the way there.
    let state = server.watch_state(FILM);
    let ahead = Some(Utc::now() + TimeDelta::seconds(30));
    server.set_watch_state(FILM, WatchState { last_played: ahead, ..state });
    let then = first + Duration::from_secs(10);
    PlaybackService::set_position(&bed.ctx, item.id, then).await.unwrap();
    assert_eq!(OutboxService::drain(&bed.ctx, id).await.unwrap().delivered, 1);
    assert_eq!(server.watch_state(FILM).position, then);
}

async fn ratings_go_where_they_are_kept(kind: ServerKind) {
    let server = Server::start(kind, films(3)).await;
    let (bed, id) = Bed::synced(&server).await;
    let item = film(&bed, &server, id, FILM).await;
    let at_plex = || match &server {
        Server::Plex(plex) => plex.rating(TOKEN, FILM),
        Server::Jellyfin(_) => None,
    };
    for half_stars in [7, 10, 0] {
        let rating = UserRating::from_half_stars(half_stars);
        PlaybackService::set_rating(&bed.ctx, item.id, rating).await.unwrap();
        OutboxService::drain(&bed.ctx, id).await.unwrap();
        assert!(states(&bed.ctx, id).await.is_empty());
        assert_eq!(PlaybackService::rating(&bed.ctx, item.id).await.unwrap(), rating);
        if kind == ServerKind::Plex {
            assert_eq!(at_plex(), (half_stars > 0).then_some(f64::from(half_stars)));
        }
        // What the server says with the details takes none away that it does not keep.
        BackendService::get_details(&bed.ctx, item.id).await.unwrap();
        assert_eq!(PlaybackService::rating(&bed.ctx, item.id).await.unwrap(), rating);
    }
}
