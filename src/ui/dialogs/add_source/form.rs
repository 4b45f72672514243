//! What the forms of the dialog have in common: a page, a button that waits, a sentence when it fails.

use std::rc::Rc;

use adw::prelude::*;

/// A page of the dialog around some content.
pub(super) fn page(title: &str, content: &impl IsA<gtk::Widget>) -> adw::NavigationPage {
    let page = adw::NavigationPage::builder().build();
    fill_page(&page, title, content);
    page
}

/// Gives a page its title and content.
pub(super) fn fill_page(page: &adw::NavigationPage, title: &str, content: &impl IsA<gtk::Widget>) {
    let clamp = adw::Clamp::builder()
        .maximum_size(420)
        .child(content)
        .margin_top(18)
        .margin_bottom(18)
        .margin_start(18)
        .margin_end(18)
        .build();
    let scroller =
        gtk::ScrolledWindow::builder().hscrollbar_policy(gtk::PolicyType::Never).child(&clamp).build();
    let view = adw::ToolbarView::new();
    view.add_top_bar(&adw::HeaderBar::new());
    view.set_content(Some(&scroller));
    page.set_title(title);
    page.set_child(Some(&view));
}

/// Where a page says why something did not work; not seen until then.
pub(super) fn problem() -> gtk::Label {
    gtk::Label::builder()
        .wrap(true)
        .xalign(0.0)
        .visible(false)
        .css_classes(["error"])
        .accessible_role(gtk::AccessibleRole::Alert)
        .build()
}

/// Whenever a page comes to the front, Enter presses `button`, and `focus` has the keyboard.
pub(super) fn when_shown(page: &adw::NavigationPage, button: &gtk::Button, focus: &impl IsA<gtk::Widget>) {
    let focus = focus.clone().upcast::<gtk::Widget>();
    when_shown_with(page, button, move || focus.clone());
}

/// [`when_shown`] for a page on which it depends what has the keyboard.
pub(super) fn when_shown_with(
    page: &adw::NavigationPage,
    button: &gtk::Button,
    focus: impl Fn() -> gtk::Widget + 'static,
) {
    let (button, focus) = (button.clone(), Rc::new(focus));
    // The navigation and the dialog move the focus themselves while they show the page: ours comes after that.
    let take = move || {
        let focus = Rc::clone(&focus);
        gtk::glib::idle_add_local_once(move || {
            let _taken = focus().grab_focus();
        });
    };
    let when_mapped = take.clone();
    page.connect_map(move |_| when_mapped());
    page.connect_shown(move |page| {
        let dialog = page.ancestor(adw::Dialog::static_type()).and_downcast::<adw::Dialog>();
        if let Some(dialog) = dialog {
            dialog.set_default_widget(Some(&button));
        }
        take();
    });
}

/// The foot of a form.
#[derive(Debug, Clone)]
pub(super) struct Form {
    root: gtk::Box,
    problem: gtk::Label,
    button: gtk::Button,
    spinner: adw::Spinner,
}

impl Form {
    /// A foot whose button does `act`.
    pub(super) fn new(label: &str, act: impl Fn() + 'static) -> Self {
        let problem = problem();
        let spinner = adw::Spinner::builder().visible(false).build();
        let content = gtk::Box::builder().spacing(8).halign(gtk::Align::Center).build();
        content.append(&spinner);
        let words = gtk::Label::new(Some(label));
        content.append(&words);
        let button = gtk::Button::builder()
            .child(&content)
            .halign(gtk::Align::Center)
            .css_classes(["pill", "suggested-action"])
            .build();
        button.update_property(&[gtk::accessible::Property::Label(label)]);
        button.connect_clicked(move |_| act());
        let root = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(18).build();
        root.append(&problem);
        root.append(&button);
        Self { root, problem, button, spinner }
    }

    pub(super) fn widget(&self) -> &gtk::Box {
        &self.root
    }

    pub(super) fn button(&self) -> &gtk::Button {
        &self.button
    }

    /// Shows that it works on it.
    pub(super) fn wait(&self) {
        self.problem.set_visible(false);
        self.button.set_sensitive(false);
        self.spinner.set_visible(true);
    }

    /// Shows why it did not work; what was typed stays.
    pub(super) fn fail(&self, sentence: &str) {
        self.problem.set_label(sentence);
        self.problem.set_visible(true);
        self.ready();
    }

    /// As it began: nothing was tried yet.
    pub(super) fn reset(&self) {
        self.problem.set_visible(false);
        self.ready();
    }

    /// Takes input again.
    pub(super) fn ready(&self) {
        self.button.set_sensitive(true);
        self.spinner.set_visible(false);
    }
}

/// Rows of a form.
pub(super) fn rows(list: &[&adw::EntryRow]) -> gtk::ListBox {
    let group =
        gtk::ListBox::builder().selection_mode(gtk::SelectionMode::None).css_classes(["boxed-list"]).build();
    for row in list {
        group.append(*row);
    }
    group
}

/// A form's column.
pub(super) fn column() -> gtk::Box {
    gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(18).build()
}
