//! Notices that something in a folder has changed.

use std::io;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, ModifyKind};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use tracing::debug;

use crate::backends::{BackendError, Result};
use crate::net::ErrorKind;

/// Changes that follow each other faster than this are one: a copied film is many of them.
const QUIET: Duration = Duration::from_secs(2);
/// A folder that never becomes quiet (a long copy) is still looked at this often.
const AT_LATEST: Duration = Duration::from_secs(30);
const CONTEXT: &str = "watch the folder";

/// Watches a folder and everything below, until it is dropped.
#[derive(Debug)]
pub struct FolderWatcher {
    /// `None` only while it is dropped: its end ends the thread.
    watcher: Option<RecommendedWatcher>,
    thread: Option<JoinHandle<()>>,
}

impl FolderWatcher {
    /// Calls `on_change`, on a thread of its own, when something has changed and 2 s have been quiet since.
    ///
    /// # Errors
    /// `NotFound` or `Forbidden` as the folder is, `Storage` when the system watches too many folders already.
    /// Only changes made by this machine are noticed on network folders.
    pub fn start(folder: &Path, on_change: impl Fn() + Send + 'static) -> Result<Self> {
        Self::start_with(folder, QUIET, on_change)
    }

    fn start_with(folder: &Path, quiet: Duration, on_change: impl Fn() + Send + 'static) -> Result<Self> {
        let (sender, changes) = channel();
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            let matters = event.as_ref().map_or(true, |event| matters(event.kind));
            if matters {
                // Nobody listens any more: the watcher is being dropped.
                let _ = sender.send(());
            }
        })
        .map_err(|error| from_notify(&error))?;
        watcher.watch(folder, RecursiveMode::Recursive).map_err(|error| from_notify(&error))?;
        let thread = thread::Builder::new()
            .name("folder-watcher".to_owned())
            .spawn(move || listen(&changes, quiet, &on_change))
            .map_err(|error| BackendError::from_io(CONTEXT, &error))?;
        Ok(Self { watcher: Some(watcher), thread: Some(thread) })
    }
}

impl Drop for FolderWatcher {
    fn drop(&mut self) {
        drop(self.watcher.take());
        if let Some(thread) = self.thread.take()
            && thread.thread().id() != thread::current().id()
        {
            // It has nothing to return, and a panic of `on_change` has been reported where it happened.
            drop(thread.join());
        }
    }
}

/// Ends when the watcher does; a change that is still waiting for quiet is then of no interest.
fn listen(changes: &Receiver<()>, quiet: Duration, on_change: &impl Fn()) {
    while changes.recv().is_ok() {
        let first = Instant::now();
        loop {
            match changes.recv_timeout(quiet) {
                Ok(()) if first.elapsed() < AT_LATEST => {}
                Ok(()) | Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
        debug!("folder changed");
        on_change();
    }
}

/// Whether the folder may hold something else after this event; reading it (as a scan does) changes nothing.
fn matters(kind: EventKind) -> bool {
    match kind {
        EventKind::Access(access) => access == AccessKind::Close(AccessMode::Write),
        EventKind::Modify(ModifyKind::Metadata(_)) => false,
        _ => true,
    }
}

fn from_notify(error: &notify::Error) -> BackendError {
    match &error.kind {
        notify::ErrorKind::Io(error) => BackendError::from_io(CONTEXT, error),
        notify::ErrorKind::PathNotFound => {
            BackendError::from_io(CONTEXT, &io::Error::from(io::ErrorKind::NotFound))
        }
        _ => BackendError::new(ErrorKind::Storage, CONTEXT),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::fs;
    use std::sync::mpsc;

    use super::*;

    /// Longer than any machine needs to deliver an event.
    const PATIENCE: Duration = Duration::from_secs(20);

    #[test]
    fn changes_below_are_told_until_the_end() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("a/b")).unwrap();
        let (sender, told) = mpsc::channel();
        let watcher = FolderWatcher::start_with(root.path(), Duration::from_millis(20), move || {
            let _ = sender.send(());
        })
        .unwrap();
        fs::write(root.path().join("a/b/film.mkv"), b"x").unwrap();
        told.recv_timeout(PATIENCE).unwrap();
        drop(watcher);
        while told.try_recv().is_ok() {}
        assert_eq!(told.recv_timeout(PATIENCE), Err(RecvTimeoutError::Disconnected));
    }

    #[test]
    fn it_may_be_dropped_by_its_own_call() {
        let root = tempfile::tempdir().unwrap();
        let (give, take) = mpsc::channel::<FolderWatcher>();
        let (sender, told) = mpsc::channel();
        let watcher = FolderWatcher::start_with(root.path(), Duration::from_millis(20), move || {
            drop(take.recv());
            let _ = sender.send(());
        })
        .unwrap();
        give.send(watcher).unwrap();
        fs::write(root.path().join("film.mkv"), b"x").unwrap();
        told.recv_timeout(PATIENCE).unwrap();
    }

    #[test]
    fn a_missing_folder_cannot_be_watched() {
        let root = tempfile::tempdir().unwrap();
        let result = FolderWatcher::start(&root.path().join("gone"), || {});
        assert_eq!(result.unwrap_err().kind(), ErrorKind::NotFound);
    }
}
