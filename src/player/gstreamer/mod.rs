//! The engine on GStreamer's `playbin3`.
//!
//! [`GstEngine`] keeps the wishes (what to play, whether to play, volume, tracks); [`session`] carries them
//! out on a [`pipeline`] that exists only while something is loaded. Another choice of tracks makes a new
//! pipeline at the same position; subtitles from beside the video are read and shown by [`captions`].

mod adjusting;
mod buffering;
mod captions;
mod chapters;
mod commands;
mod errors;
mod facts;
mod loopback;
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

use std::ops::Range;
use std::rc::Rc;
use std::time::Duration;

use gtk::gdk;

use self::commands::Precision;
use self::session::{Intent, Session};
use self::sink::VideoOutput;
pub(crate) use self::tracks::{language_in_words, languages};
use super::{Chapter, Engine, EngineInfo, EventHandler, TrackId, Tracks};
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

    fn seek_near(&self, position: Duration) {
        self.session.seek_with(position, Precision::Near);
    }

    fn step_frame(&self) {
        self.session.step_frame();
    }

    fn buffered(&self) -> Option<Range<Duration>> {
        self.session.buffered()
    }

    fn chapters(&self) -> Vec<Chapter> {
        self.session.state().chapters.clone()
    }

    fn info(&self) -> EngineInfo {
        self.session.info()
    }

    fn set_audio_delay(&self, milliseconds: i64) {
        self.session.set_audio_delay(milliseconds);
    }

    fn set_subtitle_delay(&self, milliseconds: i64) {
        self.session.set_subtitle_delay(milliseconds);
    }

    fn set_subtitle_scale(&self, scale: f64) {
        self.session.set_subtitle_scale(scale);
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
