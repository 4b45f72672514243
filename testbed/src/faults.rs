//! Faults by connection and by route, changeable while a server runs.
//!
//! A rule names a connection, the beginning of a path and what goes wrong there. Delays add up; of the other
//! faults the rule that was added last decides.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Name that stands for every connection.
pub const EVERY_CONNECTION: &str = "*";

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The answer comes later.
    Delay(Duration),
    /// Another answer than the server's.
    Status {
        /// Status code.
        code: u16,
        /// Headers; those that HTTP does not allow are left out.
        headers: Vec<(String, String)>,
        /// Body.
        body: String,
    },
    /// 200 with a JSON type and something that is not JSON.
    Garbage,
    /// 200 with a web page, as a sign-in page in front of the server gives.
    Html,
    /// The request is read and never answered.
    Silence,
    /// The connection is closed without an answer.
    Close,
}

impl Fault {
    /// An answer with a status and nothing else.
    pub fn status(code: u16) -> Self {
        Self::Status { code, headers: Vec::new(), body: String::new() }
    }
}

/// Marks a response whose connection is to be closed instead.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CloseConnection;

#[derive(Debug, Clone)]
struct Rule {
    connection: String,
    path_prefix: String,
    fault: Fault,
    /// How many requests it still meets; `None` = all.
    left: Option<u32>,
}

/// The rules, shared by everything that holds a clone.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    rules: Arc<Mutex<Vec<Rule>>>,
}

impl Faults {
    /// Adds a rule for every request on a connection ([`EVERY_CONNECTION`] for all) whose path begins so.
    pub fn add(&self, connection: &str, path_prefix: &str, fault: Fault) {
        self.push(connection, path_prefix, fault, None);
    }

    /// Adds a rule for the next `times` such requests.
    pub fn add_times(&self, connection: &str, path_prefix: &str, fault: Fault, times: u32) {
        self.push(connection, path_prefix, fault, Some(times));
    }

    /// Takes back every rule of a connection.
    pub fn clear(&self, connection: &str) {
        self.lock().retain(|rule| rule.connection != connection);
    }

    /// Takes back every rule.
    pub fn clear_all(&self) {
        self.lock().clear();
    }

    fn push(&self, connection: &str, path_prefix: &str, fault: Fault, left: Option<u32>) {
        let (connection, path_prefix) = (connection.to_owned(), path_prefix.to_owned());
        self.lock().push(Rule { connection, path_prefix, fault, left });
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Rule>> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The delay of a request and the other fault that it meets. Uses up rules that are counted.
    fn meet(&self, connection: &str, path: &str) -> (Duration, Option<Fault>) {
        let (mut delay, mut fault) = (Duration::ZERO, None);
        let mut rules = self.lock();
        for rule in rules.iter_mut() {
            let here = rule.connection == EVERY_CONNECTION || rule.connection == connection;
            if !here || !path.starts_with(&rule.path_prefix) || rule.left == Some(0) {
                continue;
            }
            rule.left = rule.left.map(|left| left - 1);
            match &rule.fault {
                Fault::Delay(longer) => delay += *longer,
                other => fault = Some(other.clone()),
            }
        }
        rules.retain(|rule| rule.left != Some(0));
        (delay, fault)
    }
}

/// Middleware that makes the faults happen; the state is the rules and the name of the connection.
pub async fn misbehave(
    State((faults, connection)): State<(Faults, Arc<str>)>,
    request: Request,
    next: Next,
) -> Response {
    let (delay, fault) = faults.meet(&connection, request.uri().path());
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    match fault {
        None | Some(Fault::Delay(_)) => next.run(request).await,
        Some(Fault::Status { code, headers, body }) => other_answer(code, headers, body),
        Some(Fault::Garbage) => {
            ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], "{\"Items\":[{\"Name\":\"Ga")
                .into_response()
        }
        Some(Fault::Html) => {
            let page =
                "<!DOCTYPE html><html><head><title>Sign in</title></head><body><form></form></body></html>";
            ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
        }
        Some(Fault::Silence) => std::future::pending().await,
        Some(Fault::Close) => {
            let mut response = StatusCode::BAD_GATEWAY.into_response();
            response.extensions_mut().insert(CloseConnection);
            response
        }
    }
}

fn other_answer(code: u16, headers: Vec<(String, String)>, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_add_up_and_the_last_rule_decides() {
        let faults = Faults::default();
        faults.add("lan", "/Items", Fault::Delay(Duration::from_millis(20)));
        faults.add(EVERY_CONNECTION, "/", Fault::Delay(Duration::from_millis(5)));
        faults.add("lan", "/Items", Fault::Html);
        faults.add("lan", "/Items/Counts", Fault::Garbage);
        assert_eq!(faults.meet("lan", "/Items"), (Duration::from_millis(25), Some(Fault::Html)));
        assert_eq!(faults.meet("lan", "/Items/Counts").1, Some(Fault::Garbage));
        assert_eq!(faults.meet("wan", "/Items"), (Duration::from_millis(5), None));
        faults.clear("lan");
        assert_eq!(faults.meet("lan", "/Items"), (Duration::from_millis(5), None));
    }

    #[test]
    fn a_counted_rule_ends() {
        let faults = Faults::default();
        faults.add_times("lan", "/", Fault::status(502), 2);
        let met = [0; 3].map(|_| faults.meet("lan", "/x").1.is_some());
        assert_eq!(met, [true, true, false]);
    }
}
