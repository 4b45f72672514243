//! Search over all sources, with results while typing.
//!
//! The local library answers every letter; an answer to an earlier text is thrown away. When the typing pauses, servers
//! are asked for what is not stored here, and what they find is added below. Widgets are made in [`results`] and
//! [`section`].

mod asking;
mod messages;
mod person;
mod recent;
mod results;
mod section;

use std::cell::Cell;

use adw::prelude::*;
use gettextrs::gettext;
use gtk::{gdk, glib};
use relm4::{Component, ComponentParts, ComponentSender};

pub(in crate::ui) use messages::{SearchCommand, SearchInput, SearchOutput};

use self::messages::{Question, Target};
use self::recent::RecentList;
use self::results::Results;
use crate::models::{ItemKind, SourceId};
use crate::services::core::SearchService;
use crate::services::{AppContext, ServiceError};
use crate::ui::error_text;
use crate::ui::settings::Settings;
use crate::ui::task::Task;
use crate::ui::widgets::{Beacon, Sight};

/// Pause in the typing before the library is asked, in milliseconds: less than between two keys of a fast typist.
const DELAY: u32 = 30;

/// What is known of the best result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Best {
    /// It is asked for.
    Awaited,
    /// It is to be opened as soon as it is known.
    AwaitedToOpen,
    /// It is shown, if there is one.
    Known,
}

/// The page.
#[derive(Debug)]
pub(in crate::ui) struct SearchPage {
    ctx: AppContext,
    settings: Settings,
    text: String,
    question: Question,
    results: Results,
    recent: RecentList,
    /// The question to the library that is answered next.
    asking: Task,
    best: Best,
    /// The questions to servers.
    asking_servers: Task,
    has_asked_servers: bool,
    has_local: bool,
    has_elsewhere: bool,
    storing: Task,
}

#[relm4::component(pub(in crate::ui))]
impl Component for SearchPage {
    type Init = (AppContext, Settings, Beacon, String);
    type Input = SearchInput;
    type Output = SearchOutput;
    type CommandOutput = SearchCommand;

    view! {
        #[root]
        adw::NavigationPage {
            set_title: &gettext("Search"),
            #[wrap(Some)]
            set_child = &adw::ToolbarView {
                add_top_bar = &adw::HeaderBar {
                    pack_end = &beacon.button(),
                    #[wrap(Some)]
                    set_title_widget = &adw::Clamp {
                        set_maximum_size: 500,
                        set_hexpand: true,
                        #[name = "entry"]
                        gtk::SearchEntry {
                            set_hexpand: true,
                            set_search_delay: DELAY,
                            set_placeholder_text: Some(&gettext("Films, series, people")),
                            update_property: &[gtk::accessible::Property::Label(&gettext("Search"))],
                            connect_search_changed[sender] => move |entry| {
                                sender.input(SearchInput::Typed(entry.text().to_string()));
                            },
                            connect_activate[sender] => move |_| sender.input(SearchInput::OpenFirst),
                            connect_stop_search => move |entry| entry.set_text(""),
                        },
                    },
                },
                #[wrap(Some)]
                #[name = "stack"]
                set_content = &gtk::Stack {
                    add_named[Some("start")] = &adw::StatusPage {
                        set_icon_name: Some("system-search-symbolic"),
                        set_title: &gettext("Search All Sources"),
                        set_description: Some(&gettext("The beginning of a word is enough.")),
                        #[wrap(Some)]
                        set_child = &adw::Clamp {
                            set_maximum_size: 420,
                            #[local_ref]
                            recent_list -> adw::PreferencesGroup {},
                        },
                    },
                    #[name = "none"]
                    add_named[Some("none")] = &adw::StatusPage {
                        set_icon_name: Some("system-search-symbolic"),
                        set_title: &gettext("Nothing Found"),
                    },
                    #[local_ref]
                    add_named[Some("results")] = scroller -> gtk::ScrolledWindow {
                        set_hscrollbar_policy: gtk::PolicyType::Never,
                    },
                },
            },
        }
    }

    fn init(
        (ctx, settings, beacon, text): Self::Init,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let scroller = &gtk::ScrolledWindow::new();
        let results = Results::new(&Sight::of(scroller), sender.input_sender());
        let recent = RecentList::new(sender.input_sender());
        let recent_list = recent.widget().clone();
        let recent_list = &recent_list;
        scroller.set_child(Some(results.widget()));
        let model = Self {
            ctx,
            settings,
            text: String::new(),
            question: Question::Everything,
            results,
            recent,
            asking: Task::default(),
            best: Best::Awaited,
            asking_servers: Task::default(),
            has_asked_servers: false,
            has_local: false,
            has_elsewhere: false,
            storing: Task::default(),
        };
        let widgets = view_output!();
        model.recent.show(&model.settings.recent_searches());
        widgets.entry.set_text(&text);
        widgets.entry.set_key_capture_widget(Some(&root));
        focus_once(&root, &widgets.entry);
        go_down(&widgets.entry, sender.input_sender());
        ComponentParts { model, widgets }
    }

