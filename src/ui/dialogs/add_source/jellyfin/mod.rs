//! The way to a Jellyfin: its address, its users, a password or a code that is approved elsewhere.
//!
//! A component without a place of its own: its first page is its root, and it pushes the others on the dialog's
//! navigation. Whatever waits is given up when the user goes back from its page, or closes the dialog.

mod address;
mod code;
mod messages;
mod password;
mod server;
mod trusting;
mod work;

use adw::prelude::*;
use gettextrs::gettext;
use relm4::{Component, ComponentController as _, ComponentParts, ComponentSender, Controller};
use secrecy::SecretString;

use crate::models::{SourceId, SourceKind};
use crate::net::CertificateFacts;
use crate::services::core::auth::{FoundServer, PublicUser, QuickConnect};
use crate::services::{AppContext, ServiceError, SignInProblem};
use crate::ui::error_text;
use crate::ui::task::Task;
use crate::ui::widgets::{Nearby, NetworkServers};
use address::AddressPage;
use code::CodePage;
pub(super) use messages::{JellyfinCommand, JellyfinInput, JellyfinStart, Offer, Step};
use password::PasswordPage;
use server::ServerPage;
use work::Target;

/// What the way works on.
#[derive(Debug)]
pub(super) struct JellyfinWay {
    ctx: AppContext,
    start: JellyfinStart,
    navigation: adw::NavigationView,
    address: AddressPage,
    server: ServerPage,
    password: PasswordPage,
    code: CodePage,
    _network: Controller<NetworkServers>,
    /// Where the server is looked for.
    target: Option<Target>,
    /// Certificates that the user has accepted on the way.
    accepted: Vec<CertificateFacts>,
    found: Option<FoundServer>,
    users: Vec<PublicUser>,
    quick_connect: Option<QuickConnect>,
    looking: Task,
    signing_in: Task,
}

impl Component for JellyfinWay {
    type Init = (AppContext, JellyfinStart, adw::NavigationView);
    type Input = JellyfinInput;
    /// The source that was added, or signed in to again.
    type Output = SourceId;
    type CommandOutput = JellyfinCommand;
    type Root = adw::NavigationPage;
    type Widgets = ();

    fn init_root() -> Self::Root {
        adw::NavigationPage::builder().build()
    }

    fn init(
        (ctx, start, navigation): Self::Init,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let network = NetworkServers::builder()
            .launch((ctx.clone(), Some(SourceKind::Jellyfin)))
            .forward(sender.input_sender(), JellyfinInput::LookAtNearby);
        let other = adw::NavigationPage::builder().build();
        let (first, second, title) = match &start {
            JellyfinStart::Address => (&root, &other, gettext("Jellyfin")),
            JellyfinStart::Discovered(server) => (&other, &root, server.name.clone()),
            JellyfinStart::AnotherUser(_) => (&other, &root, gettext("Another User")),
            JellyfinStart::Again(_) => (&other, &root, gettext("Sign In")),
        };
        let model = Self {
            address: AddressPage::build(first, network.widget(), &sender),
            server: ServerPage::build(second, &title, &sender),
            password: PasswordPage::build(&sender),
            code: CodePage::build(&sender),
            ctx,
            start,
            navigation,
            _network: network,
            target: None,
            accepted: Vec::new(),
            found: None,
            users: Vec::new(),
            quick_connect: None,
            looking: Task::default(),
            signing_in: Task::default(),
        };
        model.note_leaving(&sender);
        sender.input(JellyfinInput::Begin);
        ComponentParts { model, widgets: () }
    }

    fn update(&mut self, message: JellyfinInput, sender: ComponentSender<Self>, _root: &Self::Root) {
        match message {
            JellyfinInput::Begin => self.begin(&sender),
            JellyfinInput::LookAtTyped => self.look_at_typed(&sender),
            JellyfinInput::LookAtNearby(nearby) => self.look_at_nearby(*nearby, &sender),
            JellyfinInput::LookAgain => self.look(&sender),
            JellyfinInput::Trust(facts) => self.trust(*facts, &sender),
            JellyfinInput::ChooseUser(place) => self.choose_user(place, &sender),
            JellyfinInput::OtherUser => self.ask_for_password(None),
            JellyfinInput::SignIn => self.sign_in_typed(&sender),
            JellyfinInput::QuickConnect => self.ask_for_code(&sender),
            JellyfinInput::CancelCode => drop(self.navigation.pop()),
            JellyfinInput::Tick => self.tick(),
            JellyfinInput::Left(step) => self.left(step),
        }
    }

