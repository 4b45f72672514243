//! Answers of servers and of what stands before them that only say no, wait, or sign in.

use super::Fault;
use std::time::{Duration, SystemTime};

/// The page of a portal, of a broken proxy: what a person would see.
const PAGE: &str =
    "<!DOCTYPE html><html><head><title>Sign in</title></head><body><form></form></body></html>";
/// Where a portal sends to. Never resolves.
const PORTAL: &str = "http://portal.example.invalid/login";

/// How long a server asks to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryAfter {
    /// So many seconds.
    Seconds(u64),
    /// Until a date, this far from now.
    Date(Duration),
    /// Whatever is written: `-1`, `∞`, a date in 2099.
    Text(&'static str),
}

impl RetryAfter {
    fn value(self) -> String {
        match self {
            Self::Seconds(seconds) => seconds.to_string(),
            Self::Date(ahead) => httpdate::fmt_http_date(SystemTime::now() + ahead),
            Self::Text(text) => text.to_owned(),
        }
    }
}

impl Fault {
    /// An answer with a status and nothing else.
    pub fn status(code: u16) -> Self {
        Self::Status { code, headers: Vec::new(), body: String::new() }
    }

    /// 302 to another place.
    pub fn redirect(to: &str) -> Self {
        Self::refusal(302, vec![("location", to.to_owned())], String::new())
    }

    /// A captive portal that leads to its own host.
    pub fn portal_redirect() -> Self {
        Self::redirect(PORTAL)
    }

    /// A captive portal that says what it is: 511 with a page.
    pub fn portal_required() -> Self {
        Self::page_of(511, Vec::new())
    }

    /// 429. Without a wait, the client must find one itself.
    pub fn rate_limited(wait: Option<RetryAfter>) -> Self {
        let headers = wait.map(|wait| ("retry-after", wait.value()));
        Self::refusal(429, headers.into_iter().collect(), String::new())
    }

    /// 503 with a web page, as of a proxy whose server restarts.
    pub fn unavailable(wait: Option<RetryAfter>) -> Self {
        let headers = wait.map(|wait| ("retry-after", wait.value()));
        Self::page_of(503, headers.into_iter().collect())
    }

    /// The server's answer, which says how many requests are left and in how many seconds there are more.
    pub fn limits(remaining: u32, reset_seconds: u64) -> Self {
        let header = |name: &str, value: String| (name.to_owned(), value);
        Self::Headers(vec![
            header("x-ratelimit-limit", remaining.max(10).to_string()),
            header("x-ratelimit-remaining", remaining.to_string()),
            header("x-ratelimit-reset", reset_seconds.to_string()),
        ])
    }

    fn page_of(code: u16, mut headers: Vec<(&str, String)>) -> Self {
        headers.push(("content-type", "text/html; charset=utf-8".to_owned()));
        Self::refusal(code, headers, page().to_owned())
    }

    fn refusal(code: u16, headers: Vec<(&str, String)>, body: String) -> Self {
        let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self::Status { code, headers, body }
    }
}

/// A web page where there should be JSON.
pub(super) fn page() -> &'static str {
    PAGE
}
