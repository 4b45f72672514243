//! Many connections under one lock.

#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::net::error::ErrorKind;

fn id(source: SourceId, name: &str) -> ConnectionId {
    ConnectionId::new(source, format!("http://{name}:8096").parse().unwrap())
}

#[tokio::test]
async fn changes_of_many_tasks_are_all_kept() {
    let manager = ConnectionManager::new();
    let id = id(SourceId::random(), "attic");
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..500 {
                    manager.with_tracker(&id, |tracker| tracker.record_failure(ErrorKind::Reset));
                }
            });
        }
    });
    assert_eq!(manager.with_tracker(&id, |tracker| tracker.totals()), (4000, 4000));
}

#[tokio::test]
async fn totals_states_and_removal() {
    let manager = ConnectionManager::new();
    let (one, two) = (SourceId::random(), SourceId::random());
    assert_eq!(manager.stats().success_rate, None);
    manager.with_tracker(&id(one, "a"), ConnectionTracker::record_success);
    manager.with_tracker(&id(one, "b"), |tracker| tracker.record_failure(ErrorKind::Refused));
    manager.with_tracker(&id(two, "c"), |tracker| tracker.record_failure(ErrorKind::WrongServer));
    manager.with_tracker(&id(two, "d"), |_| ());
    let stats = manager.stats();
    assert_eq!((stats.total_connections, stats.total_attempts, stats.total_failures), (4, 3, 2));
    for state in ConnectionState::ALL {
        let expected =
            usize::from(!matches!(state, ConnectionState::Connecting | ConnectionState::Exhausted));
        assert_eq!(stats.count(state), expected, "{state:?}");
        assert_eq!(manager.get_by_state(state).len(), expected, "{state:?}");
    }
    assert!((stats.success_rate.unwrap() - 1.0 / 3.0).abs() < 1e-9);
    assert_eq!(manager.stats_by_source()[&one].success_rate, Some(0.5));
    manager.remove(&id(one, "a"));
    assert!(manager.with_existing(&id(one, "a"), |_| ()).is_none());
    manager.retain(|id| id.source != two);
    assert_eq!(manager.snapshots(DateTime::UNIX_EPOCH).len(), 1);
}

#[tokio::test]
async fn a_reset_of_a_source_leaves_the_others() {
    let manager = ConnectionManager::new();
    let (one, two) = (id(SourceId::random(), "a"), id(SourceId::random(), "b"));
    for id in [&one, &two] {
        (0..5).for_each(|_| manager.with_tracker(id, |tracker| tracker.record_failure(ErrorKind::Refused)));
    }
    assert_eq!(manager.get_by_state(ConnectionState::Exhausted).len(), 2);
    manager.reset_source(one.source);
    assert_eq!(manager.get_by_state(ConnectionState::Exhausted)[0].id(), &two);
    manager.reset_all();
    assert!(manager.get_by_state(ConnectionState::Exhausted).is_empty());
}

#[tokio::test]
async fn health_counts_enabled_sources_by_their_best_connection() {
    let manager = ConnectionManager::new();
    let sources = [(); 4].map(|()| SourceId::random());
    let health = |enabled: &[SourceId], threshold| manager.health(enabled, threshold, DateTime::UNIX_EPOCH);
    assert!(health(&[], 1).is_healthy, "without remote sources nothing is amiss");
    assert!(!health(&sources, 1).is_healthy);
    let fail = |id: &ConnectionId, kind| manager.with_tracker(id, |tracker| tracker.record_failure(kind));
    fail(&id(sources[0], "a"), ErrorKind::WrongServer);
    manager.with_tracker(&id(sources[0], "b"), ConnectionTracker::record_success);
    fail(&id(sources[1], "c"), ErrorKind::WrongServer);
    fail(&id(sources[1], "d"), ErrorKind::Refused);
    fail(&id(sources[2], "e"), ErrorKind::WrongServer);
    let report = health(&sources, 1);
    assert!(report.is_healthy);
    assert_eq!((report.connected, report.recovering, report.failed, report.threshold), (1, 1, 1, 1));
    assert!(!health(&sources, 2).is_healthy);
    assert!(!health(&sources[1..], 1).is_healthy, "a disabled source does not count");
    assert_eq!(health(&sources[..1], 5).threshold, 1);
}
