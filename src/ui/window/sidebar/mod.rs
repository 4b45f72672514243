//! The sidebar: Home, Favourites, the sources with their libraries, and the way to the list of sources.

mod rows;
mod syncing;

use std::collections::HashMap;
use std::time::Duration;

use adw::prelude::*;
use gettextrs::gettext;
use relm4::{Component, ComponentParts, ComponentSender, RelmWidgetExt as _};

use super::Destination;
use crate::models::{Source, SourceId, SourceKind};
use crate::net::NetworkState;
use crate::services::core::LibraryService;
use crate::services::core::library::{Offered, SourceLibraries};
use crate::services::events::Event;
use crate::services::{AppContext, ServiceError};
use crate::ui::reading::Reading;
use crate::ui::standing::{Mark, Overall, paired, title, tooltip};
use crate::ui::text;
use crate::ui::widgets::MarkIcon;
use syncing::Syncing;

/// Between two looks at a wait that is counted down.
const COUNT: Duration = Duration::from_secs(1);

/// Messages to the sidebar.
#[derive(Debug)]
pub(super) enum SidebarInput {
    /// Read the sources anew.
    Reload,
    /// Mark a place as the one in front.
    Select(Destination),
    /// An event came.
    Happened(Event),
    /// Progress is to be shown.
    Progressed,
    /// End the syncs that are shown.
    StopSync,
    /// How a source stands changed.
    StatusChanged(SourceId),
    /// The network of this machine is another.
    NetworkChanged(NetworkState),
    /// A second of a wait is over.
    Counted,
    /// A row was activated.
    Activated(i32),
}

/// What the user wants.
#[derive(Debug)]
pub(super) enum SidebarOutput {
    /// Another place.
    Chosen(Destination),
    /// Another source.
    AddSource,
    /// The sources as they are now.
    Sources(Vec<Source>),
    /// The sync of a source ended.
    StopSync(SourceId),
}

/// The sidebar.
#[derive(Debug)]
pub(super) struct Sidebar {
    ctx: AppContext,
    sources: Vec<SourceLibraries>,
    /// Which lists of the sources there are beside their libraries.
    offered: Offered,
    /// The icons beside the names of the sources.
    icons: HashMap<SourceId, MarkIcon>,
    network: NetworkState,
    overall: Overall,
    counting: bool,
    /// What each row leads to; headings lead nowhere.
    places: Vec<Option<Destination>>,
    selected: Destination,
    syncing: Syncing,
    reading: Reading,
}

#[relm4::component(pub(super))]
impl Component for Sidebar {
    type Init = AppContext;
    type Input = SidebarInput;
    type Output = SidebarOutput;
    type CommandOutput = Result<(Vec<SourceLibraries>, Offered), ServiceError>;

    view! {
        #[root]
        adw::NavigationPage {
            set_title: "Reel",
            set_width_request: 200,
            #[wrap(Some)]
            set_child = &adw::ToolbarView {
                add_top_bar = &adw::HeaderBar {
                    pack_start = &gtk::Button {
                        set_icon_name: "list-add-symbolic",
                        set_tooltip_text: Some(&gettext("Add a Source")),
                        connect_clicked[sender] => move |_| {
                            let _closed = sender.output(SidebarOutput::AddSource);
                        },
                    },
                    pack_end = &gtk::MenuButton {
                        set_icon_name: "open-menu-symbolic",
                        set_tooltip_text: Some(&gettext("Main Menu")),
                        set_primary: true,
                        set_menu_model: Some(&menu),
                    },
                    pack_end = &gtk::Button {
                        set_icon_name: "system-search-symbolic",
                        set_tooltip_text: Some(&gettext("Search")),
                        set_action_name: Some("win.search"),
                    },
                },
                #[wrap(Some)]
                set_content = &gtk::ScrolledWindow {
                    set_hscrollbar_policy: gtk::PolicyType::Never,
                    #[name = "list"]
                    gtk::ListBox {
                        add_css_class: "navigation-sidebar",
                        update_property: &[gtk::accessible::Property::Label(&gettext("Libraries"))],
                        connect_row_activated[sender] => move |_, row| {
                            sender.input(SidebarInput::Activated(row.index()));
                        },
                    },
                },
                add_bottom_bar = &gtk::Box {
                    set_orientation: gtk::Orientation::Vertical,
                    add_css_class: "sidebar-footer",
                    gtk::Box {
                        set_spacing: 6,
                        set_margin_start: 12,
                        set_margin_end: 6,
                        #[watch]
                        set_visible: !model.state_text().is_empty(),
                        #[watch]
                        set_tooltip_text: model.syncing.tooltip().as_deref(),
                        adw::Spinner {
                            #[watch]
                            set_visible: model.syncing.is_any(),
                        },
                        gtk::Label {
                            set_xalign: 0.0,
                            set_hexpand: true,
                            set_wrap: true,
                            set_margin_top: 6,
                            set_margin_bottom: 6,
                            add_css_class: "dim-label",
                            add_css_class: "caption",
                            add_css_class: "numeric",
                            #[watch]
                            set_label: &model.state_text(),
                        },
                        gtk::Button {
                            set_icon_name: "process-stop-symbolic",
                            set_valign: gtk::Align::Center,
                            set_tooltip_text: Some(&gettext("Stop Sync")),
                            update_property: &[gtk::accessible::Property::Label(&gettext("Stop Sync"))],
                            add_css_class: "flat",
                            add_css_class: "circular",
                            #[watch]
                            set_visible: model.syncing.is_any(),
                            connect_clicked => SidebarInput::StopSync,
                        },
                    },
                    gtk::Button {
                        set_margin_all: 6,
                        add_css_class: "flat",
                        set_action_name: Some("win.sources"),
                        update_property: &[gtk::accessible::Property::Label(&gettext("Sources"))],
                        adw::ButtonContent {
                            set_icon_name: "network-server-symbolic",
                            set_label: &gettext("Sources"),
                            set_halign: gtk::Align::Start,
                        },
                    },
                },
            },
        }
    }

