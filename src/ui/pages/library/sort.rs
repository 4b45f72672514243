//! The orders of a library, and the menu to choose from.

use adw::prelude::*;
use gettextrs::gettext;
use gtk::gio;
use gtk::glib;
use relm4::Sender;

use super::LibraryInput;
use crate::services::core::library::ItemSort;

/// The orders that can be chosen, with whether they begin with the largest.
pub(super) const SORTS: [(ItemSort, bool); 6] = [
    (ItemSort::Title, false),
    (ItemSort::DateAdded, true),
    (ItemSort::ReleaseDate, true),
    (ItemSort::Rating, true),
    (ItemSort::Duration, true),
    (ItemSort::LastPlayed, true),
];

fn word(sort: ItemSort) -> String {
    match sort {
        ItemSort::Title => gettext("Title"),
        ItemSort::DateAdded => gettext("Date Added"),
        ItemSort::ReleaseDate => gettext("Release Date"),
        ItemSort::Rating => gettext("Rating"),
        ItemSort::Duration => gettext("Duration"),
        ItemSort::LastPlayed => gettext("Last Played"),
    }
}

/// A button with the orders as a menu; the number of the chosen one goes to `input`.
pub(super) fn button(input: &Sender<LibraryInput>) -> gtk::MenuButton {
    let order = gio::SimpleAction::new_stateful(
        "order",
        Some(i32::static_variant_type().as_ref()),
        &0_i32.to_variant(),
    );
    let input = input.clone();
    order.connect_activate(move |action, target| {
        let Some(number) = target.and_then(glib::Variant::get::<i32>) else { return };
        action.set_state(&number.to_variant());
        if let Ok(number) = usize::try_from(number) {
            input.emit(LibraryInput::SortChosen(number));
        }
    });
    let actions = gio::SimpleActionGroup::new();
    actions.add_action(&order);
    let menu = gio::Menu::new();
    for (number, (sort, _)) in (0_i32..).zip(SORTS) {
        let item = gio::MenuItem::new(Some(&word(sort)), None);
        item.set_action_and_target_value(Some("sort.order"), Some(&number.to_variant()));
        menu.append_item(&item);
    }
    let label = gettext("Sort");
    let button = gtk::MenuButton::builder()
        .icon_name("view-sort-descending-symbolic")
        .tooltip_text(&label)
        .menu_model(&menu)
        .build();
    button.update_property(&[gtk::accessible::Property::Label(&label)]);
    button.insert_action_group("sort", Some(&actions));
    button
}
