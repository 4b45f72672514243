//! How the buttons of the bar share the room there is: those beyond it lie in **More**, in a fixed order.

use std::cell::RefCell;

use adw::prelude::*;
use gettextrs::gettext;

/// Longest row of buttons in **More**, in pixels: five of them.
const MORE_WIDTH: i32 = 190;

/// In which rooms a button stands in the bar. Orders from the smallest room to the largest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Room {
    /// In every window, low ones too.
    Always,
    /// In windows that are high enough for two rows.
    NotLow,
    /// In windows that are wide as well.
    Wide,
}

/// A button and the smallest room in which it stands in the bar.
type Placed = (gtk::Widget, Room);

/// The row of buttons, with **More** at its end.
#[derive(Debug)]
pub(super) struct Arrangement {
    root: gtk::Box,
    transport: gtk::Box,
    end: gtk::Box,
    middle: gtk::Widget,
    more: gtk::MenuButton,
    overflow: adw::WrapBox,
    transport_buttons: RefCell<Vec<Placed>>,
    end_buttons: RefCell<Vec<Placed>>,
}

impl Arrangement {
    /// A row with `middle` between its two ends.
    pub(super) fn new(middle: &impl IsA<gtk::Widget>) -> Self {
        let row = || gtk::Box::new(gtk::Orientation::Horizontal, 2);
        let (root, transport, end) = (row(), row(), row());
        transport.set_direction(gtk::TextDirection::Ltr);
        let overflow = adw::WrapBox::builder()
            .child_spacing(2)
            .line_spacing(2)
            .natural_line_length(MORE_WIDTH)
            .align(0.5)
            .build();
        let more = gtk::MenuButton::builder()
            .icon_name("view-more-symbolic")
            .popover(&gtk::Popover::builder().child(&overflow).build())
            .direction(gtk::ArrowType::Up)
            .tooltip_text(gettext("More"))
            .css_classes(["flat", "circular"])
            .visible(false)
            .build();
        more.update_property(&[gtk::accessible::Property::Label(&gettext("More"))]);
        root.append(&transport);
        root.append(middle);
        root.append(&end);
        Self {
            root,
            transport,
            end,
            middle: middle.clone().upcast(),
            more,
            overflow,
            transport_buttons: RefCell::default(),
            end_buttons: RefCell::default(),
        }
    }

    /// The row itself.
    pub(super) fn widget(&self) -> &gtk::Box {
        &self.root
    }

    /// The button that opens what did not fit.
    pub(super) fn more(&self) -> &gtk::MenuButton {
        &self.more
    }

    /// Adds a button behind those for going back and forth.
    pub(super) fn add_transport(&self, button: &impl IsA<gtk::Widget>, room: Room) {
        self.transport_buttons.borrow_mut().push((button.clone().upcast(), room));
        self.arrange(Room::Wide);
    }

    /// Adds a button at the row's end.
    pub(super) fn add_end(&self, button: &impl IsA<gtk::Widget>, room: Room) {
        self.end_buttons.borrow_mut().push((button.clone().upcast(), room));
        self.arrange(Room::Wide);
    }

    /// Puts every button where it belongs in this room.
    pub(super) fn arrange(&self, room: Room) {
        self.more.set_active(false);
        self.more.unparent();
        let (transport, end) = (self.transport_buttons.borrow(), self.end_buttons.borrow());
        for (button, _) in transport.iter().chain(end.iter()) {
            button.unparent();
        }
        let mut overflows = false;
        let rows = [(&self.transport, transport.iter()), (&self.end, end.iter())];
        for (row, buttons) in rows {
            let mut last = None;
            for (button, least) in buttons {
                if *least > room {
                    overflows = true;
                    self.overflow.append(button);
                } else {
                    row.append(button);
                    last = Some(button);
                }
            }
            // The last one of the bar is the one for full screen, which keeps its corner.
            if *row == self.end
                && let Some(last) = last
            {
                self.end.insert_child_after(&self.more, last.prev_sibling().as_ref());
            }
        }
        self.more.set_visible(overflows);
        self.middle.set_visible(room != Room::Always);
    }
}
