//! Loops on the paused clock.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::cell::Cell;
use std::sync::Mutex;

use proptest::prelude::*;

use super::*;
use crate::models::SourceId;
use crate::net::error::{ErrorKind, NetError};
use crate::net::retry::{Jitter, SourceRetries};
use crate::net::tracker::ConnectionState;

type Answer = Result<&'static str, NetError>;

fn error(kind: ErrorKind) -> NetError {
    NetError::new(kind, "test")
}

fn quick() -> RetryPolicy {
    RetryPolicy { max_attempts: 3, jitter: Jitter::None, ..RetryPolicy::INTERACTIVE }
}

fn connection() -> ConnectionId {
    ConnectionId::new(SourceId::random(), "http://attic:8096".parse().unwrap())
}

/// Fails with `kind` until the `good`th call.
fn until(good: u32, kind: ErrorKind, calls: &Cell<u32>) -> impl FnMut() -> std::future::Ready<Answer> {
    move || {
        calls.set(calls.get() + 1);
        std::future::ready(if calls.get() < good { Err(error(kind)) } else { Ok("success") })
    }
}

async fn outcome(policy: &RetryPolicy, good: u32, kind: ErrorKind) -> (Answer, u32, Duration) {
    let (calls, start) = (Cell::new(0), Instant::now());
    let context = RetryContext::new();
    let answer = with_retry(policy, Repeat::Idempotent, &context, until(good, kind, &calls)).await;
    (answer, calls.get(), start.elapsed())
}

