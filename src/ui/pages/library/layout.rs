//! The button that says how titles are laid out: posters of a size, or rows.

use adw::prelude::*;
use gettextrs::gettext;
use gtk::glib;
use relm4::Sender;

use super::LibraryInput;
use crate::models::Layout;
use crate::ui::widgets::POSTER_WIDTH;

/// Narrowest and widest poster, and the steps between, in pixels.
const WIDTHS: (i32, i32, i32) = (90, 240, 30);

/// The button.
#[derive(Debug)]
pub(super) struct LayoutButton {
    button: gtk::MenuButton,
    grid: gtk::ToggleButton,
    list: gtk::ToggleButton,
    size: gtk::Scale,
    select: gtk::Button,
    blocked: (glib::SignalHandlerId, glib::SignalHandlerId),
}

impl LayoutButton {
    pub(super) fn new(input: &Sender<LibraryInput>) -> Self {
        let toggle = |icon: &str, label: &str| {
            let content = adw::ButtonContent::builder().icon_name(icon).label(label).build();
            let button = gtk::ToggleButton::builder().child(&content).hexpand(true).build();
            button.update_property(&[gtk::accessible::Property::Label(label)]);
            button
        };
        // Translators: titles as a grid of posters.
        let grid = toggle("view-grid-symbolic", &gettext("Grid"));
        // Translators: titles as rows.
        let list = toggle("view-list-symbolic", &gettext("List"));
        list.set_group(Some(&grid));
        grid.set_active(true);
        let layouts = gtk::Box::builder().css_classes(["linked"]).homogeneous(true).build();
        layouts.append(&grid);
        layouts.append(&list);
        let label = gtk::Label::builder().label(gettext("Poster Size")).xalign(0.0).build();
        label.set_css_classes(&["caption-heading", "dim-label"]);
        let (least, most, step) = WIDTHS;
        let range = (f64::from(least), f64::from(most), f64::from(step));
        let size = gtk::Scale::with_range(gtk::Orientation::Horizontal, range.0, range.1, range.2);
        size.set_value(POSTER_WIDTH.into());
        size.set_width_request(200);
        size.set_draw_value(false);
        size.update_property(&[gtk::accessible::Property::Label(&gettext("Poster Size"))]);
        let content = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(6).build();
        for margin in ["margin-top", "margin-bottom", "margin-start", "margin-end"] {
            content.set_property(margin, 6);
        }
        content.append(&layouts);
        label.set_margin_top(6);
        content.append(&label);
        content.append(&size);
        let select = gtk::Button::builder().label(gettext("Select Titles")).margin_top(6).build();
        content.append(&select);
        grid.bind_property("active", &size, "sensitive").flags(glib::BindingFlags::SYNC_CREATE).build();
        let name = gettext("View");
        let popover = gtk::Popover::builder().child(&content).build();
        let (begun, closing) = (input.clone(), popover.downgrade());
        select.connect_clicked(move |_| {
            if let Some(popover) = closing.upgrade() {
                popover.popdown();
            }
            begun.emit(LibraryInput::Select(true));
        });
        let button = gtk::MenuButton::builder()
            .icon_name("view-grid-symbolic")
            .tooltip_text(&name)
            .popover(&popover)
            .build();
        button.update_property(&[gtk::accessible::Property::Label(&name)]);
        let chosen = input.clone();
        let toggled = list.connect_toggled(move |list| {
            let layout = if list.is_active() { Layout::List } else { Layout::Grid };
            chosen.emit(LibraryInput::LayoutChosen(layout));
        });
        let sized = input.clone();
        let moved = size.connect_value_changed(move |size| {
            sized.emit(LibraryInput::WidthChosen(to_step(size.value())));
        });
        Self { button, grid, list, size, select, blocked: (toggled, moved) }
    }

    /// The widget.
    pub(super) fn widget(&self) -> &gtk::MenuButton {
        &self.button
    }

    /// The button that begins selecting, for windows whose header has no room for one.
    pub(super) fn select(&self) -> &gtk::Button {
        &self.select
    }

    /// Shows what is chosen, without telling anybody.
    pub(super) fn show(&self, layout: Layout, width: i32) {
        let (toggled, moved) = &self.blocked;
        self.list.block_signal(toggled);
        self.size.block_signal(moved);
        match layout {
            Layout::Grid => self.grid.set_active(true),
            Layout::List => self.list.set_active(true),
        }
        if to_step(self.size.value()) != width {
            self.size.set_value(width.into());
        }
        self.size.unblock_signal(moved);
        self.list.unblock_signal(toggled);
        self.button.set_icon_name(match layout {
            Layout::Grid => "view-grid-symbolic",
            Layout::List => "view-list-symbolic",
        });
    }
}

/// The step that is nearest.
fn to_step(value: f64) -> i32 {
    let (least, most, step) = WIDTHS;
    #[expect(clippy::cast_possible_truncation, reason = "a few steps")]
    let steps = ((value - f64::from(least)) / f64::from(step)).round() as i32;
    (least + steps * step).clamp(least, most)
}

#[cfg(test)]
mod tests {
    use super::to_step;

    #[test]
    fn sizes_are_few() {
        for (value, width) in
            [(90.0, 90), (104.9, 90), (105.1, 120), (150.0, 150), (239.0, 240), (500.0, 240)]
        {
            assert_eq!(to_step(value), width, "{value}");
        }
    }
}
