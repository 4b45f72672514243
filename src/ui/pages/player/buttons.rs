//! How the buttons over the picture are made.

use gtk::prelude::*;

/// A round button without a frame.
pub(super) fn icon_button(icon: &str, label: &str) -> gtk::Button {
    let button = gtk::Button::builder().css_classes(["flat", "circular"]).focus_on_click(false).build();
    set_icon(&button, icon, label);
    button
}

/// Sets icon, tooltip and accessible label, when they change.
pub(super) fn set_icon(button: &gtk::Button, icon: &str, label: &str) {
    if button.icon_name().as_deref() == Some(icon) {
        return;
    }
    button.set_icon_name(icon);
    button.set_tooltip_text(Some(label));
    button.update_property(&[gtk::accessible::Property::Label(label)]);
}
