//! Whom a sync asks.

use std::future::Future;
use std::sync::Arc;

use tokio_util::task::AbortOnDropHandle;

use super::super::backend::{self, BackendHandle, Purpose};
use super::IN_FLIGHT;
use crate::backends::{BackendError, Delta, DeltaPage, ItemPage, LibraryRecord, PageRequest};
use crate::models::{ItemKind, SourceId};
use crate::services::{AppContext, Result};

/// Whom to ask.
#[derive(Clone)]
pub(super) enum Origin {
    /// A server, over whatever connection it has at each request: a change of connection costs one page.
    Server,
    /// A folder, which is read once for the whole sync.
    Folder(BackendHandle),
}

/// A page of changes on its way. It is not waited for any more when this is dropped.
pub(super) type Coming = AbortOnDropHandle<Result<DeltaPage>>;

/// Asks the origin of a sync.
#[derive(Clone)]
pub(super) struct Asker {
    pub(super) ctx: AppContext,
    pub(super) source_id: SourceId,
    pub(super) origin: Origin,
    /// Somebody looks at what is listed.
    pub(super) urgent: bool,
}

impl Asker {
    pub(super) async fn ask<T, F, Fut>(&self, operation: F) -> Result<T>
    where
        F: Fn(BackendHandle) -> Fut,
        Fut: Future<Output = Result<T, BackendError>>,
    {
        match &self.origin {
            Origin::Server => backend::run(&self.ctx, self.source_id, Purpose::Background, operation).await,
            Origin::Folder(backend) => Ok(operation(Arc::clone(backend)).await?),
        }
    }

    /// A page of a listing.
    pub(super) async fn page(
        &self,
        record: &LibraryRecord,
        kind: ItemKind,
        page: PageRequest,
    ) -> Result<ItemPage> {
        if !self.urgent {
            self.ctx.syncs.nothing_is_urgent(self.source_id).await;
        }
        let _pass = self.ctx.courtesy.enter(self.source_id, IN_FLIGHT).await;
        self.ask(|backend| {
            let record = record.clone();
            async move { backend.items(&record, kind, page).await }
        })
        .await
    }

    /// A page of a listing, asked for beside what this task does: a request that nobody polls would keep its
    /// connection to the database from everybody else. It ends when the result is not waited for.
    pub(super) fn page_beside(
        &self,
        record: &LibraryRecord,
        kind: ItemKind,
        page: PageRequest,
    ) -> AbortOnDropHandle<Result<ItemPage>> {
        let (asker, record) = (self.clone(), record.clone());
        AbortOnDropHandle::new(tokio::spawn(async move { asker.page(&record, kind, page).await }))
    }

    /// The length of a listing, as far as it is told.
    pub(super) async fn total(&self, record: &LibraryRecord, kind: ItemKind) -> Result<Option<u32>> {
        Ok(self.page(record, kind, PageRequest { start: 0, limit: 0 }).await?.total)
    }

    /// A page of what changed.
    pub(super) async fn changes(
        &self,
        record: &LibraryRecord,
        kind: ItemKind,
        delta: Delta,
        page: PageRequest,
    ) -> Result<DeltaPage> {
        self.ask(|backend| {
            let record = record.clone();
            async move { backend.changes(&record, kind, delta, page).await }
        })
        .await
    }

    /// A page of what changed, asked for beside what this task does; see [`Asker::page_beside`].
    pub(super) fn changes_beside(
        &self,
        record: &LibraryRecord,
        kind: ItemKind,
        delta: Delta,
        page: PageRequest,
    ) -> Coming {
        let (asker, record) = (self.clone(), record.clone());
        AbortOnDropHandle::new(tokio::spawn(async move { asker.changes(&record, kind, delta, page).await }))
    }

    /// Whether the credentials are good.
    pub(super) async fn lets_us_in(&self) -> bool {
        self.ask(|backend| async move { backend.test_connection().await }).await.is_ok()
    }
}
