//! The limit that start and memory are measured against (`build-aux/bench app`): an empty libadwaita window of
//! the app's size that tells its first frame as the app does. No Relm4, no database, no threads of its own.

use std::cell::Cell;
use std::time::Instant;

use adw::prelude::*;
use gtk::glib;

/// Not the app's: a running app would be asked to show its window instead.
const ID: &str = "io.github.gnome_reel.EmptyWindow";

fn main() -> glib::ExitCode {
    let started = Instant::now();
    gnome_reel::logging::start();
    let application = adw::Application::builder().application_id(ID).build();
    application.connect_activate(move |application| show(application, started));
    application.run()
}

fn show(application: &adw::Application, started: Instant) {
    let view = adw::ToolbarView::new();
    view.add_top_bar(&adw::HeaderBar::new());
    let window = adw::ApplicationWindow::builder()
        .application(application)
        .title("Empty")
        .default_width(1100)
        .default_height(760)
        .content(&view)
        .build();
    window.connect_map(move |window| {
        let Some(clock) = window.frame_clock() else { return };
        let first = Cell::new(true);
        clock.connect_after_paint(move |_| {
            if first.replace(false) {
                let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
                tracing::info!(target: "gnome_reel::startup", ms, "first_frame");
            }
        });
    });
    window.present();
}
