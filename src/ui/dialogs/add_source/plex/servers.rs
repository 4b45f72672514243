//! The page with the servers of an account, to be checked and added; what became of each is said in its row.

use std::cell::RefCell;
use std::rc::Rc;

use adw::prelude::*;
use gettextrs::gettext;
use gtk::glib;

use super::choices::{Choice, MANY, Section};
use super::messages::PlexInput;
use crate::backends::plex::tv::PlexServer;
use crate::ui::dialogs::add_source::form::{Form, column, page};

/// The tag of the page.
pub(super) const TAG: &str = "plex-servers";

/// So many rows are made at a time: the window answers in between.
const AT_A_TIME: usize = 25;

/// The page.
#[derive(Debug)]
pub(super) struct ServersPage {
    page: adw::NavigationPage,
    account: gtk::Label,
    search: gtk::SearchEntry,
    content: Rc<Content>,
    form: Form,
}

/// What changes in it.
#[derive(Debug)]
struct Content {
    groups: [Group; 3],
    nothing: gtk::Label,
    choices: RefCell<Vec<Choice>>,
    rows: RefCell<Vec<Row>>,
    text: RefCell<String>,
    filling: RefCell<Option<glib::SourceId>>,
}

/// The servers of a section.
#[derive(Debug)]
struct Group {
    section: Section,
    root: gtk::Box,
    list: gtk::ListBox,
}

#[derive(Debug)]
struct Row {
    root: adw::ActionRow,
    check: gtk::CheckButton,
    mark: gtk::Image,
}

impl ServersPage {
    pub(super) fn build(input: &relm4::Sender<PlexInput>) -> Self {
        let account = gtk::Label::builder()
            .wrap(true)
            .wrap_mode(gtk::pango::WrapMode::WordChar)
            .xalign(0.0)
            .css_classes(["dim-label"])
            .build();
        let search = gtk::SearchEntry::builder().placeholder_text(gettext("Search servers")).build();
        search.update_property(&[gtk::accessible::Property::Label(&gettext("Search servers"))]);
        let groups = [Section::Yours, Section::Home, Section::Shared].map(Group::build);
        let nothing = gtk::Label::builder()
            .label(gettext("No server has this name."))
            .wrap(true)
            .css_classes(["dim-label"])
            .build();
        let act = input.clone();
        let form = Form::new(&gettext("Add Servers"), move || act.emit(PlexInput::AddServers));
        let column = column();
        column.append(&account);
        column.append(&search);
        for group in &groups {
            column.append(&group.root);
        }
        column.append(&nothing);
        let page = page(&gettext("Choose Servers"), &column);
        if let Some(view) = page.child().and_downcast::<adw::ToolbarView>() {
            // Seen however long the list is.
            view.add_bottom_bar(&foot(&form));
        }
        page.set_tag(Some(TAG));
        let content = Rc::new(Content {
            groups,
            nothing,
            choices: RefCell::default(),
            rows: RefCell::default(),
            text: RefCell::default(),
            filling: RefCell::default(),
        });
        let shown = Rc::downgrade(&content);
        search.connect_search_changed(move |entry| {
            if let Some(content) = shown.upgrade() {
                content.text.replace(entry.text().into());
                content.show_matches();
            }
        });
        let first = Rc::downgrade(&content);
        let default = form.button().clone();
        page.connect_shown(move |page| {
            let dialog = page.ancestor(adw::Dialog::static_type()).and_downcast::<adw::Dialog>();
            if let Some(dialog) = dialog {
                dialog.set_default_widget(Some(&default));
            }
            let Some(content) = first.upgrade() else { return };
            if let Some(row) = content.rows.borrow().iter().find(|row| row.root.is_sensitive()) {
                row.check.grab_focus();
            }
        });
        Self { page, account, search, content, form }
    }

    pub(super) fn page(&self) -> &adw::NavigationPage {
        &self.page
    }

    pub(super) fn form(&self) -> &Form {
        &self.form
    }

    /// Shows the servers of an account.
    pub(super) fn fill(&self, account: &str, choices: Vec<Choice>) {
        let is_all_added = choices.iter().all(|choice| choice.is_added);
        let words = if is_all_added {
            gettext("Signed in as {name}. Every server of this account was added.")
        } else {
            gettext("Signed in as {name}")
        };
        self.account.set_label(&words.replace("{name}", account));
        self.search.set_visible(choices.len() >= MANY);
        self.search.set_text("");
        self.form.reset();
        self.form.button().set_sensitive(!is_all_added);
        self.content.fill(choices);
    }

    /// The places and the servers that are checked; says so when there is none.
    pub(super) fn chosen(&self) -> Option<(Vec<usize>, Vec<PlexServer>)> {
        let chosen: (Vec<usize>, Vec<PlexServer>) = self.content.chosen().into_iter().unzip();
        if chosen.0.is_empty() {
            self.form.fail(&gettext("Choose at least one server."));
            return None;
        }
        Some(chosen)
    }

    /// Shows that they are being added.
    pub(super) fn wait(&self) {
        self.form.wait();
        self.content.set_sensitive(false);
    }

    /// Lets the user choose again.
    pub(super) fn ready(&self) {
        self.form.ready();
        self.content.set_sensitive(true);
    }