#[tokio::test(start_paused = true)]
async fn retry_helper() {
    let (answer, calls, took) = outcome(&quick(), 3, ErrorKind::Refused).await;
    assert_eq!((answer.unwrap(), calls), ("success", 3));
    assert!(took >= Duration::from_millis(1500) && took < Duration::from_millis(1510), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn all_attempts_are_made_and_the_last_error_is_given_back() {
    let (answer, calls, _) = outcome(&quick(), 9, ErrorKind::Unreachable).await;
    assert_eq!((answer.unwrap_err().kind, calls), (ErrorKind::Unreachable, 3));
}

#[tokio::test(start_paused = true)]
async fn what_cannot_pass_is_tried_once() {
    for kind in [ErrorKind::NotFound, ErrorKind::Unauthorized, ErrorKind::TlsCertificate, ErrorKind::Decode] {
        let (answer, calls, took) = outcome(&quick(), 9, kind).await;
        assert_eq!((answer.unwrap_err().kind, calls, took), (kind, 1, Duration::ZERO));
    }
}

#[tokio::test(start_paused = true)]
async fn infinite_retry_goes_on_past_any_number() {
    let (answer, calls, _) = outcome(&RetryPolicy::FOREVER, 500, ErrorKind::Dns).await;
    assert_eq!((answer.unwrap(), calls), ("success", 500));
}

#[tokio::test(start_paused = true)]
async fn the_deadline_over_all_attempts_ends_one_that_hangs() {
    let (calls, start) = (Cell::new(0), Instant::now());
    let answer: Answer = with_retry(&quick(), Repeat::Idempotent, &RetryContext::new(), || {
        calls.set(calls.get() + 1);
        async { std::future::pending().await }
    })
    .await;
    assert_eq!((answer.unwrap_err().kind, calls.get()), (ErrorKind::ReadTimeout, 1));
    assert!(start.elapsed() <= Duration::from_millis(20_001));
}

#[tokio::test(start_paused = true)]
async fn a_deadline_for_each_attempt_begins_anew() {
    let (calls, start) = (Cell::new(0), Instant::now());
    let answer: Answer = with_retry(&RetryPolicy::LIVE, Repeat::Idempotent, &RetryContext::new(), || {
        calls.set(calls.get() + 1);
        async { std::future::pending().await }
    })
    .await;
    assert_eq!((answer.unwrap_err().kind, calls.get()), (ErrorKind::ReadTimeout, 3));
    assert!(start.elapsed() > Duration::from_mins(1));
}

#[tokio::test(start_paused = true)]
async fn a_change_that_may_have_arrived_is_not_sent_twice() {
    for (kind, expected) in [(ErrorKind::ReadTimeout, 1), (ErrorKind::Reset, 1), (ErrorKind::Refused, 3)] {
        let calls = Cell::new(0);
        let operation = until(9, kind, &calls);
        let _: Answer = with_retry(&quick(), Repeat::UntilSent, &RetryContext::new(), operation).await;
        assert_eq!(calls.get(), expected, "{kind:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_kept_or_given_back_when_it_is_too_long() {
    for (asked, expected_calls, expected_pause) in [(8, 2, 8), (19, 2, 19), (20, 1, 0), (u64::MAX, 1, 0)] {
        let (calls, start) = (Cell::new(0), Instant::now());
        let answer: Answer = with_retry(&quick(), Repeat::Idempotent, &RetryContext::new(), || {
            calls.set(calls.get() + 1);
            let first = calls.get() == 1;
            let refused = NetError::from_status(429, Some(Duration::from_secs(asked)));
            async move { if first { Err(refused) } else { Ok("success") } }
        })
        .await;
        assert_eq!(calls.get(), expected_calls, "{asked}");
        assert_eq!(start.elapsed().as_secs(), expected_pause, "{asked}");
        if let Err(error) = answer {
            assert_eq!(error.retry_after, Some(Duration::from_secs(asked)));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_observer_hears_of_every_repetition_before_its_pause() {
    let steps = Mutex::new(Vec::new());
    let start = Instant::now();
    let observer = |step: RetryStep| steps.lock().unwrap().push((step, start.elapsed().as_millis()));
    let (calls, context) = (Cell::new(0), RetryContext::new().observer(&observer));
    let operation = until(9, ErrorKind::Reset, &calls);
    let _: Answer = with_retry(&quick(), Repeat::Idempotent, &context, operation).await;
    let step = |attempt, delay| RetryStep {
        attempt,
        of: Some(3),
        delay: Duration::from_millis(delay),
        kind: ErrorKind::Reset,
    };
    assert_eq!(*steps.lock().unwrap(), [(step(2, 500), 0), (step(3, 1000), 500)]);
}

#[tokio::test(start_paused = true)]
async fn attempts_feed_budget_and_backoff_and_an_empty_budget_ends_the_loop() {
    let source = SourceRetries::default();
    let context = RetryContext::new().source(&source);
    let calls = Cell::new(0);
    let endless = RetryPolicy { jitter: Jitter::None, ..RetryPolicy::FOREVER };
    let operation = until(99, ErrorKind::Reset, &calls);
    let answer: Answer = with_retry(&endless, Repeat::Idempotent, &context, operation).await;
    assert!(answer.is_err());
    assert_eq!(calls.get(), 5, "the fifth failure leaves five tokens");
    let operation = until(20, ErrorKind::Reset, &calls);
    let answer: Answer = with_retry(&endless, Repeat::Idempotent, &context.unlimited(), operation).await;
    assert_eq!(answer.unwrap(), "success");
}

#[tokio::test(start_paused = true)]
async fn a_tracked_run_leaves_the_state_of_its_connection() {
    let (manager, id) = (ConnectionManager::new(), connection());
    let tracked = async |good| {
        let (calls, context) = (Cell::new(0), RetryContext::new());
        let operation = until(good, ErrorKind::Refused, &calls);
        let answer =
            with_retry_tracked(&quick(), Repeat::Idempotent, &context, &manager, &id, operation).await;
        let state = manager.with_tracker(&id, |tracker| tracker.state());
        (answer.is_ok(), calls.get(), state)
    };
    assert_eq!(tracked(2).await, (true, 2, ConnectionState::Connected));
    assert_eq!(tracked(9).await, (false, 3, ConnectionState::Exhausted));
    assert_eq!(tracked(9).await, (false, 1, ConnectionState::Exhausted), "no repetitions are left");
    assert_eq!(tracked(1).await, (true, 1, ConnectionState::Connected));
    assert_eq!(tracked(3).await, (true, 3, ConnectionState::Connected));
}

#[tokio::test(start_paused = true)]
async fn parallel_runs_do_not_use_up_each_others_attempts() {
    let (manager, id) = (ConnectionManager::new(), connection());
    let calls = Cell::new(0);
    let (context, policy) = (RetryContext::new(), quick());
    let runs = (0..5).map(|_| {
        let operation = || {
            calls.set(calls.get() + 1);
            std::future::ready(Answer::Err(error(ErrorKind::Reset)))
        };
        with_retry_tracked(&policy, Repeat::Idempotent, &context, &manager, &id, operation)
    });
    futures::future::join_all(runs).await;
    assert_eq!(calls.get(), 15);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_run_leaves_nothing_under_way() {
    let (manager, id) = (ConnectionManager::new(), connection());
    let state = || manager.with_tracker(&id, |tracker| tracker.state());
    let context = RetryContext::new();
    let hang = || std::future::pending::<Answer>();
    let policy = quick();
    let run = with_retry_tracked(&policy, Repeat::Idempotent, &context, &manager, &id, hang);
    let _ = tokio::time::timeout(Duration::from_secs(1), run).await;
    assert_eq!(state(), ConnectionState::Idle);
    let fail = || std::future::ready(Answer::Err(error(ErrorKind::Reset)));
    let run = with_retry_tracked(&policy, Repeat::Idempotent, &context, &manager, &id, fail);
    let _ = tokio::time::timeout(Duration::from_millis(100), run).await;
    assert_eq!(state(), ConnectionState::Failed);
}

#[tokio::test(start_paused = true)]
async fn a_removed_connection_is_not_tried_again_and_does_not_come_back() {
    let (manager, id) = (ConnectionManager::new(), connection());
    let (calls, context) = (Cell::new(0), RetryContext::new());
    let operation = || {
        calls.set(calls.get() + 1);
        manager.remove(&id);
        std::future::ready(Answer::Err(error(ErrorKind::Reset)))
    };
    let answer = with_retry_tracked(&quick(), Repeat::Idempotent, &context, &manager, &id, operation).await;
    assert!(answer.is_err());
    assert_eq!((calls.get(), manager.stats().total_connections), (1, 0));
}

fn assert_send<T: Send>(value: T) -> T {
    value
}

#[tokio::test(start_paused = true)]
async fn runs_can_be_spawned() {
    let (manager, id) = (ConnectionManager::new(), connection());
    let task = assert_send(async move {
        let operation = || std::future::ready(Answer::Ok("success"));
        let (policy, context) = (quick(), RetryContext::new());
        with_retry_tracked(&policy, Repeat::Idempotent, &context, &manager, &id, operation).await
    });
    assert_eq!(tokio::spawn(task).await.unwrap().unwrap(), "success");
}

proptest! {
    #[test]
    fn attempts_and_deadline_are_never_exceeded(
        max_attempts in 1u32..8,
        total_ms in 1u64..60_000,
        // How long each call takes, how it fails, and what pause it asks for.
        calls in prop::collection::vec((0u64..20_000, 0usize..4, prop::option::of(0u64..40)), 8),
        random in prop::sample::select(vec![0.0, 0.3, 0.999]),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let policy = RetryPolicy {
            max_attempts,
            total: Duration::from_millis(total_ms),
            ..RetryPolicy::INTERACTIVE
        };
        let random = match random { 0.0 => || 0.0, 0.3 => || 0.3, _ => || 0.999 };
        let (made, took) = runtime.block_on(async {
            let (made, start) = (Cell::new(0usize), Instant::now());
            let context = RetryContext::new().random(random);
            let _: Answer = with_retry(&policy, Repeat::Idempotent, &context, || {
                let (ms, kind, after) = calls[made.get() % calls.len()];
                made.set(made.get() + 1);
                let kinds = [ErrorKind::Reset, ErrorKind::Server, ErrorKind::RateLimited, ErrorKind::ReadTimeout];
                let failure = NetError { retry_after: after.map(Duration::from_secs), ..error(kinds[kind]) };
                async move {
                    tokio::time::sleep(Duration::from_millis(ms)).await;
                    Err(failure)
                }
            })
            .await;
            (made.get(), start.elapsed())
        });
        prop_assert!(made >= 1 && made <= max_attempts as usize);
        // Tokio's timers are exact to a millisecond.
        prop_assert!(took <= policy.total + Duration::from_millis(1), "{took:?}");
    }
}
