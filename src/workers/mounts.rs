//! Tells when a disk or a share came or went. Lives on the main thread, where GIO's signals come.

use gtk::gio::prelude::*;
use gtk::{gio, glib};

/// Watches mounts until it is dropped.
#[derive(Debug)]
pub struct MountMonitor {
    monitor: gio::VolumeMonitor,
    signals: Vec<glib::SignalHandlerId>,
}

impl MountMonitor {
    /// Begins to watch; `on_change` is called on the main thread. To be called there.
    pub fn start(on_change: impl Fn() + Clone + 'static) -> Self {
        let monitor = gio::VolumeMonitor::get();
        let (added, removed, changed) = (on_change.clone(), on_change.clone(), on_change);
        let signals = vec![
            monitor.connect_mount_added(move |_, _| added()),
            monitor.connect_mount_removed(move |_, _| removed()),
            monitor.connect_mount_changed(move |_, _| changed()),
        ];
        Self { monitor, signals }
    }
}

impl Drop for MountMonitor {
    fn drop(&mut self) {
        for signal in self.signals.drain(..) {
            self.monitor.disconnect(signal);
        }
    }
}
