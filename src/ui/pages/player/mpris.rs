//! The player on the session bus (MPRIS), for media keys, the desktop's own controls and a phone in a pocket.
//!
//! A task on the main thread owns the object and takes the newest [`Shown`]; nothing waits for the bus. Without a bus
//! the task ends and nothing else happens. Dropping [`Mpris`] takes the name off the bus.

use std::path::PathBuf;
use std::time::Duration;

use gtk::glib;
use gtk::prelude::*;
use mpris_server::{Metadata, PlaybackStatus, Player, Time, TrackId};
use relm4::Sender;
use tokio::sync::watch;

use super::PlayerPage;
use super::messages::PlayerInput;
use super::state::{Phase, PlayerState, RATES};
use crate::config::APP_ID;
use crate::player::EngineState;

/// What is called to do something on the bus.
#[derive(Debug, Clone, PartialEq)]
pub enum BusWish {
    /// Play.
    Play,
    /// Pause.
    Pause,
    /// Leave what is played.
    Stop,
    /// So far from here, in microseconds.
    Seek(i64),
    /// To a position of what the path names, in microseconds.
    SetPosition(String, i64),
    /// Full screen or not.
    Fullscreen(bool),
    /// Show the window.
    Raise,
    /// Close the window.
    Quit,
}

/// What the bus shows.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Shown {
    state: PlayerState,
    title: String,
    artist: Option<String>,
    album: Option<String>,
    picture: Option<PathBuf>,
    can_previous: bool,
    can_next: bool,
    /// Counts what was opened: part of the name of a track.
    opened: u64,
    /// Counts seeks: each is a signal.
    seeks: u64,
}

/// The object on the bus.
#[derive(Debug)]
pub(super) struct Mpris {
    shown: watch::Sender<Shown>,
}

impl Mpris {
    /// Puts the object on the bus; what others want goes to `sender`.
    pub(super) fn new(sender: &Sender<PlayerInput>) -> Self {
        let (shown, changes) = watch::channel(Shown::default());
        let sender = sender.clone();
        glib::spawn_future_local(async move {
            if let Err(error) = serve(changes, sender).await {
                tracing::debug!(%error, "not on the session bus as a player");
            }
        });
        Self { shown }
    }
}

async fn serve(
    mut changes: watch::Receiver<Shown>,
    sender: Sender<PlayerInput>,
) -> mpris_server::zbus::Result<()> {
    let player = Player::builder(APP_ID)
        .identity("Reel")
        .desktop_entry(APP_ID)
        .can_raise(true)
        .can_quit(true)
        .can_set_fullscreen(true)
        .can_control(true)
        .minimum_rate(RATES[0])
        .maximum_rate(RATES[RATES.len() - 1])
        .build()
        .await?;
    listen(&player, &sender);
    let task = glib::spawn_future_local(player.run());
    let mut before = Shown::default();
    while changes.changed().await.is_ok() {
        let now = changes.borrow_and_update().clone();
        show(&player, &before, &now).await?;
        before = now;
    }
    drop(player);
    task.abort();
    Ok(())
}

fn listen(player: &Player, sender: &Sender<PlayerInput>) {
    let wish = |wish: fn() -> PlayerInput| {
        let sender = sender.clone();
        move |_: &Player| {
            // The page may be gone.
            let _gone = sender.send(wish());
        }
    };
    player.connect_play(wish(|| PlayerInput::Bus(BusWish::Play)));
    player.connect_pause(wish(|| PlayerInput::Bus(BusWish::Pause)));
    player.connect_play_pause(wish(|| PlayerInput::PlayToggled));
    player.connect_stop(wish(|| PlayerInput::Bus(BusWish::Stop)));
    player.connect_next(wish(|| PlayerInput::NextChosen));
    player.connect_previous(wish(|| PlayerInput::PreviousChosen));
    player.connect_raise(wish(|| PlayerInput::Bus(BusWish::Raise)));
    player.connect_quit(wish(|| PlayerInput::Bus(BusWish::Quit)));
    let to_page = sender.clone();
    player.connect_seek(move |_, offset| to_page.emit(PlayerInput::Bus(BusWish::Seek(offset.as_micros()))));
    let to_page = sender.clone();
    player.connect_set_position(move |_, track, position| {
        let wish = BusWish::SetPosition(track.as_str().to_owned(), position.as_micros());
        to_page.emit(PlayerInput::Bus(wish));
    });
    let to_page = sender.clone();
    player.connect_set_rate(move |_, rate| to_page.emit(PlayerInput::RateChosen(rate)));
    let to_page = sender.clone();
    player.connect_set_volume(move |_, volume| to_page.emit(PlayerInput::VolumeChosen(volume)));
    let to_page = sender.clone();
    player.connect_set_fullscreen(move |_, full| to_page.emit(PlayerInput::Bus(BusWish::Fullscreen(full))));
}

/// Tells what is another; the library itself tells nothing that is as before.
async fn show(player: &Player, before: &Shown, now: &Shown) -> mpris_server::zbus::Result<()> {
    let is_open = matches!(now.state.phase, Phase::Active(_));
    player.set_position(time(now.state.position));
    if (before.opened, before.state.duration, &before.title, &before.picture)
        != (now.opened, now.state.duration, &now.title, &now.picture)
    {
        player.set_metadata(metadata(now)).await?;
    }
    player.set_can_play(is_open).await?;
    player.set_can_pause(is_open).await?;
    player.set_can_seek(is_open && now.state.duration.is_some()).await?;
    player.set_can_go_next(is_open && now.can_next).await?;
    player.set_can_go_previous(is_open && now.can_previous).await?;
    player.set_playback_status(status(&now.state.phase)).await?;
    player.set_rate(now.state.rate).await?;
    player.set_volume(if now.state.muted { 0.0 } else { now.state.volume }).await?;
    player.set_fullscreen(now.state.fullscreen).await?;
    if before.seeks != now.seeks {
        player.seeked(time(now.state.position)).await?;
    }
    Ok(())
}

