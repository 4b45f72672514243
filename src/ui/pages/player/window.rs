//! The page's hold on its window: full screen, idle, closing.

use adw::prelude::*;
use gettextrs::gettext;
use gtk::glib;
use relm4::Sender;

use super::messages::PlayerInput;

/// The window while something is open in the player. Dropping it gives everything back.
#[derive(Debug)]
pub struct WindowHold {
    window: gtk::Window,
    handlers: Vec<glib::SignalHandlerId>,
    inhibited: Option<u32>,
    /// Whether the player has put it into full screen and has to undo that.
    filled: bool,
}

impl WindowHold {
    /// Takes hold of the window that shows `page`.
    pub fn take(page: &impl IsA<gtk::Widget>, sender: &Sender<PlayerInput>) -> Option<Self> {
        let window = page.root().and_downcast::<gtk::Window>()?;
        let to_page = sender.clone();
        let fullscreened = window.connect_fullscreened_notify(move |window| {
            to_page.emit(PlayerInput::WindowFullscreened(window.is_fullscreen()));
        });
        let to_page = sender.clone();
        // The last position has to be told before the window goes; the page closes it then.
        let closing = window.connect_close_request(move |_| {
            to_page.emit(PlayerInput::WindowClosing);
            glib::Propagation::Stop
        });
        Some(Self { window, handlers: vec![fullscreened, closing], inhibited: None, filled: false })
    }

    /// The window itself.
    pub fn window(&self) -> &gtk::Window {
        &self.window
    }

    /// Fills the screen, or not.
    pub fn toggle_fullscreen(&mut self) {
        self.filled = !self.window.is_fullscreen();
        self.window.set_fullscreened(self.filled);
    }

    /// Keeps the screen awake, or no longer.
    pub fn keep_awake(&mut self, awake: bool) {
        let Some(app) = self.window.application() else { return };
        if awake && self.inhibited.is_none() {
            let cookie = app.inhibit(
                Some(&self.window),
                gtk::ApplicationInhibitFlags::IDLE,
                Some(&gettext("Playing")),
            );
            // 0 says that the desktop has no such service.
            self.inhibited = (cookie != 0).then_some(cookie);
        } else if !awake && let Some(cookie) = self.inhibited.take() {
            app.uninhibit(cookie);
        }
    }
}

impl Drop for WindowHold {
    fn drop(&mut self) {
        self.keep_awake(false);
        for handler in self.handlers.drain(..) {
            self.window.disconnect(handler);
        }
        if self.filled {
            self.window.unfullscreen();
        }
    }
}