    /// Says in the row of a server what became of it: nothing is the best.
    pub(super) fn show_outcome(&self, place: usize, problem: Option<&str>) {
        let mut choices = self.content.choices.borrow_mut();
        let rows = self.content.rows.borrow();
        let (Some(choice), Some(row)) = (choices.get_mut(place), rows.get(place)) else { return };
        choice.is_added = problem.is_none();
        row.show(choice, problem);
    }
}

/// The foot of the page around its form.
fn foot(form: &Form) -> adw::Clamp {
    adw::Clamp::builder()
        .maximum_size(420)
        .child(form.widget())
        .margin_top(12)
        .margin_bottom(12)
        .margin_start(18)
        .margin_end(18)
        .build()
}

impl Group {
    fn build(section: Section) -> Self {
        let title = gtk::Label::builder()
            .label(section.title())
            .xalign(0.0)
            .css_classes(["heading"])
            .accessible_role(gtk::AccessibleRole::Heading)
            .build();
        let list = gtk::ListBox::builder()
            .selection_mode(gtk::SelectionMode::None)
            .css_classes(["boxed-list"])
            .build();
        list.update_property(&[gtk::accessible::Property::Label(&section.title())]);
        let root =
            gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(6).visible(false).build();
        root.append(&title);
        root.append(&list);
        Self { section, root, list }
    }
}

impl Row {
    fn build(choice: &Choice) -> Self {
        let check = gtk::CheckButton::builder()
            .active(choice.is_wanted || choice.is_added)
            .valign(gtk::Align::Center)
            .build();
        check.update_property(&[gtk::accessible::Property::Label(&choice.name())]);
        let root = adw::ActionRow::builder()
            .title(choice.name())
            .use_markup(false)
            .title_lines(2)
            .activatable_widget(&check)
            .build();
        root.add_prefix(&check);
        let mark = gtk::Image::new();
        root.add_suffix(&mark);
        let row = Self { root, check, mark };
        row.show(choice, None);
        row
    }

    /// Shows how it stands with a server, or why it was not added.
    fn show(&self, choice: &Choice, problem: Option<&str>) {
        self.root.set_subtitle(&problem.map_or_else(|| choice.subtitle(), str::to_owned));
        self.root.set_sensitive(!choice.is_added);
        // Assistive technology asks the control itself.
        self.check.set_sensitive(!choice.is_added);
        self.mark.set_visible(choice.is_added || problem.is_some());
        let icon = if choice.is_added { "object-select-symbolic" } else { "dialog-warning-symbolic" };
        self.mark.set_icon_name(Some(icon));
        if problem.is_some() {
            self.mark.add_css_class("warning");
        } else {
            self.mark.remove_css_class("warning");
        }
    }
}

impl Content {
    fn fill(self: &Rc<Self>, choices: Vec<Choice>) {
        self.stop();
        for group in &self.groups {
            group.list.remove_all();
        }
        self.rows.borrow_mut().clear();
        self.choices.replace(choices);
        if !self.fill_some() {
            return;
        }
        let content = Rc::downgrade(self);
        let more = move || {
            let Some(content) = content.upgrade() else { return glib::ControlFlow::Break };
            if content.fill_some() {
                return glib::ControlFlow::Continue;
            }
            // It ends by itself: nobody else may end it.
            content.filling.take();
            glib::ControlFlow::Break
        };
        self.filling.replace(Some(glib::idle_add_local(more)));
    }

    /// Makes the next rows; tells whether there are more.
    fn fill_some(&self) -> bool {
        let choices = self.choices.borrow();
        let mut rows = self.rows.borrow_mut();
        for choice in choices.iter().skip(rows.len()).take(AT_A_TIME) {
            let row = Row::build(choice);
            if let Some(group) = self.groups.iter().find(|group| group.section == choice.section) {
                group.list.append(&row.root);
            }
            rows.push(row);
        }
        let is_more = rows.len() < choices.len();
        drop((choices, rows));
        self.show_matches();
        is_more
    }

    /// Shows the rows that the search finds, and the sections that have some.
    fn show_matches(&self) {
        let (text, choices) = (self.text.borrow(), self.choices.borrow());
        let mut filled: Vec<Section> = Vec::new();
        for (choice, row) in choices.iter().zip(self.rows.borrow().iter()) {
            let is_found = choice.matches(&text);
            row.root.set_visible(is_found);
            if is_found {
                filled.push(choice.section);
            }
        }
        for group in &self.groups {
            group.root.set_visible(filled.contains(&group.section));
        }
        self.nothing.set_visible(filled.is_empty());
    }

    fn chosen(&self) -> Vec<(usize, PlexServer)> {
        let (choices, rows) = (self.choices.borrow(), self.rows.borrow());
        let is_chosen = |place: usize, choice: &Choice| {
            let checked = rows.get(place).map_or(choice.is_wanted, |row| row.check.is_active());
            checked && !choice.is_added
        };
        let chosen = choices.iter().enumerate().filter(|(place, choice)| is_chosen(*place, choice));
        chosen.map(|(place, choice)| (place, choice.server.clone())).collect()
    }

    fn set_sensitive(&self, sensitive: bool) {
        for group in &self.groups {
            group.list.set_sensitive(sensitive);
        }
    }

    fn stop(&self) {
        if let Some(filling) = self.filling.take() {
            filling.remove();
        }
    }
}

impl Drop for Content {
    fn drop(&mut self) {
        self.stop();
    }
}
