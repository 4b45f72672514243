//! One source in the list.

use adw::prelude::*;
use gettextrs::{gettext, ngettext};
use gtk::gio;
use relm4::ComponentSender;

use super::{Activity, SourcesInput, SourcesPage};
use crate::models::{SourceId, SourceKind};
use crate::services::core::connection::SourceStatus;
use crate::services::core::library::SourceLibraries;
use crate::ui::standing::{self, Mark};
use crate::ui::widgets::{MarkIcon, more_actions};
use crate::ui::{error_text, text};

/// The row of a source.
#[derive(Debug)]
pub(super) struct SourceRow {
    row: adw::ActionRow,
    icon: gtk::Image,
    mark: MarkIcon,
    actions: gio::SimpleActionGroup,
    sync: gtk::Button,
    progress: gtk::ProgressBar,
}

impl SourceRow {
    pub(super) fn build(id: SourceId, sender: &ComponentSender<SourcesPage>) -> Self {
        let row = adw::ActionRow::builder().use_markup(false).subtitle_lines(4).build();
        let icon = gtk::Image::new();
        let mark = MarkIcon::new();
        // One below the other: in a narrow window the words need the width.
        let prefix = gtk::Box::builder()
            .orientation(gtk::Orientation::Vertical)
            .spacing(9)
            .valign(gtk::Align::Center)
            .build();
        prefix.append(&icon);
        prefix.append(mark.widget());
        row.add_prefix(&prefix);
        let progress =
            gtk::ProgressBar::builder().valign(gtk::Align::Center).width_request(72).visible(false).build();
        progress.update_property(&[gtk::accessible::Property::Label(&gettext("Progress"))]);
        row.add_suffix(&progress);
        let sync = button("view-refresh-symbolic", &gettext("Sync Now"));
        let input = sender.input_sender().clone();
        sync.connect_clicked(move |_| input.emit(SourcesInput::Sync(id)));
        row.add_suffix(&sync);
        let actions = actions(id, &row, sender);
        row.add_suffix(&menu());
        Self { row, icon, mark, actions, sync, progress }
    }

    pub(super) fn widget(&self) -> &adw::ActionRow {
        &self.row
    }

    pub(super) fn show(
        &self,
        entry: &SourceLibraries,
        status: &SourceStatus,
        waiting: usize,
        activity: &Activity,
    ) {
        self.row.set_title(&entry.source.name);
        self.row.set_subtitle(&describe(entry, status, waiting, activity));
        let mark = Mark::of(&entry.source, status);
        self.mark.show(mark, &standing::tooltip(&entry.source, status));
        self.enable("sign-in", mark == Mark::SignIn);
        self.enable("connections", entry.source.kind != SourceKind::Local);
        self.row.set_activatable(entry.source.kind != SourceKind::Local);
        self.icon.set_icon_name(Some(icon(entry.source.kind)));
        self.sync.set_sensitive(activity.syncing.is_none());
        self.progress.set_visible(activity.syncing.is_some());
        if let Some((done, total)) = activity.syncing {
            match total.filter(|total| *total > 0) {
                Some(total) => self.progress.set_fraction(share(done, total)),
                None => self.progress.pulse(),
            }
        }
    }
}

