//! `gnome-reel connections --watch`: what the window's monitor does, told line by line.

use std::time::Duration;

use chrono::Local;
use serde::Serialize;
use tokio::sync::{broadcast, mpsc};

use crate::cli::Result;
use crate::cli::output::{Output, say};
use crate::models::{Source, SourceId};
use crate::services::AppContext;
use crate::services::core::connection::{LiveState, SourceStatus};
use crate::services::core::live::{self, LiveInput};
use crate::services::core::monitor::{self, MonitorInput};
use crate::services::events::Event;

/// One change.
#[derive(Debug, Serialize)]
struct Line {
    at: String,
    source_id: String,
    state: &'static str,
    uri: Option<String>,
    tier: Option<&'static str>,
    rtt_ms: Option<f64>,
    live: &'static str,
    last_error: Option<String>,
    reason: Option<String>,
}

impl Line {
    fn new(status: &SourceStatus, reason: Option<String>) -> Self {
        Self {
            at: Local::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, false),
            source_id: status.source_id.to_string(),
            state: status.reach.as_str(),
            uri: status.uri.as_ref().map(ToString::to_string),
            tier: status.tier.map(crate::models::Tier::as_str),
            rtt_ms: status.rtt.map(|rtt| Duration::as_secs_f64(&rtt) * 1000.0),
            live: status.live.as_str(),
            last_error: status.last_error.map(|kind| format!("{kind:?}")),
            reason,
        }
    }

    fn text(&self, name: &str) -> String {
        let mut text = format!("{} {name}: {}", &self.at[11..19], self.state);
        for part in
            [self.uri.clone(), self.tier.map(str::to_owned), self.rtt_ms.map(|ms| format!("{ms:.1} ms"))]
        {
            text.extend(part.map(|part| format!("  {part}")));
        }
        if self.live != LiveState::Off.as_str() {
            text.extend(["  live updates: ", self.live]);
        }
        text.extend(self.last_error.as_ref().map(|error| format!("  ({error})")));
        text.extend(self.reason.as_ref().map(|reason| format!("  changed: {reason}")));
        text
    }
}

/// Prints changes until the process is interrupted.
pub(super) async fn run(ctx: &AppContext, sources: &[Source], output: Output) -> Result {
    let mut events = ctx.events.subscribe();
    let (sender, inputs) = mpsc::unbounded_channel();
    sender.send(MonitorInput::Start)?;
    let looking = tokio::spawn(monitor::run(ctx.clone(), inputs));
    let (live_sender, live_inputs) = mpsc::unbounded_channel();
    live_sender.send(LiveInput::Start)?;
    let following = tokio::spawn(live::run(ctx.clone(), live_inputs));
    if !output.is_json() {
        say("Looking after the sources. Ctrl+C ends.");
    }
    loop {
        tokio::select! {
            event = events.recv() => match event {
                Ok(event) => tell(ctx, sources, &event, output)?,
                Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => break,
            },
            _ = tokio::signal::ctrl_c() => break,
        }
    }
    drop((sender, live_sender));
    following.await?;
    looking.await?;
    Ok(())
}

fn tell(ctx: &AppContext, sources: &[Source], event: &Event, output: Output) -> Result {
    let (id, reason): (SourceId, _) = match event {
        Event::StatusChanged(id) => (*id, None),
        Event::ConnectionChanged { source_id, reason, .. } => (*source_id, Some(format!("{reason:?}"))),
        _ => return Ok(()),
    };
    let Some(source) = sources.iter().find(|source| source.id == id) else { return Ok(()) };
    let line = Line::new(&ctx.connectivity.status(id), reason);
    output.line(&line, &line.text(&source.name))
}
