//! Which redirects are followed.

use reqwest::redirect::{Action, Attempt};
use url::Url;

use super::observe::Observer;
use crate::net::profile::MOST_REDIRECTS;

/// Follows a redirect only within the same host and never from `https` to `http`: headers may carry
/// credentials, and a redirect to elsewhere is a login page or another server.
pub(super) fn follow_within_host(attempt: Attempt<'_>, observer: &Observer) -> Action {
    let Some(previous) = attempt.previous().last() else { return attempt.stop() };
    let next = attempt.url();
    if stays(previous, next) && attempt.previous().len() <= MOST_REDIRECTS {
        if next.scheme() != previous.scheme() {
            observer.note(|opening| opening.encrypted_port = next.port_or_known_default());
        }
        attempt.follow()
    } else {
        attempt.stop()
    }
}

/// Whether one address is at the same server as another, or is the encrypted side of the same host.
fn stays(previous: &Url, next: &Url) -> bool {
    let same_host = next.host_str() == previous.host_str();
    let same_port = next.port_or_known_default() == previous.port_or_known_default();
    let same_scheme = previous.scheme() == next.scheme();
    let is_upgrade = previous.scheme() == "http" && next.scheme() == "https";
    same_host && ((same_scheme && same_port) || is_upgrade)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use url::Url;

    fn stays(previous: &str, next: &str) -> bool {
        let (previous, next): (Url, Url) = (previous.parse().unwrap(), next.parse().unwrap());
        super::stays(&previous, &next)
    }

    #[test]
    fn a_redirect_stays_at_its_host_and_never_loses_encryption() {
        assert!(stays("http://a:8096/x", "http://a:8096/y?z"));
        assert!(stays("https://a/x", "https://A:443/y"));
        assert!(stays("http://a/x", "https://a/x"));
        assert!(stays("http://a:8096/x", "https://a:8920/x"));
        for (previous, next) in [
            ("http://a/x", "http://b/x"),
            ("http://a/x", "http://a.b/x"),
            ("http://a/x", "http://a:81/x"),
            ("https://a/x", "https://a:8443/x"),
            ("https://a/x", "http://a/x"),
            ("https://a/x", "http://a:443/x"),
            ("http://a/x", "https://b/x"),
            ("http://a/x", "ftp://a/x"),
        ] {
            assert!(!stays(previous, next), "{previous} {next}");
        }
    }
}
