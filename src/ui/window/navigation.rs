//! Going from page to page.

use adw::prelude::*;
use relm4::{Component as _, ComponentController as _, ComponentSender};

use super::place::Step;
use super::shelves::said;
use super::{Destination, Page, Shell, ShellInput};
use crate::models::{MediaId, ShelfKind, SourceId, SourceKind};
use crate::services::core::monitor::MonitorInput;
use crate::ui::dialogs::{
    AddSourceDialog, AddSourceInit, AddSourceOutput, PreferencesDialog, PreferencesInit, PreferencesOutput,
};
use crate::ui::pages::connections::{ConnectionsOutput, ConnectionsPage};
use crate::ui::pages::details::{DetailsOutput, DetailsPage};
use crate::ui::pages::favourites::{FavouritesInput, FavouritesPage};
use crate::ui::pages::home::{HomeInput, HomeOutput, HomePage};
use crate::ui::pages::library::{LibraryInput, LibraryOutput, LibraryPage};
use crate::ui::pages::search::{SearchInput, SearchOutput, SearchPage};
use crate::ui::pages::shelves::{CardsInput, CardsKind, CardsPage};
use crate::ui::pages::sources::{SourcesInput, SourcesOutput, SourcesPage};
use crate::ui::shortcuts;
use crate::ui::widgets::CardOutcome;
use crate::workers::SyncInput;

impl Shell {
    /// Actions of the window and their keys.
    pub(super) fn bind_actions(&self, sender: &ComponentSender<Self>) {
        let window = &self.init.window;
        let add = |name: &str, message: fn() -> ShellInput| {
            let action = gtk::gio::SimpleAction::new(name, None);
            let input = sender.input_sender().clone();
            action.connect_activate(move |_, _| input.emit(message()));
            window.add_action(&action);
        };
        add("search", || ShellInput::Go(Destination::Search));
        add("home", || ShellInput::Go(Destination::Home));
        add("preferences", || ShellInput::Preferences);
        add("sources", || ShellInput::Go(Destination::Sources));
        add("add-source", || ShellInput::AddSource(None));
        add("add-plex", || ShellInput::AddSource(Some(SourceKind::Plex)));
        add("add-jellyfin", || ShellInput::AddSource(Some(SourceKind::Jellyfin)));
        add("add-folder", || ShellInput::AddSource(Some(SourceKind::Local)));
        add("sync", || ShellInput::SyncAll);
        let about = gtk::gio::SimpleAction::new("about", None);
        let parent = window.clone();
        about.connect_activate(move |_, _| crate::ui::dialogs::show_about(&parent));
        window.add_action(&about);
        if let Some(application) = window.application() {
            let quit = gtk::gio::SimpleAction::new("quit", None);
            let window = window.clone();
            quit.connect_activate(move |_, _| window.close());
            application.add_action(&quit);
            shortcuts::bind(&self.init.window, &application);
        }
        self.bind_typing(sender);
        let input = sender.input_sender().clone();
        window.connect_close_request(move |_| {
            input.emit(ShellInput::Close);
            gtk::glib::Propagation::Stop
        });
        let (popped, pages) = (sender.input_sender().clone(), &self.view.pages);
        pages.connect_popped(move |_, _| popped.emit(ShellInput::Popped));
        let popped = sender.input_sender().clone();
        self.view.outer.connect_popped(move |_, _| popped.emit(ShellInput::Popped));
    }

    /// Shows a place.
    pub(super) fn go(&mut self, destination: Destination, sender: &ComponentSender<Self>) {
        self.go_with(destination, String::new(), sender);
    }

