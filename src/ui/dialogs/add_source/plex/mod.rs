//! The Plex way of the dialog: through plex.tv by browser or code, as a user of the Home, to the servers of the
//! account; or to one server by address and token.
//!
//! Its pages stand in the dialog's navigation. One thing at a time goes on in the background; going back, closing
//! the dialog and beginning anew end it.

mod by_token;
mod choices;
mod flow;
mod messages;
mod missing;
mod servers;
mod start;
mod token;
mod users;
mod waiting;
mod work;

use adw::prelude::*;
use gettextrs::gettext;
use relm4::{Component, ComponentParts, ComponentSender};

pub(super) use messages::{PlexCommand, PlexInput, PlexOutput, PlexStart};

use super::form::{fill_page, page, when_shown};
use crate::backends::plex::tv::HomeUser;
use crate::net::CertificateFacts;
use crate::services::AppContext;
use crate::services::core::auth::{PlexAccount, PlexLink};
use messages::News;
use missing::MissingPage;
use servers::ServersPage;
use start::StartPage;
use token::TokenPage;
use users::{PinPage, UsersPage};
use waiting::WaitingPage;
use work::Work;

/// The tag of the page for an address and a token.
const TOKEN_TAG: &str = "plex-token";

/// The Plex way.
#[derive(Debug)]
pub(super) struct PlexWay {
    ctx: AppContext,
    pages: adw::NavigationView,
    wanted: PlexStart,
    start: StartPage,
    token: TokenPage,
    token_page: Option<adw::NavigationPage>,
    waiting: WaitingPage,
    users: UsersPage,
    pin: PinPage,
    servers: ServersPage,
    missing: MissingPage,
    /// Who signed in, as whom of the Home when one was chosen.
    account: Option<PlexAccount>,
    /// The account that the users of the Home belong to.
    owner: Option<PlexAccount>,
    home: Vec<HomeUser>,
    link: Option<PlexLink>,
    /// Certificates that the user has accepted on the way.
    accepted: Vec<CertificateFacts>,
    /// Which of the servers are being added.
    adding: Vec<usize>,
    work: Work,
}

impl Component for PlexWay {
    type Init = (AppContext, PlexStart, adw::NavigationView);
    type Input = PlexInput;
    type Output = PlexOutput;
    type CommandOutput = PlexCommand;
    type Root = adw::NavigationPage;
    type Widgets = ();

    fn init_root() -> Self::Root {
        // A page is made with a title; this one gets that of its wanted.
        adw::NavigationPage::builder().title(gettext("Add Plex")).build()
    }

    fn init(
        (ctx, wanted, pages): Self::Init,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let input = sender.input_sender();
        let title = match wanted {
            PlexStart::New { .. } => gettext("Add Plex"),
            PlexStart::Again(_) => gettext("Sign In"),
            PlexStart::AnotherUser(_) => gettext("Add Another User"),
        };
        let start = StartPage::build(&wanted, input);
        let token = TokenPage::build(&wanted, input);
        let token_page = if is_without_account(&wanted) {
            fill_page(&root, &title, token.widget());
            when_shown(&root, token.form().button(), token.first());
            None
        } else {
            fill_page(&root, &title, start.widget());
            when_shown(&root, start.form().button(), start.form().button());
            let page = page(&gettext("By Address and Token"), token.widget());
            page.set_tag(Some(TOKEN_TAG));
            when_shown(&page, token.form().button(), token.first());
            Some(page)
        };
        let left = input.clone();
        pages.connect_popped(move |_, page| {
            // The dialog may be on its way out.
            let _gone = left.send(PlexInput::Left(page.tag().map(String::from).unwrap_or_default()));
        });
        let mut model = Self {
            start,
            token,
            token_page,
            waiting: WaitingPage::build(input),
            users: UsersPage::build(input),
            pin: PinPage::build(input),
            servers: ServersPage::build(input),
            missing: MissingPage::build(input),
            account: None,
            owner: None,
            home: Vec::new(),
            link: None,
            accepted: Vec::new(),
            adding: Vec::new(),
            work: Work::new(sender.command_sender()),
            ctx,
            pages,
            wanted,
        };
        model.begin();
        ComponentParts { model, widgets: () }
    }

    fn update(&mut self, message: PlexInput, _sender: ComponentSender<Self>, root: &Self::Root) {
        match message {
            PlexInput::SignIn => self.sign_in(),
            PlexInput::OpenBrowser => self.open_browser(root),
            PlexInput::Cancel => self.leave(),
            PlexInput::ByToken => self.show_token(),
            PlexInput::UseToken => self.use_token(),
            PlexInput::Trust(facts) => self.trust(*facts),
            PlexInput::ChooseUser(place) => self.choose_user(place),
            PlexInput::EnterPin => self.enter_pin(),
            PlexInput::AddServers => self.add_servers(),
            PlexInput::Refresh => self.refresh(),
            PlexInput::Left(tag) => self.left(&tag),
            PlexInput::Closed => self.give_up(),
        }
    }

    fn update_cmd(&mut self, command: PlexCommand, sender: ComponentSender<Self>, root: &Self::Root) {
        if !self.work.is_current(command.attempt) {
            return;
        }
        match command.news {
            News::Code(link) => self.show_code(*link, root),
            News::Waiting(news) => self.waiting.say(news),
            News::NotLinked(error) => self.not_linked(&error),
            News::Account(account) => self.signed_in(*account),
            News::Users(users) => self.show_users(users),
            News::Switched(switched) => self.switched(*switched),
            News::Servers(listed) => self.show_servers(listed),
            News::Added(added) => self.added(added, &sender),
            News::SignedIn(result) => self.finish(result, &sender),
            News::Nobody => self.begin_at_start(),
        }
    }

    fn shutdown(&mut self, _widgets: &mut Self::Widgets, _output: relm4::Sender<Self::Output>) {
        self.give_up();
    }
}

impl PlexWay {
    /// Nobody waits any more for what goes on.
    fn give_up(&mut self) {
        self.work.end();
        self.link = None;
        self.waiting.stop();
    }

    /// Shows a page in place of those that wait for something: going back leads to where a choice was.
    fn show(&self, page: &adw::NavigationPage) {
        let passing = [waiting::TAG, users::PIN_TAG, missing::TAG];
        let stack = self.pages.navigation_stack();
        let mut shown: Vec<adw::NavigationPage> =
            stack.iter::<adw::NavigationPage>().filter_map(Result::ok).collect();
        let before = shown.len();
        shown
            .retain(|known| known != page && !passing.iter().any(|tag| known.tag().as_deref() == Some(*tag)));
        if shown.len() == before {
            return self.pages.push(page);
        }
        shown.push(page.clone());
        self.pages.replace(&shown);
    }

    /// Goes back; what was waited for is given up with that.
    fn leave(&self) {
        self.pages.pop();
    }

    /// Whether a page is in front.
    fn is_in_front(&self, page: &adw::NavigationPage) -> bool {
        self.pages.visible_page().as_ref() == Some(page)
    }
}

/// Whether a source is signed in to again that knows no account: its server's token is all there is.
fn is_without_account(wanted: &PlexStart) -> bool {
    matches!(wanted, PlexStart::Again(known) if known.user_id.is_none())
}
