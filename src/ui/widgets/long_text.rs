//! A text of which the beginning is shown, and the rest when asked for.

use adw::prelude::*;
use gettextrs::gettext;

/// Lines of a text that is folded.
const FOLDED_LINES: i32 = 5;
/// From so many letters on a text is folded: shorter ones fit into the lines at any width of a page.
const LONG: usize = 400;

/// The text with a button below it. Hidden while there is none.
#[derive(Debug)]
pub(in crate::ui) struct LongText {
    root: gtk::Box,
    label: gtk::Label,
    more: gtk::Button,
}

impl LongText {
    /// Nothing yet.
    pub(in crate::ui) fn new() -> Self {
        let label = gtk::Label::builder()
            .xalign(0.0)
            .wrap(true)
            .wrap_mode(gtk::pango::WrapMode::WordChar)
            .selectable(true)
            .css_classes(["body"])
            .build();
        let more = gtk::Button::builder().halign(gtk::Align::Start).css_classes(["flat", "more"]).build();
        let root =
            gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(2).visible(false).build();
        root.append(&label);
        root.append(&more);
        let text = label.clone();
        more.connect_clicked(move |button| fold(&text, button, text.lines() < 0));
        Self { root, label, more }
    }

    /// The widget.
    pub(in crate::ui) fn widget(&self) -> &gtk::Box {
        &self.root
    }

    /// Shows a text, or nothing. The same text stays as it is unfolded.
    pub(in crate::ui) fn show(&self, text: Option<&str>) {
        let text = text.unwrap_or_default().trim();
        self.root.set_visible(!text.is_empty());
        if self.label.label() == text {
            return;
        }
        self.label.set_label(text);
        let long = text.chars().count() >= LONG;
        self.more.set_visible(long);
        fold(&self.label, &self.more, long);
    }
}

fn fold(label: &gtk::Label, button: &gtk::Button, folded: bool) {
    label.set_lines(if folded { FOLDED_LINES } else { -1 });
    let ellipsize = if folded { gtk::pango::EllipsizeMode::End } else { gtk::pango::EllipsizeMode::None };
    label.set_ellipsize(ellipsize);
    button.set_label(&if folded { gettext("Show More") } else { gettext("Show Less") });
}
