//! Titles as what can be searched: folded words, and pairs of letters where a script puts no spaces.
//!
//! The index is filled with folded texts and asked with folded texts, so that both are taken apart in the same way
//! whatever the tokenizer knows. A run of letters of a script without spaces is one word to the tokenizer, and its
//! middle would never be found: such runs are indexed as overlapping pairs beside it.

use unicode_normalization::UnicodeNormalization as _;

/// Words looked at; more say nothing new.
const MOST_WORDS: usize = 8;
/// Letters looked at: no title is known by more.
const MOST_LETTERS: usize = 256;

/// A text without case, accents and punctuation: its words with one space between them.
pub(in crate::db) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    if text.is_ascii() {
        text.chars().for_each(|letter| push(&mut folded, letter));
    } else {
        // Composed again, so that Korean syllables stay what they are.
        text.nfd().filter(|letter| !is_accent(*letter)).nfc().for_each(|letter| push(&mut folded, letter));
    }
    if folded.ends_with(' ') {
        folded.pop();
    }
    folded
}

fn push(folded: &mut String, letter: char) {
    if !letter.is_alphanumeric() {
        if !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
        return;
    }
    for small in letter.to_lowercase() {
        match small {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            'ø' => folded.push('o'),
            'đ' | 'ð' => folded.push('d'),
            'ł' => folded.push('l'),
            'ı' => folded.push('i'),
            small if is_accent(small) => {}
            small => folded.push(small),
        }
    }
}

/// Marks on letters that people leave out when they type.
fn is_accent(letter: char) -> bool {
    matches!(letter,
        '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{65f}' | '\u{670}'
        | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}'
        | '\u{3099}' | '\u{309a}' | '\u{fe20}'..='\u{fe2f}')
}

/// Letters of scripts that are written without spaces, or of which people type the middle: Chinese, Japanese, Korean.
fn is_unspaced(letter: char) -> bool {
    matches!(letter,
        '\u{3005}' | '\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}'
        | '\u{20000}'..='\u{3ffff}')
}

/// The pairs of letters of every run in folded texts, and the last letter of each run; empty for most titles.
pub(in crate::db) fn grams<'a>(folded: impl IntoIterator<Item = &'a str>) -> String {
    let mut grams = String::new();
    for text in folded.into_iter().filter(|text| !text.is_ascii()) {
        for run in text.split(|letter| !is_unspaced(letter)).filter(|run| !run.is_empty()) {
            pairs(run, &mut grams);
            grams.push(' ');
            grams.extend(run.chars().next_back());
        }
    }
    grams
}

fn pairs(run: &str, grams: &mut String) {
    for (first, second) in run.chars().zip(run.chars().skip(1)) {
        if !grams.is_empty() {
            grams.push(' ');
        }
        grams.extend([first, second]);
    }
}

/// What a person typed, ready to be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::db) struct Wanted {
    /// Folded, as titles are: what a title equals or begins with.
    pub(in crate::db) plain: String,
    /// The FTS5 expression for texts in which every word begins a word.
    pub(in crate::db) words: String,
}

impl Wanted {
    /// Reads what was typed; `None` when there is no word in it. `columns` are those that hold words; pairs are in
    /// the column `grams`.
    pub(in crate::db) fn read(typed: &str, columns: &str) -> Option<Self> {
        let typed: String = typed.chars().take(MOST_LETTERS).collect();
        let plain = fold(&typed);
        let mut parts = Vec::new();
        for word in plain.split(' ').filter(|word| !word.is_empty()).take(MOST_WORDS) {
            for piece in pieces(word) {
                parts.push(expression(piece, columns));
            }
        }
        (!parts.is_empty()).then(|| Self { words: parts.join(" AND "), plain })
    }

    /// The first text that is greater than everything that begins with the plain one.
    pub(in crate::db) fn end(&self) -> String {
        format!("{}\u{10ffff}", self.plain)
    }

    /// How well a folded text fits: 0 when it is what was typed, 1 when it begins so, 2 when it has every word, else 3.
    pub(in crate::db) fn tier(&self, folded: &str) -> u8 {
        match folded.strip_prefix(self.plain.as_str()) {
            Some("") => 0,
            Some(_) => 1,
            None if self.is_in(folded) => 2,
            None => 3,
        }
    }

