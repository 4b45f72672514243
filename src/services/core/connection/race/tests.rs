//! Races on the paused clock.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::HashMap;
use std::sync::Mutex;

use async_trait::async_trait;

use super::*;

/// Answers after a time, or fails after it. Notes how many were asked at a time.
#[derive(Default)]
struct FakeProber {
    answers: HashMap<String, (u64, Option<ErrorKind>)>,
    load: Mutex<(usize, usize)>,
}

#[async_trait]
impl Prober for FakeProber {
    async fn probe(&self, uri: &ServerUrl) -> Result<Duration, ErrorKind> {
        {
            let mut load = self.load.lock().unwrap();
            load.0 += 1;
            load.1 = load.1.max(load.0);
        }
        let _asked = Asked(self);
        let (ms, failure) = self.answers[uri.as_str()];
        let time = Duration::from_millis(ms);
        tokio::time::sleep(time).await;
        failure.map_or(Ok(time), Err)
    }
}

const OK: Option<ErrorKind> = None;
const REFUSED: Option<ErrorKind> = Some(ErrorKind::Refused);
/// Takes an attempt out of the count, also when it is dropped.
struct Asked<'a>(&'a FakeProber);

impl Drop for Asked<'_> {
    fn drop(&mut self) {
        self.0.load.lock().unwrap().0 -= 1;
    }
}

/// Longer than any race.
const SILENT: u64 = 60_000;

const RULES: Rules = Rules { parallel: policy::MOST_PARALLEL, second_look: true };

struct Outcome {
    verdict: Option<String>,
    first: Option<(String, Duration)>,
    took: Duration,
    most: usize,
}

async fn run(list: &[(&str, Tier, u64, Option<ErrorKind>)]) -> Outcome {
    let mut prober = FakeProber::default();
    let mut candidates = Vec::new();
    for (uri, tier, ms, failure) in list {
        prober.answers.insert((*uri).to_owned(), (*ms, *failure));
        let uri = uri.parse().unwrap();
        candidates.push(Candidate::new(uri, *tier));
    }
    let begin = Instant::now();
    let mut first = None;
    let result =
        race(candidates, &prober, RULES, |uri, _| first = Some((uri.to_string(), begin.elapsed()))).await;
    let most = prober.load.lock().unwrap().1;
    Outcome {
        verdict: result.winner.map(|winner| winner.uri.to_string()),
        first,
        took: begin.elapsed(),
        most,
    }
}

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

#[tokio::test(start_paused = true)]
async fn a_fast_local_answer_ends_the_race() {
    let outcome = run(&[("http://local", Tier::Local, 5, OK), ("http://remote", Tier::Remote, 1, OK)]).await;
    assert_eq!(outcome.verdict.as_deref(), Some("http://local"));
    assert!(outcome.took < ms(20), "{:?}", outcome.took);
}

#[tokio::test(start_paused = true)]
async fn a_silent_first_one_costs_one_stagger() {
    let outcome =
        run(&[("http://dead", Tier::Local, SILENT, REFUSED), ("http://remote", Tier::Remote, 20, OK)]).await;
    let (first, at) = outcome.first.unwrap();
    assert_eq!(first, "http://remote");
    assert!(at < policy::STAGGER + ms(30), "{at:?}");
    assert!(outcome.took < policy::STAGGER + ms(60), "{:?}", outcome.took);
}

#[tokio::test(start_paused = true)]
async fn a_failure_starts_the_next_at_once() {
    let outcome =
        run(&[("http://refused", Tier::Local, 1, REFUSED), ("http://remote", Tier::Remote, 20, OK)]).await;
    assert_eq!(outcome.verdict.as_deref(), Some("http://remote"));
    assert!(outcome.took < ms(60), "{:?}", outcome.took);
}

#[tokio::test(start_paused = true)]
async fn a_relay_never_beats_a_slow_direct_one() {
    let outcome =
        run(&[("http://remote", Tier::Remote, 1200, OK), ("http://relay", Tier::Relay, 1, OK)]).await;
    assert_eq!(outcome.verdict.as_deref(), Some("http://remote"));
}

