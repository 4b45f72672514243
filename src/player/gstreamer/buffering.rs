//! How much is loaded ahead from a network, and how much of it a film waits for.
//!
//! It begins with little, so that a click is answered soon. Each time it runs dry it waits for more than
//! before: one longer stop is better than many short ones.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use gst::glib;
use gst::prelude::*;

/// How much may be loaded ahead: the first limit reached counts. A change of the connection takes a server
/// some seconds, which this has to outlast.
pub(super) const AHEAD: Duration = Duration::from_secs(20);
/// The same in bytes: ten seconds of a 4K original.
pub(super) const AHEAD_BYTES: i32 = 64 << 20;

/// What a film waits for at first, after it ran dry once, and from then on.
const ENOUGH: [Duration; 3] = [Duration::from_secs(2), Duration::from_secs(5), Duration::from_secs(10)];
/// With less than this it stops: a little more than a decoder holds back.
const TOO_LITTLE: Duration = Duration::from_millis(200);

/// How much to wait for, by how often it ran dry.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Patience {
    dry: usize,
}

impl Patience {
    /// It had to stop in the middle.
    pub(super) fn ran_dry(&mut self) {
        self.dry += 1;
    }

    /// Play goes on with this.
    fn enough(self) -> Duration {
        ENOUGH.get(self.dry).or(ENOUGH.last()).copied().unwrap_or(AHEAD)
    }
}

/// The parts of one pipeline that load ahead. They come and go on threads of the pipeline.
#[derive(Clone, Default)]
pub(super) struct Loaders(Arc<Mutex<Known>>);

#[derive(Default)]
struct Known {
    patience: Patience,
    loaders: Vec<glib::WeakRef<gst::Element>>,
}

impl Loaders {
    /// Watches a pipeline that is not yet opened.
    pub(super) fn of(playbin: &gst::Element, patience: Patience) -> Self {
        let loaders = Self(Arc::new(Mutex::new(Known { patience, loaders: Vec::new() })));
        let known = loaders.clone();
        playbin.connect("element-setup", false, move |values| {
            if let Some(element) = values.get(1).and_then(|value| value.get::<gst::Element>().ok()) {
                known.meet(&element);
            }
            None
        });
        loaders
    }

    fn meet(&self, element: &gst::Element) {
        let Ok(mut known) = self.0.lock() else { return };
        if element.find_property("high-watermark").is_some() && element.find_property("statistics").is_some()
        {
            set_marks(element, known.patience);
        } else if element.find_property(ADAPTIVE_LEVEL).is_none() {
            return;
        }
        known.loaders.push(element.downgrade());
    }

    /// Takes another patience.
    pub(super) fn be(&self, patience: Patience) {
        if let Ok(mut known) = self.0.lock() {
            known.patience = patience;
        }
        for element in self.all() {
            if element.find_property("high-watermark").is_some() {
                set_marks(&element, patience);
            }
        }
    }

    /// How much is loaded beyond the position, in time as it is heard.
    pub(super) fn level(&self) -> Duration {
        let levels = self.all().into_iter().map(|element| {
            if element.find_property(ADAPTIVE_LEVEL).is_some() {
                return element.property::<u64>(ADAPTIVE_LEVEL);
            }
            let statistics = element.property::<Option<gst::Structure>>("statistics");
            statistics.and_then(|levels| levels.get::<u64>("maximum-time-level").ok()).unwrap_or_default()
        });
        Duration::from_nanos(levels.max().unwrap_or_default())
    }

    fn all(&self) -> Vec<gst::Element> {
        let Ok(mut known) = self.0.lock() else { return Vec::new() };
        known.loaders.retain(|element| element.upgrade().is_some());
        known.loaders.iter().filter_map(glib::WeakRef::upgrade).collect()
    }
}

/// Where a playlist of segments tells how much of it is loaded, in nanoseconds.
const ADAPTIVE_LEVEL: &str = "current-level-time-video";

fn set_marks(element: &gst::Element, patience: Patience) {
    element.set_property("low-watermark", share(TOO_LITTLE));
    element.set_property("high-watermark", share(patience.enough()));
}

fn share(time: Duration) -> f64 {
    time.as_secs_f64() / AHEAD.as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_ran_dry_waits_longer_and_never_for_all() {
        let mut patience = Patience::default();
        let mut before = Duration::ZERO;
        for _ in 0..ENOUGH.len() {
            assert!(patience.enough() > before);
            before = patience.enough();
            patience.ran_dry();
        }
        assert_eq!(patience.enough(), before);
        assert!(TOO_LITTLE < ENOUGH[0] && before < AHEAD);
    }
}
