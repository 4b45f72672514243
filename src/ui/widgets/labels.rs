//! Labels as pages use them.

/// An empty label at the start of its line that takes as many lines as it needs, also within a long word.
pub(in crate::ui) fn wrapping_label(classes: &[&str]) -> gtk::Label {
    gtk::Label::builder()
        .xalign(0.0)
        .wrap(true)
        .wrap_mode(gtk::pango::WrapMode::WordChar)
        .css_classes(classes.to_vec())
        .build()
}
