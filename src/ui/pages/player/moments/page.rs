//! What the page does about moments.

use std::time::{Duration, Instant};

use super::super::PlayerPage;
use super::super::messages::{Around, PlayerInput, PlayerOutput};
use super::super::state::Phase;
use super::corner::skipped;
use super::desk::{Now, Step};
use super::{MomentInput, MomentOutput, chapters};
use crate::models::Chapter;

impl PlayerPage {
    /// Looks at a message before the page takes it: whether somebody is there, and whether a place is looked for.
    pub(in super::super) fn notice(&mut self, message: &PlayerInput) {
        match message {
            PlayerInput::Stirred | PlayerInput::Tapped | PlayerInput::PlayToggled => {
                self.moments.card.attended();
            }
            PlayerInput::Open(_) => self.moments.forget(),
            PlayerInput::SeekChosen(position) => self.scrub(*position),
            PlayerInput::SeekStepped(seconds) => self.scrub(self.state.step(*seconds)),
            _ => {}
        }
    }

    /// Takes what concerns moments.
    pub(in super::super) fn moment(&mut self, input: MomentInput) {
        match input {
            MomentInput::Known(moments) => self.moments.know(*moments),
            MomentInput::ChapterPicture(place, picture) => self.show_chapter(place, &picture),
            MomentInput::Preview(at, picture) => self.moments.preview.show_picture(at, picture.as_ref()),
            MomentInput::SkipChosen => self.skip(),
            MomentInput::PlayNowChosen => {
                self.moments.card.attended();
                self.go_on();
            }
            MomentInput::CancelChosen => self.cancel_next(),
            MomentInput::ChapterStepped { forward } => self.step_chapter(forward),
            MomentInput::ChapterChosen(place) => {
                let start = self.moments.chapters.get(place).map(|chapter| chapter.start);
                self.seek(start.unwrap_or(self.state.position));
            }
            MomentInput::ChaptersOpened => self.tell(MomentOutput::ChapterPicturesWanted),
            MomentInput::StartOverChosen => self.seek(Duration::ZERO),
            MomentInput::TitleChosen(place) => {
                self.leave();
                self.tell(MomentOutput::TitleChosen(place));
            }
            MomentInput::TitleRemoved(place) => self.tell(MomentOutput::TitleRemoved(place)),
            MomentInput::Pointed(x) => {
                let wanted = self.moments.point(x);
                self.want(wanted);
            }
        }
    }

    fn tell(&self, output: MomentOutput) {
        self.output.emit(PlayerOutput::Moment(output));
    }

    fn want(&self, wanted: Option<Duration>) {
        if let Some(at) = wanted {
            self.tell(MomentOutput::PreviewWanted(at));
        }
    }

    fn scrub(&mut self, to: Duration) {
        if matches!(self.state.phase, Phase::Active(_)) {
            let wanted = self.moments.gone_to(to);
            self.want(wanted);
        }
    }

    /// Pictures are told by the place among the chapters that were told; some of those are not shown.
    fn show_chapter(&self, place: usize, picture: &gtk::gdk::Texture) {
        let Some(told) = self.moments.known.chapters.get(place) else { return };
        let shown = self.moments.chapters.iter().position(|chapter| chapter.start == told.start);
        if let Some(shown) = shown {
            self.moments.chapters_menu.show_picture(shown, picture);
        }
    }

    /// To the end of the stretch that it is in.
    fn skip(&mut self) {
        if let Some(end) = self.moments.skipper.end(self.state.position) {
            self.seek(end);
        }
    }

    /// On to the next chapter, or back to the beginning of this one or the one before.
    fn step_chapter(&mut self, forward: bool) {
        if let Some(to) = chapters::step(&self.moments.chapters, self.state.position, forward) {
            self.seek(to);
        }
    }

    /// On to what was announced. Where that is announced nothing but credits is left: it was seen to its end.
    fn go_on(&mut self) {
        self.read_position();
        let event = self.reports.stopped();
        self.state.position = self.state.duration.unwrap_or(self.state.position);
        self.report(event);
        self.go_to_next();
    }

    fn cancel_next(&mut self) {
        self.moments.card.cancel();
        if self.moments.ended {
            self.go_back();
        }
    }

    /// Time passes.
    pub(in super::super) fn tick_moments(&mut self) {
        if self.request.is_none() || self.is_sound() || self.has_failed() {
            return self.moments.rest();
        }
        let now = Now {
            at: self.state.position,
            length: self.state.duration,
            plays: self.state.phase.is_playing() && !self.state.phase.is_waiting(),
            awake: self.controls.shown(),
        };
        match self.moments.tick(now) {
            Step::Nothing => {}
            Step::Jump(kind, to) => {
                self.seek(to);
                self.output.emit(PlayerOutput::Notice(skipped(kind)));
            }
            Step::Next => self.go_on(),
        }
    }

    /// The file tells its chapters.
    pub(in super::super) fn take_chapters(&mut self) {
        let found = self.engine.chapters().into_iter();
        let found = found.map(|chapter| Chapter { start: chapter.start, title: chapter.title, image: None });
        self.moments.found_in_file(found.collect());
    }

    /// The list that it is played from is another now.
    pub(in super::super) fn change_around(&mut self, around: Around) {
        if let Some(request) = &mut self.request {
            request.around = around;
        }
    }

    /// It was played to its end. What comes next is announced there at the latest.
    pub(in super::super) fn ended(&mut self) {
        let (moments, has_next) = (&self.moments, self.around().next);
        let is_announced = moments.known.next.is_some() && moments.known.by_itself;
        if !self.is_sound() && has_next && is_announced && !moments.card.is_cancelled() {
            self.finish();
            self.state.phase = Phase::Idle;
            self.moments.ended = true;
            return self.controls.stir(Instant::now());
        }
        let goes_on = self.is_sound() || !has_next;
        self.leave();
        self.output.emit(if goes_on { PlayerOutput::Ended } else { PlayerOutput::CloseRequested });
    }
}
