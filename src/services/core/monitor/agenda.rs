//! When which source is looked at: a queue of deadlines, without a clock of its own.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use super::pace::{ATTENTIVE, Mood, Pace};
use crate::models::SourceId;
use crate::services::core::connection::{CheckOutcome, Scope};

/// Connections that are neither in use nor the best alternative are looked at this often.
pub const EVERYTHING: Duration = Duration::from_mins(5);
/// After a change of network, sources that nobody looks at are spread over this.
pub const SPREAD: Duration = Duration::from_secs(5);

/// What to do with a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// Look at its connections.
    Check(Scope),
    /// Choose its connection anew.
    Race,
}

#[derive(Debug)]
struct Entry {
    pace: Pace,
    due: Instant,
    everything_due: Instant,
    /// Begun then, and not ended yet: checks of one source never overlap.
    running: Option<Instant>,
    /// Asked for while it ran, or to be done as a race.
    race: bool,
    again: bool,
}

/// The queue.
#[derive(Debug)]
pub struct Agenda {
    begin: Instant,
    mood: Mood,
    sources: HashMap<SourceId, Entry>,
}

impl Agenda {
    /// An empty queue.
    pub fn new(now: Instant) -> Self {
        Self { begin: now, mood: Mood::default(), sources: HashMap::new() }
    }

    /// Adds a source, to be looked at first after `wait`. One that is known stays as it is.
    pub fn add(&mut self, source: SourceId, now: Instant, wait: Duration) {
        self.sources.entry(source).or_insert_with(|| Entry {
            pace: Pace::default(),
            due: now + wait,
            everything_due: now + EVERYTHING,
            running: None,
            race: false,
            again: false,
        });
    }

    /// Forgets a source.
    pub fn remove(&mut self, source: SourceId) {
        self.sources.remove(&source);
    }

    /// The sources.
    pub fn sources(&self) -> Vec<SourceId> {
        self.sources.keys().copied().collect()
    }

    /// When the next work is due.
    pub fn next(&self) -> Option<Instant> {
        self.sources.values().filter(|entry| entry.running.is_none()).map(|entry| entry.due).min()
    }

    /// When a source is due.
    pub fn due_at(&self, source: SourceId) -> Option<Instant> {
        self.sources.get(&source).map(|entry| entry.due)
    }

    /// Takes what is due; each must be given back with [`Self::done`].
    pub fn take_due(&mut self, now: Instant) -> Vec<(SourceId, Work)> {
        let due = self.sources.iter_mut().filter(|(_, entry)| entry.running.is_none() && entry.due <= now);
        due.map(|(source, entry)| {
            entry.running = Some(now);
            let work = if std::mem::take(&mut entry.race) {
                Work::Race
            } else if entry.everything_due <= now {
                entry.everything_due = now + EVERYTHING;
                Work::Check(Scope::Everything)
            } else {
                Work::Check(Scope::Standby)
            };
            (*source, work)
        })
        .collect()
    }

    /// A work ended; plans the next.
    pub fn done(&mut self, source: SourceId, now: Instant, outcome: CheckOutcome) {
        let (mood, since_begin) = (self.mood, now - self.begin);
        let Some(entry) = self.sources.get_mut(&source) else { return };
        let started = entry.running.take().unwrap_or(now);
        let wait = entry.pace.after(since_begin, outcome, mood);
        entry.due = if std::mem::take(&mut entry.again) { now } else { (started + wait).max(now) };
    }

    /// A work ended without having learnt anything (the database failed, the source is gone): later again.
    pub fn postponed(&mut self, source: SourceId, now: Instant) {
        if let Some(entry) = self.sources.get_mut(&source) {
            entry.running = None;
            entry.due = now + ATTENTIVE;
        }
    }

    /// Looks at a source now, or once more when it is being looked at.
    pub fn check_now(&mut self, source: SourceId, now: Instant) {
        if let Some(entry) = self.sources.get_mut(&source) {
            entry.everything_due = now;
            entry.due = now;
            entry.again = entry.running.is_some();
        }
    }

    /// What operations have found: the next look follows the same rules as after a check.
    pub fn learnt(&mut self, source: SourceId, now: Instant, outcome: CheckOutcome) {
        let (mood, since_begin) = (self.mood, now - self.begin);
        if let Some(entry) = self.sources.get_mut(&source)
            && entry.running.is_none()
        {
            entry.due = now + entry.pace.after(since_begin, outcome, mood);
        }
    }

    /// The network changed: those that somebody looks at are raced now, the others within [`SPREAD`].
    pub fn network_changed(&mut self, now: Instant, visible: &[SourceId]) {
        let others = self.sources.keys().filter(|source| !visible.contains(source)).count();
        let step = SPREAD / u32::try_from(others.max(1)).unwrap_or(u32::MAX);
        let mut wait = Duration::ZERO;
        for (source, entry) in &mut self.sources {
            entry.race = true;
            entry.again = entry.running.is_some();
            entry.due = if visible.contains(source) {
                now
            } else {
                wait += step;
                now + wait
            };
        }
    }

    /// Somebody looks now, or no longer does.
    pub fn set_mood(&mut self, mood: Mood, now: Instant) {
        self.mood = mood;
        if mood.focused && !mood.metered {
            for entry in self.sources.values_mut().filter(|entry| entry.pace.is_online()) {
                entry.due = entry.due.min(now + ATTENTIVE);
            }
        }
    }

