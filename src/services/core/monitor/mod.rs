//! Looks after all sources: when to look is the [`agenda`]'s, how is the connection service's.
//!
//! One task for all sources, without a tick of its own. It is told of what happens by [`MonitorInput`] and by
//! the events, and tells by events and by [`AppContext::connectivity`].

mod accounts;
mod agenda;
mod look;
mod pace;

use std::time::Duration;

use tokio::sync::{Notify, broadcast, mpsc};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};
use tracing::{debug, info, warn};

pub use agenda::{Agenda, Work};
pub use pace::{Mood, Pace};

use super::connection::{CheckOutcome, ConnectionService, Reach};
use crate::models::SourceId;
use crate::net::NetworkChange;
use crate::services::events::Event;
use crate::services::{AppContext, DiscoveryService};

/// First looks after a start are spread over this.
const START_SPREAD: Duration = Duration::from_secs(2);
/// When nothing is planned, the loop looks whether there is something new after this.
const IDLE: Duration = Duration::from_hours(1);

/// What the monitor is told.
#[derive(Debug, Clone, PartialEq)]
pub enum MonitorInput {
    /// Begin to look, also after a stop.
    Start,
    /// Look no more until told to start.
    Stop,
    /// Look at a source now; at all without one.
    CheckNow(Option<SourceId>),
    /// The addresses of a source are others now.
    AddressChanged(SourceId),
    /// Somebody else has seen that a source answers.
    MarkReachable(SourceId),
    /// Somebody else has seen that a source does not answer.
    MarkUnreachable(SourceId),
    /// Whether somebody looks at the window.
    Focus(bool),
    /// These sources are on the screen.
    Visible(Vec<SourceId>),
}

/// Runs until `inputs` is closed.
pub async fn run(ctx: AppContext, mut inputs: mpsc::UnboundedReceiver<MonitorInput>) {
    let mut events = ctx.events.subscribe();
    let mut changes = ctx.network.subscribe();
    let started = Notify::new();
    let looking_after_accounts = accounts::keep_fresh(ctx.clone(), &started);
    tokio::pin!(looking_after_accounts);
    let mut monitor = Monitor {
        agenda: Agenda::new(Instant::now()),
        ctx,
        visible: Vec::new(),
        stopped: true,
        looks: JoinSet::new(),
        learning: JoinSet::new(),
    };
    loop {
        let due = monitor.agenda.next().filter(|_| !monitor.stopped);
        tokio::select! {
            input = inputs.recv() => match input {
                Some(input) => {
                    if input == MonitorInput::Start {
                        started.notify_one();
                    }
                    monitor.take(input).await;
                }
                None => return,
            },
            event = events.recv() => match event {
                Ok(event) => monitor.hear(&event).await,
                Err(broadcast::error::RecvError::Lagged(_)) => monitor.load(Duration::ZERO).await,
                Err(broadcast::error::RecvError::Closed) => return,
            },
            Some(change) = changes.next() => monitor.change_network(change).await,
            Some(Err(error)) = monitor.learning.join_next() => {
                if !error.is_cancelled() {
                    warn!(%error, "a search for servers ended badly");
                }
            }
            Some(ended) = monitor.looks.join_next() => match ended {
                Ok((source, outcome)) => monitor.ended(source, outcome),
                Err(error) => warn!(%error, "a look at a source ended badly"),
            },
            () = &mut looking_after_accounts => {}
            () = sleep_until(due.unwrap_or_else(|| Instant::now() + IDLE)) => monitor.look(),
        }
    }
}

struct Monitor {
    ctx: AppContext,
    agenda: Agenda,
    visible: Vec<SourceId>,
    stopped: bool,
    looks: JoinSet<(SourceId, Option<CheckOutcome>)>,
    /// At most one search for the servers of all sources.
    learning: JoinSet<()>,
}

impl Monitor {
    async fn take(&mut self, input: MonitorInput) {
        let now = Instant::now();
        match input {
            MonitorInput::Start => {
                self.stopped = false;
                self.load(START_SPREAD).await;
                self.learn();
            }
            MonitorInput::Stop => {
                self.stopped = true;
                self.learning.abort_all();
            }
            MonitorInput::CheckNow(Some(source)) | MonitorInput::MarkUnreachable(source) => {
                self.agenda.check_now(source, now);
            }
            MonitorInput::CheckNow(None) => {
                for source in self.agenda.sources() {
                    self.agenda.check_now(source, now);
                }
            }
            MonitorInput::AddressChanged(source) => {
                self.agenda.add(source, now, Duration::ZERO);
                self.agenda.check_now(source, now);
            }
            MonitorInput::MarkReachable(source) => self.agenda.learnt(source, now, CheckOutcome::Up),
            MonitorInput::Focus(focused) => {
                let mood = self.agenda.mood();
                self.agenda.set_mood(Mood { focused, ..mood }, now);
            }
            MonitorInput::Visible(sources) => self.visible = sources,
        }
    }

