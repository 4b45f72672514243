//! Names of season folders.

use super::film::{self, Parts};
use super::tags::{tidy, words};

/// *Season* in the languages whose folders are met most.
const SEASON: &[&str] = &[
    "season",
    "series",
    "staffel",
    "saison",
    "temporada",
    "stagione",
    "seizoen",
    "sezon",
    "sesong",
    "säsong",
    "sæson",
];
/// Names of the folder of specials.
const SPECIALS: &[&str] = &["special", "specials"];

/// The season of a folder that can only be a season's: `Season 01`, `S01`, `Staffel 1`, `Specials`.
pub fn folder(name: &str) -> Option<u32> {
    let lower = name.trim().to_lowercase();
    if SPECIALS.contains(&lower.as_str()) {
        return Some(0);
    }
    let words = words(&lower);
    let first = words.first().filter(|word| word.start == 0)?.text;
    if SEASON.contains(&first) {
        return words.get(1).and_then(|word| number(word.text));
    }
    let glued = SEASON.iter().find_map(|word| first.strip_prefix(word)).and_then(number);
    glued.or_else(|| first.strip_prefix('s').filter(|_| words.len() == 1).and_then(number))
}

/// The season of a folder whose name is only a number: one where episodes lie in it.
pub fn bare(name: &str) -> Option<u32> {
    (name.len() <= 2).then(|| number(name)).flatten()
}

/// Series and season of a folder like `Show.S01.1080p` or `Show Season 1`.
pub fn pack(name: &str) -> Option<(film::FilmName, u32)> {
    let lower = name.to_lowercase();
    if lower.len() != name.len() {
        return None;
    }
    let words = words(&lower);
    words.iter().enumerate().skip(1).find_map(|(index, word)| {
        let season = if SEASON.contains(&word.text) && word.text != "series" {
            words.get(index + 1).and_then(|next| number(next.text))
        } else {
            word.text.strip_prefix('s').filter(|digits| digits.len() == 2).and_then(number)
        }?;
        let head = name.get(..word.start)?;
        let series = film::parse(&tidy(head), Parts::Keep);
        (!series.title.is_empty()).then_some((series, season))
    })
}

fn number(digits: &str) -> Option<u32> {
    let plain = !digits.is_empty() && digits.len() <= 4 && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn season_folders() {
        for (name, season) in [
            ("Season 01", Some(1)),
            ("season 1", Some(1)),
            ("Season01", Some(1)),
            ("Season 2024", Some(2024)),
            ("Season 02 - The Return", Some(2)),
            ("S03", Some(3)),
            ("Staffel 1", Some(1)),
            ("Säsong 4", Some(4)),
            ("Series 7", Some(7)),
            ("Season 0", Some(0)),
            ("Specials", Some(0)),
            ("Special Agents", None),
            ("Seasons", None),
            ("Season", None),
            ("S01E01", None),
            ("Show S01", None),
            ("Alien (1979)", None),
        ] {
            assert_eq!(folder(name), season, "{name}");
        }
    }

    #[test]
    fn packs_name_series_and_season() {
        for (name, expected) in [
            ("Some.Show.S02.1080p.WEB", Some(("Some Show", None, 2))),
            ("Some Show (2005) Season 3", Some(("Some Show", Some(2005), 3))),
            ("Some.Show.S02E01.1080p", None),
            ("Season 1", None),
        ] {
            let parsed = pack(name);
            let parsed = parsed.as_ref().map(|(film, season)| (film.title.as_str(), film.year, *season));
            assert_eq!(parsed, expected, "{name}");
        }
    }
}
