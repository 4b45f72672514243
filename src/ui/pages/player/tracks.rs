//! Audio tracks and subtitles of what plays: which are chosen by themselves, by a person, and what is remembered.

use std::time::Instant;

use gettextrs::gettext;

use super::messages::PlayerOutput;
use super::track_choice::{self, KnownTrack};
use super::{PlayerPage, tracks_menu};
use crate::models::{StreamKind, SubtitleChoice};
use crate::player::TrackId;

/// The tracks of what is open.
#[derive(Debug, Default)]
pub(super) struct OpenTracks {
    audio: Vec<KnownTrack>,
    subtitles: Vec<KnownTrack>,
    /// What was chosen without being asked: each is asked for once.
    picked_audio: Option<TrackId>,
    picked_subtitle: Option<TrackId>,
    /// Whether a person chose here: nothing is chosen by itself then.
    person_audio: bool,
    person_subtitle: bool,
}

impl PlayerPage {
    /// The engine knows other tracks: shows them, and chooses what nobody has chosen yet.
    pub(super) fn tracks_changed(&mut self) {
        self.know_tracks();
        self.pick_audio();
        self.pick_subtitle();
        let current = self.engine.tracks();
        let OpenTracks { audio, subtitles, .. } = &self.tracks;
        self.bar.show_tracks(
            (audio, current.current_audio.as_ref()),
            (subtitles, current.current_subtitle.as_ref()),
        );
    }

    /// Takes the engine's tracks, with what the server has told of them.
    fn know_tracks(&mut self) {
        let Some(request) = &self.request else { return };
        let tracks = self.engine.tracks();
        let (streams, beside) = (&request.memory.streams, request.source.subtitles.len());
        self.tracks.audio = track_choice::known(&tracks.audio, streams, StreamKind::Audio, 0);
        self.tracks.subtitles = track_choice::known(&tracks.subtitles, streams, StreamKind::Subtitle, beside);
    }

    fn pick_audio(&mut self) {
        let Some(request) = self.request.as_ref().filter(|_| !self.tracks.person_audio) else { return };
        let chosen = self.choices.audio.as_ref();
        let pick = track_choice::audio(&self.tracks.audio, chosen, &request.preferences);
        let Some(id) = pick.map(|track| track.id.clone()) else { return };
        if self.tracks.picked_audio.as_ref() != Some(&id) {
            if self.engine.tracks().current_audio.as_ref() != Some(&id) {
                self.engine.select_audio(&id);
            }
            self.tracks.picked_audio = Some(id);
        }
    }

    fn pick_subtitle(&mut self) {
        let Some(request) = self.request.as_ref().filter(|_| !self.tracks.person_subtitle) else { return };
        let current = self.engine.tracks().current_audio;
        let heard = self.tracks.audio.iter().find(|track| Some(&track.id) == current.as_ref());
        let pick = track_choice::subtitle(
            &self.tracks.subtitles,
            self.choices.subtitle.as_ref(),
            &request.preferences,
            heard.and_then(|track| track.language.as_deref()),
        );
        let id = pick.map(|track| track.id.clone());
        if id != self.tracks.picked_subtitle {
            self.engine.select_subtitle(id.as_ref());
            self.tracks.picked_subtitle = id;
        }
    }

    /// The next audio track, the first behind the last.
    pub(super) fn step_audio(&mut self) {
        let tracks = self.engine.tracks();
        let place = tracks.audio.iter().position(|track| Some(&track.id) == tracks.current_audio.as_ref());
        let next = place.map_or(0, |place| (place + 1) % tracks.audio.len());
        if tracks.audio.len() > 1
            && let Some(track) = tracks.audio.get(next)
        {
            self.choose_audio(&track.id);
        }
    }

    /// The next subtitles, none behind the last.
    pub(super) fn step_subtitle(&mut self) {
        let tracks = self.engine.tracks();
        let next = match &tracks.current_subtitle {
            Some(id) => tracks.subtitles.iter().skip_while(|track| track.id != *id).nth(1),
            None => tracks.subtitles.first(),
        };
        if !tracks.subtitles.is_empty() {
            self.choose_subtitle(next.map(|track| &track.id));
        }
    }

    /// A person chose an audio track.
    pub(super) fn choose_audio(&mut self, id: &TrackId) {
        self.engine.select_audio(id);
        self.know_tracks();
        self.tracks.person_audio = true;
        self.controls.stir(Instant::now());
        if let Some(track) = self.tracks.audio.iter().find(|track| track.id == *id) {
            self.choices.audio = Some(track.choice());
        }
        let name = tracks_menu::name(&self.tracks.audio, id);
        self.say(&gettext("Audio: {track}").replace("{track}", &name));
        self.remember();
    }

    /// A person chose subtitles, or none.
    pub(super) fn choose_subtitle(&mut self, id: Option<&TrackId>) {
        self.engine.select_subtitle(id);
        self.know_tracks();
        self.tracks.person_subtitle = true;
        self.controls.stir(Instant::now());
        let chosen = id.and_then(|id| self.tracks.subtitles.iter().find(|track| track.id == *id));
        self.choices.subtitle =
            Some(chosen.map_or(SubtitleChoice::Off, |track| SubtitleChoice::Track(track.choice())));
        let name = id.map_or_else(|| gettext("Off"), |id| tracks_menu::name(&self.tracks.subtitles, id));
        self.say(&gettext("Subtitles: {track}").replace("{track}", &name));
        self.remember();
    }

    /// Tells what was chosen, to be kept.
    pub(super) fn remember(&self) {
        self.output.emit(PlayerOutput::Chosen(self.choices.clone()));
    }
}
