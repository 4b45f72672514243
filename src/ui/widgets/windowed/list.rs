//! The list model: the ids of all items, and the items of what is looked at.
//!
//! What is selected is known by ids, too: it stays selected wherever it moves.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::fmt;

use gtk::gio::prelude::*;
use gtk::subclass::prelude::*;
use gtk::{gio, glib};

use super::course::{Course, Ids};
use super::splices::Splice;
use crate::models::{Item, MediaId};
use crate::ui::widgets::ItemObject;

/// Items read at a time.
pub(in crate::ui) const PAGE: u32 = 100;
/// Pages kept besides what is on the screen; more are far out of sight.
const KEPT_PAGES: usize = 8;

type Fetch = dyn Fn(Vec<MediaId>);
type Told = dyn Fn(u32, u32);

mod imp {
    use super::{
        Cell, Course, Fetch, HashMap, HashSet, ItemObject, KEPT_PAGES, MediaId, PAGE, RefCell, Told, gio,
        glib, number,
    };
    use gtk::gio::prelude::*;
    use gtk::subclass::prelude::*;

    #[derive(Default)]
    pub struct ItemList {
        pub(super) course: RefCell<Course>,
        pub(super) objects: RefCell<HashMap<MediaId, ItemObject>>,
        /// Pages in the order in which they were looked at, the last one last.
        pub(super) pages: RefCell<Vec<u32>>,
        pub(super) fetch: RefCell<Option<Box<Fetch>>>,
        /// Places do not hold: pages wait.
        pub(super) changing: Cell<bool>,
        pub(super) selecting: Cell<bool>,
        pub(super) selected: RefCell<HashSet<MediaId>>,
        /// Is told of stretches that were selected, or no longer.
        pub(super) told: RefCell<Option<Box<Told>>>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for ItemList {
        const NAME: &'static str = "ReelItemList";
        type Type = super::ItemList;
        type Interfaces = (gio::ListModel,);
    }

    impl ObjectImpl for ItemList {}

    impl ListModelImpl for ItemList {
        fn item_type(&self) -> glib::Type {
            ItemObject::static_type()
        }

        fn n_items(&self) -> u32 {
            number(self.course.borrow().len())
        }

        fn item(&self, position: u32) -> Option<glib::Object> {
            let id = self.course.borrow().get(position as usize)?;
            if !self.changing.get() {
                self.look_at(position / PAGE);
            }
            let mut objects = self.objects.borrow_mut();
            Some(objects.entry(id).or_default().clone().upcast())
        }
    }

    impl ItemList {
        /// Has the items of a page read that are not there, and those of the page that comes next; forgets the
        /// page not looked at longest.
        fn look_at(&self, page: u32) {
            let last = {
                let mut pages = self.pages.borrow_mut();
                if pages.last() == Some(&page) {
                    return;
                }
                let last = pages.last().copied();
                let known = pages.iter().position(|known| *known == page);
                pages.retain(|known| *known != page);
                pages.push(page);
                if known.is_some() {
                    return;
                }
                last
            };
            self.fetch_page(page);
            // Going on in the same direction is likely.
            let next = match last {
                Some(last) if last > page => page.checked_sub(1),
                _ => page.checked_add(1),
            };
            if let Some(next) = next.filter(|next| !self.pages.borrow().contains(next)) {
                let mut pages = self.pages.borrow_mut();
                let before_last = pages.len().saturating_sub(1);
                pages.insert(before_last, next);
                drop(pages);
                self.fetch_page(next);
            }
            while self.pages.borrow().len() > KEPT_PAGES {
                let oldest = self.pages.borrow_mut().remove(0);
                self.forget_page(oldest);
            }
        }

        fn ids_of(&self, page: u32) -> Vec<MediaId> {
            let course = self.course.borrow();
            let begin = (page * PAGE) as usize;
            (begin..begin + PAGE as usize).map_while(|place| course.get(place)).collect()
        }

        fn fetch_page(&self, page: u32) {
            let mut wanted = self.ids_of(page);
            {
                let mut objects = self.objects.borrow_mut();
                wanted.retain(|id| !objects.entry(*id).or_default().is_read());
            }
            self.ask_for(wanted);
        }

        fn ask_for(&self, wanted: Vec<MediaId>) {
            if let Some(fetch) = self.fetch.borrow().as_ref().filter(|_| !wanted.is_empty()) {
                fetch(wanted);
            }
        }

        /// Has everything read that was looked at meanwhile.
        pub(super) fn ask_for_unread(&self) {
            let objects = self.objects.borrow();
            let unread = objects.iter().filter(|(_, object)| !object.is_read()).map(|(id, _)| *id).collect();
            drop(objects);
            self.ask_for(unread);
        }

        fn forget_page(&self, page: u32) {
            let ids = self.ids_of(page);
            let mut objects = self.objects.borrow_mut();
            for id in ids {
                if objects.get(&id).is_some_and(|object| !object.is_held()) {
                    objects.remove(&id);
                }
            }
        }
    }
}

glib::wrapper! {
    /// The model.
    pub struct ItemList(ObjectSubclass<imp::ItemList>) @implements gio::ListModel;
}

impl fmt::Debug for imp::ItemList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ItemList").field("length", &self.course.borrow().len()).finish_non_exhaustive()
    }
}

