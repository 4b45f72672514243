//! Pictures on disk: one file each, as it came, with a seal behind it ([`seal`]), and no more bytes than wanted
//! ([`sweep`]).
//!
//! A file is there as a whole or not at all; one that a crash or a bad disk has harmed is thrown away when it is
//! read, and fetched again. There is no index that could be wrong: the name says where a picture is, the time of a
//! file's last change is when it was last used, and what there is in all is counted when something is to be removed.

mod seal;
mod sweep;

use std::fs::{self, File, FileTimes};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, TimeDelta, Utc};

use self::seal::{Seal, opened};
use super::PictureName;
use crate::models::SourceId;
use crate::net::Validators;

/// The limit until the user's is known, in bytes.
const USUAL_LIMIT: u64 = 500 * 1_000_000;
/// A picture whose key does not change with it is asked about after this.
const DUE_AFTER: TimeDelta = TimeDelta::days(7);
/// That there is no picture is believed for this long.
const ABSENT_FOR: TimeDelta = TimeDelta::days(1);
/// A use is written down when the last one that was is older: to the hour is exact enough to know what to remove.
const USE_EXACTNESS: Duration = Duration::from_hours(1);
/// What the names of files end with that are not whole yet.
const UNFINISHED: &str = ".new";
/// Largest file that is read, in bytes: what [`crate::net::Profile::Image`] lets through, with its seal.
const LARGEST: u64 = 21 * 1024 * 1024;

/// What is on disk of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// The picture.
    Picture {
        /// As its server sent it.
        bytes: Vec<u8>,
        /// Its server is to be asked whether it still holds.
        is_due: bool,
        /// What to ask with.
        validators: Validators,
    },
    /// Its server has said a short time ago that there is none.
    Absent,
    /// Nothing, or nothing that can be used.
    Nothing,
}

/// The pictures of a folder. Cheap to clone; clones are the same.
#[derive(Debug, Clone)]
pub struct DiskCache(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    root: PathBuf,
    limit: AtomicU64,
    /// Bytes of all files, once they were counted, with what was added since.
    bytes: AtomicU64,
    counted: AtomicBool,
    sweeping: AtomicBool,
}

impl DiskCache {
    /// The pictures below a folder, which is made when there is something to keep.
    pub fn new(root: &Path) -> Self {
        Self(Arc::new(Inner {
            root: root.to_owned(),
            limit: AtomicU64::new(USUAL_LIMIT),
            bytes: AtomicU64::new(0),
            counted: AtomicBool::new(false),
            sweeping: AtomicBool::new(false),
        }))
    }

    /// Where a picture is, or would be.
    pub fn path(&self, name: &PictureName) -> PathBuf {
        self.0.root.join(name.source.to_string()).join(&name.file)
    }

    /// Reads a picture. What was harmed is removed.
    pub fn read(&self, name: &PictureName, now: DateTime<Utc>) -> Kept {
        let path = self.path(name);
        let (mut content, used) = match read_whole(&path) {
            Ok(read) => read,
            Err(error) => {
                if error.kind() != io::ErrorKind::NotFound {
                    tracing::debug!(kind = %error.kind(), "a kept picture could not be read");
                }
                return Kept::Nothing;
            }
        };
        let Some(seal) = opened(&mut content) else {
            tracing::debug!("a kept picture was harmed and is removed");
            self.remove(&path);
            return Kept::Nothing;
        };
        // A clock that was put back makes it as old as can be.
        let age = now - seal.kept_at;
        let is_within = |limit| age < limit && age > -limit;
        if content.is_empty() {
            return if is_within(ABSENT_FOR) { Kept::Absent } else { Kept::Nothing };
        }
        if used.elapsed().is_ok_and(|since| since > USE_EXACTNESS) {
            note_use(&path);
        }
        let is_due = !name.is_fixed && !is_within(DUE_AFTER);
        Kept::Picture { bytes: content, is_due, validators: seal.validators }
    }

    /// Keeps a picture; without a byte, that there is none.
    ///
    /// # Errors
    /// Those of the file system. What was kept before is still there then.
    pub fn keep(
        &self,
        name: &PictureName,
        bytes: &[u8],
        validators: &Validators,
        now: DateTime<Utc>,
    ) -> io::Result<()> {
        let path = self.path(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let seal = Seal { kept_at: now, validators: validators.clone() }.over(bytes);
        let before = fs::metadata(&path).map_or(0, |known| known.len());
        let fresh = path.with_file_name(format!("{}.{}{UNFINISHED}", name.file, uuid::Uuid::new_v4()));
        let written = write(&fresh, bytes, &seal).and_then(|()| fs::rename(&fresh, &path));
        if written.is_err() {
            let _may_not_be_there = fs::remove_file(&fresh);
        }
        written?;
        let added = (bytes.len() + seal.len()) as u64;
        self.0.bytes.fetch_add(added, Ordering::Relaxed);
        self.shrink_by(before);
        self.sweep_soon();
        Ok(())
    }

    /// Removes what is kept of a source.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn forget(&self, source: SourceId) -> io::Result<()> {
        remove_folder(&self.0.root.join(source.to_string()))?;
        self.0.counted.store(false, Ordering::Relaxed);
        Ok(())
    }

    /// Removes everything.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn clear(&self) -> io::Result<()> {
        remove_folder(&self.0.root)?;
        self.0.counted.store(false, Ordering::Relaxed);
        Ok(())
    }

    /// Sets the limit in bytes; what is too much goes in the background, if anything was used in this run.
    pub fn set_limit(&self, bytes: u64) {
        let before = self.0.limit.swap(bytes, Ordering::Relaxed);
        if bytes < before && self.0.counted.load(Ordering::Relaxed) {
            self.sweep_soon();
        }
    }

    fn remove(&self, path: &Path) {
        let length = fs::metadata(path).map_or(0, |known| known.len());
        if fs::remove_file(path).is_ok() {
            self.shrink_by(length);
        }
    }

    fn shrink_by(&self, bytes: u64) {
        let smaller = |known: u64| Some(known.saturating_sub(bytes));
        let _never_refused = self.0.bytes.fetch_update(Ordering::Relaxed, Ordering::Relaxed, smaller);
    }
}

fn read_whole(path: &Path) -> io::Result<(Vec<u8>, SystemTime)> {
    let file = File::open(path)?;
    let known = file.metadata()?;
    if known.len() > LARGEST {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    let mut content = Vec::with_capacity(usize::try_from(known.len()).unwrap_or_default());
    file.take(LARGEST).read_to_end(&mut content)?;
    Ok((content, known.modified()?))
}

fn write(path: &Path, bytes: &[u8], seal: &[u8]) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(bytes)?;
    file.write_all(seal)
}

/// The time of the last change is when it was last used. A cache that may not be written still serves.
fn note_use(path: &Path) {
    let noted =
        File::open(path).and_then(|file| file.set_times(FileTimes::new().set_modified(SystemTime::now())));
    if let Err(error) = noted {
        tracing::trace!(kind = %error.kind(), "the use of a picture was not noted");
    }
}

fn remove_folder(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
