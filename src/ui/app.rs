//! The application: opens the files, then shows the window's content.

use std::process::ExitCode;

use adw::prelude::*;
use gettextrs::gettext;
use relm4::{Component, ComponentController as _, ComponentParts, ComponentSender, Controller, RelmApp, gtk};

use super::error_text;
use super::memory;
use super::network_settings::NetworkSettings;
use super::quality_settings;
use super::settings::Settings;
use super::signals;
use super::stall;
use super::window::{Destination, Shell, ShellInit, ShellInput};
use crate::config::{APP_ID, IS_DEVELOPMENT};
use crate::models::PlayTarget;
use crate::services::images::ImageService;
use crate::services::{AppContext, ServiceError};

/// Threads for requests and reading answers. Waiting needs none, and the database has its own.
const THREADS: usize = 2;
/// Threads for what blocks: decoding, files, the keyring. Many pictures at once would start one for each, and
/// each keeps two or three megabytes of memory that it no longer needs.
const BLOCKING_THREADS: usize = 6;

/// Shows the app until its window is closed; plays something at once when that is given. Where the app runs already,
/// that one does it.
pub fn run(play: Option<&PlayTarget>) -> ExitCode {
    let started = std::time::Instant::now();
    memory::return_large_blocks();
    if relm4::RELM_THREADS.set(THREADS).is_err()
        || relm4::RELM_BLOCKING_THREADS.set(BLOCKING_THREADS).is_err()
    {
        tracing::debug!("the number of threads was set before");
    }
    if gtk::init().is_err() {
        crate::cli::complain(&gettext("There is no display to show a window on."));
        return ExitCode::FAILURE;
    }
    if has_handed_over(play) {
        return ExitCode::SUCCESS;
    }
    if let Err(error) = gtk::gio::resources_register_include!("gnome-reel.gresource") {
        tracing::warn!(%error, "no resources");
    }
    let application = adw::Application::builder()
        .application_id(APP_ID)
        .resource_base_path("/io/github/gnome_reel/Reel")
        .flags(gtk::gio::ApplicationFlags::HANDLES_OPEN)
        .build();
    // The first argument is the program's name.
    let arguments = play.map(|target| vec!["gnome-reel".to_owned(), target.to_argument()]);
    let app = RelmApp::from_app(application).with_args(arguments.unwrap_or_default());
    app.run::<App>(AppInit { started });
    ExitCode::SUCCESS
}

/// Lets a Reel that runs already show itself and play what is wanted; whether there is one.
///
/// `RelmApp` would do that too and then wait for an event that never comes.
fn has_handed_over(play: Option<&PlayTarget>) -> bool {
    let flags = gtk::gio::ApplicationFlags::IS_LAUNCHER | gtk::gio::ApplicationFlags::HANDLES_OPEN;
    let launcher = gtk::Application::new(Some(APP_ID), flags);
    if launcher.register(gtk::gio::Cancellable::NONE).is_err() || !launcher.is_remote() {
        return false;
    }
    match play {
        Some(target) => launcher.open(&[gtk::gio::File::for_commandline_arg(target.to_argument())], ""),
        None => launcher.activate(),
    }
    if let Some(connection) = launcher.dbus_connection()
        && let Err(error) = connection.flush_sync(gtk::gio::Cancellable::NONE)
    {
        tracing::warn!(%error, "the running app was not told");
    }
    true
}

/// What the app starts with.
#[derive(Debug, Clone, Copy)]
pub(super) struct AppInit {
    started: std::time::Instant,
}

/// Messages to the app.
#[derive(Debug, Clone)]
pub(super) enum AppInput {
    /// Somebody wants to go to a place.
    Go(Destination),
    /// Somebody wants to play something, from here or from another process.
    Play(PlayTarget),
    /// The process is asked to end.
    Quit,
}

/// The window, before and after its content is there.
#[derive(Debug)]
pub(super) struct App {
    init: AppInit,
    settings: Settings,
    shell: Option<Controller<Shell>>,
    /// Where to go as soon as there is something to show.
    wanted: Option<Destination>,
    /// To be played as soon as there is something to play it.
    to_play: Option<PlayTarget>,
}

/// What the desktop offers beside starting the app, and where that leads. The desktop file names the same.
const DESKTOP_ACTIONS: [(&str, Destination); 2] =
    [("continue-watching", Destination::Home), ("search", Destination::Search)];

#[relm4::component(pub(super))]
impl Component for App {
    type Init = AppInit;
    type Input = AppInput;
    type Output = ();
    type CommandOutput = Result<AppContext, ServiceError>;

    view! {
        #[root]
        adw::ApplicationWindow {
            set_title: Some("Reel"),
            set_width_request: 360,
            set_height_request: 200,
            set_default_size: (width, height),
            set_maximized: maximized,
            set_icon_name: Some(APP_ID),
        }
    }

