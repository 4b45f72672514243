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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
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
    parts: Vec<glib::WeakRef<gst::Element>>,
}

impl Loaders {
    /// Watches a pipeline that is not yet opened.
    pub(super) fn of(playbin: &gst::Element, patience: Patience) -> Self {
        let loaders = Self(Arc::new(Mutex::new(Known { patience, parts: Vec::new() })));
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
        let Some(part) = Part::of(element) else { return };
        let Ok(mut known) = self.0.lock() else { return };
        match part {
            Part::Source => set_marks(element, known.patience),
            // The source limits the time only, which is too much of a film of many bits.
            Part::Queue if element.property::<bool>("use-buffering") => {
                element.set_property("max-size-bytes", AHEAD_BYTES.unsigned_abs());
            }
            Part::Queue | Part::Segments => {}
        }
        known.parts.push(element.downgrade());
    }

    /// Takes another patience.
    pub(super) fn be(&self, patience: Patience) {
        if let Ok(mut known) = self.0.lock() {
            known.patience = patience;
        }
        for element in self.all().iter().filter(|element| Part::of(element) == Some(Part::Source)) {
            set_marks(element, patience);
        }
    }

    /// How much of picture and sound is loaded beyond the position, in time as it is heard: the less of both.
    pub(super) fn level(&self) -> Duration {
        let all = self.all();
        let levels = [("video/", SEGMENTS_LEVELS[0]), ("audio/", SEGMENTS_LEVELS[1])].into_iter().filter_map(
            |(kind, property)| {
                all.iter()
                    .filter_map(|element| level_of(element, kind, property))
                    .reduce(|sum, level| sum + level)
            },
        );
        Duration::from_nanos(levels.min().unwrap_or_default())
    }

    fn all(&self) -> Vec<gst::Element> {
        let Ok(mut known) = self.0.lock() else { return Vec::new() };
        known.parts.retain(|element| element.upgrade().is_some());
        known.parts.iter().filter_map(glib::WeakRef::upgrade).collect()
    }
}

/// Where a playlist of segments tells how much of picture and sound is loaded, in nanoseconds.
const SEGMENTS_LEVELS: [&str; 2] = ["current-level-time-video", "current-level-time-audio"];

/// What a part does for loading ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Decides when it waits.
    Source,
    /// Holds what is loaded.
    Queue,
    /// Holds what is loaded of a playlist.
    Segments,
}

impl Part {
    fn of(element: &gst::Element) -> Option<Self> {
        let factory = element.factory()?;
        match factory.name().as_str() {
            "urisourcebin" => Some(Self::Source),
            "multiqueue" => Some(Self::Queue),
            _ => element.find_property(SEGMENTS_LEVELS[0]).map(|_| Self::Segments),
        }
    }
}

/// Nanoseconds of one kind of stream that a part holds; `None` when it has no such stream.
fn level_of(element: &gst::Element, kind: &str, segments: &str) -> Option<u64> {
    match Part::of(element)? {
        Part::Source => None,
        Part::Segments => Some(element.property(segments)),
        Part::Queue => element
            .sink_pads()
            .into_iter()
            .filter(|pad| {
                let caps = pad.current_caps();
                let first = caps.as_ref().and_then(|caps| caps.structure(0));
                first.is_some_and(|caps| caps.name().starts_with(kind))
            })
            .map(|pad| pad.property::<u64>("current-level-time"))
            .max(),
    }
}

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