impl SourceRow {
    fn enable(&self, name: &str, enabled: bool) {
        if let Some(action) = self.actions.lookup_action(name).and_downcast::<gio::SimpleAction>() {
            action.set_enabled(enabled);
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share of a bar's width")]
fn share(done: u64, total: u64) -> f64 {
    (done as f64 / total as f64).min(1.0)
}

fn icon(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Plex => "reel-server-play-symbolic",
        SourceKind::Jellyfin => "reel-server-stack-symbolic",
        SourceKind::Local => "folder-videos-symbolic",
    }
}

fn button(icon: &str, label: &str) -> gtk::Button {
    let button = gtk::Button::builder()
        .icon_name(icon)
        .tooltip_text(label)
        .valign(gtk::Align::Center)
        .css_classes(["flat"])
        .build();
    button.update_property(&[gtk::accessible::Property::Label(label)]);
    button
}

fn actions(
    id: SourceId,
    row: &adw::ActionRow,
    sender: &ComponentSender<SourcesPage>,
) -> gio::SimpleActionGroup {
    let actions = gio::SimpleActionGroup::new();
    for name in ["connections", "sign-in"] {
        let action = gio::SimpleAction::new(name, None);
        let (row, target) = (row.clone(), id.to_string().to_variant());
        action.connect_activate(move |_, _| {
            if row.activate_action(&format!("win.{name}"), Some(&target)).is_err() {
                tracing::warn!(name, "the window has no such action");
            }
        });
        actions.add_action(&action);
    }
    row.connect_activated(|row| {
        // Nothing to show for a folder: then the action is disabled.
        let _shown = row.activate_action("source.connections", None);
    });
    let rename = gio::SimpleAction::new("rename", None);
    let (input, parent) = (sender.input_sender().clone(), row.clone());
    rename.connect_activate(move |_, _| ask_name(id, &parent, input.clone()));
    actions.add_action(&rename);
    let remove = gio::SimpleAction::new("remove", None);
    let input = sender.input_sender().clone();
    remove.connect_activate(move |_, _| input.emit(SourcesInput::AskRemove(id)));
    actions.add_action(&remove);
    row.insert_action_group("source", Some(&actions));
    actions
}

fn menu() -> gtk::MenuButton {
    let menu = gio::Menu::new();
    let sign_in = gio::MenuItem::new(Some(&gettext("_Sign In Again")), Some("source.sign-in"));
    sign_in.set_attribute_value("hidden-when", Some(&"action-disabled".to_variant()));
    menu.append_item(&sign_in);
    let connections = gio::MenuItem::new(Some(&gettext("_Connections")), Some("source.connections"));
    connections.set_attribute_value("hidden-when", Some(&"action-disabled".to_variant()));
    menu.append_item(&connections);
    menu.append(Some(&gettext("_Rename")), Some("source.rename"));
    menu.append(Some(&gettext("R_emove")), Some("source.remove"));
    more_actions(&menu)
}

fn ask_name(id: SourceId, row: &adw::ActionRow, input: relm4::Sender<SourcesInput>) {
    let entry = gtk::Entry::builder().text(row.title()).activates_default(true).build();
    entry.update_property(&[gtk::accessible::Property::Label(&gettext("Name"))]);
    let dialog = adw::AlertDialog::new(Some(&gettext("Rename Source")), None);
    dialog.set_extra_child(Some(&entry));
    dialog.add_responses(&[("cancel", &gettext("_Cancel")), ("rename", &gettext("_Rename"))]);
    dialog.set_response_appearance("rename", adw::ResponseAppearance::Suggested);
    dialog.set_default_response(Some("rename"));
    dialog.set_close_response("cancel");
    dialog.connect_response(Some("rename"), move |_, _| {
        input.emit(SourcesInput::Rename(id, entry.text().to_string()));
    });
    dialog.present(Some(row));
}

/// State, user, size of the library, last sync and what waits, in sentences.
fn describe(entry: &SourceLibraries, status: &SourceStatus, waiting: usize, activity: &Activity) -> String {
    let source = &entry.source;
    let mut lines = vec![state(entry, status, activity)];
    if let Some(user) = &source.user {
        lines.push(gettext("Signed in as {user}").replace("{user}", &user.name));
    }
    let items: u32 = entry.libraries.iter().map(|library| library.item_count).sum();
    let mut facts = vec![ngettext("{n} title", "{n} titles", items).replace("{n}", &items.to_string())];
    if let Some(at) = source.last_sync {
        let local = at.with_timezone(&chrono::Local).format("%x %H:%M").to_string();
        facts.push(gettext("last read {time}").replace("{time}", &local));
    }
    lines.push(facts.join(" · "));
    if waiting > 0 {
        let small = u32::try_from(waiting).unwrap_or(u32::MAX);
        let text = ngettext("{n} change waits for the server", "{n} changes wait for the server", small);
        lines.push(text.replace("{n}", &waiting.to_string()));
    }
    lines.join("\n")
}

fn state(entry: &SourceLibraries, status: &SourceStatus, activity: &Activity) -> String {
    let source = &entry.source;
    if activity.syncing.is_some() {
        return gettext("Reading the library…");
    }
    let mark = Mark::of(source, status);
    // A sync that failed has a reason of its own, unless the source cannot be reached at all.
    if let Some(failure) = activity.failure.filter(|_| !mark.is_trouble()) {
        return error_text::kind_sentence(failure);
    }
    match (source.kind, &source.folder) {
        (SourceKind::Local, Some(folder)) if mark == Mark::Connected => folder.display().to_string(),
        _ => text::capital(&standing::state(source, status)),
    }
}