    /// How the schedule is set.
    pub fn mood(&self) -> Mood {
        self.mood
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_hours(24);

    /// Runs the queue for a time in which every look ends at once.
    fn simulate(
        agenda: &mut Agenda,
        from: Instant,
        time: Duration,
        mut look: impl FnMut(SourceId, Work, Duration) -> CheckOutcome,
    ) {
        while let Some(now) = agenda.next().filter(|now| *now < from + time) {
            for (source, work) in agenda.take_due(now) {
                let outcome = look(source, work, now - from);
                agenda.done(source, now, outcome);
            }
        }
    }

    #[test]
    fn a_day_of_fifty_sources_costs_less_than_three_probes_a_second() {
        let begin = Instant::now();
        let mut agenda = Agenda::new(begin);
        agenda.set_mood(Mood { focused: false, metered: false }, begin);
        for number in 0..50 {
            agenda.add(SourceId::random(), begin, SPREAD * number / 50);
        }
        let mut probes = 0_u32;
        simulate(&mut agenda, begin, DAY, |_, work, _| {
            probes += if work == Work::Check(Scope::Everything) { 8 } else { 2 };
            CheckOutcome::Up
        });
        let per_second = f64::from(probes) / DAY.as_secs_f64();
        assert!(per_second <= 3.0, "{per_second} probes a second");
        assert!(per_second > 0.5, "{per_second}: nobody looks");
        assert!(begin.elapsed() < Duration::from_secs(20), "simulating a day takes {:?}", begin.elapsed());
    }

    #[test]
    fn every_connection_is_looked_at_every_five_minutes() {
        let begin = Instant::now();
        let mut agenda = Agenda::new(begin);
        let source = SourceId::random();
        agenda.add(source, begin, Duration::ZERO);
        let mut full = Vec::new();
        simulate(&mut agenda, begin, Duration::from_hours(1), |_, work, at| {
            if work == Work::Check(Scope::Everything) {
                full.push(at);
            }
            CheckOutcome::Up
        });
        assert_eq!(full.len(), 11);
        assert!(full.windows(2).all(|pair| pair[1] == pair[0] + EVERYTHING));
    }

    #[test]
    fn a_server_that_dies_is_offline_within_45_seconds_and_found_within_9() {
        let begin = Instant::now();
        let mut agenda = Agenda::new(begin);
        agenda.add(SourceId::random(), begin, Duration::ZERO);
        let (dies, returns) = (Duration::from_secs(61), Duration::from_secs(119));
        let (mut failures, mut offline_at, mut found_at) = (0, None, None);
        simulate(&mut agenda, begin, Duration::from_mins(5), |_, _, at| {
            if at < dies || at >= returns {
                if failures > 1 {
                    found_at.get_or_insert(at);
                }
                failures = 0;
                return CheckOutcome::Up;
            }
            failures += 1;
            if failures < 2 {
                return CheckOutcome::Suspect;
            }
            offline_at.get_or_insert(at);
            CheckOutcome::Down
        });
        assert!(offline_at.unwrap() <= dies + Duration::from_secs(45 - 3), "{offline_at:?}");
        assert!(found_at.unwrap() <= returns + Duration::from_secs(9), "{found_at:?}");
    }

    #[test]
    fn looks_at_one_source_never_overlap() {
        let begin = Instant::now();
        let mut agenda = Agenda::new(begin);
        let source = SourceId::random();
        agenda.add(source, begin, Duration::ZERO);
        assert_eq!(agenda.take_due(begin).len(), 1);
        agenda.check_now(source, begin);
        assert!(agenda.take_due(begin + DAY).is_empty());
        assert_eq!(agenda.next(), None);
        agenda.done(source, begin, CheckOutcome::Up);
        assert_eq!(agenda.take_due(begin), [(source, Work::Check(Scope::Everything))]);
    }

    #[test]
    fn after_a_change_of_network_what_is_looked_at_comes_first() {
        let begin = Instant::now();
        let mut agenda = Agenda::new(begin);
        let sources: Vec<_> = (0..10).map(|_| SourceId::random()).collect();
        for source in &sources {
            agenda.add(*source, begin, DAY);
        }
        agenda.network_changed(begin, &sources[..1]);
        assert_eq!(agenda.take_due(begin), [(sources[0], Work::Race)]);
        let rest = agenda.take_due(begin + SPREAD);
        assert_eq!(rest.len(), 9);
        assert!(rest.iter().all(|(_, work)| *work == Work::Race));
    }

    #[test]
    fn looking_at_the_window_brings_the_next_check_forward() {
        let begin = Instant::now();
        let mut agenda = Agenda::new(begin);
        agenda.set_mood(Mood { focused: false, metered: false }, begin);
        let source = SourceId::random();
        agenda.add(source, begin, Duration::ZERO);
        simulate(&mut agenda, begin, Duration::from_mins(10), |_, _, _| CheckOutcome::Up);
        let now = begin + Duration::from_mins(10);
        assert!(agenda.due_at(source).unwrap() > now + ATTENTIVE);
        agenda.set_mood(Mood::default(), now);
        assert_eq!(agenda.due_at(source).unwrap(), now + ATTENTIVE);
    }

    #[test]
    fn a_removed_source_is_left_alone() {
        let begin = Instant::now();
        let mut agenda = Agenda::new(begin);
        let source = SourceId::random();
        agenda.add(source, begin, Duration::ZERO);
        agenda.take_due(begin);
        agenda.remove(source);
        agenda.done(source, begin, CheckOutcome::Up);
        assert_eq!(agenda.next(), None);
    }
}
