//! Another quality of what plays, and the end of what a server converts for it.

use std::time::Duration;

use gtk::glib::timeout_add_local_once;
use relm4::{ComponentController as _, ComponentSender};
use tokio::task::JoinHandle;

use super::{Shell, ShellCommand};
use crate::backends::StreamSource;
use crate::models::{MediaId, Quality};
use crate::services::core::PlaybackService;
use crate::services::core::streaming::{KEEP_INTERVAL, Wishes};
use crate::services::gateway::GatewayStream;
use crate::services::{AppContext, ServiceError};
use crate::ui::error_text;
use crate::ui::pages::player::PlayerInput;

/// How long the player may still read what another source has taken the place of.
const HANDOVER: Duration = Duration::from_secs(5);

/// What plays by way of the gateway, and what keeps that open.
pub(in crate::ui) type OpenedStream = (StreamSource, Option<GatewayStream>);

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) struct Wanted {
    item: MediaId,
    /// Counts the questions about what plays.
    number: u32,
    quality: Option<Quality>,
}

/// Keeps up what a server converts for a playback, also while it is paused, and ends it when it is dropped.
#[derive(Debug)]
pub(super) struct Held {
    ctx: AppContext,
    session: String,
    keeper: JoinHandle<()>,
}

impl Held {
    /// Of a source for which the server converts; `None` of a file as it is.
    pub(super) fn of(ctx: &AppContext, source: &StreamSource) -> Option<Self> {
        let session = source.play_session_id.clone().filter(|_| source.delivery.is_converted())?;
        let keeping = ctx.clone();
        let keeper = relm4::spawn(async move {
            loop {
                tokio::time::sleep(KEEP_INTERVAL).await;
                PlaybackService::keep_alive(&keeping).await;
            }
        });
        Some(Self { ctx: ctx.clone(), session, keeper })
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.keeper.abort();
        let (ctx, session) = (self.ctx.clone(), std::mem::take(&mut self.session));
        relm4::spawn(async move { PlaybackService::end_playback(&ctx, &session).await });
    }
}

impl Shell {
    /// A person has chosen a quality for what plays.
    pub(super) fn change_quality(&mut self, quality: Quality, sender: &ComponentSender<Self>) {
        self.ask_for_source(Some(quality), false, sender);
    }

    /// What plays cannot be decoded here.
    pub(super) fn ask_for_conversion(&mut self, sender: &ComponentSender<Self>) {
        let quality = self.playing.as_ref().and_then(|playing| playing.quality);
        self.ask_for_source(quality, true, sender);
    }

    fn ask_for_source(
        &mut self,
        quality: Option<Quality>,
        force_transcode: bool,
        sender: &ComponentSender<Self>,
    ) {
        let Some(playing) = &mut self.playing else { return };
        playing.asked += 1;
        let source_id = playing.source;
        let wanted = Wanted { item: playing.item, number: playing.asked, quality };
        let version = Some(playing.version.clone());
        let wishes = Wishes { version, quality, force_transcode, ..Wishes::default() };
        let ctx = self.ctx.clone();
        sender.oneshot_command(async move {
            let opened = match PlaybackService::stream(&ctx, wanted.item, &wishes).await {
                Ok(source) => ctx.gateway.open(&ctx, source_id, source).await,
                Err(error) => Err(error),
            };
            ShellCommand::Restreamed(wanted, Box::new(opened))
        });
    }

    /// Goes on with another source. One that comes too late is ended again.
    pub(super) fn restreamed(&mut self, wanted: Wanted, opened: Result<OpenedStream, ServiceError>) {
        let playing = self
            .playing
            .as_mut()
            .filter(|playing| !self.closing && playing.item == wanted.item && playing.asked == wanted.number);
        let (playing, (source, stream)) = match (playing, opened) {
            (Some(playing), Ok(opened)) => (playing, opened),
            (None, Ok((source, _stream))) => return drop(Held::of(&self.ctx, &source)),
            (None, Err(_)) => return,
            (Some(_), Err(error)) => {
                self.player.emit(PlayerInput::NotReplaced);
                return self.say(&error_text::sentence(&error));
            }
        };
        playing.quality = wanted.quality;
        playing.version.clone_from(&source.version_id);
        playing.session.clone_from(&source.play_session_id);
        playing.method = source.delivery.method;
        // With this what was converted before ends.
        playing.held = Held::of(&self.ctx, &source);
        let before = std::mem::replace(&mut playing.stream, stream);
        // The player still reads it until it has heard of the other one.
        timeout_add_local_once(HANDOVER, move || drop(before));
        self.player.emit(PlayerInput::Replace(Box::new(source)));
    }

    /// The player was left, however: nothing is kept for it.
    pub(super) fn player_left(&mut self) {
        self.end_conversion();
        if let Some(playing) = &mut self.playing {
            playing.stream = None;
        }
    }

    /// Nothing plays any more that a server would have to convert.
    pub(super) fn end_conversion(&mut self) {
        if let Some(playing) = &mut self.playing {
            playing.held = None;
        }
    }

    /// The window closes: whatever is converted is ended before the process goes.
    pub(super) fn end_all_conversions(&mut self, sender: &ComponentSender<Self>) {
        let ctx = self.ctx.clone();
        self.reports += 1;
        sender.oneshot_command(async move {
            // The last place goes first: with its report the server ends most by itself.
            tokio::time::sleep(LAST_REPORT_TIME).await;
            PlaybackService::end_all(&ctx).await;
            ShellCommand::Reported(Ok(()))
        });
    }
}

/// How long the player's last report may take to begin.
const LAST_REPORT_TIME: Duration = Duration::from_millis(50);
