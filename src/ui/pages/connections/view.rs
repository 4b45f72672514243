//! The widgets of the page. Rows that are there are changed in place, so that nothing flickers or loses the focus.

use std::cell::RefCell;

use adw::prelude::*;
use gettextrs::gettext;
use relm4::Sender;
use tokio::time::Instant;

use super::ConnectionsInput;
use super::changes::ChangesGroup;
use super::content::Content;
use super::row::ConnectionRow;
use crate::models::{ServerUrl, SourceKind};
use crate::services::core::connection::LiveState;
use crate::ui::clock::clock;
use crate::ui::standing::{self, Mark, Notice};
use crate::ui::text;
use crate::ui::widgets::{self, Beacon, MarkIcon, show_notice};

/// The widgets.
#[derive(Debug)]
pub(super) struct ConnectionsView {
    title: adw::WindowTitle,
    banner: adw::Banner,
    icon: MarkIcon,
    state: adw::ActionRow,
    why: adw::ActionRow,
    live: adw::ActionRow,
    statistics: adw::ActionRow,
    automatic: gtk::Button,
    test: gtk::Button,
    spinner: adw::Spinner,
    list: adw::PreferencesGroup,
    rows: RefCell<Vec<ConnectionRow>>,
    address: adw::EntryRow,
    problem: gtk::Label,
    changes: RefCell<ChangesGroup>,
}

impl ConnectionsView {
    pub(super) fn build(
        root: &adw::NavigationPage,
        beacon: &Beacon,
        input: &Sender<ConnectionsInput>,
    ) -> Self {
        let title = adw::WindowTitle::new(&gettext("Connections"), "");
        let header = adw::HeaderBar::builder().title_widget(&title).build();
        let copy = icon_button("edit-copy-symbolic", &gettext("Copy Report"), input, || {
            ConnectionsInput::CopyReport
        });
        header.pack_end(&copy);
        header.pack_end(&beacon.button());
        let banner = adw::Banner::new("");

        let icon = MarkIcon::new();
        let state = row(&gettext("State"));
        state.add_prefix(icon.widget());
        let why = row(&gettext("Why This One"));
        // Translators: whether a server tells at once what other apps change there.
        let live = row(&gettext("Live Updates"));
        let statistics = row(&gettext("Since the Start"));
        let summary = adw::PreferencesGroup::new();
        for row in [&state, &why, &live, &statistics] {
            summary.add(row);
        }

        let automatic = button(&gettext("Automatic"), input, || ConnectionsInput::Pin(None));
        automatic.set_tooltip_text(Some(&gettext("Use the best connection again")));
        let test = button(&gettext("Test Now"), input, || ConnectionsInput::Test);
        let spinner = adw::Spinner::builder().visible(false).build();
        let suffix = gtk::Box::builder().spacing(6).build();
        suffix.append(&spinner);
        suffix.append(&automatic);
        suffix.append(&test);
        let list =
            adw::PreferencesGroup::builder().title(gettext("Connections")).header_suffix(&suffix).build();

        let address = adw::EntryRow::builder()
            .title(gettext("Add an Address"))
            .input_purpose(gtk::InputPurpose::Url)
            .show_apply_button(true)
            .build();
        let to_page = input.clone();
        address.connect_apply(move |entry| {
            let text = entry.text().trim().to_owned();
            if !text.is_empty() {
                to_page.emit(ConnectionsInput::Add(text));
            }
        });
        let problem = gtk::Label::builder()
            .wrap(true)
            .xalign(0.0)
            .margin_top(6)
            .visible(false)
            .css_classes(["error"])
            .accessible_role(gtk::AccessibleRole::Alert)
            .build();
        let add = adw::PreferencesGroup::new();
        add.add(&address);
        add.add(&problem);

        let changes = ChangesGroup::build();
        let page = adw::PreferencesPage::new();
        for group in [&summary, &list, &add, changes.widget()] {
            page.add(group);
        }
        let view = adw::ToolbarView::new();
        view.add_top_bar(&header);
        view.add_top_bar(&banner);
        view.set_content(Some(&page));
        root.set_child(Some(&view));
        Self {
            title,
            banner,
            icon,
            state,
            why,
            live,
            statistics,
            automatic,
            test,
            spinner,
            list,
            rows: RefCell::default(),
            address,
            problem,
            changes: RefCell::new(changes),
        }
    }

    pub(super) fn show(
        &self,
        content: &Content,
        testing: bool,
        root: &adw::NavigationPage,
        input: &Sender<ConnectionsInput>,
    ) {
        root.set_title(&gettext("Connections of {name}").replace("{name}", &content.source.name));
        self.title.set_subtitle(&content.source.name);
        self.show_state(content);
        self.show_statistics(content);
        self.show_testing(testing);
        self.automatic.set_visible(content.is_pinned());
        self.show_rows(content, input);
        self.list.set_visible(content.source.kind != SourceKind::Local);
        self.changes.borrow_mut().show(&content.changes, input);
    }