    /// Whether every word begins a word of a folded text, or is in a run of it.
    pub(in crate::db) fn is_in(&self, folded: &str) -> bool {
        let begins = |piece: &str| folded.split(' ').any(|word| word.starts_with(piece));
        let is_in = |piece: &str| begins(piece) || piece.chars().all(is_unspaced) && folded.contains(piece);
        self.plain.split(' ').take(MOST_WORDS).flat_map(pieces).all(is_in)
    }
}

/// The parts of a word: runs of letters of scripts without spaces, and what stands between them.
fn pieces(word: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut begin = 0;
    let mut before = None;
    for (place, letter) in word.char_indices() {
        let unspaced = is_unspaced(letter);
        if before.is_some_and(|before| before != unspaced) {
            pieces.push(&word[begin..place]);
            begin = place;
        }
        before = Some(unspaced);
    }
    if begin < word.len() {
        pieces.push(&word[begin..]);
    }
    pieces
}

/// Folded text holds nothing that means something to FTS5 within quotes.
fn expression(piece: &str, columns: &str) -> String {
    if !piece.starts_with(is_unspaced) {
        return format!("{columns} : \"{piece}\" *");
    }
    if piece.chars().nth(1).is_none() {
        return format!("grams : \"{piece}\" *");
    }
    let mut phrase = String::new();
    pairs(piece, &mut phrase);
    format!("grams : \"{phrase}\"")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn case_accents_and_punctuation_are_folded_away() {
        for (title, folded) in [
            ("The Lantern", "the lantern"),
            ("  Spider-Man: No Way Home ", "spider man no way home"),
            ("Amélie", "amelie"),
            ("Ame\u{301}lie", "amelie"),
            ("Ångström & Łódź", "angstrom lodz"),
            ("Straße / Ærø", "strasse aero"),
            ("İstanbul", "istanbul"),
            ("ガンダム", "カンタム"),
            ("기생충", "기생충"),
            ("Война и мир", "воина и мир"),
            ("WALL·E", "wall e"),
            ("…", ""),
        ] {
            assert_eq!(fold(title), folded, "{title}");
        }
    }

    #[test]
    fn runs_without_spaces_become_pairs() {
        for (title, expected) in [
            ("alien", ""),
            ("東京物語", "東京 京物 物語 語"),
            ("東", " 東"),
            ("tokyo 東京 1953", "東京 京"),
            ("기생충 충", "기생 생충 충 충"),
        ] {
            assert_eq!(grams([title]).trim(), expected.trim(), "{title}");
        }
    }

    #[test]
    fn anything_typed_is_a_safe_expression() {
        for (typed, expression) in [
            ("the lan", Some("c : \"the\" * AND c : \"lan\" *")),
            ("\"OR* NEAR(", Some("c : \"or\" * AND c : \"near\" *")),
            ("spider-man", Some("c : \"spider\" * AND c : \"man\" *")),
            ("東京 語", Some("grams : \"東京\" AND grams : \"語\" *")),
            ("tokyo東京物", Some("c : \"tokyo\" * AND grams : \"東京 京物\"")),
            (" *\"' \0 - ", None),
        ] {
            let words = Wanted::read(typed, "c").map(|wanted| wanted.words);
            assert_eq!(words.as_deref(), expression, "{typed}");
        }
    }

    #[test]
    fn what_was_typed_is_better_than_its_beginning_and_that_than_its_words() {
        let wanted = Wanted::read("lord of", "c").unwrap();
        for (title, tier) in
            [("lord of", 0), ("lord of war", 1), ("the lord of the rings", 2), ("of mice", 3), ("lords", 3)]
        {
            assert_eq!(wanted.tier(title), tier, "{title}");
        }
    }

    #[test]
    fn a_match_is_told_from_the_text() {
        let wanted = |typed| Wanted::read(typed, "c").unwrap();
        assert!(wanted("lo ri").is_in("the lord of the rings"));
        assert!(!wanted("ord").is_in("the lord of the rings"));
        assert!(wanted("京物").is_in("東京物語"));
        assert!(!wanted("京語").is_in("東京物語"));
    }
}
