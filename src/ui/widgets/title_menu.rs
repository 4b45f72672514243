//! The menu on the card of a title.

use std::cell::Cell;
use std::rc::Rc;

use adw::prelude::*;
use gettextrs::gettext;
use gtk::{gdk, gio, glib};

use super::{CardOutcome, OnCard};
use crate::models::{Item, ItemKind, MediaId};

/// What can be done with a title from its card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) enum TitleAction {
    /// See its details.
    Open,
    /// Play it, from the best source.
    Play,
    /// Mark it as watched or not, on every source.
    SetWatched(bool),
    /// Forget where it was left.
    ForgetPlace,
    /// Mark it as favourite or not.
    SetFavourite(bool),
    /// See the series that it is of.
    GoToSeries(MediaId),
}

/// The action that opens the menu of a widget, and the group that it is in.
const OPEN: &str = "open";
const GROUP: &str = "card-menu";

/// Gives a widget the menu of a title: by the second button, a long press, or the keys for menus. `target` says which
/// title is shown there at that moment, and who is told what was chosen.
pub(super) fn attach_title_menu(
    widget: &impl IsA<gtk::Widget>,
    target: impl Fn() -> Option<(Item, OnCard)> + 'static,
) {
    let widget = widget.upcast_ref::<gtk::Widget>();
    let (weak, target) = (widget.downgrade(), Rc::new(target));
    let open = Rc::new(move |at: Option<(f64, f64)>| {
        if let (Some(widget), Some((item, on))) = (weak.upgrade(), target()) {
            popup(&widget, &item, &on, at);
        }
    });
    let click = gtk::GestureClick::builder().button(gdk::BUTTON_SECONDARY).build();
    let opener = Rc::clone(&open);
    click.connect_pressed(move |gesture, _, x, y| {
        gesture.set_state(gtk::EventSequenceState::Claimed);
        opener(Some((x, y)));
    });
    widget.add_controller(click);
    let press = gtk::GestureLongPress::builder().touch_only(true).build();
    let opener = Rc::clone(&open);
    press.connect_pressed(move |gesture, x, y| {
        gesture.set_state(gtk::EventSequenceState::Claimed);
        opener(Some((x, y)));
    });
    widget.add_controller(press);
    let action = gio::SimpleAction::new(OPEN, None);
    action.connect_activate(move |_, _| open(None));
    let actions = gio::SimpleActionGroup::new();
    actions.add_action(&action);
    widget.insert_action_group(GROUP, Some(&actions));
    widget.add_controller(keys(|widget| widget.activate_action(&format!("{GROUP}.{OPEN}"), None).is_ok()));
}

/// Has a list or grid open the menu of the cell that has the focus: keys reach the cell and not what is in it.
pub(super) fn attach_menu_keys(list: &impl IsA<gtk::Widget>) {
    list.add_controller(keys(|list| {
        let content = list.focus_child().and_then(|cell| cell.first_child());
        content.is_some_and(|content| content.activate_action(&format!("{GROUP}.{OPEN}"), None).is_ok())
    }));
}

/// The keys for menus.
fn keys(pressed: fn(&gtk::Widget) -> bool) -> gtk::ShortcutController {
    let keys = gtk::ShortcutController::new();
    for trigger in ["Menu", "<Shift>F10"] {
        let action = gtk::CallbackAction::new(move |widget, _| {
            if pressed(widget) { glib::Propagation::Stop } else { glib::Propagation::Proceed }
        });
        keys.add_shortcut(gtk::Shortcut::new(gtk::ShortcutTrigger::parse_string(trigger), Some(action)));
    }
    keys
}

fn popup(widget: &gtk::Widget, item: &Item, on: &OnCard, at: Option<(f64, f64)>) {
    let menu = gio::Menu::new();
    let actions = gio::SimpleActionGroup::new();
    for section in sections(item) {
        let part = gio::Menu::new();
        for (label, action) in section {
            let name = format!("chosen-{}", actions.list_actions().len());
            part.append(Some(&label), Some(&format!("title.{name}")));
            let chosen = gio::SimpleAction::new(&name, None);
            let (on, id) = (on.clone(), item.id);
            chosen.connect_activate(move |_, _| on.tell(CardOutcome::Title(id, action)));
            actions.add_action(&chosen);
        }
        menu.append_section(None, &part);
    }
    let popover = gtk::PopoverMenu::from_model(Some(&menu));
    popover.insert_action_group("title", Some(&actions));
    popover.set_has_arrow(at.is_none());
    popover.set_parent(widget);
    if let Some((x, y)) = at {
        #[expect(clippy::cast_possible_truncation, reason = "pixels of a window")]
        popover.set_pointing_to(Some(&gdk::Rectangle::new(x as i32, y as i32, 1, 1)));
        popover.set_halign(gtk::Align::Start);
    }
    leave_with(&popover, widget);
    popover.popup();
}

/// Takes a popover from its parent when it has closed, and before the parent goes: a card may be made anew while its
/// menu is open, and GTK does not outlive a widget that goes with a child.
pub(in crate::ui) fn leave_with(popover: &gtk::PopoverMenu, parent: &gtk::Widget) {
    let weak = popover.downgrade();
    let gone = parent.connect_destroy(move |_| {
        if let Some(popover) = weak.upgrade() {
            popover.unparent();
        }
    });
    let gone = Cell::new(Some(gone));
    popover.connect_closed(move |popover| {
        let gone = gone.take();
        // What was chosen is done after this: it needs the actions once more.
        let popover = popover.clone();
        glib::idle_add_local_once(move || {
            let Some(parent) = popover.parent() else { return };
            popover.unparent();
            if let Some(gone) = gone {
                parent.disconnect(gone);
            }
        });
    });
}

/// What can be done with this title now.
fn sections(item: &Item) -> Vec<Vec<(String, TitleAction)>> {
    let watch = &item.record.watch;
    let mut first = vec![(gettext("Play"), TitleAction::Play), (gettext("Information"), TitleAction::Open)];
    if let Some(series) = item.series_id.filter(|_| item.record.kind == ItemKind::Episode) {
        first.push((gettext("Go to Series"), TitleAction::GoToSeries(series)));
    }
    let mut marks = vec![if watch.watched {
        (gettext("Mark as Unwatched"), TitleAction::SetWatched(false))
    } else {
        (gettext("Mark as Watched"), TitleAction::SetWatched(true))
    }];
    if !watch.position.is_zero() {
        marks.push((gettext("Remove from Continue Watching"), TitleAction::ForgetPlace));
    }
    marks.push(if watch.favourite == Some(true) {
        (gettext("Remove from Favourites"), TitleAction::SetFavourite(false))
    } else {
        (gettext("Add to Favourites"), TitleAction::SetFavourite(true))
    });
    vec![first, marks]
}
