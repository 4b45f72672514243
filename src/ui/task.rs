//! Work in the background that belongs to a page: it ends when nobody wants its result any more.

use std::future::Future;

/// One piece of work at a time. Dropping it ends the work.
#[derive(Debug, Default)]
pub(in crate::ui) struct Task {
    running: Option<relm4::JoinHandle<()>>,
    number: u32,
}

impl Task {
    /// Begins in place of what runs. `work` gets a number to send back with its result: see [`Task::is`].
    pub(in crate::ui) fn start<W>(&mut self, work: impl FnOnce(u32) -> W)
    where
        W: Future<Output = ()> + Send + 'static,
    {
        self.stop();
        self.running = Some(relm4::spawn(work(self.number)));
    }

    /// Ends what runs. A result that is on its way is not wanted any more.
    pub(in crate::ui) fn stop(&mut self) {
        self.number = self.number.wrapping_add(1);
        if let Some(running) = self.running.take() {
            running.abort();
        }
    }

    /// Whether something runs, or has run and was not stopped.
    pub(in crate::ui) fn runs(&self) -> bool {
        self.running.is_some()
    }

    /// Whether a result is that of the last piece of work.
    pub(in crate::ui) fn is(&self, number: u32) -> bool {
        self.running.is_some() && self.number == number
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.stop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_of_what_was_stopped_is_not_wanted() {
        let mut task = Task::default();
        let mut first = 0;
        task.start(|number| {
            first = number;
            std::future::pending()
        });
        assert!(task.is(first));
        let mut second = 0;
        task.start(|number| {
            second = number;
            std::future::pending()
        });
        assert!(task.is(second) && !task.is(first));
        task.stop();
        assert!(!task.is(second));
    }
}
