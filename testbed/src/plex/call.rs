//! What a request to the Media Server says: who asks, in which form, with which parameters.

use super::reply::{Form, html_error};
use super::state::PlexState;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use std::sync::Arc;

/// Query parameters and headers of a request; any `X-Plex-*` header may also be a parameter.
#[derive(Debug, Clone)]
pub struct Parameters {
    query: Vec<(String, String)>,
    headers: HeaderMap,
}

impl Parameters {
    /// Reads them from a request.
    pub fn of(parts: &Parts) -> Self {
        let query = parts.uri.query().unwrap_or_default();
        let query = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        Self { query, headers: parts.headers.clone() }
    }

    /// The first value of a query parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A query parameter that is a number.
    pub fn number(&self, name: &str) -> Option<u64> {
        self.get(name)?.parse().ok()
    }

    /// Whether a parameter is `1` or `true`.
    pub fn is_set(&self, name: &str) -> bool {
        matches!(self.get(name), Some("1" | "true"))
    }

    /// A comma list.
    pub fn list(&self, name: &str) -> Vec<&str> {
        self.get(name)
            .into_iter()
            .flat_map(|value| value.split(','))
            .filter(|part| !part.is_empty())
            .collect()
    }

    /// An `X-Plex-*` value, from its header or from the query.
    pub fn plex(&self, name: &str) -> Option<&str> {
        let header = self.headers.get(name).and_then(|value| std::str::from_utf8(value.as_bytes()).ok());
        header.or_else(|| self.get(name)).filter(|value| !value.is_empty())
    }

    /// The address under which the client has reached the server.
    pub fn host(&self) -> &str {
        self.headers.get("host").and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// All query parameters, in order.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.query.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The form the client asked for.
    pub fn form(&self) -> Form {
        Form::wanted(&self.headers)
    }
}

/// A request with a token that the server knows. Everything else gets the 401 page before its route runs.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) user: String,
    pub(crate) form: Form,
    pub(crate) parameters: Parameters,
}

impl FromRequestParts<Arc<PlexState>> for Call {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<PlexState>) -> Result<Self, Response> {
        let parameters = Parameters::of(parts);
        let user = parameters.plex("X-Plex-Token").and_then(|token| state.user_of(token));
        match user {
            Some(user) => Ok(Self { user, form: parameters.form(), parameters }),
            None => Err(html_error(StatusCode::UNAUTHORIZED)),
        }
    }
}
