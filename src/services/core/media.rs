//! Media of a source: opened over the connection in use, and what a transfer that broke or fell silent says of it.

use std::time::Duration;

use async_trait::async_trait;
use futures::StreamExt as _;
use futures::stream::{self, BoxStream};
use tokio_util::bytes::Bytes;
use tracing::{debug, warn};

use super::backend::{self, Purpose};
use super::connection::{Chosen, ConnectionService};
use crate::backends::{MediaAsk, MediaOpened, open_elsewhere};
use crate::models::{ServerUrl, SourceId};
use crate::net::{ErrorKind, MediaBody, MediaReply, NetError, RetryPolicy};
use crate::services::gateway::{Ask, Opened, Place, Upstream};
use crate::services::{AppContext, Result, ServiceError};

/// The servers of one source, for what plays.
#[derive(Debug)]
pub(in crate::services) struct SourceMedia {
    ctx: AppContext,
    source: SourceId,
}

impl SourceMedia {
    /// For a source.
    pub(in crate::services) fn new(ctx: &AppContext, source: SourceId) -> Self {
        Self { ctx: ctx.clone(), source }
    }

    async fn try_doubt(&self, connection: &ServerUrl) -> Result<()> {
        let known = self.ctx.connectivity.status(self.source);
        let rtt = known.rtt.filter(|_| known.uri.as_ref() == Some(connection)).unwrap_or_default();
        let chosen = Chosen { uri: connection.clone(), rtt };
        let (outcome, now) = ConnectionService::doubt(&self.ctx, self.source, &chosen).await?;
        debug!(source_id = %self.source, ?outcome, moved = now.as_ref() != Some(connection), "a silent transfer");
        Ok(())
    }

    async fn try_broke(&self, connection: &ServerUrl, kind: ErrorKind) -> Result<()> {
        let source = self.ctx.db.sources().get(self.source).await?;
        if source.connection_url.as_ref() != Some(connection) {
            // Another one is in use already.
            return Ok(());
        }
        let used = Chosen { uri: connection.clone(), rtt: Duration::ZERO };
        ConnectionService::record_outcome(&self.ctx, &source, &used, Err((kind, true))).await
    }
}

#[async_trait]
impl Upstream for SourceMedia {
    async fn open(&self, ask: &Ask) -> Result<Opened, ErrorKind> {
        let patience = RetryPolicy::MEDIA.scaled(self.ctx.http.slow()).read;
        let opened = match &ask.place {
            Place::Server(target) => {
                let ask = MediaAsk {
                    target: target.clone(),
                    range: ask.range.clone(),
                    if_range: ask.if_range.clone(),
                    headers: ask.headers.clone(),
                    fresh: ask.fresh,
                };
                backend::run(&self.ctx, self.source, Purpose::Media, move |backend| {
                    let ask = ask.clone();
                    async move { begin(backend.media(&ask).await?, patience).await }
                })
                .await
            }
            Place::Elsewhere(url) => {
                let opened = open_elsewhere(&self.ctx.http, url, ask.range.as_deref()).await;
                match opened {
                    Ok(opened) => begin(opened, patience).await,
                    Err(error) => Err(error.into()),
                }
            }
        };
        opened.map_err(|error| error.kind())
    }

    async fn broke(&self, connection: &ServerUrl, kind: ErrorKind) {
        if let Err(error) = self.try_broke(connection, kind).await {
            warn!(%error, "a broken transfer could not be noted");
        }
    }

    async fn doubt(&self, connection: &ServerUrl) {
        if let Err(error) = self.try_doubt(connection).await {
            warn!(%error, "a silent connection could not be checked");
        }
    }
}

/// Waits for the first bytes: a connection that brings no more than headers has not answered.
async fn begin(opened: MediaOpened, patience: Duration) -> Result<Opened, ServiceError> {
    let MediaOpened { base, reply: MediaReply { head, url, mut body } } = opened;
    let first = tokio::time::timeout(patience, body.chunk()).await;
    let first = first.map_err(|_| NetError::new(ErrorKind::ReadTimeout, "a body did not begin"))??;
    let rest = if first.is_some() { rest(body) } else { stream::empty().boxed() };
    Ok(Opened { connection: base, url, head, first: first.unwrap_or_default(), rest })
}

fn rest(body: MediaBody) -> BoxStream<'static, Result<Bytes, ErrorKind>> {
    stream::unfold(Some(body), |body| async {
        let mut body = body?;
        match body.chunk().await {
            Ok(Some(bytes)) => Some((Ok(bytes), Some(body))),
            Ok(None) => None,
            Err(error) => Some((Err(error.kind), None)),
        }
    })
    .boxed()
}
