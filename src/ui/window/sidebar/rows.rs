//! Rows of the sidebar.

use adw::prelude::*;

use crate::ui::widgets::MarkIcon;

/// A place to go to, with the number of its unwatched titles.
pub(super) fn place(icon: &str, title: &str, count: Option<u32>) -> gtk::ListBoxRow {
    let content = gtk::Box::builder().spacing(10).build();
    content.append(&gtk::Image::from_icon_name(icon));
    let label = gtk::Label::builder()
        .label(title)
        .xalign(0.0)
        .hexpand(true)
        .ellipsize(gtk::pango::EllipsizeMode::End)
        .build();
    content.append(&label);
    if let Some(count) = count.filter(|count| *count > 0) {
        let label = gtk::Label::new(Some(&count.to_string()));
        label.add_css_class("dim-label");
        label.add_css_class("numeric");
        content.append(&label);
    }
    let row = gtk::ListBoxRow::builder().child(&content).build();
    row.update_property(&[gtk::accessible::Property::Label(title)]);
    row
}

/// The name of a source with the state of its connection.
pub(super) fn heading(title: &str, icon: &MarkIcon) -> gtk::ListBoxRow {
    let content = gtk::Box::builder().spacing(8).margin_top(6).build();
    let label = gtk::Label::builder()
        .label(title)
        .xalign(0.0)
        .hexpand(true)
        .ellipsize(gtk::pango::EllipsizeMode::End)
        .css_classes(["heading", "dim-label"])
        .build();
    content.append(&label);
    content.append(icon.widget());
    gtk::ListBoxRow::builder().child(&content).activatable(false).selectable(false).build()
}