    /// Shows a place; the search begins with a text.
    pub(super) fn go_with(&mut self, destination: Destination, text: String, sender: &ComponentSender<Self>) {
        let input = sender.input_sender();
        let (ctx, beacon) = (self.ctx.clone(), self.beacon.clone());
        let page = match destination {
            Destination::Home => {
                Page::Home(HomePage::builder().launch((ctx, beacon)).forward(input, |out| match out {
                    HomeOutput::Card(outcome) => ShellInput::Card(outcome),
                    HomeOutput::AddNearby(nearby) => ShellInput::AddNearby(nearby),
                    HomeOutput::Populated => ShellInput::Populated,
                }))
            }
            Destination::Favourites => {
                Page::Favourites(FavouritesPage::builder().launch((ctx, beacon)).forward(input, said))
            }
            Destination::Collections | Destination::Playlists => {
                let is_playlists = destination == Destination::Playlists;
                let kind = if is_playlists { CardsKind::Playlists } else { CardsKind::Collections };
                Page::Cards(CardsPage::builder().launch((ctx, beacon, kind)).forward(input, said))
            }
            Destination::Library(id) => Page::Library(
                LibraryPage::builder().launch((ctx, id, beacon)).forward(input, |out| match out {
                    LibraryOutput::Open(item) => ShellInput::OpenItem(item),
                    LibraryOutput::OpenArtists(library) => ShellInput::OpenArtists(library),
                    LibraryOutput::Play(item) => ShellInput::Play { item, from_start: false },
                    LibraryOutput::PlayTitles(titles) => ShellInput::PlayTitles(titles),
                    LibraryOutput::Say(text) => ShellInput::Say(text),
                    LibraryOutput::Marked(text, unmark) => ShellInput::Marked(text, unmark),
                    LibraryOutput::Populated => ShellInput::Populated,
                    LibraryOutput::Looking(source) => ShellInput::Looking(source),
                    LibraryOutput::Incomplete(library) => ShellInput::ReadLibrary(library),
                    LibraryOutput::Gone => ShellInput::Go(Destination::Home),
                }),
            ),
            Destination::Search => {
                let init = (ctx, self.init.settings.clone(), beacon, text);
                Page::Search(SearchPage::builder().launch(init).forward(input, |out| match out {
                    SearchOutput::Open(item) => ShellInput::OpenItem(item),
                    SearchOutput::OpenShelf(id, kind) => ShellInput::Card(CardOutcome::Shelf(id, kind)),
                    SearchOutput::OpenPerson(name) => ShellInput::OpenPerson(name),
                    SearchOutput::Sync(source) => ShellInput::Sync(source),
                    SearchOutput::Say(text) => ShellInput::Say(text),
                }))
            }
            Destination::Sources => {
                Page::Sources(SourcesPage::builder().launch((ctx, beacon)).forward(input, |out| match out {
                    SourcesOutput::Add => ShellInput::AddSource(None),
                    SourcesOutput::Sync(id) => ShellInput::Sync(id),
                    SourcesOutput::StopSync(id) => ShellInput::StopSync(id),
                    SourcesOutput::Say(text) => ShellInput::Say(text),
                    SourcesOutput::Populated => ShellInput::Populated,
                }))
            }
        };
        let widget: adw::NavigationPage = match &page {
            Page::Home(page) => page.widget().clone(),
            Page::Favourites(page) => page.widget().clone(),
            Page::Cards(page) => page.widget().clone(),
            Page::Library(page) => page.widget().clone(),
            Page::Search(page) => page.widget().clone(),
            Page::Sources(page) => page.widget().clone(),
        };
        self.details.clear();
        self.clear_above();
        self.connections = None;
        self.view.pages.replace(&[widget]);
        self.view.split.set_show_content(true);
        self.page = Some(page);
        self.destination = destination;
        self.sidebar.emit(super::sidebar::SidebarInput::Select(destination));
        self.store_place();
    }

