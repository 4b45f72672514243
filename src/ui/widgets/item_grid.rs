//! A grid of cards over items that are all known: what lies in a folder, the artists of a library.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use adw::prelude::*;
use gtk::{gio, glib};

use super::{Card, CardShape, ItemObject, Sight};
use crate::models::Item;
use crate::services::AppContext;
use crate::ui::text;

/// Most cards beside each other.
const MOST_COLUMNS: u32 = 12;

/// The cards of the cells that there are. A cell is recycled with its card.
type Cards = Rc<RefCell<HashMap<gtk::ListItem, (Card, Option<glib::SignalHandlerId>)>>>;

/// The grid, in its scroller. Cheap to clone; clones are the same widget.
#[derive(Debug, Clone)]
pub(in crate::ui) struct ItemGrid {
    scroller: gtk::ScrolledWindow,
    items: gio::ListStore,
}

impl ItemGrid {
    /// An empty grid; `open` is told which item was activated. `name` is what a screen reader says of it.
    pub(in crate::ui) fn new(ctx: &AppContext, name: &str, open: impl Fn(&Item) + 'static) -> Self {
        let scroller =
            gtk::ScrolledWindow::builder().hscrollbar_policy(gtk::PolicyType::Never).vexpand(true).build();
        let items = gio::ListStore::new::<ItemObject>();
        let grid = gtk::GridView::builder()
            .model(&gtk::NoSelection::new(Some(items.clone())))
            .factory(&factory(ctx, &Sight::of(&scroller)))
            .max_columns(MOST_COLUMNS)
            .min_columns(2)
            .single_click_activate(true)
            .build();
        grid.add_css_class("poster-grid");
        grid.update_property(&[gtk::accessible::Property::Label(name)]);
        let model = items.clone();
        grid.connect_activate(move |_, position| {
            if let Some(object) = model.item(position).and_downcast::<ItemObject>() {
                object.with(&open);
            }
        });
        scroller.set_child(Some(&grid));
        Self { scroller, items }
    }

    /// The widget.
    pub(in crate::ui) fn widget(&self) -> &gtk::ScrolledWindow {
        &self.scroller
    }

    /// Shows these items. Those that stay where they are keep their cells.
    pub(in crate::ui) fn show(&self, items: &[Item]) {
        let before = self.items.n_items();
        let now = u32::try_from(items.len()).unwrap_or(u32::MAX);
        for (position, item) in (0..before.min(now)).zip(items) {
            if let Some(object) = self.items.item(position).and_downcast::<ItemObject>() {
                object.set_item(item.clone());
            }
        }
        let added: Vec<ItemObject> = items
            .iter()
            .skip(before as usize)
            .map(|item| {
                let object = ItemObject::default();
                object.set_item(item.clone());
                object
            })
            .collect();
        let kept = before.min(now);
        if kept < before || !added.is_empty() {
            self.items.splice(kept, before - kept, &added);
        }
    }
}

fn factory(ctx: &AppContext, sight: &Sight) -> gtk::SignalListItemFactory {
    let cards: Cards = Rc::default();
    let factory = gtk::SignalListItemFactory::new();
    let (known, sight) = (Rc::clone(&cards), sight.clone());
    factory.connect_setup(move |_, cell| {
        let Some(cell) = cell.downcast_ref::<gtk::ListItem>() else { return };
        let card = Card::new(CardShape::Cover, &sight);
        card.widget().set_margin_top(8);
        card.widget().set_margin_bottom(8);
        cell.set_child(Some(card.widget()));
        known.borrow_mut().insert(cell.clone(), (card, None));
    });
    let (known, ctx) = (Rc::clone(&cards), ctx.clone());
    factory.connect_bind(move |_, cell| {
        let Some(cell) = cell.downcast_ref::<gtk::ListItem>() else { return };
        let Some(object) = cell.item().and_downcast::<ItemObject>() else { return };
        let Some(card) = known.borrow().get(cell).map(|(card, _)| card.clone()) else { return };
        show(&ctx, &object, &card, cell);
        let (ctx, weak) = (ctx.clone(), cell.downgrade());
        let id = object.connect_revision_notify(move |object| {
            if let Some(cell) = weak.upgrade() {
                show(&ctx, object, &card, &cell);
            }
        });
        if let Some((_, binding)) = known.borrow_mut().get_mut(cell) {
            *binding = Some(id);
        }
    });
    let known = Rc::clone(&cards);
    factory.connect_unbind(move |_, cell| {
        let Some(cell) = cell.downcast_ref::<gtk::ListItem>() else { return };
        let binding = known.borrow_mut().get_mut(cell).and_then(|(_, binding)| binding.take());
        if let (Some(object), Some(id)) = (cell.item().and_downcast::<ItemObject>(), binding) {
            object.disconnect(id);
        }
    });
    factory.connect_teardown(move |_, cell| {
        if let Some(cell) = cell.downcast_ref::<gtk::ListItem>() {
            cards.borrow_mut().remove(cell);
        }
    });
    factory
}

fn show(ctx: &AppContext, object: &ItemObject, card: &Card, cell: &gtk::ListItem) {
    let label = object.with(|item| {
        card.reshape(CardShape::of(item.record.kind));
        card.show(ctx, item);
        text::card_label(item)
    });
    cell.set_accessible_label(&label.unwrap_or_default());
}
