//! Where a chapter is, what it is called, and where a step leads: pure.

use std::time::Duration;

use gettextrs::gettext;

use crate::models::Chapter;

/// Shortly after the beginning of a chapter a step back leads to the one before.
const FROM_BEGINNING: Duration = Duration::from_secs(3);

/// The chapters worth showing: one alone divides nothing.
pub fn worthwhile(mut chapters: Vec<Chapter>, length: Option<Duration>) -> Vec<Chapter> {
    chapters.sort_by_key(|chapter| chapter.start);
    chapters.dedup_by_key(|chapter| chapter.start);
    chapters.retain(|chapter| length.is_none_or(|length| chapter.start < length));
    if chapters.len() < 2 { Vec::new() } else { chapters }
}

/// The place of the chapter at a moment; `None` before the first.
pub fn current(chapters: &[Chapter], at: Duration) -> Option<usize> {
    chapters.partition_point(|chapter| chapter.start <= at).checked_sub(1)
}

/// Where a step leads: to the next chapter, or back to the beginning of this one or the one before.
pub fn step(chapters: &[Chapter], at: Duration, forward: bool) -> Option<Duration> {
    let here = current(chapters, at);
    let target = match (forward, here) {
        (true, here) => here.map_or(0, |here| here + 1),
        (false, None) => return None,
        (false, Some(here)) => {
            let start = chapters.get(here)?.start;
            if at.saturating_sub(start) > FROM_BEGINNING { here } else { here.saturating_sub(1) }
        }
    };
    chapters.get(target).map(|chapter| chapter.start)
}

/// The name of a chapter, by its place.
pub fn title(chapters: &[Chapter], place: usize) -> String {
    let own = chapters.get(place).and_then(|chapter| chapter.title.clone());
    own.filter(|title| !title.trim().is_empty())
        .unwrap_or_else(|| gettext("Chapter {n}").replace("{n}", &(place + 1).to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chapters(starts: &[u64]) -> Vec<Chapter> {
        let chapter = |start: &u64| Chapter { start: Duration::from_secs(*start), title: None, image: None };
        starts.iter().map(chapter).collect()
    }

    #[test]
    fn steps_lead_from_chapter_to_chapter() {
        let chapters = chapters(&[0, 20, 40]);
        let to = |at, forward| step(&chapters, Duration::from_secs(at), forward).map(|to| to.as_secs());
        assert_eq!(to(5, true), Some(20));
        assert_eq!(to(20, true), Some(40));
        assert_eq!(to(45, true), None);
        assert_eq!(to(35, false), Some(20), "first to the beginning of this one");
        assert_eq!(to(22, false), Some(0), "then to the one before");
        assert_eq!(to(1, false), Some(0));
        assert_eq!(step(&[], Duration::ZERO, true), None);
    }

    #[test]
    fn the_names_of_those_without_are_their_numbers() {
        let mut chapters = chapters(&[10, 20]);
        if let Some(first) = chapters.first_mut() {
            first.title = Some("Opening".to_owned());
        }
        assert_eq!(title(&chapters, 0), "Opening");
        assert_eq!(title(&chapters, 1), "Chapter 2");
        assert_eq!(current(&chapters, Duration::from_secs(5)), None);
        assert_eq!(step(&chapters, Duration::from_secs(5), true), Some(Duration::from_secs(10)));
    }

    #[test]
    fn one_alone_and_those_behind_the_end_are_none() {
        let shown = |starts: &[u64], length: u64| {
            worthwhile(chapters(starts), Some(Duration::from_secs(length))).len()
        };
        assert_eq!(shown(&[0, 20, 40], 60), 3);
        assert_eq!(shown(&[0, 20, 20, 40], 30), 2);
        assert_eq!(shown(&[0, 20], 10), 0);
        assert_eq!(shown(&[0], 10), 0);
    }
}