    fn update_cmd(&mut self, command: JellyfinCommand, sender: ComponentSender<Self>, _root: &Self::Root) {
        match command {
            JellyfinCommand::Found(number, found) if self.looking.is(number) => self.found(*found, &sender),
            JellyfinCommand::Portrait(place, portrait) => self.server.show_portrait(place, &portrait),
            JellyfinCommand::Inspected(inspected) => self.inspected(inspected, &sender),
            JellyfinCommand::Trusted(trusted) => self.trusted(trusted, &sender),
            JellyfinCommand::Code(number, code) if self.signing_in.is(number) => self.coded(*code, &sender),
            JellyfinCommand::SignedIn(number, result) if self.signing_in.is(number) => {
                self.signed_in(result, &sender);
            }
            // Of what was given up meanwhile.
            JellyfinCommand::Found(..) | JellyfinCommand::Code(..) | JellyfinCommand::SignedIn(..) => {}
        }
    }
}

impl JellyfinWay {
    /// Going back from a page gives up what waits there.
    fn note_leaving(&self, sender: &ComponentSender<Self>) {
        let pages = [
            (Step::Address, self.address.page().clone()),
            (Step::Server, self.server.page().clone()),
            (Step::Password, self.password.page().clone()),
            (Step::Code, self.code.page().clone()),
        ];
        let input = sender.input_sender().clone();
        self.navigation.connect_popped(move |_, left| {
            if let Some((step, _)) = pages.iter().find(|(_, page)| page == left) {
                // The way itself may be over.
                let _gone = input.send(JellyfinInput::Left(*step));
            }
        });
    }

    fn left(&mut self, step: Step) {
        self.signing_in.stop();
        self.code.stop();
        self.server.ready();
        if matches!(step, Step::Address | Step::Server) {
            self.looking.stop();
            self.address.form().ready();
        }
    }

    fn begin(&mut self, sender: &ComponentSender<Self>) {
        self.target = match self.start.clone() {
            JellyfinStart::Address => None,
            JellyfinStart::Discovered(server) => Some(Target::Discovered(server)),
            JellyfinStart::AnotherUser(id) => Some(Target::Source(id)),
            JellyfinStart::Again(known) => {
                // The password is what is missed most; what else the server offers is one step back.
                self.password.ask(Some(&known.user));
                self.navigation.set_animate_transitions(false);
                self.navigation.push(self.password.page());
                self.navigation.set_animate_transitions(true);
                Some(Target::Source(known.source))
            }
        };
        self.look(sender);
    }

    fn look_at_typed(&mut self, sender: &ComponentSender<Self>) {
        let Some(text) = self.address.typed() else { return };
        self.target = Some(Target::Typed(text));
        self.look(sender);
    }

    /// Goes to the page of a server that was heard of. For another user of a known server that server is asked where
    /// its source has it: what is heard in the network proves nothing.
    fn look_at_nearby(&mut self, nearby: Nearby, sender: &ComponentSender<Self>) {
        self.server.page().set_title(&nearby.server.name);
        self.target = Some(match nearby.known {
            Some(id) => Target::Source(id),
            None => Target::Discovered(Box::new(nearby.server)),
        });
        self.navigation.push(self.server.page());
        self.look(sender);
    }

    fn look(&mut self, sender: &ComponentSender<Self>) {
        let Some(target) = self.target.clone() else { return };
        match target {
            Target::Typed(_) => self.address.form().wait(),
            Target::Discovered(_) | Target::Source(_) => self.server.wait(),
        }
        let (ctx, out, accepted) = (self.ctx.clone(), sender.command_sender().clone(), self.accepted.clone());
        self.looking.start(|number| async move {
            let found = work::look(&ctx, &target, &accepted).await;
            out.emit(JellyfinCommand::Found(number, Box::new(found)));
        });
    }

