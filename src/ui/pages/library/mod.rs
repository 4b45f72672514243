//! One library: its titles as posters or rows, sorted and filtered by the database.
//!
//! Everything that the page shows is a question to the database ([`reading`]) with the user's [`choices`]; the list
//! itself is [`crate::ui::widgets::ItemList`].

mod chips;
mod choices;
mod filters;
mod layout;
mod letters;
mod menu;
mod messages;
mod reading;
mod selecting;
mod sort;
mod typing;
mod view;
mod words;

use adw::prelude::*;
use gettextrs::gettext;
use relm4::{Component, ComponentParts, ComponentSender};

use crate::models::{LibraryId, LibraryView, Source, SourceId};
use crate::services::AppContext;
use crate::ui::standing::Notice;
use crate::ui::widgets::{Beacon, ItemList, ViewEvent, show_notice};
use filters::Filters;
pub(in crate::ui) use messages::{LibraryCommand, LibraryInput, LibraryOutput};
use typing::Typing;
use view::PageView;

/// The page.
#[derive(Debug)]
pub(in crate::ui) struct LibraryPage {
    ctx: AppContext,
    id: LibraryId,
    name: String,
    source: Option<Source>,
    /// How the library is shown; none before it was read.
    choices: Option<LibraryView>,
    list: ItemList,
    view: PageView,
    filters: Option<Filters>,
    typing: Typing,
    /// Number of the question: answers to earlier ones are thrown away.
    question: u32,
    /// The question whose answer is shown.
    shown: Option<u32>,
    reading: bool,
    again: bool,
}

impl Component for LibraryPage {
    type Init = (AppContext, LibraryId, Beacon);
    type Input = LibraryInput;
    type Output = LibraryOutput;
    type CommandOutput = LibraryCommand;
    type Root = adw::NavigationPage;
    type Widgets = ();

    fn init_root() -> Self::Root {
        adw::NavigationPage::builder().title(gettext("Library")).build()
    }

    fn init(
        (ctx, id, beacon): Self::Init,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let input = sender.input_sender();
        let wanted = input.clone();
        let list = ItemList::new(move |ids| wanted.emit(LibraryInput::RowsWanted(ids)));
        let view = PageView::build(&root, &ctx, &beacon, &list, input);
        let model = Self {
            ctx,
            id,
            name: String::new(),
            source: None,
            choices: None,
            list,
            view,
            filters: None,
            typing: Typing::default(),
            question: 0,
            shown: None,
            reading: false,
            again: false,
        };
        sender.input(LibraryInput::Reload);
        ComponentParts { model, widgets: () }
    }

    fn update(&mut self, message: LibraryInput, sender: ComponentSender<Self>, _root: &Self::Root) {
        match message {
            LibraryInput::Reload => self.reload(&sender),
            LibraryInput::StatusChanged(id) => self.status_changed(id),
            LibraryInput::SortChosen(sort) => self.sort_chosen(sort, &sender),
            LibraryInput::Descending(reversed) => self.turned(reversed, &sender),
            LibraryInput::FilterChosen(filter) => self.filter_chosen(filter, &sender),
            LibraryInput::FilterEdited => self.filter_edited(&sender),
            LibraryInput::OpenArtists => tell(LibraryOutput::OpenArtists(self.id), &sender),
            LibraryInput::OpenFilters => self.open_filters(&sender),
            LibraryInput::LayoutChosen(layout) => self.layout_chosen(layout, &sender),
            LibraryInput::WidthChosen(width) => self.width_chosen(width, &sender),
            LibraryInput::RowsWanted(ids) => self.read_rows(ids, &sender),
            LibraryInput::Done(event) => self.done(event, &sender),
            LibraryInput::JumpTo(place) => self.jump_to(place),
            LibraryInput::Typed(letter) => self.typed(letter, &sender),
            LibraryInput::TypingEnded(letter) => self.typing_ended(letter),
            LibraryInput::Select(selecting) => self.select(selecting),
            LibraryInput::SelectThis(id) => self.select_this(id),
            LibraryInput::SelectAll => self.select_all(),
            LibraryInput::PlaySelected => self.play_selected(&sender),
            LibraryInput::MarkSelected(mark) => self.mark_selected(mark, &sender),
            LibraryInput::MarkOne(id, mark) => self.mark(vec![id], mark, &sender),
            LibraryInput::Play(id) => tell(LibraryOutput::Play(id), &sender),
            LibraryInput::Open(id) => tell(LibraryOutput::Open(id), &sender),
        }
    }

    fn update_cmd(&mut self, command: LibraryCommand, sender: ComponentSender<Self>, _root: &Self::Root) {
        match command {
            LibraryCommand::Listed(listed) => self.listed(*listed, &sender),
            LibraryCommand::Rows(rows) => self.rows_read(rows),
            LibraryCommand::Letters(question, letters) => self.letters_read(question, letters),
            LibraryCommand::Facets(facets) => self.facets_read(facets),
            LibraryCommand::Found(question, place) => self.found(question, place),
            LibraryCommand::Marked(mark, marked) => selecting::say_marked(mark, marked, &sender),
            LibraryCommand::Stored(Ok(())) => {}
            LibraryCommand::Stored(Err(error)) => tracing::warn!(%error, "a choice was not stored"),
        }
    }
}

impl LibraryPage {
    fn done(&self, event: ViewEvent, sender: &ComponentSender<Self>) {
        match event {
            ViewEvent::Activated(place) if self.list.is_selecting() => self.list.toggle(place),
            ViewEvent::Activated(place) => {
                if let Some(id) = self.list.id_at(place) {
                    tell(LibraryOutput::Open(id), sender);
                }
            }
            ViewEvent::SelectionChanged => self.show_selected(),
            ViewEvent::SelectFrom(place) => self.select_from(place),
            ViewEvent::Menu { place, at } => {
                if let Some(item) = self.list.item_at(place) {
                    menu::show(&item, &at, self.view.titles.widget().upcast_ref(), sender.input_sender());
                }
            }
        }
    }

    fn show_source(&mut self, source: Source, sender: &ComponentSender<Self>) {
        let id = source.id;
        if self.source.replace(source).is_none() {
            tell(LibraryOutput::Looking(id), sender);
        }
        self.status_changed(id);
    }

    fn status_changed(&self, id: SourceId) {
        if let Some(source) = self.source.as_ref().filter(|source| source.id == id) {
            let notice = Notice::of(source, &self.ctx.connectivity.status(id));
            show_notice(&self.view.banner, notice.as_ref());
        }
    }
}

fn tell(output: LibraryOutput, sender: &ComponentSender<LibraryPage>) {
    let _closed = sender.output(output);
}
