//! Changes on their way to a source: those that need a person, and how many others wait.

use adw::prelude::*;
use gettextrs::{gettext, ngettext};
use relm4::Sender;

use super::ConnectionsInput;
use super::content::Change;
use crate::db::OutboxState;
use crate::models::{OperationId, OutboxChange};
use crate::ui::clock::clock;
use crate::ui::error_text;

/// The group.
#[derive(Debug)]
pub(super) struct ChangesGroup {
    group: adw::PreferencesGroup,
    rows: Vec<adw::ActionRow>,
    shown: Vec<Change>,
}

impl ChangesGroup {
    pub(super) fn build() -> Self {
        let group = adw::PreferencesGroup::builder()
            .title(gettext("Changes on Their Way"))
            .description(gettext("What you did here and the server does not know yet."))
            .visible(false)
            .build();
        Self { group, rows: Vec::new(), shown: Vec::new() }
    }

    pub(super) fn widget(&self) -> &adw::PreferencesGroup {
        &self.group
    }

    pub(super) fn show(&mut self, changes: &[Change], input: &Sender<ConnectionsInput>) {
        self.group.set_visible(!changes.is_empty());
        if self.shown == changes {
            return;
        }
        for row in self.rows.drain(..) {
            self.group.remove(&row);
        }
        let stuck = || changes.iter().filter(|change| change.row.state == OutboxState::Stuck);
        for change in stuck() {
            let row = stuck_row(change, input);
            self.group.add(&row);
            self.rows.push(row);
        }
        let waiting = changes.len() - stuck().count();
        if waiting > 0 {
            let number = u32::try_from(waiting).unwrap_or(u32::MAX);
            let text = ngettext("{n} change waits for the server", "{n} changes wait for the server", number);
            let row = adw::ActionRow::builder().title(text.replace("{n}", &waiting.to_string())).build();
            self.group.add(&row);
            self.rows.push(row);
        }
        self.shown = changes.to_vec();
    }
}

fn stuck_row(change: &Change, input: &Sender<ConnectionsInput>) -> adw::ActionRow {
    let title = if change.title.is_empty() { gettext("A title that is gone") } else { change.title.clone() };
    let mut subtitle = describe(&change.row.change);
    if let Some(kind) = change.row.last_error.as_deref().and_then(error_text::stored_kind) {
        subtitle = format!("{subtitle}\n{}", error_text::kind_sentence(kind));
    }
    let row = adw::ActionRow::builder()
        .title(title)
        .subtitle(subtitle)
        .use_markup(false)
        .title_lines(2)
        .subtitle_lines(3)
        .build();
    row.add_prefix(&gtk::Image::from_icon_name("dialog-warning-symbolic"));
    let operation = change.row.op_id;
    for (label, message) in [
        (gettext("Retry"), ConnectionsInput::RetryChange as fn(OperationId) -> ConnectionsInput),
        (gettext("Discard"), ConnectionsInput::AskDiscard),
    ] {
        let button =
            gtk::Button::builder().label(label).valign(gtk::Align::Center).css_classes(["flat"]).build();
        let input = input.clone();
        button.connect_clicked(move |_| input.emit(message(operation)));
        row.add_suffix(&button);
    }
    row
}

fn describe(change: &OutboxChange) -> String {
    match change {
        OutboxChange::Position { position, .. } => {
            gettext("Left at {time}").replace("{time}", &clock(*position))
        }
        OutboxChange::Watched { watched: true, .. } => gettext("Marked as watched"),
        OutboxChange::Watched { watched: false, .. } => gettext("Marked as not watched"),
        OutboxChange::Favourite { favourite: true } => gettext("Made a favourite"),
        OutboxChange::Favourite { favourite: false } => gettext("No longer a favourite"),
        OutboxChange::Rating { rating: Some(_) } => gettext("Rated"),
        OutboxChange::Rating { rating: None } => gettext("Rating taken back"),
    }
}

/// Asks before a change is given up.
pub(super) fn ask_discard(
    parent: &adw::NavigationPage,
    operation: OperationId,
    input: &Sender<ConnectionsInput>,
) {
    let body = gettext(
        "The server will not learn of it. What you see here stays as it is until the library is read again.",
    );
    let dialog = adw::AlertDialog::new(Some(&gettext("Discard This Change?")), Some(&body));
    dialog.add_responses(&[("cancel", &gettext("_Cancel")), ("discard", &gettext("_Discard"))]);
    dialog.set_response_appearance("discard", adw::ResponseAppearance::Destructive);
    dialog.set_default_response(Some("cancel"));
    dialog.set_close_response("cancel");
    let input = input.clone();
    dialog.connect_response(Some("discard"), move |_, _| input.emit(ConnectionsInput::Discard(operation)));
    dialog.present(Some(parent));
}
