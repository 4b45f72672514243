//! Choosing subtitles, and showing those from beside the video in their time.

use std::rc::Rc;
use std::time::Duration;

use gtk::{gio, glib};
use tracing::warn;

use super::captions::Captions;
use super::session::{Phase, Session};
use super::tracks::external_index;
use crate::player::{EngineError, EngineErrorKind, EngineEvent, TrackId};

/// How often the text is compared with the position: a line is late by no more than a film's two frames.
const CAPTION_STEP: Duration = Duration::from_millis(80);

impl Session {
    /// Shows subtitles, or none.
    pub(super) fn select_subtitle(self: &Rc<Self>, track: Option<&TrackId>) {
        let beside = track.and_then(external_index);
        let inside = track.filter(|_| beside.is_none()).cloned();
        let other_streams = {
            let mut state = self.state_mut();
            state.external = beside;
            state.captions = None;
            let before = std::mem::replace(&mut state.wish.subtitle, inside);
            before != state.wish.subtitle
        };
        self.show_caption();
        if other_streams {
            self.choose_again();
        }
        if let Some(index) = beside {
            self.read_captions(index);
        }
        self.tell(EngineEvent::TracksChanged);
    }

    /// Reads subtitles from beside the video, then shows them.
    fn read_captions(self: &Rc<Self>, index: usize) {
        let wanted = {
            let state = self.state();
            let source = state.source.as_ref().filter(|_| state.phase != Phase::Idle);
            source.and_then(|source| {
                let beside = source.subtitles.get(index)?;
                Some(beside.location.clone())
            })
        };
        let Some(location) = wanted else { return };
        let session = Rc::downgrade(self);
        glib::spawn_future_local(async move {
            let read = gio::spawn_blocking(move || Captions::read(&location)).await;
            let read = read.unwrap_or_else(|_| {
                Err(EngineError::new(EngineErrorKind::Other, "the subtitles could not be read"))
            });
            let Some(session) = session.upgrade().filter(|session| session.state().external == Some(index))
            else {
                return;
            };
            match read {
                Ok(captions) => {
                    session.state_mut().captions = Some(captions);
                    session.follow_captions();
                }
                Err(error) => session.lose_captions(error),
            }
        });
    }

    fn lose_captions(&self, error: EngineError) {
        warn!(kind = ?error.kind, "subtitles could not be read");
        self.state_mut().external = None;
        self.tell(EngineEvent::TracksChanged);
        self.tell(EngineEvent::Degraded(error));
    }

    /// Shows the right text until there are no subtitles from beside the video any longer.
    fn follow_captions(self: &Rc<Self>) {
        let index = self.state().external;
        let session = Rc::downgrade(self);
        glib::spawn_future_local(async move {
            while let Some(session) = session.upgrade() {
                let follows = {
                    let state = session.state();
                    state.captions.is_some() && state.external == index
                };
                if !follows {
                    break;
                }
                session.show_caption();
                drop(session);
                glib::timeout_future(CAPTION_STEP).await;
            }
        });
    }

    /// Tells the text of the present position, once.
    pub(super) fn show_caption(&self) {
        let position = self.position();
        let changed = {
            let mut state = self.state_mut();
            let delay = state.adjusted.subtitle_delay;
            let shift = Duration::from_millis(delay.unsigned_abs());
            let position =
                if delay < 0 { position.saturating_add(shift) } else { position.saturating_sub(shift) };
            let now = state.captions.as_ref().and_then(|captions| captions.at(position));
            let changed = now != state.caption;
            state.caption = now;
            changed
        };
        if changed {
            self.tell(EngineEvent::CaptionChanged);
        }
    }
}
