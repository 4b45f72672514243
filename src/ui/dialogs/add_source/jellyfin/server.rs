//! The page of a server: who it is, its users, and the ways to sign in.

use std::cell::RefCell;

use adw::prelude::*;
use gettextrs::gettext;
use gtk::gdk;
use relm4::ComponentSender;

use super::super::form::{self, column, fill_page};
use super::{JellyfinInput, JellyfinWay, Offer};
use crate::services::core::auth::PublicUser;

/// Side of a portrait, in pixels.
pub(super) const PORTRAIT: i32 = 40;

/// The page.
#[derive(Debug)]
pub(super) struct ServerPage {
    page: adw::NavigationPage,
    steps: gtk::Stack,
    name: gtk::Label,
    about: gtk::Label,
    users: gtk::ListBox,
    portraits: RefCell<Vec<adw::Avatar>>,
    other: adw::ActionRow,
    code: gtk::Box,
    signing_in: gtk::Label,
    problem: gtk::Label,
    failed: gtk::Label,
}

impl ServerPage {
    /// Fills a page.
    pub(super) fn build(
        page: &adw::NavigationPage,
        title: &str,
        sender: &ComponentSender<JellyfinWay>,
    ) -> Self {
        let name = gtk::Label::builder().wrap(true).css_classes(["title-2"]).build();
        let about = gtk::Label::builder()
            .wrap(true)
            .wrap_mode(gtk::pango::WrapMode::WordChar)
            .justify(gtk::Justification::Center)
            .css_classes(["dim-label"])
            .build();
        let head = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(3).build();
        head.append(&name);
        head.append(&about);
        let problem = form::problem();
        let signing_in = gtk::Label::builder()
            .label(gettext("Signing in…"))
            .css_classes(["dim-label"])
            .visible(false)
            .build();
        let users = gtk::ListBox::builder()
            .selection_mode(gtk::SelectionMode::None)
            .css_classes(["boxed-list"])
            .build();
        users.update_property(&[gtk::accessible::Property::Label(&gettext("Users"))]);
        let other = adw::ActionRow::builder()
            .title(gettext("Other User"))
            .subtitle(gettext("Type a name"))
            .activatable(true)
            .build();
        other.add_prefix(&avatar(None));
        other.add_suffix(&gtk::Image::from_icon_name("go-next-symbolic"));
        let input = sender.input_sender().clone();
        other.connect_activated(move |_| input.emit(JellyfinInput::OtherUser));
        let code = quick_connect(sender);
        let content = column();
        content.append(&head);
        content.append(&problem);
        content.append(&users);
        content.append(&signing_in);
        content.append(&code);
        let failed = form::problem();
        let steps = gtk::Stack::builder().vhomogeneous(false).build();
        steps.add_named(&waiting(), Some("waiting"));
        steps.add_named(&again(&failed, sender), Some("failed"));
        steps.add_named(&content, Some("content"));
        fill_page(page, title, &steps);
        let portraits = RefCell::default();
        let page = page.clone();
        Self { page, steps, name, about, users, portraits, other, code, signing_in, problem, failed }
    }

    pub(super) fn page(&self) -> &adw::NavigationPage {
        &self.page
    }

    /// Shows that the server is looked for.
    pub(super) fn wait(&self) {
        self.steps.set_visible_child_name("waiting");
    }

    /// Shows why the server was not found.
    pub(super) fn fail(&self, sentence: &str) {
        self.failed.set_label(sentence);
        self.failed.set_visible(true);
        self.steps.set_visible_child_name("failed");
    }

    /// Shows the server with its users; `open` when anybody may sign in, not only who is shown.
    pub(super) fn show(&self, offer: &Offer, open: bool, sender: &ComponentSender<JellyfinWay>) {
        let name = offer.server.name();
        self.page.set_title(&name);
        self.name.set_label(&name);
        let address = offer.server.url.to_string();
        self.about.set_label(&format!("Jellyfin {} · {address}", offer.server.identity.version));
        self.users.remove_all();
        let mut portraits = Vec::new();
        for (place, user) in offer.users.iter().enumerate() {
            let (row, portrait) = user_row(user, place, sender);
            self.users.append(&row);
            portraits.push(portrait);
        }
        self.portraits.replace(portraits);
        if open {
            self.users.append(&self.other);
        }
        self.users.set_visible(open || !offer.users.is_empty());
        self.code.set_visible(offer.quick_connect);
        self.ready();
        self.steps.set_visible_child_name("content");
        if let Some(first) = self.users.row_at_index(0) {
            first.grab_focus();
        }
    }