    /// Shows the details of an item above the page in front.
    pub(super) fn open_item(&mut self, item: MediaId, sender: &ComponentSender<Self>) {
        let details = DetailsPage::builder().launch((self.ctx.clone(), self.beacon.clone(), item)).forward(
            sender.input_sender(),
            |out| match out {
                DetailsOutput::Play { item, from_start } => ShellInput::Play { item, from_start },
                DetailsOutput::PlayTitles(titles) => ShellInput::PlayTitles(titles),
                DetailsOutput::Open(item) => ShellInput::OpenItem(item),
                DetailsOutput::OpenPerson(name) => ShellInput::OpenPerson(name),
                DetailsOutput::OpenGenre(genre) => ShellInput::OpenGenre(genre),
                DetailsOutput::OpenCollection(id) => {
                    ShellInput::Card(CardOutcome::Shelf(id, ShelfKind::Collection))
                }
                DetailsOutput::Say(text) => ShellInput::Say(text),
            },
        );
        Step::Item(item).mark(details.widget());
        self.view.pages.push(details.widget());
        self.view.split.set_show_content(true);
        self.details.push(details);
        self.store_place();
    }

    /// Lets go of details that were left.
    pub(super) fn drop_popped(&mut self) {
        let stack = self.view.pages.navigation_stack();
        let shown: Vec<adw::NavigationPage> =
            stack.iter::<adw::NavigationPage>().filter_map(Result::ok).collect();
        self.details.retain(|details| shown.contains(details.widget()));
        self.drop_left();
        self.store_place();
        self.connections.take_if(|page| !shown.contains(page.widget()));
    }

    /// Shows the connections of a source above the page in front.
    pub(super) fn open_connections(&mut self, id: SourceId, sender: &ComponentSender<Self>) {
        let page = ConnectionsPage::builder().launch((self.ctx.clone(), self.beacon.clone(), id)).forward(
            sender.input_sender(),
            |out| match out {
                ConnectionsOutput::Say(text) => ShellInput::Say(text),
            },
        );
        self.view.pages.push(page.widget());
        self.view.split.set_show_content(true);
        self.connections = Some(page);
        self.monitor.emit(MonitorInput::Visible(vec![id]));
    }

    /// Shows the preferences.
    pub(super) fn open_preferences(&mut self, sender: &ComponentSender<Self>) {
        let init = PreferencesInit {
            ctx: self.ctx.clone(),
            settings: self.init.settings.clone(),
            network_settings: self.init.network_settings.clone(),
        };
        let dialog =
            PreferencesDialog::builder().launch(init).forward(sender.input_sender(), |out| match out {
                PreferencesOutput::Revoked(id) => ShellInput::Revoked(id),
            });
        dialog.widget().present(Some(&self.init.window));
        self.preferences = Some(dialog);
    }

    /// Shows the dialog that adds a source, or signs in to one again.
    pub(super) fn open_add_source(&mut self, start: AddSourceInit, sender: &ComponentSender<Self>) {
        let dialog = AddSourceDialog::builder().launch((self.ctx.clone(), start)).forward(
            sender.input_sender(),
            |out| match out {
                AddSourceOutput::Added(ids) => ShellInput::SourceAdded(ids),
                AddSourceOutput::SignedIn(ids) => ShellInput::SignedIn(ids),
            },
        );
        dialog.widget().present(Some(&self.init.window));
        self.add_source = Some(dialog);
    }

    /// Syncs sources that were just added or signed in to; their content appears as it comes.
    pub(super) fn read_first(&self, ids: &[SourceId], sentence: &str) {
        for id in ids {
            self.sync.emit(SyncInput::Sync(*id));
        }
        if !ids.is_empty() {
            self.say(sentence);
        }
    }

    /// Has the page in front read anew.
    pub(super) fn reload_page(&self) {
        match &self.page {
            Some(Page::Home(page)) => page.emit(HomeInput::Reload),
            Some(Page::Favourites(page)) => page.emit(FavouritesInput::Reload),
            Some(Page::Cards(page)) => page.emit(CardsInput::Reload),
            Some(Page::Library(page)) => page.emit(LibraryInput::Reload),
            Some(Page::Sources(page)) => page.emit(SourcesInput::Reload),
            Some(Page::Search(page)) => page.emit(SearchInput::Reload),
            None => {}
        }
    }
}
