//! The content of the window: sidebar, pages and player, and the one bridge from events to them.

mod above;
mod certificates;
mod events;
mod folders;
mod incidents;
mod marks;
mod messages;
mod moments;
mod navigation;
mod opening;
mod place;
mod playing;
mod prepared;
mod quality;
mod queue;
mod refresh;
mod resting;
mod resume;
mod shelves;
mod sidebar;
mod sleep;
mod standing;
mod typing;
mod view;

use std::sync::Arc;
use std::time::Duration;

use adw::prelude::{GtkWindowExt as _, NavigationPageExt as _};
use gettextrs::gettext;
use relm4::{
    Component, ComponentController as _, ComponentParts, ComponentSender, Controller, WorkerController,
};

pub(super) use messages::{Destination, ShellCommand, ShellInit, ShellInput};

use super::dialogs::{AddSourceDialog, AddSourceInit, FoldersDialog, PreferencesDialog};
use super::pages::connections::ConnectionsPage;
use super::pages::details::DetailsPage;
use super::pages::favourites::FavouritesPage;
use super::pages::home::HomePage;
use super::pages::library::LibraryPage;
use super::pages::player::{PlayerInit, PlayerInput, PlayerPage};
use super::pages::search::SearchPage;
use super::pages::shelves::CardsPage;
use super::pages::sources::SourcesPage;
use super::widgets::Beacon;
use crate::models::{Source, SourceId};
use crate::services::AppContext;
use crate::services::core::monitor::MonitorInput;
use crate::services::core::opened::OpenedFile;
use crate::services::core::{PlaybackReporter, Preferred};
use crate::workers::{
    ConnectionMonitor, FolderKeeper, FolderOutput, LiveUpdates, MountMonitor, NetworkMonitor, OutboxInput,
    OutboxWorker, SyncInput, SyncWorker, SystemProxies,
};
use incidents::Incidents;
use resting::Rest;
use sidebar::{Sidebar, SidebarOutput};
use sleep::SleepWatch;
use view::ShellView;

/// Servers are not asked before the first page is on the screen, but no later than this after the start.
const LATEST_BEGIN: Duration = Duration::from_secs(1);

/// What stands in the content area besides details.
#[derive(Debug)]
enum Page {
    Home(Controller<HomePage>),
    Favourites(Controller<FavouritesPage>),
    Cards(Controller<CardsPage>),
    Library(Controller<LibraryPage>),
    Search(Controller<SearchPage>),
    Sources(Controller<SourcesPage>),
}

/// The content of the window.
#[derive(Debug)]
pub(super) struct Shell {
    ctx: AppContext,
    init: ShellInit,
    view: ShellView,
    sidebar: Controller<Sidebar>,
    destination: Destination,
    page: Option<Page>,
    details: Vec<Controller<DetailsPage>>,
    /// Other pages above the one in front.
    above: Vec<above::Above>,
    connections: Option<Controller<ConnectionsPage>>,
    /// The sources as the sidebar shows them.
    sources: Vec<Source>,
    incidents: Incidents,
    /// What was said of sources last.
    told: Vec<(Vec<SourceId>, adw::Toast)>,
    beacon: Beacon,
    player: Controller<PlayerPage>,
    playing: Option<playing::Playing>,
    /// What plays instead, when it is in no source.
    playing_file: Option<OpenedFile>,
    add_source: Option<Controller<AddSourceDialog>>,
    preferences: Option<Controller<PreferencesDialog>>,
    folders_dialog: Option<Controller<FoldersDialog>>,
    folders: WorkerController<FolderKeeper>,
    mounts: Option<MountMonitor>,
    sync: WorkerController<SyncWorker>,
    outbox: WorkerController<OutboxWorker>,
    monitor: WorkerController<ConnectionMonitor>,
    live: WorkerController<LiveUpdates>,
    /// Tells the core of the network as long as it lives.
    _network: NetworkMonitor,
    refresh: refresh::Refresh,
    populated: bool,
    /// What does not have to be there at once has begun.
    begun: bool,
    /// Memory is to be given back.
    rest: Rest,
    /// Takes what the player says to the database and the servers.
    reporter: PlaybackReporter,
    /// Places on their way to the database.
    reports: u32,
    /// The window is to go once they are there.
    closing: bool,
    sleep: SleepWatch,
}

impl Component for Shell {
    type Init = ShellInit;
    type Input = ShellInput;
    type Output = ();
    type CommandOutput = ShellCommand;
    type Root = adw::ToastOverlay;
    type Widgets = ();

    fn init_root() -> Self::Root {
        adw::ToastOverlay::new()
    }

