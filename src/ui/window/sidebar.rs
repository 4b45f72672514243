//! The sidebar: Home, Favourites, the sources with their libraries, and the way to the list of sources.

use std::collections::HashMap;

use adw::prelude::*;
use gettextrs::gettext;
use relm4::{Component, ComponentParts, ComponentSender, RelmWidgetExt as _};

use super::Destination;
use crate::models::{AuthStatus, Source, SourceId, SourceKind};
use crate::services::core::LibraryService;
use crate::services::core::library::SourceLibraries;
use crate::services::events::Event;
use crate::services::{AppContext, ServiceError};
use crate::ui::text;

/// Messages to the sidebar.
#[derive(Debug)]
pub(super) enum SidebarInput {
    /// Read the sources anew.
    Reload,
    /// Mark a place as the one in front.
    Select(Destination),
    /// An event came.
    Happened(Event),
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
}

/// The sidebar.
#[derive(Debug)]
pub(super) struct Sidebar {
    ctx: AppContext,
    sources: Vec<SourceLibraries>,
    /// What each row leads to; headings lead nowhere.
    places: Vec<Option<Destination>>,
    selected: Destination,
    /// Items done and in all, of syncs that run.
    syncing: HashMap<SourceId, (u64, Option<u64>)>,
    loading: bool,
    reload_again: bool,
}

#[relm4::component(pub(super))]
impl Component for Sidebar {
    type Init = AppContext;
    type Input = SidebarInput;
    type Output = SidebarOutput;
    type CommandOutput = Result<Vec<SourceLibraries>, ServiceError>;

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
                    #[name = "state"]
                    gtk::Label {
                        set_xalign: 0.0,
                        set_wrap: true,
                        set_margin_start: 12,
                        set_margin_end: 12,
                        add_css_class: "dim-label",
                        add_css_class: "caption",
                        add_css_class: "numeric",
                        #[watch]
                        set_label: &model.state_text(),
                        #[watch]
                        set_visible: !model.state_text().is_empty(),
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
            places: Vec::new(),
            selected: Destination::Home,
            syncing: HashMap::new(),
            loading: false,
            reload_again: false,
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
            SidebarInput::Reload => self.reload(&sender),
            SidebarInput::Select(place) => self.select(place, &widgets.list),
            SidebarInput::Happened(event) => self.happened(&event),
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
        self.loading = false;
        match loaded {
            Ok(sources) => {
                if self.places.is_empty() || self.sources != sources {
                    self.sources = sources;
                    self.fill(&widgets.list);
                }
            }
            Err(error) => tracing::warn!(%error, "the sources could not be read"),
        }
        if std::mem::take(&mut self.reload_again) {
            self.reload(&sender);
        }
        self.update_view(widgets, sender);
    }
}

impl Sidebar {
    fn reload(&mut self, sender: &ComponentSender<Self>) {
        if std::mem::replace(&mut self.loading, true) {
            self.reload_again = true;
            return;
        }
        let ctx = self.ctx.clone();
        sender.oneshot_command(async move { LibraryService::sources(&ctx).await });
    }

