//! The list of sources, with what can be done with each.
//!
//! - [`row`]: one source; [`words`]: what is said of it.
//! - [`menu`]: its actions; [`dialogs`]: what is asked before some of them.
//! - [`order`]: the user's order of the rows.

mod dialogs;
mod menu;
mod messages;
mod order;
mod row;
mod words;

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use adw::prelude::*;
use gettextrs::gettext;
use relm4::{Component, ComponentParts, ComponentSender, RelmWidgetExt as _};

use crate::models::SourceId;
use crate::services::core::library::SourceLibraries;
use crate::services::core::{AuthService, LibraryService, OutboxService, SourceService};
use crate::services::events::Event;
use crate::services::{AppContext, ServiceError};
use crate::ui::error_text;
use crate::ui::standing;
use crate::ui::sync_text::Progress;
use crate::ui::widgets::Beacon;
use messages::Activity;
pub(in crate::ui) use messages::{SourcesCommand, SourcesInput, SourcesOutput};

/// Progress is shown at most this often.
const STEP: Duration = Duration::from_millis(250);

/// The page.
#[derive(Debug)]
pub(in crate::ui) struct SourcesPage {
    ctx: AppContext,
    sources: Vec<SourceLibraries>,
    waiting: HashMap<SourceId, usize>,
    activity: HashMap<SourceId, Activity>,
    /// Sources whose progress is shown in a moment.
    pending: HashSet<SourceId>,
    rows: HashMap<SourceId, row::SourceRow>,
    order: order::Order,
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
            pending: HashSet::new(),
            rows: HashMap::new(),
            order: order::Order::default(),
        };
        let widgets = view_output!();
        model.order.bind(&widgets.list);
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
            SourcesInput::Progressed(id) => self.progressed(id),
            SourcesInput::Sync(id) => {
                let _closed = sender.output(SourcesOutput::Sync(id));
            }
            SourcesInput::StopSync(id) => {
                let _closed = sender.output(SourcesOutput::StopSync(id));
            }
            SourcesInput::AskName(id) => self.ask_name(id, root, &sender),
            SourcesInput::Rename(id, name) => self.rename(id, name, &sender),
            SourcesInput::Move(id, by) => self.move_by(id, by, &sender),
            SourcesInput::MoveOnto(id, other) => self.move_onto(id, other, &sender),
            SourcesInput::Switch(id, on) => self.switch(id, on, &sender),
            SourcesInput::RefreshAddresses(id) => self.refresh_addresses(id, &sender),
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
            SourcesCommand::Read(Err(error)) => self.complain(&error, &sender),
            SourcesCommand::Refreshed(id, result) => self.refreshed(id, result, &sender),
            SourcesCommand::Done(result) => {
                if let Err(error) = result {
                    self.complain(&error, &sender);
                }
                self.read(&sender);
            }
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
        let known: Vec<SourceId> = self.ids();
        self.rows.retain(|id, row| {
            let stays = known.contains(id);
            if !stays {
                list.remove(row.widget());
            }
            stays
        });
        for id in &known {
            self.rows.entry(*id).or_insert_with(|| {
                let row = row::SourceRow::build(*id, sender.input_sender());
                list.append(row.widget());
                row
            });
        }
        let rows = known.iter().filter_map(|id| Some((*id, self.rows.get(id)?.widget().clone().upcast())));
        self.order.set(rows.collect(), list);
        for id in known {
            self.show_one(id);
        }
    }

    fn ids(&self) -> Vec<SourceId> {
        self.sources.iter().map(|entry| entry.source.id).collect()
    }

    fn show_one(&self, id: SourceId) {
        let Some(index) = self.sources.iter().position(|entry| entry.source.id == id) else { return };
        let (entry, Some(row)) = (&self.sources[index], self.rows.get(&id)) else { return };
        row.show(&row::Shown {
            entry,
            title: standing::title(&entry.source, self.sources.iter().map(|entry| &entry.source)),
            status: self.ctx.connectivity.status(id),
            waiting: self.waiting_for(id),
            activity: self.activity.get(&id).cloned().unwrap_or_default(),
            place: menu::Place { is_first: index == 0, is_last: index + 1 == self.sources.len() },
        });
    }

    fn waiting_for(&self, id: SourceId) -> usize {
        self.waiting.get(&id).copied().unwrap_or_default()
    }

    fn happened(&mut self, event: &Event, sender: &ComponentSender<Self>) {
        let id = match event {
            Event::SyncStarted(id) => {
                self.activity.entry(*id).or_default().syncing = Some(Progress::default());
                *id
            }
            Event::SyncProgress { source_id, items_synced, total_items, rate, left } => {
                let activity = self.activity.entry(*source_id).or_default();
                let progress =
                    Progress { done: *items_synced, total: *total_items, rate: *rate, left: *left };
                activity.syncing = Some(progress);
                return self.show_soon(*source_id, sender);
            }
            Event::SyncCompleted { source_id, .. } | Event::SyncCancelled(source_id) => {
                self.activity.remove(source_id);
                *source_id
            }
            Event::SyncFailed { source_id, error } => {
                let failed = Activity { failure: Some(*error), ..Activity::default() };
                self.activity.insert(*source_id, failed);
                return self.read(sender);
            }
            Event::StatusChanged(_) | Event::ItemsChanged { .. } | Event::CredentialsInFile => return,
            _ => return self.read(sender),
        };
        self.show_one(id);
    }

    /// Progress comes with every page that is read; nobody reads numbers that fast.
    fn show_soon(&mut self, id: SourceId, sender: &ComponentSender<Self>) {
        if self.pending.insert(id) {
            let input = sender.input_sender().clone();
            gtk::glib::timeout_add_local_once(STEP, move || {
                let _gone = input.send(SourcesInput::Progressed(id));
            });
        }
    }

    fn progressed(&mut self, id: SourceId) {
        self.pending.remove(&id);
        self.show_one(id);
    }

    #[expect(clippy::unused_self, reason = "said by the page")]
    fn complain(&self, error: &ServiceError, sender: &ComponentSender<Self>) {
        let _closed = sender.output(SourcesOutput::Say(error_text::sentence(error)));
    }

    /// Has a service do something with a source, and then shows what became of it.
    fn act<F>(&self, sender: &ComponentSender<Self>, act: impl FnOnce(AppContext) -> F)
    where
        F: Future<Output = Result<(), ServiceError>> + Send + 'static,
    {
        let acting = act(self.ctx.clone());
        sender.oneshot_command(async move { SourcesCommand::Done(acting.await) });
    }

    fn rename(&self, id: SourceId, name: String, sender: &ComponentSender<Self>) {
        self.act(sender, |ctx| async move { SourceService::rename(&ctx, id, &name).await });
    }

    fn remove(&self, id: SourceId, sender: &ComponentSender<Self>) {
        self.act(sender, |ctx| async move { SourceService::remove(&ctx, id).await });
    }

    fn switch(&self, id: SourceId, on: bool, sender: &ComponentSender<Self>) {
        self.act(sender, move |ctx| async move { SourceService::set_enabled(&ctx, id, on).await });
    }

    fn move_by(&self, id: SourceId, by: isize, sender: &ComponentSender<Self>) {
        if let Some(place) = order::moved(&self.ids(), id, by) {
            self.move_to(id, place, sender);
        }
    }

    fn move_onto(&self, id: SourceId, other: SourceId, sender: &ComponentSender<Self>) {
        let ids = self.ids();
        let place = ids.iter().position(|known| *known == other);
        if let Some(place) = place.filter(|_| id != other && ids.contains(&id)) {
            self.move_to(id, place, sender);
        }
    }

    fn move_to(&self, id: SourceId, place: usize, sender: &ComponentSender<Self>) {
        if let (Some(row), Some(entry)) =
            (self.rows.get(&id), self.sources.iter().find(|s| s.source.id == id))
        {
            // Translators: said by a screen reader after a source was moved in the list.
            let said = gettext("{name}: place {n} of {all}")
                .replace("{name}", &entry.source.name)
                .replace("{n}", &(place + 1).to_string())
                .replace("{all}", &self.sources.len().to_string());
            row.widget()
                .upcast_ref::<gtk::Widget>()
                .announce(&said, gtk::AccessibleAnnouncementPriority::Medium);
        }
        self.act(sender, move |ctx| async move { SourceService::move_to(&ctx, id, place).await });
    }

    fn refresh_addresses(&mut self, id: SourceId, sender: &ComponentSender<Self>) {
        self.activity.entry(id).or_default().asking = true;
        self.show_one(id);
        let ctx = self.ctx.clone();
        sender.oneshot_command(async move {
            SourcesCommand::Refreshed(id, AuthService::refresh_plex_source(&ctx, id).await)
        });
    }

    fn refreshed(&mut self, id: SourceId, result: Result<(), ServiceError>, sender: &ComponentSender<Self>) {
        self.activity.entry(id).or_default().asking = false;
        self.show_one(id);
        let said = match result {
            Ok(()) => gettext("The addresses of the server are up to date"),
            Err(error) => error_text::sentence(&error),
        };
        let _closed = sender.output(SourcesOutput::Say(said));
    }

    fn ask_name(&self, id: SourceId, root: &adw::NavigationPage, sender: &ComponentSender<Self>) {
        if let Some(entry) = self.sources.iter().find(|entry| entry.source.id == id) {
            dialogs::ask_name(root, entry, sender.input_sender());
        }
    }

    fn ask_remove(&self, id: SourceId, root: &adw::NavigationPage, sender: &ComponentSender<Self>) {
        if let Some(entry) = self.sources.iter().find(|entry| entry.source.id == id) {
            dialogs::ask_remove(root, entry, self.waiting_for(id), sender.input_sender());
        }
    }
}
