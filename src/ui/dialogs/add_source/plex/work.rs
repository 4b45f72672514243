//! What goes on in the background.

use std::future::Future;

use super::messages::{News, PlexCommand};

/// What goes on in the background: one thing at a time.
#[derive(Debug)]
pub(super) struct Work {
    out: relm4::Sender<PlexCommand>,
    attempt: u64,
    task: Option<relm4::JoinHandle<()>>,
}

/// Tells the dialog what came of an attempt.
#[derive(Debug, Clone)]
pub(super) struct Teller {
    out: relm4::Sender<PlexCommand>,
    attempt: u64,
}

impl Teller {
    pub(super) fn tell(&self, news: News) {
        // The dialog may be gone.
        let _gone = self.out.send(PlexCommand { attempt: self.attempt, news });
    }
}

impl Work {
    pub(super) fn new(out: &relm4::Sender<PlexCommand>) -> Self {
        Self { out: out.clone(), attempt: 0, task: None }
    }

    /// Whether news are of what goes on, and not of what was given up.
    pub(super) fn is_current(&self, attempt: u64) -> bool {
        attempt == self.attempt
    }

    /// Ends what goes on, unless it writes: that comes to its end, and is told of.
    pub(super) fn end(&mut self) {
        if let Some(task) = self.task.take() {
            self.attempt += 1;
            task.abort();
        }
    }

    /// Begins something in place of what went on.
    pub(super) fn begin<F: Future<Output = ()> + Send + 'static>(&mut self, work: impl FnOnce(Teller) -> F) {
        self.end();
        self.attempt += 1;
        let teller = Teller { out: self.out.clone(), attempt: self.attempt };
        self.task = Some(relm4::spawn(work(teller)));
    }

    /// Begins something that writes: it comes to its end although the dialog is closed.
    pub(super) fn begin_to_end<F: Future<Output = ()> + Send + 'static>(
        &mut self,
        work: impl FnOnce(Teller) -> F,
    ) {
        self.begin(work);
        self.task = None;
    }
}