#[tokio::test(start_paused = true)]
async fn a_relay_serves_after_its_handicap_when_direct_ones_are_silent() {
    let outcome =
        run(&[("http://remote", Tier::Remote, SILENT, REFUSED), ("http://relay", Tier::Relay, 30, OK)]).await;
    let (first, at) = outcome.first.unwrap();
    assert_eq!(first, "http://relay");
    assert!(at >= policy::RELAY_HANDICAP && at < policy::RELAY_HANDICAP + ms(50), "{at:?}");
}

#[tokio::test(start_paused = true)]
async fn a_relay_wins_at_once_when_all_direct_ones_failed() {
    let outcome =
        run(&[("http://remote", Tier::Remote, 10, REFUSED), ("http://relay", Tier::Relay, 30, OK)]).await;
    assert_eq!(outcome.verdict.as_deref(), Some("http://relay"));
    assert!(outcome.took < ms(200), "{:?}", outcome.took);
}

#[tokio::test(start_paused = true)]
async fn the_first_answer_serves_and_a_nearer_one_becomes_the_verdict() {
    let outcome =
        run(&[("http://local", Tier::Local, 300, OK), ("http://remote", Tier::Remote, 60, OK)]).await;
    // The local one needs 300 ms, the remote one starts after 250 ms and needs 60.
    assert_eq!(outcome.first.unwrap().0, "http://local");
    let outcome =
        run(&[("http://local", Tier::Local, 340, OK), ("http://remote", Tier::Remote, 60, OK)]).await;
    assert_eq!(outcome.first.unwrap().0, "http://remote");
    assert_eq!(outcome.verdict.as_deref(), Some("http://local"));
}

#[tokio::test(start_paused = true)]
async fn grace_ends_after_the_first_ones_own_time() {
    let outcome =
        run(&[("http://local", Tier::Local, SILENT, REFUSED), ("http://remote", Tier::Remote, 900, OK)])
            .await;
    assert_eq!(outcome.verdict.as_deref(), Some("http://remote"));
    assert_eq!(outcome.took, policy::STAGGER + ms(900) + policy::BETTER_TIER_GRACE);
}

#[tokio::test(start_paused = true)]
async fn nobody_listening_costs_one_second_look() {
    let outcome = run(&[("http://a", Tier::Local, 3, REFUSED), ("http://b", Tier::Remote, 3, REFUSED)]).await;
    assert_eq!(outcome.verdict, None);
    assert!(outcome.took < policy::SECOND_LOOK_AFTER + ms(50), "{:?}", outcome.took);
}

#[tokio::test(start_paused = true)]
async fn a_very_slow_one_is_found_by_the_second_pass() {
    let outcome = run(&[("http://slow", Tier::Remote, 4500, OK)]).await;
    assert_eq!(outcome.verdict.as_deref(), Some("http://slow"));
    assert_eq!(outcome.first.unwrap().1, policy::FIRST_PASS + ms(4500));
}

#[tokio::test(start_paused = true)]
async fn silence_everywhere_ends_within_the_bound() {
    let names: Vec<String> = (0..policy::MOST_CANDIDATES).map(|i| format!("http://h{i}")).collect();
    let list: Vec<_> = names.iter().map(|name| (name.as_str(), Tier::Remote, SILENT, REFUSED)).collect();
    let outcome = run(&list).await;
    assert_eq!(outcome.verdict, None);
    assert!(outcome.took <= policy::WHOLE_RACE, "{:?}", outcome.took);
    assert!(outcome.most <= policy::MOST_PARALLEL, "{}", outcome.most);
}

#[tokio::test(start_paused = true)]
async fn an_empty_list_ends_at_once() {
    let outcome = run(&[]).await;
    assert_eq!((outcome.verdict, outcome.took), (None, Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn a_stranger_never_wins() {
    let stranger = Some(ErrorKind::WrongServer);
    let outcome =
        run(&[("http://taken", Tier::Local, 1, stranger), ("http://real", Tier::Remote, 50, OK)]).await;
    assert_eq!(outcome.verdict.as_deref(), Some("http://real"));
}
