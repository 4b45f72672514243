//! Questions before something is done with a source.

use adw::prelude::*;
use gettextrs::gettext;
use relm4::Sender;

use super::SourcesInput;
use super::words;
use crate::services::core::library::SourceLibraries;

/// Asks for another name.
pub(super) fn ask_name(parent: &adw::NavigationPage, entry: &SourceLibraries, input: &Sender<SourcesInput>) {
    let id = entry.source.id;
    let name = gtk::Entry::builder().text(&entry.source.name).activates_default(true).build();
    name.update_property(&[gtk::accessible::Property::Label(&gettext("Name"))]);
    let dialog = adw::AlertDialog::new(Some(&gettext("Rename Source")), None);
    dialog.set_extra_child(Some(&name));
    dialog.add_responses(&[("cancel", &gettext("_Cancel")), ("rename", &gettext("_Rename"))]);
    dialog.set_response_appearance("rename", adw::ResponseAppearance::Suggested);
    dialog.set_default_response(Some("rename"));
    dialog.set_close_response("cancel");
    dialog.set_focus(Some(&name));
    let weak = dialog.downgrade();
    name.connect_changed(move |name| {
        if let Some(dialog) = weak.upgrade() {
            dialog.set_response_enabled("rename", !name.text().trim().is_empty());
        }
    });
    let input = input.clone();
    dialog.connect_response(Some("rename"), move |_, _| {
        input.emit(SourcesInput::Rename(id, name.text().to_string()));
    });
    dialog.present(Some(parent));
}

/// Asks before a source goes.
pub(super) fn ask_remove(
    parent: &adw::NavigationPage,
    entry: &SourceLibraries,
    waiting: usize,
    input: &Sender<SourcesInput>,
) {
    let id = entry.source.id;
    let heading = gettext("Remove “{name}”?").replace("{name}", &entry.source.name);
    let dialog = adw::AlertDialog::new(Some(&heading), Some(&words::removal(entry, waiting)));
    dialog.add_responses(&[("cancel", &gettext("_Cancel")), ("remove", &gettext("_Remove"))]);
    dialog.set_response_appearance("remove", adw::ResponseAppearance::Destructive);
    dialog.set_default_response(Some("cancel"));
    dialog.set_close_response("cancel");
    let input = input.clone();
    dialog.connect_response(Some("remove"), move |_, _| input.emit(SourcesInput::Remove(id)));
    dialog.present(Some(parent));
}
