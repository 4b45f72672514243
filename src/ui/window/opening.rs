//! What is opened from outside: an item, or a file.

use std::time::Duration;

use gettextrs::gettext;
use gtk::prelude::*;
use relm4::{ComponentController as _, ComponentSender};

use super::{Shell, ShellCommand, ShellInput};
use crate::models::{PlayMethod, PlayTarget, PlaybackEvent, PlaybackReport};
use crate::services::ServiceError;
use crate::services::core::opened::Opened;
use crate::services::core::{OpenService, PlayMemory};
use crate::ui::pages::player::{Around, PlayRequest, PlayerInput};

impl Shell {
    /// Plays what somebody wants from outside.
    pub(super) fn play_target(&mut self, target: PlayTarget, sender: &ComponentSender<Self>) {
        self.init.window.present();
        match target {
            PlayTarget::Item(item) => sender.input(ShellInput::Play { item, from_start: false }),
            PlayTarget::File(path) => {
                // What plays is told as left while it is still known what that is.
                self.player.emit(PlayerInput::Close);
                let ctx = self.ctx.clone();
                sender.oneshot_command(async move {
                    ShellCommand::Opened(Box::new(OpenService::open(&ctx, &path).await))
                });
            }
        }
    }

    /// A file was looked at: plays it, as the item that it is or by itself.
    pub(super) fn opened(&mut self, opened: Result<Opened, ServiceError>, sender: &ComponentSender<Self>) {
        match opened {
            _ if self.closing => {}
            Ok(Opened::Item(item)) => sender.input(ShellInput::Play { item, from_start: false }),
            Ok(Opened::File { file, title, source, start }) => {
                self.playing = None;
                self.playing_file = Some(file);
                self.player.emit(PlayerInput::SetVolume(self.init.settings.volume()));
                let (around, memory) = (Around::default(), PlayMemory::default());
                let preferences = self.init.settings.track_preferences();
                let source = *source;
                let request = PlayRequest {
                    title,
                    subtitle: None,
                    source,
                    start,
                    sound: None,
                    around,
                    memory,
                    preferences,
                };
                self.player.emit(PlayerInput::Open(Box::new(request)));
                if self.view.outer.visible_page().as_ref() != Some(&self.view.player) {
                    self.view.outer.push(&self.view.player);
                }
            }
            Err(error) => {
                tracing::warn!(%error, "a file cannot be opened");
                self.close_player();
                self.say(&gettext("This file cannot be opened."));
            }
        }
    }

    /// Keeps the place in a file that is in no source.
    pub(super) fn report_file(
        &mut self,
        position: Duration,
        duration: Option<Duration>,
        event: PlaybackEvent,
        sender: &ComponentSender<Self>,
    ) {
        let Some(file) = self.playing_file.clone() else { return };
        let report = PlaybackReport {
            event,
            position,
            duration,
            at: self.ctx.clock.now(),
            version_id: None,
            play_session_id: None,
            method: PlayMethod::Direct,
        };
        let ctx = self.ctx.clone();
        self.reports += 1;
        sender.oneshot_command(async move {
            ShellCommand::Reported(OpenService::report(&ctx, &file, &report).await)
        });
    }
}
