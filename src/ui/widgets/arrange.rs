//! Children of a box that come, go and change places: those that stay keep their widgets, so that nothing flickers or is
//! built for nothing.

use adw::prelude::*;

/// Something that holds widgets in an order.
pub(in crate::ui) trait Holder: IsA<gtk::Widget> {
    /// Takes in a widget behind another, or as the first.
    fn put(&self, widget: &gtk::Widget, after: Option<&gtk::Widget>);
    /// Moves a widget that it holds.
    fn place(&self, widget: &gtk::Widget, after: Option<&gtk::Widget>);
    /// Lets a widget go.
    fn drop(&self, widget: &gtk::Widget);
}

macro_rules! holder {
    ($($kind:ty),*) => {$(
        impl Holder for $kind {
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
    )*};
}

holder!(gtk::Box, adw::WrapBox);

/// Makes the children of a holder these, in this order.
pub(in crate::ui) fn arrange<'a, W: IsA<gtk::Widget>>(
    holder: &impl Holder,
    children: impl IntoIterator<Item = &'a W>,
) {
    let children: Vec<&gtk::Widget> = children.into_iter().map(Cast::upcast_ref).collect();
    let mut next = holder.first_child();
    while let Some(here) = next {
        next = here.next_sibling();
        if !children.contains(&&here) {
            holder.drop(&here);
        }
    }
    let mut last = None;
    for child in children {
        match child.parent() {
            Some(_) => holder.place(child, last),
            None => holder.put(child, last),
        }
        last = Some(child);
    }
}
