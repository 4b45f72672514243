//! Following what happens at the servers: one socket for each source that is switched on and can be reached.
//!
//! One task keeps a follower for each source. It is told by events when a source comes, goes, changes its connection
//! or is lost, so that no follower has to find out by itself; which sources are followed is decided here.
//!
//! - [`follow`]: one server, and when its socket is opened again.
//! - [`batch`]: bursts of changes become one. Pure.
//! - [`apply`]: how they are stored.
//!
//! A socket goes through the same door as every request: same trust, proxy, names and proof of identity. What is told
//! is never complete: after a gap the rules of the incremental sync hold.

mod apply;
mod batch;
mod follow;

use std::collections::HashMap;

use tokio::sync::{broadcast, mpsc, watch};
use tokio_util::task::AbortOnDropHandle;
use tracing::{debug, warn};

use self::follow::{Phase, follow};
use super::backend::{self, Purpose};
use super::connection::LiveState;
use crate::models::{AuthStatus, Source, SourceId, SourceKind};
use crate::services::events::Event;
use crate::services::{AppContext, Result};

/// What the task is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LiveInput {
    /// Begin to follow, also after a stop.
    Start,
    /// Follow nobody until told to start.
    Stop,
}

/// Follows servers.
pub struct LiveService;

impl LiveService {
    /// Opens the socket of a source once, and closes it again: whether live updates work.
    ///
    /// # Errors
    /// Why they do not.
    pub async fn check(ctx: &AppContext, source: SourceId) -> Result<()> {
        let opened = backend::run(ctx, source, Purpose::Live, |backend| async move { backend.live().await });
        opened.await.map(drop)
    }
}

/// Runs until `inputs` is closed.
pub async fn run(ctx: AppContext, mut inputs: mpsc::UnboundedReceiver<LiveInput>) {
    let mut events = ctx.events.subscribe();
    let mut followers = Followers { ctx, all: HashMap::new(), is_started: false };
    loop {
        tokio::select! {
            input = inputs.recv() => match input {
                Some(LiveInput::Start) => {
                    followers.is_started = true;
                    followers.load().await;
                }
                Some(LiveInput::Stop) => followers.stop(),
                None => {
                    followers.stop();
                    return;
                }
            },
            event = events.recv() => match event {
                Ok(event) => followers.hear(&event).await,
                Err(broadcast::error::RecvError::Lagged(_)) => followers.load().await,
                Err(broadcast::error::RecvError::Closed) => return,
            },
        }
    }
}

/// Follows one source as long as it lives.
struct Follower {
    phase: watch::Receiver<Phase>,
    /// Ends the task when it is dropped.
    _task: AbortOnDropHandle<()>,
}

struct Followers {
    ctx: AppContext,
    all: HashMap<SourceId, Follower>,
    is_started: bool,
}

impl Followers {
    async fn hear(&mut self, event: &Event) {
        if !self.is_started {
            return;
        }
        match event {
            // The first sync of a new one has missed nothing.
            Event::SourceAdded(id) => self.look(*id, false).await,
            Event::SourceChanged(id) => self.look(*id, true).await,
            Event::SourceRemoved(id) | Event::AuthRequired(id) => self.leave(*id),
            Event::ConnectivityChanged { source_id, online: false } => self.leave(*source_id),
            Event::ConnectivityChanged { source_id, online: true } | Event::Reconnected(source_id) => {
                self.retry(*source_id).await;
            }
            Event::ConnectionChanged { source_id, new_url, .. } => {
                let phase = self.all.get(source_id).map(|follower| follower.phase.borrow().clone());
                match phase {
                    Some(Phase::Open(address)) if address != *new_url => self.follow(*source_id, true),
                    Some(Phase::Waiting) => self.follow(*source_id, true),
                    Some(_) => {}
                    None => self.retry(*source_id).await,
                }
            }
            // No socket of the network that was left is trusted to notice.
            Event::NetworkChanged => {
                let followed: Vec<SourceId> = self.all.keys().copied().collect();
                for id in followed {
                    self.follow(id, true);
                }
            }
            _ => {}
        }
    }

    /// Follows every source that can be, and no other.
    async fn load(&mut self) {
        if !self.is_started {
            return;
        }
        match self.ctx.db.sources().list().await {
            Ok(sources) => {
                let wanted: Vec<SourceId> =
                    sources.iter().filter(|source| can_follow(source)).map(|source| source.id).collect();
                let known: Vec<SourceId> = self.all.keys().copied().collect();
                known.into_iter().filter(|id| !wanted.contains(id)).for_each(|id| self.leave(id));
                for id in wanted {
                    if !self.all.contains_key(&id) {
                        self.follow(id, false);
                    }
                }
            }
            Err(error) => warn!(%error, "the sources could not be read"),
        }
    }

    /// A source is another: whether it is followed may be, too.
    async fn look(&mut self, id: SourceId, gap: bool) {
        match self.ctx.db.sources().get(id).await {
            Ok(source) if can_follow(&source) => {
                if !self.all.contains_key(&id) {
                    self.follow(id, gap);
                }
            }
            _ => self.leave(id),
        }
    }

    /// A source can be reached again.
    async fn retry(&mut self, id: SourceId) {
        let phase = self.all.get(&id).map(|follower| follower.phase.borrow().clone());
        match phase {
            Some(Phase::Waiting) => self.follow(id, true),
            Some(_) => {}
            None => {
                if let Ok(source) = self.ctx.db.sources().get(id).await
                    && can_follow(&source)
                {
                    self.follow(id, true);
                }
            }
        }
    }

    /// Follows a source from the beginning; a follower that was there ends.
    fn follow(&mut self, id: SourceId, gap: bool) {
        debug!(source_id = %id, gap, "following");
        let (sender, phase) = watch::channel(Phase::Opening);
        // The one before is gone before its successor begins.
        self.all.remove(&id);
        let task = tokio::spawn(follow(self.ctx.clone(), id, gap, sender));
        self.all.insert(id, Follower { phase, _task: AbortOnDropHandle::new(task) });
    }

    fn leave(&mut self, id: SourceId) {
        if self.all.remove(&id).is_some() {
            self.ctx.connectivity.update(id, |status| status.live = LiveState::Off);
        }
    }

    fn stop(&mut self) {
        self.is_started = false;
        let known: Vec<SourceId> = self.all.keys().copied().collect();
        for id in known {
            self.leave(id);
        }
    }
}

fn can_follow(source: &Source) -> bool {
    source.enabled && source.kind != SourceKind::Local && source.auth_status == AuthStatus::SignedIn
}
