//! A list model over a question to the database: its length is known at once, its items are read in pages when
//! they are looked at, and only a few pages are kept.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use gtk::gio;
use gtk::gio::prelude::*;
use gtk::gio::subclass::prelude::*;
use gtk::glib;

use crate::models::Item;
use crate::ui::widgets::ItemObject;

/// Items read at a time.
pub(super) const PAGE: u32 = 100;
/// Pages kept; more are far out of sight.
const KEPT_PAGES: usize = 12;

type Fetch = dyn Fn(u32);

mod imp {
    use super::{
        Cell, Fetch, HashMap, ItemObject, ListModelImpl, ObjectImpl, ObjectSubclass, RefCell, gio, glib,
    };
    use super::{KEPT_PAGES, PAGE};
    use gtk::glib::prelude::*;

    #[derive(Default)]
    pub struct WindowedModel {
        pub(super) length: Cell<u32>,
        pub(super) pages: RefCell<HashMap<u32, Vec<ItemObject>>>,
        /// Pages in the order in which they were looked at, the last one last.
        pub(super) order: RefCell<Vec<u32>>,
        pub(super) fetch: RefCell<Option<Box<Fetch>>>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for WindowedModel {
        const NAME: &'static str = "ReelWindowedModel";
        type Type = super::WindowedModel;
        type Interfaces = (gio::ListModel,);
    }

    impl ObjectImpl for WindowedModel {}

    impl ListModelImpl for WindowedModel {
        fn item_type(&self) -> glib::Type {
            ItemObject::static_type()
        }

        fn n_items(&self) -> u32 {
            self.length.get()
        }

        fn item(&self, position: u32) -> Option<glib::Object> {
            if position >= self.length.get() {
                return None;
            }
            let page = position / PAGE;
            self.touch(page);
            let objects = self.pages.borrow();
            let object = objects.get(&page)?.get((position % PAGE) as usize)?;
            Some(object.clone().upcast())
        }
    }

    impl WindowedModel {
        /// Makes a page if it is not there, asks for its content, and forgets the one not looked at longest.
        fn touch(&self, page: u32) {
            let mut order = self.order.borrow_mut();
            if order.last() == Some(&page) {
                return;
            }
            order.retain(|known| *known != page);
            order.push(page);
            if self.pages.borrow().contains_key(&page) {
                return;
            }
            let size = PAGE.min(self.length.get() - page * PAGE);
            let objects = (0..size).map(|_| ItemObject::default()).collect();
            let mut pages = self.pages.borrow_mut();
            pages.insert(page, objects);
            if order.len() > KEPT_PAGES {
                pages.remove(&order.remove(0));
            }
            drop(pages);
            if let Some(fetch) = &*self.fetch.borrow() {
                fetch(page);
            }
        }
    }
}

glib::wrapper! {
    /// The model.
    pub struct WindowedModel(ObjectSubclass<imp::WindowedModel>) @implements gio::ListModel;
}

impl WindowedModel {
    /// An empty model; `fetch` is asked for pages.
    pub(super) fn new(fetch: impl Fn(u32) + 'static) -> Self {
        let model: Self = glib::Object::new();
        model.imp().fetch.replace(Some(Box::new(fetch)));
        model
    }

    /// Begins anew with a question that has this many items.
    pub(super) fn reset(&self, length: u32) {
        let before = self.imp().length.replace(length);
        self.imp().pages.borrow_mut().clear();
        self.imp().order.borrow_mut().clear();
        self.items_changed(0, before, length);
    }

    /// Takes in the content of a page. Items that look as before are not touched.
    pub(super) fn fill(&self, page: u32, items: Vec<Item>) {
        let pages = self.imp().pages.borrow();
        let Some(objects) = pages.get(&page) else { return };
        for (object, item) in objects.iter().zip(items) {
            object.set_item(item);
        }
    }

    /// The pages that are kept: what has to be read anew when items changed.
    pub(super) fn kept_pages(&self) -> Vec<u32> {
        self.imp().order.borrow().clone()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::rc::Rc;

    use super::*;

    #[test]
    fn pages_are_asked_for_when_looked_at_and_few_are_kept() {
        let asked = Rc::new(RefCell::new(Vec::new()));
        let log = Rc::clone(&asked);
        let model = WindowedModel::new(move |page| log.borrow_mut().push(page));
        model.reset(100_000);
        assert_eq!(model.n_items(), 100_000);
        assert!(asked.borrow().is_empty());
        assert!(model.item(0).is_some());
        assert!(model.item(99).is_some());
        assert!(model.item(250).is_some());
        assert_eq!(*asked.borrow(), [0, 2]);
        for page in 0..100 {
            model.item(page * PAGE).unwrap();
        }
        assert!(model.kept_pages().len() <= KEPT_PAGES);
        assert!(model.item(100_000).is_none());
    }

    #[test]
    fn the_last_page_is_short() {
        let model = WindowedModel::new(|_| {});
        model.reset(101);
        assert!(model.item(100).is_some());
        assert!(model.item(101).is_none());
    }
}
