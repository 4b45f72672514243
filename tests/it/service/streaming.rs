//! How a title comes: as it is, or converted; and that nothing converted is left behind.

use std::time::Duration;

use gnome_reel::backends::{Delivery, Location, MediaRequest, NotDirect, StreamProtocol, StreamSource};
use gnome_reel::models::{Decoders, Item, PlayMethod, Quality, RELAY_BITS, SourceId, UsualQuality};
use gnome_reel::net::{ErrorKind, NetworkState};
use gnome_reel::services::core::streaming::Wishes;
use gnome_reel::services::core::{PlaybackService, SourceService};
use reel_testbed::catalogue::ItemNumber;
use reel_testbed::conversions::Converted;
use reel_testbed::faults::{EVERY_CONNECTION, Fault};
use secrecy::ExposeSecret as _;

use crate::support::{Bed, Scene, Server, ServerKind, films};

on_both!(
    a_file_that_can_be_played_comes_as_it_is,
    a_picture_without_a_decoder_is_converted,
    a_container_that_cannot_be_read_is_changed_and_the_picture_copied,
    a_relay_is_never_asked_for_an_original,
    a_metered_network_costs_no_more_than_is_set,
    what_failed_as_it_is_is_converted,
    a_conversion_is_ended_once,
    a_paused_conversion_is_kept,
    a_source_that_goes_leaves_no_conversion,
    two_conversions_end_each_by_itself,
    what_cannot_be_ended_is_no_error,
);

const FILM: ItemNumber = ItemNumber(1);

struct Stage {
    server: Server,
    bed: Bed,
    id: SourceId,
    item: Item,
}

impl Stage {
    async fn new(kind: ServerKind) -> Self {
        let server = Server::start(kind, films(2)).await;
        let (bed, id) = Bed::synced(&server).await;
        let item = bed.item(id, &server.remote_id(FILM)).await;
        Self { server, bed, id, item }
    }

    async fn ask(&self, wishes: &Wishes) -> StreamSource {
        PlaybackService::stream(&self.bed.ctx, self.item.id, wishes).await.unwrap()
    }

    async fn small(&self) -> StreamSource {
        self.ask(&Wishes { quality: Some(Quality::from_kilobits(500)), ..Wishes::default() }).await
    }

    fn converted(&self) -> Converted {
        converted(&self.server)
    }

    async fn end(&self, source: &StreamSource) {
        PlaybackService::end_playback(&self.bed.ctx, source.play_session_id.as_deref().unwrap()).await;
    }
}

fn converted(server: &Server) -> Converted {
    match server {
        Server::Plex(plex) => plex.converted(),
        Server::Jellyfin(jellyfin) => jellyfin.converted(),
    }
}

fn request(source: &StreamSource) -> &MediaRequest {
    let Location::Remote(request) = &source.location else { panic!("a server's film is no file") };
    request
}

async fn fetch(url: &url::Url, request: &MediaRequest) -> reqwest::Response {
    let mut call = reqwest::Client::new().get(url.clone());
    for (name, value) in &request.headers {
        call = call.header(*name, value.expose_secret());
    }
    call.send().await.unwrap()
}

/// Plays the beginning: the playlists, one in the other, and the first segment.
async fn begin(source: &StreamSource) -> Vec<u8> {
    let request = request(source);
    let mut url = request.url.clone();
    for _ in 0..4 {
        let reply = fetch(&url, request).await;
        assert_eq!(reply.status(), 200, "{}", url.path());
        let bytes = reply.bytes().await.unwrap().to_vec();
        if !bytes.starts_with(b"#EXTM3U") {
            return bytes;
        }
        let text = String::from_utf8(bytes).unwrap();
        let next = text.lines().find(|line| !line.starts_with('#') && !line.is_empty()).unwrap();
        url = url.join(next).unwrap();
    }
    panic!("playlists without an end");
}

fn without_h264(decoders: Decoders) -> Decoders {
    let video = decoders.video.into_iter().filter(|decoder| decoder.codec.name() != "h264").collect();
    Decoders { video, ..decoders }
}

