//! Transfers that break, fall silent, or come to another file.

use super::files::film;
use super::server::{Fate, PretendedServer};
use super::{Stage, bases, body};
use crate::net::ErrorKind;

/// Whether the player's request fails, before its answer has begun or in the middle.
async fn breaks_off(stage: &Stage) -> bool {
    match stage.open(None).await {
        Ok(reply) => body(reply).await.is_err(),
        Err(_) => true,
    }
}

#[tokio::test]
async fn a_transfer_that_breaks_goes_on_elsewhere_at_its_byte() {
    let fates = [Fate::Cut(2500), Fate::Short(1500), Fate::Cut(3001)];
    let stage = Stage::new(PretendedServer::new(film(10_000)).with(fates)).await;
    assert_eq!(stage.read(None).await, film(10_000));
    let ranges = stage.server.ranges();
    let expected = [None, Some("bytes=2500-9999"), Some("bytes=4000-9999"), Some("bytes=7001-9999")];
    assert_eq!(ranges, expected.map(|range| range.map(str::to_owned)));
    let state = stage.server.state();
    assert!(state.asked[1..].iter().all(|ask| ask.if_range.as_deref() == Some("\"one\"") && ask.fresh));
    let [lan, wan] = [0, 1].map(|number| bases()[number].clone());
    assert_eq!(state.broke, [(lan, ErrorKind::Reset), (wan, ErrorKind::Reset)], "an early end is no error");
}

#[tokio::test]
async fn the_end_of_a_part_is_kept_when_it_breaks() {
    let stage = Stage::new(PretendedServer::new(film(10_000)).with([Fate::Cut(50)])).await;
    assert_eq!(stage.read(Some("bytes=200-299")).await, film(10_000)[200..300]);
    assert_eq!(stage.server.ranges()[1].as_deref(), Some("bytes=250-299"));
}

#[tokio::test]
async fn a_server_without_ranges_is_read_again_from_its_beginning() {
    let server = PretendedServer::new(film(10_000)).with([Fate::Cut(2500), Fate::Cut(4000)]);
    server.state().ranges = false;
    let stage = Stage::new(server).await;
    assert_eq!(stage.read(None).await, film(10_000));
}

#[tokio::test]
async fn what_has_no_length_is_not_taken_up_again() {
    let server = PretendedServer::new(film(5000)).with([Fate::Cut(2500)]);
    (server.state().ranges, server.state().lengths) = (false, false);
    let stage = Stage::new(server).await;
    assert!(breaks_off(&stage).await);
    assert_eq!(stage.server.ranges().len(), 1);
}

#[tokio::test]
async fn a_file_that_changed_is_not_mixed_in() {
    let stage = Stage::new(PretendedServer::new(film(10_000)).with([Fate::Silent(9_000)])).await;
    let mut reply = stage.open(None).await.unwrap();
    let mut seen = 0;
    while seen < 9_000 {
        seen += reply.body.chunk().await.unwrap().unwrap().len();
    }
    {
        let mut state = stage.server.state();
        state.validators.etag = Some("\"two\"".to_owned());
        state.file.reverse();
    }
    assert!(body(reply).await.is_err(), "not one byte of the other file");
    assert_eq!(stage.server.ranges()[1].as_deref(), Some("bytes=9000-9999"));
}

#[tokio::test]
async fn the_player_hears_of_it_when_nothing_helps() {
    let fates = [Fate::Cut(2500), Fate::Refused(ErrorKind::Offline)];
    let stage = Stage::new(PretendedServer::new(film(10_000)).with(fates)).await;
    assert!(breaks_off(&stage).await);
}

#[tokio::test]
async fn what_breaks_at_the_same_byte_every_time_ends() {
    let fates = std::iter::once(Fate::Cut(2500)).chain(std::iter::repeat_n(Fate::Cut(0), 100));
    let stage = Stage::new(PretendedServer::new(film(10_000)).with(fates)).await;
    assert!(breaks_off(&stage).await);
    assert!(stage.server.ranges().len() < 10);
}

