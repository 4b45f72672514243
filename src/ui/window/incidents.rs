//! Which changes of a source are worth a toast: each incident once, and none that a person would not notice.
//!
//! Pure: it is told how sources stand and what time it is. A source that is away when the app starts is no
//! incident, nor is one that goes and comes within [`BLIP`]; and one that has just come back is let alone for
//! [`QUIET`], so that a flapping line says two sentences and not two hundred.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::models::SourceId;
use crate::services::core::connection::Reach;

/// What is over sooner is not told. Long enough to put several sources into one sentence, too.
pub(super) const BLIP: Duration = Duration::from_secs(1);
/// After a source was told to be back, its next loss is not told for this long.
const QUIET: Duration = Duration::from_mins(1);

/// Something to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Incident {
    /// It does not answer any more.
    Lost,
    /// It answers again.
    Back,
    /// It wants a sign-in.
    SignIn,
    /// Its certificate is not trusted any more.
    Certificate,
    /// The network wants a sign-in.
    Portal,
}

/// The course of one source.
#[derive(Debug, Default)]
struct Course {
    /// It has answered in this run: only then can it be lost.
    was_up: bool,
    /// What was said, until it is over.
    told: Option<Incident>,
    /// What is to be said at [`Incidents::due`], unless it is over by then.
    waiting: Option<Incident>,
    quiet_until: Option<Instant>,
}

/// The courses of all sources.
#[derive(Debug, Default)]
pub(super) struct Incidents(HashMap<SourceId, Course>);

impl Incidents {
    /// A source stands so now. Whether something may be due after [`BLIP`].
    pub(super) fn observe(&mut self, source: SourceId, reach: Reach, now: Instant) -> bool {
        let course = self.0.entry(source).or_default();
        let incident = match reach {
            Reach::Unknown | Reach::Checking | Reach::Suspect => return false,
            Reach::Online => {
                course.was_up = true;
                if course.told.take().is_some() {
                    course.waiting = Some(Incident::Back);
                    return true;
                }
                // A loss that was not said yet is over; a return that was not said yet stays one.
                course.waiting.take_if(|incident| *incident != Incident::Back);
                return false;
            }
            Reach::Offline => Incident::Lost,
            Reach::SignInNeeded => Incident::SignIn,
            Reach::CertificateProblem => Incident::Certificate,
            Reach::CaptivePortal => Incident::Portal,
        };
        let quiet = incident == Incident::Lost && course.quiet_until.is_some_and(|until| now < until);
        if !course.was_up || quiet || course.told == Some(incident) {
            return false;
        }
        // It went again before it was said that it is back: the same incident goes on.
        if course.waiting == Some(Incident::Back) {
            course.waiting = None;
            course.told = Some(incident);
            return false;
        }
        course.waiting = Some(incident);
        true
    }

    /// What is to be said now, with the sources that it is said of.
    pub(super) fn due(&mut self, now: Instant) -> Vec<(Incident, Vec<SourceId>)> {
        let mut said: Vec<(Incident, Vec<SourceId>)> = Vec::new();
        for (source, course) in &mut self.0 {
            let Some(incident) = course.waiting.take() else { continue };
            if incident == Incident::Back {
                course.quiet_until = Some(now + QUIET);
            } else {
                course.told = Some(incident);
            }
            match said.iter_mut().find(|(known, _)| *known == incident) {
                Some((_, sources)) => sources.push(*source),
                None => said.push((incident, vec![*source])),
            }
        }
        said
    }

    /// Forgets a source.
    pub(super) fn forget(&mut self, source: SourceId) {
        self.0.remove(&source);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said when a source stands so at these seconds.
    fn told(course: &[(u64, Reach)]) -> Vec<Incident> {
        let (start, source) = (Instant::now(), SourceId::random());
        let mut incidents = Incidents::default();
        let mut said = Vec::new();
        let mut due = None;
        let mut look = |incidents: &mut Incidents, due: &mut Option<Instant>, now: Instant| {
            if due.is_some_and(|at| at <= now) {
                said.extend(incidents.due(now).into_iter().map(|(incident, _)| incident));
                *due = None;
            }
        };
        for (second, reach) in course {
            let now = start + Duration::from_secs(*second);
            look(&mut incidents, &mut due, now);
            if incidents.observe(source, *reach, now) {
                due.get_or_insert(now + BLIP);
            }
        }
        look(&mut incidents, &mut due, start + Duration::from_hours(1));
        said
    }

    #[test]
    fn a_loss_and_a_return_are_said_once() {
        use Reach::{Checking, Offline, Online, Suspect};
        let course = [(0, Online), (10, Suspect), (15, Offline), (20, Checking), (21, Offline), (40, Online)];
        assert_eq!(told(&course), [Incident::Lost, Incident::Back]);
    }

    #[test]
    fn what_is_away_at_the_start_is_no_incident() {
        assert_eq!(told(&[(0, Reach::Checking), (3, Reach::Offline), (60, Reach::Online)]), []);
        assert_eq!(told(&[(0, Reach::SignInNeeded)]), []);
    }

    #[test]
    fn a_blip_is_not_said() {
        let source = SourceId::random();
        let now = Instant::now();
        let mut incidents = Incidents::default();
        assert!(!incidents.observe(source, Reach::Online, now));
        assert!(incidents.observe(source, Reach::Offline, now));
        incidents.observe(source, Reach::Online, now + BLIP / 2);
        assert_eq!(incidents.due(now + BLIP), []);
    }

    #[test]
    fn a_return_that_is_seen_twice_is_said_once() {
        let source = SourceId::random();
        let now = Instant::now();
        let mut incidents = Incidents::default();
        incidents.observe(source, Reach::Online, now);
        incidents.observe(source, Reach::Offline, now);
        assert_eq!(incidents.due(now + BLIP), [(Incident::Lost, vec![source])]);
        assert!(incidents.observe(source, Reach::Online, now + BLIP));
        assert!(!incidents.observe(source, Reach::Online, now + BLIP));
        assert_eq!(incidents.due(now + 2 * BLIP), [(Incident::Back, vec![source])]);
    }

    #[test]
    fn a_line_that_flaps_says_two_sentences() {
        let mut course = vec![(0, Reach::Online)];
        for second in (2..40).step_by(4) {
            course.extend([(second, Reach::Offline), (second + 2, Reach::Online)]);
        }
        assert_eq!(told(&course), [Incident::Lost, Incident::Back]);
    }

    #[test]
    fn what_needs_a_person_is_said_also_after_a_return() {
        use Reach::{Offline, Online, SignInNeeded};
        let course = [(0, Online), (5, Offline), (10, Online), (20, SignInNeeded)];
        assert_eq!(told(&course), [Incident::Lost, Incident::Back, Incident::SignIn]);
    }

    #[test]
    fn another_trouble_is_another_incident() {
        let course = [(0, Reach::Online), (5, Reach::Offline), (20, Reach::CertificateProblem)];
        assert_eq!(told(&course), [Incident::Lost, Incident::Certificate]);
    }

    #[test]
    fn several_sources_make_one_sentence() {
        let now = Instant::now();
        let mut incidents = Incidents::default();
        let sources = [SourceId::random(), SourceId::random()];
        for source in sources {
            incidents.observe(source, Reach::Online, now);
            incidents.observe(source, Reach::Offline, now);
        }
        let said = incidents.due(now + BLIP);
        assert_eq!(said.len(), 1);
        assert!(said.iter().all(|(incident, lost)| *incident == Incident::Lost && lost.len() == 2));
    }
}
