//! The titles of one genre in all sources, the best rated first.

use adw::prelude::*;
use relm4::{Component, ComponentParts, ComponentSender};

use crate::models::MediaId;
use crate::services::core::LibraryService;
use crate::services::core::library::Card as TitleCard;
use crate::services::{AppContext, ServiceError};
use crate::ui::text;
use crate::ui::widgets::{Beacon, CARD_PADDING, Card, CardShape, SIDE, Sight, focus_when_shown};

/// Titles that are shown: more widgets would be felt when they are made.
const MOST_TITLES: usize = 120;

/// Messages to the page.
#[derive(Debug)]
pub(in crate::ui) enum GenreInput {
    /// Read everything anew from the database.
    Reload,
}

/// What the user wants.
#[derive(Debug)]
pub(in crate::ui) enum GenreOutput {
    /// The details of an item.
    Open(MediaId),
}

/// The page.
#[derive(Debug)]
pub(in crate::ui) struct GenrePage {
    ctx: AppContext,
    genre: String,
    shown: Vec<TitleCard>,
    grid: adw::WrapBox,
    sight: Sight,
}

impl Component for GenrePage {
    type Init = (AppContext, Beacon, String);
    type Input = GenreInput;
    type Output = GenreOutput;
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
        let scroller =
            gtk::ScrolledWindow::builder().hscrollbar_policy(gtk::PolicyType::Never).vexpand(true).build();
        let sight = Sight::of(&scroller);
        let grid = adw::WrapBox::builder()
            .child_spacing(6)
            .line_spacing(12)
            .margin_top(12)
            .margin_bottom(24)
            .margin_start(SIDE - CARD_PADDING)
            .margin_end(SIDE - CARD_PADDING)
            .build();
        scroller.set_child(Some(&grid));
        let view = adw::ToolbarView::builder().content(&scroller).build();
        let header = adw::HeaderBar::new();
        header.pack_end(&beacon.button());
        view.add_top_bar(&header);
        root.set_child(Some(&view));
        focus_when_shown(&root);
        let model = Self { ctx, genre, shown: Vec::new(), grid, sight };
        model.read(&sender);
        ComponentParts { model, widgets: () }
    }

    fn update(&mut self, message: GenreInput, sender: ComponentSender<Self>, _root: &Self::Root) {
        match message {
            GenreInput::Reload => self.read(&sender),
        }
    }

    fn update_cmd(&mut self, found: Self::CommandOutput, sender: ComponentSender<Self>, _root: &Self::Root) {
        match found {
            Ok(cards) => self.show(cards, &sender),
            Err(error) => tracing::warn!(%error, "a genre could not be read"),
        }
    }
}

impl GenrePage {
    fn read(&self, sender: &ComponentSender<Self>) {
        let (ctx, genre) = (self.ctx.clone(), self.genre.clone());
        sender.oneshot_command(async move { LibraryService::of_genre(&ctx, &genre).await });
    }

    fn show(&mut self, mut cards: Vec<TitleCard>, sender: &ComponentSender<Self>) {
        cards.truncate(MOST_TITLES);
        if self.shown == cards {
            return;
        }
        while let Some(child) = self.grid.first_child() {
            self.grid.remove(&child);
        }
        for title in &cards {
            let card = Card::new(CardShape::Poster, &self.sight);
            card.show(&self.ctx, &title.item);
            let (id, output) = (title.item.id, sender.output_sender().clone());
            let button = card.into_button(move || output.emit(GenreOutput::Open(id)));
            button.update_property(&[gtk::accessible::Property::Label(&text::card_label(&title.item))]);
            self.grid.append(&button);
        }
        self.shown = cards;
    }
}
