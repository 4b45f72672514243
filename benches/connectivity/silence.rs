//! An operation whose connection falls silent in the middle.

use std::time::{Duration, Instant};

use gnome_reel::models::{ServerConnection, Tier};
use gnome_reel::services::AppContext;
use gnome_reel::services::core::connection::policy;
use gnome_reel::services::core::{AuthService, BackendService, ConnectionService};
use reel_testbed::faults::Fault;
use reel_testbed::jellyfin::JellyfinServer;

use crate::figures::{Figures, jitter, median, ms};

const RUNS: usize = 21;
/// What stands for the round trip of the standby.
const ROUND_TRIP: Duration = Duration::from_millis(2);
/// What a client waits that only has a read timeout: that of interactive requests.
const READ_TIMEOUT_MS: f64 = 10_000.0;

/// Measures moving to the standby.
pub async fn measure(figures: &mut Figures) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let ctx = AppContext::open_below(folder.path()).await?;
    let server = JellyfinServer::builder().user("ana", "secret").connections(2).start().await?;
    let id = AuthService::add_jellyfin(&ctx, server.base_url(), "ana", &"secret".into()).await?;
    let standby = server.base_urls()[1].parse()?;
    ctx.db
        .sources()
        .edit_connections(id, |list| {
            let mut second = ServerConnection::new(standby, Tier::Local);
            second.accepted = true;
            list.connections.push(second);
        })
        .await?;
    let mut times = Vec::new();
    for _ in 0..RUNS {
        server.faults().clear_all();
        server.faults().add("jellyfin-2", "/", Fault::Delay(ROUND_TRIP));
        ConnectionService::pin(&ctx, id, Some(&server.base_url().parse()?)).await?;
        BackendService::test_connection(&ctx, id).await?;
        server.faults().add("jellyfin", "/", Fault::Silence);
        let begin = Instant::now();
        BackendService::test_connection(&ctx, id).await?;
        times.push(ms(begin.elapsed()));
        anyhow::ensure!(
            ctx.db.sources().get(id).await?.connection_url.map(|url| url.to_string())
                == server.base_urls().get(1).cloned(),
            "the operation did not move"
        );
    }
    let limit = ms(policy::hedge_delay(ROUND_TRIP) + ROUND_TRIP * 4);
    figures.add(
        "failover in an operation, primary silent",
        "ms",
        times.clone(),
        limit,
        limit + 50.0 + jitter(&times),
    );
    figures.compare("primary silent", "waiting for the read timeout", median(&times), READ_TIMEOUT_MS);
    Ok(())
}
