//! Answers kept on disk: one file of JSON lines for each source's folder.
//!
//! New answers are appended, the last line about a file counts, broken lines are as good as none, and a file
//! with too many outdated lines is written anew.

use std::collections::{HashMap, HashSet};
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use tracing::{debug, warn};

use super::{MediaFacts, Outcome};
use crate::backends::local::artwork::{thumbnail_file, thumbnail_key};
use crate::backends::local::disk::{digest, write_whole};
use crate::backends::local::path::RelativePath;
use crate::backends::local::stamp::Stamp;
use crate::models::{ImageKey, StreamKind};

/// A file that did not answer in time is asked again after this.
const ASK_AGAIN_AFTER: Duration = Duration::from_hours(24);
/// So many outdated lines are not worth writing the file anew.
const OUTDATED_LINES_ALLOWED: usize = 1000;

/// One line: what is known of one file.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Entry {
    path: String,
    stamp: Stamp,
    asked_at: DateTime<Utc>,
    facts: MediaFacts,
    /// No picture could be made of it.
    #[serde(default)]
    no_picture: bool,
}

/// What is known of the files of one folder.
#[derive(Debug)]
pub struct ProbeCache {
    root: PathBuf,
    lines: PathBuf,
    thumbnails: PathBuf,
    known: Mutex<Option<Known>>,
}

#[derive(Debug, Default)]
struct Known {
    entries: HashMap<String, Entry>,
    lines: usize,
}

impl ProbeCache {
    /// The cache of the folder `root` in the app's cache folder. Nothing is read until it is needed.
    pub fn new(cache: &Path, root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            lines: lines_file(cache, root),
            thumbnails: thumbnail_folder(cache, root),
            known: Mutex::new(None),
        }
    }

    /// What is inside this file; asks when it is not known or the file has changed. Blocks.
    pub fn facts(&self, path: &RelativePath, stamp: Stamp) -> MediaFacts {
        if let Some(entry) = self.entry(path, stamp)
            && (entry.facts.outcome != Outcome::Slow || age(entry.asked_at) < ASK_AGAIN_AFTER)
        {
            return entry.facts;
        }
        let facts = super::facts(&path.in_folder(&self.root), stamp.size);
        if facts.outcome == Outcome::Broken {
            debug!(size = stamp.size, "a damaged or empty video is listed without length and streams");
        }
        if facts.outcome != Outcome::Unknown {
            self.add(path, stamp, facts.clone(), false);
        }
        facts
    }

    /// What is known of this file without asking.
    pub fn recall(&self, path: &RelativePath, stamp: Stamp) -> Option<MediaFacts> {
        self.entry(path, stamp).map(|entry| entry.facts)
    }

    /// The key of a thumbnail of this file; makes it when there is none. `None` when none can be made. Blocks.
    pub fn thumbnail(&self, path: &RelativePath, stamp: Stamp) -> Option<ImageKey> {
        let facts = self.facts(path, stamp);
        if !facts.streams.iter().any(|stream| stream.kind == StreamKind::Video) {
            return None;
        }
        let length = facts.duration;
        self.picture(path, stamp, facts, |video, target| super::thumbnail(video, length, target))
    }

    /// The key of the cover inside of this audio file; `None` when there is none. Blocks.
    pub fn cover(&self, path: &RelativePath, stamp: Stamp) -> Option<ImageKey> {
        let facts = self.facts(path, stamp);
        self.picture(path, stamp, facts, super::cover)
    }

    /// The key of a picture that is kept beside what is known of a file, made by `make` when it is not there.
    fn picture(
        &self,
        path: &RelativePath,
        stamp: Stamp,
        facts: MediaFacts,
        make: impl FnOnce(&Path, &Path) -> bool,
    ) -> Option<ImageKey> {
        let target = thumbnail_file(&self.thumbnails, path, &stamp.tag());
        if target.exists() {
            return Some(thumbnail_key(path, stamp));
        }
        if self.entry(path, stamp).is_some_and(|entry| entry.no_picture) {
            return None;
        }
        if make(&path.in_folder(&self.root), &target) {
            return Some(thumbnail_key(path, stamp));
        }
        self.add(path, stamp, facts, true);
        None
    }

    /// Forgets files and thumbnails that a complete scan did not find.
    pub fn tidy<'a>(&self, files: impl Iterator<Item = &'a RelativePath>) {
        let present: HashMap<String, String> =
            files.map(|path| (path.encode(), digest(Path::new(&path.encode())))).collect();
        self.with_known(|known| {
            known.entries.retain(|path, _| present.contains_key(path));
            if known.lines > known.entries.len() * 2 + OUTDATED_LINES_ALLOWED {
                self.rewrite(known);
            }
        });
        let digests: HashSet<&str> = present.values().map(String::as_str).collect();
        for file in fs::read_dir(&self.thumbnails).into_iter().flatten().flatten() {
            let name = file.file_name();
            let owner = name.to_str().and_then(|name| name.get(..32));
            if owner.is_some_and(|owner| !digests.contains(owner)) {
                drop(fs::remove_file(file.path()));
            }
        }
    }

    fn entry(&self, path: &RelativePath, stamp: Stamp) -> Option<Entry> {
        let path = path.encode();
        self.with_known(|known| known.entries.get(&path).filter(|entry| entry.stamp == stamp).cloned())
    }

    fn add(&self, path: &RelativePath, stamp: Stamp, facts: MediaFacts, no_picture: bool) {
        let entry = Entry { path: path.encode(), stamp, asked_at: Utc::now(), facts, no_picture };
        self.with_known(|known| {
            if let Err(error) = append(&self.lines, &entry) {
                warn!(error = %error.kind(), "what is inside a video cannot be kept");
            }
            known.lines += 1;
            known.entries.insert(entry.path.clone(), entry);
        });
    }

    /// Works on what is known, read from disk the first time.
    fn with_known<T>(&self, work: impl FnOnce(&mut Known) -> T) -> T {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        work(known.get_or_insert_with(|| load(&self.lines)))
    }

    fn rewrite(&self, known: &mut Known) {
        let lines: Vec<_> =
            known.entries.values().filter_map(|entry| serde_json::to_string(entry).ok()).collect();
        if write_whole(&self.lines, (lines.join("\n") + "\n").as_bytes()).is_ok() {
            known.lines = lines.len();
        }
    }
}