    /// Shows a user's portrait in place of the initials.
    pub(super) fn show_portrait(&self, place: usize, portrait: &gdk::Texture) {
        if let Some(avatar) = self.portraits.borrow().get(place) {
            avatar.set_custom_image(Some(portrait));
        }
    }

    /// Shows that somebody without a password signs in.
    pub(super) fn sign_in(&self) {
        self.problem.set_visible(false);
        self.signing_in.set_visible(true);
        self.users.set_sensitive(false);
        self.code.set_sensitive(false);
    }

    /// Takes input again.
    pub(super) fn ready(&self) {
        self.problem.set_visible(false);
        self.signing_in.set_visible(false);
        self.users.set_sensitive(true);
        self.code.set_sensitive(true);
    }

    /// Shows why somebody without a password could not sign in.
    pub(super) fn refuse(&self, sentence: &str) {
        self.ready();
        self.problem.set_label(sentence);
        self.problem.set_visible(true);
    }
}

/// One user whom the server shows.
fn user_row(
    user: &PublicUser,
    place: usize,
    sender: &ComponentSender<JellyfinWay>,
) -> (adw::ActionRow, adw::Avatar) {
    let row = adw::ActionRow::builder()
        .title(&user.name)
        .use_markup(false)
        .title_lines(2)
        .activatable(true)
        .build();
    let portrait = avatar(Some(&user.name));
    row.add_prefix(&portrait);
    row.add_suffix(&gtk::Image::from_icon_name("go-next-symbolic"));
    let input = sender.input_sender().clone();
    row.connect_activated(move |_| input.emit(JellyfinInput::ChooseUser(place)));
    (row, portrait)
}

/// Initials until the portrait comes; an icon for nobody in particular. Whose it is stands beside it.
fn avatar(name: Option<&str>) -> adw::Avatar {
    adw::Avatar::builder()
        .size(PORTRAIT)
        .text(name.unwrap_or_default())
        .show_initials(name.is_some())
        .accessible_role(gtk::AccessibleRole::Presentation)
        .build()
}

fn quick_connect(sender: &ComponentSender<JellyfinWay>) -> gtk::Box {
    let button = gtk::Button::builder()
        .label(gettext("Quick Connect"))
        .halign(gtk::Align::Center)
        .css_classes(["pill"])
        .build();
    let input = sender.input_sender().clone();
    button.connect_clicked(move |_| input.emit(JellyfinInput::QuickConnect));
    let hint = gtk::Label::builder()
        .label(gettext("Approve a code where you are signed in already"))
        .wrap(true)
        .justify(gtk::Justification::Center)
        .css_classes(["dim-label", "caption"])
        .build();
    let whole = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(6).build();
    whole.append(&button);
    whole.append(&hint);
    whole
}

fn waiting() -> gtk::Box {
    let whole = column();
    whole.set_margin_top(24);
    whole.set_margin_bottom(24);
    whole.append(&adw::Spinner::builder().width_request(32).height_request(32).build());
    whole.append(&gtk::Label::new(Some(&gettext("Looking for the server…"))));
    whole
}

fn again(failed: &gtk::Label, sender: &ComponentSender<JellyfinWay>) -> gtk::Box {
    let button = gtk::Button::builder()
        .label(gettext("Try Again"))
        .halign(gtk::Align::Center)
        .css_classes(["pill"])
        .build();
    let input = sender.input_sender().clone();
    button.connect_clicked(move |_| input.emit(JellyfinInput::LookAgain));
    let whole = column();
    whole.append(failed);
    whole.append(&button);
    whole
}
