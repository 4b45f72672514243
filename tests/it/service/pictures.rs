//! The picture pipeline against real servers: what is asked, what is kept, what is tried again.

use std::path::Path;
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use futures::future::join_all;
use gnome_reel::models::{ImageKey, ImageRequest, ImageSize, SourceId};
use gnome_reel::net::ErrorKind;
use gnome_reel::services::clock::Clock;
use gnome_reel::services::core::BackendService;
use gnome_reel::services::images::{Fetched, ImageService, Kept};
use reel_testbed::catalogue::ItemNumber;
use reel_testbed::connection::{ConnectionPlan, Reach};
use reel_testbed::faults::{EVERY_CONNECTION, Fault};
use reel_testbed::record::RecordedRequest;

use crate::support::{Bed, Server, ServerKind, films};

on_both!(
    a_server_gets_six_requests_at_a_time_and_others_beside_them,
    a_picture_that_failed_is_left_alone_until_its_source_is_back,
    a_server_that_cannot_make_a_picture_is_not_given_up,
    that_there_is_no_picture_is_remembered,
    a_harmed_picture_is_fetched_again,
    the_cache_holds_neither_host_nor_token,
);

const AT_A_TIME: usize = 6;

fn pictures(server: &Server) -> Vec<RecordedRequest> {
    let is_picture =
        |request: &RecordedRequest| request.path.contains("/Images/") || request.path.starts_with("/photo/");
    server.recorder().requests().into_iter().filter(is_picture).collect()
}

fn fault_pictures(server: &Server, fault: &Fault, times: Option<u32>) {
    for path in ["/photo/", "/Items/"] {
        match times {
            Some(times) => server.faults().add_times(EVERY_CONNECTION, path, fault.clone(), times),
            None => server.faults().add(EVERY_CONNECTION, path, fault.clone()),
        }
    }
}

fn status(code: u16) -> Fault {
    Fault::Status { code, headers: Vec::new(), body: String::new() }
}

async fn posters(bed: &Bed, id: SourceId) -> Vec<ImageRequest> {
    let items = bed.items(id).await;
    let keys = items.into_iter().filter_map(|item| item.record.images.primary);
    keys.map(|key| ImageRequest { key, size: ImageSize::Small }).collect()
}

async fn bytes(bed: &Bed, id: SourceId, request: &ImageRequest) -> Result<Vec<u8>, ErrorKind> {
    match ImageService::fetch(&bed.ctx, id, request).await {
        Ok(Fetched::Bytes(bytes)) => Ok(bytes),
        Ok(Fetched::File(file)) => panic!("a server's picture is no file: {}", file.display()),
        Err(error) => Err(error.kind()),
    }
}

async fn a_server_gets_six_requests_at_a_time_and_others_beside_them(kind: ServerKind) {
    let plans = vec![ConnectionPlan::new("only", Reach::Local)];
    let server = Server::start_at(kind, films(30), plans).await;
    let (bed, id) = Bed::synced(&server).await;
    let posters = posters(&bed, id).await;
    assert!(posters.len() > 3 * AT_A_TIME);
    server.recorder().clear();
    fault_pictures(&server, &Fault::Silence, None);
    let fetches = posters.iter().map(|poster| ImageService::fetch(&bed.ctx, id, poster));
    let waiting = async {
        while pictures(&server).len() < AT_A_TIME {
            tokio::task::yield_now().await;
        }
        // Pictures that are slow hold nothing else up.
        BackendService::test_connection(&bed.ctx, id).await.unwrap();
        assert_eq!(pictures(&server).len(), AT_A_TIME);
    };
    tokio::select! {
        _ = join_all(fetches) => panic!("nothing was answered"),
        () = waiting => {}
    }
    server.come_back();
    // Whoever was scrolled past is not asked for any more, and its place is free.
    let again = join_all(posters.iter().map(|poster| bytes(&bed, id, poster))).await;
    assert!(again.iter().all(Result::is_ok));
}

async fn a_picture_that_failed_is_left_alone_until_its_source_is_back(kind: ServerKind) {
    let server = Server::start(kind, films(2)).await;
    let (bed, id) = Bed::synced(&server).await;
    let poster = posters(&bed, id).await.remove(0);
    server.recorder().clear();
    fault_pictures(&server, &status(500), None);
    assert_eq!(bytes(&bed, id, &poster).await, Err(ErrorKind::Server));
    server.come_back();
    assert_eq!(bytes(&bed, id, &poster).await, Err(ErrorKind::Server));
    assert_eq!(pictures(&server).len(), 1, "it is asked for once");
    assert!(
        ImageService::again_in(&bed.ctx, id, &poster).is_some_and(|pause| pause <= Duration::from_secs(5))
    );
    ImageService::retry(&bed.ctx, id);
    assert!(bytes(&bed, id, &poster).await.is_ok());
    assert_eq!(ImageService::again_in(&bed.ctx, id, &poster), None);
}

