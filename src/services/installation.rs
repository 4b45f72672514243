//! The id under which this installation shows itself to servers.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use uuid::Uuid;

use crate::backends::ClientIdentity;

/// Reads the id of this installation, or makes it. It is kept for ever: a new one would show up as a new
/// device in every account.
pub fn installation_id(file: &Path) -> io::Result<String> {
    match fs::read_to_string(file) {
        Ok(text) if Uuid::parse_str(text.trim()).is_ok() => return Ok(text.trim().to_owned()),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let id = Uuid::new_v4().to_string();
    let fresh = file.with_extension("new");
    let mut out = fs::File::create(&fresh)?;
    out.write_all(id.as_bytes())?;
    out.sync_all()?;
    fs::rename(fresh, file)?;
    Ok(id)
}

/// Shows this machine under the given device id.
pub fn identity(device_id: &str) -> ClientIdentity {
    let device_name = fs::read_to_string("/proc/sys/kernel/hostname")
        .map(|name| name.trim().to_owned())
        .ok()
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "Linux".to_owned());
    ClientIdentity { device_id: device_id.to_owned(), device_name }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn the_id_is_made_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("deep/installation-id");
        let first = installation_id(&file).unwrap();
        assert_eq!(installation_id(&file).unwrap(), first);
    }

    #[test]
    fn a_broken_file_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("installation-id");
        fs::write(&file, "nonsense").unwrap();
        let id = installation_id(&file).unwrap();
        assert!(Uuid::parse_str(&id).is_ok());
        assert_eq!(installation_id(&file).unwrap(), id);
    }
}
