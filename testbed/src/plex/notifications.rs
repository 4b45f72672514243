//! `/:/websockets/notifications`: what the server tells whoever listens.
//!
//! Playbacks, items that it has worked on, sections that it has read. There is none for what somebody watched: the item
//! shows in a timeline then.

use super::call::Call;
use super::state::{PlexState, rating_key};
use crate::catalogue::{Difference, ItemNumber};
use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use chrono::Utc;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::broadcast::{self, Receiver, Sender};

/// News that a slow client may lag behind.
const CAPACITY: usize = 4096;
/// Entries in one message.
const MOST_ENTRIES: usize = 100;
/// States of an item in a timeline: new, read, gone.
const STATES: (u32, u32, u32) = (0, 5, 9);

/// Whom to tell, and who listens.
#[derive(Debug)]
pub(crate) struct Listeners {
    sender: Sender<Arc<str>>,
    open: AtomicUsize,
    signs_of_life: AtomicUsize,
}

impl Default for Listeners {
    fn default() -> Self {
        let (open, signs_of_life) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Self { sender: broadcast::channel(CAPACITY).0, open, signs_of_life }
    }
}

impl Listeners {
    pub(crate) fn is_anybody_there(&self) -> bool {
        self.sender.receiver_count() > 0
    }

    /// Sockets that are open.
    pub(crate) fn open(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }

    /// Signs of life that came so far.
    pub(crate) fn signs_of_life(&self) -> usize {
        self.signs_of_life.load(Ordering::Relaxed)
    }

    /// The server says this, whatever it means.
    pub(crate) fn tell(&self, text: &str) {
        // Nobody listens: nobody is told.
        let _ = self.sender.send(text.into());
    }

    fn notify(&self, kind: &str, list: &str, entries: &[Value]) {
        for part in entries.chunks(MOST_ENTRIES) {
            let mut container = json!({ "type": kind, "size": part.len() });
            container[list] = Value::from(part);
            self.tell(&json!({ "NotificationContainer": container }).to_string());
        }
    }

    /// A playback is at a place.
    pub(crate) fn playing(&self, item: ItemNumber, state: &str, offset: u64, client: &str) {
        let entry = json!({
            "sessionKey": "104", "clientIdentifier": client, "guid": "", "url": "",
            "ratingKey": rating_key(item), "key": format!("/library/metadata/{}", rating_key(item)),
            "viewOffset": offset, "state": state,
        });
        self.notify("playing", "PlaySessionStateNotification", &[entry]);
    }

    /// The server has touched items of a section.
    pub(crate) fn touched(&self, items: impl Iterator<Item = (ItemNumber, u32)>) {
        let entries: Vec<Value> = items.map(|(item, section)| entry(item, section, STATES.1)).collect();
        self.notify("timeline", "TimelineEntry", &entries);
    }

    /// The catalogue is another. What came is told at its beginning, too.
    pub(crate) fn differs(&self, difference: &Difference) {
        let section = difference.libraries.iter().next().copied().unwrap_or_default();
        let entries = |numbers: &[ItemNumber], state: u32| -> Vec<Value> {
            numbers.iter().map(|number| entry(*number, section, state)).collect()
        };
        let mut all = entries(&difference.added, STATES.0);
        all.extend(entries(&difference.added, STATES.1));
        all.extend(entries(&difference.updated, STATES.1));
        all.extend(entries(&difference.removed, STATES.2));
        self.notify("timeline", "TimelineEntry", &all);
        let ended = difference.libraries.iter().map(|section| {
            json!({ "event": "ended", "uuid": uuid::Uuid::new_v4().to_string(), "Activity": {
                "type": "library.update.section", "progress": 100, "cancellable": true, "userID": 1,
                "title": "Scanning", "subtitle": "", "Context": { "librarySectionID": section.to_string() },
            }})
        });
        self.notify("activity", "ActivityNotification", &ended.collect::<Vec<_>>());
    }
}

fn entry(item: ItemNumber, section: u32, state: u32) -> Value {
    json!({
        "identifier": "com.plexapp.plugins.library", "sectionID": section.to_string(),
        "itemID": rating_key(item), "parentItemID": "-1", "rootItemID": "-1", "type": 1,
        "title": "", "state": state, "updatedAt": Utc::now().timestamp(),
    })
}

/// The handshake; the token has to be good.
pub(crate) async fn notifications(
    State(state): State<Arc<PlexState>>,
    _: Call,
    upgrade: WebSocketUpgrade,
) -> Response {
    let news = state.listeners.sender.subscribe();
    upgrade.on_upgrade(move |socket| async move {
        state.listeners.open.fetch_add(1, Ordering::Relaxed);
        serve(&state.listeners, news, socket).await;
        state.listeners.open.fetch_sub(1, Ordering::Relaxed);
    })
}

async fn serve(listeners: &Listeners, mut news: Receiver<Arc<str>>, mut socket: WebSocket) {
    loop {
        let text = tokio::select! {
            received = socket.recv() => match received {
                // Answered by the library.
                Some(Ok(Message::Ping(_))) => {
                    listeners.signs_of_life.fetch_add(1, Ordering::Relaxed);
                    continue;
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => continue,
            },
            told = news.recv() => match told {
                Ok(text) => text,
                Err(broadcast::error::RecvError::Lagged(_)) => continue,
                Err(broadcast::error::RecvError::Closed) => return,
            },
        };
        if socket.send(Message::text(&*text)).await.is_err() {
            return;
        }
    }
}
