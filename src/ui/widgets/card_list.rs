//! Cards as the children of a box: those that are as before keep their widgets, so that nothing flickers or is built for
//! nothing.

use adw::prelude::*;

use super::any_card::card_button;
use super::{AnyCard, OnCard, Sight};
use crate::services::AppContext;

/// Something that holds cards in an order.
pub(super) trait Holder: IsA<gtk::Widget> {
    fn put(&self, widget: &gtk::Widget, after: Option<&gtk::Widget>);
    fn place(&self, widget: &gtk::Widget, after: Option<&gtk::Widget>);
    fn drop(&self, widget: &gtk::Widget);
}

impl Holder for gtk::Box {
    fn put(&self, widget: &gtk::Widget, after: Option<&gtk::Widget>) {
        self.insert_child_after(widget, after);
    }

    fn place(&self, widget: &gtk::Widget, after: Option<&gtk::Widget>) {
        self.reorder_child_after(widget, after);
    }

    fn drop(&self, widget: &gtk::Widget) {
        self.remove(widget);
    }
}

impl Holder for adw::WrapBox {
    fn put(&self, widget: &gtk::Widget, after: Option<&gtk::Widget>) {
        self.insert_child_after(widget, after);
    }

    fn place(&self, widget: &gtk::Widget, after: Option<&gtk::Widget>) {
        self.reorder_child_after(widget, after);
    }

    fn drop(&self, widget: &gtk::Widget) {
        self.remove(widget);
    }
}

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
        for (_, gone) in &before {
            holder.drop(gone);
        }
        let mut last: Option<&gtk::Widget> = None;
        for (_, widget) in &after {
            match widget.parent() {
                Some(_) => holder.place(widget, last),
                None => holder.put(widget, last),
            }
            last = Some(widget);
        }
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