async fn a_file_that_can_be_played_comes_as_it_is(kind: ServerKind) {
    let stage = Stage::new(kind).await;
    let source = stage.ask(&Wishes::default()).await;
    let Delivery { method, reasons, protocol, quality, file_bits } = source.delivery.clone();
    assert_eq!((method, protocol, quality), (PlayMethod::Direct, StreamProtocol::File, Quality::Original));
    assert!(reasons.is_empty() && file_bits.is_some());
    assert!(stage.bed.ctx.streams.converted().is_empty());
    stage.end(&source).await;
    assert_eq!(stage.converted(), Converted::default(), "nobody asks to end what was not begun");
}

async fn a_picture_without_a_decoder_is_converted(kind: ServerKind) {
    let stage = Stage::new(kind).await;
    stage.bed.ctx.streams.detect_with(|| without_h264(Decoders::default()));
    let source = stage.ask(&Wishes::default()).await;
    assert_eq!(source.delivery.method, PlayMethod::Transcode);
    assert_eq!(source.delivery.reasons, [NotDirect::VideoCodec]);
    assert_eq!(source.delivery.protocol, StreamProtocol::Hls);
    let url = request(&source).url.to_string();
    for secret in stage.server.secrets() {
        assert!(!url.contains(&secret), "the token is in a header");
    }
    // A transport stream begins with its mark.
    assert_eq!(begin(&source).await[0], 0x47);
    assert_eq!(stage.converted().running.len(), 1);
    stage.end(&source).await;
    assert_eq!(stage.converted().running.len(), 0);
}

async fn a_container_that_cannot_be_read_is_changed_and_the_picture_copied(kind: ServerKind) {
    let stage = Stage::new(kind).await;
    stage.bed.ctx.streams.detect_with(|| {
        let mut decoders = Decoders::default();
        decoders.containers.retain(|container| !container.names().contains(&"mkv"));
        decoders
    });
    let source = stage.ask(&Wishes::default()).await;
    assert_eq!(source.container.as_deref(), Some("mkv"), "what the test is about");
    assert_eq!(source.delivery.method, PlayMethod::Remux);
    assert_eq!(source.delivery.reasons, [NotDirect::Container]);
}

async fn a_relay_is_never_asked_for_an_original(kind: ServerKind) {
    let scene = Scene::with_relay(kind).await;
    let item = scene.bed.item(scene.id, &scene.server.remote_id(FILM)).await;
    let near = PlaybackService::stream(&scene.bed.ctx, item.id, &Wishes::default()).await.unwrap();
    assert_eq!(near.delivery.quality, Quality::Original);
    for line in ["lan", "wan"] {
        scene.line(line).off();
    }
    scene.bed.forget_choice(scene.id).await;
    scene.server.recorder().clear();
    for chosen in [None, Some(Quality::Original), Some(Quality::from_kilobits(40_000))] {
        let wishes = Wishes { quality: chosen, ..Wishes::default() };
        let source = PlaybackService::stream(&scene.bed.ctx, item.id, &wishes).await.unwrap();
        assert_eq!(source.delivery.quality.bits(), Some(RELAY_BITS), "{chosen:?}");
    }
    assert_eq!(scene.in_use().await, "relay");
}

async fn a_metered_network_costs_no_more_than_is_set(kind: ServerKind) {
    let scene = Scene::start(kind).await;
    let item = scene.bed.item(scene.id, &scene.server.remote_id(FILM)).await;
    let ctx = &scene.bed.ctx;
    ctx.streams.set_usual(UsualQuality { metered: Quality::from_kilobits(500), ..UsualQuality::default() });
    scene.line("lan").off();
    scene.bed.forget_choice(scene.id).await;
    let quality = async || {
        let source = PlaybackService::stream(ctx, item.id, &Wishes::default()).await.unwrap();
        (source.delivery.quality.kilobits(), source.delivery.method)
    };
    assert_eq!(quality().await, (0, PlayMethod::Direct));
    ctx.network.set(NetworkState { metered: true, ..NetworkState::default() });
    assert_eq!(quality().await, (500, PlayMethod::Transcode));
}

async fn what_failed_as_it_is_is_converted(kind: ServerKind) {
    let stage = Stage::new(kind).await;
    let source = stage.ask(&Wishes { force_transcode: true, ..Wishes::default() }).await;
    assert_eq!(source.delivery.method, PlayMethod::Transcode);
    assert_eq!(source.delivery.reasons, [NotDirect::Failed]);
}

