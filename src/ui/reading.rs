//! One reading at a time. Pure.

/// Whether something is being read, and has to be once more.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Reading {
    is_running: bool,
    is_stale: bool,
}

impl Reading {
    /// Something is to be read: whether to begin now. Else it is read once more when the reading that runs is over.
    pub(super) fn ask(&mut self) -> bool {
        self.is_stale = self.is_running;
        !std::mem::replace(&mut self.is_running, true)
    }

    /// The reading is over: whether to begin once more.
    pub(super) fn end(&mut self) -> bool {
        self.is_running = std::mem::take(&mut self.is_stale);
        self.is_running
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_reading_serves_all_that_is_asked_while_another_runs() {
        let mut reading = Reading::default();
        assert!(reading.ask());
        assert!(!reading.ask());
        assert!(!reading.ask());
        assert!(reading.end(), "once more for both");
        assert!(!reading.end());
        assert!(reading.ask());
    }
}
