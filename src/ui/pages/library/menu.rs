//! The menu of a title.

use adw::prelude::*;
use gettextrs::gettext;
use gtk::{gdk, gio};
use relm4::Sender;

use super::LibraryInput;
use crate::models::{Item, ItemKind};
use crate::services::core::marking::Mark;
use crate::ui::widgets::leave_with;

/// Shows what can be done with a title, pointing at a place of `parent`.
pub(super) fn show(item: &Item, at: &gdk::Rectangle, parent: &gtk::Widget, input: &Sender<LibraryInput>) {
    let record = &item.record;
    let watch = &record.watch;
    let mut entries: Vec<Vec<(String, Entry)>> = Vec::new();
    let play = if watch.position.is_zero() { gettext("Play") } else { gettext("Resume") };
    entries.push(vec![(play, Entry::Play)]);
    let mut marks = Vec::new();
    let has_unwatched = !watch.watched || record.unwatched_children.is_some_and(|left| left > 0);
    let has_watched = watch.watched
        || !watch.position.is_zero()
        || record.child_count.zip(record.unwatched_children).is_some_and(|(all, left)| left < all);
    if has_unwatched {
        marks.push((gettext("Mark as Watched"), Entry::Mark(Mark::Watched(true))));
    }
    if has_watched {
        marks.push((gettext("Mark as Unwatched"), Entry::Mark(Mark::Watched(false))));
    }
    let favourite = watch.favourite.unwrap_or_default();
    let words = if favourite { gettext("Remove from Favourites") } else { gettext("Add to Favourites") };
    marks.push((words, Entry::Mark(Mark::Favourite(!favourite))));
    entries.push(marks);
    let mut places = Vec::new();
    if matches!(record.kind, ItemKind::Episode | ItemKind::Season) && item.series_id.is_some() {
        places.push((gettext("Go to Series"), Entry::Series));
    } else if record.kind == ItemKind::Series {
        places.push((gettext("Go to Series"), Entry::Information));
    }
    places.push((gettext("Information"), Entry::Information));
    places.push((gettext("Select"), Entry::Select));
    entries.push(places);
    popup(item, &entries, at, parent, input);
}

/// What an entry does.
#[derive(Debug, Clone, Copy)]
enum Entry {
    Play,
    Mark(Mark),
    Series,
    Information,
    Select,
}

impl Entry {
    fn message(self, item: &Item) -> LibraryInput {
        match self {
            Self::Play => LibraryInput::Play(item.id),
            Self::Mark(mark) => LibraryInput::MarkOne(item.id, mark),
            Self::Series => LibraryInput::Open(item.series_id.unwrap_or(item.id)),
            Self::Information => LibraryInput::Open(item.id),
            Self::Select => LibraryInput::SelectThis(item.id),
        }
    }
}

fn popup(
    item: &Item,
    sections: &[Vec<(String, Entry)>],
    at: &gdk::Rectangle,
    parent: &gtk::Widget,
    input: &Sender<LibraryInput>,
) {
    let (menu, actions) = (gio::Menu::new(), gio::SimpleActionGroup::new());
    let mut number = 0;
    for entries in sections {
        let section = gio::Menu::new();
        for (label, entry) in entries {
            number += 1;
            let name = format!("entry-{number}");
            section.append(Some(label), Some(&format!("title.{name}")));
            let action = gio::SimpleAction::new(&name, None);
            let (input, entry, item) = (input.clone(), *entry, item.clone());
            action.connect_activate(move |_, _| input.emit(entry.message(&item)));
            actions.add_action(&action);
        }
        menu.append_section(None, &section);
    }
    let popover = gtk::PopoverMenu::from_model(Some(&menu));
    popover.insert_action_group("title", Some(&actions));
    popover.set_parent(parent);
    popover.set_pointing_to(Some(at));
    popover.set_has_arrow(false);
    popover.set_halign(gtk::Align::Start);
    leave_with(&popover, parent);
    popover.popup();
}
