//! Home and Favourites: cards over all sources, from the database at once.

mod rows;

use adw::prelude::*;
use gettextrs::gettext;
use relm4::{Component, ComponentController as _, ComponentParts, ComponentSender, Controller};

use crate::models::{MediaId, Source};
use crate::services::core::library::{Card as TitleCard, HomeRow};
use crate::services::core::{LibraryService, SourceService};
use crate::services::{AppContext, ServiceError};
use crate::ui::standing::{Notice, paired};
use crate::ui::widgets::{Beacon, Nearby, NetworkServers, Sight, show_notice};
use rows::Rows;

/// Width of the list of servers below the buttons, in pixels: fits a phone.
const NETWORK_WIDTH: i32 = 300;

/// Which of the two pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) enum HomeKind {
    /// Rows by purpose.
    Home,
    /// One grid of favourites.
    Favourites,
}

/// Messages to the page.
#[derive(Debug)]
pub(in crate::ui) enum HomeInput {
    /// Read everything anew.
    Reload,
    /// How a source stands changed.
    StatusChanged,
}

/// What the user wants.
#[derive(Debug)]
pub(in crate::ui) enum HomeOutput {
    /// The details of an item.
    Open(MediaId),
    /// An item played.
    Play(MediaId),
    /// A server of this network as a source.
    AddNearby(Box<Nearby>),
    /// The page has its first content.
    Populated,
}

/// What was read.
#[derive(Debug, PartialEq)]
pub(in crate::ui) enum Content {
    /// There is no source.
    NoSources,
    /// Rows of the home page.
    Rows(Vec<HomeRow>),
    /// Favourites.
    Favourites(Vec<TitleCard>),
}

/// The page.
#[derive(Debug)]
pub(in crate::ui) struct HomePage {
    ctx: AppContext,
    kind: HomeKind,
    sources: Vec<Source>,
    shown: Option<Content>,
    rows: Rows,
    loading: bool,
    again: bool,
    /// Lists the servers of this network as long as there is no source.
    network: Option<Controller<NetworkServers>>,
}

#[relm4::component(pub(in crate::ui))]
impl Component for HomePage {
    type Init = (AppContext, HomeKind, Beacon);
    type Input = HomeInput;
    type Output = HomeOutput;
    type CommandOutput = Result<(Vec<Source>, Content), ServiceError>;

    view! {
        #[root]
        adw::NavigationPage {
            set_title: &title,
            #[wrap(Some)]
            set_child = &adw::ToolbarView {
                add_top_bar = &adw::HeaderBar {
                    pack_end = &beacon.button(),
                },
                #[name = "banner"]
                add_top_bar = &adw::Banner {},
                #[wrap(Some)]
                #[name = "stack"]
                set_content = &gtk::Stack {
                    set_transition_type: gtk::StackTransitionType::Crossfade,
                    add_named[Some("empty")] = &adw::StatusPage {
                        set_icon_name: Some(if kind == HomeKind::Home { "reel-films-symbolic" } else { "starred-symbolic" }),
                        set_title: &empty_title,
                        set_description: Some(&empty_text),
                    },
                    add_named[Some("first-run")] = &adw::StatusPage {
                        set_icon_name: Some("io.github.gnome_reel.Reel-symbolic"),
                        set_title: &gettext("Your films and series, from everywhere"),
                        set_description: Some(&gettext("Add a media server or a folder to begin.")),
                        #[wrap(Some)]
                        #[name = "first_run"]
                        set_child = &gtk::Box {
                            set_orientation: gtk::Orientation::Vertical,
                            set_spacing: 12,
                            set_halign: gtk::Align::Center,
                            append = &add_button("add-plex", &gettext("Add Plex")),
                            append = &add_button("add-jellyfin", &gettext("Add Jellyfin")),
                            append = &add_button("add-folder", &gettext("Add Folder")),
                        },
                    },
                    #[local_ref]
                    add_named[Some("content")] = scroller -> gtk::ScrolledWindow {
                        set_hscrollbar_policy: gtk::PolicyType::Never,
                        #[name = "rows"]
                        gtk::Box {
                            set_orientation: gtk::Orientation::Vertical,
                            set_spacing: 18,
                            set_margin_top: 12,
                            set_margin_bottom: 24,
                        },
                    },
                },
            },
        }
    }

