//! What a person types for a server, and what may be meant by it. Pure.

use std::net::{IpAddr, Ipv4Addr};

use url::{Host, Url};

use crate::models::{ServerUrl, SourceKind, Tier};
use crate::net::ErrorKind;
use crate::services::AddressProblem;

/// Jellyfin's port without TLS.
const JELLYFIN_HTTP: u16 = 8096;
/// Jellyfin's port with TLS.
const JELLYFIN_HTTPS: u16 = 8920;
/// Plex's port, with and without TLS.
const PLEX: u16 = 32400;

/// Longer texts are no addresses.
const LONGEST: usize = 2048;

/// The addresses that may be meant, preferred ones first.
///
/// A scheme that was typed is kept; a port that was typed is kept. What web clients add behind the address
/// (`/web/index.html#…`) is dropped, a path of the server's own is kept. So is the dot of the sentence in which it
/// stood.
///
/// # Errors
/// `Malformed` when no address can be made of the text.
pub fn candidates(text: &str, kind: SourceKind) -> Result<Vec<ServerUrl>, AddressProblem> {
    let text = text.trim().trim_end_matches('.');
    if text.is_empty() || text.len() > LONGEST || text.contains(char::is_whitespace) {
        return Err(AddressProblem::Malformed);
    }
    let typed_scheme = text.contains("://");
    let whole = if typed_scheme { text.to_owned() } else { format!("http://{}", bracketed(text)) };
    let url = Url::parse(&whole).map_err(|_| AddressProblem::Malformed)?;
    // A colon without a port: the scheme of something else, as `file:/…`.
    if port_of(&whole) == Some("") {
        return Err(AddressProblem::Malformed);
    }
    let url = without_last_dot(url).ok_or(AddressProblem::Malformed)?;
    let base = ServerUrl::try_from(without_web_client(url)).map_err(|_| AddressProblem::Malformed)?;
    if typed_scheme && base.is_tls() == whole.starts_with("https") && has_port(&whole) {
        return Ok(vec![base]);
    }
    let mut result = Vec::new();
    let mut add = |scheme: &str, port: Option<u16>| {
        if let Some(url) = variant(&base, scheme, port)
            && !result.contains(&url)
        {
            result.push(url);
        }
    };
    let port = has_port(&whole).then(|| base.port());
    let scheme = if base.is_tls() { "https" } else { "http" };
    match (typed_scheme, port, kind) {
        (true, _, SourceKind::Plex) => {
            add(scheme, None);
            add(scheme, Some(PLEX));
        }
        (true, ..) => {
            add(scheme, None);
            add(scheme, Some(if base.is_tls() { JELLYFIN_HTTPS } else { JELLYFIN_HTTP }));
        }
        (false, Some(port), _) => {
            add("https", Some(port));
            add("http", Some(port));
        }
        (false, None, SourceKind::Plex) => {
            add("https", Some(PLEX));
            add("http", Some(PLEX));
            add("https", None);
        }
        (false, None, _) => {
            add("https", None);
            add("http", Some(JELLYFIN_HTTP));
            add("https", Some(JELLYFIN_HTTPS));
            add("http", None);
        }
    }
    if result.is_empty() { Err(AddressProblem::Malformed) } else { Ok(result) }
}

/// Puts brackets around a bare IPv6 address.
fn bracketed(text: &str) -> String {
    let (host, rest) = text.split_at(text.find('/').unwrap_or(text.len()));
    if host.parse::<std::net::Ipv6Addr>().is_ok() { format!("[{host}]{rest}") } else { text.to_owned() }
}

/// Whether the authority of an address names a port.
fn has_port(whole: &str) -> bool {
    port_of(whole).is_some()
}

/// What the authority of an address has behind its colon.
fn port_of(whole: &str) -> Option<&str> {
    let authority = whole.split("://").nth(1).unwrap_or(whole).split(['/', '?', '#']).next().unwrap_or("");
    let host_end = authority.rfind(']').unwrap_or(0);
    authority[host_end..].split_once(':').map(|(_, port)| port)
}

/// The name of the root that a person may have written (`media.lan.`) is for name servers, not for certificates.
fn without_last_dot(mut url: Url) -> Option<Url> {
    let name = match url.host() {
        Some(Host::Domain(name)) if name.ends_with('.') => name.trim_end_matches('.').to_owned(),
        _ => return Some(url),
    };
    url.set_host(Some(&name)).ok()?;
    Some(url)
}

/// The base address of a server, whose web client stands at an address.
pub(super) fn base_of_page(page: ServerUrl) -> ServerUrl {
    ServerUrl::try_from(without_web_client(page.join(""))).unwrap_or(page)
}

/// The encrypted address to which one without encryption has led.
pub(super) fn encrypted(url: &ServerUrl, port: Option<u16>) -> ServerUrl {
    let led_to = if url.is_tls() { None } else { variant(url, "https", port) };
    led_to.unwrap_or_else(|| url.clone())
}

fn without_web_client(mut url: Url) -> Url {
    url.set_fragment(None);
    url.set_query(None);
    let path = url.path().to_owned();
    let cut = path.find("/web/").or_else(|| path.strip_suffix("/web").map(str::len));
    if let Some(end) = cut {
        url.set_path(&path[..end]);
    } else if let Some(kept) = path.strip_suffix("/index.html") {
        url.set_path(kept);
    }
    url
}

fn variant(base: &ServerUrl, scheme: &str, port: Option<u16>) -> Option<ServerUrl> {
    let host = base.host()?;
    let path = base.join("").path().trim_end_matches('/').to_owned();
    let text = match port {
        Some(port) => format!("{scheme}://{host}:{port}{path}"),
        None => format!("{scheme}://{host}{path}"),
    };
    text.parse().ok()
}

