//! The page that waits for somebody who agrees: in the browser, or with the code.

use std::cell::RefCell;

use adw::prelude::*;
use gettextrs::gettext;
use gtk::glib;

use super::messages::PlexInput;
use crate::services::core::auth::{LINK_PAGE, LinkNews, PlexLink};
use crate::ui::clock::clock;
use crate::ui::dialogs::add_source::form::{column, page};

/// The tag of the page.
pub(super) const TAG: &str = "plex-waiting";

/// The page.
#[derive(Debug)]
pub(super) struct WaitingPage {
    page: adw::NavigationPage,
    text: gtk::Label,
    hint: gtk::Label,
    code: gtk::Label,
    spinner: adw::Spinner,
    status: gtk::Label,
    left: gtk::Label,
    copy: gtk::Button,
    browser: gtk::Button,
    fresh: gtk::Button,
    ticking: RefCell<Option<glib::SourceId>>,
}

impl WaitingPage {
    pub(super) fn build(input: &relm4::Sender<PlexInput>) -> Self {
        let text = label(&[]);
        let hint = label(&["dim-label"]);
        let code = gtk::Label::builder()
            .wrap(true)
            .wrap_mode(gtk::pango::WrapMode::Char)
            .css_classes(["title-1", "numeric", "sign-in-code"])
            .build();
        let status = label(&[]);
        let left = label(&["dim-label", "numeric"]);
        let spinner = adw::Spinner::builder().width_request(16).height_request(16).build();
        let waiting = gtk::Box::builder().spacing(8).halign(gtk::Align::Center).build();
        waiting.append(&spinner);
        waiting.append(&status);
        let button = |words: String, message: Option<fn() -> PlexInput>| {
            let button =
                gtk::Button::builder().label(words).halign(gtk::Align::Center).css_classes(["pill"]).build();
            if let Some(message) = message {
                let input = input.clone();
                button.connect_clicked(move |_| input.emit(message()));
            }
            button
        };
        let copy = button(gettext("Copy Code"), None);
        let shown = code.clone();
        copy.connect_clicked(move |button| button.clipboard().set_text(&shown.label()));
        let browser = button(gettext("Open Browser Again"), Some(|| PlexInput::OpenBrowser));
        let fresh = button(gettext("New Code"), Some(|| PlexInput::SignIn));
        fresh.add_css_class("suggested-action");
        let cancel = button(gettext("Cancel"), Some(|| PlexInput::Cancel));
        let content = column();
        let buttons = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(12).build();
        for part in [&browser, &copy, &fresh, &cancel] {
            buttons.append(part);
        }
        for part in [text.upcast_ref::<gtk::Widget>(), hint.upcast_ref(), code.upcast_ref()] {
            content.append(part);
        }
        content.append(&waiting);
        content.append(&left);
        content.append(&buttons);
        let page = page(&gettext("Sign In to Plex"), &content);
        page.set_tag(Some(TAG));
        let ticking = RefCell::default();
        let waiting = Self { page, text, hint, code, spinner, status, left, copy, browser, fresh, ticking };
        waiting.prepare();
        waiting
    }

    pub(super) fn page(&self) -> &adw::NavigationPage {
        &self.page
    }

    /// Before there is a code.
    pub(super) fn prepare(&self) {
        self.stop();
        self.show(true);
        self.code.set_label("");
        self.text.set_label(&gettext("Asking plex.tv for a code…"));
        self.hint.set_label("");
        self.say(LinkNews::Waiting);
        self.left.set_label("");
        for button in [&self.copy, &self.browser] {
            button.set_sensitive(false);
        }
    }

    /// Shows the code, and how long it is good.
    pub(super) fn show_code(&self, link: &PlexLink) {
        self.text.set_label(&gettext("Confirm in the browser that this app may use your account."));
        self.hint.set_label(&at_link_page(&gettext("Or open {page} on any device and enter this code:")));
        self.code.set_label(link.code());
        // Said character by character: a code is no word.
        let spoken: Vec<String> = link.code().chars().map(String::from).collect();
        self.code.update_property(&[gtk::accessible::Property::Label(&spoken.join(" "))]);
        for button in [&self.copy, &self.browser] {
            button.set_sensitive(true);
        }
        self.browser.grab_focus();
        self.tick(link);
    }

    /// What says that no browser could be opened, and that the code is the way.
    pub(super) fn browserless(&self) -> impl FnOnce() + use<> {
        let (text, hint) = (self.text.clone(), self.hint.clone());
        move || {
            text.set_label(&gettext("No browser could be opened on this computer."));
            hint.set_label(&at_link_page(&gettext("Open {page} on any device and enter this code:")));
        }
    }

    /// Says how the waiting goes.
    pub(super) fn say(&self, news: LinkNews) {
        let words = match news {
            LinkNews::Waiting => gettext("Waiting for you to confirm…"),
            LinkNews::NoNetwork => gettext("Waiting for the network…"),
        };
        if self.status.label() != words {
            self.status.set_label(&words);
            self.status.announce(&words, gtk::AccessibleAnnouncementPriority::Medium);
        }
    }

    /// The code is not good any more.
    pub(super) fn expire(&self, sentence: &str) {
        self.stop();
        self.show(false);
        self.code.set_label("");
        self.hint.set_label("");
        self.left.set_label("");
        self.text.set_label("");
        self.status.set_label(sentence);
        self.status.announce(sentence, gtk::AccessibleAnnouncementPriority::High);
        self.fresh.grab_focus();
    }

    /// Ends the counting.
    pub(super) fn stop(&self) {
        if let Some(ticking) = self.ticking.take() {
            ticking.remove();
        }
    }

    /// What is there while it waits, or once that is over.
    fn show(&self, is_waiting: bool) {
        let while_waiting: [&gtk::Widget; 7] = [
            self.spinner.upcast_ref(),
            self.text.upcast_ref(),
            self.hint.upcast_ref(),
            self.code.upcast_ref(),
            self.left.upcast_ref(),
            self.copy.upcast_ref(),
            self.browser.upcast_ref(),
        ];
        for widget in while_waiting {
            widget.set_visible(is_waiting);
        }
        self.fresh.set_visible(!is_waiting);
    }

    /// Counts down what is left.
    fn tick(&self, link: &PlexLink) {
        self.stop();
        let (left, link) = (self.left.clone(), link.clone());
        let show = move || {
            let time = clock(link.remaining());
            left.set_label(&gettext("The code is good for {time}.").replace("{time}", &time));
        };
        show();
        let second = move || {
            show();
            glib::ControlFlow::Continue
        };
        self.ticking.replace(Some(glib::timeout_add_seconds_local(1, second)));
    }
}

impl Drop for WaitingPage {
    fn drop(&mut self) {
        self.stop();
    }
}

fn at_link_page(words: &str) -> String {
    words.replace("{page}", LINK_PAGE)
}

fn label(classes: &[&str]) -> gtk::Label {
    gtk::Label::builder()
        .wrap(true)
        .justify(gtk::Justification::Center)
        .halign(gtk::Align::Center)
        .css_classes(classes.to_vec())
        .build()
}
