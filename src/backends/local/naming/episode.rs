//! Names of episodes.

use chrono::NaiveDate;

use super::film::{self, Parts};
use super::tags::{release_start, tidy, words};

/// A file with more episodes than this is a misread name.
const MOST_EPISODES_IN_A_FILE: u32 = 100;
/// Four-digit numbers in this range are years, not episodes.
const YEARS: std::ops::RangeInclusive<u32> = 1900..=2040;

/// Where a file lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Context {
    /// Anywhere: only what cannot be anything else is an episode.
    Anywhere,
    /// In the folder of a series: dates and plain numbers count too.
    InShow,
}

/// How an episode is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbering {
    /// By number; the second is the last one of a file with several.
    Number(u32, Option<u32>),
    /// By date.
    Date(NaiveDate),
}

/// What the name of an episode says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EpisodeName {
    /// Series, when the name tells it.
    pub series: Option<String>,
    /// Year of the series.
    pub year: Option<i32>,
    /// Season, when the name tells it.
    pub season: Option<u32>,
    /// Which episode.
    pub numbering: Numbering,
    /// Title of the episode, when the name tells it.
    pub title: Option<String>,
}

/// A found number with its place in the name.
struct Match {
    start: usize,
    end: usize,
    season: Option<u32>,
    numbering: Numbering,
}

/// Reads the name of an episode without its extension; `None` when it does not look like one.
pub fn parse(stem: &str, context: Context) -> Option<EpisodeName> {
    let lower = stem.to_ascii_lowercase();
    let text = lower.as_bytes();
    let clear = (0..text.len()).find_map(|at| season_and_episode(text, at)).or_else(|| spelled_out(&lower));
    let found = match (clear, context) {
        (Some(found), _) => Some(found),
        (None, Context::Anywhere) => None,
        (None, Context::InShow) => (0..text.len())
            .find_map(|at| date(text, at))
            .or_else(|| episode_only(&lower))
            .or_else(|| plain_number(stem)),
    }?;
    let series = film::parse(&without_group(stem.get(..found.start)?), Parts::Keep);
    Some(EpisodeName {
        series: Some(series.title).filter(|title| title.chars().any(char::is_alphanumeric)),
        year: series.year,
        season: found.season,
        numbering: found.numbering,
        title: title_in(stem.get(found.end..)?),
    })
}

/// The title behind the number, without the words about the release.
fn title_in(tail: &str) -> Option<String> {
    // A first word is put before, because release words count only behind something.
    let marked = format!("x {}", tail.trim_start_matches(['.', '_', ' ']));
    let end = release_start(&marked).unwrap_or(marked.len());
    let bare = without_brackets(&marked[1..end.max(1)]);
    Some(tidy(&bare)).filter(|title| title.chars().any(char::is_alphanumeric))
}

/// Drops a `[Group]` at the beginning.
fn without_group(text: &str) -> String {
    let trimmed = text.trim_start();
    trimmed
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'))
        .map_or(trimmed, |(_, rest)| rest)
        .to_owned()
}

/// Puts spaces where brackets and their content are, so that positions stay.
fn without_brackets(text: &str) -> String {
    let mut depth = 0_u32;
    let mut result = String::with_capacity(text.len());
    for letter in text.chars() {
        let opens = matches!(letter, '[' | '(' | '{');
        let closes = matches!(letter, ']' | ')' | '}');
        depth += u32::from(opens);
        if depth > 0 {
            result.extend(std::iter::repeat_n(' ', letter.len_utf8()));
        } else {
            result.push(letter);
        }
        depth = depth.saturating_sub(u32::from(closes));
    }
    result
}

fn is_boundary(text: &[u8], at: usize) -> bool {
    at == 0 || !text[at - 1].is_ascii_alphanumeric()
}

fn ends_word(text: &[u8], at: usize) -> bool {
    text.get(at).is_none_or(|byte| !byte.is_ascii_alphanumeric())
}

/// All digits from here on: their value, how many, and where they end.
fn digits(text: &[u8], at: usize, most: usize) -> Option<(u32, usize)> {
    let length = text.get(at..)?.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if length == 0 || length > most {
        return None;
    }
    let value = text[at..at + length].iter().fold(0_u32, |sum, digit| sum * 10 + u32::from(digit - b'0'));
    Some((value, at + length))
}

fn skip(text: &[u8], mut at: usize, bytes: &[u8], most: usize) -> usize {
    let limit = at + most;
    while at < limit && text.get(at).is_some_and(|byte| bytes.contains(byte)) {
        at += 1;
    }
    at
}