/// The problem to name when no candidate was a server: the one that says most about what is there.
pub(super) fn most_telling(problems: Vec<AddressProblem>) -> AddressProblem {
    let weight = |problem: &AddressProblem| match problem {
        AddressProblem::TooOld { .. } => 0,
        AddressProblem::Emby => 1,
        AddressProblem::SettingUp => 2,
        AddressProblem::Certificate(_) | AddressProblem::Unreachable(ErrorKind::TlsCertificate) => 3,
        AddressProblem::NotAServer | AddressProblem::WebPage => 4,
        AddressProblem::Redirected => 5,
        AddressProblem::Unreachable(ErrorKind::Server) => 6,
        AddressProblem::Unreachable(ErrorKind::Dns) => 7,
        AddressProblem::Unreachable(ErrorKind::Refused) => 9,
        AddressProblem::Unreachable(_) => 8,
        AddressProblem::Malformed => 10,
    };
    problems.into_iter().min_by_key(weight).unwrap_or(AddressProblem::Malformed)
}

/// Whether an address can only be in the own network: private and loopback addresses, names without a dot
/// and names of the local domains.
pub(in crate::services) fn tier_of(url: &ServerUrl) -> Tier {
    let local = match url.host() {
        Some(Host::Ipv4(address)) => is_private(address),
        Some(Host::Ipv6(address)) => match IpAddr::V6(address).to_canonical() {
            IpAddr::V4(address) => is_private(address),
            IpAddr::V6(address) => {
                address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
            }
        },
        Some(Host::Domain(name)) => {
            let suffixes = [".local", ".lan", ".home.arpa", ".internal"];
            !name.contains('.') || suffixes.iter().any(|suffix| name.ends_with(suffix))
        }
        None => false,
    };
    if local { Tier::Local } else { Tier::Remote }
}

fn is_private(address: Ipv4Addr) -> bool {
    address.is_private() || address.is_loopback() || address.is_link_local()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn jellyfin(text: &str) -> Vec<String> {
        candidates(text, SourceKind::Jellyfin).unwrap().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_bare_name_tries_schemes_and_ports() {
        assert_eq!(
            jellyfin(" media.lan "),
            ["https://media.lan", "http://media.lan:8096", "https://media.lan:8920", "http://media.lan"]
        );
    }

    #[test]
    fn a_typed_port_is_kept() {
        assert_eq!(jellyfin("10.0.0.2:9000"), ["https://10.0.0.2:9000", "http://10.0.0.2:9000"]);
        assert_eq!(jellyfin("http://10.0.0.2:9000"), ["http://10.0.0.2:9000"]);
    }

    #[test]
    fn a_typed_scheme_is_kept() {
        assert_eq!(jellyfin("https://x.org/jelly/"), ["https://x.org/jelly", "https://x.org:8920/jelly"]);
    }

    #[test]
    fn pasted_web_addresses_are_cut() {
        assert_eq!(jellyfin("http://10.0.0.2:8096/web/index.html#!/home.html"), ["http://10.0.0.2:8096"]);
        assert_eq!(jellyfin("https://x.org:443/jelly/web/#/home")[0], "https://x.org/jelly");
    }

    #[test]
    fn ipv6_is_bracketed() {
        assert_eq!(jellyfin("fd00::5")[1], "http://[fd00::5]:8096");
        assert_eq!(jellyfin("[fd00::5]:8096"), ["https://[fd00::5]:8096", "http://[fd00::5]:8096"]);
    }

    #[test]
    fn a_dot_at_the_end_is_not_meant() {
        assert_eq!(jellyfin(" media.lan.  "), jellyfin("media.lan"));
        assert_eq!(jellyfin("10.0.0.2:9000."), jellyfin("10.0.0.2:9000"));
        assert_eq!(jellyfin("http://media.lan.:9000/jelly/."), ["http://media.lan:9000/jelly"]);
    }

    #[test]
    fn nonsense_is_malformed() {
        let long = format!("{}.example", "a".repeat(10_000));
        for text in [
            "",
            "  ",
            ".",
            "...",
            "a b",
            "http://",
            "http://.",
            "ftp://x",
            "http://[::zz]",
            "://",
            &long,
            "javascript:alert(1)",
            "javascript://x",
            "file:///etc/passwd",
            "file:/etc/passwd",
            "data:text/html,x",
        ] {
            assert_eq!(candidates(text, SourceKind::Jellyfin), Err(AddressProblem::Malformed), "{text:?}");
        }
    }

    #[test]
    fn a_page_tells_where_its_server_is() {
        for (page, base) in [
            ("https://x.org/jelly/web", "https://x.org/jelly"),
            ("http://x.org:8096/web/index.html", "http://x.org:8096"),
            ("https://x.org/jelly", "https://x.org/jelly"),
            ("https://x.org", "https://x.org"),
        ] {
            assert_eq!(base_of_page(page.parse().unwrap()).to_string(), base);
        }
    }

    #[test]
    fn tiers_of_addresses() {
        for (text, tier) in [
            ("http://192.168.1.4", Tier::Local),
            ("http://127.0.0.1:1", Tier::Local),
            ("http://attic", Tier::Local),
            ("http://attic.lan", Tier::Local),
            ("http://[fd00::1]", Tier::Local),
            ("https://media.example.org", Tier::Remote),
            ("https://203.0.113.7", Tier::Remote),
        ] {
            assert_eq!(tier_of(&text.parse().unwrap()), tier, "{text}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC*") {
            let _any = candidates(&text, SourceKind::Jellyfin);
            let _any = candidates(&text, SourceKind::Plex);
        }
    }
}
