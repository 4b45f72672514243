//! The grid of a library: recycled cells over the model, in its scroller.

use adw::prelude::*;
use gtk::glib;

use super::model::WindowedModel;
use crate::models::MediaId;
use crate::services::AppContext;
use crate::ui::text;
use crate::ui::widgets::{Card, CardShape, ItemObject, Sight};

/// Key under which a cell keeps its card.
const CARD: &str = "reel-card";
/// Key under which a cell keeps its connection to the item it shows.
const BINDING: &str = "reel-binding";

/// Makes the grid in its scroller; `open` is told which item was activated.
pub(super) fn build(
    ctx: &AppContext,
    model: &WindowedModel,
    open: impl Fn(MediaId) + 'static,
) -> gtk::ScrolledWindow {
    let scroller = gtk::ScrolledWindow::builder().hscrollbar_policy(gtk::PolicyType::Never).build();
    let sight = Sight::of(&scroller);
    let factory = gtk::SignalListItemFactory::new();
    factory.connect_setup(move |_, cell| {
        let Some(cell) = cell.downcast_ref::<gtk::ListItem>() else { return };
        let card = Card::new(CardShape::Poster, &sight);
        card.widget().set_margin_top(8);
        card.widget().set_margin_bottom(8);
        cell.set_child(Some(card.widget()));
        keep(cell, CARD, card);
    });
    let ctx = ctx.clone();
    factory.connect_bind(move |_, cell| {
        if let Some(cell) = cell.downcast_ref::<gtk::ListItem>() {
            bind(&ctx, cell);
        }
    });
    factory.connect_unbind(|_, cell| {
        let Some(cell) = cell.downcast_ref::<gtk::ListItem>() else { return };
        if let (Some(object), Some(id)) = (object_of(cell), take::<glib::SignalHandlerId>(cell, BINDING)) {
            object.disconnect(id);
        }
    });
    let selection = gtk::NoSelection::new(Some(model.clone()));
    let grid = gtk::GridView::builder()
        .model(&selection)
        .factory(&factory)
        .max_columns(12)
        .min_columns(2)
        .single_click_activate(true)
        .vexpand(true)
        .build();
    grid.add_css_class("poster-grid");
    let model = model.clone();
    grid.connect_activate(move |_, position| {
        let object = model.item(position).and_downcast::<ItemObject>();
        if let Some(id) = object.and_then(|object| object.with(|item| item.id)) {
            open(id);
        }
    });
    scroller.set_child(Some(&grid));
    scroller
}

fn bind(ctx: &AppContext, cell: &gtk::ListItem) {
    let (Some(object), Some(card)) = (object_of(cell), card_of(cell)) else { return };
    show(ctx, &object, &card, cell);
    let (ctx, weak) = (ctx.clone(), cell.downgrade());
    let id = object.connect_revision_notify(move |object| {
        if let Some(cell) = weak.upgrade() {
            show(&ctx, object, &card, &cell);
        }
    });
    keep(cell, BINDING, id);
}

fn show(ctx: &AppContext, object: &ItemObject, card: &Card, cell: &gtk::ListItem) {
    let label = object.with(|item| {
        card.reshape(CardShape::of(item.record.kind));
        card.show(ctx, item);
        text::card_label(item)
    });
    match label {
        Some(label) => cell.set_accessible_label(&label),
        None => card.clear(),
    }
}

fn object_of(cell: &gtk::ListItem) -> Option<ItemObject> {
    cell.item().and_downcast()
}

fn card_of(cell: &gtk::ListItem) -> Option<Card> {
    read(cell, CARD)
}

#[expect(
    unsafe_code,
    reason = "glib keeps data of objects untyped; each key is used with one type only, here"
)]
fn keep<T: 'static>(cell: &gtk::ListItem, key: &str, value: T) {
    // SAFETY: `key` is one of the constants above, each of which always goes with the same type.
    unsafe { cell.set_data(key, value) }
}

#[expect(unsafe_code, reason = "see keep")]
fn take<T: 'static>(cell: &gtk::ListItem, key: &str) -> Option<T> {
    // SAFETY: see `keep`.
    unsafe { cell.steal_data(key) }
}

#[expect(unsafe_code, reason = "see keep")]
fn read<T: Clone + 'static>(cell: &gtk::ListItem, key: &str) -> Option<T> {
    // SAFETY: see `keep`; the value lives as long as the cell and is cloned at once.
    unsafe { cell.data::<T>(key).map(|value| value.as_ref().clone()) }
}
