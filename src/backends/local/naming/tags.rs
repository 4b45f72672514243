//! Words that releases put into names, and titles without them.

/// Words that no title holds: everything from the first of them on is about the release.
const CERTAIN: &[&str] = &[
    "10bit", "4k", "8bit", "aac", "ac3", "atmos", "avc", "bdremux", "bdrip", "bluray", "brrip", "camrip",
    "dd5", "ddp", "ddp5", "divx", "dts", "dvdrip", "dvdscr", "eac3", "h264", "h265", "hdr", "hdr10", "hdrip",
    "hdtv", "hevc", "pdtv", "remux", "truehd", "uhd", "vhsrip", "webdl", "webrip", "x264", "x265", "xvid",
];

/// The same in two words.
const CERTAIN_PAIRS: &[(&str, &str)] =
    &[("blu", "ray"), ("h", "264"), ("h", "265"), ("web", "dl"), ("web", "rip"), ("dts", "hd")];

/// Words that are about the release only when one of the above follows.
const LIKELY: &[&str] = &[
    "amzn",
    "complete",
    "cut",
    "directors",
    "dsnp",
    "dubbed",
    "dual",
    "extended",
    "french",
    "german",
    "imax",
    "internal",
    "limited",
    "multi",
    "nf",
    "proper",
    "remastered",
    "repack",
    "subbed",
    "theatrical",
    "uncut",
    "unrated",
    "web",
];

/// Versions that a ` - ` at the end of a name may announce.
const EDITIONS: &[&str] = &[
    "director's cut",
    "directors cut",
    "extended",
    "extended cut",
    "extended edition",
    "final cut",
    "imax",
    "original",
    "remastered",
    "special edition",
    "theatrical",
    "theatrical cut",
    "uncut",
    "unrated",
    "3d",
];

/// A run of letters and digits.
#[derive(Debug, Clone, Copy)]
pub struct Word<'a> {
    /// The run.
    pub text: &'a str,
    /// Byte position of its first letter.
    pub start: usize,
}

impl Word<'_> {
    /// Byte position behind its last letter.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// The words of a text.
pub fn words(text: &str) -> Vec<Word<'_>> {
    let mut result = Vec::new();
    let mut start = None;
    for (position, letter) in text.char_indices() {
        match (letter.is_alphanumeric(), start) {
            (true, None) => start = Some(position),
            (false, Some(begin)) => {
                result.push(Word { text: &text[begin..position], start: begin });
                start = None;
            }
            _ => {}
        }
    }
    if let Some(begin) = start {
        result.push(Word { text: &text[begin..], start: begin });
    }
    result
}

/// Where the part about the release begins; `None` when there is none or nothing stands before it.
pub fn release_start(text: &str) -> Option<usize> {
    let words = words(text);
    let lower: Vec<String> = words.iter().map(|word| word.text.to_lowercase()).collect();
    let is_certain = |index: usize| {
        let word = lower[index].as_str();
        let next = lower.get(index + 1).map(String::as_str);
        CERTAIN.contains(&word)
            || height_of(word).is_some()
            || CERTAIN_PAIRS.iter().any(|(first, second)| *first == word && Some(*second) == next)
    };
    let mut first = (1..words.len()).find(|index| is_certain(*index))?;
    while first > 1 && LIKELY.contains(&lower[first - 1].as_str()) {
        first -= 1;
    }
    Some(words[first].start)
}

/// Height in pixels for a word like `1080p` or `4K`.
fn height_of(word: &str) -> Option<u32> {
    match word {
        "4k" | "uhd" => return Some(2160),
        "8k" => return Some(4320),
        _ => {}
    }
    let digits = word.strip_suffix(['p', 'i'])?;
    let height = digits.parse().ok()?;
    matches!(height, 240 | 360 | 480 | 540 | 576 | 720 | 1080 | 1440 | 2160 | 4320).then_some(height)
}

/// Height in pixels that a name speaks of; 0 when it speaks of none.
pub fn height(text: &str) -> u32 {
    words(text).iter().filter_map(|word| height_of(&word.text.to_lowercase())).max().unwrap_or(0)
}

/// The resolution that a name speaks of, as it is shown.
pub fn resolution(text: &str) -> Option<String> {
    match height(text) {
        0 => None,
        2160 => Some("4K".to_owned()),
        4320 => Some("8K".to_owned()),
        height => Some(format!("{height}p")),
    }
}

/// Whether a text names a version by itself: a resolution, a release word or an edition.
pub fn names_version(text: &str) -> bool {
    let lower = text.trim().to_lowercase();
    let words = words(&lower);
    EDITIONS.contains(&lower.as_str())
        || words.first().is_some_and(|word| height_of(word.text).is_some() || CERTAIN.contains(&word.text))
}

/// A title without the separators of file names.
pub fn tidy(raw: &str) -> String {
    let spaced: String =
        if raw.trim().contains(' ') { raw.replace('_', " ") } else { raw.replace(['.', '_'], " ") };
    let joined = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    joined
        .trim_matches(|letter: char| letter.is_whitespace() || matches!(letter, '-' | '–' | '_' | ',' | '~'))
        .trim_end_matches(['(', '['])
        .trim()
        .to_owned()
}
