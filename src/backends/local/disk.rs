//! Small things that have to do with files: what a folder is to the file system, names of cache files, writing.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::models::RootMark;

/// What a folder is to the file system. Devices have other numbers after every start of the machine; the id of the
/// file system, where it has one of its own, stays.
///
/// # Errors
/// When it is not there.
pub fn root_mark(folder: &Path) -> io::Result<RootMark> {
    let metadata = fs::metadata(folder)?;
    let file_system = rustix::fs::statvfs(folder)?.f_fsid;
    let device = if file_system == 0 { metadata.dev() } else { file_system };
    Ok(RootMark { device, inode: metadata.ino() })
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
