//! Changes on their way to servers.
//!
//! A change is stored together with the local change it stands for, in one transaction, and leaves the outbox
//! only when a server has it, when the server has something newer, when its item is verifiably gone, or when
//! the user discards it. Delivery is at least once; every change is absolute, and what counts at the server (a play) is
//! read back before it is told again.
//!
//! Changes of an item are delivered in their order; of a source two items at a time. A row in work is leased to the
//! drain that works on it, which renews the lease as long as it lives: no other process takes it, and what a process
//! that dies had in work is free again within [`LEASE`].

mod delivery;
mod fate;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::StreamExt as _;
use futures::future::{Either, join_all, select};
use futures::stream;
use tracing::{debug, info, warn};
use uuid::Uuid;

use self::delivery::{Outcome, deliver};
use self::fate::{holds_up_all, pause};
use crate::db::OutboxRow;
use crate::models::{AuthStatus, OperationId, SourceId};
use crate::net::ErrorKind;
use crate::services::events::Event;
use crate::services::{AppContext, Result};

/// A row in work belongs to its owner for this long after it has given the last sign of life.
pub const LEASE: Duration = Duration::from_secs(30);
/// Signs of life: several fit into a lease, so that one may be late.
const RENEWED_EVERY: Duration = Duration::from_secs(10);
/// Rows taken at a time: many enough that taking them costs little of what delivering them does.
const BATCH: u32 = 50;
/// Items of a source whose changes are delivered at the same time: a server has other things to do as well.
const IN_PARALLEL: usize = 2;
/// After this many failures of the server in a row it is in trouble, and the rest is not tried now.
const MOST_TROUBLES: u32 = 3;

/// What a drain did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DrainSummary {
    /// The server has them.
    pub delivered: u32,
    /// The server had something newer, or the item is gone.
    pub dropped: u32,
    /// Will be tried again.
    pub postponed: u32,
    /// Need a person.
    pub stuck: u32,
}

impl DrainSummary {
    fn count(&mut self, outcome: &Outcome) {
        *match outcome {
            Outcome::Delivered => &mut self.delivered,
            Outcome::Superseded(_) | Outcome::Gone => &mut self.dropped,
            Outcome::Postponed(..) => &mut self.postponed,
            Outcome::Stuck(_) => &mut self.stuck,
        } += 1;
    }
}

/// Delivers changes.
pub struct OutboxService;

impl OutboxService {
    /// What waits, oldest first.
    pub async fn list(ctx: &AppContext, source: Option<SourceId>) -> Result<Vec<OutboxRow>> {
        Ok(ctx.db.outbox().list(source).await?)
    }

    /// Makes everything that waits due now, what was stuck as well.
    pub async fn retry_all(ctx: &AppContext) -> Result<()> {
        Ok(ctx.db.outbox().retry(None).await?)
    }

    /// Makes one change due now, also when it was stuck.
    pub async fn retry(ctx: &AppContext, operation: OperationId) -> Result<()> {
        Ok(ctx.db.outbox().retry(Some(operation)).await?)
    }

    /// Gives up one change. What is stored here stays.
    ///
    /// # Errors
    /// `Unknown` when there is no such change.
    pub async fn discard(ctx: &AppContext, operation: OperationId) -> Result<()> {
        Ok(ctx.db.outbox().drop_row(operation).await?)
    }

    /// When something of a source is due next; `None` when nothing waits for it.
    pub async fn next_due(ctx: &AppContext, source: SourceId) -> Result<Option<DateTime<Utc>>> {
        Ok(ctx.db.outbox().next_due(source).await?)
    }

    /// A source is reached again, or was signed in to: what waited for that is due, and delivered.
    pub async fn drain_reached(ctx: &AppContext, source: SourceId) -> Result<DrainSummary> {
        ctx.db.outbox().due_now(source).await?;
        Self::drain(ctx, source).await
    }

    /// Delivers what can be delivered to all sources within a time: for an app that is being closed. What is not
    /// through by then waits, and belongs to nobody.
    pub async fn drain_all_within(ctx: &AppContext, limit: Duration) -> Result<()> {
        let rows = Self::list(ctx, None).await?;
        let mut sources: Vec<SourceId> = Vec::new();
        for row in rows {
            if !sources.contains(&row.source_id) {
                sources.push(row.source_id);
            }
        }
        let drains = sources.into_iter().map(|source| Self::drain_within(ctx, source, limit));
        join_all(drains).await.into_iter().collect()
    }

    async fn drain_within(ctx: &AppContext, source: SourceId, limit: Duration) -> Result<()> {
        let owner = Uuid::new_v4().to_string();
        match tokio::time::timeout(limit, Self::drain_as(ctx, source, &owner)).await {
            Ok(drained) => drained.map(drop),
            Err(_) => Ok(ctx.db.outbox().abandon(&owner).await?),
        }
    }