async fn a_server_that_cannot_make_a_picture_is_not_given_up(kind: ServerKind) {
    let server = Server::start(kind, films(12)).await;
    let (bed, id) = Bed::synced(&server).await;
    let posters = posters(&bed, id).await;
    let before = bed.ctx.db.sources().get(id).await.unwrap().connection_url;
    server.recorder().clear();
    fault_pictures(&server, &status(503), None);
    for poster in &posters {
        assert_eq!(bytes(&bed, id, poster).await, Err(ErrorKind::Server));
    }
    assert_eq!(server.recorder().count(server.identity_path()), 0, "nobody doubts the connection");
    assert_eq!(bed.ctx.db.sources().get(id).await.unwrap().connection_url, before);
}

async fn that_there_is_no_picture_is_remembered(kind: ServerKind) {
    let server = Server::start(kind, films(2)).await;
    let (mut bed, id) = Bed::synced(&server).await;
    let poster = posters(&bed, id).await.remove(0);
    server.recorder().clear();
    fault_pictures(&server, &status(404), None);
    for _ in 0..3 {
        assert_eq!(bytes(&bed, id, &poster).await, Err(ErrorKind::NotFound));
    }
    assert_eq!(pictures(&server).len(), 1);
    assert_eq!(ImageService::kept(&bed.ctx, id, &poster), Kept::Absent);
    server.come_back();
    bed.ctx.clock = Clock::from_fn(|| Utc::now() + TimeDelta::days(2));
    assert!(bytes(&bed, id, &poster).await.is_ok());
}

async fn a_harmed_picture_is_fetched_again(kind: ServerKind) {
    let server = Server::start(kind, films(2)).await;
    let (bed, id) = Bed::synced(&server).await;
    let poster = posters(&bed, id).await.remove(0);
    let file = ImageService::file(&bed.ctx, id, &poster).await.unwrap();
    let whole = std::fs::read(&file).unwrap();
    server.recorder().clear();
    std::fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    assert_eq!(ImageService::file(&bed.ctx, id, &poster).await.unwrap(), file);
    assert_eq!(pictures(&server).len(), 1);
    assert!(
        matches!(ImageService::kept(&bed.ctx, id, &poster), Kept::Picture { bytes, .. } if whole.starts_with(&bytes))
    );
}

/// Every file below a folder: its path, and what is in it.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let files = walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap);
    let files = files.filter(|entry| entry.file_type().is_file());
    files.map(|entry| (entry.path().display().to_string(), std::fs::read(entry.path()).unwrap())).collect()
}

async fn the_cache_holds_neither_host_nor_token(kind: ServerKind) {
    let server = Server::start(kind, films(6)).await;
    let (bed, id) = Bed::synced(&server).await;
    for poster in posters(&bed, id).await {
        bytes(&bed, id, &poster).await.unwrap();
    }
    let hosts = server.urls().into_iter().map(|url| url.replace("http://", ""));
    let hidden: Vec<String> = hosts.chain(server.secrets()).chain(["127.0.0.1".to_owned()]).collect();
    let files = files(&bed.ctx.paths.images());
    assert!(files.len() > 3);
    for (path, content) in files {
        let path = path.strip_prefix(&bed.folder.path().display().to_string()).unwrap().to_owned();
        for text in &hidden {
            let is_inside = content.windows(text.len()).any(|part| part == text.as_bytes());
            assert!(!is_inside && !path.contains(text), "{text} in {path}");
        }
    }
}

#[tokio::test]
async fn a_picture_that_may_have_changed_is_asked_about_and_not_sent_again() {
    let server = Server::start(ServerKind::Plex, films(2)).await;
    let (mut bed, id) = Bed::synced(&server).await;
    // A path that says nothing of the time of its picture.
    let key = ImageKey::new(format!("/library/metadata/{}/thumb", server.remote_id(ItemNumber(1))));
    let request = ImageRequest { key, size: ImageSize::Small };
    fault_pictures(&server, &Fault::Headers(vec![("etag".to_owned(), "\"canary-1\"".to_owned())]), None);
    let first = bytes(&bed, id, &request).await.unwrap();
    server.recorder().clear();
    assert!(matches!(ImageService::kept(&bed.ctx, id, &request), Kept::Picture { is_due: false, .. }));
    assert_eq!(bytes(&bed, id, &request).await.unwrap(), first);
    assert!(pictures(&server).is_empty());

    bed.ctx.clock = Clock::from_fn(|| Utc::now() + TimeDelta::days(8));
    assert!(matches!(ImageService::kept(&bed.ctx, id, &request), Kept::Picture { is_due: true, .. }));
    server.come_back();
    fault_pictures(&server, &status(304), Some(1));
    assert_eq!(bytes(&bed, id, &request).await.unwrap(), first);
    assert_eq!(pictures(&server)[0].header("if-none-match"), Some("\"canary-1\""));
    assert!(matches!(ImageService::kept(&bed.ctx, id, &request), Kept::Picture { is_due: false, .. }));

    // One that cannot be asked does not take away what is there.
    bed.ctx.clock = Clock::from_fn(|| Utc::now() + TimeDelta::days(16));
    fault_pictures(&server, &status(500), None);
    assert_eq!(bytes(&bed, id, &request).await.unwrap(), first);
}
