//! A list on the screen: a grid of posters or rows, in its scroller, with what pointer and keys do in it.

use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::rc::Rc;

use adw::prelude::*;
use gettextrs::gettext;
use gtk::{gdk, glib};

use super::cell::{Face, ItemCell};
use super::crew::Crew;
use super::list::ItemList;
use super::row::Row;
use super::selection::ItemSelection;
use crate::models::Layout;
use crate::services::AppContext;
use crate::ui::widgets::{Card, CardShape, ItemObject, Sight};

/// Usual width of a poster, in pixels.
pub(in crate::ui) const POSTER_WIDTH: i32 = 150;
/// Room around a card, in pixels: the padding of a cell on both sides.
const AROUND: i32 = 14;
/// Rows have columns from this width on, in pixels.
const WIDE: f64 = 620.0;
/// Titles beside what is on the screen whose widgets stay where they are when the list changes.
const BESIDE: u32 = 60;

/// What somebody does in a list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::ui) enum ViewEvent {
    /// Opens a title.
    Activated(u32),
    /// Something was selected, or no longer.
    SelectionChanged,
    /// Begins to select, with a title.
    SelectFrom(u32),
    /// Asks what can be done with a title, at a point of the view.
    Menu {
        /// The title.
        place: u32,
        /// Where the menu is to point at, in the view.
        at: gdk::Rectangle,
    },
}

type Emit = Rc<dyn Fn(ViewEvent)>;

/// The view. Cheap to clone; clones are the same widget.
#[derive(Clone)]
pub(in crate::ui) struct ItemView {
    ctx: AppContext,
    pub(super) list: ItemList,
    selection: ItemSelection,
    pub(super) scroller: gtk::ScrolledWindow,
    sight: Sight,
    /// Never on the screen: whether there is room for columns.
    wide: gtk::Box,
    shown: Rc<RefCell<Shown>>,
    /// Width of the view in pixels.
    room: Rc<Cell<i32>>,
    pub(super) emit: Emit,
}

/// How the titles are laid out now.
#[derive(Debug, Default)]
struct Shown {
    layout: Layout,
    width: i32,
    grid: Option<gtk::GridView>,
    rows: Option<gtk::ListView>,
}

impl std::fmt::Debug for ItemView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ItemView").field("shown", &self.shown).finish_non_exhaustive()
    }
}

impl ItemView {
    /// A view of a list; `emit` is told what somebody does.
    pub(in crate::ui) fn new(ctx: &AppContext, list: &ItemList, emit: impl Fn(ViewEvent) + 'static) -> Self {
        let scroller =
            gtk::ScrolledWindow::builder().hscrollbar_policy(gtk::PolicyType::Never).hexpand(true).build();
        let view = Self {
            ctx: ctx.clone(),
            list: list.clone(),
            selection: ItemSelection::new(list),
            sight: Sight::of(&scroller),
            scroller,
            wide: gtk::Box::builder().visible(false).build(),
            shown: Rc::default(),
            room: Rc::default(),
            emit: Rc::new(emit),
        };
        view.show(Layout::Grid, POSTER_WIDTH);
        let changed = Rc::clone(&view.emit);
        view.selection.connect_selection_changed(move |_, _, _| changed(ViewEvent::SelectionChanged));
        let this = view.clone();
        view.scroller
            .hadjustment()
            .connect_page_size_notify(move |adjustment| this.resized(adjustment.page_size()));
        view.listen();
        view
    }

    /// The widget.
    pub(in crate::ui) fn widget(&self) -> &gtk::ScrolledWindow {
        &self.scroller
    }

    /// Never on the screen: visible as long as there is room for more than the titles.
    pub(in crate::ui) fn wide(&self) -> &gtk::Box {
        &self.wide
    }

