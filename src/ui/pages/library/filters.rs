//! The dialog of filters. What is chosen holds at once; the list behind it follows.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use adw::prelude::*;
use gettextrs::gettext;
use relm4::Sender;

use super::LibraryInput;
use super::words;
use crate::models::{ItemFacets, ItemFilter, Resolution};

/// Width of the dialog where there is room, in pixels.
const WIDTH: i32 = 400;

/// The dialog.
#[derive(Debug)]
pub(super) struct Filters {
    dialog: adw::Dialog,
    unwatched: adw::SwitchRow,
    in_progress: adw::SwitchRow,
    favourites: adw::SwitchRow,
    genre: Choice<String>,
    decade: Choice<i32>,
    resolution: Choice<Resolution>,
    /// It is being filled: changes are not the user's.
    filling: Rc<Cell<bool>>,
}

/// A row to choose one value or none.
#[derive(Debug)]
struct Choice<T> {
    row: adw::ComboRow,
    values: RefCell<Vec<T>>,
}

impl<T: Clone + PartialEq> Choice<T> {
    fn new(title: &str) -> Self {
        let row = adw::ComboRow::builder().title(title).build();
        row.set_enable_search(true);
        let name =
            gtk::PropertyExpression::new(gtk::StringObject::static_type(), gtk::Expression::NONE, "string");
        row.set_expression(Some(&name));
        Self { row, values: RefCell::default() }
    }

    /// Fills it with values and how many titles have them. One that is chosen and that nothing has stays.
    fn fill(&self, values: &[(T, u32)], chosen: Option<&T>, word: impl Fn(&T) -> String) {
        let missing = chosen.filter(|chosen| values.iter().all(|(value, _)| value != *chosen));
        let known: Vec<(T, u32)> =
            missing.map(|value| (value.clone(), 0)).into_iter().chain(values.iter().cloned()).collect();
        let names: Vec<String> =
            known.iter().map(|(value, count)| format!("{} ({count})", word(value))).collect();
        // Translators: a filter that is not set, so that titles of every genre, decade or resolution are shown.
        let any = gettext("Any");
        let all: Vec<&str> = std::iter::once(any.as_str()).chain(names.iter().map(String::as_str)).collect();
        self.row.set_model(Some(&gtk::StringList::new(&all)));
        let place = known.iter().position(|(value, _)| Some(value) == chosen);
        self.row.set_selected(place.and_then(|place| u32::try_from(place + 1).ok()).unwrap_or(0));
        self.row.set_sensitive(!known.is_empty());
        self.values.replace(known.into_iter().map(|(value, _)| value).collect());
    }

    fn chosen(&self) -> Option<T> {
        let place = (self.row.selected() as usize).checked_sub(1)?;
        self.values.borrow().get(place).cloned()
    }
}

impl Filters {
    /// A dialog that shows a filter and tells of another one.
    pub(super) fn new(filter: &ItemFilter, input: &Sender<LibraryInput>) -> Self {
        let switch =
            |title: &str, active: bool| adw::SwitchRow::builder().title(title).active(active).build();
        let unwatched = switch(&gettext("Unwatched"), filter.unwatched);
        let in_progress = switch(&gettext("In Progress"), filter.in_progress);
        let favourites = switch(&gettext("Favourites"), filter.favourites);
        let (genre, decade) = (Choice::new(&gettext("Genre")), Choice::new(&gettext("Decade")));
        let resolution = Choice::new(&gettext("Resolution"));
        let states = adw::PreferencesGroup::new();
        for row in [&unwatched, &in_progress, &favourites] {
            states.add(row);
        }
        let kinds = adw::PreferencesGroup::new();
        for row in [&genre.row, &decade.row, &resolution.row] {
            kinds.add(row);
        }
        let page = adw::PreferencesPage::new();
        page.add(&states);
        page.add(&kinds);
        let header = adw::HeaderBar::new();
        let clear = gtk::Button::with_label(&gettext("Clear"));
        header.pack_start(&clear);
        let content = adw::ToolbarView::builder().content(&page).build();
        content.add_top_bar(&header);
        let dialog = adw::Dialog::builder()
            .title(gettext("Filter"))
            .child(&content)
            .content_width(WIDTH)
            .presentation_mode(adw::DialogPresentationMode::Auto)
            .build();
        let this = Self {
            dialog,
            unwatched,
            in_progress,
            favourites,
            genre,
            decade,
            resolution,
            filling: Rc::default(),
        };
        this.fill(&ItemFacets::default(), filter);
        this.tell(input);
        let input = input.clone();
        clear.connect_clicked(move |_| input.emit(LibraryInput::FilterChosen(ItemFilter::default())));
        this
    }

    /// Shows it over a page.
    pub(super) fn present(&self, page: &impl IsA<gtk::Widget>) {
        self.dialog.present(Some(page));
    }

    /// Shows what can be chosen.
    pub(super) fn fill(&self, facets: &ItemFacets, filter: &ItemFilter) {
        self.filling.set(true);
        self.genre.fill(&facets.genres, filter.genre.as_ref(), Clone::clone);
        self.decade.fill(&facets.decades, filter.decade.as_ref(), |year| words::decade(*year));
        let resolution = filter.resolution.as_ref();
        self.resolution.fill(&facets.resolutions, resolution, |class| words::resolution(*class));
        self.filling.set(false);
    }

    /// Shows that nothing is filtered.
    pub(super) fn clear(&self) {
        self.filling.set(true);
        for row in [&self.unwatched, &self.in_progress, &self.favourites] {
            row.set_active(false);
        }
        for row in [&self.genre.row, &self.decade.row, &self.resolution.row] {
            row.set_selected(0);
        }
        self.filling.set(false);
    }

    /// What is chosen.
    pub(super) fn filter(&self) -> ItemFilter {
        ItemFilter {
            unwatched: self.unwatched.is_active(),
            in_progress: self.in_progress.is_active(),
            favourites: self.favourites.is_active(),
            genre: self.genre.chosen(),
            decade: self.decade.chosen(),
            resolution: self.resolution.chosen(),
        }
    }

    fn tell(&self, input: &Sender<LibraryInput>) {
        // The page asks for the filter: rows that held the dialog would never let it go.
        for row in [&self.unwatched, &self.in_progress, &self.favourites] {
            let (filling, input) = (Rc::clone(&self.filling), input.clone());
            row.connect_active_notify(move |_| {
                if !filling.get() {
                    input.emit(LibraryInput::FilterEdited);
                }
            });
        }
        for row in [&self.genre.row, &self.decade.row, &self.resolution.row] {
            let (filling, input) = (Rc::clone(&self.filling), input.clone());
            row.connect_selected_notify(move |_| {
                if !filling.get() {
                    input.emit(LibraryInput::FilterEdited);
                }
            });
        }
    }
}
