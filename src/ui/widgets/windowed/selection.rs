//! A list as the list widgets want it: with its selection.

use std::cell::OnceCell;

use gtk::gio::prelude::*;
use gtk::prelude::*;
use gtk::subclass::prelude::*;
use gtk::{gio, glib};

use super::list::ItemList;

mod imp {
    use super::{ItemList, OnceCell, gio, glib};
    use gtk::gio::prelude::*;
    use gtk::subclass::prelude::*;

    #[derive(Debug, Default)]
    pub struct ItemSelection {
        pub(super) list: OnceCell<ItemList>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for ItemSelection {
        const NAME: &'static str = "ReelItemSelection";
        type Type = super::ItemSelection;
        type Interfaces = (gio::ListModel, gtk::SelectionModel);
    }

    impl ObjectImpl for ItemSelection {}

    impl ListModelImpl for ItemSelection {
        fn item_type(&self) -> glib::Type {
            self.list.get().map_or(glib::Type::OBJECT, ListModelExt::item_type)
        }

        fn n_items(&self) -> u32 {
            self.list.get().map_or(0, ListModelExt::n_items)
        }

        fn item(&self, position: u32) -> Option<glib::Object> {
            self.list.get()?.item(position)
        }
    }

    impl SelectionModelImpl for ItemSelection {
        fn selection_in_range(&self, position: u32, n_items: u32) -> gtk::Bitset {
            let found = gtk::Bitset::new_empty();
            if let Some(list) = self.list.get().filter(|list| list.count_selected() > 0) {
                let end = position.saturating_add(n_items).min(list.n_items());
                for place in (position..end).filter(|place| list.is_selected(*place)) {
                    found.add(place);
                }
            }
            found
        }

        fn is_selected(&self, position: u32) -> bool {
            self.list.get().is_some_and(|list| list.is_selected(position))
        }

        fn select_all(&self) -> bool {
            self.change(0, self.n_items(), true)
        }

        fn unselect_all(&self) -> bool {
            self.change(0, self.n_items(), false)
        }

        /// Going from title to title with the arrow keys asks for the rest to be unselected: here it only goes.
        fn select_item(&self, position: u32, unselect_rest: bool) -> bool {
            !unselect_rest && self.change(position, 1, true)
        }

        fn unselect_item(&self, position: u32) -> bool {
            self.change(position, 1, false)
        }

        fn select_range(&self, position: u32, n_items: u32, _unselect_rest: bool) -> bool {
            self.change(position, n_items, true)
        }

        fn unselect_range(&self, position: u32, n_items: u32) -> bool {
            self.change(position, n_items, false)
        }

        /// Adds a stretch, as a click with Shift asks for; what was selected before stays.
        fn set_selection(&self, selected: &gtk::Bitset, _mask: &gtk::Bitset) -> bool {
            if selected.is_empty() {
                return false;
            }
            let (first, last) = (selected.minimum(), selected.maximum());
            self.change(first, last - first + 1, true)
        }
    }

    impl ItemSelection {
        fn change(&self, place: u32, count: u32, select: bool) -> bool {
            self.list.get().is_some_and(|list| list.select(place, count, select))
        }
    }
}

glib::wrapper! {
    /// The selection over a list.
    pub struct ItemSelection(ObjectSubclass<imp::ItemSelection>) @implements gio::ListModel, gtk::SelectionModel;
}

impl ItemSelection {
    /// Over this list, which tells one selection only.
    pub(super) fn new(list: &ItemList) -> Self {
        let selection: Self = glib::Object::new();
        let weak = selection.downgrade();
        list.connect_items_changed(move |_, place, removed, added| {
            if let Some(selection) = weak.upgrade() {
                selection.items_changed(place, removed, added);
            }
        });
        let weak = selection.downgrade();
        list.tell_selected(move |place, count| {
            if let Some(selection) = weak.upgrade() {
                selection.selection_changed(place, count);
            }
        });
        // Once: it is new.
        let _new = selection.imp().list.set(list.clone());
        selection
    }
}
