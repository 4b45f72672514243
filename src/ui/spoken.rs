//! Times as a screen reader says them.

use std::time::Duration;

use gettextrs::ngettext;

/// `1 hour 40 minutes`, `12 minutes 3 seconds`, `0 seconds`.
pub(super) fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    let parts = [
        (seconds / 3_600, ngettext("{n} hour", "{n} hours", plural(seconds / 3_600))),
        (seconds / 60 % 60, ngettext("{n} minute", "{n} minutes", plural(seconds / 60 % 60))),
        (seconds % 60, ngettext("{n} second", "{n} seconds", plural(seconds % 60))),
    ];
    let words: Vec<String> = parts
        .iter()
        .enumerate()
        .filter(|(index, (count, _))| *count > 0 || (*index == 2 && seconds == 0))
        .map(|(_, (count, words))| words.replace("{n}", &count.to_string()))
        .collect();
    words.join(" ")
}

fn plural(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_without_what_is_nothing() {
        let table = [
            (0, "0 seconds"),
            (1, "1 second"),
            (723, "12 minutes 3 seconds"),
            (6_000, "1 hour 40 minutes"),
            (3_605, "1 hour 5 seconds"),
        ];
        for (seconds, text) in table {
            assert_eq!(duration(Duration::from_secs(seconds)), text);
        }
    }
}
