//! The titles of one genre in all sources, the best rated first.

use adw::prelude::*;
use relm4::{Component, ComponentParts, ComponentSender};

use crate::services::core::LibraryService;
use crate::services::core::library::Card as TitleCard;
use crate::services::{AppContext, ServiceError};
use crate::ui::pages::shelves::CardsOutput;
use crate::ui::widgets::{AnyCard, Beacon, CardGrid, OnCard, focus_when_shown};

/// Messages to the page.
#[derive(Debug)]
pub(in crate::ui) enum GenreInput {
    /// Read everything anew from the database.
    Reload,
}

/// The page.
#[derive(Debug)]
pub(in crate::ui) struct GenrePage {
    ctx: AppContext,
    genre: String,
    grid: CardGrid,
}

impl Component for GenrePage {
    type Init = (AppContext, Beacon, String);
    type Input = GenreInput;
    type Output = CardsOutput;
    type CommandOutput = Result<Vec<TitleCard>, ServiceError>;
    type Root = adw::NavigationPage;
    type Widgets = ();

    fn init_root() -> Self::Root {
        adw::NavigationPage::builder().title("").build()
    }

    fn init(
        (ctx, beacon, genre): Self::Init,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        root.set_title(&genre);
        let output = sender.output_sender().clone();
        let grid = CardGrid::new(&ctx, OnCard::new(move |outcome| output.emit(CardsOutput::Card(outcome))));
        let view = adw::ToolbarView::builder().content(grid.widget()).build();
        let header = adw::HeaderBar::new();
        header.pack_end(&beacon.button());
        view.add_top_bar(&header);
        root.set_child(Some(&view));
        focus_when_shown(&root);
        let model = Self { ctx, genre, grid };
        model.read(&sender);
        ComponentParts { model, widgets: () }
    }

    fn update(&mut self, message: GenreInput, sender: ComponentSender<Self>, _root: &Self::Root) {
        match message {
            GenreInput::Reload => self.read(&sender),
        }
    }

    fn update_cmd(&mut self, found: Self::CommandOutput, _sender: ComponentSender<Self>, _root: &Self::Root) {
        match found {
            Ok(cards) => self.grid.show(cards.into_iter().map(AnyCard::title).collect()),
            Err(error) => tracing::warn!(%error, "a genre could not be read"),
        }
    }
}

impl GenrePage {
    fn read(&self, sender: &ComponentSender<Self>) {
        let (ctx, genre) = (self.ctx.clone(), self.genre.clone());
        sender.oneshot_command(async move { LibraryService::of_genre(&ctx, &genre).await });
    }
}
