//! The tables `connection_verdicts` and `connection_stats`.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::{DatabaseTransaction, QueryResult};

use super::row::{get, ms, source_id, time};
use super::sources::edit_list;
use super::{Database, Result, execute};
use crate::models::{ServerUrl, SourceId};

/// Weight of a new measurement in the smoothed latency.
const ALPHA: f64 = 1.0 / 8.0;

/// The stored answer "use this connection now".
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Whose connection.
    pub source: SourceId,
    /// On which network.
    pub fingerprint: String,
    /// Which connection.
    pub uri: ServerUrl,
    /// Its score.
    pub score: i32,
    /// Its round-trip time.
    pub rtt: Duration,
    /// When it was decided.
    pub decided_at: DateTime<Utc>,
    /// Until when it is valid.
    pub expires_at: DateTime<Utc>,
}

/// Chosen connections.
#[derive(Debug)]
pub struct Verdicts<'a>(pub(super) &'a Database);

impl Verdicts<'_> {
    /// The verdict of a source on a network.
    pub async fn get(&self, source: SourceId, fingerprint: &str) -> Result<Option<Verdict>> {
        let sql = "SELECT * FROM connection_verdicts WHERE source_id = ? AND fingerprint = ?";
        let found = self.0.one(sql, [source.to_string().into(), fingerprint.into()], read_verdict).await?;
        Ok(found.flatten())
    }

    /// Stores a verdict.
    pub async fn put(&self, verdict: &Verdict) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO connection_verdicts \
             (source_id, fingerprint, uri, score, rtt_us, decided_at, expires_at) \
             VALUES (?, ?, ?, ?, ?, ?, ?)";
        let values = [
            verdict.source.to_string().into(),
            verdict.fingerprint.clone().into(),
            verdict.uri.to_string().into(),
            verdict.score.into(),
            i64::try_from(verdict.rtt.as_micros()).unwrap_or(i64::MAX).into(),
            ms(verdict.decided_at).into(),
            ms(verdict.expires_at).into(),
        ];
        self.0.write(sql, values).await?;
        Ok(())
    }

    /// Forgets the verdicts of a source, on every network.
    pub async fn remove(&self, source: SourceId) -> Result<()> {
        let sql = "DELETE FROM connection_verdicts WHERE source_id = ?";
        self.0.write(sql, [source.to_string().into()]).await?;
        Ok(())
    }
}

impl Verdicts<'_> {
    /// Forgets all verdicts.
    pub async fn clear(&self) -> Result<()> {
        self.0.write("DELETE FROM connection_verdicts", []).await?;
        Ok(())
    }
}

/// The verdict of a row, if it has one whose address can be read.
pub(super) fn read_verdict(row: &QueryResult) -> Result<Option<Verdict>> {
    let Some(uri) = get::<Option<String>>(row, "uri")?.and_then(|uri| uri.parse().ok()) else {
        return Ok(None);
    };
    Ok(Some(Verdict {
        source: source_id(row, "source_id")?,
        fingerprint: get(row, "fingerprint")?,
        uri,
        score: get(row, "score")?,
        rtt: Duration::from_micros(u64::try_from(get::<i64>(row, "rtt_us")?).unwrap_or_default()),
        decided_at: time(get(row, "decided_at")?),
        expires_at: time(get(row, "expires_at")?),
    }))
}

/// What was measured of a connection on a network.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ConnectionStat {
    /// Smoothed round-trip time in milliseconds; 0 before the first success.
    pub ewma_ms: f64,
    /// Answers.
    pub successes: i64,
    /// Failures.
    pub failures: i64,
    /// Kind of the last failure, when it came after the last success.
    pub last_error: Option<String>,
}

/// What one look at a connection has shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Measurement {
    /// Which connection.
    pub uri: ServerUrl,
    /// Its score by this look.
    pub score: i32,
    /// Its round-trip time, or the kind of its failure.
    pub outcome: std::result::Result<Duration, String>,
}

/// Measurements of connections.
#[derive(Debug)]
pub struct Stats<'a>(pub(super) &'a Database);

impl Stats<'_> {
    /// Takes in what a check or a race has found, in one transaction: statistics of this network, and the
    /// state of each address in the list of the source.
    pub async fn record(
        &self,
        source: SourceId,
        fingerprint: &str,
        at: DateTime<Utc>,
        measurements: &[Measurement],
    ) -> Result<()> {
        let transaction = self.0.begin().await?;
        for measurement in measurements {
            add(&transaction, source, fingerprint, at, measurement).await?;
        }
        edit_list(&transaction, source, |list| {
            for measurement in measurements {
                for stored in list.connections.iter_mut().filter(|stored| stored.uri == measurement.uri) {
                    let rtt = measurement.outcome.as_ref().ok().copied();
                    stored.is_available = rtt.is_some();
                    stored.response_time_ms =
                        rtt.map(|rtt| u32::try_from(rtt.as_millis()).unwrap_or(u32::MAX));
                    stored.priority = measurement.score;
                }
            }
            list.last_check = Some(at);
        })
        .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// All measurements of a source on a network.
    pub async fn list(
        &self,
        source: SourceId,
        fingerprint: &str,
    ) -> Result<HashMap<ServerUrl, ConnectionStat>> {
        let sql = "SELECT uri, ewma_ms, successes, failures, last_error FROM connection_stats \
             WHERE source_id = ? AND fingerprint = ?";
        let rows = self.0.all(sql, [source.to_string().into(), fingerprint.into()], |row| {
            let stat = ConnectionStat {
                ewma_ms: get(row, "ewma_ms")?,
                successes: get(row, "successes")?,
                failures: get(row, "failures")?,
                last_error: get(row, "last_error")?,
            };
            Ok((get::<String>(row, "uri")?, stat))
        });
        Ok(rows.await?.into_iter().filter_map(|(uri, stat)| Some((uri.parse().ok()?, stat))).collect())
    }
}

async fn add(
    transaction: &DatabaseTransaction,
    source: SourceId,
    fingerprint: &str,
    at: DateTime<Utc>,
    measurement: &Measurement,
) -> Result<()> {
    let (rtt, error) = match &measurement.outcome {
        Ok(rtt) => (Some(rtt.as_secs_f64() * 1000.0), None),
        Err(kind) => (None, Some(kind.clone())),
    };
    let sql = "INSERT INTO connection_stats \
         (source_id, fingerprint, uri, ewma_ms, successes, failures, last_error, last_change) \
         VALUES (?1, ?2, ?3, coalesce(?4, 0), ?4 IS NOT NULL, ?4 IS NULL, ?5, ?6) \
         ON CONFLICT (source_id, fingerprint, uri) DO UPDATE SET \
         ewma_ms = CASE WHEN ?4 IS NULL THEN ewma_ms WHEN successes = 0 THEN ?4 \
             ELSE ewma_ms + ?7 * (?4 - ewma_ms) END, \
         successes = successes + (?4 IS NOT NULL), failures = failures + (?4 IS NULL), \
         last_error = ?5, last_change = ?6";
    let values = [
        source.to_string().into(),
        fingerprint.into(),
        measurement.uri.to_string().into(),
        rtt.into(),
        error.into(),
        ms(at).into(),
        ALPHA.into(),
    ];
    execute(transaction, sql, values).await?;
    Ok(())
}