    /// What changes with every event.
    pub(super) fn show_state(&self, content: &Content) {
        let (source, status) = (&content.source, &content.status);
        self.icon.show(Mark::of(source, status), &standing::tooltip(source, status));
        let mut words = text::capital(&standing::state(source, status));
        if let Some(next) = status.next_check {
            let left = next.saturating_duration_since(Instant::now());
            if !left.is_zero() {
                let next = gettext("Next check within {time}").replace("{time}", &clock(left));
                words = format!("{words}\n{next}");
            }
        }
        self.state.set_subtitle(&words);
        show_notice(&self.banner, Notice::of(source, status).as_ref());
        let why = content.decision.as_ref().and_then(|decision| decision.rule).map(standing::rule);
        let why = why.or_else(|| {
            let chosen = source.connection_url.as_ref()?;
            Some(gettext("{address} was chosen earlier.").replace("{address}", chosen.as_str()))
        });
        self.why.set_visible(why.is_some() && source.kind != SourceKind::Local);
        self.why.set_subtitle(&why.unwrap_or_default());
        let live = live_words(status.live);
        self.live.set_visible(live.is_some());
        self.live.set_subtitle(&live.unwrap_or_default());
    }

    fn show_statistics(&self, content: &Content) {
        let stats = &content.stats;
        self.statistics.set_visible(stats.total_attempts > 0);
        let text = gettext("{n} attempts, {failed} failed")
            .replace("{n}", &stats.total_attempts.to_string())
            .replace("{failed}", &stats.total_failures.to_string());
        self.statistics.set_subtitle(&text);
    }

    fn show_rows(&self, content: &Content, input: &Sender<ConnectionsInput>) {
        let mut rows = self.rows.borrow_mut();
        let same = rows.len() == content.connections.len()
            && rows.iter().zip(&content.connections).all(|(row, report)| *row.uri() == report.connection.uri);
        if !same {
            for row in rows.drain(..) {
                self.list.remove(row.widget());
            }
            for report in &content.connections {
                let row = ConnectionRow::build(&report.connection.uri, input);
                self.list.add(row.widget());
                rows.push(row);
            }
        }
        for (row, report) in rows.iter().zip(&content.connections) {
            row.show(report);
        }
    }

    /// Shows that every connection is being asked.
    pub(super) fn show_testing(&self, testing: bool) {
        self.test.set_sensitive(!testing);
        self.spinner.set_visible(testing);
    }

    /// Shows that an address is being looked at.
    pub(super) fn show_adding(&self) {
        self.problem.set_visible(false);
        self.address.set_sensitive(false);
    }

    /// Shows what came of it; what was typed stays when it did not work.
    pub(super) fn show_added(&self, problem: Option<&str>) {
        self.address.set_sensitive(true);
        self.problem.set_visible(problem.is_some());
        match problem {
            Some(problem) => self.problem.set_label(problem),
            None => self.address.set_text(""),
        }
    }
}

fn row(title: &str) -> adw::ActionRow {
    adw::ActionRow::builder()
        .title(title)
        .use_markup(false)
        .subtitle_lines(4)
        .subtitle_selectable(true)
        .css_classes(["property"])
        .build()
}

fn button(label: &str, input: &Sender<ConnectionsInput>, message: fn() -> ConnectionsInput) -> gtk::Button {
    let button = gtk::Button::builder().label(label).valign(gtk::Align::Center).css_classes(["flat"]).build();
    let input = input.clone();
    button.connect_clicked(move |_| input.emit(message()));
    button
}

fn icon_button(
    icon: &str,
    label: &str,
    input: &Sender<ConnectionsInput>,
    message: fn() -> ConnectionsInput,
) -> gtk::Button {
    let button = widgets::icon_button(icon, label);
    let input = input.clone();
    button.connect_clicked(move |_| input.emit(message()));
    button
}

/// Asks before credentials may travel without encryption, or to where only somebody in the network says that the
/// server is.
pub(super) fn ask_accept(parent: &adw::NavigationPage, uri: &ServerUrl, input: &Sender<ConnectionsInput>) {
    let (heading, body) = if uri.is_tls() || uri.is_loopback() {
        let body = gettext(
            "A computer in this network says that your server is at {address}. Nothing proves it: somebody could collect your sign-in there. Accept it only if you know this address.",
        );
        (gettext("Accept This Address?"), body)
    } else {
        let body = gettext(
            "{address} is not encrypted. Everybody on the way can read what you watch and can use your sign-in. Accept this only in a network that you trust.",
        );
        (gettext("Accept Unencrypted?"), body)
    };
    let dialog = adw::AlertDialog::new(Some(&heading), Some(&body.replace("{address}", uri.as_str())));
    dialog.add_responses(&[("cancel", &gettext("_Cancel")), ("accept", &gettext("_Accept"))]);
    dialog.set_response_appearance("accept", adw::ResponseAppearance::Destructive);
    dialog.set_default_response(Some("cancel"));
    dialog.set_close_response("cancel");
    let (uri, input) = (uri.clone(), input.clone());
    dialog.connect_response(Some("accept"), move |_, _| input.emit(ConnectionsInput::Accept(uri.clone())));
    dialog.present(Some(parent));
}

/// Whether the server tells what other apps change; nothing where it is not asked to.
fn live_words(live: LiveState) -> Option<String> {
    match live {
        LiveState::Off => None,
        LiveState::Connecting => Some(gettext("Connecting…")),
        LiveState::Connected => Some(gettext("Connected: what other apps change shows here at once")),
        LiveState::Waiting => {
            Some(gettext("Not connected: what other apps change shows after the next sync"))
        }
    }
}
