//! The list of sources, with what can be done with each.

mod row;

use adw::prelude::*;
use gettextrs::gettext;
use relm4::{Component, ComponentParts, ComponentSender, RelmWidgetExt as _};

use crate::models::SourceId;
use crate::net::ErrorKind;
use crate::services::core::library::SourceLibraries;
use crate::services::core::{LibraryService, OutboxService, SourceService};
use crate::services::events::Event;
use crate::services::{AppContext, ServiceError};
use crate::ui::error_text;
use crate::ui::widgets::Beacon;
use std::collections::HashMap;

/// Messages to the page.
#[derive(Debug)]
pub(in crate::ui) enum SourcesInput {
    /// Read everything anew.
    Reload,
    /// An event came.
    Happened(Event),
    /// How a source stands changed.
    StatusChanged(SourceId),
    /// Sync a source.
    Sync(SourceId),
    /// Rename a source.
    Rename(SourceId, String),
    /// Ask whether to remove a source.
    AskRemove(SourceId),
    /// Remove a source.
    Remove(SourceId),
}

/// What the user wants.
#[derive(Debug)]
pub(in crate::ui) enum SourcesOutput {
    /// Another source.
    Add,
    /// A source synced.
    Sync(SourceId),
    /// A sentence in a toast.
    Say(String),
    /// The page has its first content.
    Populated,
}

/// Results of what the page had done in the background.
#[derive(Debug)]
pub(in crate::ui) enum SourcesCommand {
    /// The sources with their libraries, and how many changes wait for each.
    Read(Result<(Vec<SourceLibraries>, HashMap<SourceId, usize>), ServiceError>),
    /// A source was changed.
    Done(Result<(), ServiceError>),
}

/// What is known of a source besides its row.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Activity {
    /// Items done and in all, while it is synced.
    syncing: Option<(u64, Option<u64>)>,
    /// Why the last sync failed.
    failure: Option<ErrorKind>,
}

/// The page.
#[derive(Debug)]
pub(in crate::ui) struct SourcesPage {
    ctx: AppContext,
    sources: Vec<SourceLibraries>,
    waiting: HashMap<SourceId, usize>,
    activity: HashMap<SourceId, Activity>,
    rows: HashMap<SourceId, row::SourceRow>,
}

#[relm4::component(pub(in crate::ui))]
impl Component for SourcesPage {
    type Init = (AppContext, Beacon);
    type Input = SourcesInput;
    type Output = SourcesOutput;
    type CommandOutput = SourcesCommand;

