//! Playing: from an item to the player, and from the player's places to the database.

use std::time::Duration;

use adw::prelude::*;
use gettextrs::ngettext;
use relm4::{ComponentController as _, ComponentSender};

use super::moments::PreviewDesk;
use super::prepared::{self, Course, Prepared};
use super::quality::Held;
use super::queue::Queue;
use super::{Shell, ShellCommand, ShellInput};
use crate::models::{
    Item, ItemKind, MediaId, PlayChoices, PlayMethod, PlaybackEvent, PlaybackReport, Quality, SourceId,
};
use crate::services::ServiceError;
use crate::services::core::{OutboxService, PlaybackService, Preferred};
use crate::services::gateway::GatewayStream;
use crate::ui::pages::player::{MomentOutput, PlayRequest, PlayerInput, PlayerOutput};
use crate::ui::widgets::PlayTitles;
use crate::ui::{error_text, text};

/// Longest time that closing the window may take; what is not at the server by then waits in the outbox.
const CLOSING_TIME: Duration = Duration::from_secs(2);

/// Of that, how long waiting changes may take on their way to servers.
const DRAINING_TIME: Duration = Duration::from_millis(1500);

/// What plays.
#[derive(Debug)]
pub(super) struct Playing {
    pub(super) item: MediaId,
    pub(super) source: SourceId,
    pub(super) version: String,
    pub(super) session: Option<String>,
    pub(super) method: PlayMethod,
    /// The quality that was chosen for it.
    pub(super) quality: Option<Quality>,
    /// How often another source was asked for: only the last answer counts.
    pub(super) asked: u32,
    /// What the server converts for it.
    pub(super) held: Option<Held>,
    /// Whose choices of tracks and speed are kept.
    chosen_for: Option<MediaId>,
    /// All its versions.
    versions: Vec<String>,
    /// Keeps what the player reads open; nothing for files of this machine.
    pub(super) stream: Option<GatewayStream>,
    /// The list that it is played from.
    pub(super) queue: Option<Queue>,
    pub(super) previews: PreviewDesk,
}

impl Shell {
    /// Finds out how to play an item.
    pub(super) fn prepare_playing(
        &mut self,
        item: MediaId,
        preferred: Preferred,
        from_start: bool,
        sender: &ComponentSender<Self>,
    ) {
        let ctx = self.ctx.clone();
        sender.oneshot_command(async move {
            let prepared = prepared::prepare(&ctx, item, preferred, from_start, None).await;
            ShellCommand::Prepared(Course::Begins, Box::new(prepared))
        });
    }

    /// Plays a list from one of its items on.
    pub(super) fn play_all(&mut self, items: Vec<MediaId>, first: usize, sender: &ComponentSender<Self>) {
        if let Some(queue) = Queue::new(items, first) {
            self.play_from(queue, Course::Begins, sender);
        }
    }

    /// Plays titles one after the other.
    pub(super) fn play_titles(&mut self, titles: PlayTitles, sender: &ComponentSender<Self>) {
        let ctx = self.ctx.clone();
        sender.oneshot_command(async move {
            let prepared = prepared::prepare_titles(&ctx, titles).await;
            ShellCommand::Prepared(Course::Begins, Box::new(prepared))
        });
    }

    /// Plays what is in front of a list.
    fn play_from(&mut self, queue: Queue, course: Course, sender: &ComponentSender<Self>) {
        let ctx = self.ctx.clone();
        sender.oneshot_command(async move {
            ShellCommand::Prepared(course, Box::new(prepared::prepare_from(&ctx, queue).await))
        });
    }

    /// Opens the player, or says why it cannot be.
    pub(super) fn play_prepared(
        &mut self,
        course: Course,
        prepared: Result<Prepared, ServiceError>,
        sender: &ComponentSender<Self>,
    ) {
        if self.closing || course == Course::GoesOn && !self.player_is_in_front() {
            // Who has left the player between two tracks wants no more of them.
            return;
        }
        match prepared {
            Ok(prepared) => self.play_or_ask(course, prepared, sender),
            Err(error) => {
                // In the middle of a list the player would stand there with nothing to play.
                if course == Course::GoesOn {
                    self.close_player();
                }
                self.say(&error_text::sentence(&error));
            }
        }
    }

    fn player_is_in_front(&self) -> bool {
        self.view.outer.visible_page().as_ref() == Some(&self.view.player)
    }