    fn init(init: ShellInit, root: Self::Root, sender: ComponentSender<Self>) -> ComponentParts<Self> {
        let ctx = init.ctx.clone();
        let view = ShellView::build(&root, &init.window);
        let sidebar =
            Sidebar::builder().launch(ctx.clone()).forward(sender.input_sender(), |out| match out {
                SidebarOutput::Chosen(destination) => ShellInput::Go(destination),
                SidebarOutput::AddSource => ShellInput::AddSource(None),
                SidebarOutput::Sources(sources) => ShellInput::SourcesChanged(sources),
                SidebarOutput::StopSync(id) => ShellInput::StopSync(id),
            });
        view.split.set_sidebar(Some(sidebar.widget()));
        let player = PlayerPage::builder()
            .launch(PlayerInit::with_volume(init.settings.volume()))
            .forward(sender.input_sender(), ShellInput::Player);
        view.player.set_child(Some(player.widget()));
        let (left, shell) = (player.sender().clone(), sender.input_sender().clone());
        // However the player is left, by a button, a key or a swipe, nothing plays on unseen.
        view.player.connect_hidden(move |_| {
            left.emit(PlayerInput::Close);
            // At the end of the app nobody listens.
            let _gone = shell.send(ShellInput::PlayerLeft);
        });
        let interval = init.settings.sync_interval();
        let sync = SyncWorker::builder().detach_worker((ctx.clone(), interval)).detach();
        let timer = sync.sender().clone();
        init.settings.watch_sync_interval(move |interval| timer.emit(SyncInput::Interval(interval)));
        let outbox = OutboxWorker::builder().detach_worker(ctx.clone()).detach();
        let folders = FolderKeeper::builder()
            .detach_worker((ctx.clone(), interval))
            .forward(sender.input_sender(), |FolderOutput::Sync(id)| ShellInput::Sync(id));
        let monitor = ConnectionMonitor::builder().detach_worker(ctx.clone()).detach();
        let live = LiveUpdates::builder().detach_worker(ctx.clone()).detach();
        ctx.http.set_proxy_resolver(Arc::new(SystemProxies::default()));
        let network = NetworkMonitor::start(&ctx.network);
        let (destination, steps) = place::read(&init.settings.last_page());
        let reporter = PlaybackReporter::new(&ctx);
        let mut model = Self {
            ctx,
            view,
            sidebar,
            destination,
            page: None,
            details: Vec::new(),
            above: Vec::new(),
            connections: None,
            sources: Vec::new(),
            incidents: Incidents::default(),
            told: Vec::new(),
            beacon: Beacon::default(),
            player,
            playing: None,
            playing_file: None,
            add_source: None,
            preferences: None,
            folders_dialog: None,
            folders,
            mounts: None,
            sync,
            outbox,
            monitor,
            live,
            _network: network,
            refresh: refresh::Refresh::default(),
            populated: false,
            begun: false,
            rest: Rest::default(),
            reporter,
            reports: 0,
            closing: false,
            sleep: SleepWatch::start(sender.input_sender()),
            init,
        };
        events::listen(&model.ctx, &sender);
        model.network_changed();
        model.bind_actions(&sender);
        model.bind_standing_actions(&sender);
        model.go(destination, &sender);
        model.look_for_steps(steps, &sender);
        let input = sender.input_sender().clone();
        gtk::glib::timeout_add_local_once(LATEST_BEGIN, move || {
            let _gone = input.send(ShellInput::Begin);
        });
        if let Some(target) = model.init.play.take() {
            sender.input(ShellInput::PlayTarget(target));
        }
        ComponentParts { model, widgets: () }
    }

