//! What our own work adds to an operation, and what storing a place costs.

use std::io::Write as _;
use std::time::{Duration, Instant};

use gnome_reel::models::{
    ImageKey, ImageRequest, ImageSize, ItemKind, ItemRecord, LibraryKind, OutboxChange, RemoteId,
};
use gnome_reel::net::{ApiClient, Call, HttpPool};
use gnome_reel::services::AppContext;
use gnome_reel::services::core::{AuthService, BackendService};
use reel_testbed::jellyfin::JellyfinServer;

use crate::figures::{Figures, jitter, median, ms};

const RUNS: usize = 101;
/// A round trip in a home network, in milliseconds: the least that our work could hide behind.
const HOME_ROUND_TRIP_MS: f64 = 2.0;

/// Measures all of it.
pub async fn measure(figures: &mut Figures) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let ctx = AppContext::open_below(folder.path()).await?;
    let server = JellyfinServer::builder().user("ana", "secret").start().await?;
    let id = AuthService::add_jellyfin(&ctx, server.base_url(), "ana", &"secret".into()).await?;
    let bare = ApiClient::new(&HttpPool::new()?, server.base_url().parse()?);
    BackendService::test_connection(&ctx, id).await?;

    // The same route, once through everything and once as a bare request over a pooled connection.
    let (mut added, mut create, mut reads) = (Vec::new(), Vec::new(), Vec::new());
    let picture = ImageRequest { key: ImageKey::new("0/Primary/0/tag"), size: ImageSize::Small };
    for _ in 0..RUNS {
        let begin = Instant::now();
        bare.exchange(Call::get("/Users/Me")).await?;
        let bare_time = begin.elapsed();
        let begin = Instant::now();
        BackendService::test_connection(&ctx, id).await?;
        added.push(ms(begin.elapsed()) - ms(bare_time));
        // Makes a backend and asks nobody.
        let begin = Instant::now();
        BackendService::image_request(&ctx, id, &picture).await?;
        create.push(ms(begin.elapsed()));
        let begin = Instant::now();
        ctx.db.sources().get(id).await?;
        reads.push(ms(begin.elapsed()));
    }
    figures.add(
        "operation with a valid verdict: added",
        "ms",
        added.clone(),
        HOME_ROUND_TRIP_MS,
        0.2 + jitter(&added),
    );
    figures.add("backend made", "ms", create, median(&reads), 0.3);
    append(figures, &ctx, id, folder.path()).await
}

/// A change and its outbox row, against a file that is written and flushed.
async fn append(
    figures: &mut Figures,
    ctx: &AppContext,
    source: gnome_reel::models::SourceId,
    folder: &std::path::Path,
) -> anyhow::Result<()> {
    let listed = [(RemoteId::new("films"), LibraryKind::Movies, "Films".to_owned())];
    let library = ctx.db.libraries().reconcile(source, &listed).await?[0].id;
    let remote = RemoteId::new("film");
    ctx.db
        .items()
        .upsert_one(source, library, &ItemRecord::new(remote.clone(), ItemKind::Movie, "A film"))
        .await?;
    let item = ctx.db.items().find(source, &remote).await?.ok_or_else(|| anyhow::anyhow!("no item"))?.id;
    let mut file = std::fs::File::create(folder.join("flushed"))?;
    let (mut appends, mut flushes) = (Vec::new(), Vec::new());
    for run in 0..RUNS {
        let begin = Instant::now();
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
        flushes.push(ms(begin.elapsed()));
        let at = ctx.clock.now();
        let position = Duration::from_secs(run as u64);
        let change = OutboxChange::Position { position, duration: None, at };
        let begin = Instant::now();
        ctx.db.outbox().apply_change(item, &change, at).await?;
        appends.push(ms(begin.elapsed()));
    }
    let flush = median(&flushes);
    let target = 2.0 * flush + jitter(&flushes);
    figures.add("outbox append", "ms", appends, flush, target);
    Ok(())
}