    /// Shows the player with what was prepared.
    pub(super) fn open_player(&mut self, prepared: Prepared, sender: &ComponentSender<Self>) {
        let is_in_front = self.player_is_in_front();
        let Prepared { playable, sound, memory, queue, skipped, stream } = prepared;
        if skipped > 0 {
            let said = ngettext("{n} title cannot be played", "{n} titles cannot be played", skipped);
            self.say(&said.replace("{n}", &skipped.to_string()));
        }
        let around = queue.as_ref().map(Queue::around).unwrap_or_default();
        self.playing_file = None;
        self.playing = Some(Playing {
            item: playable.item.id,
            source: playable.item.source_id,
            version: playable.source.version_id.clone(),
            session: playable.source.play_session_id.clone(),
            method: playable.source.delivery.method,
            quality: None,
            asked: 0,
            held: Held::of(&self.ctx, &playable.source),
            chosen_for: memory.chosen_for,
            versions: memory.versions.clone(),
            stream,
            queue,
            previews: PreviewDesk::default(),
        });
        let (title, subtitle) = titles(&playable.item);
        self.player.emit(PlayerInput::SetVolume(self.init.settings.volume()));
        let (source, start) = (playable.source, playable.start);
        let preferences = self.init.settings.track_preferences();
        let request = PlayRequest { title, subtitle, source, start, sound, around, memory, preferences };
        self.player.emit(PlayerInput::Open(Box::new(request)));
        if !is_in_front {
            self.view.outer.push(&self.view.player);
        }
        self.learn_moments(sender);
    }

    /// What plays, in which version, from which list. Nothing for sound, which has no moments.
    pub(super) fn playing_now(&self) -> Option<(MediaId, String, Option<Queue>)> {
        let playing = self.playing.as_ref()?;
        Some((playing.item, playing.version.clone(), playing.queue.clone()))
    }

    /// What the player says about moments.
    fn moment_told(&mut self, output: MomentOutput, sender: &ComponentSender<Self>) {
        match output {
            MomentOutput::PreviewWanted(at) => self.want_preview(at, sender),
            MomentOutput::ChapterPicturesWanted => self.show_chapters(sender),
            MomentOutput::TitleChosen(place) => self.go_on(|queue| queue.at(place), sender),
            MomentOutput::TitleRemoved(place) => self.remove_upcoming(place, sender),
        }
    }

    /// Leaves a title out of what is to come.
    fn remove_upcoming(&mut self, place: usize, sender: &ComponentSender<Self>) {
        let Some(queue) = self.playing.as_mut().and_then(|playing| playing.queue.as_mut()) else { return };
        *queue = queue.without(place);
        self.player.emit(PlayerInput::ListChanged(queue.around()));
        self.learn_moments(sender);
    }

    /// Goes on in the list that plays; without one, or at its end, the player is left.
    fn go_on(&mut self, step: impl Fn(&Queue) -> Option<Queue>, sender: &ComponentSender<Self>) {
        let queue = self.playing.as_ref().and_then(|playing| playing.queue.as_ref());
        match queue.and_then(step) {
            Some(queue) => self.play_from(queue, Course::GoesOn, sender),
            None => self.close_player(),
        }
    }

    /// Takes in what the player says.
    pub(super) fn player_said(&mut self, output: PlayerOutput, sender: &ComponentSender<Self>) {
        match output {
            PlayerOutput::Position { position, duration, event } if self.playing_file.is_some() => {
                self.report_file(position, duration, event, sender);
            }
            PlayerOutput::Position { position, duration, event } => {
                let Some(playing) = &self.playing else { return };
                let report = PlaybackReport {
                    event,
                    position,
                    duration,
                    at: self.ctx.clock.now(),
                    version_id: Some(playing.version.clone()),
                    play_session_id: playing.session.clone(),
                    method: playing.method,
                };
                self.reporter.say(playing.item, report);
                self.reports += 1;
                let over = playing.session.clone().filter(|_| event == PlaybackEvent::Stopped);
                let (ctx, reporter) = (self.ctx.clone(), self.reporter.clone());
                sender.oneshot_command(async move {
                    let reported = reporter.work().await;
                    if let Some(session) = over {
                        PlaybackService::end_playback(&ctx, &session).await;
                    }
                    ShellCommand::Reported(reported)
                });
            }
            PlayerOutput::Ended | PlayerOutput::NextChosen => self.go_on(Queue::next, sender),
            PlayerOutput::PreviousChosen => self.go_on(Queue::previous, sender),
            PlayerOutput::Moment(output) => self.moment_told(output, sender),
            PlayerOutput::CloseRequested => self.close_player(),
            PlayerOutput::Notice(text) => self.say(&text),
            PlayerOutput::VolumeChanged(volume) => sender.input(ShellInput::StoreVolume(volume)),
            PlayerOutput::SubtitleSizeChanged(percent) => self.init.settings.store_subtitle_size(percent),
            PlayerOutput::FullscreenToggled(full) => tracing::debug!(full, "full screen"),
            PlayerOutput::Chosen(choices) => self.remember(choices, sender),
            PlayerOutput::OtherVersionChosen => self.play_other_version(sender),
            PlayerOutput::QualityChosen(quality) => self.change_quality(quality, sender),
            PlayerOutput::ConversionNeeded => self.ask_for_conversion(sender),
            PlayerOutput::Failed(error) => {
                tracing::warn!(?error, "playback failed");
                self.end_conversion();
            }
        }
    }

