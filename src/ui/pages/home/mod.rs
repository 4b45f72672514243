//! Home: rows over all sources, from the database at once. Each row is read by itself, so that none waits for another.

mod slots;

use adw::prelude::*;
use gettextrs::gettext;
use relm4::{Component, ComponentController as _, ComponentParts, ComponentSender, Controller};

use crate::models::Source;
use crate::services::core::library::{HomeRow, HomeRowKind};
use crate::services::core::{LibraryService, SourceService};
use crate::services::{AppContext, ServiceError};
use crate::ui::shelf_text;
use crate::ui::standing::{Notice, paired};
use crate::ui::widgets::{
    AnyCard, Beacon, CardOutcome, CardRow, Nearby, NetworkServers, OnCard, Sight, arrange, show_notice,
};

use super::shelves::CardsKind;
use slots::{SLOTS, Slot, Slots};

/// Width of the list of servers below the buttons, in pixels: fits a phone.
const NETWORK_WIDTH: i32 = 300;

/// Messages to the page.
#[derive(Debug)]
pub(in crate::ui) enum HomeInput {
    /// Read everything anew.
    Reload,
    /// How a source stands changed.
    StatusChanged,
    /// A card was used.
    Used(CardOutcome),
}

/// What the user wants.
#[derive(Debug)]
pub(in crate::ui) enum HomeOutput {
    /// Something with a card.
    Card(CardOutcome),
    /// A server of this network as a source.
    AddNearby(Box<Nearby>),
    /// The page has its first content.
    Populated,
}

/// What was read.
#[derive(Debug)]
pub(in crate::ui) enum HomeCommand {
    /// The sources.
    Sources(Result<Vec<Source>, ServiceError>),
    /// The rows of a slot.
    Rows(Slot, Result<Vec<HomeRow>, ServiceError>),
}

/// The page.
#[derive(Debug)]
pub(in crate::ui) struct HomePage {
    ctx: AppContext,
    sources: Option<Vec<Source>>,
    slots: Slots,
    rows: Vec<(HomeRowKind, String, CardRow)>,
    sight: Sight,
    on: OnCard,
    populated: bool,
    /// Lists the servers of this network as long as there is no source.
    network: Option<Controller<NetworkServers>>,
}

#[relm4::component(pub(in crate::ui))]
impl Component for HomePage {
    type Init = (AppContext, Beacon);
    type Input = HomeInput;
    type Output = HomeOutput;
    type CommandOutput = HomeCommand;

    view! {
        #[root]
        adw::NavigationPage {
            set_title: &gettext("Home"),
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
                    // Nothing until it is known what there is: no page that says so flashes by.
                    add_named[Some("blank")] = &gtk::Box {},
                    add_named[Some("empty")] = &adw::StatusPage {
                        set_icon_name: Some("reel-films-symbolic"),
                        set_title: &gettext("Nothing Here Yet"),
                        set_description: Some(&gettext("What you watch and what is new appears here.")),
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
        (ctx, beacon): Self::Init,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let scroller = &gtk::ScrolledWindow::new();
        let input = sender.input_sender().clone();
        let model = Self {
            ctx,
            sources: None,
            slots: Slots::default(),
            rows: Vec::new(),
            sight: Sight::of(scroller),
            on: OnCard::new(move |outcome| input.emit(HomeInput::Used(outcome))),
            populated: false,
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
            HomeInput::Used(outcome) => {
                let _closed = sender.output(HomeOutput::Card(outcome));
            }
        }
    }

    fn update_cmd_with_view(
        &mut self,
        widgets: &mut Self::Widgets,
        command: HomeCommand,
        sender: ComponentSender<Self>,
        _root: &Self::Root,
    ) {
        match command {
            HomeCommand::Sources(Ok(sources)) => {
                self.show_network(&widgets.first_run, sources.is_empty(), &sender);
                self.sources = Some(sources);
                self.show_notice(&widgets.banner);
            }
            HomeCommand::Sources(Err(error)) => tracing::warn!(%error, "the sources could not be read"),
            HomeCommand::Rows(slot, read) => self.rows_read(slot, read, &widgets.rows, &sender),
        }
        self.show_page(&widgets.stack, &sender);
    }
}

impl HomePage {
    fn reload(&mut self, sender: &ComponentSender<Self>) {
        let ctx = self.ctx.clone();
        sender.oneshot_command(async move { HomeCommand::Sources(SourceService::list(&ctx).await) });
        for slot in SLOTS {
            if self.slots.ask(slot) {
                self.read(slot, sender);
            }
        }
    }

    fn read(&self, slot: Slot, sender: &ComponentSender<Self>) {
        let ctx = self.ctx.clone();
        sender.oneshot_command(async move {
            let rows = match slot {
                Slot::Own(kind) => {
                    LibraryService::home_row(&ctx, kind).await.map(|row| row.into_iter().collect())
                }
                Slot::Hubs => LibraryService::home_hubs(&ctx).await,
            };
            HomeCommand::Rows(slot, rows)
        });
    }

    /// Takes in the rows of a slot. Those that could not be read stay as they are.
    fn rows_read(
        &mut self,
        slot: Slot,
        read: Result<Vec<HomeRow>, ServiceError>,
        parent: &gtk::Box,
        sender: &ComponentSender<Self>,
    ) {
        if let Err(error) = &read {
            tracing::warn!(%error, ?slot, "a row could not be read");
        }
        let (is_other, once_more) = self.slots.answer(slot, read.ok());
        if is_other {
            self.show_rows(parent);
        }
        if once_more {
            self.read(slot, sender);
        }
    }

    /// Makes the rows in `parent` those that were read, in order.
    fn show_rows(&mut self, parent: &gtk::Box) {
        let mut rest = std::mem::take(&mut self.rows);
        for row in self.slots.rows() {
            let title = shelf_text::home_row(row);
            let known = rest.iter().position(|(kind, known, _)| *kind == row.kind && *known == title);
            let mut shown = match known {
                Some(place) => rest.remove(place).2,
                None => CardRow::new(&title, CardsKind::Row(row.kind), &self.sight, &self.on),
            };
            // What is to be gone on with plays at once; its details are a click beside.
            let plays = matches!(row.kind, HomeRowKind::ContinueWatching | HomeRowKind::NextUp);
            let cards: Vec<AnyCard> = row.cards.iter().cloned().map(AnyCard::title).collect();
            shown.show(&self.ctx, &cards, (plays, row.has_more), &self.sight, &self.on);
            self.rows.push((row.kind, title, shown));
        }
        arrange(parent, self.rows.iter().map(|(.., row)| row.widget()));
    }

    fn show_page(&mut self, stack: &gtk::Stack, sender: &ComponentSender<Self>) {
        let page = match &self.sources {
            Some(sources) if sources.is_empty() => "first-run",
            _ if !self.rows.is_empty() => "content",
            Some(_) if self.slots.are_answered() => "empty",
            _ => return,
        };
        stack.set_visible_child_name(page);
        if self.slots.are_answered() && !std::mem::replace(&mut self.populated, true) {
            let _closed = sender.output(HomeOutput::Populated);
        }
    }

    fn show_notice(&self, banner: &adw::Banner) {
        let sources = self.sources.as_deref().unwrap_or_default();
        show_notice(banner, Notice::of_all(&paired(&self.ctx.connectivity, sources)).as_ref());
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
}

fn add_button(action: &str, label: &str) -> gtk::Button {
    let button = gtk::Button::builder().label(label).css_classes(["pill"]).build();
    button.set_action_name(Some(&format!("win.{action}")));
    if action == "add-plex" {
        button.add_css_class("suggested-action");
    }
    button
}
