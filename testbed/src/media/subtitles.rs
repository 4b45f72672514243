//! Subtitles of the sample videos: each line says the time at which it is shown.

use super::Container;
use std::fmt::Write as _;
use std::time::Duration;

/// A line appears this often.
const EVERY: u64 = 5;
/// and stays this long, in seconds.
const STAYS: u64 = 4;

/// The languages of tracks in the samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// German.
    German,
}

impl Language {
    /// ISO 639-2 code, as in the files.
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "eng",
            Self::German => "deu",
        }
    }

    /// Its English name.
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "German",
        }
    }

    fn line(self, second: u64) -> String {
        match self {
            Self::English => format!("Second {second} of the evening tide"),
            Self::German => format!("Sekunde {second} der Abendflut"),
        }
    }
}

/// `SubRip` subtitles for a sample.
pub fn subtitles_srt(container: Container, language: Language) -> String {
    let mut text = String::new();
    for (number, second) in seconds(container).enumerate() {
        let (from, to) = (stamp(second, ','), stamp(second + STAYS, ','));
        let _ = writeln!(text, "{}\n{from} --> {to}\n{}\n", number + 1, language.line(second));
    }
    text
}

/// `WebVTT` subtitles for a sample, without the lines before `start`.
pub fn subtitles_vtt(container: Container, language: Language, start: Duration) -> String {
    let mut text = String::from("WEBVTT\n\n");
    for second in seconds(container).filter(|second| *second >= start.as_secs()) {
        let (from, to) = (stamp(second, '.'), stamp(second + STAYS, '.'));
        let _ = writeln!(text, "{from} --> {to}\n{}\n", language.line(second));
    }
    text
}

fn seconds(container: Container) -> impl Iterator<Item = u64> {
    (0..).map(|line| line * EVERY).take_while(move |second| second + STAYS < container.length().as_secs())
}

fn stamp(second: u64, separator: char) -> String {
    format!("00:{:02}:{:02}{separator}000", second / 60, second % 60)
}
