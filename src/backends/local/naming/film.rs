//! Names of films, of their folders, and of series (which are written the same way).

use super::tags::{self, Word, names_version, release_start, tidy, words};
use crate::models::ExternalIds;

/// First year that can be meant where parentheses say that it is a year.
const FIRST_YEAR: i32 = 1870;
/// Last such year.
const LAST_YEAR: i32 = 2100;
/// Years that are believed without parentheses: *Blade Runner 2049* is a title.
const BARE_YEARS: std::ops::RangeInclusive<i32> = 1900..=2040;
/// Words before the number of a part of a film in several files, and whether a space may stand between.
const PART_WORDS: &[(&str, bool)] =
    &[("cd", true), ("disc", true), ("disk", true), ("dvd", true), ("part", false), ("pt", false)];

/// What the name of a film says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FilmName {
    /// Title; never empty unless the name is.
    pub title: String,
    /// Year.
    pub year: Option<i32>,
    /// Ids in public databases.
    pub ids: ExternalIds,
    /// What tells this version from others, as `4K`.
    pub label: Option<String>,
    /// Number of the part, of a film in several files.
    pub part: Option<u32>,
    /// Whether the name can only be that of a film (or series): a year in parentheses or before release
    /// words, or an id.
    pub certain: bool,
}

/// What to do with `cd1` and `part1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parts {
    /// Take it as the number of a part.
    Split,
    /// Leave it in the title.
    Keep,
}

/// Reads the name of a film without its extension, or of a folder.
pub fn parse(name: &str, parts: Parts) -> FilmName {
    let mut film = FilmName::default();
    let (mut text, bracketed) = take_marks(name, &mut film);
    if parts == Parts::Split
        && let Some((rest, part)) = take_part(&text)
    {
        film.part = Some(part);
        text = rest;
    }
    let (title, tail) = if let Some(found) = find_year(&text) {
        film.year = Some(found.year);
        film.certain |= found.certain;
        (tidy(&text[..found.start]), text[found.end..].to_owned())
    } else if let Some((title, label)) = text.rsplit_once(" - ").filter(|(_, tail)| names_version(tail)) {
        (tidy(title), format!(" - {label}"))
    } else {
        let end = release_start(&text).unwrap_or(text.len());
        (tidy(&text[..end]), text[end..].to_owned())
    };
    film.label = film.label.or_else(|| label(&tail)).or_else(|| tags::resolution(&bracketed));
    film.title = title;
    if film.title.is_empty() {
        film.title = [tidy(name), name.trim().to_owned()]
            .into_iter()
            .find(|text| !text.is_empty())
            .unwrap_or_default();
        film.year = None;
        film.certain = false;
    }
    film
}

/// Takes ids, editions and other bracketed remarks out of a name. The second text is what was dropped.
fn take_marks(name: &str, film: &mut FilmName) -> (String, String) {
    let mut text = String::with_capacity(name.len());
    let mut dropped = String::new();
    let mut rest = name;
    while let Some(open) = rest.find(['[', '{']) {
        let closing = if rest.as_bytes()[open] == b'[' { ']' } else { '}' };
        let Some(length) = rest[open..].find(closing) else { break };
        let content = &rest[open + 1..open + length];
        text.push_str(&rest[..open]);
        rest = &rest[open + length + 1..];
        if take_id(content, &mut film.ids) {
            film.certain = true;
        } else if let Some(edition) = content.strip_prefix("edition-") {
            film.label = Some(edition.trim().to_owned()).filter(|text| !text.is_empty());
        } else if content.parse::<i32>().is_ok_and(is_year) {
            text.push('(');
            text.push_str(content);
            text.push(')');
        } else {
            dropped.push(' ');
            dropped.push_str(content);
            text.push(' ');
        }
    }
    text.push_str(rest);
    (text.trim_end().to_owned(), dropped)
}

/// Reads `tmdbid-123`, `imdb-tt123`, `tvdb=123` and the like.
fn take_id(content: &str, ids: &mut ExternalIds) -> bool {
    let Some((name, value)) = content.split_once(['-', '=']) else { return false };
    let value = value.trim();
    let is_number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    match name.trim().to_ascii_lowercase().as_str() {
        "imdb" | "imdbid" if value.starts_with("tt") && value.len() > 2 => ids.imdb = Some(value.to_owned()),
        "tmdb" | "tmdbid" if is_number => ids.tmdb = Some(value.to_owned()),
        "tvdb" | "tvdbid" if is_number => ids.tvdb = Some(value.to_owned()),
        _ => return false,
    }
    true
}

