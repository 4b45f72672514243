//! One grid of cards under a title.

use adw::prelude::*;
use gettextrs::gettext;
use relm4::{Component, ComponentParts, ComponentSender};

use crate::models::{ItemKind, ShelfId};
use crate::services::core::LibraryService;
use crate::services::core::library::{Card as TitleCard, HomeRowKind, ShelfCard};
use crate::services::{AppContext, ServiceError};
use crate::ui::reading::Reading;
use crate::ui::shelf_text;
use crate::ui::widgets::{AnyCard, Beacon, CardGrid, CardOutcome, OnCard};

/// What the grid holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) enum CardsKind {
    /// All collections.
    Collections,
    /// All playlists.
    Playlists,
    /// A row of the home page.
    Row(HomeRowKind),
    /// Favourites of one kind.
    Favourites(ItemKind),
    /// Collections among the favourites.
    FavouriteCollections,
    /// The titles of a collection.
    Collection(ShelfId),
}

/// Messages to the page.
#[derive(Debug)]
pub(in crate::ui) enum CardsInput {
    /// Read everything anew.
    Reload,
    /// A card was used.
    Used(CardOutcome),
}

/// What the user wants.
#[derive(Debug, Clone)]
pub(in crate::ui) enum CardsOutput {
    /// Something with a card.
    Card(CardOutcome),
    /// The page has its first content.
    Populated,
}

/// The page.
#[derive(Debug)]
pub(in crate::ui) struct CardsPage {
    ctx: AppContext,
    kind: CardsKind,
    grid: CardGrid,
    populated: bool,
    reading: Reading,
}

#[relm4::component(pub(in crate::ui))]
impl Component for CardsPage {
    type Init = (AppContext, Beacon, CardsKind);
    type Input = CardsInput;
    type Output = CardsOutput;
    type CommandOutput = Result<(String, Vec<AnyCard>), ServiceError>;

    view! {
        #[root]
        adw::NavigationPage {
            set_title: &title,
            #[wrap(Some)]
            set_child = &adw::ToolbarView {
                add_top_bar = &adw::HeaderBar {
                    pack_end = &beacon.button(),
                },
                #[wrap(Some)]
                #[name = "stack"]
                set_content = &gtk::Stack {
                    set_transition_type: gtk::StackTransitionType::Crossfade,
                    #[local_ref]
                    add_named[Some("grid")] = grid -> gtk::ScrolledWindow {},
                    add_named[Some("empty")] = &adw::StatusPage {
                        set_icon_name: Some(icon),
                        set_title: &gettext("Nothing Here Yet"),
                        set_description: Some(&empty),
                    },
                },
            },
        }
    }

    fn init(
        (ctx, beacon, kind): Self::Init,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let input = sender.input_sender().clone();
        let cards = CardGrid::new(&ctx, OnCard::new(move |outcome| input.emit(CardsInput::Used(outcome))));
        let grid = &cards.widget().clone();
        let (title, icon, empty) = words(kind);
        let model = Self { ctx, kind, grid: cards, populated: false, reading: Reading::default() };
        let widgets = view_output!();
        sender.input(CardsInput::Reload);
        ComponentParts { model, widgets }
    }

    fn update(&mut self, message: CardsInput, sender: ComponentSender<Self>, _root: &Self::Root) {
        match message {
            CardsInput::Reload => {
                if self.reading.ask() {
                    self.read(&sender);
                }
            }
            CardsInput::Used(outcome) => {
                let _closed = sender.output(CardsOutput::Card(outcome));
            }
        }
    }

    fn update_cmd_with_view(
        &mut self,
        widgets: &mut Self::Widgets,
        read: Self::CommandOutput,
        sender: ComponentSender<Self>,
        root: &Self::Root,
    ) {
        match read {
            Ok((title, cards)) => {
                if !title.is_empty() {
                    root.set_title(&title);
                }
                widgets.stack.set_visible_child_name(if cards.is_empty() { "empty" } else { "grid" });
                self.grid.show(cards);
                if !std::mem::replace(&mut self.populated, true) {
                    let _closed = sender.output(CardsOutput::Populated);
                }
            }
            Err(error) => tracing::warn!(%error, "cards could not be read"),
        }
        if self.reading.end() {
            self.read(&sender);
        }
    }
}

impl CardsPage {
    fn read(&self, sender: &ComponentSender<Self>) {
        let (ctx, kind) = (self.ctx.clone(), self.kind);
        sender.oneshot_command(async move { read(&ctx, kind).await });
    }
}

/// The title as far as it is known at once, and what an empty page shows.
fn words(kind: CardsKind) -> (String, &'static str, String) {
    match kind {
        CardsKind::Collections | CardsKind::FavouriteCollections => (
            gettext("Collections"),
            "reel-collection-symbolic",
            gettext("Collections of your servers and folders appear here."),
        ),
        CardsKind::Playlists => (
            gettext("Playlists"),
            "reel-playlist-symbolic",
            gettext("Playlists of your servers appear here."),
        ),
        CardsKind::Favourites(kind) => (
            shelf_text::kind(kind),
            "starred-symbolic",
            gettext("Mark films and series with the star to find them here."),
        ),
        CardsKind::Row(_) | CardsKind::Collection(_) => {
            (gettext("All"), "reel-films-symbolic", gettext("What was here is gone."))
        }
    }
}

/// Reads the cards, and the title where only the database knows it.
async fn read(ctx: &AppContext, kind: CardsKind) -> Result<(String, Vec<AnyCard>), ServiceError> {
    let unnamed = |cards| (String::new(), cards);
    Ok(match kind {
        CardsKind::Collections => unnamed(shelves(LibraryService::collections(ctx).await?)),
        CardsKind::Playlists => unnamed(shelves(LibraryService::playlists(ctx).await?)),
        CardsKind::FavouriteCollections => {
            unnamed(shelves(LibraryService::favourite_collections(ctx).await?))
        }
        CardsKind::Favourites(kind) => {
            let groups = LibraryService::favourites_by_kind(ctx).await?;
            let group = groups.into_iter().find(|(found, _)| *found == kind);
            unnamed(titles(group.map(|(_, cards)| cards).unwrap_or_default()))
        }
        CardsKind::Row(row) => match LibraryService::whole_row(ctx, row).await? {
            Some(row) => (shelf_text::home_row(&row), titles(row.cards)),
            None => unnamed(Vec::new()),
        },
        CardsKind::Collection(id) => {
            let content = LibraryService::collection(ctx, id).await?;
            (content.card.shelf.record.title, titles(content.titles))
        }
    })
}

fn titles(cards: Vec<TitleCard>) -> Vec<AnyCard> {
    cards.into_iter().map(AnyCard::title).collect()
}

fn shelves(cards: Vec<ShelfCard>) -> Vec<AnyCard> {
    cards.into_iter().map(AnyCard::shelf).collect()
}
