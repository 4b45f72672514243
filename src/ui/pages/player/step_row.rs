//! A row of a menu that makes something smaller or larger by steps.

use gtk::prelude::*;

use super::buttons::icon_button;

/// The row.
#[derive(Debug)]
pub(super) struct StepRow {
    root: gtk::Box,
    value: gtk::Label,
}

impl StepRow {
    /// A row with this title, whose buttons are called `less` and `more`; a press tells -1 or 1.
    pub(super) fn new(title: &str, less: &str, more: &str, stepped: impl Fn(i8) + Clone + 'static) -> Self {
        let root = gtk::Box::new(gtk::Orientation::Horizontal, 4);
        root.set_margin_start(12);
        root.append(&gtk::Label::builder().label(title).hexpand(true).xalign(0.0).build());
        let value = gtk::Label::builder().css_classes(["numeric"]).width_chars(6).build();
        let button = |icon: &str, name: &str, step: i8| {
            let stepped = stepped.clone();
            let button = icon_button(icon, name);
            button.connect_clicked(move |_| stepped(step));
            button
        };
        root.append(&button("list-remove-symbolic", less, -1));
        root.append(&value);
        root.append(&button("list-add-symbolic", more, 1));
        Self { root, value }
    }

    /// The row itself.
    pub(super) fn widget(&self) -> &gtk::Box {
        &self.root
    }

    /// Shows how large it is.
    pub(super) fn show(&self, value: &str) {
        self.value.set_label(value);
    }
}