/// The folder of the thumbnails of a source's folder.
pub fn thumbnail_folder(cache: &Path, root: &Path) -> PathBuf {
    cache.join("thumbnails").join(digest(root))
}

/// Keeps what is known of a folder that is elsewhere now. Where that fails it is found out again.
pub fn move_cache(cache: &Path, from: &Path, to: &Path) {
    for (from, to) in [
        (lines_file(cache, from), lines_file(cache, to)),
        (thumbnail_folder(cache, from), thumbnail_folder(cache, to)),
    ] {
        if let Err(error) = fs::rename(from, to) {
            debug!(error = %error.kind(), "what is known of videos is not kept");
        }
    }
}

fn lines_file(cache: &Path, root: &Path) -> PathBuf {
    cache.join("probe").join(format!("{}.jsonl", digest(root)))
}

fn age(since: DateTime<Utc>) -> Duration {
    (Utc::now() - since).to_std().unwrap_or_default()
}

fn load(lines: &Path) -> Known {
    let text = fs::read(lines).unwrap_or_default();
    let mut known = Known::default();
    for line in text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        known.lines += 1;
        if let Ok(entry) = serde_json::from_slice::<Entry>(line) {
            known.entries.insert(entry.path.clone(), entry);
        }
    }
    known
}

fn append(lines: &Path, entry: &Entry) -> std::io::Result<()> {
    if let Some(folder) = lines.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut line = serde_json::to_vec(entry).map_err(std::io::Error::other)?;
    line.push(b'\n');
    OpenOptions::new().create(true).append(true).open(lines)?.write_all(&line)
}
