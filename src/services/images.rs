//! Pictures: fetched once, kept on disk.
//!
//! A picture is known by source, key and size; never by host or token, so that it survives every change of
//! connection. Requests for the same picture share one fetch, and a server gets at most
//! [`MOST_PER_SOURCE`] at a time. What comes is checked to be a picture before it is kept.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

use super::core::BackendService;
use super::core::connection::pool;
use super::{AppContext, Result};
use crate::backends::{BackendError, Location, MediaRequest};
use crate::models::{ImageRequest, ServerUrl, SourceId};
use crate::net::{ApiClient, Call, ErrorKind, HttpPool, NetError, Profile};

/// Pictures asked of one server at a time: its scaler competes with playback.
const MOST_PER_SOURCE: usize = 6;

type Fetch = Arc<tokio::sync::Mutex<()>>;

/// Requests in flight. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct ImageLimits {
    per_source: Arc<Mutex<HashMap<SourceId, Arc<Semaphore>>>>,
    fetching: Arc<Mutex<HashMap<PathBuf, Fetch>>>,
}

impl ImageLimits {
    fn of(&self, source: SourceId) -> Arc<Semaphore> {
        let mut limits = self.per_source.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(limits.entry(source).or_insert_with(|| Arc::new(Semaphore::new(MOST_PER_SOURCE))))
    }

    fn fetch_of(&self, path: &Path) -> Fetch {
        let mut fetching = self.fetching.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(fetching.entry(path.to_owned()).or_default())
    }

    fn done(&self, path: &Path) {
        self.fetching.lock().unwrap_or_else(PoisonError::into_inner).remove(path);
    }
}

/// Fetches and keeps pictures.
pub struct ImageService;

impl ImageService {
    /// The file with a picture, fetched when it is not there yet.
    ///
    /// # Errors
    /// `NotFound` when the server has no such picture, `Decode` when what came is none.
    pub async fn file(ctx: &AppContext, source: SourceId, request: &ImageRequest) -> Result<PathBuf> {
        let path = cache_path(&ctx.paths.images(), source, request);
        if tokio::fs::try_exists(&path).await.unwrap_or(false) {
            return Ok(path);
        }
        let fetch = ctx.images.fetch_of(&path);
        let _one_fetch = fetch.lock().await;
        if tokio::fs::try_exists(&path).await.unwrap_or(false) {
            return Ok(path);
        }
        let fetched = Self::fetch(ctx, source, request, &path).await;
        ctx.images.done(&path);
        fetched
    }

    async fn fetch(
        ctx: &AppContext,
        source: SourceId,
        request: &ImageRequest,
        path: &Path,
    ) -> Result<PathBuf> {
        let remote = match BackendService::image_request(ctx, source, request).await? {
            Location::File(file) => return Ok(file),
            Location::Remote(remote) => remote,
        };
        let limit = ctx.images.of(source);
        let _place = limit.acquire().await;
        let bytes = download(&pool(ctx, &ctx.db.sources().get(source).await?).await?, &remote).await?;
        if !is_picture(&bytes) {
            return Err(BackendError::new(ErrorKind::Decode, "read a picture").into());
        }
        keep(path, &bytes).await.map_err(|error| BackendError::from_io("keep a picture", &error))?;
        Ok(path.to_owned())
    }

    /// A small picture that is shown once and not kept, as of a user before the sign-in. `None` when it cannot be had.
    pub async fn passing(pool: &HttpPool, request: &MediaRequest) -> Option<Vec<u8>> {
        match download(pool, request).await {
            Ok(bytes) => is_picture(&bytes).then_some(bytes),
            Err(error) => {
                tracing::debug!(kind = ?error.kind, "no portrait");
                None
            }
        }
    }

    /// Forgets all pictures of a source.
    pub async fn forget(ctx: &AppContext, source: SourceId) {
        let folder = ctx.paths.images().join(source.to_string());
        if let Err(error) = tokio::fs::remove_dir_all(&folder).await
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(kind = %error.kind(), "pictures of a removed source stay on disk");
        }
    }
}

async fn download(pool: &HttpPool, remote: &MediaRequest) -> Result<Vec<u8>, NetError> {
    let invalid = || NetError::new(ErrorKind::Invalid, "not a web address");
    let mut base = remote.url.clone();
    base.set_path("");
    base.set_query(None);
    let base = ServerUrl::try_from(base).map_err(|_| invalid())?;
    let mut client = ApiClient::new(pool, base);
    for (name, value) in &remote.headers {
        client = client.with_header(name, value)?;
    }
    Ok(client.send(Call::at(&remote.url).profile(Profile::Image)).await?.body)
}

/// Writes a file that is there as a whole or not at all.
async fn keep(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        tokio::fs::create_dir_all(folder).await?;
    }
    let fresh = path.with_extension(format!("{}.new", uuid::Uuid::new_v4()));
    tokio::fs::write(&fresh, bytes).await?;
    tokio::fs::rename(&fresh, path).await
}

fn cache_path(folder: &Path, source: SourceId, request: &ImageRequest) -> PathBuf {
    let digest = Sha256::digest(request.key.as_str());
    let name = digest.iter().take(16).fold(String::new(), |mut name, byte| {
        let _infallible = write!(name, "{byte:02x}");
        name
    });
    folder.join(source.to_string()).join(format!("{name}-{}", request.size.width()))
}

/// Whether bytes begin like a picture that the toolkit reads.
fn is_picture(bytes: &[u8]) -> bool {
    let webp = bytes.len() > 12 && bytes.starts_with(b"RIFF") && &bytes[8..12] == b"WEBP";
    let avif = bytes.len() > 12 && &bytes[4..8] == b"ftyp";
    webp || avif
        || [b"\xff\xd8\xff".as_slice(), b"\x89PNG", b"GIF8", b"<svg", b"<?xml", b"BM"]
            .iter()
            .any(|magic| bytes.starts_with(magic))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::models::{ImageKey, ImageSize};

    #[test]
    fn the_cache_knows_no_host() {
        let source = SourceId::random();
        let request = ImageRequest { key: ImageKey::new("/library/1/thumb/2"), size: ImageSize::Medium };
        let path = cache_path(Path::new("/c"), source, &request);
        assert!(path.starts_with(format!("/c/{source}")));
        assert!(path.to_string_lossy().ends_with("-480"));
        let other = ImageRequest { size: ImageSize::Small, ..request };
        assert_ne!(cache_path(Path::new("/c"), source, &other), path);
    }

    #[test]
    fn pages_are_no_pictures() {
        assert!(is_picture(b"\xff\xd8\xff\xe0rest"));
        assert!(is_picture(b"RIFF\0\0\0\0WEBPVP8 "));
        assert!(!is_picture(b"<!DOCTYPE html>"));
        assert!(!is_picture(b""));
    }
}
