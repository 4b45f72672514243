//! The menu of orders.

use adw::prelude::*;
use gettextrs::gettext;
use gtk::gio;
use gtk::glib;
use relm4::Sender;

use super::LibraryInput;
use super::words;
use crate::models::ItemSort;

/// The orders that can be chosen. The number of chance is made when it is chosen.
const SORTS: [ItemSort; 7] = [
    ItemSort::Title,
    ItemSort::DateAdded,
    ItemSort::ReleaseDate,
    ItemSort::Rating,
    ItemSort::Duration,
    ItemSort::LastPlayed,
    ItemSort::Random(0),
];

/// A button with the orders as a menu.
#[derive(Debug)]
pub(super) struct SortButton {
    button: gtk::MenuButton,
    order: gio::SimpleAction,
    reverse: gio::SimpleAction,
}

/// What an order is called among the menu's actions, whatever its number of chance.
fn word(sort: ItemSort) -> String {
    match sort {
        ItemSort::Random(_) => "random".to_owned(),
        sort => sort.word(),
    }
}

impl SortButton {
    pub(super) fn new(input: &Sender<LibraryInput>) -> Self {
        let text = Some(glib::VariantTy::STRING);
        let order = gio::SimpleAction::new_stateful("order", text, &word(ItemSort::Title).to_variant());
        let chosen = input.clone();
        order.connect_activate(move |_, target| {
            let Some(name) = target.and_then(glib::Variant::get::<String>) else { return };
            let sort = if name == "random" {
                ItemSort::Random(glib::random_int())
            } else {
                ItemSort::from_word(&name)
            };
            chosen.emit(LibraryInput::SortChosen(sort));
        });
        let reverse = gio::SimpleAction::new_stateful("reverse", None, &false.to_variant());
        let turned = input.clone();
        reverse.connect_activate(move |action, _| {
            let is_reversed = action.state().and_then(|state| state.get::<bool>()).unwrap_or_default();
            turned.emit(LibraryInput::Descending(!is_reversed));
        });
        let actions = gio::SimpleActionGroup::new();
        actions.add_action(&order);
        actions.add_action(&reverse);
        let label = gettext("Sort");
        let button = gtk::MenuButton::builder()
            .icon_name("view-sort-descending-symbolic")
            .tooltip_text(&label)
            .menu_model(&menu())
            .build();
        button.update_property(&[gtk::accessible::Property::Label(&label)]);
        button.insert_action_group("sort", Some(&actions));
        Self { button, order, reverse }
    }

    /// The widget.
    pub(super) fn widget(&self) -> &gtk::MenuButton {
        &self.button
    }

    /// Marks an order as the chosen one.
    pub(super) fn show(&self, sort: ItemSort, descending: bool) {
        self.order.set_state(&word(sort).to_variant());
        self.reverse.set_state(&(descending != sort.begins_with_largest()).to_variant());
        // Chance has no other way round.
        self.reverse.set_enabled(!matches!(sort, ItemSort::Random(_)));
    }
}

fn menu() -> gio::Menu {
    let orders = gio::Menu::new();
    for sort in SORTS {
        let item = gio::MenuItem::new(Some(&words::sort(sort)), None);
        item.set_action_and_target_value(Some("sort.order"), Some(&word(sort).to_variant()));
        orders.append_item(&item);
    }
    let direction = gio::Menu::new();
    direction.append(Some(&gettext("Reverse Order")), Some("sort.reverse"));
    let menu = gio::Menu::new();
    menu.append_section(None, &orders);
    menu.append_section(None, &direction);
    menu
}
