//! Cards in the window: what using one means, and the pages of collections, playlists and whole rows above the page in
//! front.

use relm4::{Component as _, ComponentSender};

use super::above::Above;
use super::place::Step;
use super::{Shell, ShellCommand, ShellInput};
use crate::models::{ShelfId, ShelfKind};
use crate::services::ServiceError;
use crate::services::core::{PlaybackService, Preferred};
use crate::ui::error_text;
use crate::ui::pages::shelves::{CardsKind, CardsOutput, CardsPage, CollectionPage, PlaylistPage};
use crate::ui::widgets::{CardOutcome, TitleAction};

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
            CardOutcome::Title(item, TitleAction::Open)
            | CardOutcome::Title(_, TitleAction::GoToSeries(item)) => {
                sender.input(ShellInput::OpenItem(item));
            }
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
            CardOutcome::PlayAll(titles) => self.play_titles(titles, sender),
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
            (Above::Playlist(page), Step::Playlist(id))
        } else {
            let page = CollectionPage::builder().launch(init).forward(sender.input_sender(), said);
            (Above::Collection(page), Step::Collection(id))
        };
        step.mark(page.widget());
        self.push_above(page);
    }

    /// Shows a whole grid above the page in front.
    pub(super) fn open_cards(&mut self, kind: CardsKind, sender: &ComponentSender<Self>) {
        let init = (self.ctx.clone(), self.beacon.clone(), kind);
        let page = CardsPage::builder().launch(init).forward(sender.input_sender(), said);
        self.push_above(Above::Cards(page));
    }
}
