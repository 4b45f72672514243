//! What is remembered of a folder from one operation to the next, in the cache: which libraries it had, and on
//! which device it was.
//!
//! It serves one purpose: a removable or network folder that is away, whose mount point is then an empty
//! folder, must not look like a folder from which everything was deleted.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::models::LibraryKind;

/// What a complete scan found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FolderMemory {
    /// The device that the folder was on.
    pub device: u64,
    /// The libraries it had.
    pub kinds: Vec<LibraryKind>,
}

impl FolderMemory {
    /// Reads what is remembered of a folder.
    pub fn load(cache: &Path, folder: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(file(cache, folder)).ok()?).ok()
    }

    /// Keeps it.
    pub fn store(&self, cache: &Path, folder: &Path) -> io::Result<()> {
        let file = file(cache, folder);
        write_whole(&file, &serde_json::to_vec(self).map_err(io::Error::other)?)
    }

    /// Whether a folder that is found empty now is a mount point whose disk or share is away.
    pub fn is_away(&self, folder: &Path) -> bool {
        !self.kinds.is_empty() && device(folder).is_some_and(|device| device != self.device)
    }
}

/// The device that a folder is on.
pub fn device(folder: &Path) -> Option<u64> {
    fs::metadata(folder).ok().map(|metadata| metadata.dev())
}

/// A short name for a path: files of the cache are called by it.
pub fn digest(path: &Path) -> String {
    hexadecimal(&Sha256::digest(path.as_os_str().as_bytes())[..16])
}

/// Bytes as text.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing into a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Writes a file so that readers see the old or the new content, never a part.
pub fn write_whole(file: &Path, content: &[u8]) -> io::Result<()> {
    let folder = file.parent().ok_or(io::ErrorKind::InvalidInput)?;
    fs::create_dir_all(folder)?;
    let temporary = file.with_extension(format!("{}.part", uuid::Uuid::new_v4().simple()));
    fs::write(&temporary, content).and_then(|()| fs::rename(&temporary, file)).inspect_err(|_| {
        drop(fs::remove_file(&temporary));
    })
}

fn file(cache: &Path, folder: &Path) -> PathBuf {
    cache.join("folders").join(format!("{}.json", digest(folder)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_away_when_its_device_is_another() {
        let cache = tempfile::tempdir().unwrap();
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(FolderMemory::load(cache.path(), folder.path()), None);
        let here = device(folder.path()).unwrap();
        let memory = FolderMemory { device: here, kinds: vec![LibraryKind::Movies] };
        memory.store(cache.path(), folder.path()).unwrap();
        let memory = FolderMemory::load(cache.path(), folder.path()).unwrap();
        assert!(!memory.is_away(folder.path()));
        assert!(FolderMemory { device: here + 1, ..memory.clone() }.is_away(folder.path()));
        assert!(!FolderMemory { device: here + 1, kinds: Vec::new() }.is_away(folder.path()));
    }
}