impl ItemList {
    /// An empty list; `fetch` is asked for the items of what is looked at. It must not answer at once.
    pub(in crate::ui) fn new(fetch: impl Fn(Vec<MediaId>) + 'static) -> Self {
        let list: Self = glib::Object::new();
        list.imp().fetch.replace(Some(Box::new(fetch)));
        list
    }

    /// The ids of all items, in order.
    pub(in crate::ui) fn ids(&self) -> Ids {
        self.imp().course.borrow().target().clone()
    }

    /// Becomes another list by the stretches that lead to it. What is on the screen and stays is not touched.
    /// `items` are contents that are known already.
    pub(in crate::ui) fn replace(&self, ids: &Ids, splices: &[Splice], items: Vec<Item>) {
        let imp = self.imp();
        // What is not on the screen may have changed: it is read again when it is looked at.
        imp.pages.borrow_mut().clear();
        imp.objects.borrow_mut().retain(|_, object| object.is_held());
        self.prime(items);
        self.drop_gone(ids);
        let old = self.ids();
        *imp.course.borrow_mut() = Course::between(old, ids.clone());
        imp.changing.set(true);
        for splice in splices {
            imp.course.borrow_mut().pass(splice);
            self.items_changed(splice.place, splice.removed, splice.added);
        }
        *imp.course.borrow_mut() = Course::at(ids.clone());
        imp.changing.set(false);
        imp.ask_for_unread();
    }

    /// What is gone is not selected any more.
    fn drop_gone(&self, ids: &Ids) {
        let mut selected = self.imp().selected.borrow_mut();
        if !selected.is_empty() {
            let there: HashSet<MediaId> = ids.iter().copied().collect();
            selected.retain(|id| there.contains(id));
        }
    }

    /// Keeps contents, also of items that nobody has looked at yet.
    fn prime(&self, items: Vec<Item>) {
        for item in items {
            let object = self.imp().objects.borrow_mut().entry(item.id).or_default().clone();
            object.set_item(item);
        }
    }

    /// Takes in contents that were asked for. Items that look as before are not touched, and answers that nobody
    /// waits for any more are dropped.
    pub(in crate::ui) fn fill(&self, items: Vec<Item>) {
        for item in items {
            let object = self.imp().objects.borrow().get(&item.id).cloned();
            if let Some(object) = object {
                object.set_item(item);
            }
        }
    }

    /// What is on the screen: has to be read anew when items changed.
    pub(in crate::ui) fn held(&self) -> Vec<MediaId> {
        let objects = self.imp().objects.borrow();
        objects.iter().filter(|(_, object)| object.is_held()).map(|(id, _)| *id).collect()
    }

    /// The item at a place, when it was read.
    pub(in crate::ui) fn item_at(&self, place: u32) -> Option<Item> {
        let id = self.id_at(place)?;
        self.imp().objects.borrow().get(&id)?.with(Clone::clone)
    }

    /// The id at a place.
    pub(in crate::ui) fn id_at(&self, place: u32) -> Option<MediaId> {
        self.imp().course.borrow().get(place as usize)
    }

    /// Begins or ends the selection; at the end nothing is selected.
    pub(in crate::ui) fn set_selecting(&self, selecting: bool) {
        if !selecting {
            self.select(0, self.n_items(), false);
        }
        self.imp().selecting.set(selecting);
    }

    /// Whether titles can be selected now.
    pub(in crate::ui) fn is_selecting(&self) -> bool {
        self.imp().selecting.get()
    }

    /// Who is told of stretches that were selected, or no longer: their places and lengths.
    pub(super) fn tell_selected(&self, told: impl Fn(u32, u32) + 'static) {
        self.imp().told.replace(Some(Box::new(told)));
    }

    /// Selects a stretch, or no longer. Nothing outside of the selection mode.
    pub(in crate::ui) fn select(&self, place: u32, count: u32, select: bool) -> bool {
        let imp = self.imp();
        if !imp.selecting.get() {
            return false;
        }
        let end = place.saturating_add(count).min(self.n_items());
        {
            let course = imp.course.borrow();
            let mut selected = imp.selected.borrow_mut();
            for id in (place..end).filter_map(|place| course.get(place as usize)) {
                if select {
                    selected.insert(id);
                } else {
                    selected.remove(&id);
                }
            }
        }
        if let Some(told) = imp.told.borrow().as_ref().filter(|_| end > place) {
            told(place, end - place);
        }
        true
    }

    /// Whether a title is selected.
    pub(in crate::ui) fn is_selected(&self, place: u32) -> bool {
        let selected = self.imp().selected.borrow();
        !selected.is_empty() && self.id_at(place).is_some_and(|id| selected.contains(&id))
    }

    /// Selects a title, or no longer.
    pub(in crate::ui) fn toggle(&self, place: u32) {
        self.select(place, 1, !self.is_selected(place));
    }

    /// How many are selected.
    pub(in crate::ui) fn count_selected(&self) -> u32 {
        number(self.imp().selected.borrow().len())
    }

    /// What is selected, in the order of the list.
    pub(in crate::ui) fn selected(&self) -> Vec<MediaId> {
        let selected = self.imp().selected.borrow();
        self.ids().iter().copied().filter(|id| selected.contains(id)).collect()
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
#[path = "list_tests.rs"]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests;