    async fn hear(&mut self, event: &Event) {
        let now = Instant::now();
        match *event {
            Event::SourceAdded(source) => self.agenda.add(source, now, Duration::ZERO),
            Event::SourceRemoved(source) => self.leave(source),
            Event::SourceChanged(source) => match self.ctx.db.sources().get(source).await {
                Ok(changed) if changed.enabled => {
                    self.ctx.connectivity.welcome(source);
                    self.agenda.add(source, now, Duration::ZERO);
                    self.agenda.check_now(source, now);
                }
                _ => self.leave(source),
            },
            Event::ConnectivityChanged { source_id, online } => {
                let outcome = if online { CheckOutcome::Up } else { CheckOutcome::Down };
                self.agenda.learnt(source_id, now, outcome);
                self.show_next(source_id);
            }
            _ => {}
        }
    }

    /// Looks no more at a source, and says nothing of it.
    fn leave(&mut self, source: SourceId) {
        self.agenda.remove(source);
        self.ctx.connectivity.leave(source);
    }

    /// Takes in all sources that are enabled.
    async fn load(&mut self, spread: Duration) {
        match self.ctx.db.sources().list().await {
            Ok(sources) => {
                let now = Instant::now();
                let enabled: Vec<SourceId> =
                    sources.into_iter().filter(|source| source.enabled).map(|source| source.id).collect();
                for gone in self.agenda.sources().into_iter().filter(|known| !enabled.contains(known)) {
                    self.leave(gone);
                }
                let count = u32::try_from(enabled.len().max(1)).unwrap_or(u32::MAX);
                for (number, source) in (0_u32..).zip(enabled) {
                    self.ctx.connectivity.welcome(source);
                    self.agenda.add(source, now, spread * number / count);
                }
            }
            Err(error) => warn!(%error, "the sources could not be read"),
        }
    }

    /// What was learnt on another network does not hold here. What the system says about the network never makes
    /// anything offline: it is a reason to look.
    async fn change_network(&mut self, change: NetworkChange) {
        let now = Instant::now();
        info!(resumed = change.resumed, state = ?change.state, "the network changed");
        let ctx = &self.ctx;
        ConnectionService::forget_network(ctx, change.resumed).await;
        ctx.events.publish(Event::NetworkChanged);
        let mood = self.agenda.mood();
        self.agenda.set_mood(Mood { metered: change.state.metered, ..mood }, now);
        self.agenda.network_changed(now, &self.visible);
        self.learn();
    }

    /// Looks where the servers are now. An earlier search asked a network that may be gone.
    fn learn(&mut self) {
        self.learning = JoinSet::new();
        if self.stopped {
            return;
        }
        let ctx = self.ctx.clone();
        self.learning.spawn(async move {
            match DiscoveryService::learn(&ctx).await {
                Ok(changed) => debug!(changed, "looked where the servers are"),
                Err(error) => warn!(%error, "the servers could not be looked for"),
            }
        });
    }

    fn show_next(&self, source: SourceId) {
        if let Some(next) = self.agenda.due_at(source) {
            self.ctx.connectivity.update(source, |status| status.next_check = Some(next));
        }
    }

    fn look(&mut self) {
        if self.stopped {
            return;
        }
        for (source, work) in self.agenda.take_due(Instant::now()) {
            let ctx = self.ctx.clone();
            self.looks.spawn(async move {
                let outcome = look::look(&ctx, source, work).await;
                let outcome = outcome.inspect_err(|error| debug!(%error, "a look could not be finished"));
                (source, outcome.ok())
            });
        }
    }

    fn ended(&mut self, source: SourceId, outcome: Option<CheckOutcome>) {
        let now = Instant::now();
        // It was left while it was looked at.
        if self.agenda.due_at(source).is_none() {
            return;
        }
        match outcome {
            Some(outcome) => self.agenda.done(source, now, outcome),
            None => self.agenda.postponed(source, now),
        }
        self.show_next(source);
        // An end without an outcome must not leave a source that seems to be looked at for ever.
        if outcome.is_none() {
            self.ctx.connectivity.update(source, |status| {
                if status.reach == Reach::Checking {
                    status.reach = Reach::Unknown;
                }
            });
        }
    }
}
