//! Descriptions beside the files: Kodi's `.nfo` in XML (<https://kodi.wiki/view/NFO_files>).
//!
//! Written by many programs and by hand, so read with patience: whatever can be understood is taken, and a
//! file that is something else (release notes, a web page, another encoding) is as good as none.

mod parse;

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::time::Duration;

use chrono::NaiveDate;
use tracing::debug;

use crate::models::{Credit, ExternalIds};

pub use parse::parse;

/// Larger files are no descriptions.
const LARGEST: u64 = 1024 * 1024;

/// What an element at the root describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NfoKind {
    /// `<movie>`, `<video>`, `<musicvideo>`.
    Movie,
    /// `<tvshow>`.
    Series,
    /// `<season>`.
    Season,
    /// `<episodedetails>`.
    Episode,
}

/// One description.
#[derive(Debug, Clone, PartialEq)]
pub struct Nfo {
    /// Of what.
    pub kind: NfoKind,
    /// Title.
    pub title: Option<String>,
    /// Title in the original language.
    pub original_title: Option<String>,
    /// Title to sort by.
    pub sort_title: Option<String>,
    /// Year.
    pub year: Option<i32>,
    /// First shown.
    pub released: Option<NaiveDate>,
    /// Summary.
    pub plot: Option<String>,
    /// Tag line.
    pub tagline: Option<String>,
    /// Length.
    pub runtime: Option<Duration>,
    /// Genres.
    pub genres: Vec<String>,
    /// Age rating.
    pub age_rating: Option<String>,
    /// Public's rating, 0 to 10.
    pub rating: Option<f32>,
    /// Critics' rating, 0 to 10.
    pub critic_rating: Option<f32>,
    /// Ids in public databases.
    pub ids: ExternalIds,
    /// Cast and crew.
    pub credits: Vec<Credit>,
    /// Studios or networks.
    pub studios: Vec<String>,
    /// Season of an episode.
    pub season: Option<u32>,
    /// Number of an episode.
    pub episode: Option<u32>,
    /// The set that a film is of.
    pub set: Option<NfoSet>,
}

/// Films that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NfoSet {
    /// What they are called together.
    pub name: String,
    /// What is said of them.
    pub overview: Option<String>,
}

impl Nfo {
    /// A description that says nothing yet.
    pub fn new(kind: NfoKind) -> Self {
        Self {
            kind,
            title: None,
            original_title: None,
            sort_title: None,
            year: None,
            released: None,
            plot: None,
            tagline: None,
            runtime: None,
            genres: Vec::new(),
            age_rating: None,
            rating: None,
            critic_rating: None,
            ids: ExternalIds::default(),
            credits: Vec::new(),
            studios: Vec::new(),
            season: None,
            episode: None,
            set: None,
        }
    }
}

/// Reads a file: all descriptions of this kind in it (a file with several episodes has several). Empty when
/// it cannot be read or understood.
pub fn read(path: &Path, kind: NfoKind) -> Vec<Nfo> {
    match read_text(path) {
        Ok(text) => {
            let found: Vec<_> = parse(&text).into_iter().filter(|nfo| nfo.kind == kind).collect();
            if found.is_empty() {
                debug!("an NFO file describes nothing that was looked for");
            }
            found
        }
        Err(reason) => {
            debug!(reason, "an NFO file is ignored");
            Vec::new()
        }
    }
}

fn read_text(path: &Path) -> Result<String, &'static str> {
    let file = File::open(path).map_err(|_| "it cannot be opened")?;
    let mut content = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut content).map_err(|_| "it cannot be read")?;
    if content.len() as u64 > LARGEST {
        return Err("it is too large");
    }
    let text = String::from_utf8(content).map_err(|_| "it is not UTF-8")?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
