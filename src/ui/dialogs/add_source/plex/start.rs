//! The first page: through plex.tv, or by address and token.

use adw::prelude::*;
use gettextrs::gettext;

use super::messages::{PlexInput, PlexStart};
use crate::ui::dialogs::add_source::form::{Form, column};

/// The content of the first page.
#[derive(Debug)]
pub(super) struct StartPage {
    root: gtk::Box,
    form: Form,
}

impl StartPage {
    pub(super) fn build(wanted: &PlexStart, input: &relm4::Sender<PlexInput>) -> Self {
        let words = match wanted {
            PlexStart::New { .. } => gettext(
                "Sign in to your Plex account in the browser. Then choose from the servers that you may use.",
            ),
            PlexStart::Again(known) => {
                gettext("Sign in to Plex in the browser as {user}.").replace("{user}", &known.user)
            }
            PlexStart::AnotherUser(_) => {
                gettext("Sign in to Plex in the browser as the other user. The first one stays as it is.")
            }
        };
        let text = gtk::Label::builder().label(words).wrap(true).justify(gtk::Justification::Center).build();
        let sign_in = input.clone();
        let form = Form::new(&gettext("Sign in with Plex"), move || sign_in.emit(PlexInput::SignIn));
        let root = column();
        root.append(&text);
        root.append(form.widget());
        if matches!(wanted, PlexStart::New { .. }) {
            root.append(&by_token(input));
        }
        Self { root, form }
    }

    pub(super) fn widget(&self) -> &gtk::Box {
        &self.root
    }

    pub(super) fn form(&self) -> &Form {
        &self.form
    }
}

fn by_token(input: &relm4::Sender<PlexInput>) -> gtk::ListBox {
    let row = adw::ActionRow::builder()
        .title(gettext("By Address and Token"))
        .subtitle(gettext("For a server without plex.tv"))
        .activatable(true)
        .build();
    row.add_suffix(&gtk::Image::from_icon_name("go-next-symbolic"));
    let input = input.clone();
    row.connect_activated(move |_| input.emit(PlexInput::ByToken));
    let list =
        gtk::ListBox::builder().selection_mode(gtk::SelectionMode::None).css_classes(["boxed-list"]).build();
    list.append(&row);
    list
}
