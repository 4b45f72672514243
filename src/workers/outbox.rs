//! Brings waiting changes to their servers: at start, when a change is made, when a server is back, when what failed is
//! due again, and from time to time.

use std::collections::HashSet;
use std::time::Duration;

use relm4::{ComponentSender, Worker};

use crate::models::SourceId;
use crate::services::core::OutboxService;
use crate::services::{AppContext, Result};

/// However the rest goes, everything is looked at once in this time: another process may have left something.
const INTERVAL: Duration = Duration::from_mins(1);
/// What is due again is not looked for more often than this.
const SHORTEST_PAUSE: Duration = Duration::from_secs(1);

/// Messages of the worker.
#[derive(Debug)]
pub enum OutboxInput {
    /// Deliver what waits for every source.
    DrainAll,
    /// Deliver what waits for one source.
    Drain(SourceId),
    /// A source can be reached again, or was signed in to: what waited for that is due.
    Reached(SourceId),
    /// A delivery ended; something of the source is due after this time.
    Ended(SourceId, Option<Duration>),
    /// Something of a source is due.
    Due(SourceId),
}

/// The worker.
#[derive(Debug)]
pub struct OutboxWorker {
    ctx: AppContext,
    running: HashSet<SourceId>,
    /// Asked for while a delivery ran: it may have been past that by then.
    again: HashSet<SourceId>,
    /// A timer runs for them.
    timed: HashSet<SourceId>,
}

impl Worker for OutboxWorker {
    type Init = AppContext;
    type Input = OutboxInput;
    type Output = ();

    fn init(ctx: AppContext, sender: ComponentSender<Self>) -> Self {
        let timer = sender.input_sender().clone();
        relm4::spawn(async move {
            while timer.send(OutboxInput::DrainAll).is_ok() {
                tokio::time::sleep(INTERVAL).await;
            }
        });
        Self { ctx, running: HashSet::new(), again: HashSet::new(), timed: HashSet::new() }
    }

    fn update(&mut self, message: OutboxInput, sender: ComponentSender<Self>) {
        match message {
            OutboxInput::DrainAll => self.drain_all(&sender),
            OutboxInput::Drain(id) => self.drain(id, false, &sender),
            OutboxInput::Reached(id) => self.drain(id, true, &sender),
            OutboxInput::Ended(id, due) => self.ended(id, due, &sender),
            OutboxInput::Due(id) => {
                self.timed.remove(&id);
                self.drain(id, false, &sender);
            }
        }
    }
}

impl OutboxWorker {
    fn drain_all(&self, sender: &ComponentSender<Self>) {
        let (ctx, input) = (self.ctx.clone(), sender.input_sender().clone());
        relm4::spawn(async move {
            match OutboxService::list(&ctx, None).await {
                Ok(rows) => {
                    let sources: HashSet<SourceId> = rows.iter().map(|row| row.source_id).collect();
                    for id in sources {
                        input.emit(OutboxInput::Drain(id));
                    }
                }
                Err(error) => tracing::warn!(%error, "the outbox could not be read"),
            }
        });
    }

    fn drain(&mut self, id: SourceId, reached: bool, sender: &ComponentSender<Self>) {
        if !self.running.insert(id) {
            self.again.insert(id);
            return;
        }
        let (ctx, input) = (self.ctx.clone(), sender.input_sender().clone());
        relm4::spawn(async move {
            let due = drain(&ctx, id, reached).await.unwrap_or_else(|error| {
                tracing::warn!(%error, "the outbox could not be drained");
                None
            });
            input.emit(OutboxInput::Ended(id, due));
        });
    }

    fn ended(&mut self, id: SourceId, due: Option<Duration>, sender: &ComponentSender<Self>) {
        self.running.remove(&id);
        if self.again.remove(&id) {
            return self.drain(id, false, sender);
        }
        // What is due later is found by the interval.
        if let Some(due) = due.filter(|due| *due < INTERVAL)
            && self.timed.insert(id)
        {
            let input = sender.input_sender().clone();
            relm4::spawn(async move {
                tokio::time::sleep(due.max(SHORTEST_PAUSE)).await;
                input.emit(OutboxInput::Due(id));
            });
        }
    }
}

/// Delivers; gives after which time something is due again.
async fn drain(ctx: &AppContext, id: SourceId, reached: bool) -> Result<Option<Duration>> {
    if reached {
        OutboxService::drain_reached(ctx, id).await?;
    } else {
        OutboxService::drain(ctx, id).await?;
    }
    let due = OutboxService::next_due(ctx, id).await?;
    // What is due now and was not delivered waits for something else than time.
    Ok(due.and_then(|due| (due - ctx.clock.now()).to_std().ok()).filter(|due| !due.is_zero()))
}
