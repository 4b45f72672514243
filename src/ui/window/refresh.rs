//! When the pages read the database anew: at once, and then at most every [`STEP`] while events come.
//!
//! A sync changes thousands of items in a few seconds. Each event makes what is shown stale, and one reading
//! serves all events before it.

use std::time::{Duration, Instant};

use relm4::{ComponentController as _, ComponentSender};

use super::sidebar::SidebarInput;
use super::{Shell, ShellInput};
use crate::ui::pages::details::DetailsInput;

/// Between two readings. Often enough to see a library grow, seldom enough to leave the frames alone.
const STEP: Duration = Duration::from_millis(500);

/// The rhythm. Pure: it is told the time.
#[derive(Debug, Default)]
pub(super) struct Refresh {
    begun: Option<Instant>,
    due: bool,
}

impl Refresh {
    /// Something is stale: how long to wait before everything is read, or `None` when that is on its way.
    fn wait(&mut self, now: Instant) -> Option<Duration> {
        if std::mem::replace(&mut self.due, true) {
            return None;
        }
        Some(self.begun.map_or(Duration::ZERO, |begun| (begun + STEP).saturating_duration_since(now)))
    }

    /// The reading begins.
    fn begin(&mut self, now: Instant) {
        *self = Self { begun: Some(now), due: false };
    }
}

impl Shell {
    /// What is shown may be stale.
    pub(super) fn refresh_soon(&mut self, sender: &ComponentSender<Self>) {
        let Some(wait) = self.refresh.wait(Instant::now()) else { return };
        let input = sender.input_sender().clone();
        if wait.is_zero() {
            return input.emit(ShellInput::Refresh);
        }
        gtk::glib::timeout_add_local_once(wait, move || {
            let _gone = input.send(ShellInput::Refresh);
        });
    }

    /// Reads everything that is shown anew.
    pub(super) fn refresh(&mut self) {
        self.refresh.begin(Instant::now());
        self.sidebar.emit(SidebarInput::Reload);
        self.reload_page();
        self.reload_above();
        for details in &self.details {
            details.emit(DetailsInput::Reload);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_change_is_shown_at_once_and_many_later_ones_together() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut refresh = Refresh::default();
        assert_eq!(refresh.wait(at(0)), Some(Duration::ZERO));
        refresh.begin(at(0));
        assert_eq!(refresh.wait(at(100)), Some(Duration::from_millis(400)));
        assert_eq!(refresh.wait(at(200)), None);
        refresh.begin(at(500));
        assert_eq!(refresh.wait(at(2_000)), Some(Duration::ZERO));
    }
}