/// `S01E02`, `s1.e2`, `1x02`, each with `-E03`, `E03` or `-03` behind.
fn season_and_episode(text: &[u8], at: usize) -> Option<Match> {
    if !is_boundary(text, at) {
        return None;
    }
    let (season, first, end) = if text[at] == b's' {
        let (season, end) = digits(text, at + 1, 4)?;
        let mark = skip(text, end, b" ._-", 3);
        let mark = if text.get(mark..mark + 2) == Some(b"ep") { mark + 2 } else { expect(text, mark, b'e')? };
        let (first, end) = digits(text, mark, 4)?;
        (season, first, end)
    } else {
        let (season, mark) = digits(text, at, 2)?;
        let mark = expect(text, mark, b'x')?;
        let (first, end) = digits(text, mark, 4).filter(|(_, end)| end - mark >= 2)?;
        (season, first, end)
    };
    let (last, end) = further(text, end, first);
    let numbering = Numbering::Number(first, last);
    Some(Match { start: at, end, season: Some(season), numbering })
}

fn expect(text: &[u8], at: usize, byte: u8) -> Option<usize> {
    (text.get(at) == Some(&byte)).then_some(at + 1)
}

/// The last number of a file with several episodes.
fn further(text: &[u8], mut end: usize, first: u32) -> (Option<u32>, usize) {
    let mut last = None;
    loop {
        let dash = skip(text, end, b"-", 1);
        let marked = match text.get(dash) {
            Some(b'e' | b'x') => Some(dash + 1),
            _ if dash > end => Some(dash),
            _ => None,
        };
        let next = marked.and_then(|at| digits(text, at, 4)).filter(|(number, after)| {
            *number > last.unwrap_or(first)
                && number - first <= MOST_EPISODES_IN_A_FILE
                && (ends_word(text, *after) || matches!(text.get(*after), Some(b'e' | b'x')))
        });
        let Some((number, after)) = next else { return (last, end) };
        last = Some(number);
        end = after;
    }
}

/// `Season 1 Episode 2`.
fn spelled_out(lower: &str) -> Option<Match> {
    let words = words(lower);
    words.windows(4).find_map(|four| {
        let matches = four[0].text == "season" && four[2].text == "episode";
        let season = four[1].text.parse().ok().filter(|_| matches)?;
        let first = four[3].text.parse().ok()?;
        let numbering = Numbering::Number(first, None);
        Some(Match { start: four[0].start, end: four[3].end(), season: Some(season), numbering })
    })
}

/// `2024-05-01`, also with dots, spaces or underscores.
fn date(text: &[u8], at: usize) -> Option<Match> {
    if !is_boundary(text, at) {
        return None;
    }
    let (year, end) = digits(text, at, 4).filter(|(_, end)| end - at == 4)?;
    let separator = *text.get(end).filter(|byte| b"-._ ".contains(byte))?;
    let (month, end) = digits(text, end + 1, 2)?;
    let (day, end) = digits(text, expect(text, end, separator)?, 2)?;
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    let plausible = (1900..=2100).contains(&year) && ends_word(text, end);
    plausible.then_some(Match { start: at, end, season: None, numbering: Numbering::Date(date) })
}

/// `E02`, `Ep 2`, `Episode 2`.
fn episode_only(lower: &str) -> Option<Match> {
    let words = words(lower);
    words.iter().enumerate().find_map(|(index, word)| {
        let glued = ["episode", "ep", "e"].iter().find_map(|name| word.text.strip_prefix(name));
        let (number, end) = match glued? {
            "" if word.text != "e" => words.get(index + 1).map(|next| (next.text, next.end()))?,
            number => (number, word.end()),
        };
        let (first, _) = digits(number.as_bytes(), 0, 4).filter(|(_, end)| *end == number.len())?;
        Some(Match { start: word.start, end, season: None, numbering: Numbering::Number(first, None) })
    })
}

/// A number by itself: the first word, one behind a dash, or the last one.
fn plain_number(stem: &str) -> Option<Match> {
    let text = without_brackets(stem);
    let end = release_start(&text).unwrap_or(text.len());
    let text = text.get(..end)?;
    let words = words(text);
    let numbers: Vec<_> = words
        .iter()
        .enumerate()
        .filter_map(|(index, word)| {
            let digits_only = word.text.split_once(['v', 'V']).map_or(word.text, |(number, _)| number);
            let (number, _) =
                digits(digits_only.as_bytes(), 0, 4).filter(|(_, end)| *end == digits_only.len())?;
            (digits_only.len() < 4 || !YEARS.contains(&number)).then_some((index, word, number))
        })
        .collect();
    let behind_dash = |start: usize| text[..start].trim_end().ends_with(['-', '#']);
    let chosen = numbers
        .iter()
        .find(|(index, ..)| *index == 0)
        .or_else(|| numbers.iter().find(|(_, word, _)| behind_dash(word.start)))
        .or_else(|| numbers.last())?;
    let (_, word, number) = chosen;
    let numbering = Numbering::Number(*number, None);
    Some(Match { start: word.start, end: word.end(), season: None, numbering })
}

#[cfg(test)]
#[path = "episode_tests.rs"]
mod tests;