    /// Keeps the footer true; what rows show comes with [`SidebarInput::Reload`].
    fn happened(&mut self, event: &Event) {
        match event {
            Event::SyncStarted(id) => {
                self.syncing.insert(*id, (0, None));
            }
            Event::SyncProgress { source_id, items_synced, total_items } => {
                self.syncing.insert(*source_id, (*items_synced, *total_items));
            }
            Event::SyncCompleted { source_id, .. } | Event::SyncFailed { source_id, .. } => {
                self.syncing.remove(source_id);
            }
            _ => {}
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
        self.append(list, Some(Destination::Home), &row("go-home-symbolic", &gettext("Home"), None));
        let favourites = row("starred-symbolic", &gettext("Favourites"), None);
        self.append(list, Some(Destination::Favourites), &favourites);
        for entry in std::mem::take(&mut self.sources) {
            self.append(list, None, &heading(&entry.source));
            for library in entry.libraries.iter().filter(|library| !library.kind.listed_kinds().is_empty()) {
                let title = text::library_title(library, entry.source.kind == SourceKind::Local);
                let row = row(text::library_icon(library.kind), &title, Some(library.unwatched_count));
                self.append(list, Some(Destination::Library(library.id)), &row);
            }
            self.sources.push(entry);
        }
        self.select(self.selected, list);
    }

    fn append(&mut self, list: &gtk::ListBox, place: Option<Destination>, row: &gtk::ListBoxRow) {
        list.append(row);
        self.places.push(place);
    }

    /// What the footer says: a sync in work, else how many servers can be reached.
    fn state_text(&self) -> String {
        if !self.syncing.is_empty() {
            let done: u64 = self.syncing.values().map(|(done, _)| done).sum();
            let total: Option<u64> = self.syncing.values().map(|(_, total)| *total).sum();
            return match total.filter(|total| *total > 0) {
                Some(total) => gettext("Reading {done} of {total}…")
                    .replace("{done}", &done.to_string())
                    .replace("{total}", &total.to_string()),
                None => gettext("Reading the library…"),
            };
        }
        let remote: Vec<&Source> = self
            .sources
            .iter()
            .map(|entry| &entry.source)
            .filter(|source| source.kind != SourceKind::Local)
            .collect();
        if remote.is_empty() {
            return String::new();
        }
        let online = remote.iter().filter(|source| source.is_online).count();
        gettext("{online} of {all} connected")
            .replace("{online}", &online.to_string())
            .replace("{all}", &remote.len().to_string())
    }
}

fn main_menu() -> gtk::gio::Menu {
    let menu = gtk::gio::Menu::new();
    menu.append(Some(&gettext("_Refresh All Sources")), Some("win.sync"));
    menu.append(Some(&gettext("_About Reel")), Some("win.about"));
    menu
}

fn row(icon: &str, title: &str, count: Option<u32>) -> gtk::ListBoxRow {
    let content = gtk::Box::builder().spacing(10).build();
    content.append(&gtk::Image::from_icon_name(icon));
    let label = gtk::Label::builder()
        .label(title)
        .xalign(0.0)
        .hexpand(true)
        .ellipsize(gtk::pango::EllipsizeMode::End)
        .build();
    content.append(&label);
    if let Some(count) = count.filter(|count| *count > 0) {
        let label = gtk::Label::new(Some(&count.to_string()));
        label.add_css_class("dim-label");
        label.add_css_class("numeric");
        content.append(&label);
    }
    let row = gtk::ListBoxRow::builder().child(&content).build();
    row.update_property(&[gtk::accessible::Property::Label(title)]);
    row
}

/// The name of a source with the state of its connection.
fn heading(source: &Source) -> gtk::ListBoxRow {
    let content = gtk::Box::builder().spacing(8).margin_top(6).build();
    let label = gtk::Label::builder()
        .label(&source.name)
        .xalign(0.0)
        .hexpand(true)
        .ellipsize(gtk::pango::EllipsizeMode::End)
        .css_classes(["heading", "dim-label"])
        .build();
    content.append(&label);
    let (icon, class, sentence) = state(source);
    let state = gtk::Image::builder().icon_name(icon).tooltip_text(&sentence).build();
    state.add_css_class(class);
    state.update_property(&[gtk::accessible::Property::Label(&sentence)]);
    content.append(&state);
    gtk::ListBoxRow::builder().child(&content).activatable(false).selectable(false).build()
}

/// Icon, style class and sentence for the state of a source.
fn state(source: &Source) -> (&'static str, &'static str, String) {
    let sentence = |text: String| text.replace("{name}", &source.name);
    match (source.auth_status, source.is_online, source.kind) {
        (AuthStatus::SignInNeeded, ..) => {
            ("reel-key-symbolic", "warning", sentence(gettext("{name}: sign in needed")))
        }
        (_, true, SourceKind::Local) => {
            ("object-select-symbolic", "success", sentence(gettext("{name}: folder on this computer")))
        }
        (_, true, _) => ("object-select-symbolic", "success", sentence(gettext("{name}: connected"))),
        (_, false, SourceKind::Local) => {
            ("reel-offline-symbolic", "error", sentence(gettext("{name}: the folder is not there")))
        }
        (_, false, _) => ("reel-offline-symbolic", "error", sentence(gettext("{name}: offline"))),
    }
}
