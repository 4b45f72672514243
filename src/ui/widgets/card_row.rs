//! Cards beside each other under a heading, in a line that scrolls sideways.
//!
//! By keyboard the arrows go from card to card and Tab from row to row, so that nobody has to pass two dozen cards to
//! reach the next row.

use adw::prelude::*;
use gettextrs::gettext;
use gtk::{gdk, glib};

use super::card_group::heading_with_all;
use super::card_list::CardList;
use super::shelf::sideways;
use super::{AnyCard, OnCard, Sight};
use crate::services::AppContext;
use crate::ui::pages::shelves::CardsKind;

/// Below this width of a row its cards are moved by touch, and there is no room for buttons: in pixels.
const NARROW: i32 = 600;
/// Share of a row that one click on a button moves it.
const STEP: f64 = 0.8;
/// How long that takes, in milliseconds.
const GLIDE: u32 = 250;

/// The row.
#[derive(Debug)]
pub(in crate::ui) struct CardRow {
    root: gtk::Box,
    all: gtk::Button,
    line: gtk::Box,
    cards: CardList,
}

impl CardRow {
    /// An empty row on a page with this sight; `all` is what its button opens.
    pub(in crate::ui) fn new(title: &str, all: CardsKind, sight: &Sight, on: &OnCard) -> Self {
        let (head, button) = heading_with_all(title, all, on);
        let (line, scroller) = sideways(sight);
        for (icon, label, direction) in [
            ("go-previous-symbolic", gettext("Scroll Back"), -1.0),
            ("go-next-symbolic", gettext("Scroll Forward"), 1.0),
        ] {
            head.append(&scroll_button(icon, &label, direction, &scroller));
        }
        let root = gtk::Box::builder()
            .orientation(gtk::Orientation::Vertical)
            .spacing(6)
            .accessible_role(gtk::AccessibleRole::Group)
            .build();
        root.update_property(&[gtk::accessible::Property::Label(title)]);
        root.append(&head);
        root.append(&scroller);
        root.add_controller(keys(&head, &scroller));
        Self { root, all: button, line, cards: CardList::default() }
    }

    /// The widget.
    pub(in crate::ui) fn widget(&self) -> &gtk::Box {
        &self.root
    }

    /// Shows these cards; `has_more` tells whether there are others. What is to be gone on with plays at once.
    pub(in crate::ui) fn show(
        &mut self,
        ctx: &AppContext,
        cards: &[AnyCard],
        (plays, has_more): (bool, bool),
        sight: &Sight,
        on: &OnCard,
    ) {
        self.all.set_visible(has_more || cards.len() > FEW);
        self.cards.show(ctx, &self.line, cards, plays, sight, on);
    }
}

/// So many cards are seen at a glance: nobody needs them on a page of their own.
const FEW: usize = 6;

/// A button that moves a row by most of its width; there only while it has somewhere to go.
fn scroll_button(icon: &str, label: &str, direction: f64, scroller: &gtk::ScrolledWindow) -> gtk::Button {
    let button = gtk::Button::builder()
        .icon_name(icon)
        .tooltip_text(label)
        .valign(gtk::Align::Center)
        .visible(false)
        // The arrow keys do the same.
        .focusable(false)
        .css_classes(["flat", "circular"])
        .build();
    button.update_property(&[gtk::accessible::Property::Label(label)]);
    let adjustment = scroller.hadjustment();
    let look = {
        let (button, scroller) = (button.downgrade(), scroller.downgrade());
        move |adjustment: &gtk::Adjustment| {
            let (Some(button), Some(scroller)) = (button.upgrade(), scroller.upgrade()) else { return };
            let room = adjustment.upper() - adjustment.page_size();
            button.set_visible(room > 1.0 && scroller.width() >= NARROW);
            let ahead = if direction < 0.0 { adjustment.value() } else { room - adjustment.value() };
            button.set_sensitive(ahead > 1.0);
        }
    };
    let moved = look.clone();
    adjustment.connect_value_changed(move |adjustment| moved(adjustment));
    adjustment.connect_changed(move |adjustment| {
        let (look, adjustment) = (look.clone(), adjustment.clone());
        // Not while sizes are given out.
        glib::idle_add_local_once(move || look(&adjustment));
    });
    button.connect_clicked(move |button| {
        let room = adjustment.upper() - adjustment.page_size();
        let to = (adjustment.value() + direction * STEP * adjustment.page_size()).clamp(0.0, room);
        let target = adw::PropertyAnimationTarget::new(&adjustment, "value");
        adw::TimedAnimation::new(button, adjustment.value(), to, GLIDE, target).play();
    });
    button
}

/// Tab goes past the other cards of the row.
fn keys(head: &gtk::Box, scroller: &gtk::ScrolledWindow) -> gtk::EventControllerKey {
    let keys = gtk::EventControllerKey::new();
    keys.set_propagation_phase(gtk::PropagationPhase::Capture);
    let (head, scroller) = (head.downgrade(), scroller.downgrade());
    keys.connect_key_pressed(move |keys, key, _, _| {
        let (Some(head), Some(scroller), Some(row)) = (head.upgrade(), scroller.upgrade(), keys.widget())
        else {
            return glib::Propagation::Proceed;
        };
        let in_cards = scroller.state_flags().contains(gtk::StateFlags::FOCUS_WITHIN);
        let is_moved = match key {
            gdk::Key::Tab | gdk::Key::KP_Tab if in_cards => {
                let next = std::iter::successors(row.next_sibling(), WidgetExt::next_sibling);
                next.filter(WidgetExt::is_visible).any(|row| row.child_focus(gtk::DirectionType::TabForward))
            }
            gdk::Key::ISO_Left_Tab => {
                in_cards && head.child_focus(gtk::DirectionType::TabBackward) || focus_before(&row)
            }
            _ => false,
        };
        if is_moved { glib::Propagation::Stop } else { glib::Propagation::Proceed }
    });
    keys
}

/// The first card of the row above gets the focus, not its last.
fn focus_before(row: &gtk::Widget) -> bool {
    let above = std::iter::successors(row.prev_sibling(), WidgetExt::prev_sibling);
    let mut cards = above.filter(WidgetExt::is_visible).filter_map(|row| row.last_child());
    cards.any(|cards| cards.child_focus(gtk::DirectionType::TabForward))
}
