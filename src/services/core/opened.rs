//! Files that somebody opens: those in the folder of a source play as its items, the others by themselves.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::playback::rules::{Place, Rules};
use crate::backends::StreamSource;
use crate::backends::local::SingleFile;
use crate::models::{MediaId, PlaybackEvent, PlaybackReport};
use crate::services::{AppContext, Result, ServiceError};

/// Nothing left to see after this: going on would show the credits.
const RESUME_MARGIN: Duration = Duration::from_secs(10);

/// A file that is in no source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedFile {
    path: PathBuf,
    size: u64,
}

/// What a file turns out to be.
#[derive(Debug, Clone)]
pub enum Opened {
    /// An item of a source.
    Item(MediaId),
    /// A file that plays by itself.
    File {
        /// Which, for its reports.
        file: OpenedFile,
        /// What it is called.
        title: String,
        /// How it plays.
        source: Box<StreamSource>,
        /// Where to begin.
        start: Duration,
    },
}

/// Opens files.
pub struct OpenService;

impl OpenService {
    /// Finds out what a file is. One that is known from a folder of a source, under this name or another, is that item.
    ///
    /// # Errors
    /// `NotFound` or `Forbidden` when it cannot be read.
    pub async fn open(ctx: &AppContext, path: &Path) -> Result<Opened> {
        let path = path.to_owned();
        let looked = tokio::task::spawn_blocking(move || SingleFile::read(&path)).await;
        let found = looked.map_err(|_| ServiceError::Cancelled)??;
        if let Some(item) = ctx.db.items().of_file(&found.mark).await? {
            return Ok(Opened::Item(item));
        }
        let file = OpenedFile { path: found.path, size: found.mark.size };
        let start = ctx.db.opened_files().place(&file.path, file.size).await?;
        Ok(Opened::File { file, title: found.title, source: Box::new(found.source), start })
    }

    /// Takes in where the playback of a file is that is in no source.
    pub async fn report(ctx: &AppContext, file: &OpenedFile, report: &PlaybackReport) -> Result<()> {
        let Some(place) = place_after(report) else { return Ok(()) };
        Ok(ctx.db.opened_files().put(&file.path, file.size, place, report.at).await?)
    }
}

/// The place that a report leaves; zero for none, nothing for the one before.
fn place_after(report: &PlaybackReport) -> Option<Duration> {
    if report.event == PlaybackEvent::Started {
        return None;
    }
    let is_over = report.duration.is_some_and(|length| report.position + RESUME_MARGIN >= length);
    match Rules::LOCAL.place(report.position, report.duration) {
        Place::Beginning => Some(Duration::ZERO),
        Place::End if report.event == PlaybackEvent::Stopped || is_over => Some(Duration::ZERO),
        Place::Middle | Place::End => Some(report.position),
    }
}

#[cfg(test)]
mod tests {
    use chrono::Utc;

    use super::*;
    use crate::models::PlayMethod;

    fn after(event: PlaybackEvent, seconds: u64) -> Option<u64> {
        let report = PlaybackReport {
            event,
            position: Duration::from_secs(seconds),
            duration: Some(Duration::from_mins(100)),
            at: Utc::now(),
            version_id: None,
            play_session_id: None,
            method: PlayMethod::Direct,
        };
        place_after(&report).map(|place| place.as_secs())
    }

    #[test]
    fn a_place_is_kept_until_the_end() {
        assert_eq!(after(PlaybackEvent::Started, 600), None);
        assert_eq!(after(PlaybackEvent::Playing, 600), Some(600));
        assert_eq!(after(PlaybackEvent::Stopped, 3), Some(0));
        assert_eq!(after(PlaybackEvent::Playing, 5500), Some(5500), "who sees the credits may go back");
        assert_eq!(after(PlaybackEvent::Stopped, 5500), Some(0));
        assert_eq!(after(PlaybackEvent::Playing, 5995), Some(0));
    }
}