    /// Keeps what was chosen while it played.
    fn remember(&mut self, choices: PlayChoices, sender: &ComponentSender<Self>) {
        let Some(chosen_for) = self.playing.as_ref().and_then(|playing| playing.chosen_for) else { return };
        let ctx = self.ctx.clone();
        self.reports += 1;
        sender.oneshot_command(async move {
            ShellCommand::Reported(PlaybackService::remember(&ctx, chosen_for, &choices).await)
        });
    }

    /// Plays the version behind the one that failed, and this one from now on.
    fn play_other_version(&mut self, sender: &ComponentSender<Self>) {
        let Some(playing) = &self.playing else { return };
        let Some(next) = after(&playing.versions, &playing.version).cloned() else { return };
        let (ctx, item, queue) = (self.ctx.clone(), playing.item, playing.queue.clone());
        sender.oneshot_command(async move {
            let prepared = match PlaybackService::choose_version(&ctx, item, Some(&next)).await {
                Ok(()) => prepared::prepare(&ctx, item, Preferred::Asked, false, queue).await,
                Err(error) => Err(error),
            };
            ShellCommand::Prepared(Course::Begins, Box::new(prepared))
        });
    }

    pub(super) fn reported(&mut self, result: Result<(), ServiceError>, sender: &ComponentSender<Self>) {
        self.one_less(sender);
        if let Err(error) = result {
            self.say(&error_text::sentence(&error));
        }
    }

    /// Something that was waited for is done.
    pub(super) fn one_less(&mut self, sender: &ComponentSender<Self>) {
        self.reports = self.reports.saturating_sub(1);
        if self.reports == 0 {
            self.let_sleep();
            if self.closing {
                self.drain(sender);
            }
        }
    }

    /// The user closes the window: it is hidden at once and goes when the last place is stored and what waits for
    /// servers had a moment.
    pub(super) fn close(&mut self, sender: &ComponentSender<Self>) {
        if std::mem::replace(&mut self.closing, true) {
            return;
        }
        let window = self.init.window.clone();
        let (width, height) = window.default_size();
        self.init.settings.store_window(width, height, window.is_maximized());
        self.store_scroll();
        window.set_visible(false);
        let input = sender.input_sender().clone();
        gtk::glib::timeout_add_local_once(CLOSING_TIME, move || {
            let _gone = input.send(ShellInput::CloseNow);
        });
        self.player.emit(PlayerInput::Close);
        // Once nothing else is to be done the player has said what it had to say.
        self.reports += 1;
        let input = sender.input_sender().clone();
        gtk::glib::idle_add_local_once(move || {
            let _gone = input.send(ShellInput::AllTold);
        });
        self.end_all_conversions(sender);
    }

    fn drain(&self, sender: &ComponentSender<Self>) {
        let ctx = self.ctx.clone();
        sender.oneshot_command(async move {
            ShellCommand::Drained(OutboxService::drain_all_within(&ctx, DRAINING_TIME).await)
        });
    }

    pub(super) fn drained(&self, result: Result<(), ServiceError>) {
        if let Err(error) = result {
            tracing::warn!(%error, "changes could not be delivered at the end");
        }
        self.init.window.destroy();
    }

    /// What plays over a trust that was taken back ends: the player asked about it when it began.
    pub(super) fn stop_playing_of(&mut self, source: SourceId) {
        if self.playing.as_ref().is_some_and(|playing| playing.source == source) {
            self.close_player();
        }
    }

    pub(super) fn close_player(&mut self) {
        self.end_conversion();
        self.view.outer.pop_to_tag("main");
    }
}

/// The version behind this one, the first behind the last; none where there is no other.
fn after<'a>(versions: &'a [String], version: &str) -> Option<&'a String> {
    let place = versions.iter().position(|known| known == version).map_or(0, |place| place + 1);
    versions.get(place).or(versions.first()).filter(|next| *next != version)
}

/// What the player's title bar says.
fn titles(item: &Item) -> (String, Option<String>) {
    let title = text::card_title(item).to_owned();
    let subtitle = match item.record.kind {
        ItemKind::Episode => Some(text::card_subtitle(item)),
        _ => None,
    };
    (title, subtitle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_versions_are_gone_through_in_a_ring() {
        let versions = ["a".to_owned(), "b".to_owned()];
        assert_eq!(after(&versions, "a").map(String::as_str), Some("b"));
        assert_eq!(after(&versions, "b").map(String::as_str), Some("a"));
        assert_eq!(after(&versions, "gone").map(String::as_str), Some("a"));
        assert_eq!(after(&versions[..1], "a"), None);
        assert_eq!(after(&[], "a"), None);
    }
}
