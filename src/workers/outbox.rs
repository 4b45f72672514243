//! Brings waiting changes to their servers: at start, when a change is made, when a server is back, and from
//! time to time.

use std::collections::HashSet;
use std::time::Duration;

use relm4::{ComponentSender, Worker};

use crate::models::SourceId;
use crate::services::AppContext;
use crate::services::core::OutboxService;

/// Changes that could not be delivered are due again within a minute at most.
const INTERVAL: Duration = Duration::from_mins(1);

/// Messages of the worker.
#[derive(Debug)]
pub enum OutboxInput {
    /// Deliver what waits for every source.
    DrainAll,
    /// Deliver what waits for one source.
    Drain(SourceId),
    /// A delivery ended.
    Ended(SourceId),
}

/// The worker.
#[derive(Debug)]
pub struct OutboxWorker {
    ctx: AppContext,
    running: HashSet<SourceId>,
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
        Self { ctx, running: HashSet::new() }
    }

    fn update(&mut self, message: OutboxInput, sender: ComponentSender<Self>) {
        match message {
            OutboxInput::DrainAll => self.drain_all(&sender),
            OutboxInput::Drain(id) => self.drain(id, &sender),
            OutboxInput::Ended(id) => {
                self.running.remove(&id);
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

    fn drain(&mut self, id: SourceId, sender: &ComponentSender<Self>) {
        if !self.running.insert(id) {
            return;
        }
        let (ctx, input) = (self.ctx.clone(), sender.input_sender().clone());
        relm4::spawn(async move {
            if let Err(error) = OutboxService::drain(&ctx, id).await {
                tracing::warn!(%error, "the outbox could not be drained");
            }
            input.emit(OutboxInput::Ended(id));
        });
    }
}
