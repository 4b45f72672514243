//! Whether a title goes on where it was left: the question, where it is to be asked.

use std::time::Duration;

use adw::prelude::*;
use gettextrs::gettext;
use relm4::ComponentSender;

use super::prepared::{Course, Prepared};
use super::{Shell, ShellInput};
use crate::ui::clock::clock;
use crate::ui::moment_settings::Resuming;

/// The answers of the dialog.
const GO_ON: &str = "go-on";
const START_OVER: &str = "start-over";

impl Shell {
    /// Plays what was prepared, from where the settings or the person say. What follows in a list, and sound, goes on
    /// without a question.
    pub(super) fn play_or_ask(
        &mut self,
        course: Course,
        mut prepared: Prepared,
        sender: &ComponentSender<Self>,
    ) {
        let begins = course == Course::Begins && !prepared.playable.start.is_zero();
        if begins && prepared.sound.is_none() {
            match self.init.settings.resuming() {
                Resuming::Always => {}
                Resuming::Never => prepared.playable.start = Duration::ZERO,
                Resuming::Ask => return self.ask_where(prepared, sender),
            }
        }
        self.open_player(prepared, sender);
    }

    fn ask_where(&self, prepared: Prepared, sender: &ComponentSender<Self>) {
        let title = crate::ui::text::title(&prepared.playable.item).to_owned();
        let dialog = adw::AlertDialog::new(Some(&title), None);
        let go_on = gettext("Resume from {time}").replace("{time}", &clock(prepared.playable.start));
        dialog.add_responses(&[(START_OVER, &gettext("Start over")), (GO_ON, &go_on)]);
        dialog.set_prefer_wide_layout(false);
        dialog.set_response_appearance(GO_ON, adw::ResponseAppearance::Suggested);
        dialog.set_default_response(Some(GO_ON));
        let input = sender.input_sender().clone();
        let window = self.init.window.clone();
        let mut prepared = Some(prepared);
        gtk::glib::spawn_future_local(async move {
            let answer = dialog.choose_future(Some(&window)).await;
            let Some(mut prepared) = prepared.take() else { return };
            match answer.as_str() {
                GO_ON => {}
                START_OVER => prepared.playable.start = Duration::ZERO,
                // Closed without an answer.
                _ => return,
            }
            let _gone = input.send(ShellInput::PlayPrepared(Box::new(prepared)));
        });
    }
}