    fn update_with_view(
        &mut self,
        widgets: &mut Self::Widgets,
        message: SearchInput,
        sender: ComponentSender<Self>,
        _root: &Self::Root,
    ) {
        match message {
            SearchInput::Begin(letters) => {
                put(&widgets.entry, &format!("{}{letters}", widgets.entry.text()));
            }
            SearchInput::Again(text) => put(&widgets.entry, &text),
            SearchInput::Typed(text) => self.typed(text, widgets, &sender),
            SearchInput::Reload => self.ask(&sender),
            SearchInput::ShowAll(group) => self.change(Question::AllOf(group), &sender),
            SearchInput::ShowBest => self.change(Question::Everything, &sender),
            SearchInput::Enter => {
                self.results.focus();
            }
            SearchInput::OpenFirst => self.open_first(&sender),
            SearchInput::Open(target) => self.open(target, &sender),
            SearchInput::ForgetRecent => self.keep_recent(&[]),
        }
    }

    fn update_cmd_with_view(
        &mut self,
        widgets: &mut Self::Widgets,
        command: SearchCommand,
        sender: ComponentSender<Self>,
        _root: &Self::Root,
    ) {
        match command {
            SearchCommand::Local(number, found) if self.asking.is(number) => {
                self.answered(found, widgets, &sender);
            }
            SearchCommand::Elsewhere(number, source, name, found) if self.asking_servers.is(number) => {
                self.found_elsewhere(source, &name, found, widgets);
            }
            SearchCommand::AllAsked(number) if self.asking_servers.is(number) => {
                self.asking_servers.stop();
                self.show_page(widgets);
            }
            SearchCommand::Stored(source, kind, stored) => tell_stored(source, kind, stored, &sender),
            // Of a text that was typed before.
            SearchCommand::Local(..) | SearchCommand::Elsewhere(..) | SearchCommand::AllAsked(_) => {}
        }
    }
}

impl SearchPage {
    fn open_first(&mut self, sender: &ComponentSender<Self>) {
        match self.best {
            Best::Awaited if self.text.trim().is_empty() => {}
            Best::Awaited | Best::AwaitedToOpen => self.best = Best::AwaitedToOpen,
            Best::Known => {
                if let Some(target) = self.results.first() {
                    self.open(target, sender);
                }
            }
        }
    }

    fn open(&mut self, target: Target, sender: &ComponentSender<Self>) {
        self.keep_recent(&recent::with(self.settings.recent_searches(), &self.text));
        match target {
            Target::Item(id) => sender.output_sender().emit(SearchOutput::Open(id)),
            Target::Shelf(id, kind) => sender.output_sender().emit(SearchOutput::OpenShelf(id, kind)),
            Target::Person(name) => sender.output_sender().emit(SearchOutput::OpenPerson(name)),
            Target::Remote(source, record) => {
                let (ctx, output) = (self.ctx.clone(), sender.command_sender().clone());
                self.storing.start(|_| async move {
                    let stored = SearchService::store(&ctx, source, &record).await;
                    output.emit(SearchCommand::Stored(source, record.kind, stored));
                });
            }
        }
    }

    fn keep_recent(&self, recent: &[String]) {
        self.settings.store_recent_searches(recent);
        self.recent.show(recent);
    }
}

/// Opens what was stored for it, and has the rest of a series read.
fn tell_stored(
    source: SourceId,
    kind: ItemKind,
    stored: Result<crate::models::MediaId, ServiceError>,
    sender: &ComponentSender<SearchPage>,
) {
    let output = sender.output_sender();
    match stored {
        Ok(id) => {
            output.emit(SearchOutput::Open(id));
            if kind == ItemKind::Series {
                output.emit(SearchOutput::Sync(source));
            }
        }
        Err(error) => output.emit(SearchOutput::Say(error_text::sentence(&error))),
    }
}

/// Puts a text into the entry, ready to be gone on with.
fn put(entry: &gtk::SearchEntry, text: &str) {
    entry.set_text(text);
    entry.grab_focus();
    entry.set_position(-1);
}

/// The entry has the focus when the page comes, but not when somebody comes back to a result.
fn focus_once(page: &adw::NavigationPage, entry: &gtk::SearchEntry) {
    let (entry, is_first) = (entry.clone(), Cell::new(true));
    page.connect_shown(move |_| {
        if is_first.replace(false) {
            entry.grab_focus();
            entry.set_position(-1);
        }
    });
}

/// Down leads from the entry to the results.
fn go_down(entry: &gtk::SearchEntry, input: &relm4::Sender<SearchInput>) {
    let keys = gtk::EventControllerKey::builder().propagation_phase(gtk::PropagationPhase::Capture).build();
    let input = input.clone();
    keys.connect_key_pressed(move |_, key, _, _| {
        if matches!(key, gdk::Key::Down | gdk::Key::KP_Down) {
            input.emit(SearchInput::Enter);
            return glib::Propagation::Stop;
        }
        glib::Propagation::Proceed
    });
    entry.add_controller(keys);
}