mod alone {
    //! Without sockets, on a clock that is only told.

    use std::sync::Arc;
    use std::time::Duration;

    use tokio::time::{Instant, sleep};

    use super::*;
    use crate::services::gateway::range::{Plan, Wanted, plan};
    use crate::services::gateway::session::Session;
    use crate::services::gateway::transfer::Transfer;
    use crate::services::gateway::upstream::{Ask, Upstream as _};

    async fn transfer(server: &Arc<PretendedServer>) -> Transfer {
        let session = Arc::new(Session::new(1, Arc::clone(server) as _));
        let request = super::super::remote("http://lan:32400/film.mkv");
        let crate::backends::Location::Remote(request) = request else { unreachable!() };
        let resource = session.add(&request, &bases()).unwrap();
        let (place, headers) = (resource.place.clone(), Vec::new());
        let ask = Ask { place, headers, range: None, if_range: None, fresh: false };
        let opened = server.open(&ask).await.unwrap();
        let Ok(Plan::Send(span)) = plan(Wanted::Everything, &opened.head) else { panic!("no file") };
        Transfer::new(&session, &resource, span, opened)
    }

    async fn all(mut transfer: Transfer) -> Result<Vec<u8>, ErrorKind> {
        let mut bytes = Vec::new();
        while let Some(part) = transfer.next().await {
            bytes.extend_from_slice(&part?);
        }
        Ok(bytes)
    }

    #[tokio::test(start_paused = true)]
    async fn silence_is_noticed_long_before_a_buffer_is_empty() {
        let server = Arc::new(PretendedServer::new(film(10_000)).with([Fate::Silent(2500)]));
        let begin = Instant::now();
        assert_eq!(all(transfer(&server).await).await.unwrap(), film(10_000));
        assert_eq!(begin.elapsed(), Duration::from_secs(2));
        let state = server.state();
        assert_eq!((state.doubts, state.broke.len()), (1, 0), "a slow disk is not a dead server");
        assert_eq!(state.asked[1].range.as_deref(), Some("bytes=2500-9999"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_disk_that_wakes_up_is_given_more_time_each_time() {
        let fates = [Fate::Silent(1000), Fate::Silent(0), Fate::Silent(0)];
        let server = Arc::new(PretendedServer::new(film(5000)).with(fates));
        let begin = Instant::now();
        assert_eq!(all(transfer(&server).await).await.unwrap(), film(5000));
        assert_eq!(begin.elapsed(), Duration::from_secs(2 + 4 + 8));
    }

    #[tokio::test(start_paused = true)]
    async fn a_player_that_paused_does_not_make_a_connection_bad() {
        let server = Arc::new(PretendedServer::new(film(5000)).with([Fate::Cut(1000)]));
        let mut transfer = transfer(&server).await;
        transfer.next().await.unwrap().unwrap();
        sleep(Duration::from_mins(10)).await;
        transfer.next().await.unwrap().unwrap();
        assert_eq!(server.state().broke.len(), 0);
        assert_eq!(server.ranges().len(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn any_breaks_leave_the_file_as_it_is() {
        for round in 0..200_u64 {
            let mut random = fastrand::Rng::with_seed(round);
            let fates: Vec<Fate> = (0..random.usize(0..12))
                .map(|_| match random.u8(0..3) {
                    0 => Fate::Cut(random.usize(1..5000)),
                    1 => Fate::Short(random.usize(1..5000)),
                    _ => Fate::Silent(random.usize(1..5000)),
                })
                .collect();
            let server = Arc::new(PretendedServer::new(film(20_000)).with(fates.clone()));
            server.state().ranges = random.bool();
            let result = all(transfer(&server).await).await;
            match result {
                Ok(bytes) => assert!(bytes == film(20_000), "round {round}: {fates:?}"),
                // Without ranges several breaks in a row bring nothing new.
                Err(_) => assert!(!server.state().ranges, "round {round}: {fates:?}"),
            }
        }
    }
}
