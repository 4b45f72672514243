//! The icon of the worst state in the header bars, while the sidebar with the icons of all is folded away.

use std::cell::RefCell;
use std::rc::Rc;

use adw::prelude::*;
use gtk::glib;

use crate::ui::standing::Mark;

/// One state for the header bars of all pages. Cheap to clone; clones are the same.
#[derive(Debug, Clone, Default)]
pub(in crate::ui) struct Beacon(Rc<RefCell<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    folded: bool,
    worst: Option<(Mark, String)>,
    buttons: Vec<glib::WeakRef<gtk::Button>>,
}

impl Beacon {
    /// A button for a header bar. It leads to the sources, and is seen only when there is something to say.
    pub(in crate::ui) fn button(&self) -> gtk::Button {
        let button = gtk::Button::builder().action_name("win.sources").build();
        let mut inner = self.0.borrow_mut();
        inner.buttons.retain(|known| known.upgrade().is_some());
        inner.buttons.push(button.downgrade());
        inner.show_on(&button);
        button
    }

    /// What is worst now.
    pub(in crate::ui) fn show(&self, worst: Option<(Mark, String)>) {
        self.change(|inner| inner.worst = worst);
    }

    /// Whether the sidebar is folded away.
    pub(in crate::ui) fn set_folded(&self, folded: bool) {
        self.change(|inner| inner.folded = folded);
    }

    fn change(&self, change: impl FnOnce(&mut Inner)) {
        let mut inner = self.0.borrow_mut();
        change(&mut inner);
        for button in inner.buttons.iter().filter_map(glib::WeakRef::upgrade) {
            inner.show_on(&button);
        }
    }
}

impl Inner {
    fn show_on(&self, button: &gtk::Button) {
        button.set_visible(self.folded && self.worst.is_some());
        if let Some((mark, sentence)) = &self.worst {
            button.set_icon_name(mark.icon());
            button.set_tooltip_text(Some(sentence));
            button.update_property(&[gtk::accessible::Property::Label(sentence)]);
        }
    }
}
