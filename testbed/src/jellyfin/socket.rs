//! `GET /socket`: what the server tells its users while they listen.
//!
//! What a user did comes half a second later, with what is above it; what became of the library once it has been
//! quiet for a moment (the real server waits half a minute). A client has to give signs of life.

use super::authorization::Caller;
use super::state::{JellyfinState, UserPlace};
use super::wire::user_data;
use crate::catalogue::{Difference, ItemNumber};
use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::broadcast::{self, Receiver, Sender};
use tokio::time::{Instant, sleep_until};

/// How long what a user does is collected.
const SETTLE: Duration = Duration::from_millis(500);
/// After this many seconds of silence the real server forgets a client.
const KEEP_ALIVE_SECONDS: u32 = 60;
/// News that a slow client may lag behind.
const CAPACITY: usize = 4096;

/// Something that clients are told.
#[derive(Debug, Clone)]
pub(crate) enum News {
    /// A user did something with items.
    UserData(UserPlace, Vec<ItemNumber>),
    /// The library is another.
    Library(Arc<Difference>),
    /// The server says this, whatever it means.
    Raw(Arc<str>),
}

/// Whom to tell, and who listens.
#[derive(Debug)]
pub(crate) struct Listeners {
    sender: Sender<News>,
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
    pub(crate) fn tell(&self, news: News) {
        // Nobody listens: nobody is told.
        let _ = self.sender.send(news);
    }

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
}

/// `GET /socket`: 403 without a good token, as the server has it here and nowhere else.
pub(crate) async fn socket(
    State(state): State<Arc<JellyfinState>>,
    caller: Result<Caller, Response>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let Ok(caller) = caller else { return StatusCode::FORBIDDEN.into_response() };
    let Ok(upgrade) = upgrade else { return StatusCode::BAD_REQUEST.into_response() };
    let news = state.listeners.sender.subscribe();
    upgrade.on_upgrade(move |socket| async move {
        state.listeners.open.fetch_add(1, Ordering::Relaxed);
        serve(&state, caller.user, news, socket).await;
        state.listeners.open.fetch_sub(1, Ordering::Relaxed);
    })
}

/// What is collected for one client.
#[derive(Default)]
struct Collected {
    user_data: BTreeSet<ItemNumber>,
    libraries: Vec<Arc<Difference>>,
    due: Option<Instant>,
}

async fn serve(state: &JellyfinState, user: UserPlace, mut news: Receiver<News>, mut socket: WebSocket) {
    let first = message("ForceKeepAlive", &json!(KEEP_ALIVE_SECONDS));
    if socket.send(Message::text(first)).await.is_err() {
        return;
    }
    let mut collected = Collected::default();
    loop {
        let due = collected.due.unwrap_or_else(|| Instant::now() + Duration::from_hours(1));
        let texts = tokio::select! {
            received = socket.recv() => match received {
                Some(Ok(Message::Text(text))) if text.as_str().contains("\"KeepAlive\"") => {
                    state.listeners.signs_of_life.fetch_add(1, Ordering::Relaxed);
                    vec![message("KeepAlive", &Value::Null)]
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => Vec::new(),
            },
            told = news.recv() => match told {
                Ok(News::Raw(text)) => vec![text.to_string()],
                Ok(news) => {
                    collected.take(user, news);
                    Vec::new()
                }
                Err(broadcast::error::RecvError::Lagged(_)) => Vec::new(),
                Err(broadcast::error::RecvError::Closed) => return,
            },
            () = sleep_until(due) => std::mem::take(&mut collected).messages(state, user),
        };
        for text in texts {
            if socket.send(Message::text(text)).await.is_err() {
                return;
            }
        }
    }
}

impl Collected {
    fn take(&mut self, user: UserPlace, news: News) {
        match news {
            News::UserData(whose, items) if whose == user => self.user_data.extend(items),
            News::Library(difference) => self.libraries.push(difference),
            News::UserData(..) | News::Raw(_) => return,
        }
        self.due.get_or_insert_with(|| Instant::now() + SETTLE);
    }

    fn messages(self, state: &JellyfinState, user: UserPlace) -> Vec<String> {
        state.read(user, |view| {
            let mut messages = Vec::new();
            let entries: Vec<Value> = self
                .user_data
                .iter()
                .filter_map(|number| view.visible(*number))
                .map(|item| user_data(view, item))
                .collect();
            if !entries.is_empty() {
                let data = json!({ "UserId": view.user.id, "UserDataList": entries });
                messages.push(message("UserDataChanged", &data));
            }
            for difference in &self.libraries {
                let ids = |numbers: &[ItemNumber]| -> Vec<String> {
                    numbers.iter().map(|number| view.ids().item(*number)).collect()
                };
                let folders: Vec<String> =
                    difference.libraries.iter().map(|number| view.ids().library(*number)).collect();
                let data = json!({
                    "FoldersAddedTo": [], "FoldersRemovedFrom": [],
                    "ItemsAdded": ids(&difference.added), "ItemsRemoved": ids(&difference.removed),
                    "ItemsUpdated": ids(&difference.updated), "CollectionFolders": folders, "IsEmpty": false,
                });
                messages.push(message("LibraryChanged", &data));
            }
            messages
        })
    }
}

fn message(kind: &str, data: &Value) -> String {
    let id = uuid::Uuid::new_v4().simple().to_string();
    json!({ "MessageType": kind, "MessageId": id, "Data": data }).to_string()
}
