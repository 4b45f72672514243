//! The page of a code that is approved elsewhere.

use std::cell::RefCell;
use std::time::Duration;

use adw::prelude::*;
use gettextrs::{gettext, ngettext};
use gtk::glib;
use relm4::ComponentSender;

use super::super::form::{column, fill_page, when_shown};
use super::{JellyfinInput, JellyfinWay};

/// The page.
#[derive(Debug)]
pub(super) struct CodePage {
    page: adw::NavigationPage,
    steps: gtk::Stack,
    code: gtk::Label,
    left: gtk::Label,
    problem: gtk::Label,
    /// Shows the time that is left, each second while the page is there.
    clock: RefCell<Option<glib::SourceId>>,
}

impl CodePage {
    pub(super) fn build(sender: &ComponentSender<JellyfinWay>) -> Self {
        let code = gtk::Label::builder()
            .selectable(true)
            .css_classes(["title-1", "numeric", "sign-in-code"])
            .build();
        let left = gtk::Label::builder().wrap(true).css_classes(["dim-label", "numeric"]).build();
        let problem = gtk::Label::builder()
            .wrap(true)
            .justify(gtk::Justification::Center)
            .css_classes(["error"])
            .accessible_role(gtk::AccessibleRole::Alert)
            .build();
        let copy = button(&gettext("Copy Code"));
        let shown = code.clone();
        copy.connect_clicked(move |button| button.clipboard().set_text(&shown.label()));
        let fresh = button(&gettext("New Code"));
        let input = sender.input_sender().clone();
        fresh.connect_clicked(move |_| input.emit(JellyfinInput::QuickConnect));
        let steps = gtk::Stack::builder().vhomogeneous(false).build();
        let asking = column();
        asking.append(&adw::Spinner::builder().width_request(32).height_request(32).build());
        steps.add_named(&asking, Some("asking"));
        steps.add_named(&waiting(&code, &left, &copy), Some("waiting"));
        let over = column();
        over.append(&problem);
        over.append(&fresh);
        steps.add_named(&over, Some("over"));
        let cancel = button(&gettext("Cancel"));
        let input = sender.input_sender().clone();
        cancel.connect_clicked(move |_| input.emit(JellyfinInput::CancelCode));
        let content = column();
        content.append(&steps);
        content.append(&cancel);
        let page = adw::NavigationPage::builder().build();
        fill_page(&page, &gettext("Quick Connect"), &content);
        when_shown(&page, &copy, &copy);
        Self { page, steps, code, left, problem, clock: RefCell::default() }
    }

    pub(super) fn page(&self) -> &adw::NavigationPage {
        &self.page
    }

    /// Shows that a code is asked for.
    pub(super) fn ask(&self) {
        self.stop();
        self.steps.set_visible_child_name("asking");
    }

    /// Shows a code, and from now on each second how long it is good.
    pub(super) fn show(&self, code: &str, left: Duration, sender: &ComponentSender<JellyfinWay>) {
        self.code.set_label(code);
        // One by one: a number of six digits is not what has to be typed.
        self.code.update_property(&[gtk::accessible::Property::Label(&one_by_one(code))]);
        self.show_left(left);
        self.steps.set_visible_child_name("waiting");
        self.stop();
        let input = sender.input_sender().clone();
        let clock = glib::timeout_add_seconds_local(1, move || match input.send(JellyfinInput::Tick) {
            Ok(()) => glib::ControlFlow::Continue,
            Err(_) => glib::ControlFlow::Break,
        });
        self.clock.replace(Some(clock));
    }

    /// Shows how long the code is good.
    pub(super) fn show_left(&self, left: Duration) {
        let text = left_words(left);
        if self.left.label() != text {
            self.left.set_label(&text);
        }
    }

    /// Shows why the code is no longer good, and offers another.
    pub(super) fn fail(&self, sentence: &str) {
        self.stop();
        self.problem.set_label(sentence);
        self.steps.set_visible_child_name("over");
    }

    /// Stops the clock.
    pub(super) fn stop(&self) {
        if let Some(clock) = self.clock.take() {
            clock.remove();
        }
    }
}

impl Drop for CodePage {
    fn drop(&mut self) {
        self.stop();
    }
}

fn waiting(code: &gtk::Label, left: &gtk::Label, copy: &gtk::Button) -> gtk::Box {
    let text = gtk::Label::builder()
        .label(gettext(
            "Where you are signed in to this server already, open Quick Connect in the settings and enter this code:",
        ))
        .wrap(true)
        .justify(gtk::Justification::Center)
        .build();
    let whole = column();
    whole.append(&text);
    whole.append(code);
    whole.append(left);
    whole.append(copy);
    whole
}

fn button(label: &str) -> gtk::Button {
    gtk::Button::builder().label(label).halign(gtk::Align::Center).css_classes(["pill"]).build()
}

/// The digits of a code, to be spoken.
fn one_by_one(code: &str) -> String {
    code.chars().map(String::from).collect::<Vec<_>>().join(" ")
}

/// How long a code is good, in words that change once a minute, at the end once a second.
fn left_words(left: Duration) -> String {
    let seconds = u32::try_from(left.as_secs()).unwrap_or(u32::MAX);
    if seconds >= 60 {
        let minutes = seconds.div_ceil(60);
        ngettext("Good for {n} more minute", "Good for {n} more minutes", minutes)
            .replace("{n}", &minutes.to_string())
    } else {
        ngettext("Good for {n} more second", "Good for {n} more seconds", seconds)
            .replace("{n}", &seconds.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_spoken_digit_by_digit() {
        assert_eq!(one_by_one("402913"), "4 0 2 9 1 3");
    }

    #[test]
    fn the_time_that_is_left_is_said_in_minutes_and_then_in_seconds() {
        for (seconds, words) in [
            (600, "Good for 10 more minutes"),
            (599, "Good for 10 more minutes"),
            (60, "Good for 1 more minute"),
            (59, "Good for 59 more seconds"),
            (1, "Good for 1 more second"),
            (0, "Good for 0 more seconds"),
        ] {
            assert_eq!(left_words(Duration::from_secs(seconds)), words);
        }
    }
}
