//! The order of the rows: shown without building them anew, so that the focus stays where it is, and changed by
//! dragging.

use std::cell::RefCell;
use std::rc::Rc;

use adw::prelude::*;
use gtk::{gdk, glib};
use relm4::Sender;

use super::SourcesInput;
use crate::models::SourceId;

/// The order in which a list shows its rows.
#[derive(Debug, Clone, Default)]
pub(super) struct Order(Rc<RefCell<Vec<(SourceId, gtk::ListBoxRow)>>>);

impl Order {
    /// Has a list sorted by this.
    pub(super) fn bind(&self, list: &gtk::ListBox) {
        let order = Rc::clone(&self.0);
        list.set_sort_func(move |one, two| {
            let order = order.borrow();
            let place = |row: &gtk::ListBoxRow| order.iter().position(|(_, known)| known == row);
            place(one).cmp(&place(two)).into()
        });
    }

    /// Shows the rows in this order.
    pub(super) fn set(&self, order: Vec<(SourceId, gtk::ListBoxRow)>, list: &gtk::ListBox) {
        if *self.0.borrow() != order {
            *self.0.borrow_mut() = order;
            list.invalidate_sort();
        }
    }
}

/// Where a source comes to stand when it is moved by so many places; `None` when it is there already.
pub(super) fn moved(order: &[SourceId], id: SourceId, by: isize) -> Option<usize> {
    let from = order.iter().position(|known| *known == id)?;
    let to = from.saturating_add_signed(by).min(order.len().saturating_sub(1));
    (to != from).then_some(to)
}

/// A handle by which a row is dragged. Only there: elsewhere a finger scrolls the list.
pub(super) fn handle(id: SourceId, row: &adw::ActionRow) -> gtk::Image {
    let handle = gtk::Image::builder()
        .icon_name("list-drag-handle-symbolic")
        .css_classes(["dim-label"])
        .accessible_role(gtk::AccessibleRole::Presentation)
        .build();
    handle.set_cursor_from_name(Some("grab"));
    let source = gtk::DragSource::builder().actions(gdk::DragAction::MOVE).build();
    source.connect_prepare(move |_, _, _| {
        Some(gdk::ContentProvider::for_value(&glib::BoxedAnyObject::new(id).to_value()))
    });
    let dragged = row.downgrade();
    source.connect_drag_begin(move |_, drag| {
        let icon = gtk::DragIcon::for_drag(drag).downcast::<gtk::DragIcon>();
        if let (Some(row), Ok(icon)) = (dragged.upgrade(), icon) {
            icon.set_child(Some(&likeness(&row)));
        }
    });
    handle.add_controller(source);
    handle
}

/// What follows the pointer: a row has no background of its own.
fn likeness(row: &adw::ActionRow) -> gtk::ListBox {
    let list = gtk::ListBox::builder().width_request(row.width()).css_classes(["boxed-list"]).build();
    list.append(&adw::ActionRow::builder().use_markup(false).title(row.title()).build());
    list
}

/// Lets a row take another one's place up.
pub(super) fn take_drops(id: SourceId, row: &adw::ActionRow, input: &Sender<SourcesInput>) {
    let target = gtk::DropTarget::new(glib::BoxedAnyObject::static_type(), gdk::DragAction::MOVE);
    let input = input.clone();
    target.connect_drop(move |_, value, _, _| {
        let Ok(dropped) = value.get::<glib::BoxedAnyObject>() else { return false };
        let Ok(dropped) = dropped.try_borrow::<SourceId>() else { return false };
        input.emit(SourcesInput::MoveOnto(*dropped, id));
        true
    });
    row.add_controller(target);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_move_ends_at_the_ends_of_the_list() {
        let order = [SourceId::random(), SourceId::random(), SourceId::random()];
        assert_eq!(moved(&order, order[1], -1), Some(0));
        assert_eq!(moved(&order, order[1], 1), Some(2));
        assert_eq!(moved(&order, order[0], -1), None);
        assert_eq!(moved(&order, order[2], 1), None);
        assert_eq!(moved(&order, SourceId::random(), 1), None);
    }
}