    /// Lays the titles out, as posters of this width in pixels or as rows. What was at the top stays there.
    pub(in crate::ui) fn show(&self, layout: Layout, width: i32) {
        let is_same = {
            let shown = self.shown.borrow();
            let is_built = shown.grid.is_some() || shown.rows.is_some();
            is_built && shown.layout == layout && (layout == Layout::List || shown.width == width)
        };
        if is_same {
            self.shown.borrow_mut().width = width;
            return;
        }
        let first = self.first();
        match layout {
            Layout::Grid => self.show_grid(width),
            Layout::List => self.show_rows(width),
        }
        self.fit_columns();
        self.show_selecting();
        if first > 0 {
            let this = self.clone();
            glib::idle_add_local_once(move || this.scroll_to(first, gtk::ListScrollFlags::NONE));
        }
    }

    fn show_grid(&self, width: i32) {
        let sight = self.sight.clone();
        let factory = self.factory(move || Face::Card(Card::of_width(CardShape::Poster, width, &sight)));
        let old = self.shown.borrow().grid.clone();
        if let Some(grid) = old {
            grid.set_factory(Some(&factory));
            self.shown.borrow_mut().width = width;
            return;
        }
        let grid = gtk::GridView::builder()
            .model(&self.selection)
            .factory(&factory)
            .min_columns(2)
            .single_click_activate(true)
            .vexpand(true)
            .css_classes(["poster-grid"])
            .build();
        grid.update_property(&[gtk::accessible::Property::Label(&gettext("Titles"))]);
        let emit = Rc::clone(&self.emit);
        grid.connect_activate(move |_, place| emit(ViewEvent::Activated(place)));
        self.scroller.set_child(Some(&grid));
        *self.shown.borrow_mut() = Shown { layout: Layout::Grid, width, grid: Some(grid), rows: None };
    }

    fn show_rows(&self, width: i32) {
        let (sight, wide) = (self.sight.clone(), self.wide.clone());
        let factory = self.factory(move || Face::Row(Row::new(&sight, &wide)));
        let rows = gtk::ListView::builder()
            .model(&self.selection)
            .factory(&factory)
            .single_click_activate(true)
            .vexpand(true)
            .css_classes(["item-rows"])
            .build();
        rows.update_property(&[gtk::accessible::Property::Label(&gettext("Titles"))]);
        let emit = Rc::clone(&self.emit);
        rows.connect_activate(move |_, place| emit(ViewEvent::Activated(place)));
        self.scroller.set_child(Some(&rows));
        *self.shown.borrow_mut() = Shown { layout: Layout::List, width, grid: None, rows: Some(rows) };
    }

    fn factory(&self, face: impl Fn() -> Face + 'static) -> gtk::SignalListItemFactory {
        let factory = gtk::SignalListItemFactory::new();
        let (ctx, crew, face) = (self.ctx.clone(), Crew::new(&self.scroller), Rc::new(face));
        factory.connect_setup(move |_, item| {
            let Some(item) = item.downcast_ref::<gtk::ListItem>() else { return };
            let cell = ItemCell::new(&ctx, face.clone(), item);
            item.set_child(Some(&cell));
            crew.take(&cell);
        });
        factory.connect_bind(|_, item| {
            let Some(item) = item.downcast_ref::<gtk::ListItem>() else { return };
            if let (Some(cell), Some(object)) = (ItemCell::of(item), item.item().and_downcast::<ItemObject>())
            {
                cell.bind(&object);
            }
        });
        factory.connect_unbind(|_, item| {
            if let Some(cell) = item.downcast_ref().and_then(ItemCell::of) {
                cell.unbind();
            }
        });
        factory.connect_teardown(|_, item| {
            if let Some(item) = item.downcast_ref::<gtk::ListItem>() {
                item.set_child(gtk::Widget::NONE);
            }
        });
        factory
    }

    fn resized(&self, room: f64) {
        #[expect(clippy::cast_possible_truncation, reason = "pixels of a window")]
        let pixels = room as i32;
        if self.room.replace(pixels) == pixels {
            return;
        }
        // Not while the widgets are being given their room.
        let this = self.clone();
        glib::idle_add_local_once(move || {
            this.wide.set_visible(room >= WIDE);
            this.fit_columns();
        });
    }

    /// As many columns as there is room for: the grid keeps widgets for thirty rows of its most columns.
    fn fit_columns(&self) {
        let shown = self.shown.borrow();
        let Some(grid) = &shown.grid else { return };
        let columns = (self.room.get() / (shown.width + AROUND)).max(2);
        grid.set_max_columns(u32::try_from(columns).unwrap_or(2));
    }

