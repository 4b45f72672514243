//! Who fills the cells of a list with their widgets: a few in each frame, what is looked at first.
//!
//! A grid has widgets for thirty rows, however few are on the screen. Making them all at once would hold a frame up for
//! several others. A cell that waits has the room of one that is filled, so that nothing moves when it is its turn.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use gtk::glib;
use gtk::prelude::*;

use super::cell::ItemCell;

/// Time for filling cells in a frame: less than half of it.
const SLICE: Duration = Duration::from_millis(4);

/// The crew of a list. Cheap to clone; clones are the same.
#[derive(Debug, Clone)]
pub(super) struct Crew(Rc<Inner>);

#[derive(Debug)]
struct Inner {
    scroller: glib::WeakRef<gtk::ScrolledWindow>,
    /// One that is filled and tells what room the others need.
    first: glib::WeakRef<ItemCell>,
    waiting: RefCell<Vec<glib::WeakRef<ItemCell>>>,
    at_work: Cell<bool>,
}

impl Crew {
    /// Of a list in a scroller.
    pub(super) fn new(scroller: &gtk::ScrolledWindow) -> Self {
        Self(Rc::new(Inner {
            scroller: scroller.downgrade(),
            first: glib::WeakRef::new(),
            waiting: RefCell::default(),
            at_work: Cell::default(),
        }))
    }

    /// Has a new cell of the list filled: the first at once, the others when it is their turn.
    pub(super) fn take(&self, cell: &ItemCell) {
        let Some(first) = self.0.first.upgrade() else {
            cell.fill();
            return self.0.first.set(Some(cell));
        };
        let room = |orientation| first.measure(orientation, -1).1;
        cell.set_size_request(room(gtk::Orientation::Horizontal), room(gtk::Orientation::Vertical));
        self.0.waiting.borrow_mut().push(cell.downgrade());
        let Some(scroller) = self.0.scroller.upgrade().filter(|_| !self.0.at_work.replace(true)) else {
            return;
        };
        let this = self.clone();
        scroller.add_tick_callback(move |scroller, _| {
            let goes_on = this.work(scroller);
            this.0.at_work.set(goes_on);
            if goes_on { glib::ControlFlow::Continue } else { glib::ControlFlow::Break }
        });
    }

    /// Fills cells for a while. Tells whether there is more to do.
    fn work(&self, scroller: &gtk::ScrolledWindow) -> bool {
        let begin = Instant::now();
        let waiting = self.0.waiting.take();
        let mut waiting: Vec<ItemCell> = waiting.iter().filter_map(glib::WeakRef::upgrade).collect();
        waiting.sort_by_cached_key(|cell| !in_sight(cell, scroller));
        let mut filled = 0;
        while filled < waiting.len() && begin.elapsed() < SLICE {
            waiting[filled].fill();
            filled += 1;
        }
        let left = waiting[filled..].iter().map(glib::object::ObjectExt::downgrade);
        self.0.waiting.borrow_mut().extend(left);
        filled < waiting.len()
    }
}

fn in_sight(cell: &ItemCell, scroller: &gtk::ScrolledWindow) -> bool {
    let Some(screen) = scroller.compute_bounds(scroller) else { return false };
    cell.compute_bounds(scroller).is_some_and(|room| room.intersection(&screen).is_some())
}
