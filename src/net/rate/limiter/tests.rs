//! Turns, pauses and caps on the paused clock.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::SystemTime;

use reqwest::header::{HeaderMap, HeaderValue};

use super::*;
use crate::net::rate::LONGEST_PAUSE;

const SERVER: &str = "http://attic:8096";
const PLEX_TV: &str = "https://plex.tv";

fn limiter() -> RateLimiter {
    RateLimiter::new([PLEX_TV])
}

/// Timers are exact to a millisecond.
fn about(duration: Duration, expected: Duration) {
    let least = expected.saturating_sub(Duration::from_millis(1));
    let slack = Duration::from_millis(1).max(expected / 100);
    assert!(duration >= least && duration <= expected + slack, "{duration:?} is not about {expected:?}");
}

async fn highest_at_a_time(limiter: &RateLimiter, traffic: Traffic, tasks: usize) -> usize {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let all = (0..tasks).map(|index| {
        let (limiter, now, most) = (limiter.clone(), Arc::clone(&now), Arc::clone(&most));
        let lane = if index % 3 == 0 { Lane::Interactive } else { Lane::Background };
        tokio::spawn(async move {
            let _permit = limiter.acquire(SERVER, lane, traffic).await;
            most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(7)).await;
            now.fetch_sub(1, Ordering::SeqCst);
        })
    });
    for task in futures::future::join_all(all).await {
        task.unwrap();
    }
    most.load(Ordering::SeqCst)
}

#[tokio::test(start_paused = true)]
async fn caps_hold_under_a_hundred_tasks() {
    let limiter = limiter();
    let start = Instant::now();
    assert_eq!(highest_at_a_time(&limiter, Traffic::Api, 100).await, 8);
    about(start.elapsed(), Duration::from_millis(13 * 7));
    assert_eq!(highest_at_a_time(&limiter, Traffic::Image, 100).await, 6);
    assert_eq!(limiter.shared.lock().len(), 0, "nothing is remembered of an idle server");
}

#[tokio::test]
async fn caps_hold_with_real_threads() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_time().build().unwrap();
    let limiter = limiter();
    let most = runtime.spawn({
        let limiter = limiter.clone();
        async move { highest_at_a_time(&limiter, Traffic::Api, 400).await }
    });
    assert!(most.await.unwrap() <= 8);
    assert_eq!(limiter.shared.lock().len(), 0);
    runtime.shutdown_background();
}

