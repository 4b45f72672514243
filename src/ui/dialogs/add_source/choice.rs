//! The page on which a kind of source is chosen, or a server of this network.

use adw::prelude::*;
use gettextrs::gettext;
use relm4::ComponentSender;

use super::form::{self, column};
use super::{AddSourceDialog, AddSourceInput};
use crate::models::SourceKind;

/// The page; `network` lists the servers of this network.
pub(super) fn page(network: &gtk::Box, sender: &ComponentSender<AddSourceDialog>) -> adw::NavigationPage {
    let list = gtk::ListBox::builder()
        .selection_mode(gtk::SelectionMode::None)
        .css_classes(["boxed-list"])
        .valign(gtk::Align::Start)
        .build();
    for (kind, icon, title, subtitle) in [
        (SourceKind::Plex, "reel-server-play-symbolic", "Plex", gettext("Sign in, or by address and token")),
        (
            SourceKind::Jellyfin,
            "reel-server-stack-symbolic",
            "Jellyfin",
            gettext("By address, with a password or a code"),
        ),
        (SourceKind::Local, "folder-videos-symbolic", &gettext("Folder"), gettext("Videos on this computer")),
    ] {
        let row = adw::ActionRow::builder().title(title).subtitle(subtitle).activatable(true).build();
        row.add_prefix(&gtk::Image::from_icon_name(icon));
        row.add_suffix(&gtk::Image::from_icon_name("go-next-symbolic"));
        let input = sender.input_sender().clone();
        row.connect_activated(move |_| input.emit(AddSourceInput::Choose(kind)));
        list.append(&row);
    }
    let content = column();
    content.append(&list);
    content.append(network);
    form::page(&gettext("Add a Source"), &content)
}