    fn init(ctx: AppContext, root: Self::Root, sender: ComponentSender<Self>) -> ComponentParts<Self> {
        let menu = main_menu();
        let model = Self {
            ctx,
            sources: Vec::new(),
            offered: Offered::default(),
            icons: HashMap::new(),
            network: NetworkState::default(),
            overall: Overall::of(&[], NetworkState::default(), chrono::Utc::now()),
            counting: false,
            places: Vec::new(),
            selected: Destination::Home,
            syncing: Syncing::default(),
            reading: Reading::default(),
        };
        let widgets = view_output!();
        sender.input(SidebarInput::Reload);
        ComponentParts { model, widgets }
    }

    fn update_with_view(
        &mut self,
        widgets: &mut Self::Widgets,
        message: SidebarInput,
        sender: ComponentSender<Self>,
        _root: &Self::Root,
    ) {
        match message {
            SidebarInput::Reload => {
                if self.reading.ask() {
                    self.read(&sender);
                }
            }
            SidebarInput::Select(place) => self.select(place, &widgets.list),
            SidebarInput::Happened(event) => self.happened(&event, &sender),
            SidebarInput::Progressed => self.syncing.show(),
            SidebarInput::StopSync => self.stop_sync(&sender),
            SidebarInput::StatusChanged(id) => self.status_changed(id, &sender),
            SidebarInput::NetworkChanged(network) => {
                self.network = network;
                self.look_over(&sender);
            }
            SidebarInput::Counted => self.counted(&sender),
            SidebarInput::Activated(index) => self.activated(index, &sender),
        }
        self.update_view(widgets, sender);
    }

    fn update_cmd_with_view(
        &mut self,
        widgets: &mut Self::Widgets,
        loaded: Self::CommandOutput,
        sender: ComponentSender<Self>,
        _root: &Self::Root,
    ) {
        match loaded {
            Ok((sources, offered)) => {
                if self.places.is_empty() || self.sources != sources || self.offered != offered {
                    (self.sources, self.offered) = (sources, offered);
                    self.fill(&widgets.list);
                    self.look_over(&sender);
                    let sources = self.sources.iter().map(|entry| entry.source.clone()).collect();
                    let _closed = sender.output(SidebarOutput::Sources(sources));
                }
            }
            Err(error) => tracing::warn!(%error, "the sources could not be read"),
        }
        if self.reading.end() {
            self.read(&sender);
        }
        self.update_view(widgets, sender);
    }
}

impl Sidebar {
    fn read(&self, sender: &ComponentSender<Self>) {
        let ctx = self.ctx.clone();
        sender.oneshot_command(async move {
            Ok((LibraryService::sources(&ctx).await?, LibraryService::offered(&ctx).await?))
        });
    }

    /// Keeps the footer true; what rows show comes with [`SidebarInput::Reload`].
    fn happened(&mut self, event: &Event, sender: &ComponentSender<Self>) {
        if self.syncing.hear(event) {
            let input = sender.input_sender().clone();
            gtk::glib::timeout_add_local_once(syncing::STEP, move || {
                let _gone = input.send(SidebarInput::Progressed);
            });
        }
    }

    fn stop_sync(&self, sender: &ComponentSender<Self>) {
        for id in self.syncing.sources() {
            let _closed = sender.output(SidebarOutput::StopSync(id));
        }
    }

