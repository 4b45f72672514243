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

    /// Which credentials it carried: names of headers (in lower case) and of query parameters, and `password` for
    /// a sign-in. Empty for an identity request as it should be.
    pub fn credentials(&self) -> Vec<String> {
        let headers = self.headers.iter().filter(|(name, value)| is_credential(name, value));
        let query = url::form_urlencoded::parse(self.query.as_bytes());
        let query = query.filter(|(name, value)| is_credential(&name.to_ascii_lowercase(), value));
        let password = self.method == "POST" && self.path.ends_with("/Users/AuthenticateByName");
        let mut found: Vec<String> = headers.map(|(name, _)| name.clone()).collect();
        found.extend(query.map(|(name, _)| name.into_owned()));
        found.extend(password.then(|| "password".to_owned()));
        found
    }

    /// Whether a text appears in the path, the query or a header: for asserting that a secret was not sent.
    pub fn mentions(&self, text: &str) -> bool {
        self.path.contains(text)
            || self.query.contains(text)
            || self.headers.iter().any(|(_, value)| value.contains(text))
    }
}

/// Whether a header or parameter (in lower case) lets somebody in. A Jellyfin client always says who it is in
/// `Authorization`; only a token there is a credential.
fn is_credential(name: &str, value: &str) -> bool {
    match name {
        "authorization" | "x-emby-authorization" => {
            let jellyfin = ["MediaBrowser ", "Emby "].iter().any(|scheme| value.starts_with(scheme));
            !jellyfin || value.contains("Token=")
        }
        "x-plex-token"
        | "x-emby-token"
        | "x-mediabrowser-token"
        | "apikey"
        | "api_key"
        | "cookie"
        | "proxy-authorization" => !value.is_empty(),
        _ => false,
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

    /// Those that arrived on one connection.
    pub fn on(&self, connection: &str) -> Vec<RecordedRequest> {
        self.lock().iter().filter(|request| request.connection == connection).cloned().collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn credentials(method: &str, path: &str, query: &str, headers: &[(&str, &str)]) -> Vec<String> {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let request = RecordedRequest {
            at: Instant::now(),
            connection: "lan".to_owned(),
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers,
            status: None,
        };
        request.credentials()
    }

    #[test]
    fn credentials_are_told_from_what_a_client_says_of_itself() {
        let device = "MediaBrowser Client=\"Reel\", Device=\"desk\"";
        let none: [String; 0] = [];
        assert_eq!(credentials("GET", "/System/Info/Public", "", &[("authorization", device)]), none);
        assert_eq!(credentials("GET", "/identity", "a=b", &[("x-plex-product", "Reel")]), none);
        let signed = format!("{device}, Token=\"t\"");
        assert_eq!(credentials("GET", "/Items", "", &[("authorization", &signed)]), ["authorization"]);
        assert_eq!(credentials("GET", "/", "", &[("authorization", "Basic eDp5")]), ["authorization"]);
        assert_eq!(credentials("GET", "/x", "X-Plex-Token=t&ApiKey=u", &[]), ["X-Plex-Token", "ApiKey"]);
        assert_eq!(credentials("POST", "/jf/Users/AuthenticateByName", "", &[]), ["password"]);
    }
}