    fn init(init: AppInit, root: Self::Root, sender: ComponentSender<Self>) -> ComponentParts<Self> {
        let settings = Settings::open();
        let (width, height, maximized) = settings.window();
        let started = init.started;
        root.connect_map(move |window| {
            let clock = window.frame_clock();
            let first = std::cell::Cell::new(true);
            if let Some(clock) = clock {
                clock.connect_after_paint(move |_| {
                    if first.replace(false) {
                        let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
                        tracing::info!(target: "gnome_reel::startup", ms, "first_frame");
                    }
                });
            }
        });
        if IS_DEVELOPMENT {
            root.add_css_class("devel");
        }
        listen_to_opening(sender.input_sender());
        signals::listen(sender.input_sender(), &AppInput::Quit);
        stall::watch(&root);
        offer_desktop_actions(&sender);
        let model = Self { init, settings: settings.clone(), shell: None, wanted: None, to_play: None };
        let widgets = view_output!();
        sender.oneshot_command(AppContext::open_for_user());
        ComponentParts { model, widgets }
    }

    fn update(&mut self, message: AppInput, _sender: ComponentSender<Self>, root: &Self::Root) {
        match (message, &self.shell) {
            (AppInput::Quit, Some(shell)) => return shell.emit(ShellInput::Close),
            (AppInput::Quit, None) => return root.destroy(),
            (AppInput::Go(destination), Some(shell)) => shell.emit(ShellInput::Go(destination)),
            (AppInput::Go(destination), None) => self.wanted = Some(destination),
            (AppInput::Play(target), Some(shell)) => shell.emit(ShellInput::PlayTarget(target)),
            (AppInput::Play(target), None) => self.to_play = Some(target),
        }
        root.present();
    }

    fn update_cmd(
        &mut self,
        opened: Result<AppContext, ServiceError>,
        _sender: ComponentSender<Self>,
        root: &Self::Root,
    ) {
        match opened {
            Ok(ctx) => self.show_content(ctx, root),
            Err(error) => show_failure(&error, root),
        }
    }
}

impl App {
    fn show_content(&mut self, ctx: AppContext, root: &adw::ApplicationWindow) {
        apply_image_cache(&ctx, &self.settings);
        quality_settings::start(&ctx, &self.settings);
        let init = ShellInit {
            network_settings: NetworkSettings::start(&ctx, &self.settings, root),
            ctx,
            settings: self.settings.clone(),
            window: root.clone(),
            play: self.to_play.take(),
            started: self.init.started,
        };
        let shell = Shell::builder().launch(init).detach();
        root.set_content(Some(shell.widget()));
        if let Some(destination) = self.wanted.take() {
            shell.emit(ShellInput::Go(destination));
        }
        self.shell = Some(shell);
    }
}

/// Hears what is opened, by whichever process: with the command line, in the file manager, by an address.
fn listen_to_opening(input: &relm4::Sender<AppInput>) {
    let input = input.clone();
    relm4::main_application().connect_open(move |application, files, _| {
        application.activate();
        if let Some(target) = files.first().and_then(target_of) {
            input.emit(AppInput::Play(target));
        }
    });
}

fn target_of(file: &gtk::gio::File) -> Option<PlayTarget> {
    match file.path() {
        Some(path) => Some(PlayTarget::File(path)),
        None => file.uri().parse().ok().filter(|target| matches!(target, PlayTarget::Item(_))),
    }
}

/// Lets the desktop start the app at a place, or lead the running one there.
fn offer_desktop_actions(sender: &ComponentSender<App>) {
    let application = relm4::main_application();
    for (name, destination) in DESKTOP_ACTIONS {
        let action = gtk::gio::SimpleAction::new(name, None);
        let input = sender.input_sender().clone();
        action.connect_activate(move |_, _| input.emit(AppInput::Go(destination)));
        application.add_action(&action);
    }
}

/// Brings the size of the picture cache to the core, now and whenever it is changed.
fn apply_image_cache(ctx: &AppContext, settings: &Settings) {
    ImageService::set_limit(ctx, settings.image_cache_bytes());
    let ctx = ctx.clone();
    settings.watch_image_cache(move |settings| ImageService::set_limit(&ctx, settings.image_cache_bytes()));
}

/// A database that cannot be opened: says so, loses nothing, and can be closed.
fn show_failure(error: &ServiceError, root: &adw::ApplicationWindow) {
    tracing::error!(%error, "the app cannot start");
    let status = adw::StatusPage::builder()
        .icon_name("dialog-error-symbolic")
        .title(gettext("Reel Cannot Start"))
        .description(error_text::sentence(error))
        .build();
    let quit = gtk::Button::builder()
        .label(gettext("Quit"))
        .halign(gtk::Align::Center)
        .css_classes(["pill"])
        .build();
    let window = root.clone();
    quit.connect_clicked(move |_| window.close());
    status.set_child(Some(&quit));
    let view = adw::ToolbarView::new();
    view.add_top_bar(&adw::HeaderBar::new());
    view.set_content(Some(&status));
    root.set_content(Some(&view));
}
