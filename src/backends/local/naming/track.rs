//! What the names of audio files and of the folders around them say.

use super::tidy;

/// Most digits of a track's number: longer ones are years or parts of a title.
const MOST_DIGITS: usize = 3;
/// Words before the number of a disc, in the languages of common rippers.
const DISC_WORDS: [&str; 4] = ["cd", "disc", "disk", "disque"];
/// The years that albums are of.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2199;

/// What the name of an audio file says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TrackName {
    /// Disc.
    pub disc: Option<u32>,
    /// Number on it.
    pub number: Option<u32>,
    /// Title.
    pub title: String,
}

/// What the name of a folder says of the album in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AlbumName {
    /// Artist, where the name has one before the title.
    pub artist: Option<String>,
    /// Title.
    pub title: String,
    /// Year.
    pub year: Option<i32>,
}

/// Reads `07 - Title`, `1-07 Title`, `07. Title`; anything else is a title.
pub fn parse(stem: &str) -> TrackName {
    let whole = || TrackName { title: words(stem), ..TrackName::default() };
    let Some((first, rest)) = digits(stem) else { return whole() };
    let second = rest.strip_prefix('-').and_then(digits);
    let (disc, number, rest) = match second {
        Some((number, rest)) => (Some(first), number, rest),
        None => (None, first, rest),
    };
    let title = rest.trim_start_matches([' ', '.', '-', '_', ')']);
    // `7 Seconds` begins with a number, `99Luftballons` does not end one.
    if title.is_empty() || title.len() == rest.len() {
        return whole();
    }
    TrackName { disc, number: Some(number), title: words(title) }
}

/// The number of the disc that a folder is, as `CD 2`.
pub fn disc(folder: &str) -> Option<u32> {
    let lower = folder.trim().to_lowercase();
    let rest = DISC_WORDS.iter().find_map(|word| lower.strip_prefix(word))?;
    let number = rest.trim_start_matches([' ', '-', '_', '.']);
    digits(number).filter(|(_, rest)| rest.is_empty()).map(|(number, _)| number)
}

/// Reads `Artist - Title (1997)`, `1997 - Title`, `[1997] Title`.
pub fn album(folder: &str) -> AlbumName {
    let (year, rest) = year_of(folder);
    let rest = rest.trim_matches([' ', '-', '_', '.']);
    match rest.split_once(" - ") {
        Some((artist, title)) if !artist.trim().is_empty() && !title.trim().is_empty() => {
            AlbumName { artist: Some(words(artist)), title: words(title), year }
        }
        _ => {
            let title = words(rest);
            let title = if title.is_empty() { folder.to_owned() } else { title };
            AlbumName { artist: None, title, year }
        }
    }
}

/// The year at the beginning or, in brackets, at the end, and the name without it.
fn year_of(name: &str) -> (Option<i32>, &str) {
    let year = |text: &str| text.parse().ok().filter(|year| text.len() == 4 && YEARS.contains(year));
    let name = name.trim();
    for (open, close) in [('(', ')'), ('[', ']')] {
        if let Some((inside, rest)) = name.strip_prefix(open).and_then(|rest| rest.split_once(close))
            && let Some(year) = year(inside)
        {
            return (Some(year), rest);
        }
        if let Some((rest, inside)) = name.strip_suffix(close).and_then(|rest| rest.rsplit_once(open))
            && let Some(year) = year(inside)
        {
            return (Some(year), rest);
        }
    }
    match name.split_once(" - ") {
        Some((first, rest)) if year(first.trim()).is_some() => (year(first.trim()), rest),
        _ => (None, name),
    }
}

fn digits(text: &str) -> Option<(u32, &str)> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at(length);
    (1..=MOST_DIGITS).contains(&length).then(|| number.parse().ok()).flatten().map(|number| (number, rest))
}

fn words(text: &str) -> String {
    if text.contains(' ') { text.trim().to_owned() } else { tidy(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_tracks_are_taken_apart() {
        for (stem, disc, number, title) in [
            ("07 - Salt Wind", None, Some(7), "Salt Wind"),
            ("07. Salt Wind", None, Some(7), "Salt Wind"),
            ("07 Salt Wind", None, Some(7), "Salt Wind"),
            ("2-07 Salt Wind", Some(2), Some(7), "Salt Wind"),
            ("07_salt_wind", None, Some(7), "salt wind"),
            ("Salt Wind", None, None, "Salt Wind"),
            ("99Luftballons", None, None, "99Luftballons"),
            ("1979", None, None, "1979"),
            ("12", None, None, "12"),
        ] {
            assert_eq!(parse(stem), TrackName { disc, number, title: title.to_owned() }, "{stem}");
        }
    }

    #[test]
    fn names_of_albums_are_taken_apart() {
        for (folder, artist, title, year) in [
            ("The Ferries - Low Water (1997)", Some("The Ferries"), "Low Water", Some(1997)),
            ("1997 - Low Water", None, "Low Water", Some(1997)),
            ("[1997] Low Water", None, "Low Water", Some(1997)),
            ("Low Water", None, "Low Water", None),
            ("1984", None, "1984", None),
            ("(1984)", None, "(1984)", Some(1984)),
        ] {
            let artist = artist.map(str::to_owned);
            assert_eq!(album(folder), AlbumName { artist, title: title.to_owned(), year }, "{folder}");
        }
    }

    #[test]
    fn folders_of_discs_are_known() {
        for (folder, number) in
            [("CD1", Some(1)), ("Disc 2", Some(2)), ("disk_03", Some(3)), ("Discovery", None), ("CD", None)]
        {
            assert_eq!(disc(folder), number, "{folder}");
        }
    }
}
