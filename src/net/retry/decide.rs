//! Whether a failed request is tried again, and after which pause. Pure.

use std::time::Duration;

use super::context::{Repeat, RetryContext};
use super::policy::RetryPolicy;
use super::rule::{Failure, RetryRule};
use crate::net::rate::LONGEST_PAUSE;

/// Why a request is not tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// A repetition would end the same.
    Hopeless,
    /// It may have reached the server, and doing it twice is not the same as once.
    MayHaveArrived,
    /// All attempts were made.
    UsedUp,
    /// Another connection is left to try.
    FailOver,
    /// Too many requests of this source fail.
    Budget,
    /// The pause would last until the deadline or longer.
    Deadline,
}

/// The pause before the next attempt, after `attempts` failed ones. `left` is the time until the deadline over
/// all attempts, where there is one.
pub(super) fn next_delay<E: Failure>(
    policy: &RetryPolicy,
    repeat: Repeat,
    context: &RetryContext<'_>,
    failure: &E,
    attempts: u32,
    left: Option<Duration>,
) -> Result<Duration, Stop> {
    let rule = failure.kind().retry();
    if !rule.is_timed() {
        return Err(Stop::Hopeless);
    }
    let safe = match repeat {
        Repeat::Idempotent => true,
        Repeat::UntilSent => rule != RetryRule::IdempotentOnly && !failure.may_have_arrived(),
    };
    if !safe {
        return Err(Stop::MayHaveArrived);
    }
    if policy.is_used_up(attempts) {
        return Err(Stop::UsedUp);
    }
    if context.alternatives && failure.kind().fail_over_after().is_some_and(|most| attempts >= most) {
        return Err(Stop::FailOver);
    }
    if !context.can_afford_retry() {
        return Err(Stop::Budget);
    }
    let own = policy.slowed(context.factor()).delay_before(attempts.saturating_add(1), (context.random)());
    let delay = failure.retry_after().map_or(own, |asked| asked.max(own));
    match left {
        Some(left) if delay >= left => Err(Stop::Deadline),
        // Nobody waits for what is tried for ever: it asks again after the longest pause.
        None if policy.max_attempts == 0 => Ok(delay.min(LONGEST_PAUSE.max(own))),
        // Without a deadline over all attempts, a pause longer than an attempt may last is one too long.
        None if delay > policy.total.max(own) => Err(Stop::Deadline),
        _ => Ok(delay),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::error::{ErrorKind, NetError};
    use crate::net::retry::SourceRetries;

    const LEFT: Option<Duration> = Some(Duration::from_secs(20));

    fn decide(
        repeat: Repeat,
        context: &RetryContext<'_>,
        error: &NetError,
        n: u32,
    ) -> Result<Duration, Stop> {
        let context = context.random(|| 0.0);
        next_delay(&RetryPolicy::INTERACTIVE, repeat, &context, error, n, LEFT)
    }

    fn error(kind: ErrorKind) -> NetError {
        NetError::new(kind, "test")
    }

    #[test]
    fn hopeless_kinds_are_not_repeated() {
        for kind in [ErrorKind::NotFound, ErrorKind::Unauthorized, ErrorKind::WrongServer, ErrorKind::Offline]
        {
            let answer = decide(Repeat::Idempotent, &RetryContext::new(), &error(kind), 1);
            assert_eq!(answer, Err(Stop::Hopeless), "{kind:?}");
        }
    }

    #[test]
    fn what_is_not_idempotent_is_repeated_only_when_nothing_arrived() {
        let once = |kind| decide(Repeat::UntilSent, &RetryContext::new(), &error(kind), 1);
        assert!(once(ErrorKind::Refused).is_ok());
        assert!(once(ErrorKind::ConnectTimeout).is_ok());
        for kind in [ErrorKind::Reset, ErrorKind::ReadTimeout, ErrorKind::Server, ErrorKind::NotHttp] {
            assert_eq!(once(kind), Err(Stop::MayHaveArrived), "{kind:?}");
        }
    }

    #[test]
    fn another_connection_is_tried_at_once_and_after_two_server_errors() {
        let context = RetryContext::new().alternatives(true);
        let after = |kind, attempts| decide(Repeat::Idempotent, &context, &error(kind), attempts);
        assert_eq!(after(ErrorKind::Refused, 1), Err(Stop::FailOver));
        assert!(after(ErrorKind::Server, 1).is_ok());
        assert_eq!(after(ErrorKind::Server, 2), Err(Stop::FailOver));
        assert!(after(ErrorKind::RateLimited, 2).is_ok(), "all connections end at the same limit");
    }

    #[test]
    fn an_empty_budget_stops_all_but_those_who_ignore_it() {
        let source = SourceRetries::default();
        (0..5).for_each(|_| source.budget.note_failure());
        let context = RetryContext::new().source(&source);
        let reset = error(ErrorKind::Reset);
        assert_eq!(decide(Repeat::Idempotent, &context, &reset, 1), Err(Stop::Budget));
        assert!(decide(Repeat::Idempotent, &context.unlimited(), &reset, 1).is_ok());
    }

    #[test]
    fn a_source_that_mostly_fails_gets_a_longer_first_pause() {
        let source = SourceRetries::default();
        (0..20).for_each(|_| source.adaptive.note(false));
        let context = RetryContext::new().source(&source);
        let delay = decide(Repeat::Idempotent, &context, &error(ErrorKind::Reset), 1);
        assert_eq!(delay, Ok(Duration::from_secs(4)));
    }

    fn asked(seconds: u64) -> NetError {
        NetError::from_status(503, Some(Duration::from_secs(seconds)))
    }

    #[test]
    fn the_server_may_ask_for_a_longer_pause_but_not_for_a_shorter_one() {
        let delay = |seconds| decide(Repeat::Idempotent, &RetryContext::new(), &asked(seconds), 2);
        assert_eq!(delay(7), Ok(Duration::from_secs(7)));
        assert_eq!(delay(0), Ok(Duration::from_secs(1)));
        assert_eq!(delay(20), Err(Stop::Deadline));
        assert_eq!(delay(u64::MAX), Err(Stop::Deadline));
    }

    #[test]
    fn without_a_common_deadline_an_absurd_pause_still_has_a_limit() {
        let delay = |policy: &RetryPolicy, seconds| {
            next_delay(policy, Repeat::Idempotent, &RetryContext::new(), &asked(seconds), 1, None)
        };
        assert_eq!(delay(&RetryPolicy::DOWNLOAD, 300), Ok(Duration::from_mins(5)));
        assert_eq!(delay(&RetryPolicy::DOWNLOAD, 301), Err(Stop::Deadline));
        assert_eq!(delay(&RetryPolicy::FOREVER, 301), Ok(Duration::from_secs(301)));
        assert_eq!(delay(&RetryPolicy::FOREVER, u64::MAX), Ok(LONGEST_PAUSE));
    }
}
