//! The row of what the list is filtered by.

use adw::prelude::*;
use gettextrs::gettext;
use relm4::Sender;

use super::LibraryInput;
use super::words;
use crate::models::ItemFilter;

/// The row: a button for each part, and one for all.
#[derive(Debug)]
pub(super) struct Chips {
    root: gtk::Revealer,
    row: gtk::Box,
    input: Sender<LibraryInput>,
}

impl Chips {
    pub(super) fn new(input: &Sender<LibraryInput>) -> Self {
        let row = gtk::Box::builder().spacing(6).valign(gtk::Align::Center).build();
        let scroller = gtk::ScrolledWindow::builder()
            .child(&row)
            .vscrollbar_policy(gtk::PolicyType::Never)
            .hscrollbar_policy(gtk::PolicyType::External)
            .hexpand(true)
            .build();
        let clear = gtk::Button::builder().label(gettext("Clear")).valign(gtk::Align::Center).build();
        clear.add_css_class("flat");
        let cleared = input.clone();
        clear.connect_clicked(move |_| cleared.emit(LibraryInput::FilterChosen(ItemFilter::default())));
        let all = gtk::Box::builder().spacing(6).margin_start(12).margin_end(6).margin_bottom(6).build();
        all.append(&scroller);
        all.append(&clear);
        let root = gtk::Revealer::builder().child(&all).build();
        Self { root, row, input: input.clone() }
    }

    /// The widget.
    pub(super) fn widget(&self) -> &gtk::Revealer {
        &self.root
    }

    /// Shows what is set.
    pub(super) fn show(&self, filter: &ItemFilter) {
        let chips = words::chips(filter);
        self.root.set_reveal_child(!chips.is_empty());
        if chips.is_empty() {
            // It stays while it folds away.
            return;
        }
        while let Some(chip) = self.row.first_child() {
            self.row.remove(&chip);
        }
        for (name, rest) in chips {
            let content = gtk::Box::builder().spacing(6).build();
            content.append(&gtk::Label::new(Some(&name)));
            content.append(&gtk::Image::from_icon_name("window-close-symbolic"));
            let chip = gtk::Button::builder().child(&content).css_classes(["filter-chip"]).build();
            // Translators: a button that takes a filter away. {filter} is its name, as "Unwatched" or "1980s".
            let label = gettext("Remove Filter: {filter}").replace("{filter}", &name);
            chip.set_tooltip_text(Some(&label));
            chip.update_property(&[gtk::accessible::Property::Label(&label)]);
            let input = self.input.clone();
            chip.connect_clicked(move |_| input.emit(LibraryInput::FilterChosen(rest.clone())));
            self.row.append(&chip);
        }
    }
}
