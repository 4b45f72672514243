//! One request, described: method, path, query, body.

use std::fmt;

use serde_json::Value;
use url::Url;

use super::profile::Profile;
use super::validators::Validators;
use crate::models::ServerUrl;

/// HTTP methods in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Read.
    Get,
    /// Act.
    Post,
    /// Set.
    Put,
    /// Remove.
    Delete,
}

impl Method {
    pub(super) fn as_reqwest(self) -> reqwest::Method {
        match self {
            Self::Get => reqwest::Method::GET,
            Self::Post => reqwest::Method::POST,
            Self::Put => reqwest::Method::PUT,
            Self::Delete => reqwest::Method::DELETE,
        }
    }
}

/// One request. The path is a template whose `{}` are filled with percent-encoded segments; only the template
/// is logged.
#[derive(Clone)]
pub struct Call {
    pub(super) method: Method,
    pub(super) template: &'static str,
    pub(super) profile: Profile,
    pub(super) body: Option<Value>,
    pub(super) cached: bool,
    pub(super) known: Validators,
    segments: Vec<String>,
    query: Vec<(&'static str, String)>,
    whole: Option<Url>,
}

impl fmt::Debug for Call {
    /// Leaves out body, query and segments: passwords, titles and ids.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { method, template, profile, .. } = self;
        write!(f, "Call({method:?} {template}, {profile:?})")
    }
}

impl Call {
    /// A request with this method; interactive unless told otherwise.
    pub fn new(method: Method, template: &'static str) -> Self {
        Self {
            method,
            template,
            profile: Profile::Interactive,
            body: None,
            cached: false,
            known: Validators::default(),
            segments: Vec::new(),
            query: Vec::new(),
            whole: None,
        }
    }

    /// A `GET` of a whole address that a backend made; its path is not logged.
    pub fn at(url: &Url) -> Self {
        Self { whole: Some(url.clone()), ..Self::get("(media)") }
    }

    /// A `GET`.
    pub fn get(template: &'static str) -> Self {
        Self::new(Method::Get, template)
    }

    /// A `POST`.
    pub fn post(template: &'static str) -> Self {
        Self::new(Method::Post, template)
    }

    /// Fills the next `{}` of the template.
    #[must_use]
    pub fn segment(mut self, value: impl Into<String>) -> Self {
        self.segments.push(value.into());
        self
    }

    /// Adds a query parameter.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "callers give numbers, words and owned text alike")]
    pub fn query(mut self, name: &'static str, value: impl ToString) -> Self {
        self.query.push((name, value.to_string()));
        self
    }

    /// Sets a JSON body.
    #[must_use]
    pub fn json(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    /// Sets how the request is used.
    #[must_use]
    pub fn profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// Lets the answer to a `GET` be remembered and asked for again with less to send, on a pool
    /// [for a source](super::HttpPool::for_source).
    #[must_use]
    pub fn cached(mut self) -> Self {
        self.cached = true;
        self
    }

    /// Asks for the answer only if it is another than the one that is known; the status is 304 then.
    #[must_use]
    pub fn unless(mut self, known: &Validators) -> Self {
        self.known.clone_from(known);
        self
    }

    /// The whole address at a server.
    pub fn url(&self, base: &ServerUrl) -> Url {
        if let Some(whole) = &self.whole {
            return whole.clone();
        }
        let mut url = base.join("");
        let base_path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&base_path);
        let mut values = self.segments.iter();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty();
            for part in self.template.trim_start_matches('/').split('/') {
                match part {
                    "{}" => path.push(values.next().map_or("", String::as_str)),
                    fixed => path.push(fixed),
                };
            }
        }
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        url
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn segments_and_values_are_encoded() {
        let base: ServerUrl = "http://host:8096/base".parse().unwrap();
        let call = Call::get("/Items/{}/Images").segment("a/b c").query("searchTerm", "ü&x");
        assert_eq!(
            call.url(&base).as_str(),
            "http://host:8096/base/Items/a%2Fb%20c/Images?searchTerm=%C3%BC%26x"
        );
    }

    #[test]
    fn odd_plex_paths_survive() {
        let base: ServerUrl = "http://host:32400".parse().unwrap();
        assert_eq!(Call::get("/:/timeline").url(&base).as_str(), "http://host:32400/:/timeline");
    }
}
