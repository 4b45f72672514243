//! Words for a sync that is under way. Pure.

use std::time::Duration;

use gettextrs::{gettext, ngettext};

/// How far a sync has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Progress {
    /// Items done.
    pub(super) done: u64,
    /// Items in all, as far as told.
    pub(super) total: Option<u64>,
    /// Items a second.
    pub(super) rate: Option<u32>,
    /// How long it still takes.
    pub(super) left: Option<Duration>,
}

impl Progress {
    /// Several syncs seen as one. They go on side by side: the longest one counts.
    pub(super) fn sum(all: impl Iterator<Item = Self>) -> Self {
        all.reduce(|one, other| Self {
            done: one.done + other.done,
            total: one.total.zip(other.total).map(|(one, other)| one + other),
            rate: one.rate.zip(other.rate).map(|(one, other)| one.saturating_add(other)),
            left: one.left.zip(other.left).map(|(one, other)| one.max(other)),
        })
        .unwrap_or_default()
    }

    /// `3,200 of 10,000`; nothing where nobody knows how many there are.
    pub(super) fn count(&self) -> Option<String> {
        let total = self.total.filter(|total| *total > 0)?;
        let text = gettext("{done} of {total}");
        Some(text.replace("{done}", &number(self.done)).replace("{total}", &number(total)))
    }

    /// Time left and rate, as far as known.
    pub(super) fn pace(&self) -> Option<String> {
        let left = self.left.map(time_left);
        let rate = self.rate.map(|rate| {
            ngettext("{n} title a second", "{n} titles a second", rate).replace("{n}", &number(rate.into()))
        });
        let parts: Vec<String> = [left, rate].into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(" · "))
    }
}

/// What the sidebar says of syncs of these sources: `Syncing Attic… 3,200 of 10,000`
pub(super) fn line(names: &[String], progress: &Progress) -> String {
    let of = match names {
        [name] => gettext("Syncing {name}…").replace("{name}", name),
        names => {
            let count = u32::try_from(names.len()).unwrap_or(u32::MAX);
            ngettext("Syncing {n} source…", "Syncing {n} sources…", count).replace("{n}", &count.to_string())
        }
    };
    match progress.count() {
        Some(count) => format!("{of} {count}"),
        None => of,
    }
}

fn time_left(left: Duration) -> String {
    let minutes = u32::try_from(left.as_secs().div_ceil(60)).unwrap_or(u32::MAX);
    match minutes {
        0 | 1 => gettext("less than a minute left"),
        2..=99 => ngettext("about {n} minute left", "about {n} minutes left", minutes)
            .replace("{n}", &minutes.to_string()),
        minutes => {
            let hours = minutes.div_ceil(60);
            ngettext("about {n} hour left", "about {n} hours left", hours).replace("{n}", &hours.to_string())
        }
    }
}

/// A number with its thousands apart.
pub(super) fn number(number: u64) -> String {
    // Translators: what stands between groups of three digits of a large number, as in 10,000.
    let separator = gettext(",");
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push_str(&separator);
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn the_line_names_the_source_and_the_numbers() {
        let progress = Progress { done: 3200, total: Some(10_000), ..Progress::default() };
        let attic = ["Attic".to_owned()];
        assert_eq!(line(&attic, &progress), "Syncing Attic… 3,200 of 10,000");
        assert_eq!(line(&attic, &Progress::default()), "Syncing Attic…");
        let both = ["Attic".to_owned(), "Cellar".to_owned()];
        let sum = Progress::sum([progress, Progress { done: 5, total: Some(10), ..progress }].into_iter());
        assert_eq!(line(&both, &sum), "Syncing 2 sources… 3,205 of 10,010");
    }

    #[test]
    fn numbers_have_their_thousands_apart() {
        let said = [0, 999, 1000, 12_345, 1_234_567].map(number);
        assert_eq!(said, ["0", "999", "1,000", "12,345", "1,234,567"]);
    }

    #[test]
    fn the_time_left_is_rounded() {
        let pace = |seconds| {
            let left = Some(Duration::from_secs(seconds));
            Progress { left, rate: Some(1500), ..Progress::default() }.pace().unwrap()
        };
        assert_eq!(pace(20), "less than a minute left · 1,500 titles a second");
        assert_eq!(pace(61), "about 2 minutes left · 1,500 titles a second");
        assert!(pace(6001).starts_with("about 2 hours left"));
        assert_eq!(Progress::default().pace(), None);
    }
}
