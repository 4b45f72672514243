//! Whether a folder is there.
//!
//! Asking a dead network mount can take for ever. Every question has its own thread, which nobody has to wait for,
//! and a time limit; a folder that has not answered yet is not asked again, so that there is one such thread for it
//! at most.

use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::{BoxFuture, Shared};
use tokio::sync::oneshot;
use tokio::time::timeout;
use tracing::debug;

use super::disk::root_mark;
use crate::models::RootMark;
use crate::net::ErrorKind;

/// A folder that does not answer within this is away: a disk that has to spin up first takes less.
const LIMIT: Duration = Duration::from_secs(15);

/// A folder at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glimpse {
    /// What it is to the file system.
    pub mark: RootMark,
    /// Time of the last change of its list of entries, in seconds and nanoseconds.
    pub changed: (i64, i64),
}

/// Whether a folder is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It is, and can be read.
    There(Glimpse),
    /// It is not, cannot be read, or does not answer: `Offline` then.
    Away(ErrorKind),
}

impl Presence {
    /// Whether it is there.
    pub fn is_there(self) -> bool {
        matches!(self, Self::There(_))
    }
}

/// Asks the file system.
type Probe = dyn Fn(&Path) -> io::Result<Glimpse> + Send + Sync;
type Answer = Shared<BoxFuture<'static, Presence>>;

/// Looks at folders. Cheap to clone; all clones share what they wait for.
#[derive(Clone)]
pub struct FolderLooks {
    limit: Duration,
    probe: Arc<Probe>,
    waiting: Arc<Mutex<HashMap<PathBuf, Answer>>>,
    /// Folders that had nothing in them of what they should have, as they were then.
    deserted: Arc<Mutex<HashMap<PathBuf, Glimpse>>>,
}

impl fmt::Debug for FolderLooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FolderLooks").field("limit", &self.limit).finish_non_exhaustive()
    }
}

impl Default for FolderLooks {
    fn default() -> Self {
        Self::with_probe(LIMIT, glimpse)
    }
}

impl FolderLooks {
    /// Looks by `probe`, which may block, and waits no longer than `limit` for it.
    pub fn with_probe(
        limit: Duration,
        probe: impl Fn(&Path) -> io::Result<Glimpse> + Send + Sync + 'static,
    ) -> Self {
        Self { limit, probe: Arc::new(probe), waiting: Arc::default(), deserted: Arc::default() }
    }

    /// Whether a folder can be read, whatever is in it.
    pub async fn reach(&self, folder: &Path) -> Presence {
        timeout(self.limit, self.ask(folder)).await.unwrap_or(Presence::Away(ErrorKind::Offline))
    }

    /// Whether a folder is there, with what it should have as far as is known.
    pub async fn look(&self, folder: &Path) -> Presence {
        let presence = self.reach(folder).await;
        let deserted = lock(&self.deserted).get(folder).copied();
        match presence {
            Presence::There(glimpse) if Some(glimpse) == deserted => Presence::Away(ErrorKind::NotFound),
            Presence::There(_) => {
                lock(&self.deserted).remove(folder);
                presence
            }
            Presence::Away(_) => presence,
        }
    }

    /// Notes that a folder, as it was at this glimpse, had nothing in it of what it should have: it counts as away
    /// until it is another.
    pub fn note_deserted(&self, folder: &Path, glimpse: Glimpse) {
        lock(&self.deserted).insert(folder.to_owned(), glimpse);
    }

    /// Forgets that a folder was found deserted.
    pub fn forget(&self, folder: &Path) {
        lock(&self.deserted).remove(folder);
    }

    /// The answer that is waited for already, or a new one.
    fn ask(&self, folder: &Path) -> Answer {
        let mut waiting = lock(&self.waiting);
        if let Some(answer) = waiting.get(folder) {
            return answer.clone();
        }
        let (sender, receiver) = oneshot::channel();
        let (looks, path) = (self.clone(), folder.to_owned());
        let asked = thread::Builder::new().name("folder-look".to_owned()).spawn(move || {
            let presence = match (looks.probe)(&path) {
                Ok(glimpse) => Presence::There(glimpse),
                Err(error) => Presence::Away(kind(&error)),
            };
            lock(&looks.waiting).remove(&path);
            // Whoever asked may have given up.
            let _gone = sender.send(presence);
        });
        if let Err(error) = asked {
            debug!(error = %error.kind(), "no thread to look at a folder");
            return async { Presence::Away(ErrorKind::Storage) }.boxed().shared();
        }
        let answer = receiver.map(|answer| answer.unwrap_or(Presence::Away(ErrorKind::Storage)));
        let answer = answer.boxed().shared();
        waiting.insert(folder.to_owned(), answer.clone());
        answer
    }
}

