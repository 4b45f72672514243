//! Storing what a server has told.
//!
//! What the user did comes whole and is stored as it is. Of everything else only ids come: the server is asked for the
//! items, in a few requests. Where they are many, or not known yet, their library is brought up to date instead. Nothing
//! is removed because it was said to be gone: the server has to say so of the item itself, after it has let us in.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use tracing::{debug, info};

use super::batch::Batch;
use crate::backends::{BackendError, MOST_IDS};
use crate::db::Place;
use crate::models::{ItemRecord, LibraryId, MediaId, RemoteId, SourceId, WatchState};
use crate::net::ErrorKind;
use crate::services::core::backend::{self, Purpose};
use crate::services::core::sync::note_removed;
use crate::services::events::Event;
use crate::services::{AppContext, Result};

/// More items than this are not asked for one by one.
const MOST_SINGLE: usize = MOST_IDS;
/// More items than this are not confirmed to be gone one by one.
const MOST_GONE: usize = 20;
/// States in one transaction.
const STATES_AT_ONCE: usize = 1000;
/// More items than this are not named in an event.
const MOST_NAMED: usize = 200;

/// What is left to be done by a sync.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Left {
    /// Libraries to bring up to date.
    pub(super) libraries: BTreeSet<LibraryId>,
    /// Libraries that are not known here: perhaps they are new.
    pub(super) unknown: BTreeSet<RemoteId>,
    /// Everything.
    pub(super) anything: bool,
}

/// Stores a batch. Gives what a sync has to do.
pub(super) async fn apply(ctx: &AppContext, source: SourceId, batch: Batch) -> Result<Left> {
    let Batch { states, changed, hints, removed, libraries, anything, .. } = batch;
    debug!(
        source_id = %source,
        states = states.len(),
        changed = changed.len(),
        removed = removed.len(),
        libraries = libraries.len(),
        "the server told of changes"
    );
    let known = ctx.db.libraries().list(Some(source)).await?;
    let known: HashMap<RemoteId, LibraryId> =
        known.into_iter().map(|library| (library.remote_id, library.id)).collect();
    let mut left = Left { anything, ..Left::default() };
    let mut sync = |library: &RemoteId| match known.get(library) {
        Some(id) => {
            left.libraries.insert(*id);
        }
        None => {
            left.unknown.insert(library.clone());
        }
    };
    libraries.iter().for_each(&mut sync);
    let changed: Vec<RemoteId> = changed.into_iter().collect();
    let places = ctx.db.items().places(source, &changed).await?;
    if places.len() < changed.len() || places.len() > MOST_SINGLE {
        hints.iter().for_each(&mut sync);
    }
    store_states(ctx, source, states.into_iter().collect()).await?;
    if places.len() > MOST_SINGLE {
        left.libraries.extend(places.iter().map(|place| place.library));
    } else if !places.is_empty() {
        let missing = store_items(ctx, source, &places).await?;
        remove_gone(ctx, source, missing).await?;
    }
    let gone = ctx.db.items().places(source, &removed.into_iter().collect::<Vec<_>>()).await?;
    if gone.len() > MOST_GONE {
        left.libraries.extend(gone.iter().map(|place| place.library));
    } else if !gone.is_empty() {
        remove_gone(ctx, source, gone).await?;
    }
    Ok(left)
}

async fn store_states(ctx: &AppContext, source: SourceId, states: Vec<(RemoteId, WatchState)>) -> Result<()> {
    for part in states.chunks(STATES_AT_ONCE) {
        let changed = ctx.db.items().put_states(source, part).await?;
        tell(ctx, source, changed).await?;
    }
    Ok(())
}

/// Asks for items and stores them. Gives those that the server does not have any more, as far as can be told.
async fn store_items(ctx: &AppContext, source: SourceId, places: &[Place]) -> Result<Vec<Place>> {
    let ids: Vec<RemoteId> = places.iter().map(|place| place.remote_id.clone()).collect();
    let page = backend::run(ctx, source, Purpose::Background, |backend| {
        let ids = ids.clone();
        async move { backend.items_by_id(&ids).await }
    })
    .await?;
    let by_id: HashMap<&RemoteId, &Place> = places.iter().map(|place| (&place.remote_id, place)).collect();
    let mut records: HashMap<LibraryId, Vec<ItemRecord>> = HashMap::new();
    let mut came = BTreeSet::new();
    for record in page.items {
        if let Some(place) = by_id.get(&record.remote_id) {
            came.insert(record.remote_id.clone());
            // Only a library tells a home video from a film: the kind of the listing stays.
            records.entry(place.library).or_default().push(ItemRecord { kind: place.kind, ..record });
        }
    }
    let mut touched = Vec::new();
    for (library, records) in records {
        touched.extend(ctx.db.items().upsert_some(source, library, &records).await?.1);
    }
    ctx.db.items().recount(&touched).await?;
    tell(ctx, source, touched).await?;
    if page.skipped > 0 {
        return Ok(Vec::new());
    }
    Ok(places.iter().filter(|place| !came.contains(&place.remote_id)).cloned().collect())
}

/// Removes those items of which the server itself says that it does not know them.
async fn remove_gone(ctx: &AppContext, source: SourceId, places: Vec<Place>) -> Result<()> {
    if places.is_empty() {
        return Ok(());
    }
    let ids: Vec<RemoteId> = places.iter().map(|place| place.remote_id.clone()).collect();
    let gone = backend::run(ctx, source, Purpose::Background, |backend| {
        let ids = ids.clone();
        async move {
            // A server that does not let us in does not know anything.
            backend.test_connection().await?;
            let mut gone = BTreeSet::new();
            for id in ids {
                match backend.details(&id).await {
                    Err(error) if error.kind() == ErrorKind::NotFound => {
                        gone.insert(id);
                    }
                    Err(error) if error.kind().may_pass() => return Err(error),
                    Ok(_) | Err(_) => {}
                }
            }
            Ok::<_, BackendError>(gone)
        }
    })
    .await?;
    let items: Vec<MediaId> =
        places.iter().filter(|place| gone.contains(&place.remote_id)).map(|place| place.id).collect();
    if items.is_empty() {
        return Ok(());
    }
    let above = ctx.db.items().above(&items).await?;
    let counts = ctx.db.items().remove(&items).await?;
    info!(source_id = %source, items = items.len(), "items are gone");
    for ((library, kind), count) in counts {
        note_removed(ctx, library, kind, count).await?;
    }
    publish(ctx, source, items.into_iter().chain(above).collect());
    Ok(())
}

/// Tells of items that changed, and of what is above them.
async fn tell(ctx: &AppContext, source: SourceId, mut items: Vec<MediaId>) -> Result<()> {
    if !items.is_empty() {
        items.extend(ctx.db.items().above(&items).await?);
        items.sort_unstable();
        items.dedup();
        publish(ctx, source, items);
    }
    Ok(())
}

fn publish(ctx: &AppContext, source: SourceId, items: Vec<MediaId>) {
    let items = if items.len() > MOST_NAMED { Vec::new() } else { items };
    ctx.events.publish(Event::ItemsChanged { source_id: source, ids: Arc::from(items) });
}
