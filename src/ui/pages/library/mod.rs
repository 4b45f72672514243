//! One library: a grid of cards, sorted and filtered by the database.

mod grid;
mod model;
mod sort;

use adw::prelude::*;
use gettextrs::{gettext, ngettext};
use relm4::{Component, ComponentParts, ComponentSender};

use crate::models::{Item, Library, LibraryId, LibraryKind, MediaId, Source, SourceId, SourceKind};
use crate::services::core::library::ItemQuery;
use crate::services::core::{LibraryService, SourceService};
use crate::services::{AppContext, ServiceError};
use crate::ui::standing::Notice;
use crate::ui::text;
use crate::ui::widgets::{Beacon, show_notice};
use model::{PAGE, WindowedModel};
use sort::SORTS;

/// Messages to the page.
#[derive(Debug)]
pub(in crate::ui) enum LibraryInput {
    /// Read everything anew.
    Reload,
    /// How a source stands changed.
    StatusChanged(SourceId),
    /// Another order was chosen.
    SortChosen(usize),
    /// The filter was switched.
    UnwatchedOnly(bool),
    /// A page of the model is looked at.
    PageWanted(u32),
    /// The artists are wanted.
    ArtistsChosen,
    /// An item was activated.
    Activated(MediaId),
}

/// What the user wants.
#[derive(Debug)]
pub(in crate::ui) enum LibraryOutput {
    /// The details of an item.
    Open(MediaId),
    /// The artists of a music library.
    OpenArtists(LibraryId),
    /// The page has its first content.
    Populated,
    /// The library is not there any more.
    Gone,
    /// The source is looked at.
    Looking(SourceId),
}

/// What was read.
#[derive(Debug)]
pub(in crate::ui) enum LibraryCommand {
    /// The library, its source, and how many items the question has.
    Counted(Box<Result<(Library, Source, u64), ServiceError>>),
    /// The items of a page, for the question with this number.
    Page(u32, u32, Result<Vec<Item>, ServiceError>),
}

/// The page.
#[derive(Debug)]
pub(in crate::ui) struct LibraryPage {
    ctx: AppContext,
    id: LibraryId,
    library: Option<Library>,
    sort: usize,
    unwatched: bool,
    /// Number of the question: answers to earlier ones are thrown away.
    question: u32,
    count: Option<u64>,
    source: Option<Source>,
    model: WindowedModel,
}

#[relm4::component(pub(in crate::ui))]
impl Component for LibraryPage {
    type Init = (AppContext, LibraryId, Beacon);
    type Input = LibraryInput;
    type Output = LibraryOutput;
    type CommandOutput = LibraryCommand;

    view! {
        #[root]
        adw::NavigationPage {
            set_title: &gettext("Library"),
            #[wrap(Some)]
            set_child = &adw::ToolbarView {
                add_top_bar = &adw::HeaderBar {
                    #[wrap(Some)]
                    set_title_widget = &adw::WindowTitle {
                        #[watch]
                        set_title: &model.title(),
                        #[watch]
                        set_subtitle: &model.count_text(),
                    },
                    pack_start = &gtk::Button {
                        set_icon_name: "avatar-default-symbolic",
                        set_tooltip_text: Some(&gettext("Artists")),
                        update_property: &[gtk::accessible::Property::Label(&gettext("Artists"))],
                        #[watch]
                        set_visible: model.is_of(LibraryKind::Music),
                        connect_clicked => LibraryInput::ArtistsChosen,
                    },
                    pack_end = &gtk::ToggleButton {
                        #[watch]
                        set_visible: !model.is_of(LibraryKind::Music) && !model.is_of(LibraryKind::Photos),
                        set_icon_name: "reel-unwatched-symbolic",
                        set_tooltip_text: Some(&gettext("Unwatched Only")),
                        update_property: &[gtk::accessible::Property::Label(&gettext("Unwatched Only"))],
                        connect_toggled[sender] => move |button| {
                            sender.input(LibraryInput::UnwatchedOnly(button.is_active()));
                        },
                    },
                    pack_end = &sort::button(sender.input_sender()),
                    pack_end = &beacon.button(),
                },
                #[name = "banner"]
                add_top_bar = &adw::Banner {},
                #[wrap(Some)]
                #[name = "stack"]
                set_content = &gtk::Stack {
                    set_transition_type: gtk::StackTransitionType::Crossfade,
                    #[local_ref]
                    add_named[Some("grid")] = grid -> gtk::ScrolledWindow {},
                    add_named[Some("empty")] = &adw::StatusPage {
                        set_icon_name: Some("reel-films-symbolic"),
                        #[watch]
                        set_title: &model.empty_title(),
                        #[watch]
                        set_description: Some(&model.empty_text()),
                    },
                },
            },
        }
    }

    fn init(
        (ctx, id, beacon): Self::Init,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let input = sender.input_sender().clone();
        let windowed = WindowedModel::new(move |page| input.emit(LibraryInput::PageWanted(page)));
        let input = sender.input_sender().clone();
        let grid = &grid::build(&ctx, &windowed, move |item| input.emit(LibraryInput::Activated(item)));
        let model = Self {
            ctx,
            id,
            library: None,
            sort: 0,
            unwatched: false,
            question: 0,
            count: None,
            source: None,
            model: windowed,
        };
        let widgets = view_output!();
        sender.input(LibraryInput::Reload);
        ComponentParts { model, widgets }
    }

