//! The text that titles are sorted by.

use unicode_normalization::UnicodeNormalization as _;

/// Marks over and under letters of European scripts. Those of other scripts make another letter and stay.
const MARKS: std::ops::RangeInclusive<char> = '\u{300}'..='\u{36f}';

/// A title as it is sorted: small letters without accents, so that *Élan* stands at E. The same for the letters
/// that somebody types to get there.
pub fn sort_key(title: &str) -> String {
    if title.is_ascii() {
        return title.trim_start().to_ascii_lowercase();
    }
    let folded = title.trim_start().to_lowercase();
    folded.nfd().filter(|letter| !MARKS.contains(letter)).nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::sort_key;

    #[test]
    fn accents_and_case_do_not_count() {
        for (title, key) in [
            ("The Attic", "the attic"),
            (" Élan", "elan"),
            ("Ångström", "angstrom"),
            ("ÉLAN", "elan"),
            ("E\u{301}lan", "elan"),
            // A mark of another script is part of the letter.
            ("がく", "がく"),
            ("千と灯の海", "千と灯の海"),
            ("", ""),
        ] {
            assert_eq!(sort_key(title), key, "{title}");
        }
    }
}
