//! Buttons as pages use them.

use adw::prelude::*;
use gtk::glib;

/// A button with an icon only: what it does is said by its tooltip and to screen readers.
pub(in crate::ui) fn icon_button(icon: &str, label: &str) -> gtk::Button {
    let button = gtk::Button::builder().icon_name(icon).tooltip_text(label).build();
    button.update_property(&[gtk::accessible::Property::Label(label)]);
    button
}

/// A card or tile as a button, for pages that are no lists. Its tooltip is the content's.
pub(in crate::ui) fn in_card_button(
    content: &impl IsA<gtk::Widget>,
    clicked: impl Fn() + 'static,
) -> gtk::Button {
    let button = gtk::Button::builder().child(content).css_classes(["flat", "card-button"]).build();
    button.connect_clicked(move |_| clicked());
    content
        .bind_property("tooltip-text", &button, "tooltip-text")
        .flags(glib::BindingFlags::SYNC_CREATE)
        .build();
    button
}
