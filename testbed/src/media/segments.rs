//! A sample cut into segments for HLS (RFC 8216): what a server makes of it when a client cannot play it as it is.
//!
//! Picture and sound are those of the sample, whatever quality was asked for: who tests reads from the request what was
//! wanted, and a player has something real to play.

use super::{Container, make};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use std::io;
use std::path::{Path, PathBuf};

/// Name of the playlist in its folder.
const PLAYLIST: &str = "main.m3u8";

/// The segments of one sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segments {
    folder: PathBuf,
}

impl Segments {
    /// The segments of a sample, cut when they are not there.
    pub(super) async fn prepare(
        folder: &Path,
        recipe: u32,
        container: Container,
        sample: &Path,
    ) -> io::Result<Self> {
        let own = folder.join(format!("segments-{recipe}-{}", container.extension()));
        if !tokio::fs::try_exists(own.join(PLAYLIST)).await? {
            make::segments(folder, sample, PLAYLIST, &own).await?;
        }
        Ok(Self { folder: own })
    }

    /// The playlist, with what `address` makes of the name of each segment. `None` when it cannot be read.
    pub async fn playlist(&self, address: impl Fn(&str) -> String) -> Option<String> {
        let text = tokio::fs::read_to_string(self.folder.join(PLAYLIST)).await.ok()?;
        let line = |line: &str| {
            if line.starts_with('#') || line.is_empty() { line.to_owned() } else { address(line) }
        };
        Some(text.lines().map(line).collect::<Vec<_>>().join("\n") + "\n")
    }

    /// One segment by its name. `None` for a name that is none.
    pub async fn segment(&self, name: &str) -> Option<Vec<u8>> {
        let is_name = Path::new(name).extension().is_some_and(|ending| ending == "ts")
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '.');
        if !is_name {
            return None;
        }
        tokio::fs::read(self.folder.join(name)).await.ok()
    }
}

/// A playlist as an answer.
pub fn playlist_reply(text: String) -> Response {
    ([(header::CONTENT_TYPE, "application/vnd.apple.mpegurl")], text).into_response()
}

/// A segment as an answer.
pub fn segment_reply(bytes: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, "video/mp2t")], bytes).into_response()
}
