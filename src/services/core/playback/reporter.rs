//! The reports of running playbacks, in their order.
//!
//! What a report means is stored here at once, whatever the server does; servers learn of it one report after the
//! other, so that a slow answer never lets an older place arrive after a newer one. While a server is slow only the last
//! place counts: what waits is replaced, but for a beginning and an end, which are told each exactly once.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Noted, PlaybackService};
use crate::models::{MediaId, PlaybackEvent, PlaybackReport};
use crate::services::{AppContext, Result};

/// Takes in reports and brings them where they belong. Cheap to clone.
#[derive(Debug, Clone)]
pub struct PlaybackReporter(Arc<Reporter>);

#[derive(Debug)]
struct Reporter {
    ctx: AppContext,
    /// Still to be stored here. A lock of a moment.
    said: Mutex<VecDeque<(MediaId, PlaybackReport)>>,
    /// Stored, still to be told. Held by whoever stores.
    noted: tokio::sync::Mutex<Backlog<Noted>>,
    /// Held by whoever tells.
    telling: tokio::sync::Mutex<()>,
}

impl PlaybackReporter {
    /// A reporter with nothing to do.
    pub fn new(ctx: &AppContext) -> Self {
        Self(Arc::new(Reporter {
            ctx: ctx.clone(),
            said: Mutex::default(),
            noted: tokio::sync::Mutex::default(),
            telling: tokio::sync::Mutex::default(),
        }))
    }

    /// Takes in a report; [`PlaybackReporter::work`] has to follow.
    pub fn say(&self, item: MediaId, report: PlaybackReport) {
        self.0.said.lock().unwrap_or_else(PoisonError::into_inner).push_back((item, report));
    }

    /// Stores everything that was said, then tells the servers. Returns when nothing is left to be done.
    ///
    /// # Errors
    /// Only when something could not be stored here. What a server did not take waits in the outbox.
    pub async fn work(&self) -> Result<()> {
        let Reporter { ctx, said, noted, telling } = &*self.0;
        let mut failed = Ok(());
        {
            let mut noted = noted.lock().await;
            loop {
                let next = said.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                let Some((item, report)) = next else { break };
                match PlaybackService::note(ctx, item, &report).await {
                    Ok(note) => noted.push(item, report, note),
                    Err(error) => failed = Err(error),
                }
            }
        }
        let _turn = telling.lock().await;
        loop {
            let Some(Waiting { item, report, note }) = noted.lock().await.pop() else { break };
            if let Err(error) = PlaybackService::tell(ctx, item, &report, &note).await {
                failed = Err(error);
            }
        }
        failed
    }
}

/// A report that waits to be told.
#[derive(Debug)]
struct Waiting<N> {
    item: MediaId,
    report: PlaybackReport,
    note: N,
}

/// Reports that wait to be told.
#[derive(Debug)]
struct Backlog<N>(VecDeque<Waiting<N>>);

impl<N> Default for Backlog<N> {
    fn default() -> Self {
        Self(VecDeque::new())
    }
}

impl<N> Backlog<N> {
    /// Adds a report; a place that the last one tells of the same playback is of no interest any more.
    fn push(&mut self, item: MediaId, report: PlaybackReport, note: N) {
        let is_replaced = self.0.back().is_some_and(|last| {
            last.item == item
                && is_place(last.report.event)
                && report.event != PlaybackEvent::Started
                && last.report.play_session_id == report.play_session_id
        });
        if is_replaced {
            self.0.pop_back();
        }
        self.0.push_back(Waiting { item, report, note });
    }

    fn pop(&mut self) -> Option<Waiting<N>> {
        self.0.pop_front()
    }
}

/// Whether an event tells where it is, and nothing else.
fn is_place(event: PlaybackEvent) -> bool {
    matches!(event, PlaybackEvent::Playing | PlaybackEvent::Paused)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use chrono::Utc;

    use super::*;
    use crate::models::PlayMethod;

    fn told(reports: &[(i64, PlaybackEvent, u64)]) -> Vec<(i64, PlaybackEvent, u64)> {
        let mut backlog = Backlog::default();
        for (item, event, seconds) in reports {
            let report = PlaybackReport {
                event: *event,
                position: Duration::from_secs(*seconds),
                duration: None,
                at: Utc::now(),
                version_id: None,
                play_session_id: Some(item.to_string()),
                method: PlayMethod::Direct,
            };
            backlog.push(MediaId(*item), report, ());
        }
        let mut told = Vec::new();
        while let Some(Waiting { item, report, .. }) = backlog.pop() {
            told.push((item.0, report.event, report.position.as_secs()));
        }
        told
    }

    #[test]
    fn only_the_last_place_is_told_and_every_beginning_and_end() {
        use PlaybackEvent::{Paused, Playing, Started, Stopped};
        let said = [
            (1, Started, 0),
            (1, Playing, 10),
            (1, Playing, 20),
            (1, Paused, 25),
            (1, Stopped, 25),
            (2, Started, 0),
            (2, Playing, 10),
            (1, Started, 25),
            (1, Playing, 30),
        ];
        let expected = [
            (1, Started, 0),
            (1, Stopped, 25),
            (2, Started, 0),
            (2, Playing, 10),
            (1, Started, 25),
            (1, Playing, 30),
        ];
        assert_eq!(told(&said), expected);
    }

    #[test]
    fn a_place_of_another_item_is_left_alone() {
        let said = [(1, PlaybackEvent::Playing, 10), (2, PlaybackEvent::Playing, 20)];
        assert_eq!(told(&said), said);
    }
}