    /// The list widget.
    fn inner(&self) -> Option<gtk::Widget> {
        let shown = self.shown.borrow();
        let grid = shown.grid.clone().map(Cast::upcast);
        grid.or_else(|| shown.rows.clone().map(Cast::upcast))
    }

    /// Goes to a title.
    pub(in crate::ui) fn scroll_to(&self, place: u32, flags: gtk::ListScrollFlags) {
        if place >= self.list.n_items() {
            return;
        }
        let shown = self.shown.borrow();
        if let Some(grid) = &shown.grid {
            grid.scroll_to(place, flags, None);
        }
        if let Some(rows) = &shown.rows {
            rows.scroll_to(place, flags, None);
        }
        drop(shown);
        if flags.contains(gtk::ListScrollFlags::FOCUS) {
            // The list knows which title it is; the keys come only when it has the focus.
            self.grab_focus();
        }
    }

    /// Goes to a title and puts it at the top, for the keys to go on from there.
    pub(in crate::ui) fn jump_to(&self, place: u32, flags: gtk::ListScrollFlags) {
        let count = self.list.n_items();
        if place >= count {
            return;
        }
        let columns = self.columns();
        let adjustment = self.scroller.vadjustment();
        let height = adjustment.upper() / f64::from(count.div_ceil(columns));
        adjustment.set_value(f64::from(place / columns) * height);
        let this = self.clone();
        glib::idle_add_local_once(move || this.scroll_to(place, flags));
    }

    /// How many titles stand beside each other. Titles are of one size, so that the first one tells.
    fn columns(&self) -> u32 {
        let inner = self
            .shown
            .borrow()
            .grid
            .clone()
            .and_then(|grid| Some((grid.width(), grid.first_child()?.width())));
        match inner {
            Some((all, one)) if one > 0 => u32::try_from(all / one).unwrap_or(1).max(1),
            _ => 1,
        }
    }

    /// Gives the keys to a title that is in sight, unless one has them. The one that had them last may be elsewhere,
    /// and the list would go there.
    pub(in crate::ui) fn focus_in_sight(&self) {
        let has_keys =
            self.inner().is_some_and(|inner| inner.state_flags().contains(gtk::StateFlags::FOCUS_WITHIN));
        if !has_keys {
            // The first row may be cut off.
            let whole = if self.first() == 0 { 0 } else { self.first() + self.columns() };
            self.scroll_to(whole, gtk::ListScrollFlags::FOCUS);
        }
    }

    /// Gives the keys to the list.
    pub(in crate::ui) fn grab_focus(&self) {
        if let Some(inner) = self.inner() {
            inner.grab_focus();
        }
    }

    /// The places that are on the screen or close to it.
    pub(in crate::ui) fn sight(&self) -> Range<u32> {
        let (first, last) = self.visible();
        first.saturating_sub(BESIDE)..last.saturating_add(BESIDE)
    }

    /// The first title on the screen.
    pub(in crate::ui) fn first(&self) -> u32 {
        self.visible().0
    }

    fn visible(&self) -> (u32, u32) {
        let adjustment = self.scroller.vadjustment();
        let place = |at: f64| {
            let share = if adjustment.upper() > 0.0 { at / adjustment.upper() } else { 0.0 };
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a place in the list"
            )]
            let place = (share.clamp(0.0, 1.0) * f64::from(self.list.n_items())) as u32;
            place
        };
        (place(adjustment.value()), place(adjustment.value() + adjustment.page_size()))
    }

    /// Shows whether titles are being selected.
    pub(in crate::ui) fn show_selecting(&self) {
        let selecting = self.list.is_selecting();
        let shown = self.shown.borrow();
        if let Some(grid) = &shown.grid {
            grid.set_single_click_activate(!selecting);
        }
        if let Some(rows) = &shown.rows {
            rows.set_single_click_activate(!selecting);
        }
        drop(shown);
        let Some(inner) = self.inner() else { return };
        if selecting { inner.add_css_class("selecting") } else { inner.remove_css_class("selecting") }
    }
}
