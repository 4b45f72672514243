//! The file that appears when everything listens.

use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::{fs, io};

/// How to reach what runs. What does not run is left out of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Ready {
    /// The first connection of Jellyfin, without a slash at its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jellyfin_url: Option<String>,
    /// All connections of Jellyfin.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub jellyfin_urls: Vec<String>,
    /// The connection of Jellyfin that has TLS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jellyfin_tls_url: Option<String>,
    /// The authority behind its certificate, in PEM: nobody trusts it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jellyfin_authority: Option<String>,
    /// A user of Jellyfin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jellyfin_username: Option<String>,
    /// Their password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jellyfin_password: Option<String>,
    /// The first connection of the Plex Media Server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plex_url: Option<String>,
    /// All connections of the Plex Media Server.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub plex_urls: Vec<String>,
    /// A token of the Plex Media Server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plex_token: Option<String>,
    /// What stands for plex.tv: it approves every PIN.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plex_tv_url: Option<String>,
    /// Who answers when servers are looked for: a value for Reel's `GNOME_REEL_DISCOVERY`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discovery: Option<String>,
    /// Where the connections are switched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub control_url: Option<String>,
    /// The folder of films.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub folder: Option<PathBuf>,
}

impl Ready {
    /// Writes the file as JSON. Whoever waits for it sees all of it or none.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let mut unfinished = path.as_os_str().to_owned();
        unfinished.push(".part");
        fs::write(&unfinished, serde_json::to_vec_pretty(self)?)?;
        fs::rename(&unfinished, path)
    }

    /// Removes the file; none there is fine.
    pub fn remove(path: &Path) -> io::Result<()> {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read_back_and_leaves_out_what_does_not_run() {
        let path = std::env::temp_dir().join(format!("reel-ready-{}.json", uuid::Uuid::new_v4()));
        let ready = Ready { plex_url: Some("http://127.0.0.1:1".to_owned()), ..Ready::default() };
        ready.write(&path).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        Ready::remove(&path).unwrap();
        Ready::remove(&path).unwrap();
        assert!(!path.exists());
        assert!(!text.contains("jellyfin"));
        assert_eq!(serde_json::from_str::<Ready>(&text).unwrap(), ready);
    }
}