/// Looks at a folder. Blocks.
///
/// # Errors
/// When it is not there or cannot be read.
pub fn glimpse(folder: &Path) -> io::Result<Glimpse> {
    // An automatic mount is made by reading, not by asking what it is.
    fs::read_dir(folder)?.next().transpose()?;
    let metadata = fs::metadata(folder)?;
    Ok(Glimpse { mark: root_mark(folder)?, changed: (metadata.mtime(), metadata.mtime_nsec()) })
}

fn kind(error: &io::Error) -> ErrorKind {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => ErrorKind::NotFound,
        io::ErrorKind::PermissionDenied => ErrorKind::Forbidden,
        _ => ErrorKind::Offline,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// Longer than any machine needs to answer.
    const PATIENCE: Duration = Duration::from_hours(1);

    /// Looks where folders called "dead" never answer, until the sender goes; and a word for each time that one of
    /// those is asked.
    fn with_a_dead_mount(limit: Duration) -> (FolderLooks, mpsc::Sender<()>, mpsc::Receiver<()>) {
        let (alive, hangs) = mpsc::channel();
        let (ask, asked) = mpsc::channel();
        let (hangs, ask) = (Mutex::new(hangs), Mutex::new(ask));
        let looks = FolderLooks::with_probe(limit, move |folder| {
            if folder.ends_with("dead") {
                lock(&ask).send(()).unwrap();
                let _released = lock(&hangs).recv();
            }
            glimpse(folder)
        });
        (looks, alive, asked)
    }

    fn with_patience(looks: FolderLooks) -> FolderLooks {
        FolderLooks { limit: PATIENCE, ..looks }
    }

    #[tokio::test]
    async fn a_mount_that_hangs_holds_up_nobody_and_is_asked_once() {
        let root = tempfile::tempdir().unwrap();
        let dead = root.path().join("dead");
        fs::create_dir(&dead).unwrap();
        let (looks, alive, asked) = with_a_dead_mount(PATIENCE);
        let hanging: Vec<_> = (0..3)
            .map(|_| {
                let (looks, dead) = (looks.clone(), dead.clone());
                tokio::spawn(async move { looks.look(&dead).await })
            })
            .collect();
        assert!(looks.look(root.path()).await.is_there());
        assert!(hanging.iter().all(|look| !look.is_finished()));
        drop(alive);
        for look in hanging {
            assert!(look.await.unwrap().is_there());
        }
        assert_eq!(asked.try_iter().count(), 1);
        assert!(looks.look(&dead).await.is_there(), "it is asked again once it has answered");
        assert_eq!(asked.try_iter().count(), 1);
    }

    #[tokio::test]
    async fn a_mount_that_does_not_answer_in_time_is_away() {
        let root = tempfile::tempdir().unwrap();
        let dead = root.path().join("dead");
        let (looks, alive, asked) = with_a_dead_mount(Duration::from_millis(5));
        for _ in 0..3 {
            assert_eq!(looks.look(&dead).await, Presence::Away(ErrorKind::Offline));
        }
        asked.recv_timeout(PATIENCE).unwrap();
        drop(alive);
        // Nobody is left who could ask once this has its answer.
        let presence = with_patience(looks).look(&dead).await;
        assert_eq!(presence, Presence::Away(ErrorKind::NotFound));
        assert!(asked.try_iter().count() <= 1, "there is never a second question at a time");
    }

    #[tokio::test]
    async fn a_deserted_folder_is_away_until_it_is_another() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("usb");
        fs::create_dir(&folder).unwrap();
        let looks = FolderLooks::default();
        let Presence::There(seen) = looks.look(&folder).await else { panic!("it is there") };
        looks.note_deserted(&folder, seen);
        assert_eq!(looks.look(&folder).await, Presence::Away(ErrorKind::NotFound));
        fs::remove_dir(&folder).unwrap();
        assert_eq!(looks.look(&folder).await, Presence::Away(ErrorKind::NotFound));
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("film.mkv"), "x").unwrap();
        assert!(looks.look(&folder).await.is_there());
    }

    #[tokio::test]
    async fn what_is_no_folder_is_away() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("file"), "x").unwrap();
        let looks = FolderLooks::default();
        for name in ["gone", "file"] {
            assert_eq!(looks.look(&root.path().join(name)).await, Presence::Away(ErrorKind::NotFound));
        }
    }
}
