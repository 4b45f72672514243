//! Making a backend for one operation.

use std::sync::Arc;

use super::super::connection::{Chosen, ConnectionService};
use super::BackendHandle;
use crate::backends::AuthProvider;
use crate::backends::jellyfin::JellyfinBackend;
use crate::backends::local::{FolderSpec, LocalBackend};
use crate::backends::plex::PlexBackend;
use crate::models::{Source, SourceKind};
use crate::net::HttpPool;
use crate::services::installation::identity;
use crate::services::{AppContext, Result, ServiceError};

/// A backend, and over which connection it works; a folder has none.
pub(super) struct Made {
    /// The backend.
    pub backend: BackendHandle,
    /// Its connection.
    pub connection: Option<Chosen>,
}

/// Makes the backend of a source over the connection to use now: `ready` if it is known. Its requests go
/// through `pool`.
pub(super) async fn make(
    ctx: &AppContext,
    source: &Source,
    ready: Option<Chosen>,
    pool: &HttpPool,
) -> Result<Made> {
    if source.kind == SourceKind::Local {
        let backend = make_local(ctx, source).await?;
        return Ok(Made { backend: Arc::new(backend), connection: None });
    }
    let chosen = match ready {
        Some(chosen) => chosen,
        None => ConnectionService::choose(ctx, source.id).await?,
    };
    let backend = make_at(ctx, source, &chosen, pool).await?;
    Ok(Made { backend, connection: Some(chosen) })
}

/// Makes the backend of a source of folders.
pub(in super::super) async fn make_local(ctx: &AppContext, source: &Source) -> Result<LocalBackend> {
    let libraries = ctx.db.libraries().kinds(source.id).await?;
    let folders = FolderSpec::of_source(&source.folders, &libraries);
    Ok(LocalBackend::from_auth(&AuthProvider::Local, folders, &ctx.paths.media(), &ctx.folder_looks)?)
}

/// Makes the backend of a server over a given connection.
pub(super) async fn make_at(
    ctx: &AppContext,
    source: &Source,
    chosen: &Chosen,
    pool: &HttpPool,
) -> Result<BackendHandle> {
    let token = ctx.secrets.get(source.id).await?.ok_or(ServiceError::SignedOut(source.id))?;
    let client = identity(&source.device_id);
    Ok(match source.kind {
        SourceKind::Plex => {
            let auth = AuthProvider::Plex { token, client };
            Arc::new(PlexBackend::from_auth(&auth, &chosen.uri, pool)?)
        }
        SourceKind::Jellyfin | SourceKind::Local => {
            let user_id = source.user.as_ref().map(|user| user.id.clone()).unwrap_or_default();
            let auth = AuthProvider::Jellyfin { token, user_id, client };
            Arc::new(JellyfinBackend::from_auth(&auth, &chosen.uri, pool)?)
        }
    })
}