    fn activated(&mut self, index: i32, sender: &ComponentSender<Self>) {
        let place = usize::try_from(index).ok().and_then(|index| self.places.get(index).copied()).flatten();
        if let Some(place) = place {
            let _closed = sender.output(SidebarOutput::Chosen(place));
        }
    }

    fn select(&mut self, place: Destination, list: &gtk::ListBox) {
        self.selected = place;
        let index = self.places.iter().position(|known| *known == Some(place));
        let row =
            index.and_then(|index| i32::try_from(index).ok()).and_then(|index| list.row_at_index(index));
        list.select_row(row.as_ref());
    }

    /// Builds the rows anew. There are as many as libraries: a handful.
    fn fill(&mut self, list: &gtk::ListBox) {
        list.remove_all();
        self.places.clear();
        self.icons.clear();
        self.append(list, Some(Destination::Home), &rows::place("go-home-symbolic", &gettext("Home"), None));
        let favourites = rows::place("starred-symbolic", &gettext("Favourites"), None);
        self.append(list, Some(Destination::Favourites), &favourites);
        if self.offered.collections {
            let collections = rows::place("reel-collection-symbolic", &gettext("Collections"), None);
            self.append(list, Some(Destination::Collections), &collections);
        }
        if self.offered.playlists {
            let playlists = rows::place("reel-playlist-symbolic", &gettext("Playlists"), None);
            self.append(list, Some(Destination::Playlists), &playlists);
        }
        let all: Vec<Source> = self.sources.iter().map(|entry| entry.source.clone()).collect();
        let sources = std::mem::take(&mut self.sources);
        for entry in sources.iter().filter(|entry| entry.is_shown()) {
            let icon = MarkIcon::new();
            self.show_mark(&entry.source, &icon);
            self.append(list, None, &rows::heading(&title(&entry.source, &all), &icon));
            self.icons.insert(entry.source.id, icon);
            for library in entry.libraries.iter().filter(|library| !library.kind.listed_kinds().is_empty()) {
                let title = text::library_title(library, entry.source.kind == SourceKind::Local);
                let row =
                    rows::place(text::library_icon(library.kind), &title, Some(library.unwatched_count));
                self.append(list, Some(Destination::Library(library.id)), &row);
            }
        }
        self.sources = sources;
        self.select(self.selected, list);
    }

    fn append(&mut self, list: &gtk::ListBox, place: Option<Destination>, row: &gtk::ListBoxRow) {
        list.append(row);
        self.places.push(place);
    }

    /// What the footer says: a sync in work, else how many servers can be reached.
    fn state_text(&self) -> String {
        if self.syncing.is_any() {
            let name = |id: SourceId| {
                let source = self.sources.iter().map(|entry| &entry.source).find(|source| source.id == id);
                source.map(|source| source.name.clone()).unwrap_or_default()
            };
            return self.syncing.line(name);
        }
        self.overall.line.clone()
    }

    fn show_mark(&self, source: &Source, icon: &MarkIcon) {
        let status = self.ctx.connectivity.status(source.id);
        icon.show(Mark::of(source, &status), &tooltip(source, &status));
    }

    fn status_changed(&mut self, id: SourceId, sender: &ComponentSender<Self>) {
        let source = self.sources.iter().map(|entry| &entry.source).find(|source| source.id == id);
        if let (Some(source), Some(icon)) = (source, self.icons.get(&id)) {
            self.show_mark(source, icon);
        }
        self.look_over(sender);
    }

    /// Brings the footer up to date; a wait is looked at again in a second.
    fn look_over(&mut self, sender: &ComponentSender<Self>) {
        let sources = self.sources.iter().map(|entry| &entry.source);
        self.overall =
            Overall::of(&paired(&self.ctx.connectivity, sources), self.network, chrono::Utc::now());
        if self.overall.counts && !std::mem::replace(&mut self.counting, true) {
            let input = sender.input_sender().clone();
            gtk::glib::timeout_add_local_once(COUNT, move || {
                let _gone = input.send(SidebarInput::Counted);
            });
        }
    }

    fn counted(&mut self, sender: &ComponentSender<Self>) {
        self.counting = false;
        for entry in &self.sources {
            if let Some(icon) = self.icons.get(&entry.source.id) {
                self.show_mark(&entry.source, icon);
            }
        }
        self.look_over(sender);
    }
}

fn main_menu() -> gtk::gio::Menu {
    let menu = gtk::gio::Menu::new();
    menu.append(Some(&gettext("_Refresh All Sources")), Some("win.sync"));
    menu.append(Some(&gettext("_Preferences")), Some("win.preferences"));
    menu.append(Some(&gettext("_Keyboard Shortcuts")), Some("win.shortcuts"));
    menu.append(Some(&gettext("_About Reel")), Some("win.about"));
    menu
}
