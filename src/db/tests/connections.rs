//! Verdicts and measurements of connections.

use std::time::Duration;

use super::*;
use crate::db::{Measurement, Stats, Verdict};
use crate::models::{ServerConnection, Tier};

fn verdict(source: SourceId, fingerprint: &str, uri: &str) -> Verdict {
    Verdict {
        source,
        fingerprint: fingerprint.to_owned(),
        uri: url(uri),
        score: -1955,
        rtt: Duration::from_micros(4_321),
        decided_at: minute(1),
        expires_at: minute(31),
    }
}

async fn record(
    stats: &Stats<'_>,
    source: SourceId,
    uri: &ServerUrl,
    network: &str,
    outcome: Result<Duration, &str>,
) {
    let outcome = outcome.map_err(str::to_owned);
    let measurement = Measurement { uri: uri.clone(), score: 7, outcome };
    stats.record(source, network, minute(2), &[measurement]).await.unwrap();
}

#[tokio::test]
async fn a_network_has_its_own_verdict() {
    let fixture = Fixture::new().await;
    let source = fixture.place(SourceKind::Plex).await.source;
    let other = fixture.place(SourceKind::Plex).await.source;
    let verdicts = fixture.db.verdicts();
    assert_eq!(verdicts.get(source, "home").await.unwrap(), None);
    let (home, away) =
        (verdict(source, "home", "https://10.0.0.2/base"), verdict(source, "away", "https://b"));
    let foreign = verdict(other, "home", "https://c");
    for verdict in [&home, &away, &foreign] {
        verdicts.put(verdict).await.unwrap();
    }
    assert_eq!(verdicts.get(source, "home").await.unwrap(), Some(home));
    assert_eq!(verdicts.get(source, "away").await.unwrap(), Some(away));

    let again = verdict(source, "home", "https://d");
    verdicts.put(&again).await.unwrap();
    assert_eq!(verdicts.get(source, "home").await.unwrap(), Some(again));

    verdicts.remove(source).await.unwrap();
    assert_eq!(verdicts.get(source, "home").await.unwrap(), None);
    assert_eq!(verdicts.get(source, "away").await.unwrap(), None);
    assert_eq!(verdicts.get(other, "home").await.unwrap(), Some(foreign));
}

#[tokio::test]
async fn a_verdict_with_an_unreadable_address_is_none() {
    let fixture = Fixture::new().await;
    let source = fixture.place(SourceKind::Plex).await.source;
    fixture.db.verdicts().put(&verdict(source, "home", "https://a")).await.unwrap();
    fixture.db.write("UPDATE connection_verdicts SET uri = 'attic'", []).await.unwrap();
    assert_eq!(fixture.db.verdicts().get(source, "home").await.unwrap(), None);
}

#[tokio::test]
async fn latency_is_smoothed_by_an_eighth() {
    let fixture = Fixture::new().await;
    let source = fixture.place(SourceKind::Jellyfin).await.source;
    let stats = fixture.db.stats();
    let uri = url("http://10.0.0.2:8096");
    let answer = |ms| Ok(Duration::from_millis(ms));
    // A failure before the first answer says nothing of the latency.
    for outcome in [Err("Timeout"), answer(80), answer(160), Err("Refused")] {
        record(&stats, source, &uri, "home", outcome).await;
    }
    let found = stats.list(source, "home").await.unwrap();
    let stat = &found[&uri];
    assert!((stat.ewma_ms - 90.0).abs() < 1e-9, "{}", stat.ewma_ms);
    assert_eq!((stat.successes, stat.failures, stat.last_error.as_deref()), (2, 2, Some("Refused")));

    record(&stats, source, &uri, "home", answer(90)).await;
    let found = stats.list(source, "home").await.unwrap();
    assert_eq!((found[&uri].successes, found[&uri].last_error.as_deref()), (3, None));
}

#[tokio::test]
async fn measurements_belong_to_a_network_and_an_address() {
    let fixture = Fixture::new().await;
    let source = fixture.place(SourceKind::Jellyfin).await.source;
    let stats = fixture.db.stats();
    let (a, b) = (url("https://a"), url("https://b:8920/base"));
    record(&stats, source, &a, "home", Ok(Duration::from_micros(1_500))).await;
    record(&stats, source, &b, "home", Err("Tls")).await;
    record(&stats, source, &a, "away", Ok(Duration::from_millis(90))).await;
    let home = stats.list(source, "home").await.unwrap();
    assert_eq!(home.len(), 2);
    assert!((home[&a].ewma_ms - 1.5).abs() < 1e-9);
    assert_eq!((home[&b].failures, home[&b].successes), (1, 0));
    assert_eq!(stats.list(source, "away").await.unwrap().len(), 1);
    assert!(stats.list(SourceId::random(), "home").await.unwrap().is_empty());
}

#[tokio::test]
async fn a_check_updates_the_stored_list_too() {
    let fixture = Fixture::new().await;
    let source = fixture.place(SourceKind::Jellyfin).await.source;
    let sources = fixture.db.sources();
    let (a, b) = (url("https://a"), url("https://b"));
    let both = [&a, &b].map(|uri| ServerConnection::new(uri.clone(), Tier::Remote));
    sources.edit_connections(source, |list| list.connections = both.to_vec()).await.unwrap();
    let stats = fixture.db.stats();
    record(&stats, source, &a, "home", Ok(Duration::from_millis(12))).await;
    let list = sources.get(source).await.unwrap().connections;
    assert_eq!(list.last_check, Some(minute(2)));
    let first = &list.connections[0];
    assert_eq!((first.is_available, first.response_time_ms, first.priority), (true, Some(12), 7));
    assert!(!list.connections[1].is_available);
    record(&stats, source, &a, "home", Err("Refused")).await;
    let first = &sources.get(source).await.unwrap().connections.connections[0];
    assert_eq!((first.is_available, first.response_time_ms), (false, None));
}
