//! The menu **Play Queue**: what comes after what plays.

use std::cell::RefCell;
use std::rc::Rc;

use gettextrs::gettext;
use gtk::prelude::*;
use gtk::{gdk, glib};
use relm4::Sender;

use super::super::messages::PlayerInput;
use super::chapters_menu::{menu, words};
use super::{MomentInput, Upcoming};

/// The button with its list.
#[derive(Debug)]
pub struct QueueMenu {
    button: gtk::MenuButton,
    list: gtk::ListBox,
    shown: Rc<RefCell<Vec<Upcoming>>>,
    input: Sender<PlayerInput>,
}

impl std::fmt::Debug for Upcoming {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Upcoming").field("place", &self.place).finish_non_exhaustive()
    }
}

impl QueueMenu {
    /// Builds it, hidden until something is to come.
    pub fn new(sender: &Sender<PlayerInput>) -> Self {
        let (button, list, popover) = menu("media-playlist-consecutive-symbolic", &gettext("Play Queue"));
        let shown: Rc<RefCell<Vec<Upcoming>>> = Rc::default();
        let (input, known, closer) = (sender.clone(), Rc::clone(&shown), popover.downgrade());
        list.connect_row_activated(move |_, row| {
            if let Some(popover) = closer.upgrade() {
                popover.popdown();
            }
            if let Some(place) = place_of(row, &known) {
                input.emit(PlayerInput::Moment(MomentInput::TitleChosen(place)));
            }
        });
        let keys = gtk::EventControllerKey::new();
        let (input, known, rows) = (sender.clone(), Rc::clone(&shown), list.downgrade());
        keys.connect_key_pressed(move |_, key, _, _| {
            let row = rows.upgrade().and_then(|list| list.focus_child()).and_downcast::<gtk::ListBoxRow>();
            match row.filter(|_| key == gdk::Key::Delete).and_then(|row| place_of(&row, &known)) {
                Some(place) => {
                    input.emit(PlayerInput::Moment(MomentInput::TitleRemoved(place)));
                    glib::Propagation::Stop
                }
                None => glib::Propagation::Proceed,
            }
        });
        list.add_controller(keys);
        Self { button, list, shown, input: sender.clone() }
    }

    /// The button.
    pub fn widget(&self) -> &gtk::MenuButton {
        &self.button
    }

    /// Shows what is to come.
    pub fn show(&self, upcoming: &[Upcoming]) {
        if upcoming.is_empty() {
            self.button.popdown();
        }
        self.button.set_visible(!upcoming.is_empty());
        if self.shown.borrow().as_slice() == upcoming {
            return;
        }
        // Rows come and go; the keyboard stays at its place.
        let focused = self.list.focus_child().and_downcast::<gtk::ListBoxRow>().map(|row| row.index());
        self.list.remove_all();
        for title in upcoming {
            self.list.append(&self.row(title));
        }
        self.shown.replace(upcoming.to_vec());
        if let Some(index) = focused {
            let last = i32::try_from(upcoming.len()).unwrap_or(i32::MAX) - 1;
            if let Some(row) = self.list.row_at_index(index.min(last)) {
                row.grab_focus();
            }
        }
    }

    fn row(&self, title: &Upcoming) -> gtk::ListBoxRow {
        let remove = gtk::Button::builder()
            .icon_name("list-remove-symbolic")
            .valign(gtk::Align::Center)
            .css_classes(["flat", "circular"])
            .tooltip_text(gettext("Remove from the Queue"))
            .build();
        let said = gettext("Remove {title}").replace("{title}", &title.title);
        remove.update_property(&[gtk::accessible::Property::Label(&said)]);
        let (input, place) = (self.input.clone(), title.place);
        remove.connect_clicked(move |_| input.emit(PlayerInput::Moment(MomentInput::TitleRemoved(place))));
        let content = gtk::Box::builder().spacing(9).build();
        content.append(&words(&title.title, title.subtitle.as_deref()));
        content.append(&remove);
        let row = gtk::ListBoxRow::builder().child(&content).build();
        let mut name = title.title.clone();
        if let Some(subtitle) = &title.subtitle {
            name = format!("{name}, {subtitle}");
        }
        row.update_property(&[gtk::accessible::Property::Label(&name)]);
        row
    }
}

fn place_of(row: &gtk::ListBoxRow, shown: &RefCell<Vec<Upcoming>>) -> Option<usize> {
    let index = usize::try_from(row.index()).ok()?;
    shown.borrow().get(index).map(|title| title.place)
}
