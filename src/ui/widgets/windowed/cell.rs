//! The cell of a list: a card or a row, recycled from item to item, with the mark of the selection mode.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use adw::prelude::*;
use gtk::glib;
use gtk::subclass::prelude::*;

use super::row::Row;
use crate::services::AppContext;
use crate::ui::text;
use crate::ui::widgets::{Card, CardShape, ItemObject};

/// Room above and below a card, in pixels.
const CARD_MARGIN: i32 = 8;

/// Makes what a cell shows an item with.
pub(super) type MakeFace = Rc<dyn Fn() -> Face>;

/// What a cell shows an item with.
#[derive(Debug, Clone)]
pub(super) enum Face {
    /// A poster.
    Card(Card),
    /// A row.
    Row(Row),
}

mod imp {
    use super::{AppContext, Face, ItemObject, MakeFace, OnceCell, RefCell, glib};
    use adw::subclass::prelude::*;
    use gtk::prelude::*;

    #[derive(Default)]
    pub struct ItemCell {
        pub(super) ctx: OnceCell<AppContext>,
        pub(super) make: OnceCell<MakeFace>,
        pub(super) face: OnceCell<Face>,
        pub(super) item: glib::WeakRef<gtk::ListItem>,
        pub(super) binding: RefCell<Option<(ItemObject, glib::SignalHandlerId)>>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for ItemCell {
        const NAME: &'static str = "ReelItemCell";
        type Type = super::ItemCell;
        type ParentType = adw::Bin;
    }

    impl ObjectImpl for ItemCell {
        fn dispose(&self) {
            if let Some((object, handler)) = self.binding.take() {
                object.disconnect(handler);
                object.release();
            }
        }
    }

    impl std::fmt::Debug for ItemCell {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.debug_struct("ItemCell").field("filled", &self.face.get().is_some()).finish_non_exhaustive()
        }
    }

    impl WidgetImpl for ItemCell {}
    impl BinImpl for ItemCell {}
}

glib::wrapper! {
    /// The cell.
    pub struct ItemCell(ObjectSubclass<imp::ItemCell>)
        @extends adw::Bin, gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget;
}

impl ItemCell {
    /// An empty cell of a list item, to be filled with the face that `make` makes.
    pub(super) fn new(ctx: &AppContext, make: MakeFace, item: &gtk::ListItem) -> Self {
        let cell: Self = glib::Object::new();
        let imp = cell.imp();
        imp.item.set(Some(item));
        // Both are set once: the cell is new.
        let _new = (imp.ctx.set(ctx.clone()), imp.make.set(make));
        cell
    }

    /// Makes the widgets of the cell and shows its item with them. Once.
    pub(super) fn fill(&self) {
        let imp = self.imp();
        let Some(make) = imp.make.get().filter(|_| imp.face.get().is_none()) else { return };
        let face = make();
        let widget = match &face {
            Face::Card(card) => card.widget(),
            Face::Row(row) => row.widget(),
        };
        // Shown by the style sheet: nothing is done for each title when the selection begins or ends.
        let check = gtk::Image::builder()
            .icon_name("object-select-symbolic")
            .halign(gtk::Align::Start)
            .valign(gtk::Align::Start)
            .margin_top(8)
            .margin_start(8)
            .can_target(false)
            .css_classes(["item-check"])
            .accessible_role(gtk::AccessibleRole::Presentation)
            .build();
        let overlay = gtk::Overlay::builder().child(widget).build();
        overlay.add_overlay(&check);
        if matches!(face, Face::Card(_)) {
            overlay.set_halign(gtk::Align::Center);
            overlay.set_margin_top(CARD_MARGIN);
            overlay.set_margin_bottom(CARD_MARGIN);
        }
        self.set_child(Some(&overlay));
        self.set_size_request(-1, -1);
        let _new = imp.face.set(face);
        let bound = imp.binding.borrow().as_ref().map(|(object, _)| object.clone());
        if let Some(object) = bound {
            self.show(&object);
        }
    }

    /// The cell that a list item shows.
    pub(super) fn of(item: &gtk::ListItem) -> Option<Self> {
        item.child().and_downcast()
    }

    /// The cell at a widget of a list, or in it.
    pub(super) fn at(widget: &gtk::Widget) -> Option<Self> {
        let mut here = Some(widget.clone());
        while let Some(widget) = here {
            if let Some(cell) = widget.downcast_ref::<Self>() {
                return Some(cell.clone());
            }
            if let Some(cell) = widget.first_child().and_downcast::<Self>() {
                return Some(cell);
            }
            here = widget.parent();
        }
        None
    }

    /// Its place in the list.
    pub(super) fn place(&self) -> Option<u32> {
        let place = self.imp().item.upgrade()?.position();
        (place != gtk::INVALID_LIST_POSITION).then_some(place)
    }

    /// Shows an item from now on, and what becomes of it.
    pub(super) fn bind(&self, object: &ItemObject) {
        self.unbind();
        self.show(object);
        let weak = self.downgrade();
        let handler = object.connect_revision_notify(move |object| {
            if let Some(cell) = weak.upgrade() {
                cell.show(object);
            }
        });
        object.hold();
        self.imp().binding.replace(Some((object.clone(), handler)));
    }

    /// Shows it no longer. What is seen stays until the next one: it is out of sight, or will be shown again.
    pub(super) fn unbind(&self) {
        if let Some((object, handler)) = self.imp().binding.take() {
            object.disconnect(handler);
            object.release();
        }
    }

    fn show(&self, object: &ItemObject) {
        let imp = self.imp();
        let Some(ctx) = imp.ctx.get() else { return };
        let label = object.with(|item| {
            match imp.face.get() {
                Some(Face::Card(card)) => {
                    card.reshape(CardShape::of(item.record.kind));
                    card.show(ctx, item);
                }
                Some(Face::Row(row)) => row.show(ctx, item),
                // Its turn will come.
                None => {}
            }
            text::card_label(item)
        });
        match imp.face.get().filter(|_| label.is_none()) {
            Some(Face::Card(card)) => card.clear(),
            Some(Face::Row(row)) => row.clear(),
            None => {}
        }
        if let Some(item) = imp.item.upgrade() {
            item.set_accessible_label(label.as_deref().unwrap_or_default());
        }
    }
}
