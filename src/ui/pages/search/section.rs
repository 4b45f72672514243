//! A group of results: a heading and cards. Widgets are used again for the results of the next letter: typing makes
//! and throws away nothing.

use std::cell::RefCell;
use std::rc::Rc;

use adw::prelude::*;
use gettextrs::gettext;
use relm4::Sender;

use super::SearchInput;
use super::messages::{Group, Target};
use super::person::Person;
use crate::models::Item;
use crate::services::AppContext;
use crate::services::core::library::ShelfCard;
use crate::services::core::search::FoundPerson;
use crate::ui::widgets::{CARD_PADDING, Card, CardShape, Sight};
use crate::ui::{shelf_text, text};

/// Height of a heading, in pixels: that of a button beside it, so that nothing moves when one comes.
const HEAD_HEIGHT: i32 = 34;

/// What a place in a group shows.
#[derive(Debug)]
pub(super) enum Entry<'a> {
    /// A title, and where it leads.
    Title(&'a Item, Target),
    /// A collection or playlist.
    Shelf(&'a ShelfCard),
    /// A person.
    Person(&'a FoundPerson),
}

type Leads = Rc<RefCell<Option<Target>>>;

#[derive(Debug)]
enum Face {
    Card(Card),
    Person(Person),
}

/// A place for one result.
#[derive(Debug)]
struct Slot {
    face: Face,
    button: gtk::Button,
    leads: Leads,
    /// Whether its group holds titles of all kinds.
    is_mixed: bool,
}

/// A group.
#[derive(Debug)]
pub(super) struct Section {
    group: Group,
    whole: gtk::Box,
    heading: gtk::Label,
    more: gtk::Button,
    grid: adw::WrapBox,
    slots: Vec<Slot>,
    sight: Sight,
    input: Sender<SearchInput>,
}

impl Section {
    /// An empty group.
    pub(super) fn new(group: Group, sight: &Sight, input: &Sender<SearchInput>) -> Self {
        let heading = gtk::Label::builder()
            .xalign(0.0)
            .hexpand(true)
            .ellipsize(gtk::pango::EllipsizeMode::End)
            .margin_start(CARD_PADDING)
            .css_classes(["title-3"])
            .accessible_role(gtk::AccessibleRole::Heading)
            .build();
        // A label that the button makes itself would be its name for screen readers, the same for every group.
        let words = gtk::Label::new(Some(&gettext("Show All")));
        let more = gtk::Button::builder()
            .child(&words)
            .css_classes(["flat"])
            .valign(gtk::Align::Center)
            .visible(false)
            .build();
        let head = gtk::Box::builder().spacing(6).height_request(HEAD_HEIGHT).build();
        head.append(&heading);
        head.append(&more);
        let grid = adw::WrapBox::builder().child_spacing(6).line_spacing(12).build();
        let whole =
            gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(6).visible(false).build();
        whole.append(&head);
        whole.append(&grid);
        let wanted = input.clone();
        more.connect_clicked(move |_| wanted.emit(SearchInput::ShowAll(group)));
        let (sight, input) = (sight.clone(), input.clone());
        Self { group, whole, heading, more, grid, slots: Vec::new(), sight, input }
    }

    /// Which group.
    pub(super) fn group(&self) -> Group {
        self.group
    }

    /// The widget.
    pub(super) fn widget(&self) -> &gtk::Box {
        &self.whole
    }

    /// Shows these results under a title.
    pub(super) fn show(&mut self, ctx: &AppContext, title: &str, entries: &[Entry<'_>], has_more: bool) {
        self.heading.set_label(title);
        // Translators: {group} is the title of a group of search results, as "Films".
        let label = gettext("Show All: {group}").replace("{group}", title);
        self.more.update_property(&[gtk::accessible::Property::Label(&label)]);
        self.more.set_visible(has_more);
        while self.slots.len() < entries.len() {
            let slot = Slot::new(self.group, &self.sight, &self.input);
            self.grid.append(&slot.button);
            self.slots.push(slot);
        }
        for (place, slot) in self.slots.iter().enumerate() {
            match entries.get(place) {
                Some(entry) => slot.show(ctx, entry),
                None => slot.clear(),
            }
        }
        self.whole.set_visible(!entries.is_empty());
    }

    /// Shows nothing.
    pub(super) fn clear(&self) {
        self.whole.set_visible(false);
        self.slots.iter().for_each(Slot::clear);
    }

    /// Where its first result leads.
    pub(super) fn first(&self) -> Option<Target> {
        self.slots.first().filter(|_| self.whole.is_visible())?.leads.borrow().clone()
    }

    /// Takes the focus to its first result; tells whether there is one.
    pub(super) fn focus(&self) -> bool {
        let first = self.slots.first().filter(|slot| self.whole.is_visible() && slot.button.is_visible());
        first.is_some_and(|slot| slot.button.grab_focus())
    }
}

impl Slot {
    fn new(group: Group, sight: &Sight, input: &Sender<SearchInput>) -> Self {
        let leads = Leads::default();
        let (target, input) = (Rc::clone(&leads), input.clone());
        let clicked = move || {
            if let Some(target) = target.borrow().clone() {
                input.emit(SearchInput::Open(target));
            }
        };
        let (face, button) = if group == Group::People {
            let person = Person::new(sight);
            let button = person.clone().into_button(clicked);
            (Face::Person(person), button)
        } else {
            let card = Card::new(shape(group), sight);
            let button = card.clone().into_button(clicked);
            (Face::Card(card), button)
        };
        Self { face, button, leads, is_mixed: matches!(group, Group::Elsewhere(_)) }
    }

    fn show(&self, ctx: &AppContext, entry: &Entry<'_>) {
        let label = match (&self.face, entry) {
            (Face::Card(card), Entry::Title(item, target)) => {
                if self.is_mixed {
                    card.reshape(CardShape::among_posters(item.record.kind));
                }
                card.show(ctx, item);
                self.leads.replace(Some(target.clone()));
                text::card_label(item)
            }
            (Face::Card(card), Entry::Shelf(shelf)) => {
                card.show_shelf(ctx, shelf);
                self.leads.replace(Some(Target::Shelf(shelf.shelf.id, shelf.shelf.kind)));
                shelf_text::label(shelf)
            }
            (Face::Person(tile), Entry::Person(person)) => {
                self.leads.replace(Some(Target::Person(person.name.clone())));
                tile.show(ctx, person)
            }
            // A group holds one kind of entry.
            (Face::Card(_), Entry::Person(_)) | (Face::Person(_), Entry::Title(..) | Entry::Shelf(_)) => {
                return self.clear();
            }
        };
        self.button.update_property(&[gtk::accessible::Property::Label(&label)]);
        self.button.set_visible(true);
    }

    fn clear(&self) {
        self.button.set_visible(false);
        self.leads.take();
        match &self.face {
            Face::Card(card) => card.clear(),
            Face::Person(person) => person.clear(),
        }
    }
}

/// The form of the cards of a group.
fn shape(group: Group) -> CardShape {
    match group {
        Group::Titles(kind) => CardShape::of(kind),
        Group::Shelves(_) | Group::People | Group::Elsewhere(_) => CardShape::Poster,
    }
}
