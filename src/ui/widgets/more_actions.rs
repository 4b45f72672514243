//! The button with three dots at the end of a row.

use gettextrs::gettext;
use gtk::gio;
use gtk::prelude::*;

/// A button that opens a menu of further actions.
pub(in crate::ui) fn more_actions(menu: &gio::Menu) -> gtk::MenuButton {
    let label = gettext("More Actions");
    let button = gtk::MenuButton::builder()
        .icon_name("view-more-symbolic")
        .tooltip_text(&label)
        .menu_model(menu)
        .valign(gtk::Align::Center)
        .css_classes(["flat"])
        .build();
    button.update_property(&[gtk::accessible::Property::Label(&label)]);
    button
}
