//! The page with the users of a Home, and the page for the PIN of one.

use std::cell::RefCell;

use adw::prelude::*;
use gettextrs::gettext;
use secrecy::SecretString;

use super::messages::PlexInput;
use crate::backends::plex::tv::HomeUser;
use crate::services::AppContext;
use crate::services::core::AuthService;
use crate::ui::dialogs::add_source::form::{Form, column, page, problem, rows, when_shown};
use crate::ui::widgets::avatar;

/// The tag of the page for a PIN.
pub(super) const PIN_TAG: &str = "plex-pin";
/// The tag of the page with the users.
pub(super) const USERS_TAG: &str = "plex-users";

/// Size of a portrait in a row, in scalable pixels.
const PORTRAIT: i32 = 40;
/// Size of the portrait above the PIN, in scalable pixels.
const LARGE_PORTRAIT: i32 = 96;

/// The page with the users.
#[derive(Debug)]
pub(super) struct UsersPage {
    page: adw::NavigationPage,
    list: gtk::ListBox,
    problem: gtk::Label,
    input: relm4::Sender<PlexInput>,
}

impl UsersPage {
    pub(super) fn build(input: &relm4::Sender<PlexInput>) -> Self {
        let list = gtk::ListBox::builder()
            .selection_mode(gtk::SelectionMode::None)
            .css_classes(["boxed-list"])
            .build();
        list.update_property(&[gtk::accessible::Property::Label(&gettext("Users of the Home"))]);
        let problem = problem();
        let content = column();
        content.append(&list);
        content.append(&problem);
        let page = page(&gettext("Who Is Watching?"), &content);
        page.set_tag(Some(USERS_TAG));
        let first = list.clone();
        page.connect_shown(move |_| {
            if let Some(row) = first.row_at_index(0) {
                row.grab_focus();
            }
        });
        Self { page, list, problem, input: input.clone() }
    }

    pub(super) fn page(&self) -> &adw::NavigationPage {
        &self.page
    }

    /// Shows these users. The account itself is one whom nobody asks for a PIN: it has just signed in.
    pub(super) fn fill(&self, ctx: &AppContext, users: &[HomeUser], account: &str) {
        self.list.remove_all();
        for (place, user) in users.iter().enumerate() {
            let is_protected = user.protected && user.uuid != account;
            let row = adw::ActionRow::builder()
                .title(&user.name)
                .subtitle(describe(user, is_protected))
                .use_markup(false)
                .title_lines(2)
                .activatable(true)
                .build();
            row.add_prefix(&avatar(&ctx.http, &user.name, PORTRAIT, AuthService::plex_portrait(ctx, user)));
            if is_protected {
                // Said by the line under the name.
                row.add_suffix(&gtk::Image::from_icon_name("system-lock-screen-symbolic"));
            }
            row.add_suffix(&gtk::Image::from_icon_name("go-next-symbolic"));
            let input = self.input.clone();
            row.connect_activated(move |_| input.emit(PlexInput::ChooseUser(place)));
            self.list.append(&row);
        }
        self.ready();
    }

    /// Shows that it becomes somebody.
    pub(super) fn wait(&self) {
        self.problem.set_visible(false);
        self.list.set_sensitive(false);
    }

    /// Shows why it did not.
    pub(super) fn fail(&self, sentence: &str) {
        self.ready();
        self.problem.set_label(sentence);
        self.problem.set_visible(true);
    }

    /// Lets the user choose again.
    pub(super) fn ready(&self) {
        self.problem.set_visible(false);
        self.list.set_sensitive(true);
    }
}

fn describe(user: &HomeUser, is_protected: bool) -> String {
    let role = match (user.admin, user.restricted, user.guest) {
        (true, ..) => Some(gettext("Owner of the Home")),
        (_, true, _) => Some(gettext("Sees a part of the libraries")),
        (_, _, true) => Some(gettext("Guest")),
        _ => None,
    };
    let lock = is_protected.then(|| gettext("Asks for a PIN"));
    [role, lock].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The page for a PIN.
#[derive(Debug)]
pub(super) struct PinPage {
    page: adw::NavigationPage,
    head: gtk::Box,
    name: gtk::Label,
    pin: adw::PasswordEntryRow,
    form: Form,
    user: RefCell<Option<HomeUser>>,
}

impl PinPage {
    pub(super) fn build(input: &relm4::Sender<PlexInput>) -> Self {
        let head = gtk::Box::builder().halign(gtk::Align::Center).build();
        let name = gtk::Label::builder()
            .wrap(true)
            .wrap_mode(gtk::pango::WrapMode::WordChar)
            .justify(gtk::Justification::Center)
            .css_classes(["title-2"])
            .build();
        let pin = adw::PasswordEntryRow::builder()
            .title(gettext("PIN"))
            .input_purpose(gtk::InputPurpose::Pin)
            .build();
        let act = input.clone();
        let form = Form::new(&gettext("Continue"), move || act.emit(PlexInput::EnterPin));
        let act = input.clone();
        pin.connect_entry_activated(move |_| act.emit(PlexInput::EnterPin));
        let content = column();
        content.append(&head);
        content.append(&name);
        content.append(&rows(&[pin.upcast_ref()]));
        content.append(form.widget());
        let page = page(&gettext("Enter PIN"), &content);
        page.set_tag(Some(PIN_TAG));
        when_shown(&page, form.button(), &pin);
        Self { page, head, name, pin, form, user: RefCell::default() }
    }

    pub(super) fn page(&self) -> &adw::NavigationPage {
        &self.page
    }

    pub(super) fn form(&self) -> &Form {
        &self.form
    }

    /// Asks for the PIN of this user.
    pub(super) fn ask(&self, ctx: &AppContext, user: &HomeUser) {
        while let Some(former) = self.head.first_child() {
            self.head.remove(&former);
        }
        let picture = AuthService::plex_portrait(ctx, user);
        self.head.append(&avatar(&ctx.http, &user.name, LARGE_PORTRAIT, picture));
        self.name.set_label(&user.name);
        self.pin.set_text("");
        self.form.reset();
        self.user.replace(Some(user.clone()));
    }

    /// Who is asked, and what was typed; says when nothing was.
    pub(super) fn typed(&self) -> Option<(HomeUser, SecretString)> {
        let user = self.user.borrow().clone()?;
        let pin = self.pin.text().trim().to_owned();
        if pin.is_empty() {
            self.fail(&gettext("Enter the PIN."));
            return None;
        }
        Some((user, SecretString::from(pin)))
    }

    /// Shows why it is asked again, with the cursor where the PIN is typed.
    pub(super) fn fail(&self, sentence: &str) {
        self.form.fail(sentence);
        self.pin.grab_focus();
        self.pin.select_region(0, -1);
    }
}