fn metadata(shown: &Shown) -> Metadata {
    let mut metadata = Metadata::new();
    metadata.set_trackid(TrackId::try_from(track_path(shown.opened)).ok());
    metadata.set_title(Some(shown.title.clone()));
    metadata.set_artist(shown.artist.clone().map(|artist| [artist]));
    metadata.set_album(shown.album.clone());
    metadata.set_length(shown.state.duration.map(time));
    // A file of the cache: never an address, which could hold a token.
    metadata.set_art_url(shown.picture.as_ref().map(|path| gtk::gio::File::for_path(path).uri().to_string()));
    metadata
}

fn status(phase: &Phase) -> PlaybackStatus {
    match phase {
        Phase::Active(EngineState::Paused) => PlaybackStatus::Paused,
        Phase::Active(_) => PlaybackStatus::Playing,
        Phase::Idle | Phase::Failed(_) => PlaybackStatus::Stopped,
    }
}

/// What is opened as the so-manieth, as the bus names it.
fn track_path(opened: u64) -> String {
    format!("/io/github/gnome_reel/Reel/track/{opened}")
}

fn time(duration: Duration) -> Time {
    Time::from_micros(i64::try_from(duration.as_micros()).unwrap_or(i64::MAX))
}

/// A place from microseconds; what lies before the beginning is the beginning.
fn place(micros: i64) -> Duration {
    Duration::from_micros(u64::try_from(micros).unwrap_or_default())
}

impl PlayerPage {
    /// Brings the bus up to date.
    pub(super) fn show_on_bus(&self) {
        let Some(mpris) = &self.mpris else { return };
        let request = self.shown();
        let sound = request.and_then(|request| request.sound.as_ref());
        let (title, subtitle) = (self.title().to_owned(), self.subtitle());
        // Of an episode the series stands where music has who plays it.
        let (title, artist) = match sound {
            Some(sound) => (title, sound.performer.clone()),
            None if subtitle.is_empty() => (title, None),
            None => (subtitle.to_owned(), Some(title)),
        };
        let now = Shown {
            state: PlayerState { buffered: None, ..self.state.clone() },
            title,
            artist,
            album: sound.and_then(|sound| sound.album.clone()),
            picture: request.and_then(|request| request.memory.picture.clone()),
            can_previous: self.around().previous,
            can_next: self.around().next,
            opened: self.opened,
            seeks: self.seeks,
        };
        mpris.shown.send_if_modified(|shown| {
            let is_other = *shown != now;
            *shown = now;
            is_other
        });
    }

    /// Does what somebody on the bus wants.
    pub(super) fn bus_wishes(&mut self, wish: BusWish) {
        match wish {
            BusWish::Play if self.state.phase.is_playing() => {}
            BusWish::Pause if !self.state.phase.is_playing() => {}
            BusWish::Play | BusWish::Pause => self.toggle_play(),
            BusWish::Stop => self.go_back(),
            BusWish::Seek(micros) => self.seek_on_bus(micros),
            // Somebody may speak of what played before.
            BusWish::SetPosition(track, micros) => {
                let is_inside = self.state.duration.is_some_and(|length| place(micros) <= length);
                if track == track_path(self.opened) && micros >= 0 && is_inside {
                    self.seek(place(micros));
                }
            }
            BusWish::Fullscreen(full) if full != self.state.fullscreen => self.toggle_fullscreen(),
            BusWish::Fullscreen(_) => {}
            BusWish::Raise => self.in_window(GtkWindowExt::present),
            BusWish::Quit => self.in_window(GtkWindowExt::close),
        }
    }

    /// A seek beyond the end is *Next*, as the specification has it.
    fn seek_on_bus(&mut self, micros: i64) {
        let target = time(self.state.position).as_micros().saturating_add(micros);
        match self.state.duration {
            Some(length) if place(target) >= length => self.go_to_next(),
            _ => self.seek(place(target)),
        }
    }

    fn in_window(&self, act: impl Fn(&gtk::Window)) {
        if let Some(window) = self.root.root().and_downcast::<gtk::Window>() {
            act(&window);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_a_file_and_nothing_else() {
        let shown = Shown {
            title: "Lantern".to_owned(),
            artist: Some("Harbour".to_owned()),
            picture: Some("/cache/a b.jpg".into()),
            opened: 3,
            ..Shown::default()
        };
        let metadata = metadata(&shown);
        assert_eq!(metadata.art_url().as_deref(), Some("file:///cache/a%20b.jpg"));
        assert_eq!(metadata.title(), Some("Lantern"));
        assert_eq!(metadata.trackid().unwrap().as_str(), track_path(3));
        assert_eq!(metadata.length(), None);
    }

    #[test]
    fn what_buffers_plays_and_what_failed_has_stopped() {
        assert_eq!(status(&Phase::Active(EngineState::Buffering(3))), PlaybackStatus::Playing);
        assert_eq!(status(&Phase::Active(EngineState::Paused)), PlaybackStatus::Paused);
        assert_eq!(status(&Phase::Idle), PlaybackStatus::Stopped);
        assert_eq!(place(-5), Duration::ZERO);
    }
}
