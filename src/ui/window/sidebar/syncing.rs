//! The syncs that run, as the footer of the sidebar shows them. Numbers are shown a few times a second.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::models::SourceId;
use crate::services::events::Event;
use crate::ui::sync_text::{self, Progress};

/// Progress is shown at most this often: it comes with every page that is read.
pub(super) const STEP: Duration = Duration::from_millis(250);

/// The syncs that run.
#[derive(Debug, Default)]
pub(super) struct Syncing {
    running: BTreeMap<SourceId, Progress>,
    /// Of these what is shown.
    shown: Progress,
    is_due: bool,
}

impl Syncing {
    /// Takes an event in. Tells whether [`Syncing::show`] is to be called after a [`STEP`].
    pub(super) fn hear(&mut self, event: &Event) -> bool {
        match event {
            Event::SyncStarted(id) => {
                self.running.insert(*id, Progress::default());
                self.show();
            }
            Event::SyncProgress { source_id, items_synced, total_items, rate, left } => {
                let progress =
                    Progress { done: *items_synced, total: *total_items, rate: *rate, left: *left };
                self.running.insert(*source_id, progress);
                return !std::mem::replace(&mut self.is_due, true);
            }
            Event::SyncCompleted { source_id, .. }
            | Event::SyncFailed { source_id, .. }
            | Event::SyncCancelled(source_id)
            | Event::SourceRemoved(source_id) => {
                self.running.remove(source_id);
                self.show();
            }
            _ => {}
        }
        false
    }

    /// Shows what has come meanwhile.
    pub(super) fn show(&mut self) {
        self.is_due = false;
        self.shown = Progress::sum(self.running.values().copied());
    }

    pub(super) fn is_any(&self) -> bool {
        !self.running.is_empty()
    }

    pub(super) fn sources(&self) -> Vec<SourceId> {
        self.running.keys().copied().collect()
    }

    /// The sentence of the footer.
    pub(super) fn line(&self, name: impl Fn(SourceId) -> String) -> String {
        let names: Vec<String> = self.running.keys().map(|id| name(*id)).collect();
        sync_text::line(&names, &self.shown)
    }

    /// How long it still takes, as far as known.
    pub(super) fn tooltip(&self) -> Option<String> {
        self.shown.pace().filter(|_| self.is_any())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_numbers_are_shown_together() {
        let (mut syncing, source) = (Syncing::default(), SourceId::random());
        assert!(!syncing.hear(&Event::SyncStarted(source)) && syncing.is_any());
        let progress = |done| Event::SyncProgress {
            source_id: source,
            items_synced: done,
            total_items: Some(9000),
            rate: None,
            left: None,
        };
        let line = |syncing: &Syncing| syncing.line(|_| "Attic".to_owned());
        assert!(syncing.hear(&progress(500)), "shown in a moment");
        assert!(!syncing.hear(&progress(1000)), "that moment is planned already");
        assert_eq!(line(&syncing), "Syncing Attic…");
        syncing.show();
        assert_eq!(line(&syncing), "Syncing Attic… 1,000 of 9,000");
        syncing.hear(&Event::SyncCancelled(source));
        assert!(!syncing.is_any());
    }
}
