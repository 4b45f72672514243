//! Making a backend for one operation.

use std::sync::Arc;

use super::super::connection::{Chosen, ConnectionService};
use super::BackendHandle;
use crate::backends::AuthProvider;
use crate::backends::jellyfin::JellyfinBackend;
use crate::backends::local::LocalBackend;
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
        let folder = source.folder.clone().ok_or(ServiceError::Unknown("folder"))?;
        let backend =
            LocalBackend::from_auth(&AuthProvider::Local, folder, source.folder_kind, ctx.paths.media())?;
        return Ok(Made { backend: Arc::new(backend), connection: None });
    }
    let chosen = match ready {
        Some(chosen) => chosen,
        None => ConnectionService::choose(ctx, source.id).await?,
    };
    let backend = make_at(ctx, source, &chosen, pool).await?;
    Ok(Made { backend, connection: Some(chosen) })
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
