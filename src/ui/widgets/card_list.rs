//! Cards as the children of a box: those that are as before keep their widgets, so that nothing flickers or is built for
//! nothing.

use adw::prelude::*;

use super::any_card::card_button;
use super::arrange::{Holder, arrange};
use super::{AnyCard, OnCard, Sight};
use crate::services::AppContext;

/// Cards with the widgets that show them, in order.
#[derive(Debug, Default)]
pub(super) struct CardList {
    cards: Vec<(AnyCard, gtk::Widget)>,
}

impl CardList {
    /// Makes the children of `holder` these cards. A card that changed and had the focus has it again.
    pub(super) fn show(
        &mut self,
        ctx: &AppContext,
        holder: &impl Holder,
        cards: &[AnyCard],
        plays: bool,
        sight: &Sight,
        on: &OnCard,
    ) {
        let focused = self.cards.iter().position(|(_, widget)| has_focus(widget));
        let mut before = std::mem::take(&mut self.cards);
        let after: Vec<(AnyCard, gtk::Widget)> = cards
            .iter()
            .map(|card| match before.iter().position(|(known, _)| known == card) {
                Some(place) => before.remove(place),
                None => (card.clone(), card_button(ctx, card, plays, sight, on)),
            })
            .collect();
        arrange(holder, after.iter().map(|(_, widget)| widget));
        self.cards = after;
        if let Some(place) = focused.filter(|_| !self.cards.iter().any(|(_, widget)| has_focus(widget)))
            && let Some((_, widget)) = self.cards.get(place).or(self.cards.last())
        {
            widget.child_focus(gtk::DirectionType::TabForward);
        }
    }
}

fn has_focus(widget: &gtk::Widget) -> bool {
    widget.state_flags().intersects(gtk::StateFlags::FOCUSED | gtk::StateFlags::FOCUS_WITHIN)
}
