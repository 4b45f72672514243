//! Cards in the window: what using one means, and the pages of collections, playlists and whole rows above the page in
//! front.

use relm4::{Component as _, ComponentController as _, ComponentSender, Controller};

use super::place::Step;
use super::{Shell, ShellCommand, ShellInput};
use crate::models::{ShelfId, ShelfKind};
use crate::services::ServiceError;
use crate::services::core::{PlaybackService, Preferred};
use crate::ui::error_text;
use crate::ui::pages::shelves::{
    CardsInput, CardsKind, CardsOutput, CardsPage, CollectionInput, CollectionPage, PlaylistInput,
    PlaylistPage,
};
use crate::ui::widgets::{CardOutcome, TitleAction};

/// A page above the one in front.
#[derive(Debug)]
pub(super) enum Pushed {
    Cards(Controller<CardsPage>),
    Collection(Controller<CollectionPage>),
    Playlist(Controller<PlaylistPage>),
}

impl Pushed {
    pub(super) fn widget(&self) -> &adw::NavigationPage {
        match self {
            Self::Cards(page) => page.widget(),
            Self::Collection(page) => page.widget(),
            Self::Playlist(page) => page.widget(),
        }
    }

    /// Has it read anew.
    pub(super) fn reload(&self) {
        match self {
            Self::Cards(page) => page.emit(CardsInput::Reload),
            Self::Collection(page) => page.emit(CollectionInput::Reload),
            Self::Playlist(page) => page.emit(PlaylistInput::Reload),
        }
    }
}

/// What pages of cards say, as the window takes it.
pub(super) fn said(output: CardsOutput) -> ShellInput {
    match output {
        CardsOutput::Card(outcome) => ShellInput::Card(outcome),
        CardsOutput::Populated => ShellInput::Populated,
    }
}

impl Shell {
    /// A card was used.
    pub(super) fn card_used(&mut self, outcome: CardOutcome, sender: &ComponentSender<Self>) {
        match outcome {
            CardOutcome::Title(item, TitleAction::Open) => self.open_item(item, sender),
            CardOutcome::Title(_, TitleAction::GoToSeries(series)) => self.open_item(series, sender),
            CardOutcome::Title(item, TitleAction::Play) => {
                self.prepare_playing(item, Preferred::Nearest, false, sender);
            }
            CardOutcome::Title(item, action) => {
                let ctx = self.ctx.clone();
                sender.oneshot_command(async move {
                    ShellCommand::Marked(match action {
                        TitleAction::SetWatched(watched) => {
                            PlaybackService::set_title_watched(&ctx, item, watched).await
                        }
                        TitleAction::SetFavourite(favourite) => {
                            PlaybackService::set_title_favourite(&ctx, item, favourite).await
                        }
                        TitleAction::ForgetPlace => PlaybackService::forget_place(&ctx, item).await,
                        TitleAction::Open | TitleAction::Play | TitleAction::GoToSeries(_) => Ok(()),
                    })
                });
            }
            CardOutcome::Shelf(id, kind) => self.open_shelf(id, kind, sender),
            CardOutcome::All(kind) => self.open_cards(kind, sender),
        }
    }

    /// Marks were stored, or could not be.
    pub(super) fn marked(&self, result: &Result<(), ServiceError>) {
        if let Err(error) = result {
            self.say(&error_text::sentence(error));
        }
    }

    /// Shows a collection or playlist above the page in front.
    pub(super) fn open_shelf(&mut self, id: ShelfId, kind: ShelfKind, sender: &ComponentSender<Self>) {
        let init = (self.ctx.clone(), self.beacon.clone(), id);
        let (page, step) = if kind == ShelfKind::Playlist {
            let page = PlaylistPage::builder().launch(init).forward(sender.input_sender(), said);
            (Pushed::Playlist(page), Step::Playlist(id))
        } else {
            let page = CollectionPage::builder().launch(init).forward(sender.input_sender(), said);
            (Pushed::Collection(page), Step::Collection(id))
        };
        self.push(page, Some(step));
    }

    /// Shows a whole grid above the page in front.
    pub(super) fn open_cards(&mut self, kind: CardsKind, sender: &ComponentSender<Self>) {
        let init = (self.ctx.clone(), self.beacon.clone(), kind);
        let page = CardsPage::builder().launch(init).forward(sender.input_sender(), said);
        self.push(Pushed::Cards(page), None);
    }

    fn push(&mut self, page: Pushed, step: Option<Step>) {
        if let Some(step) = step {
            step.mark(page.widget());
        }
        self.view.pages.push(page.widget());
        self.view.split.set_show_content(true);
        self.pushed.push(page);
        self.store_place();
    }
}
