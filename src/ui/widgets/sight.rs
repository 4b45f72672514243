//! Which pictures of a page that scrolls are near enough to what is looked at to be worth their memory.
//!
//! A page makes one [`Sight`] for the scroller around it and gives it to its pictures. Each picture is told
//! whether it is near ([`NEAR`]), and again when it is far ([`FAR`]): then its texture goes and comes back from
//! the disk cache. Between the two nothing changes, so that a little to and fro costs nothing.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use adw::prelude::*;
use gtk::{glib, graphene};

use super::Artwork;
use crate::ui::pictures::Rank;

/// Pictures no further outside than this are loaded, in screenfuls of the scroller.
const NEAR: f32 = 0.5;
/// Pictures further outside than this are let go, in screenfuls.
const FAR: f32 = 1.5;
/// Between a movement and the look at what it brought into sight: a frame or two, so that a scroll is looked
/// at a few times and not for every pixel.
const PAUSE: Duration = Duration::from_millis(40);

/// The part of a page that is looked at. Cheap to clone; clones are the same.
#[derive(Debug, Clone)]
pub(in crate::ui) struct Sight(Rc<Inner>);

#[derive(Debug)]
struct Inner {
    scroller: glib::WeakRef<gtk::ScrolledWindow>,
    watched: RefCell<Vec<Artwork>>,
    due: Cell<bool>,
}

impl Sight {
    /// Of the outermost scroller of a page. Lives as long as that.
    pub(in crate::ui) fn of(scroller: &gtk::ScrolledWindow) -> Self {
        let sight = Self(Rc::new(Inner {
            scroller: scroller.downgrade(),
            watched: RefCell::default(),
            due: Cell::default(),
        }));
        sight.also(scroller);
        let on_map = sight.clone();
        scroller.connect_map(move |_| on_map.look_soon());
        sight
    }

    /// Heeds another scroller, inside of the first.
    pub(in crate::ui) fn also(&self, scroller: &gtk::ScrolledWindow) {
        for adjustment in [scroller.hadjustment(), scroller.vadjustment()] {
            let moved = self.clone();
            adjustment.connect_value_changed(move |_| moved.look_soon());
            let resized = self.clone();
            adjustment.connect_changed(move |_| resized.look_soon());
        }
    }

    /// Tells a picture from now on whether it is near.
    pub(super) fn watch(&self, artwork: &Artwork) {
        self.0.watched.borrow_mut().push(artwork.clone());
        self.look_soon();
    }

    /// Looks a moment later, once for everything that happens until then.
    pub(super) fn look_soon(&self) {
        if self.0.due.replace(true) {
            return;
        }
        let inner = Rc::downgrade(&self.0);
        glib::timeout_add_local_once(PAUSE, move || {
            if let Some(inner) = inner.upgrade() {
                inner.due.set(false);
                inner.look();
            }
        });
    }
}

impl Inner {
    fn look(&self) {
        let Some(scroller) = self.scroller.upgrade().filter(WidgetExt::is_mapped) else { return };
        #[expect(clippy::cast_precision_loss, reason = "pixels of a window")]
        let screen = (scroller.width() as f32, scroller.height() as f32);
        // What was taken out of the page is forgotten; it comes back when it is shown again.
        self.watched.borrow_mut().retain(|artwork| {
            let stays = artwork.widget().root().is_some();
            if !stays {
                artwork.unwatched();
            }
            stays
        });
        let watched = self.watched.borrow().clone();
        for artwork in watched {
            let Some(bounds) = artwork.widget().compute_bounds(&scroller) else { continue };
            let distance = distance(&bounds, screen);
            if distance <= 0.0 {
                artwork.come(Rank::Visible);
            } else if distance <= NEAR {
                artwork.come(Rank::Near);
            } else if distance > FAR {
                artwork.go();
            } else {
                artwork.may_wait();
            }
        }
    }
}

/// How far something lies outside of a screen that begins at 0, in screenfuls; 0 for what is on it.
fn distance(bounds: &graphene::Rect, (width, height): (f32, f32)) -> f32 {
    let outside = |begin: f32, length: f32, screen: f32| {
        if screen <= 0.0 { f32::INFINITY } else { (begin - screen).max(-(begin + length)).max(0.0) / screen }
    };
    outside(bounds.x(), bounds.width(), width).max(outside(bounds.y(), bounds.height(), height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_outside_is_measured_in_screenfuls() {
        let screen = (1000.0, 500.0);
        let at = |x: f32, y: f32| distance(&graphene::Rect::new(x, y, 100.0, 100.0), screen);
        let table = [
            (0.0, 0.0, 0.0),
            // Cut by an edge is on the screen.
            (-50.0, 450.0, 0.0),
            (1500.0, 0.0, 0.5),
            (-600.0, 0.0, 0.5),
            (0.0, 1000.0, 1.0),
            // The further of the two counts.
            (1500.0, 1000.0, 1.0),
        ];
        for (x, y, expected) in table {
            assert!((at(x, y) - expected).abs() < 1e-3, "{x} {y}: {}", at(x, y));
        }
        assert!(distance(&graphene::Rect::new(0.0, 0.0, 10.0, 10.0), (0.0, 0.0)) > FAR);
    }
}
