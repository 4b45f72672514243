//! One source in the list.

use adw::prelude::*;
use gettextrs::gettext;
use relm4::Sender;

use super::SourcesInput;
use super::menu::{self, Actions, Place};
use super::messages::Activity;
use super::{order, words};
use crate::models::{SourceId, SourceKind};
use crate::services::core::connection::SourceStatus;
use crate::services::core::library::SourceLibraries;
use crate::ui::standing::{self, Mark};
use crate::ui::sync_text::Progress;
use crate::ui::widgets::MarkIcon;

/// What the row of a source shows.
#[derive(Debug)]
pub(super) struct Shown<'a> {
    /// The source and its libraries.
    pub(super) entry: &'a SourceLibraries,
    /// Its name, with what tells it from others.
    pub(super) title: String,
    /// How it stands.
    pub(super) status: SourceStatus,
    /// How many changes wait for it.
    pub(super) waiting: usize,
    /// What is being done with it.
    pub(super) activity: Activity,
    /// Where it stands in the list.
    pub(super) place: Place,
}

/// The row of a source.
#[derive(Debug)]
pub(super) struct SourceRow {
    row: adw::ActionRow,
    handle: gtk::Image,
    icon: gtk::Image,
    mark: MarkIcon,
    actions: Actions,
    off: gtk::Label,
    sync: gtk::Button,
    progress: gtk::ProgressBar,
}

impl SourceRow {
    pub(super) fn build(id: SourceId, input: &Sender<SourcesInput>) -> Self {
        let row = adw::ActionRow::builder().use_markup(false).title_lines(2).subtitle_lines(6).build();
        let icon = gtk::Image::new();
        let mark = MarkIcon::new();
        // One below the other: in a narrow window the words need the width.
        let prefix = gtk::Box::builder()
            .orientation(gtk::Orientation::Vertical)
            .spacing(9)
            .valign(gtk::Align::Center)
            .build();
        let handle = order::handle(id, &row);
        for image in [icon.upcast_ref::<gtk::Widget>(), mark.widget().upcast_ref(), handle.upcast_ref()] {
            prefix.append(image);
        }
        row.add_prefix(&prefix);
        order::take_drops(id, &row, input);
        let progress =
            gtk::ProgressBar::builder().valign(gtk::Align::Center).width_request(72).visible(false).build();
        progress.update_property(&[gtk::accessible::Property::Label(&gettext("Progress"))]);
        row.add_suffix(&progress);
        let off = gtk::Label::builder()
            // Translators: on a source that is turned off.
            .label(gettext("Off"))
            .valign(gtk::Align::Center)
            .visible(false)
            .css_classes(["chip", "caption"])
            .build();
        row.add_suffix(&off);
        let sync = sync_button(id, input);
        row.add_suffix(&sync);
        let actions = Actions::build(id, &row, input);
        row.connect_activated(|row| {
            // Nothing to show for a folder: then the action is disabled.
            let _shown = row.activate_action("source.connections", None);
        });
        row.add_suffix(&menu::button());
        Self { row, handle, icon, mark, actions, off, sync, progress }
    }

    pub(super) fn widget(&self) -> &adw::ActionRow {
        &self.row
    }

    pub(super) fn show(&self, shown: &Shown<'_>) {
        let source = &shown.entry.source;
        self.row.set_title(&shown.title);
        self.row.set_subtitle(&words::describe(shown.entry, &shown.status, shown.waiting, &shown.activity));
        let mark = Mark::of(source, &shown.status);
        self.mark.show(mark, &standing::tooltip(source, &shown.status));
        self.actions.show(source, mark, shown.place, shown.activity.syncing.is_some());
        self.row.set_activatable(source.kind != SourceKind::Local);
        self.icon.set_icon_name(Some(icon(source.kind)));
        self.handle.set_visible(!(shown.place.is_first && shown.place.is_last));
        let is_off = mark == Mark::Off;
        if is_off {
            self.row.add_css_class("source-off");
        } else {
            self.row.remove_css_class("source-off");
        }
        self.off.set_visible(is_off);
        self.sync.set_visible(!is_off);
        self.show_sync(shown.activity.syncing.filter(|_| !is_off));
    }

    fn show_sync(&self, syncing: Option<Progress>) {
        self.sync.set_sensitive(syncing.is_none());
        self.progress.set_visible(syncing.is_some());
        if let Some(progress) = syncing {
            match progress.total.filter(|total| *total > 0) {
                Some(total) => self.progress.set_fraction(share(progress.done, total)),
                None => self.progress.pulse(),
            }
            self.progress.set_tooltip_text(progress.pace().as_deref());
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

fn sync_button(id: SourceId, input: &Sender<SourcesInput>) -> gtk::Button {
    let label = gettext("Sync Now");
    let button = gtk::Button::builder()
        .icon_name("view-refresh-symbolic")
        .tooltip_text(&label)
        .valign(gtk::Align::Center)
        .css_classes(["flat"])
        .build();
    button.update_property(&[gtk::accessible::Property::Label(&label)]);
    let input = input.clone();
    button.connect_clicked(move |_| input.emit(SourcesInput::Sync(id)));
    button
}
