//! The list of sources: its order, and sources that are switched off.

use std::time::Duration;

use gnome_reel::models::{ItemKind, SourceId};
use gnome_reel::net::ErrorKind;
use gnome_reel::services::ServiceError;
use gnome_reel::services::core::connection::Reach;
use gnome_reel::services::core::monitor::{self, MonitorInput};
use gnome_reel::services::core::{BackendService, SourceService};
use reel_testbed::catalogue::{ItemNumber, WatchState};

use crate::support::{Bed, Server, ServerKind, films, soon};

on_both!(a_source_that_is_off_takes_part_in_nothing, the_monitor_leaves_a_source_that_is_off);

async fn order(bed: &Bed) -> Vec<SourceId> {
    SourceService::list(&bed.ctx).await.unwrap().iter().map(|source| source.id).collect()
}

#[tokio::test]
async fn sources_are_moved_to_any_place() {
    let bed = Bed::new().await;
    let mut ids = Vec::new();
    for number in 0..4 {
        let folder = bed.folder.path().join(format!("films {number}"));
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("A Film (2020).mkv"), "x").unwrap();
        ids.push(SourceService::add_folder(&bed.ctx, &folder, None, None).await.unwrap());
    }
    let [a, b, c, d] = ids[..] else { panic!() };
    for (id, place, wanted) in
        [(d, 0, [d, a, b, c]), (a, 99, [d, b, c, a]), (c, 1, [d, c, b, a]), (c, 1, [d, c, b, a])]
    {
        SourceService::move_to(&bed.ctx, id, place).await.unwrap();
        assert_eq!(order(&bed).await, wanted);
    }
    SourceService::remove(&bed.ctx, c).await.unwrap();
    SourceService::move_to(&bed.ctx, a, 1).await.unwrap();
    assert_eq!(order(&bed).await, [d, a, b]);
    assert!(SourceService::move_to(&bed.ctx, SourceId::random(), 0).await.is_err());
}

async fn a_source_that_is_off_takes_part_in_nothing(kind: ServerKind) {
    let server = Server::start(kind, films(6)).await;
    let begun = WatchState { position: Duration::from_mins(20), favourite: true, ..WatchState::default() };
    server.set_watch_state(ItemNumber(1), begun);
    let (bed, id) = Bed::synced(&server).await;
    let rows = async || {
        let items = bed.ctx.db.items();
        let title = bed.items(id).await[0].record.title.clone();
        [
            items.continue_watching(9).await.unwrap().len(),
            items.recently_added(ItemKind::Movie, 9).await.unwrap().len(),
            items.search(&title, 9).await.unwrap().len(),
        ]
    };
    let shown = rows().await;
    assert!(shown.iter().all(|row| *row > 0), "{shown:?}");

    SourceService::set_enabled(&bed.ctx, id, false).await.unwrap();
    server.recorder().clear();
    assert_eq!(rows().await, [0, 0, 0]);
    let refused = [bed.try_sync(id).await.map(drop), BackendService::test_connection(&bed.ctx, id).await];
    for result in refused {
        assert!(matches!(result, Err(ServiceError::Disabled(known)) if known == id), "{result:?}");
    }
    let choice = gnome_reel::services::core::ConnectionService::select_best_connection(&bed.ctx, id).await;
    assert_eq!(choice.unwrap_err().kind(), ErrorKind::Offline);
    assert_eq!(server.recorder().requests().len(), 0, "its server hears nothing");
    assert_eq!(bed.items(id).await.len(), 6, "what it holds stays");

    SourceService::set_enabled(&bed.ctx, id, true).await.unwrap();
    assert_eq!(rows().await, shown);
    assert!(bed.ctx.db.sources().get(id).await.unwrap().is_online);
    bed.sync(id).await;
}

async fn the_monitor_leaves_a_source_that_is_off(kind: ServerKind) {
    let server = Server::start(kind, films(1)).await;
    let other = match kind {
        ServerKind::Plex => ServerKind::Jellyfin,
        ServerKind::Jellyfin => ServerKind::Plex,
    };
    let other = Server::start(other, films(1)).await;
    let (bed, id) = Bed::with(&server).await;
    other.add_to(&bed.ctx).await.unwrap();
    SourceService::set_enabled(&bed.ctx, id, false).await.unwrap();
    let (inputs, receiver) = tokio::sync::mpsc::unbounded_channel();
    let monitor = tokio::spawn(monitor::run(bed.ctx.clone(), receiver));
    inputs.send(MonitorInput::Start).unwrap();
    let checked = async |server: &Server| {
        soon(async {
            server.recorder().clear();
            while server.recorder().count(server.identity_path()) == 0 {
                inputs.send(MonitorInput::CheckNow(None)).unwrap();
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        })
        .await;
    };
    server.recorder().clear();
    checked(&other).await;
    assert_eq!(server.recorder().requests().len(), 0, "off at the start");

    SourceService::set_enabled(&bed.ctx, id, true).await.unwrap();
    checked(&server).await;
    SourceService::set_enabled(&bed.ctx, id, false).await.unwrap();
    // A look that had begun may end, however long that takes.
    soon(async {
        let mut before = usize::MAX;
        while server.recorder().requests().len() != before {
            before = server.recorder().requests().len();
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    })
    .await;
    checked(&other).await;
    server.recorder().clear();
    checked(&other).await;
    assert_eq!(server.recorder().requests().len(), 0, "off while it runs");
    assert_eq!(bed.ctx.connectivity.status(id).reach, Reach::Unknown);
    drop(inputs);
    monitor.await.unwrap();
}
