//! One connection through its states.

#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::net::retry::Jitter;

fn tracker(max_attempts: u32) -> ConnectionTracker {
    let id = ConnectionId::new(SourceId::random(), "http://attic:8096".parse().unwrap());
    ConnectionTracker::new(id, RetryPolicy { max_attempts, ..RetryPolicy::RECONNECT })
}

#[tokio::test(start_paused = true)]
async fn delay_calculation_exponential_growth() {
    let mut tracker = tracker(0);
    let mut delays = Vec::new();
    for _ in 0..5 {
        tracker.record_failure(ErrorKind::Refused);
        delays.push(tracker.retry_delay(fastrand::f64()));
    }
    for (delay, plain) in delays.iter().zip([500, 1000, 2000, 4000, 8000]) {
        let plain = Duration::from_millis(plain);
        assert!(*delay >= plain.mul_f64(0.95) && *delay <= plain.mul_f64(1.05), "{delay:?}");
    }
    assert!(delays.is_sorted());
}

#[tokio::test(start_paused = true)]
async fn max_attempts_enforcement() {
    let mut tracker = tracker(3);
    for _ in 0..2 {
        tracker.record_failure(ErrorKind::Refused);
        assert!(tracker.should_retry());
        assert_eq!(tracker.state(), ConnectionState::Retrying);
    }
    tracker.record_failure(ErrorKind::Refused);
    assert!(!tracker.should_retry());
    assert_eq!(tracker.state(), ConnectionState::Exhausted);
}

#[tokio::test(start_paused = true)]
async fn infinite_retry_mode() {
    let mut tracker = tracker(0);
    for _ in 0..100 {
        tracker.record_failure(ErrorKind::Reset);
        assert!(tracker.should_retry());
    }
    assert!(tracker.retry_delay(1.0) <= Duration::from_secs(30));
}

#[tokio::test(start_paused = true)]
async fn success_resets_state() {
    let mut tracker = tracker(5);
    tracker.record_failure(ErrorKind::Reset);
    tracker.record_failure(ErrorKind::Reset);
    assert_eq!((tracker.consecutive_failures(), tracker.attempt_count()), (2, 2));
    tracker.record_success();
    assert_eq!((tracker.consecutive_failures(), tracker.attempt_count()), (0, 0));
    assert_eq!(tracker.state(), ConnectionState::Connected);
    assert_eq!(tracker.totals(), (3, 2));
}

#[tokio::test(start_paused = true)]
async fn without_reset_on_success_attempts_stay_counted() {
    let mut tracker = tracker(3);
    tracker.policy = RetryPolicy { reset_on_success: false, jitter: Jitter::None, ..tracker.policy };
    tracker.record_failure(ErrorKind::Reset);
    tracker.record_success();
    assert_eq!(tracker.attempt_count(), 1);
    assert_eq!(tracker.retry_delay(0.0), Duration::from_millis(500));
    assert_eq!(tracker.begin_run(tracker.policy), 1);
}

#[tokio::test(start_paused = true)]
async fn exhausted_is_left_by_a_success_and_by_a_reset() {
    let mut tracker = tracker(1);
    tracker.record_failure(ErrorKind::Refused);
    tracker.record_attempt();
    assert_eq!(tracker.state(), ConnectionState::Exhausted, "trying is not succeeding");
    tracker.record_success();
    assert_eq!(tracker.state(), ConnectionState::Connected);
    tracker.record_failure(ErrorKind::Refused);
    tracker.reset();
    assert_eq!(tracker.state(), ConnectionState::Idle);
    assert!(tracker.should_retry());
}

#[tokio::test(start_paused = true)]
async fn kinds_are_judged_by_what_they_say_of_the_connection() {
    for (kind, state, retry) in [
        (ErrorKind::Reset, ConnectionState::Retrying, true),
        (ErrorKind::Server, ConnectionState::Retrying, true),
        (ErrorKind::WrongServer, ConnectionState::Failed, false),
        (ErrorKind::TlsCertificate, ConnectionState::Failed, false),
        (ErrorKind::NotFound, ConnectionState::Connected, true),
        (ErrorKind::RateLimited, ConnectionState::Connected, true),
        (ErrorKind::Storage, ConnectionState::Idle, true),
    ] {
        let mut tracker = tracker(4);
        tracker.record_attempt();
        assert_eq!(tracker.state(), ConnectionState::Connecting);
        tracker.record_outcome(1, Err(kind));
        assert_eq!((tracker.state(), tracker.should_retry()), (state, retry), "{kind:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn requests_over_a_working_connection_do_not_make_it_flicker() {
    let mut tracker = tracker(4);
    tracker.record_success();
    tracker.record_attempt();
    assert_eq!(tracker.state(), ConnectionState::Connected);
    tracker.end_run();
    assert_eq!(tracker.state(), ConnectionState::Connected);
}

#[tokio::test(start_paused = true)]
async fn a_snapshot_has_times_of_the_wall_clock_and_serialises() {
    let mut tracker = tracker(4);
    tracker.record_success();
    tokio::time::advance(Duration::from_secs(90)).await;
    tracker.record_failure(ErrorKind::Refused);
    tokio::time::advance(Duration::from_secs(10)).await;
    let now = DateTime::from_timestamp(1_000_000, 0).unwrap();
    let json = serde_json::to_value(tracker.snapshot(now)).unwrap();
    assert_eq!(json["url"], "http://attic:8096");
    assert_eq!(json["state"], "retrying");
    assert_eq!(json["last_error"], "Refused");
    assert_eq!(json["last_error_at"], "1970-01-12T13:46:30Z");
    assert_eq!(json["last_success"], "1970-01-12T13:45:00Z");
}
