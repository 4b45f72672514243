//! Keeping pictures within the limit: what was not used for the longest time goes first, off the way of whoever waits
//! for a picture.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime};

use super::{DiskCache, UNFINISHED};

/// How much is left of the limit, in percent, so that the next picture does not begin it all again.
const LEFT: u64 = 90;
/// What is not whole after this is left over from a crash.
const ABANDONED_AFTER: Duration = Duration::from_hours(1);

struct Found {
    path: PathBuf,
    bytes: u64,
    used: SystemTime,
}

impl DiskCache {
    /// Removes what is too much in a thread of its own, one at a time, when there may be too much.
    pub(super) fn sweep_soon(&self) {
        let inner = &self.0;
        let counted = inner.counted.load(Ordering::Relaxed);
        if counted && inner.bytes.load(Ordering::Relaxed) <= inner.limit.load(Ordering::Relaxed)
            || inner.sweeping.swap(true, Ordering::AcqRel)
        {
            return;
        }
        let this = self.clone();
        let started = std::thread::Builder::new().name("pictures".to_owned()).spawn(move || {
            this.sweep();
            this.0.sweeping.store(false, Ordering::Release);
        });
        if started.is_err() {
            inner.sweeping.store(false, Ordering::Release);
        }
    }

    /// Counts everything, and removes what is too much and what a crash has left.
    pub fn sweep(&self) {
        let mut found = self.found();
        let mut bytes: u64 = found.iter().map(|file| file.bytes).sum();
        let limit = self.0.limit.load(Ordering::Relaxed);
        if bytes > limit {
            found.sort_unstable_by_key(|file| file.used);
            let before = bytes;
            for file in found {
                if bytes <= limit / 100 * LEFT {
                    break;
                }
                if fs::remove_file(&file.path).is_ok() {
                    bytes -= file.bytes;
                }
            }
            tracing::debug!(before, bytes, limit, "old pictures were removed");
        }
        self.0.bytes.store(bytes, Ordering::Relaxed);
        self.0.counted.store(true, Ordering::Relaxed);
    }

    /// Bytes of all pictures, counted now.
    pub fn measure(&self) -> u64 {
        let bytes = self.found().iter().map(|file| file.bytes).sum();
        self.0.bytes.store(bytes, Ordering::Relaxed);
        self.0.counted.store(true, Ordering::Relaxed);
        bytes
    }

    /// Every picture. What was left unfinished long ago is removed on the way.
    fn found(&self) -> Vec<Found> {
        let mut found = Vec::new();
        for folder in entries(&self.0.root) {
            for path in entries(&folder) {
                let Ok(known) = fs::symlink_metadata(&path) else { continue };
                let Ok(used) = known.modified() else { continue };
                if !known.is_file() {
                    continue;
                }
                if path.as_os_str().as_encoded_bytes().ends_with(UNFINISHED.as_bytes()) {
                    if used.elapsed().is_ok_and(|age| age > ABANDONED_AFTER) {
                        let _may_be_gone = fs::remove_file(&path);
                    }
                    continue;
                }
                found.push(Found { path, bytes: known.len(), used });
            }
        }
        found
    }
}

fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> {
    fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path())
}
