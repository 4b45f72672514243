//! What Reel is, for who asks.

use adw::prelude::*;
use gettextrs::gettext;

use crate::config::{APP_ID, VERSION};

/// Shows the dialog.
pub(in crate::ui) fn show_about(parent: &adw::ApplicationWindow) {
    let dialog = adw::AboutDialog::builder()
        .application_name("Reel")
        .application_icon(APP_ID)
        .version(VERSION)
        .developer_name(gettext("The Reel developers"))
        .comments(gettext("Films and series from Plex, Jellyfin and folders, in one place."))
        .license_type(gtk::License::Gpl30)
        .build();
    dialog.present(Some(parent));
}