    fn init(
        (ctx, kind, beacon): Self::Init,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let (title, empty_title, empty_text) = match kind {
            HomeKind::Home => (
                gettext("Home"),
                gettext("Nothing Here Yet"),
                gettext("What you watch and what is new appears here."),
            ),
            HomeKind::Favourites => (
                gettext("Favourites"),
                gettext("No Favourites Yet"),
                gettext("Mark films and series with the star to find them here."),
            ),
        };
        let scroller = &gtk::ScrolledWindow::new();
        let rows = Rows::new(Sight::of(scroller));
        let model = Self {
            ctx,
            kind,
            sources: Vec::new(),
            shown: None,
            rows,
            loading: false,
            again: false,
            network: None,
        };
        let widgets = view_output!();
        sender.input(HomeInput::Reload);
        ComponentParts { model, widgets }
    }

    fn update_with_view(
        &mut self,
        widgets: &mut Self::Widgets,
        message: HomeInput,
        sender: ComponentSender<Self>,
        _root: &Self::Root,
    ) {
        match message {
            HomeInput::Reload => self.reload(&sender),
            HomeInput::StatusChanged => self.show_notice(&widgets.banner),
        }
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
            Ok((sources, content)) => {
                self.sources = sources;
                self.show_notice(&widgets.banner);
                self.show_network(&widgets.first_run, content == Content::NoSources, &sender);
                self.show(content, &widgets.stack, &widgets.rows, &sender);
            }
            Err(error) => tracing::warn!(%error, "home could not be read"),
        }
        if std::mem::take(&mut self.again) {
            self.reload(&sender);
        }
    }
}

impl HomePage {
    fn reload(&mut self, sender: &ComponentSender<Self>) {
        if std::mem::replace(&mut self.loading, true) {
            self.again = true;
            return;
        }
        let (ctx, kind) = (self.ctx.clone(), self.kind);
        sender.oneshot_command(async move {
            let sources = SourceService::list(&ctx).await?;
            let content = match kind {
                _ if sources.is_empty() => Content::NoSources,
                HomeKind::Home => Content::Rows(LibraryService::home(&ctx).await?),
                HomeKind::Favourites => Content::Favourites(LibraryService::favourites(&ctx).await?),
            };
            Ok((sources, content))
        });
    }

    fn show_notice(&self, banner: &adw::Banner) {
        let notice = Notice::of_all(&paired(&self.ctx.connectivity, &self.sources));
        show_notice(banner, notice.as_ref());
    }

    /// Servers of the network are looked for as long as there is no source.
    fn show_network(&mut self, parent: &gtk::Box, wanted: bool, sender: &ComponentSender<Self>) {
        match &self.network {
            Some(network) if !wanted => {
                parent.remove(network.widget());
                self.network = None;
            }
            None if wanted => {
                let network = NetworkServers::builder()
                    .launch((self.ctx.clone(), None))
                    .forward(sender.output_sender(), HomeOutput::AddNearby);
                network.widget().set_margin_top(24);
                network.widget().set_width_request(NETWORK_WIDTH);
                parent.append(network.widget());
                self.network = Some(network);
            }
            _ => {}
        }
    }

    /// Shows what was read; leaves everything as it is when nothing changed.
    fn show(
        &mut self,
        content: Content,
        stack: &gtk::Stack,
        rows: &gtk::Box,
        sender: &ComponentSender<Self>,
    ) {
        if self.shown.as_ref() == Some(&content) {
            return;
        }
        let page = match &content {
            Content::NoSources => "first-run",
            Content::Rows(list) if list.is_empty() => "empty",
            Content::Favourites(cards) if cards.is_empty() => "empty",
            Content::Rows(list) => {
                self.rows.show(&self.ctx, rows, list, sender);
                "content"
            }
            Content::Favourites(cards) => {
                self.rows.show_grid(&self.ctx, rows, cards, sender);
                "content"
            }
        };
        stack.set_visible_child_name(page);
        self.shown = Some(content);
        let _closed = sender.output(HomeOutput::Populated);
    }
}

fn add_button(action: &str, label: &str) -> gtk::Button {
    let button = gtk::Button::builder().label(label).css_classes(["pill"]).build();
    button.set_action_name(Some(&format!("win.{action}")));
    if action == "add-plex" {
        button.add_css_class("suggested-action");
    }
    button
}
