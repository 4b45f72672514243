//! Races in flight, in every order in which things can happen.

#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;

#[tokio::test]
async fn one_race_runs_at_a_time_and_its_result_is_everybodys() {
    let state = Connections::default();
    let source = SourceId::random();
    let mut senders = Vec::new();
    let first = state.join(source, "home", |_, sender| senders.push(sender));
    let second = state.join(source, "home", |_, sender| senders.push(sender));
    assert_eq!(senders.len(), 1);
    let chosen = Chosen { uri: "https://a.example".parse().unwrap(), rtt: Duration::from_millis(2) };
    senders[0].send_replace(Flight::First(chosen.clone()));
    assert_eq!(*first.borrow(), Flight::First(chosen.clone()));
    assert_eq!(*second.borrow(), Flight::First(chosen.clone()));
    // Still running: whoever comes now takes the first answer.
    let third = state.join(source, "home", |_, sender| senders.push(sender));
    assert_eq!(*third.borrow(), Flight::First(chosen.clone()));
    senders[0].send_replace(Flight::Done(Ok(chosen)));
    state.join(source, "home", |_, sender| senders.push(sender));
    assert_eq!(senders.len(), 2);
}

#[tokio::test]
async fn a_race_on_another_network_is_not_joined() {
    let state = Connections::default();
    let source = SourceId::random();
    let mut senders = Vec::new();
    let _home = state.join(source, "home", |_, sender| senders.push(sender));
    let _away = state.join(source, "away", |_, sender| senders.push(sender));
    assert_eq!(senders.len(), 2);
}

#[tokio::test]
async fn a_cancelled_race_does_not_hold_up_the_next() {
    let state = Connections::default();
    let source = SourceId::random();
    let mut started = 0;
    let _gone = state.join(source, "home", |_, sender| {
        started += 1;
        drop(sender);
    });
    let _next = state.join(source, "home", |_, _| started += 1);
    assert_eq!(started, 2);
}

#[tokio::test(start_paused = true)]
async fn a_renewal_is_due_every_ten_seconds() {
    let state = Connections::default();
    let source = SourceId::random();
    let uri: ServerUrl = "https://a.example".parse().unwrap();
    assert!(state.renewal_is_due(source, &uri));
    assert!(!state.renewal_is_due(source, &uri));
    tokio::time::advance(policy::RENEWAL_INTERVAL).await;
    assert!(state.renewal_is_due(source, &uri));
    state.verdict_ended(source);
    assert!(state.renewal_is_due(source, &uri));
}

/// What can happen next: a caller comes, or a race that runs answers or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Join(usize),
    First(usize),
    Done(usize, bool),
    Cancel(usize),
}

/// Callers of the model.
const CALLERS: usize = 3;

/// One run of the model up to some steps, on the real thing.
struct Run {
    state: Connections,
    source: SourceId,
    races: Vec<Option<watch::Sender<Flight>>>,
    answered: Vec<bool>,
    callers: Vec<Option<watch::Receiver<Flight>>>,
}

impl Run {
    fn replay(steps: &[Step]) -> Self {
        let mut run = Self {
            state: Connections::default(),
            source: SourceId::random(),
            races: Vec::new(),
            answered: Vec::new(),
            callers: vec![None; CALLERS],
        };
        for step in steps {
            run.take(*step);
            let running = run.races.iter().filter(|race| race.is_some()).count();
            assert!(running <= 1, "{running} races at a time after {steps:?}");
        }
        run
    }

    fn chosen() -> Chosen {
        Chosen { uri: "https://a.example".parse().unwrap(), rtt: Duration::from_millis(2) }
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Join(caller) => {
                let races = &mut self.races;
                let flight = self.state.join(self.source, "home", |_, sender| races.push(Some(sender)));
                self.answered.resize(self.races.len(), false);
                self.callers[caller] = Some(flight);
            }
            Step::First(race) => {
                self.answered[race] = true;
                self.races[race].as_ref().unwrap().send_replace(Flight::First(Self::chosen()));
            }
            Step::Done(race, good) => {
                let end = if good { Ok(Self::chosen()) } else { Err(ErrorKind::Refused) };
                self.races[race].take().unwrap().send_replace(Flight::Done(end));
            }
            Step::Cancel(race) => drop(self.races[race].take()),
        }
    }

    fn possible(&self) -> Vec<Step> {
        let joins = self.callers.iter().enumerate().filter(|(_, caller)| caller.is_none());
        let mut steps: Vec<Step> = joins.map(|(caller, _)| Step::Join(caller)).collect();
        for race in (0..self.races.len()).filter(|race| self.races[*race].is_some()) {
            if self.answered[race] {
                steps.push(Step::Done(race, true));
            } else {
                steps.extend([Step::First(race), Step::Done(race, false)]);
            }
            steps.push(Step::Cancel(race));
        }
        steps
    }
}

#[test]
fn in_every_order_one_race_runs_and_nobody_waits_for_ever() {
    let mut open = vec![Vec::new()];
    let mut ends = 0;
    while let Some(steps) = open.pop() {
        let run = Run::replay(&steps);
        let possible = run.possible();
        if possible.is_empty() {
            ends += 1;
            for flight in run.callers.into_iter().flatten() {
                let told = !matches!(*flight.borrow(), Flight::Running);
                assert!(told || flight.has_changed().is_err(), "somebody waits after {steps:?}");
            }
        }
        open.extend(possible.into_iter().map(|step| [steps.as_slice(), &[step]].concat()));
    }
    assert!(ends > 500, "only {ends} orders");
}
