//! The engine on GStreamer's `playbin3`.
//!
//! [`GstEngine`] keeps the wishes (what to play, whether to play, volume, tracks); [`session`] carries them
//! out on a [`pipeline`] that exists only while something is loaded. Another choice of tracks makes a new
//! pipeline at the same position; subtitles from beside the video are read and shown by [`captions`].

mod captions;
mod errors;
mod headers;
mod messages;
mod opening;
mod operations;
mod pipeline;
mod prepare;
mod seeking;
mod session;
mod sink;
mod subtitles;
mod tracks;

#[cfg(test)]
mod tests;

use std::rc::Rc;
use std::time::Duration;

use gtk::gdk;

use self::session::{Intent, Session};
use self::sink::VideoOutput;
use super::{Engine, EventHandler, TrackId, Tracks};
use crate::backends::StreamSource;

/// Plays with GStreamer. Lives on the main thread.
pub struct GstEngine {
    session: Rc<Session>,
}

impl GstEngine {
    /// An engine that shows its picture through GDK. Touches GStreamer only when something is loaded.
    pub fn new(events: EventHandler) -> Self {
        Self { session: Session::new(events, VideoOutput::Paintable) }
    }

    /// An engine without a picture.
    #[cfg(test)]
    fn without_picture(events: EventHandler) -> Self {
        Self { session: Session::new(events, VideoOutput::Nowhere) }
    }
}

impl Engine for GstEngine {
    fn load(&self, source: &StreamSource, start: Duration) {
        self.session.load(source.clone(), start);
    }

    fn play(&self) {
        self.session.intend(Intent::Play);
    }

    fn pause(&self) {
        self.session.intend(Intent::Pause);
    }

    fn seek(&self, position: Duration) {
        self.session.seek(position);
    }

    fn position(&self) -> Duration {
        self.session.position()
    }

    fn duration(&self) -> Option<Duration> {
        self.session.duration()
    }

    fn set_volume(&self, volume: f64) {
        self.session.set_volume(volume);
    }

    fn set_muted(&self, muted: bool) {
        self.session.set_muted(muted);
    }

    fn set_rate(&self, rate: f64) {
        self.session.set_rate(rate);
    }

    fn tracks(&self) -> Tracks {
        self.session.tracks()
    }

    fn select_audio(&self, track: &TrackId) {
        self.session.select_audio(track);
    }

    fn select_subtitle(&self, track: Option<&TrackId>) {
        self.session.select_subtitle(track);
    }

    fn caption(&self) -> Option<String> {
        self.session.state().caption.clone()
    }

    fn paintable(&self) -> Option<gdk::Paintable> {
        self.session.paintable()
    }

    fn stop(&self) {
        self.session.stop();
    }
}