#[tokio::test(start_paused = true)]
async fn full_pictures_do_not_hold_up_the_rest() {
    let limiter = limiter();
    let mut held = Vec::new();
    for _ in 0..6 {
        held.push(limiter.acquire(SERVER, Lane::Interactive, Traffic::Image).await);
    }
    let waiting = tokio::spawn({
        let limiter = limiter.clone();
        async move { limiter.acquire(SERVER, Lane::Interactive, Traffic::Image).await }
    });
    tokio::task::yield_now().await;
    let start = Instant::now();
    let api = limiter.acquire(SERVER, Lane::Background, Traffic::Api);
    held.push(tokio::time::timeout(Duration::from_secs(1), api).await.unwrap());
    assert_eq!(start.elapsed(), Duration::ZERO);
    assert!(!waiting.is_finished());
    held.clear();
    drop(waiting.await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn interactive_passes_background_that_came_before() {
    for (origin, held) in [(SERVER, 8), (PLEX_TV, 10)] {
        let limiter = limiter();
        let order = Arc::new(Mutex::new(Vec::new()));
        let mut permits = Vec::new();
        for _ in 0..held {
            let permit = limiter.acquire(origin, Lane::Interactive, Traffic::Api);
            // At plex.tv the rate is the limit, at a server the number at a time.
            if origin == PLEX_TV { drop(permit.await) } else { permits.push(permit.await) }
        }
        let mut tasks = Vec::new();
        for (name, lane) in [
            ("b1", Lane::Background),
            ("b2", Lane::Background),
            ("i1", Lane::Interactive),
            ("i2", Lane::Interactive),
        ] {
            let (limiter, order) = (limiter.clone(), Arc::clone(&order));
            tasks.push(tokio::spawn(async move {
                let _permit = limiter.acquire(origin, lane, Traffic::Api).await;
                order.lock().unwrap().push(name);
                tokio::time::sleep(Duration::from_secs(1)).await;
            }));
            tokio::task::yield_now().await;
        }
        for permit in permits.drain(..).take(4) {
            drop(permit);
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        futures::future::join_all(tasks).await;
        assert_eq!(*order.lock().unwrap(), ["i1", "i2", "b1", "b2"], "{origin}");
    }
}

async fn requests(limiter: &RateLimiter, origin: &str, number: usize) -> Duration {
    let start = Instant::now();
    let all =
        (0..number).map(|_| async { drop(limiter.acquire(origin, Lane::Background, Traffic::Api).await) });
    futures::future::join_all(all).await;
    start.elapsed()
}

#[tokio::test(start_paused = true)]
async fn plex_tv_gets_ten_a_second_and_a_server_as_many_as_it_answers() {
    let limiter = limiter();
    about(requests(&limiter, PLEX_TV, 40).await, Duration::from_secs(3));
    assert_eq!(requests(&limiter, SERVER, 400).await, Duration::ZERO);
    assert_eq!(limiter.rate(SERVER), None);
}

fn refusal(retry_after: &str) -> LimitHeaders {
    let mut headers = HeaderMap::new();
    headers.insert("retry-after", HeaderValue::from_bytes(retry_after.as_bytes()).unwrap());
    LimitHeaders::read(&headers, SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777))
}

#[tokio::test(start_paused = true)]
async fn a_refusal_pauses_for_seconds_or_until_a_date_and_not_for_a_century() {
    for (retry_after, expected) in [
        ("7", Duration::from_secs(7)),
        ("Sun, 06 Nov 1994 08:50:37 GMT", Duration::from_mins(1)),
        ("Tue, 01 Dec 2099 00:00:00 GMT", LONGEST_PAUSE),
        ("18446744073709551615", LONGEST_PAUSE),
        ("99999999999999999999", Duration::from_millis(200)),
        ("-1", Duration::from_millis(200)),
        ("∞", Duration::from_millis(200)),
    ] {
        let (limiter, start) = (limiter(), Instant::now());
        limiter.note(SERVER, 429, &refusal(retry_after));
        let shown = limiter.paused_until(SERVER).map(|until| until - start);
        assert_eq!(shown, (expected > Duration::from_secs(1)).then_some(expected), "{retry_after}");
        drop(limiter.acquire(SERVER, Lane::Interactive, Traffic::Api).await);
        about(start.elapsed(), expected);
        assert_eq!(limiter.paused_until(SERVER), None);
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_halves_the_rate_of_any_server() {
    let limiter = limiter();
    limiter.note(SERVER, 429, &LimitHeaders::default());
    about(requests(&limiter, SERVER, 20).await, Duration::from_secs(4));
    assert_eq!(limiter.rate(SERVER), Some(5.0));
    tokio::time::advance(Duration::from_secs(30)).await;
    assert_eq!(limiter.rate(SERVER), Some(8.0));
}

#[tokio::test(start_paused = true)]
async fn nothing_remaining_waits_for_the_reset() {
    let limits = |remaining| LimitHeaders {
        remaining: Some(remaining),
        reset: Some(Duration::from_secs(12)),
        retry_after: None,
    };
    let limiter = limiter();
    limiter.note(SERVER, 200, &limits(3));
    assert_eq!(requests(&limiter, SERVER, 1).await, Duration::ZERO);
    limiter.note(SERVER, 200, &limits(0));
    about(requests(&limiter, SERVER, 10).await, Duration::from_secs(12));
    assert!(requests(&limiter, SERVER, 20).await > Duration::from_secs(1), "it has a bucket from now on");
}

#[tokio::test(start_paused = true)]
async fn who_is_impatient_hears_of_a_long_pause_at_once() {
    let limiter = limiter();
    limiter.note(SERVER, 429, &refusal("30"));
    let patient =
        |secs| limiter.acquire_within(SERVER, Lane::Interactive, Traffic::Api, Duration::from_secs(secs));
    assert_eq!(patient(20).await.unwrap_err().wait, Duration::from_secs(30));
    let start = Instant::now();
    drop(patient(30).await.unwrap());
    about(start.elapsed(), Duration::from_secs(30));
}

#[tokio::test(start_paused = true)]
async fn a_pause_that_the_user_ends_is_over_for_those_who_wait() {
    let limiter = limiter();
    limiter.note(SERVER, 429, &refusal("1000"));
    let waiting = tokio::spawn({
        let limiter = limiter.clone();
        async move { requests(&limiter, SERVER, 5).await }
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    limiter.end_pause(SERVER);
    // Five a second, as since any refusal.
    about(waiting.await.unwrap(), Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn who_gives_up_makes_room_whoever_it_was() {
    let limiter = limiter();
    requests(&limiter, PLEX_TV, 10).await;
    let start = Instant::now();
    let waiting: Vec<_> = (0..10)
        .map(|_| {
            let limiter = limiter.clone();
            tokio::spawn(async move {
                drop(limiter.acquire(PLEX_TV, Lane::Background, Traffic::Api).await);
            })
        })
        .collect();
    tokio::task::yield_now().await;
    // The first one watches the clock for all.
    waiting[..5].iter().for_each(tokio::task::JoinHandle::abort);
    let all = futures::future::join_all(waiting);
    let ended = tokio::time::timeout(Duration::from_mins(1), all).await.unwrap();
    assert_eq!(ended.iter().filter(|end| end.is_ok()).count(), 5);
    about(start.elapsed(), Duration::from_millis(500));
}

#[tokio::test(start_paused = true)]
async fn a_grant_that_nobody_takes_is_passed_on() {
    let limiter = limiter();
    let mut held = Vec::new();
    for _ in 0..8 {
        held.push(limiter.acquire(SERVER, Lane::Interactive, Traffic::Api).await);
    }
    let mut first = Box::pin(limiter.acquire(SERVER, Lane::Interactive, Traffic::Api));
    let mut second = Box::pin(limiter.acquire(SERVER, Lane::Interactive, Traffic::Api));
    assert!(futures::poll!(first.as_mut()).is_pending());
    assert!(futures::poll!(second.as_mut()).is_pending());
    held.pop();
    drop(first);
    assert!(futures::poll!(second.as_mut()).is_ready());
}

#[tokio::test(start_paused = true)]
async fn memory_is_bounded_however_many_origins_there_are() {
    let limiter = limiter();
    limiter.note(PLEX_TV, 429, &LimitHeaders::default());
    for index in 0..10_000 {
        limiter.note(&format!("http://host{index}"), 429, &refusal("30"));
    }
    let origins = limiter.shared.lock();
    assert!(origins.len() <= MOST_ORIGINS, "{}", origins.len());
    assert!(origins.contains_key(PLEX_TV));
}
