//! The gateway before a pretended upstream: ranges, breaks, silence, changed files, and who may ask.

mod door;
mod files;
mod playlists;
mod server;
mod transfers;

use std::sync::Arc;

use url::Url;

use self::server::PretendedServer;
use super::{Gateway, GatewayStream};
use crate::backends::{Delivery, ExternalSubtitle, Location, MediaRequest, StreamSource};
use crate::models::{Quality, ServerUrl};
use crate::net::{ApiClient, HttpPool, MediaCall, MediaReply, NetError};

/// A token that must be seen nowhere.
const CANARY: &str = "canary-token-Gw4Y";

/// The base addresses of the pretended server.
fn bases() -> Vec<ServerUrl> {
    ["http://lan:32400", "https://wan.example/plex"].map(|base| base.parse().unwrap()).to_vec()
}

fn remote(url: &str) -> Location {
    let headers = vec![("x-plex-token", CANARY.into())];
    Location::Remote(MediaRequest { url: Url::parse(url).unwrap(), headers })
}

fn source(film: &str, subtitles: &[&str]) -> StreamSource {
    let subtitles = subtitles.iter().map(|url| ExternalSubtitle {
        stream_id: "9".to_owned(),
        location: remote(url),
        language: None,
        title: None,
    });
    StreamSource {
        location: remote(film),
        version_id: "1".to_owned(),
        container: None,
        duration: None,
        subtitles: subtitles.collect(),
        play_session_id: None,
        delivery: Delivery::direct(None, Quality::default()),
    }
}

/// A gateway with one playback of a pretended server.
struct Stage {
    server: Arc<PretendedServer>,
    gateway: Gateway,
    stream: StreamSource,
    kept: Option<GatewayStream>,
}

impl Stage {
    async fn new(server: PretendedServer) -> Self {
        Self::playing(server, "http://lan:32400/film.mkv?x=1").await
    }

    async fn playing(server: PretendedServer, film: &str) -> Self {
        let server = Arc::new(server);
        let gateway = Gateway::default();
        let subtitles = ["https://wan.example/plex/film.srt", "http://elsewhere/film.srt"];
        let (upstream, source) = (Arc::clone(&server) as _, source(film, &subtitles));
        let (stream, kept) = gateway.open_over(upstream, &bases(), source).await.unwrap();
        Self { server, gateway, stream, kept: Some(kept) }
    }

    /// What the player opens.
    fn url(&self) -> Url {
        let Location::Remote(request) = &self.stream.location else { panic!("a file") };
        request.url.clone()
    }

    async fn open(&self, range: Option<&str>) -> Result<MediaReply, NetError> {
        fetch(&self.url(), range).await
    }

    /// What the player gets.
    async fn read(&self, range: Option<&str>) -> Vec<u8> {
        body(self.open(range).await.unwrap()).await.unwrap()
    }
}

async fn fetch(url: &Url, range: Option<&str>) -> Result<MediaReply, NetError> {
    let mut base = url.clone();
    base.set_path("");
    let client = ApiClient::new(&HttpPool::new().unwrap(), base.try_into().unwrap());
    let range = range.map(str::to_owned);
    client.open_media(&MediaCall { url: url.clone(), range, if_range: None }).await
}

async fn body(mut reply: MediaReply) -> Result<Vec<u8>, NetError> {
    let mut bytes = Vec::new();
    while let Some(part) = reply.body.chunk().await? {
        bytes.extend_from_slice(&part);
    }
    Ok(bytes)
}
