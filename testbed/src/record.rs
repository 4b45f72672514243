//! A record of every request, so that tests can say what was sent where, in which order and with which headers.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// One request as it arrived.
#[derive(Debug, Clone)]
pub struct RecordedRequest {
    /// When it arrived.
    pub at: Instant,
    /// Name of the connection it arrived on.
    pub connection: String,
    /// `GET`, `POST`, …
    pub method: String,
    /// Path without the query.
    pub path: String,
    /// Query without the question mark; empty when there is none.
    pub query: String,
    /// Headers with names in lower case, in order.
    pub headers: Vec<(String, String)>,
    /// Status of the answer; `None` while there is none.
    pub status: Option<u16>,
}

impl RecordedRequest {
    /// The first header of this name (in lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether a text appears in the path, the query or a header: for asserting that a secret was not sent.
    pub fn mentions(&self, text: &str) -> bool {
        self.path.contains(text)
            || self.query.contains(text)
            || self.headers.iter().any(|(_, value)| value.contains(text))
    }
}

/// The record, shared by everything that holds a clone.
#[derive(Debug, Clone, Default)]
pub struct Recorder {
    requests: Arc<Mutex<Vec<RecordedRequest>>>,
}

impl Recorder {
    /// All requests since the start or the last [`clear`](Self::clear), oldest first.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.lock().clone()
    }

    /// Forgets what was recorded.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// How many requests had a path that begins so.
    pub fn count(&self, path_prefix: &str) -> usize {
        self.lock().iter().filter(|request| request.path.starts_with(path_prefix)).count()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<RecordedRequest>> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn arrived(&self, connection: &str, request: &Request) -> Instant {
        let at = Instant::now();
        let headers = request.headers().iter();
        self.lock().push(RecordedRequest {
            at,
            connection: connection.to_owned(),
            method: request.method().to_string(),
            path: request.uri().path().to_owned(),
            query: request.uri().query().unwrap_or_default().to_owned(),
            headers: headers
                .map(|(name, value)| {
                    (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
                })
                .collect(),
            status: None,
        });
        at
    }

    fn answered(&self, connection: &str, at: Instant, path: &str, status: u16) {
        let mut requests = self.lock();
        let of_this = |request: &&mut RecordedRequest| {
            request.at == at
                && request.status.is_none()
                && request.connection == connection
                && request.path == path
        };
        if let Some(request) = requests.iter_mut().rev().find(of_this) {
            request.status = Some(status);
        }
    }
}

/// Middleware that records; the state is the recorder and the name of the connection.
pub async fn record(
    State((recorder, connection)): State<(Recorder, Arc<str>)>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path().to_owned();
    let at = recorder.arrived(&connection, &request);
    let response = next.run(request).await;
    recorder.answered(&connection, at, &path, response.status().as_u16());
    response
}