fn is_year(number: i32) -> bool {
    (FIRST_YEAR..=LAST_YEAR).contains(&number)
}

/// A year in a name.
struct FoundYear {
    year: i32,
    /// Where it begins, its parenthesis included.
    start: usize,
    /// Where it ends.
    end: usize,
    certain: bool,
}

fn find_year(text: &str) -> Option<FoundYear> {
    find_year_in_parentheses(text).or_else(|| find_bare_year(text))
}

/// The last of `(1999)`, `(1999-2004)`.
fn find_year_in_parentheses(text: &str) -> Option<FoundYear> {
    text.match_indices('(').rev().find_map(|(start, _)| {
        let digits = text.get(start + 1..start + 5)?;
        let year = digits.parse::<i32>().ok().filter(|year| is_year(*year))?;
        let after = &text[start + 5..];
        let end = start + 5 + after.find(')')? + 1;
        let range = after.starts_with([')', '-', '–', ' ']);
        range.then_some(FoundYear { year, start, end, certain: true })
    })
}

/// The last year before the words about the release: at the end of the name, before such a word, or anywhere
/// in a name that has dots for spaces. Never the first word.
fn find_bare_year(text: &str) -> Option<FoundYear> {
    let release = release_start(text);
    let dotted = !text.trim().contains(' ');
    let words = words(text);
    let before_release = |word: &Word<'_>| release.is_none_or(|start| word.start < start);
    words.iter().enumerate().skip(1).rev().find_map(|(index, word)| {
        let year = word.text.parse::<i32>().ok().filter(|year| BARE_YEARS.contains(year))?;
        if word.text.len() != 4 || !before_release(word) {
            return None;
        }
        let next = words.get(index + 1);
        let at_end = next.is_none();
        let leads = next.is_some_and(|next| release == Some(next.start));
        (at_end || leads || dotted).then_some(FoundYear {
            year,
            start: word.start,
            end: word.end(),
            certain: release.is_some(),
        })
    })
}

/// Takes the number of a part off: at the end of the name, or a `cd1` anywhere behind the first word.
fn take_part(text: &str) -> Option<(String, u32)> {
    let words = words(text);
    let last = words.len().checked_sub(1)?;
    for (index, word) in words.iter().enumerate().skip(1) {
        let lower = word.text.to_ascii_lowercase();
        for (name, spaced) in PART_WORDS {
            let Some(digits) = lower.strip_prefix(name) else { continue };
            let (number, end_index) = match words.get(index + 1) {
                Some(next) if digits.is_empty() && *spaced => (next.text, index + 1),
                _ => (digits, index),
            };
            let Some(part) = part_number(number) else { continue };
            if end_index == last || (*name == "cd" && end_index == index) {
                let end = words[end_index].end();
                let head = text[..word.start].trim_end_matches([' ', '.', '_', '-', '(', '[']);
                let tail = text[end..].trim_start_matches([')', ']']);
                return Some((format!("{head}{tail}"), part));
            }
        }
    }
    None
}

fn part_number(digits: &str) -> Option<u32> {
    let number = digits.parse().ok()?;
    (digits.len() <= 2 && (1..=20).contains(&number)).then_some(number)
}

