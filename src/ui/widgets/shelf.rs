//! A heading with widgets beside each other below it, which scroll sideways.

use adw::prelude::*;

use super::{CARD_PADDING, SIDE, Sight};

/// A row of a page. Hidden while it is empty.
#[derive(Debug)]
pub(in crate::ui) struct Shelf {
    root: gtk::Box,
    line: gtk::Box,
}

impl Shelf {
    /// An empty row of a page with this sight. It has [`SIDE`] beside its content itself, and none beside it: cards
    /// leave at the edge of the page.
    pub(in crate::ui) fn new(title: &str, sight: &Sight) -> Self {
        let heading = gtk::Label::builder()
            .label(title)
            .xalign(0.0)
            .margin_start(SIDE)
            .css_classes(["title-3"])
            .accessible_role(gtk::AccessibleRole::Heading)
            .build();
        let (line, scroller) = sideways(sight);
        scroller.update_property(&[gtk::accessible::Property::Label(title)]);
        let root =
            gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(6).visible(false).build();
        root.append(&heading);
        root.append(&scroller);
        Self { root, line }
    }

    /// The widget.
    pub(in crate::ui) fn widget(&self) -> &gtk::Box {
        &self.root
    }

    /// Shows these widgets and no others.
    pub(in crate::ui) fn show(&self, children: impl IntoIterator<Item = gtk::Widget>) {
        while let Some(child) = self.line.first_child() {
            self.line.remove(&child);
        }
        for child in children {
            self.line.append(&child);
        }
        self.root.set_visible(self.line.first_child().is_some());
    }
}

/// An empty line of cards that scrolls sideways and reaches to the edges of the page, and what scrolls it.
pub(super) fn sideways(sight: &Sight) -> (gtk::Box, gtk::ScrolledWindow) {
    let line = gtk::Box::builder()
        .spacing(6)
        .margin_start(SIDE - CARD_PADDING)
        .margin_end(SIDE - CARD_PADDING)
        .margin_bottom(6)
        .build();
    let scroller =
        gtk::ScrolledWindow::builder().vscrollbar_policy(gtk::PolicyType::Never).child(&line).build();
    sight.also(&scroller);
    (line, scroller)
}
