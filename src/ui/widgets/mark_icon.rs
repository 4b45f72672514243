//! The icon that says how a source stands.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use adw::prelude::*;
use gtk::glib;

use crate::ui::standing::Mark;

/// A spinner appears only when trying takes longer than this: a quick look must not flicker.
const PATIENCE: Duration = Duration::from_millis(400);

/// The icon. Cheap to clone; clones are the same widget.
#[derive(Debug, Clone)]
pub(in crate::ui) struct MarkIcon {
    stack: gtk::Stack,
    image: gtk::Image,
    shown: Rc<RefCell<Shown>>,
}

#[derive(Debug, Default)]
struct Shown {
    mark: Option<Mark>,
    class: Option<&'static str>,
    spinning: Option<glib::SourceId>,
}

impl MarkIcon {
    /// An icon that says nothing yet.
    pub(in crate::ui) fn new() -> Self {
        let image = gtk::Image::from_icon_name("reel-blank-symbolic");
        let stack = gtk::Stack::builder()
            .valign(gtk::Align::Center)
            .accessible_role(gtk::AccessibleRole::Img)
            .build();
        stack.add_named(&image, Some("image"));
        stack.add_named(&adw::Spinner::new(), Some("spinner"));
        Self { stack, image, shown: Rc::default() }
    }

    /// The widget.
    pub(in crate::ui) fn widget(&self) -> &gtk::Stack {
        &self.stack
    }

    /// Shows a mark, with its sentence for the pointer and for screen readers.
    pub(in crate::ui) fn show(&self, mark: Mark, sentence: &str) {
        if self.stack.tooltip_text().as_deref() != Some(sentence) {
            self.stack.set_tooltip_text(Some(sentence));
            self.stack.update_property(&[gtk::accessible::Property::Label(sentence)]);
        }
        let mut shown = self.shown.borrow_mut();
        if shown.mark.replace(mark) == Some(mark) {
            return;
        }
        if let Some(spinning) = shown.spinning.take() {
            spinning.remove();
        }
        if mark == Mark::Checking {
            let (stack, state) = (self.stack.downgrade(), Rc::downgrade(&self.shown));
            shown.spinning = Some(glib::timeout_add_local_once(PATIENCE, move || {
                if let Some(state) = state.upgrade() {
                    state.borrow_mut().spinning = None;
                }
                if let Some(stack) = stack.upgrade() {
                    stack.set_visible_child_name("spinner");
                }
            }));
            return;
        }
        self.image.set_icon_name(Some(mark.icon()));
        if let Some(class) = shown.class.replace(mark.class()) {
            self.image.remove_css_class(class);
        }
        self.image.add_css_class(mark.class());
        self.stack.set_visible_child_name("image");
    }
}