    fn found(&mut self, found: Result<Offer, ServiceError>, sender: &ComponentSender<Self>) {
        let mut offer = match found {
            Ok(offer) => offer,
            Err(error) => return self.not_found(&error, sender),
        };
        self.address.form().reset();
        if let JellyfinStart::Again(known) = &self.start {
            offer.users.retain(|user| user.name == known.user);
        }
        let open = !matches!(self.start, JellyfinStart::Again(_));
        self.server.show(&offer, open, sender);
        if matches!(self.target, Some(Target::Typed(_))) {
            self.navigation.push(self.server.page());
        }
        let (ctx, out) = (self.ctx.clone(), sender.command_sender().clone());
        let (server, users) = (offer.server.clone(), offer.users.clone());
        self.looking.start(|_| {
            work::portraits(ctx, server, users, move |place, portrait| {
                out.emit(JellyfinCommand::Portrait(place, portrait));
            })
        });
        self.found = Some(offer.server);
        self.users = offer.users;
    }

    fn not_found(&mut self, error: &ServiceError, sender: &ComponentSender<Self>) {
        let sentence = error_text::sentence(error);
        match self.target {
            Some(Target::Typed(_)) => self.address.form().fail(&sentence),
            _ => self.server.fail(&sentence),
        }
        // Signing in again has its password in front: what is wrong is said once that is typed.
        if !matches!(self.start, JellyfinStart::Again(_)) {
            self.review(error, sender);
        }
    }

    fn choose_user(&mut self, place: usize, sender: &ComponentSender<Self>) {
        let Some(user) = self.users.get(place).cloned() else { return };
        if user.has_password {
            return self.ask_for_password(Some(&user.name));
        }
        self.server.sign_in();
        self.sign_in(user.name, SecretString::from(String::new()), sender);
    }

    fn ask_for_password(&self, user: Option<&str>) {
        self.server.ready();
        self.password.ask(user);
        self.navigation.push(self.password.page());
    }

    fn sign_in_typed(&mut self, sender: &ComponentSender<Self>) {
        let Some((name, password)) = self.password.typed() else { return };
        self.password.form().wait();
        self.sign_in(name, password, sender);
    }

    /// The source whose sign-in is renewed.
    fn again(&self) -> Option<SourceId> {
        if let JellyfinStart::Again(known) = &self.start { Some(known.source) } else { None }
    }

    fn sign_in(&mut self, name: String, password: SecretString, sender: &ComponentSender<Self>) {
        let (ctx, out, again) = (self.ctx.clone(), sender.command_sender().clone(), self.again());
        let server = self.found.clone();
        self.signing_in.start(|number| async move {
            let result = work::sign_in(&ctx, again, server.as_ref(), &name, &password).await;
            out.emit(JellyfinCommand::SignedIn(number, result));
        });
    }

    fn ask_for_code(&mut self, sender: &ComponentSender<Self>) {
        self.code.ask();
        if self.navigation.visible_page().as_ref() != Some(self.code.page()) {
            self.navigation.push(self.code.page());
        }
        let (ctx, out, again) = (self.ctx.clone(), sender.command_sender().clone(), self.again());
        let server = self.found.clone();
        self.signing_in.start(|number| async move {
            let code = work::code(&ctx, again, server.as_ref()).await;
            out.emit(JellyfinCommand::Code(number, Box::new(code.clone())));
            if let Ok(code) = code {
                let result = work::approved(&ctx, &code).await;
                out.emit(JellyfinCommand::SignedIn(number, result));
            }
        });
    }

    fn coded(&mut self, code: Result<QuickConnect, ServiceError>, sender: &ComponentSender<Self>) {
        match code {
            Ok(code) => {
                self.code.show(code.code(), code.remaining(), sender);
                self.quick_connect = Some(code);
            }
            Err(error) => self.code.fail(&error_text::sentence(&error)),
        }
    }

    fn tick(&self) {
        if let Some(code) = &self.quick_connect {
            self.code.show_left(code.remaining());
        }
    }

    fn signed_in(&mut self, result: Result<SourceId, ServiceError>, sender: &ComponentSender<Self>) {
        self.signing_in.stop();
        let error = match result {
            Ok(id) => {
                let _closed = sender.output(id);
                return;
            }
            Err(error) => error,
        };
        let sentence = error_text::sentence(&error);
        let wrong = matches!(error, ServiceError::SignIn(SignInProblem::WrongPassword));
        let front = self.navigation.visible_page();
        if front.as_ref() == Some(self.code.page()) {
            self.code.fail(&sentence);
        } else if front.as_ref() == Some(self.password.page()) {
            self.password.form().fail(&sentence);
            self.password.correct();
        } else {
            self.server.refuse(&sentence);
        }
        if !wrong {
            self.review(&error, sender);
        }
    }
}
