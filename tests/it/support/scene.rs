//! A source in use whose server has several addresses, each of which can be switched.

use std::time::{Duration, Instant};

use gnome_reel::backends::DetailRecord;
use gnome_reel::models::{ServerConnection, SourceId, Tier};
use gnome_reel::services::Result;
use gnome_reel::services::core::BackendService;
use gnome_reel::services::core::connection::{CheckOutcome, Reach as Standing, Scope, check};
use gnome_reel::services::events::{ChangeReason, Event};
use reel_testbed::catalogue::ItemNumber;
use reel_testbed::connection::{Connection, ConnectionPlan, Reach};
use tokio::sync::broadcast::Receiver;

use super::{Bed, Server, ServerKind, drain, films};

/// A synced source that knows all addresses of its server and uses the first.
pub struct Scene {
    /// The server.
    pub server: Server,
    /// The app.
    pub bed: Bed,
    /// The source.
    pub id: SourceId,
    /// What the app says.
    pub events: Receiver<Event>,
}

impl Scene {
    /// Addresses `lan` and `wan`.
    pub async fn start(kind: ServerKind) -> Self {
        let plans = [("lan", Reach::Local), ("wan", Reach::Remote)];
        Self::start_at(kind, plans.map(|(name, reach)| ConnectionPlan::new(name, reach)).to_vec()).await
    }

    /// Addresses `lan`, `wan` and `relay`.
    pub async fn with_relay(kind: ServerKind) -> Self {
        let plans = [("lan", Reach::Local), ("wan", Reach::Remote), ("relay", Reach::Relay)];
        Self::start_at(kind, plans.map(|(name, reach)| ConnectionPlan::new(name, reach)).to_vec()).await
    }

    /// Only `lan`.
    pub async fn with_one(kind: ServerKind) -> Self {
        Self::start_at(kind, vec![ConnectionPlan::new("lan", Reach::Local)]).await
    }

    /// These addresses.
    pub async fn start_at(kind: ServerKind, plans: Vec<ConnectionPlan>) -> Self {
        let server = Server::start_at(kind, films(6), plans).await;
        let (bed, id) = Bed::synced(&server).await;
        let known: Vec<ServerConnection> = server
            .connections()
            .into_iter()
            .map(|connection| {
                let tier = match connection.reach() {
                    Reach::Local => Tier::Local,
                    Reach::Remote => Tier::Remote,
                    Reach::Relay => Tier::Relay,
                };
                ServerConnection::new(connection.uri().parse().unwrap(), tier)
            })
            .collect();
        bed.ctx.db.sources().edit_connections(id, |list| list.connections = known).await.unwrap();
        let events = bed.ctx.events.subscribe();
        Self { server, bed, id, events }
    }

    /// One of the addresses.
    pub fn line(&self, name: &str) -> &Connection {
        self.server.connection(name)
    }

    /// Switches every address off.
    pub fn all_off(&self) {
        for connection in self.server.connections() {
            connection.off();
        }
    }

    /// Switches every address on, as it began.
    pub fn all_on(&self) {
        for connection in self.server.connections() {
            connection.on();
        }
    }

    /// Something that a person waits for.
    pub async fn operate(&self) -> Result<DetailRecord> {
        let item = self.bed.item(self.id, &self.server.remote_id(ItemNumber(1))).await;
        BackendService::get_details(&self.bed.ctx, item.id).await
    }

    /// The same, and how long it took.
    pub async fn operate_timed(&self) -> (Result<DetailRecord>, Duration) {
        let begin = Instant::now();
        (self.operate().await, begin.elapsed())
    }

    /// What the monitor does when it looks.
    pub async fn look(&self) -> CheckOutcome {
        check(&self.bed.ctx, self.id, Scope::Everything).await.unwrap()
    }

    /// How the source stands.
    pub fn standing(&self) -> Standing {
        self.bed.ctx.connectivity.status(self.id).reach
    }

    /// Name of the address in use.
    pub async fn in_use(&self) -> String {
        // A race serves before it is written down.
        self.bed.ctx.connections.all_settled().await;
        let url = self.bed.ctx.db.sources().get(self.id).await.unwrap().connection_url.unwrap().to_string();
        let found = self.server.connections().into_iter().find(|connection| connection.uri() == url);
        found.map_or(url, |connection| connection.name().to_owned())
    }

    /// Reasons of the changes of connection since the last call, and what else a person would have seen.
    pub async fn seen(&mut self) -> (Vec<ChangeReason>, Vec<Event>) {
        self.bed.ctx.connections.all_settled().await;
        let mut reasons = Vec::new();
        let mut visible = Vec::new();
        for event in drain(&mut self.events) {
            match event {
                Event::ConnectionChanged { reason, .. } => reasons.push(reason),
                Event::ConnectivityChanged { .. } | Event::Reconnected(_) | Event::AuthRequired(_) => {
                    visible.push(event);
                }
                _ => {}
            }
        }
        (reasons, visible)
    }
}