    view! {
        #[root]
        adw::NavigationPage {
            set_title: &gettext("Sources"),
            #[wrap(Some)]
            set_child = &adw::ToolbarView {
                add_top_bar = &adw::HeaderBar {
                    pack_end = &beacon.button(),
                    pack_end = &gtk::Button {
                        set_icon_name: "list-add-symbolic",
                        set_tooltip_text: Some(&gettext("Add a Source")),
                        connect_clicked[sender] => move |_| {
                            let _closed = sender.output(SourcesOutput::Add);
                        },
                    },
                },
                #[wrap(Some)]
                #[name = "stack"]
                set_content = &gtk::Stack {
                    add_named[Some("list")] = &gtk::ScrolledWindow {
                        set_hscrollbar_policy: gtk::PolicyType::Never,
                        adw::Clamp {
                            set_maximum_size: 720,
                            set_margin_all: 18,
                            #[name = "list"]
                            gtk::ListBox {
                                set_selection_mode: gtk::SelectionMode::None,
                                set_valign: gtk::Align::Start,
                                add_css_class: "boxed-list",
                                update_property: &[gtk::accessible::Property::Label(&gettext("Sources"))],
                            },
                        },
                    },
                    add_named[Some("empty")] = &adw::StatusPage {
                        set_icon_name: Some("network-server-symbolic"),
                        set_title: &gettext("No Sources"),
                        set_description: Some(&gettext("Add a media server or a folder.")),
                        #[wrap(Some)]
                        set_child = &gtk::Button {
                            set_label: &gettext("Add a Source"),
                            set_halign: gtk::Align::Center,
                            add_css_class: "pill",
                            add_css_class: "suggested-action",
                            connect_clicked[sender] => move |_| {
                                let _closed = sender.output(SourcesOutput::Add);
                            },
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
        let model = Self {
            ctx,
            sources: Vec::new(),
            waiting: HashMap::new(),
            activity: HashMap::new(),
            rows: HashMap::new(),
        };
        let widgets = view_output!();
        sender.input(SourcesInput::Reload);
        ComponentParts { model, widgets }
    }

    fn update_with_view(
        &mut self,
        _widgets: &mut Self::Widgets,
        message: SourcesInput,
        sender: ComponentSender<Self>,
        root: &Self::Root,
    ) {
        match message {
            SourcesInput::Reload => self.read(&sender),
            SourcesInput::Happened(event) => self.happened(&event, &sender),
            SourcesInput::StatusChanged(id) => self.show_one(id),
            SourcesInput::Sync(id) => {
                let _closed = sender.output(SourcesOutput::Sync(id));
            }
            SourcesInput::Rename(id, name) => self.rename(id, name, &sender),
            SourcesInput::AskRemove(id) => self.ask_remove(id, root, &sender),
            SourcesInput::Remove(id) => self.remove(id, &sender),
        }
    }

    fn update_cmd_with_view(
        &mut self,
        widgets: &mut Self::Widgets,
        command: SourcesCommand,
        sender: ComponentSender<Self>,
        _root: &Self::Root,
    ) {
        match command {
            SourcesCommand::Read(Ok((sources, waiting))) => {
                self.sources = sources;
                self.waiting = waiting;
                let page = if self.sources.is_empty() { "empty" } else { "list" };
                widgets.stack.set_visible_child_name(page);
                self.fill(&widgets.list, &sender);
                let _closed = sender.output(SourcesOutput::Populated);
            }
            SourcesCommand::Read(Err(error)) | SourcesCommand::Done(Err(error)) => {
                let _closed = sender.output(SourcesOutput::Say(error_text::sentence(&error)));
            }
            SourcesCommand::Done(Ok(())) => self.read(&sender),
        }
    }
}

impl SourcesPage {
    fn read(&self, sender: &ComponentSender<Self>) {
        let ctx = self.ctx.clone();
        sender.oneshot_command(async move {
            SourcesCommand::Read(
                async {
                    let mut waiting: HashMap<SourceId, usize> = HashMap::new();
                    for row in OutboxService::list(&ctx, None).await? {
                        *waiting.entry(row.source_id).or_default() += 1;
                    }
                    Ok((LibraryService::sources(&ctx).await?, waiting))
                }
                .await,
            )
        });
    }

    /// Rows that are there are changed in place: a progress bar must not lose the focus beside it.
    fn fill(&mut self, list: &gtk::ListBox, sender: &ComponentSender<Self>) {
        let known: Vec<SourceId> = self.sources.iter().map(|entry| entry.source.id).collect();
        self.rows.retain(|id, row| {
            let stays = known.contains(id);
            if !stays {
                list.remove(row.widget());
            }
            stays
        });
        for entry in &self.sources {
            let id = entry.source.id;
            let row = self.rows.entry(id).or_insert_with(|| {
                let row = row::SourceRow::build(id, sender);
                list.append(row.widget());
                row
            });
            let activity = self.activity.get(&id).cloned().unwrap_or_default();
            let status = self.ctx.connectivity.status(id);
            row.show(entry, &status, self.waiting.get(&id).copied().unwrap_or_default(), &activity);
        }
    }

    fn happened(&mut self, event: &Event, sender: &ComponentSender<Self>) {
        let (id, change): (SourceId, fn(&mut Activity)) = match event {
            Event::SyncStarted(id) => (*id, |activity| activity.syncing = Some((0, None))),
            Event::SyncCompleted { source_id, .. } => {
                (*source_id, |activity| *activity = Activity::default())
            }
            Event::SyncProgress { source_id, items_synced, total_items } => {
                let activity = self.activity.entry(*source_id).or_default();
                activity.syncing = Some((*items_synced, *total_items));
                return self.show_one(*source_id);
            }
            Event::SyncFailed { source_id, error } => {
                let activity = self.activity.entry(*source_id).or_default();
                *activity = Activity { syncing: None, failure: Some(*error) };
                return self.read(sender);
            }
            Event::StatusChanged(_) | Event::ItemsChanged { .. } | Event::CredentialsInFile => return,
            _ => return self.read(sender),
        };
        change(self.activity.entry(id).or_default());
        self.show_one(id);
    }

    fn show_one(&self, id: SourceId) {
        let entry = self.sources.iter().find(|entry| entry.source.id == id);
        if let (Some(entry), Some(row)) = (entry, self.rows.get(&id)) {
            let activity = self.activity.get(&id).cloned().unwrap_or_default();
            let status = self.ctx.connectivity.status(id);
            row.show(entry, &status, self.waiting.get(&id).copied().unwrap_or_default(), &activity);
        }
    }

    fn rename(&self, id: SourceId, name: String, sender: &ComponentSender<Self>) {
        let ctx = self.ctx.clone();
        sender.oneshot_command(
            async move { SourcesCommand::Done(SourceService::rename(&ctx, id, &name).await) },
        );
    }

    fn remove(&self, id: SourceId, sender: &ComponentSender<Self>) {
        let ctx = self.ctx.clone();
        sender.oneshot_command(async move { SourcesCommand::Done(SourceService::remove(&ctx, id).await) });
    }

    fn ask_remove(&self, id: SourceId, root: &adw::NavigationPage, sender: &ComponentSender<Self>) {
        let Some(entry) = self.sources.iter().find(|entry| entry.source.id == id) else { return };
        let heading = gettext("Remove “{name}”?").replace("{name}", &entry.source.name);
        let body = gettext(
            "Its library, places and pictures are deleted on this computer. Nothing is deleted on the server or in the folder.",
        );
        let dialog = adw::AlertDialog::new(Some(&heading), Some(&body));
        dialog.add_responses(&[("cancel", &gettext("_Cancel")), ("remove", &gettext("_Remove"))]);
        dialog.set_response_appearance("remove", adw::ResponseAppearance::Destructive);
        dialog.set_default_response(Some("cancel"));
        dialog.set_close_response("cancel");
        let input = sender.input_sender().clone();
        dialog.connect_response(Some("remove"), move |_, _| input.emit(SourcesInput::Remove(id)));
        dialog.present(Some(root));
    }
}
