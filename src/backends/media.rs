//! Media of a server, from whichever of its connections is in use.
//!
//! An address that a server gives holds for one connection. [`MediaTarget`] is what is left of it without the
//! connection, so that the same bytes can be asked for over another one; the credentials are those of the operation
//! and never come from outside.

use std::fmt;

use secrecy::SecretString;
use url::Url;

use super::Result;
use super::error::While as _;
use crate::models::ServerUrl;
use crate::net::{ApiClient, ErrorKind, HttpPool, MediaCall, MediaReply, NetError};

const DOING: &str = "fetch media";
/// Names of query values that are credentials: they travel in headers only.
const CREDENTIALS: [&str; 4] = ["api_key", "apikey", "access_token", "x-plex-token"];

/// What is asked for, without the connection: the path below a server's base address, and the query.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct MediaTarget {
    path: String,
    query: Option<String>,
}

impl fmt::Debug for MediaTarget {
    /// Leaves out both: ids and titles.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MediaTarget")
    }
}

impl MediaTarget {
    /// What an address means at a server; `None` when it does not lie below that base. Credentials in its query are
    /// left out.
    pub fn of(url: &Url, base: &ServerUrl) -> Option<Self> {
        let root = base.join("");
        if url.origin() != root.origin() || !url.username().is_empty() || url.password().is_some() {
            return None;
        }
        let path = url.path().strip_prefix(root.path().trim_end_matches('/'))?;
        if !path.starts_with('/') {
            return None;
        }
        Some(Self { path: path.to_owned(), query: url.query().map(without_credentials) })
    }

    /// The address at a base.
    pub fn at(&self, base: &ServerUrl) -> Url {
        let mut url = base.join(&self.path);
        url.set_query(self.query.as_deref().filter(|query| !query.is_empty()));
        url
    }

    /// The ending of its file name, when it has a plain one: `mkv`.
    pub fn extension(&self) -> Option<&str> {
        let (_, extension) = self.path.rsplit('/').next()?.rsplit_once('.')?;
        let is_plain = (1..=5).contains(&extension.len())
            && extension.bytes().all(|letter| letter.is_ascii_alphanumeric());
        is_plain.then_some(extension)
    }
}

fn without_credentials(query: &str) -> String {
    let is_plain = |pair: &&str| {
        let name = pair.split('=').next().unwrap_or_default();
        !CREDENTIALS.iter().any(|credential| name.eq_ignore_ascii_case(credential))
    };
    query.split('&').filter(is_plain).collect::<Vec<_>>().join("&")
}

/// A request for media.
#[derive(Debug, Clone)]
pub struct MediaAsk {
    /// What is asked for.
    pub target: MediaTarget,
    /// `Range`, as it is sent.
    pub range: Option<String>,
    /// `If-Range`, as it is sent.
    pub if_range: Option<String>,
    /// Headers of this playback. Of those that the backend has itself, the backend's are sent.
    pub headers: Vec<(&'static str, SecretString)>,
    /// Whether to open a new socket: the one in use may be dead.
    pub fresh: bool,
}

/// An answer, and over which connection it comes.
#[derive(Debug)]
pub struct MediaOpened {
    /// The connection.
    pub base: ServerUrl,
    /// The answer.
    pub reply: MediaReply,
}

/// Asks a server.
///
/// # Errors
/// A network kind; `CaptivePortal` when a web page answers.
pub(super) async fn open(client: &ApiClient, ask: &MediaAsk) -> Result<MediaOpened> {
    let base = client.base().clone();
    let pool = client.pool();
    let client = if ask.fresh { client.with_pool(&pool.fresh()) } else { client.clone() };
    let own = ask.headers.iter().filter(|(name, _)| !client.has_header(name)).cloned().collect::<Vec<_>>();
    let client = own
        .iter()
        .try_fold(client, |client, (name, value)| client.with_header(name, value))
        .context(DOING)?;
    let reply = ask_for(&client, ask.target.at(&base), ask).await.context(DOING)?;
    Ok(MediaOpened { base, reply })
}

/// Asks a host that is none of the source's: without any credential.
///
/// # Errors
/// As those of a server.
pub async fn open_elsewhere(pool: &HttpPool, url: &Url, range: Option<&str>) -> Result<MediaOpened> {
    let base = ServerUrl::try_from(url.clone())
        .map_err(|_| NetError::new(ErrorKind::Invalid, "not a web address"))
        .context(DOING)?;
    let client = ApiClient::new(pool, base.clone());
    let call = MediaCall { url: url.clone(), range: range.map(str::to_owned), if_range: None };
    let reply = client.open_media(&call).await.context(DOING)?;
    Ok(MediaOpened { base, reply })
}

async fn ask_for(client: &ApiClient, url: Url, ask: &MediaAsk) -> Result<MediaReply, NetError> {
    let call = MediaCall { url, range: ask.range.clone(), if_range: ask.if_range.clone() };
    let reply = client.open_media(&call).await?;
    let kind = reply.head.content_type.as_deref().unwrap_or_default();
    if kind.starts_with("text/html") {
        return Err(NetError::new(ErrorKind::CaptivePortal, "a web page in place of media"));
    }
    Ok(reply)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn target(url: &str, base: &str) -> Option<MediaTarget> {
        MediaTarget::of(&Url::parse(url).unwrap(), &base.parse().unwrap())
    }

    #[test]
    fn an_address_moves_from_one_base_to_another() {
        let there = |url, base, other: &str| {
            target(url, base).map(|target| target.at(&other.parse().unwrap()).to_string())
        };
        let (lan, wan) = ("http://10.0.0.2:8096", "https://media.example/jellyfin");
        let film = "http://10.0.0.2:8096/Videos/a%20b/stream?static=true&tag=x";
        let moved = "https://media.example/jellyfin/Videos/a%20b/stream?static=true&tag=x";
        assert_eq!(there(film, lan, wan).as_deref(), Some(moved));
        assert_eq!(there(moved, wan, lan).as_deref(), Some(film));
    }

    #[test]
    fn what_is_elsewhere_is_nothing_of_this_server() {
        let base = "https://media.example/jellyfin";
        for stranger in [
            "https://other.example/jellyfin/Videos/1",
            "http://media.example/jellyfin/Videos/1",
            "https://media.example:444/jellyfin/Videos/1",
            "https://media.example/jellyfin2/Videos/1",
            "https://media.example/Videos/1",
            "https://user@media.example/jellyfin/Videos/1",
        ] {
            assert_eq!(target(stranger, base), None, "{stranger}");
        }
    }

    #[test]
    fn credentials_in_a_query_are_left_out() {
        let base = "http://a:8096";
        for (query, left) in [
            ("?api_key=canary", ""),
            ("?a=1&ApiKey=canary&b=2", "?a=1&b=2"),
            ("?X-Plex-Token=canary&path=x", "?path=x"),
        ] {
            let there = target(&format!("http://a:8096/x.ts{query}"), base).unwrap();
            assert_eq!(there.at(&base.parse().unwrap()).as_str(), format!("http://a:8096/x.ts{left}"));
        }
    }

    #[test]
    fn only_plain_endings_are_told() {
        let ending = |path: &str| {
            target(&format!("http://a{path}"), "http://a").unwrap().extension().map(str::to_owned)
        };
        assert_eq!(ending("/x/file.mkv").as_deref(), Some("mkv"));
        assert_eq!(ending("/x.y/file"), None);
        assert_eq!(ending("/x/file.a%2Fb"), None);
        assert_eq!(ending("/x/file.toolongone"), None);
    }
}