    fn update(&mut self, message: ShellInput, sender: ComponentSender<Self>, _root: &Self::Root) {
        match message {
            ShellInput::Go(destination) => self.go(destination, &sender),
            ShellInput::OpenItem(item) => sender.oneshot_command(above::find(self.ctx.clone(), item)),
            ShellInput::OpenArtists(library) => self.open_artists(library, &sender),
            ShellInput::LeaveViewer => self.close_player(),
            ShellInput::SearchFor(text) => self.search_for(text, &sender),
            ShellInput::OpenPerson(name) => self.open_person(name, &sender),
            ShellInput::OpenGenre(genre) => self.open_genre(genre, &sender),
            ShellInput::Popped => self.drop_popped(),
            ShellInput::AddSource(kind) => {
                self.open_add_source(kind.map_or(AddSourceInit::Choice, AddSourceInit::Kind), &sender);
            }
            ShellInput::Preferences => self.open_preferences(&sender),
            ShellInput::Revoked(id) => self.stop_playing_of(id),
            ShellInput::AddNearby(nearby) => self.open_add_source(AddSourceInit::Nearby(nearby), &sender),
            ShellInput::SignIn(id) => self.sign_in(id, &sender),
            ShellInput::AddUser(id) => self.add_user(id, &sender),
            ShellInput::Review(id) => self.review(id, &sender),
            ShellInput::Trust(id, facts) => self.trust(id, *facts, &sender),
            ShellInput::OpenConnections(id) => self.open_connections(id, &sender),
            ShellInput::SourcesChanged(sources) => self.sources_changed(sources, &sender),
            ShellInput::Check(id) => self.check(id),
            ShellInput::Looking(id) => self.monitor.emit(MonitorInput::Visible(vec![id])),
            ShellInput::Focused(focused) => self.focused(focused),
            ShellInput::TellIncidents => self.tell_incidents(),
            ShellInput::SourceAdded(ids) => {
                self.read_first(&ids, &gettext("Added. The library is being read."));
            }
            ShellInput::SignedIn(ids) => {
                for id in &ids {
                    self.outbox.emit(OutboxInput::Reached(*id));
                }
                self.read_first(&ids, &gettext("Signed in. The library is being read."));
            }
            ShellInput::Sync(id) => self.sync.emit(SyncInput::Sync(id)),
            ShellInput::StopSync(id) => self.sync.emit(SyncInput::Cancel(id)),
            ShellInput::ReadLibrary(id) => self.sync.emit(SyncInput::Library(id)),
            ShellInput::Rescan(id) => self.sync.emit(SyncInput::Rescan(id)),
            ShellInput::OpenFolders(id) => self.open_folders(id, &sender),
            ShellInput::SyncAll => self.sync.emit(SyncInput::SyncAll),
            ShellInput::Play { item, from_start } => {
                self.prepare_playing(item, Preferred::Asked, from_start, &sender);
            }
            ShellInput::PlayTarget(target) => self.play_target(target, &sender),
            ShellInput::PlayAll { items, first } => self.play_all(items, first, &sender),
            ShellInput::PlayTitles(titles) => self.play_titles(titles, &sender),
            ShellInput::PlayPrepared(prepared) => self.open_player(*prepared, &sender),
            ShellInput::Card(outcome) => self.card_used(outcome, &sender),
            ShellInput::Begin => self.begin(&sender),
            ShellInput::Player(output) => self.player_said(output, &sender),
            ShellInput::PlayerLeft => self.player_left(),
            ShellInput::Say(text) => self.say(&text),
            ShellInput::Marked(text, unmark) => self.say_marked(&text, &unmark),
            ShellInput::Refresh => self.refresh(),
            ShellInput::Populated => self.note_populated(&sender),
            ShellInput::Close => self.close(&sender),
            ShellInput::AllTold => self.one_less(&sender),
            ShellInput::Sleeping => self.fall_asleep(&sender),
            ShellInput::LetSleep => self.let_sleep(),
            ShellInput::CloseNow => self.init.window.destroy(),
            ShellInput::StoreVolume(volume) => self.init.settings.store_volume(volume),
        }
    }

    fn update_cmd(&mut self, command: ShellCommand, sender: ComponentSender<Self>, _root: &Self::Root) {
        match command {
            ShellCommand::Happened(event) => self.happened(&event, &sender),
            ShellCommand::Inspected(id, inspected) => self.inspected(id, *inspected, &sender),
            ShellCommand::Trusted(id, trusted) => self.trusted(id, trusted),
            ShellCommand::Missed => self.refresh_soon(&sender),
            ShellCommand::Found(item) => self.open_found(*item, &sender),
            ShellCommand::Prepared(course, prepared) => self.play_prepared(course, *prepared, &sender),
            ShellCommand::MomentsRead(read) => self.moments_read(*read),
            ShellCommand::PreviewFetched(fetched) => self.preview_fetched(*fetched, &sender),
            ShellCommand::ChapterPicture(id, place, picture) => self.chapter_picture(id, place, picture),
            ShellCommand::Restreamed(wanted, source) => self.restreamed(wanted, *source),
            ShellCommand::Opened(opened) => self.opened(*opened, &sender),
            ShellCommand::Reported(result) => self.reported(result, &sender),
            ShellCommand::Drained(result) => self.drained(result),
            ShellCommand::Rested => self.rest = Rest::default(),
            ShellCommand::LookedThrough(Ok(())) => {}
            ShellCommand::LookedThrough(Err(error)) => self.say(&super::error_text::sentence(&error)),
            ShellCommand::Marked(result) => self.marked(&result),
            ShellCommand::Returned(steps) => self.return_to(&steps, &sender),
        }
    }
}

impl Shell {
    /// A toast with one sentence.
    fn say(&self, text: &str) {
        let toast =
            adw::Toast::builder().title(gtk::glib::markup_escape_text(text).as_str()).timeout(4).build();
        self.view.toasts.add_toast(toast);
    }

    /// The first page has its content: once, for the start-up figures.
    fn note_populated(&mut self, sender: &ComponentSender<Self>) {
        if !std::mem::replace(&mut self.populated, true) {
            let ms = u64::try_from(self.init.started.elapsed().as_millis()).unwrap_or(u64::MAX);
            tracing::info!(target: "gnome_reel::startup", ms, "library_populated");
            self.begin(sender);
        }
    }
}
