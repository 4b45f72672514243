//! An item as a list model holds it: empty until its row was read.

use std::cell::RefCell;

use gtk::glib;
use gtk::glib::subclass::prelude::*;

use crate::models::Item;

mod imp {
    use std::cell::Cell;

    use gtk::glib::Properties;
    use gtk::prelude::*;

    use gtk::subclass::prelude::*;

    use super::{Item, RefCell, glib};

    #[derive(Debug, Default, Properties)]
    #[properties(wrapper_type = super::ItemObject)]
    pub struct ItemObject {
        pub(super) item: RefCell<Option<Item>>,
        /// Cells that show it now.
        pub(super) held: Cell<u32>,
        /// Counts the changes of the item, so that a cell can be told.
        #[property(get, set)]
        revision: Cell<u32>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for ItemObject {
        const NAME: &'static str = "ReelItemObject";
        type Type = super::ItemObject;
    }

    #[glib::derived_properties]
    impl ObjectImpl for ItemObject {}
}

glib::wrapper! {
    /// An item in a list model.
    pub struct ItemObject(ObjectSubclass<imp::ItemObject>);
}

impl Default for ItemObject {
    fn default() -> Self {
        glib::Object::new()
    }
}

impl ItemObject {
    /// Fills it, or changes what it holds, and tells its cell.
    pub(in crate::ui) fn set_item(&self, item: Item) {
        let same = self.imp().item.borrow().as_ref() == Some(&item);
        if !same {
            self.imp().item.replace(Some(item));
            self.set_revision(self.revision().wrapping_add(1));
        }
    }

    /// Looks at the item, when it is there.
    pub(in crate::ui) fn with<T>(&self, look: impl FnOnce(&Item) -> T) -> Option<T> {
        self.imp().item.borrow().as_ref().map(look)
    }

    /// Whether the item is there.
    pub(in crate::ui) fn is_read(&self) -> bool {
        self.imp().item.borrow().is_some()
    }

    /// A cell shows it from now on.
    pub(in crate::ui) fn hold(&self) {
        self.imp().held.set(self.imp().held.get() + 1);
    }

    /// A cell shows it no longer.
    pub(in crate::ui) fn release(&self) {
        self.imp().held.set(self.imp().held.get().saturating_sub(1));
    }

    /// Whether a cell shows it.
    pub(in crate::ui) fn is_held(&self) -> bool {
        self.imp().held.get() > 0
    }
}
