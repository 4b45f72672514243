//! The strip at the edge of a list: first letters in the order of titles, years in the order of release.

use std::cell::RefCell;
use std::rc::Rc;

use adw::prelude::*;
use gettextrs::gettext;
use relm4::Sender;

use super::LibraryInput;

/// Fewer letters are seen at a glance without a strip.
const FEWEST: usize = 4;

/// The strip. One stop for the Tab key; the arrow keys go from letter to letter.
#[derive(Debug)]
pub(super) struct Letters {
    root: gtk::ScrolledWindow,
    list: gtk::ListBox,
    shown: Rc<RefCell<Vec<(String, u32)>>>,
}

impl Letters {
    pub(super) fn new(input: &Sender<LibraryInput>) -> Self {
        let list = gtk::ListBox::builder()
            .selection_mode(gtk::SelectionMode::None)
            .valign(gtk::Align::Center)
            .css_classes(["letters"])
            .build();
        // Translators: a list of first letters or years; each leads to the first title that has it.
        list.update_property(&[gtk::accessible::Property::Label(&gettext("Go To"))]);
        let root = gtk::ScrolledWindow::builder()
            .child(&list)
            .hscrollbar_policy(gtk::PolicyType::Never)
            .vscrollbar_policy(gtk::PolicyType::External)
            .visible(false)
            .build();
        let shown = Rc::<RefCell<Vec<(String, u32)>>>::default();
        let (letters, input) = (Rc::clone(&shown), input.clone());
        list.connect_row_activated(move |_, row| {
            let place =
                usize::try_from(row.index()).ok().and_then(|index| Some(letters.borrow().get(index)?.1));
            if let Some(place) = place {
                input.emit(LibraryInput::JumpTo(place));
            }
        });
        Self { root, list, shown }
    }

    /// The widget.
    pub(super) fn widget(&self) -> &gtk::ScrolledWindow {
        &self.root
    }

    /// Shows these letters, each with the place that it leads to; none for a list in another order.
    pub(super) fn show(&self, letters: Vec<(String, u32)>) {
        self.root.set_visible(letters.len() >= FEWEST);
        let names =
            |letters: &[(String, u32)]| letters.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        let is_same = names(&self.shown.borrow()) == names(&letters);
        if !is_same {
            self.list.remove_all();
            for (name, _) in &letters {
                self.list.append(&row(name));
            }
        }
        self.shown.replace(letters);
    }
}

fn row(name: &str) -> gtk::ListBoxRow {
    let label = gtk::Label::builder().label(name).css_classes(["caption"]).build();
    let row = gtk::ListBoxRow::builder().child(&label).build();
    row.update_property(&[gtk::accessible::Property::Label(name)]);
    row
}