    fn update_with_view(
        &mut self,
        widgets: &mut Self::Widgets,
        message: LibraryInput,
        sender: ComponentSender<Self>,
        _root: &Self::Root,
    ) {
        match message {
            LibraryInput::Reload => self.ask(&sender),
            LibraryInput::StatusChanged(id) => self.status_changed(id, &widgets.banner),
            LibraryInput::SortChosen(index) => self.sort_chosen(index, &sender),
            LibraryInput::UnwatchedOnly(only) => self.unwatched_only(only, &sender),
            LibraryInput::PageWanted(page) => self.read_page(page, &sender),
            LibraryInput::ArtistsChosen => {
                let _closed = sender.output(LibraryOutput::OpenArtists(self.id));
            }
            LibraryInput::Activated(item) => {
                let _closed = sender.output(LibraryOutput::Open(item));
            }
        }
        self.update_view(widgets, sender);
    }

    fn update_cmd_with_view(
        &mut self,
        widgets: &mut Self::Widgets,
        command: LibraryCommand,
        sender: ComponentSender<Self>,
        root: &Self::Root,
    ) {
        match command {
            LibraryCommand::Counted(counted) => match *counted {
                Ok((library, source, count)) => {
                    let folder = source.kind == SourceKind::Local;
                    root.set_title(&text::library_title(&library, folder));
                    self.show_source(source, &widgets.banner, &sender);
                    self.counted(library, folder, count, &sender);
                    widgets.stack.set_visible_child_name(if count == 0 { "empty" } else { "grid" });
                }
                Err(error) => {
                    tracing::debug!(%error, "the library is gone");
                    let _closed = sender.output(LibraryOutput::Gone);
                }
            },
            LibraryCommand::Page(question, page, items) => self.page_read(question, page, items),
        }
        self.update_view(widgets, sender);
    }
}

impl LibraryPage {
    fn query(&self, limit: u32, offset: u32) -> ItemQuery {
        let (sort, descending) = SORTS[self.sort];
        ItemQuery {
            library: self.id,
            kinds: Vec::new(),
            sort,
            descending,
            unwatched: self.unwatched,
            limit,
            offset,
        }
    }

    /// Asks how long the list is; its pages follow as they are looked at.
    fn ask(&mut self, sender: &ComponentSender<Self>) {
        let (ctx, id, query) = (self.ctx.clone(), self.id, self.query(0, 0));
        sender.oneshot_command(async move {
            let counted = async {
                let library = LibraryService::library(&ctx, id).await?;
                let source = SourceService::get(&ctx, library.source_id).await?;
                let count = LibraryService::count(&ctx, &query).await?;
                Ok((library, source, count))
            };
            LibraryCommand::Counted(Box::new(counted.await))
        });
    }

    fn show_source(&mut self, source: Source, banner: &adw::Banner, sender: &ComponentSender<Self>) {
        let id = source.id;
        if self.source.replace(source).is_none() {
            let _closed = sender.output(LibraryOutput::Looking(id));
        }
        self.status_changed(id, banner);
    }

    fn status_changed(&self, id: SourceId, banner: &adw::Banner) {
        if let Some(source) = self.source.as_ref().filter(|source| source.id == id) {
            show_notice(banner, Notice::of(source, &self.ctx.connectivity.status(id)).as_ref());
        }
    }

    fn counted(&mut self, library: Library, folder: bool, count: u64, sender: &ComponentSender<Self>) {
        let mut library = library;
        library.title = text::library_title(&library, folder);
        let first = self.library.replace(library).is_none();
        let same = self.count.replace(count) == Some(count);
        if same {
            // As long as before: the items that are in sight may have changed.
            for page in self.model.kept_pages() {
                self.read_page(page, sender);
            }
        } else {
            self.question += 1;
            self.model.reset(u32::try_from(count).unwrap_or(u32::MAX));
        }
        if first {
            let _closed = sender.output(LibraryOutput::Populated);
        }
    }

    fn sort_chosen(&mut self, index: usize, sender: &ComponentSender<Self>) {
        if index < SORTS.len() && index != self.sort {
            self.sort = index;
            self.ask_another(sender);
        }
    }

    fn unwatched_only(&mut self, only: bool, sender: &ComponentSender<Self>) {
        self.unwatched = only;
        self.ask_another(sender);
    }

    fn ask_another(&mut self, sender: &ComponentSender<Self>) {
        self.count = None;
        self.ask(sender);
    }

    fn read_page(&self, page: u32, sender: &ComponentSender<Self>) {
        let (ctx, query, question) = (self.ctx.clone(), self.query(PAGE, page * PAGE), self.question);
        sender.oneshot_command(async move {
            LibraryCommand::Page(question, page, LibraryService::items(&ctx, &query).await)
        });
    }

    fn page_read(&mut self, question: u32, page: u32, items: Result<Vec<Item>, ServiceError>) {
        match items {
            Ok(items) if question == self.question => self.model.fill(page, items),
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "a page of the library could not be read"),
        }
    }

    fn is_of(&self, kind: LibraryKind) -> bool {
        self.library.as_ref().is_some_and(|library| library.kind == kind)
    }

    fn title(&self) -> String {
        self.library.as_ref().map(|library| library.title.clone()).unwrap_or_default()
    }

    fn count_text(&self) -> String {
        self.count.map_or_else(String::new, |count| {
            let small = u32::try_from(count).unwrap_or(u32::MAX);
            ngettext("{n} title", "{n} titles", small).replace("{n}", &count.to_string())
        })
    }

    fn empty_title(&self) -> String {
        if self.unwatched { gettext("Everything Watched") } else { gettext("Nothing Here Yet") }
    }

    fn empty_text(&self) -> String {
        if self.unwatched {
            gettext("There is nothing unwatched in this library.")
        } else {
            gettext("This library is empty, or it is still being read.")
        }
    }
}