/// What the text behind title and year says of the version.
fn label(tail: &str) -> Option<String> {
    let trimmed = tail.trim_end();
    if let Some(spoken) = trimmed.trim_start().strip_prefix("- ").filter(|_| trimmed.starts_with([' ', '-']))
    {
        let spoken = spoken.trim();
        return (!spoken.is_empty()).then(|| spoken.to_owned());
    }
    tags::resolution(tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn film(name: &str) -> FilmName {
        parse(name, Parts::Split)
    }

    #[test]
    fn titles_and_years() {
        for (name, title, year) in [
            ("Alien (1979)", "Alien", Some(1979)),
            ("Alien.1979.1080p.WEB-DL.x264-GRP", "Alien", Some(1979)),
            ("alien_1979_bluray", "alien", Some(1979)),
            ("Alien 1979", "Alien", Some(1979)),
            ("Alien", "Alien", None),
            ("1917", "1917", None),
            ("1917 (2019)", "1917", Some(2019)),
            ("2012.2009.1080p", "2012", Some(2009)),
            ("2001.A.Space.Odyssey.1968.2160p.UHD", "2001 A Space Odyssey", Some(1968)),
            ("Blade Runner 2049", "Blade Runner 2049", None),
            ("Blade.Runner.2049.2017.1080p", "Blade Runner 2049", Some(2017)),
            ("Wonder Woman 1984 (2020)", "Wonder Woman 1984", Some(2020)),
            ("(500) Days of Summer (2009)", "(500) Days of Summer", Some(2009)),
            ("Mr. Nobody (2009)", "Mr. Nobody", Some(2009)),
            ("[Group] Some Film (2010) [1080p]", "Some Film", Some(2010)),
            ("Some Film [2010]", "Some Film", Some(2010)),
            ("Some.Film.1080p.WEB.x264", "Some Film", None),
            ("Charlotte's Web (2006)", "Charlotte's Web", Some(2006)),
            ("Dark (2017-2020)", "Dark", Some(2017)),
            ("Amélie (2001)", "Amélie", Some(2001)),
            ("千と千尋の神隠し (2001)", "千と千尋の神隠し", Some(2001)),
            ("Holiday 2019 at the beach", "Holiday 2019 at the beach", None),
            ("(2010)", "(2010)", None),
            ("...", "...", None),
        ] {
            let parsed = film(name);
            assert_eq!((parsed.title.as_str(), parsed.year), (title, year), "{name}");
        }
    }

    #[test]
    fn ids_are_read_and_left_out_of_the_title() {
        let parsed = film("Alien (1979) {imdb-tt0078748} [tmdbid-348]");
        assert_eq!(parsed.title, "Alien");
        assert_eq!(parsed.ids.imdb.as_deref(), Some("tt0078748"));
        assert_eq!(parsed.ids.tmdb.as_deref(), Some("348"));
        assert_eq!(film("Dark [tvdbid=334824]").ids.tvdb.as_deref(), Some("334824"));
        assert_eq!(film("Dark [tmdbid-x]").ids, ExternalIds::default());
    }

    #[test]
    fn versions_have_labels() {
        for (name, label) in [
            ("Alien (1979) - 4K", Some("4K")),
            ("Alien (1979) - Director's Cut", Some("Director's Cut")),
            ("Alien (1979) {edition-Director's Cut}", Some("Director's Cut")),
            ("Alien (1979) [1080p]", Some("1080p")),
            ("Alien - 1080p", Some("1080p")),
            ("Alien.1979.2160p.UHD", Some("4K")),
            ("Alien (1979)", None),
            ("Alien - Resurrection", None),
        ] {
            assert_eq!(film(name).label.as_deref(), label, "{name}");
        }
        assert_eq!(film("Alien - Resurrection").title, "Alien - Resurrection");
    }

    #[test]
    fn parts_are_numbered() {
        for (name, title, part) in [
            ("Alien (1979) - part1", "Alien", Some(1)),
            ("Alien (1979) cd2", "Alien", Some(2)),
            ("Alien.1979.CD1.XviD", "Alien", Some(1)),
            ("Alien disc 2", "Alien", Some(2)),
            ("Deathly Hallows Part 1 (2010)", "Deathly Hallows Part 1", None),
            ("Dune Part 2", "Dune Part 2", None),
        ] {
            let parsed = film(name);
            assert_eq!((parsed.title.as_str(), parsed.part), (title, part), "{name}");
        }
        assert_eq!(parse("Alien disc 2", Parts::Keep).title, "Alien disc 2");
    }

    #[test]
    fn only_clear_names_are_certain() {
        for name in ["Alien (1979)", "Alien.1979.1080p", "Alien [tmdbid-348]"] {
            assert!(film(name).certain, "{name}");
        }
        for name in ["Christmas 2019", "IMG_0001", "VID_20240501_120000", "clip 1080p"] {
            assert!(!film(name).certain, "{name}");
        }
    }
}
