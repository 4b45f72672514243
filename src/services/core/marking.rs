//! Marking many titles at once, and taking it back.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::models::{Item, ItemKind, MediaId, OutboxChange};
use crate::services::events::Event;
use crate::services::{AppContext, Result};

/// Titles of one transaction: large enough to be quick, small enough that a place in a film is not kept waiting.
const STEP: usize = 200;

/// A mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Watched, or not.
    Watched(bool),
    /// Favourite, or not.
    Favourite(bool),
}

/// What takes a marking back.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Unmark {
    changes: Vec<(MediaId, OutboxChange)>,
    items: Vec<Item>,
}

impl Unmark {
    /// How many titles were marked.
    pub fn count(&self) -> u32 {
        u32::try_from(self.items.len()).unwrap_or(u32::MAX)
    }

    /// Whether the marking has changed nothing.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}

/// Marks many titles.
pub struct MarkService;

impl MarkService {
    /// Marks titles, series and seasons with everything below them, and gives what takes it back. Titles that have the
    /// mark already are left as they are; those that are gone are left out.
    pub async fn mark(ctx: &AppContext, ids: &[MediaId], mark: Mark) -> Result<Unmark> {
        let now = ctx.clock.now();
        let mut unmark = Unmark::default();
        for ids in ids.chunks(STEP) {
            let items = ctx.db.items().rows(ids).await?;
            let items: Vec<Item> = items.into_iter().filter(|item| !has(item, mark)).collect();
            for item in &items {
                unmark.changes.extend(before(ctx, item, mark, now).await?);
            }
            let changes: Vec<_> = items.iter().map(|item| (item.id, change(mark, now))).collect();
            ctx.db.outbox().apply_changes(&changes, now).await?;
            publish(ctx, &items);
            unmark.items.extend(items);
        }
        Ok(unmark)
    }

    /// Takes a marking back.
    pub async fn take_back(ctx: &AppContext, unmark: &Unmark) -> Result<()> {
        let now = ctx.clock.now();
        for changes in unmark.changes.chunks(STEP) {
            ctx.db.outbox().apply_changes(changes, now).await?;
        }
        publish(ctx, &unmark.items);
        Ok(())
    }
}

/// Whether an item has a mark already.
fn has(item: &Item, mark: Mark) -> bool {
    let watch = &item.record.watch;
    match mark {
        Mark::Watched(true) => watch.watched && watch.position.is_zero(),
        // A series that is not watched may have episodes that are.
        Mark::Watched(false) => !watch.watched && watch.position.is_zero() && item.record.kind.is_playable(),
        Mark::Favourite(favourite) => watch.favourite.unwrap_or_default() == favourite,
    }
}

fn change(mark: Mark, at: DateTime<Utc>) -> OutboxChange {
    match mark {
        Mark::Watched(watched) => OutboxChange::Watched { watched, at },
        Mark::Favourite(favourite) => OutboxChange::Favourite { favourite },
    }
}

/// The changes that make an item, and what is below it, as it is now.
async fn before(
    ctx: &AppContext,
    item: &Item,
    mark: Mark,
    now: DateTime<Utc>,
) -> Result<Vec<(MediaId, OutboxChange)>> {
    let Mark::Watched(watched) = mark else {
        let favourite = item.record.watch.favourite.unwrap_or_default();
        return Ok(vec![(item.id, OutboxChange::Favourite { favourite })]);
    };
    let below = match item.record.kind {
        ItemKind::Series => ctx.db.items().episodes(item.id).await?,
        ItemKind::Season => ctx.db.items().children(item.id).await?,
        _ => return Ok(state_of(item, now)),
    };
    let changed = below.iter().filter(|item| !has(item, Mark::Watched(watched)));
    Ok(changed.flat_map(|item| state_of(item, now)).collect())
}

/// The changes that make an item that plays as it is now.
fn state_of(item: &Item, now: DateTime<Utc>) -> Vec<(MediaId, OutboxChange)> {
    let watch = &item.record.watch;
    let at = watch.last_played_at.unwrap_or(now);
    let mut changes = vec![(item.id, OutboxChange::Watched { watched: watch.watched, at })];
    if watch.position > Duration::ZERO {
        let (position, duration) = (watch.position, item.record.duration);
        changes.push((item.id, OutboxChange::Position { position, duration, at }));
    }
    changes
}

fn publish(ctx: &AppContext, items: &[Item]) {
    let sources: BTreeSet<_> = items.iter().map(|item| item.source_id.to_string()).collect();
    for source in sources {
        let of_source = || items.iter().filter(|item| item.source_id.to_string() == source);
        let Some(source_id) = of_source().next().map(|item| item.source_id) else { continue };
        // Marks on series change what is below: too many to name.
        let all_play = of_source().all(|item| item.record.kind.is_playable());
        let ids: Arc<[MediaId]> =
            if all_play { of_source().map(|item| item.id).collect() } else { Arc::from([].as_slice()) };
        ctx.events.publish(Event::ItemsChanged { source_id, ids });
        ctx.events.publish(Event::OutboxChanged(source_id));
    }
}
