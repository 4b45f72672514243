//! An operation over one connection, which is doubted when it falls silent.
//!
//! A slow disk is not a dead server: the operation moves only when the connection does not answer for itself
//! while another one does. When it does answer, but the operation goes on waiting, a second one is started on
//! fresh sockets: a pooled one may be dead without anybody having said so.

use std::future::Future;

use tracing::debug;

use super::super::connection::{CheckOutcome, Chosen, ConnectionService};
use super::BackendHandle;
use super::make::make_at;
use crate::models::Source;
use crate::net::{Activity, HttpPool};
use crate::services::{AppContext, Result, ServiceError};

/// How an operation over one connection ended.
pub(super) enum Watched<T> {
    /// With a result.
    Ended(Result<T>),
    /// Not at all: another connection is in use now.
    Moved,
}

/// What the requests of an operation go through.
pub(super) struct Wires<'a> {
    /// Whether they are answered.
    pub activity: &'a Activity,
    /// The source's view of the pool.
    pub pool: &'a HttpPool,
}

/// Runs the operation and watches whether its requests are answered.
pub(super) async fn watched<T, E, F, Fut>(
    ctx: &AppContext,
    source: &Source,
    chosen: &Chosen,
    wires: &Wires<'_>,
    operation: &F,
    backend: BackendHandle,
) -> Watched<T>
where
    E: Into<ServiceError>,
    F: Fn(BackendHandle) -> Fut,
    Fut: Future<Output = Result<T, E>>,
{
    let mut first = Box::pin(operation(backend));
    tokio::select! {
        biased;
        result = &mut first => return Watched::Ended(result.map_err(Into::into)),
        () = wires.activity.silent_for(ConnectionService::hedge_delay(chosen)) => {}
    }
    debug!(source_id = %source.id, uri = %chosen.uri, "no answer in the usual time; asking the others");
    let second = async {
        match ConnectionService::doubt(ctx, source.id, chosen).await {
            Ok((CheckOutcome::Up, uri)) if uri.as_ref() == Some(&chosen.uri) => {
                debug!(source_id = %source.id, "the connection answers; asking once more on fresh sockets");
                let backend = make_at(ctx, source, chosen, &wires.pool.fresh()).await.ok()?;
                Some(operation(backend).await.map_err(Into::into))
            }
            Ok((CheckOutcome::Up, _)) => None,
            // Nobody answers, or nothing could be learnt: whoever waits goes on waiting within his limits.
            Ok(_) | Err(_) => std::future::pending().await,
        }
    };
    tokio::pin!(second);
    tokio::select! {
        biased;
        result = &mut first => Watched::Ended(result.map_err(Into::into)),
        answer = &mut second => match answer {
            None => Watched::Moved,
            Some(Ok(value)) => Watched::Ended(Ok(value)),
            Some(Err(_)) => Watched::Ended(first.await.map_err(Into::into)),
        },
    }
}
