//! Storing the details of an item, with everything that hangs on them.

use crate::backends::{DetailRecord, Rated};
use crate::models::{Extra, Item, ItemKind, ItemRecord, MediaDetails, RemoteId};
use crate::services::{AppContext, Result};

/// Stores what a server has told of an item that is known here.
pub(super) async fn store(ctx: &AppContext, item: &Item, found: &DetailRecord) -> Result<()> {
    let told = &found.item;
    let is_extra = item.record.kind == ItemKind::Extra;
    let fresh = ItemRecord {
        // Only a library tells a home video from a film: the kind of the listing stays. What an extra belongs to is told
        // by that only.
        kind: item.record.kind,
        parent: if is_extra { item.record.parent.clone() } else { told.parent.clone() },
        // All of them are stored below.
        credits: Vec::new(),
        ..told.clone()
    };
    ctx.db.items().upsert_one(item.source_id, item.library_id, &fresh).await?;
    let extras = extras(ctx, item, found).await?;
    let details = MediaDetails { extras, ..found.details.clone() };
    ctx.db.details().put(item.id, &details, told.change_mark.as_deref()).await?;
    if let Rated::Kept(rating) = found.rated {
        ctx.db.ratings().take_in(item.id, rating).await?;
    }
    ctx.db.people().put_credits(item.source_id, item.id, &details.credits).await?;
    Ok(())
}

/// Stores the extras of an item. Where nothing could be learnt of them, those that are known stay.
async fn extras(ctx: &AppContext, item: &Item, found: &DetailRecord) -> Result<Vec<Extra>> {
    let Some(extras) = &found.extras else {
        let known = ctx.db.details().get(item.id).await?;
        return Ok(known.map(|(details, _)| details.extras).unwrap_or_default());
    };
    let records: Vec<ItemRecord> = extras.iter().map(|extra| extra.item.clone()).collect();
    ctx.db.items().upsert_some(item.source_id, item.library_id, &records).await?;
    let ids: Vec<RemoteId> = records.into_iter().map(|record| record.remote_id).collect();
    ctx.db.details().keep_extras(item.id, &ids).await?;
    Ok(ids.into_iter().zip(extras).map(|(id, extra)| Extra { id, kind: extra.kind }).collect())
}
