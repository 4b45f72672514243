//! Pictures: fetched once, kept on disk, shared by everybody who wants them.
//!
//! A picture is known by source, key and size; never by host or token, so that it survives every change of
//! connection. What comes is kept as it came ([`disk`]). Requests for the same picture share one fetch, what failed
//! is left alone for a while ([`failures`]), and a picture that may have changed is asked about with what its server
//! gave to ask with. How many requests a server gets at a time is the business of [`crate::net`].
//!
//! What the window makes of a picture, textures, is not kept here: see [`Images::companion`].

pub mod disk;

mod failures;
mod fetch;
mod name;

use std::any::Any;
use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

pub use disk::Kept;
pub use fetch::Fetched;
pub use name::PictureName;

use self::disk::DiskCache;
use self::failures::Failures;
use super::{AppContext, Result};
use crate::backends::{MediaRequest, PictureReply, download};
use crate::models::{ImageRequest, SourceId};
use crate::net::{HttpPool, Validators};

type Flight = Arc<tokio::sync::Mutex<()>>;

/// What is shared about pictures. Cheap to clone; clones are the same.
#[derive(Clone)]
pub struct Images {
    shared: Arc<Shared>,
}

struct Shared {
    disk: DiskCache,
    flights: Mutex<HashMap<PictureName, Flight>>,
    failures: Failures,
    companion: OnceLock<Arc<dyn Any + Send + Sync>>,
}

impl fmt::Debug for Images {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Images")
    }
}

impl Images {
    /// Pictures kept in a folder. Nothing is read before the first picture is wanted.
    pub fn below(folder: &Path) -> Self {
        Self {
            shared: Arc::new(Shared {
                disk: DiskCache::new(folder),
                flights: Mutex::default(),
                failures: Failures::default(),
                companion: OnceLock::new(),
            }),
        }
    }

    /// What is kept on disk.
    pub fn disk(&self) -> &DiskCache {
        &self.shared.disk
    }

    /// What belongs to these pictures and is not known here, made once: it lives as long as they do. The window
    /// keeps its decoded pictures so, because whoever has the context has them. `None` when something of another
    /// type was made before.
    pub fn companion<T: Any + Send + Sync>(&self, make: impl FnOnce() -> T) -> Option<Arc<T>> {
        let kept = self.shared.companion.get_or_init(|| Arc::new(make()));
        Arc::clone(kept).downcast().ok()
    }

    fn flight(&self, name: &PictureName) -> Flight {
        let mut flights = self.shared.flights.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(flights.entry(name.clone()).or_default())
    }

    /// Forgets a flight that nobody else waits for.
    fn landed(&self, name: &PictureName, flight: &Flight) {
        let mut flights = self.shared.flights.lock().unwrap_or_else(PoisonError::into_inner);
        // One here, one in the table.
        if Arc::strong_count(flight) <= 2 {
            flights.remove(name);
        }
    }
}

/// Fetches and keeps pictures.
pub struct ImageService;

impl ImageService {
    /// What is on disk of a picture. Blocks for as long as reading a file takes.
    pub fn kept(ctx: &AppContext, source: SourceId, request: &ImageRequest) -> Kept {
        ctx.images.disk().read(&PictureName::new(source, request), ctx.clock.now())
    }

    /// Fetches a picture that is not on disk, or may have changed, and keeps it. One that failed a short time ago is
    /// not asked for, nor is anything of a source that cannot be reached: [`ImageService::again_in`] says when to.
    ///
    /// # Errors
    /// `NotFound` when the server has no such picture, `Decode` when what came is none.
    pub async fn fetch(ctx: &AppContext, source: SourceId, request: &ImageRequest) -> Result<Fetched> {
        fetch::politely(ctx, source, request).await
    }

    /// How long to leave a picture alone that failed; `None` for one that may be asked for now.
    pub fn again_in(ctx: &AppContext, source: SourceId, request: &ImageRequest) -> Option<Duration> {
        ctx.images.shared.failures.pause_of(&PictureName::new(source, request))
    }

    /// The pictures of a source that failed may be asked for again: it answers now.
    pub fn retry(ctx: &AppContext, source: SourceId) {
        ctx.images.shared.failures.forget(source);
    }

    /// The file with a picture, fetched when it is not there yet, whatever happened before.
    ///
    /// # Errors
    /// `NotFound` when the server has no such picture, `Decode` when what came is none.
    pub async fn file(ctx: &AppContext, source: SourceId, request: &ImageRequest) -> Result<PathBuf> {
        fetch::file(ctx, source, request).await
    }

    /// A small picture that is shown once and not kept, as of a user before the sign-in. `None` when it cannot be had.
    pub async fn passing(pool: &HttpPool, request: &MediaRequest) -> Option<Vec<u8>> {
        match download(pool, request, &Validators::default()).await {
            Ok(PictureReply::Fresh { bytes, .. }) => Some(bytes),
            Ok(_) => None,
            Err(error) => {
                tracing::debug!(kind = ?error.kind(), "no portrait");
                None
            }
        }
    }

    /// Forgets all pictures of a source.
    pub async fn forget(ctx: &AppContext, source: SourceId) {
        let disk = ctx.images.disk().clone();
        let forgotten = tokio::task::spawn_blocking(move || disk.forget(source)).await;
        if let Ok(Err(error)) = forgotten {
            tracing::warn!(kind = %error.kind(), "pictures of a removed source stay on disk");
        }
        Self::retry(ctx, source);
    }

    /// Sets how many bytes pictures may take on disk. What is too much goes in the background.
    pub fn set_limit(ctx: &AppContext, bytes: u64) {
        ctx.images.disk().set_limit(bytes);
    }

    /// How many bytes pictures take on disk.
    pub async fn size(ctx: &AppContext) -> u64 {
        let disk = ctx.images.disk().clone();
        tokio::task::spawn_blocking(move || disk.measure()).await.unwrap_or_default()
    }

    /// Removes every picture from the disk.
    pub async fn clear(ctx: &AppContext) {
        let disk = ctx.images.disk().clone();
        if let Ok(Err(error)) = tokio::task::spawn_blocking(move || disk.clear()).await {
            tracing::warn!(kind = %error.kind(), "pictures stay on disk");
        }
    }
}
