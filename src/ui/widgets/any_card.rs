//! Cards of titles and of shelves under one face, and what a person does with them.

use std::fmt;
use std::rc::Rc;

use adw::prelude::*;
use gettextrs::gettext;

use super::{Card, CardShape, Sight, TitleAction, attach_title_menu};
use crate::models::{MediaId, ShelfId, ShelfKind};
use crate::services::AppContext;
use crate::services::core::library::{Card as TitleCard, ShelfCard};
use crate::ui::pages::shelves::CardsKind;
use crate::ui::{shelf_text, text};

/// Titles to be played one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::ui) struct PlayTitles {
    /// Which, in their order; series and the like stand for what is in them.
    pub(in crate::ui) titles: Vec<MediaId>,
    /// The one to begin with; the first when there is none.
    pub(in crate::ui) first: Option<MediaId>,
    /// In any order.
    pub(in crate::ui) shuffled: bool,
}

/// What a card shows.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::ui) enum AnyCard {
    /// A title.
    Title(Box<TitleCard>),
    /// A collection or playlist.
    Shelf(Box<ShelfCard>),
}

impl AnyCard {
    /// The card of a title.
    pub(in crate::ui) fn title(card: TitleCard) -> Self {
        Self::Title(Box::new(card))
    }

    /// The card of a collection or playlist.
    pub(in crate::ui) fn shelf(card: ShelfCard) -> Self {
        Self::Shelf(Box::new(card))
    }

    /// The form of its picture.
    pub(super) fn shape(&self) -> CardShape {
        match self {
            Self::Title(title) => CardShape::among_posters(title.item.record.kind),
            Self::Shelf(_) => CardShape::Poster,
        }
    }

    /// Fills the widget of a card.
    pub(super) fn show_on(&self, ctx: &AppContext, card: &Card) {
        match self {
            Self::Title(title) => card.show(ctx, &title.item),
            Self::Shelf(shelf) => card.show_shelf(ctx, shelf),
        }
    }

    /// What a screen reader says of it.
    pub(super) fn label(&self) -> String {
        match self {
            Self::Title(title) => text::card_label(&title.item),
            Self::Shelf(shelf) => shelf_text::label(shelf),
        }
    }

    /// What using it means.
    pub(super) fn opened(&self) -> CardOutcome {
        match self {
            Self::Title(title) => CardOutcome::Title(title.item.id, TitleAction::Open),
            Self::Shelf(shelf) => CardOutcome::Shelf(shelf.shelf.id, shelf.shelf.kind),
        }
    }
}

/// What a person does with a card, or beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::ui) enum CardOutcome {
    /// Something with a title.
    Title(MediaId, TitleAction),
    /// A collection or playlist is opened.
    Shelf(ShelfId, ShelfKind),
    /// All cards of a group are to be seen.
    All(CardsKind),
    /// Titles of a group are to be played.
    PlayAll(PlayTitles),
}

/// Who is told. Cheap to clone.
#[derive(Clone)]
pub(in crate::ui) struct OnCard(Rc<dyn Fn(CardOutcome)>);

impl OnCard {
    /// Calls this.
    pub(in crate::ui) fn new(told: impl Fn(CardOutcome) + 'static) -> Self {
        Self(Rc::new(told))
    }

    /// Tells what happened.
    pub(super) fn tell(&self, outcome: CardOutcome) {
        (self.0)(outcome);
    }
}

impl fmt::Debug for OnCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnCard")
    }
}

/// A card as a button of a page that is no list; with a button to play at once where that is what it is for.
pub(super) fn card_button(
    ctx: &AppContext,
    shown: &AnyCard,
    plays: bool,
    sight: &Sight,
    on: &OnCard,
) -> gtk::Widget {
    let card = Card::new(shown.shape(), sight);
    shown.show_on(ctx, &card);
    let label = shown.label();
    let (opened, told) = (shown.opened(), on.clone());
    let button = card.into_button(move || told.tell(opened.clone()));
    button.update_property(&[gtk::accessible::Property::Label(&label)]);
    let AnyCard::Title(title) = shown else { return button.upcast() };
    let (item, told) = (title.item.clone(), on.clone());
    attach_title_menu(&button, move || Some((item.clone(), told.clone())));
    if !plays {
        return button.upcast();
    }
    let play_label = gettext("Play {title}").replace("{title}", &label);
    let play = gtk::Button::builder()
        .icon_name("media-playback-start-symbolic")
        .tooltip_text(&play_label)
        .halign(gtk::Align::Center)
        .valign(gtk::Align::Start)
        .margin_top(shown.shape().size().1 / 2 - 12)
        // By keyboard it is in the menu: arrows go from card to card.
        .focusable(false)
        .css_classes(["circular", "osd", "card-play"])
        .build();
    play.update_property(&[gtk::accessible::Property::Label(&play_label)]);
    let (id, told) = (title.item.id, on.clone());
    play.connect_clicked(move |_| told.tell(CardOutcome::Title(id, TitleAction::Play)));
    let overlay = gtk::Overlay::builder().child(&button).build();
    overlay.add_overlay(&play);
    overlay.upcast()
}