    /// Delivers what waits for a source, in order, until nothing is due. A server that cannot be reached
    /// postpones everything and is no error. Nothing is tried while the source waits for somebody to sign in.
    pub async fn drain(ctx: &AppContext, source: SourceId) -> Result<DrainSummary> {
        Self::drain_as(ctx, source, &Uuid::new_v4().to_string()).await
    }

    async fn drain_as(ctx: &AppContext, source: SourceId, owner: &str) -> Result<DrainSummary> {
        let is_due = Self::next_due(ctx, source).await?.is_some_and(|due| due <= ctx.clock.now());
        if !is_due || ctx.db.sources().get(source).await?.auth_status == AuthStatus::SignInNeeded {
            return Ok(DrainSummary::default());
        }
        let work = std::pin::pin!(Self::work(ctx, source, owner));
        let alive = std::pin::pin!(keep_alive(ctx, owner));
        let summary = match select(work, alive).await {
            Either::Left((summary, _)) => summary?,
            Either::Right((never, _)) => match never {},
        };
        if summary != DrainSummary::default() {
            info!(source_id = %source, ?summary, "outbox drained");
            ctx.events.publish(Event::OutboxChanged(source));
        }
        Ok(summary)
    }

    async fn work(ctx: &AppContext, source: SourceId, owner: &str) -> Result<DrainSummary> {
        let mut summary = DrainSummary::default();
        let held_up = AtomicBool::new(false);
        let mut troubles = 0;
        let mut why = None;
        while !held_up.load(Ordering::Relaxed) {
            let rows = ctx.db.outbox().lease(source, owner, ctx.clock.now(), LEASE, BATCH).await?;
            if rows.is_empty() {
                break;
            }
            // Each is delivered and settled in one future: what holds the database's one writer is always polled.
            let mut deliveries = stream::iter(rows)
                .map(|row| Self::deliver_unless(ctx, source, owner, row, &held_up))
                .buffer_unordered(IN_PARALLEL);
            while let Some(settled) = deliveries.next().await {
                let Some((row, outcome)) = settled? else { continue };
                summary.count(&outcome);
                let Outcome::Postponed(kind, retry_after) = outcome else {
                    troubles = 0;
                    continue;
                };
                troubles = if kind == ErrorKind::Server { troubles + 1 } else { 0 };
                if troubles >= MOST_TROUBLES || holds_up_all(kind) {
                    held_up.store(true, Ordering::Relaxed);
                    why = Some((kind, pause(row.attempts, retry_after)));
                }
            }
        }
        if let Some((kind, pause)) = why {
            let until = ctx.clock.now() + pause;
            ctx.db.outbox().hold_up(source, owner, until, &format!("{kind:?}")).await?;
        }
        Ok(summary)
    }

    /// Delivers a change and notes what became of it, unless everything is held up by then.
    async fn deliver_unless(
        ctx: &AppContext,
        source: SourceId,
        owner: &str,
        row: OutboxRow,
        held_up: &AtomicBool,
    ) -> Result<Option<(OutboxRow, Outcome)>> {
        if held_up.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let outcome = deliver(ctx, source, &row).await;
        debug!(op_id = %row.op_id, ?outcome, "outbox");
        Self::settle(ctx, &row, owner, &outcome).await?;
        Ok(Some((row, outcome)))
    }

    async fn settle(ctx: &AppContext, row: &OutboxRow, owner: &str, outcome: &Outcome) -> Result<()> {
        let outbox = ctx.db.outbox();
        match outcome {
            Outcome::Delivered | Outcome::Gone => outbox.complete(row.op_id).await?,
            Outcome::Superseded(server) => {
                outbox.supersede(row, server).await?;
                let ids = std::sync::Arc::from([row.item_id].as_slice());
                ctx.events.publish(Event::ItemsChanged { source_id: row.source_id, ids });
            }
            Outcome::Postponed(kind, retry_after) => {
                let not_before = ctx.clock.now() + pause(row.attempts, *retry_after);
                outbox.fail(row.op_id, owner, not_before, &format!("{kind:?}")).await?;
            }
            Outcome::Stuck(kind) => {
                warn!(op_id = %row.op_id, ?kind, "a change cannot be delivered");
                outbox.stuck(row.op_id, owner, &format!("{kind:?}")).await?;
            }
        }
        Ok(())
    }
}

/// Renews the leases of an owner for as long as it is polled.
async fn keep_alive(ctx: &AppContext, owner: &str) -> std::convert::Infallible {
    loop {
        tokio::time::sleep(RENEWED_EVERY).await;
        if let Err(error) = ctx.db.outbox().renew(owner, ctx.clock.now(), LEASE).await {
            warn!(%error, "a lease could not be renewed");
        }
    }
}