async fn a_conversion_is_ended_once(kind: ServerKind) {
    let stage = Stage::new(kind).await;
    let source = stage.small().await;
    assert_eq!(source.delivery.reasons.len(), 1, "{:?}", source.delivery.reasons);
    begin(&source).await;
    let session = source.play_session_id.clone().unwrap();
    assert_eq!(stage.converted().running, std::slice::from_ref(&session));
    let ctx = &stage.bed.ctx;
    // Whoever notices that it is over: the last report, the page that is left, the window that closes.
    tokio::join!(
        PlaybackService::end_playback(ctx, &session),
        PlaybackService::end_playback(ctx, &session),
        PlaybackService::end_all(ctx),
    );
    PlaybackService::end_all(ctx).await;
    let Converted { running, begun, ended, .. } = stage.converted();
    assert_eq!((running.len(), begun, ended), (0, 1, vec![session]));
}

async fn a_paused_conversion_is_kept(kind: ServerKind) {
    let stage = Stage::new(kind).await;
    let ctx = &stage.bed.ctx;
    PlaybackService::keep_alive(ctx).await;
    assert!(stage.converted().kept.is_empty(), "nothing is converted");
    let source = stage.small().await;
    let session = source.play_session_id.clone().unwrap();
    PlaybackService::keep_alive(ctx).await;
    PlaybackService::keep_alive(ctx).await;
    assert_eq!(stage.converted().kept, [session.clone(), session]);
    stage.end(&source).await;
    PlaybackService::keep_alive(ctx).await;
    assert_eq!(stage.converted().kept.len(), 2);
}

async fn a_source_that_goes_leaves_no_conversion(kind: ServerKind) {
    let stage = Stage::new(kind).await;
    let first = stage.small().await;
    begin(&first).await;
    SourceService::set_enabled(&stage.bed.ctx, stage.id, false).await.unwrap();
    assert_eq!(stage.converted().running.len(), 0, "switched off");
    SourceService::set_enabled(&stage.bed.ctx, stage.id, true).await.unwrap();
    let second = stage.small().await;
    begin(&second).await;
    SourceService::remove(&stage.bed.ctx, stage.id).await.unwrap();
    let Converted { running, ended, .. } = stage.converted();
    assert_eq!((running.len(), ended.len()), (0, 2), "removed");
}

async fn two_conversions_end_each_by_itself(kind: ServerKind) {
    let stage = Stage::new(kind).await;
    let (first, second) = (stage.small().await, stage.small().await);
    assert_ne!(first.play_session_id, second.play_session_id);
    begin(&first).await;
    begin(&second).await;
    stage.end(&first).await;
    assert_eq!(stage.converted().running, [second.play_session_id.clone().unwrap()]);
    assert_eq!(stage.bed.ctx.streams.converted().len(), 1);
}

async fn what_cannot_be_ended_is_no_error(kind: ServerKind) {
    let stage = Stage::new(kind).await;
    let source = stage.small().await;
    begin(&source).await;
    stage.server.faults().add(
        EVERY_CONNECTION,
        "/",
        Fault::Status { code: 500, headers: Vec::new(), body: String::new() },
    );
    let ended = tokio::time::timeout(Duration::from_secs(30), stage.end(&source)).await;
    assert!(ended.is_ok());
    assert!(stage.bed.ctx.streams.converted().is_empty(), "the server notices by itself");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_does_not_convert_says_so() {
    let stage = Stage::new(ServerKind::Jellyfin).await;
    let Server::Jellyfin(jellyfin) = &stage.server else { panic!("a Jellyfin") };
    jellyfin.allow_conversion(false);
    let wishes = Wishes { force_transcode: true, ..Wishes::default() };
    let error = PlaybackService::stream(&stage.bed.ctx, stage.item.id, &wishes).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    let as_it_is = stage.ask(&Wishes::default()).await;
    assert_eq!(as_it_is.delivery.method, PlayMethod::Direct);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plex_that_decides_nothing_gives_the_file() {
    let stage = Stage::new(ServerKind::Plex).await;
    let gone = Fault::Status { code: 404, headers: Vec::new(), body: "<html></html>".to_owned() };
    stage.server.faults().add(EVERY_CONNECTION, "/video/:/transcode/universal/decision", gone);
    let as_it_is = stage.ask(&Wishes::default()).await;
    assert_eq!(as_it_is.delivery.method, PlayMethod::Direct);
    let small = Wishes { quality: Some(Quality::from_kilobits(500)), ..Wishes::default() };
    let error = PlaybackService::stream(&stage.bed.ctx, stage.item.id, &small).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}
