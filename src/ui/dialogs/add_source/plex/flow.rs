//! What happens from step to step.

use adw::prelude::*;
use gettextrs::gettext;
use relm4::ComponentSender;

use super::choices::choices;
use super::messages::{News, PlexOutput, PlexStart};
use super::missing::Missing;
use super::{PlexWay, TOKEN_TAG, is_without_account, missing, users, waiting};
use crate::backends::plex::tv::HomeUser;
use crate::models::{MachineId, Source, SourceId};
use crate::services::core::auth::{PlexAccount, PlexLink};
use crate::services::core::{AuthService, SourceService};
use crate::services::{AppContext, ServiceError, SignInProblem};
use crate::ui::error_text;

impl PlexWay {
    /// What happens before anybody does anything.
    pub(super) fn begin(&mut self) {
        let PlexStart::AnotherUser(known) = &self.wanted else { return };
        // The account that is signed in may know the other user: nobody needs a browser then.
        self.start.form().wait();
        let (ctx, id) = (self.ctx.clone(), known.source);
        self.work.begin(|teller| async move {
            match AuthService::plex_account_of(&ctx, id).await {
                Ok(account) if account.home => teller.tell(News::Account(Box::new(account))),
                _ => teller.tell(News::Nobody),
            }
        });
    }

    /// Nobody is known: somebody has to sign in.
    pub(super) fn begin_at_start(&self) {
        self.start.form().reset();
        self.start.form().button().grab_focus();
    }

    /// Waits for somebody who agrees in the browser.
    pub(super) fn sign_in(&mut self) {
        self.start.form().reset();
        self.waiting.prepare();
        if !self.is_in_front(self.waiting.page()) {
            self.show(self.waiting.page());
        }
        let ctx = self.ctx.clone();
        self.work.begin(|teller| async move {
            let linked = async {
                let link = AuthService::start_plex_link(&ctx).await?;
                teller.tell(News::Code(Box::new(link.clone())));
                let news = teller.clone();
                let say = move |now| news.tell(News::Waiting(now));
                AuthService::wait_for_plex_link(&ctx, &link, say).await
            };
            match linked.await {
                Ok(account) => teller.tell(News::Account(Box::new(account))),
                Err(error) => teller.tell(News::NotLinked(error)),
            }
        });
    }

    pub(super) fn show_code(&mut self, link: PlexLink, root: &adw::NavigationPage) {
        self.waiting.show_code(&link);
        self.link = Some(link);
        self.open_browser(root);
    }

    /// Opens the page on which the user agrees. Where there is no browser the code is left.
    pub(super) fn open_browser(&self, root: &adw::NavigationPage) {
        let Some(link) = &self.link else { return };
        let launcher = gtk::UriLauncher::new(link.page().as_str());
        let window = root.root().and_downcast::<gtk::Window>();
        let say = self.waiting.browserless();
        gtk::glib::spawn_future_local(async move {
            if let Err(error) = launcher.launch_future(window.as_ref()).await {
                // The text may hold the address, which is a secret.
                tracing::info!(kind = ?error.kind::<gtk::gio::IOErrorEnum>(), "no browser could be opened");
                say();
            }
        });
    }

    /// Nobody agreed in time, or nobody could be asked.
    pub(super) fn not_linked(&mut self, error: &ServiceError) {
        self.link = None;
        let sentence = error_text::sentence(error);
        if matches!(error, ServiceError::SignIn(SignInProblem::CodeExpired)) {
            return self.waiting.expire(&sentence);
        }
        self.pages.pop();
        self.start.form().fail(&sentence);
    }

    /// A page was left: what it waited for is not wanted any more.
    pub(super) fn left(&mut self, tag: &str) {
        if [waiting::TAG, users::USERS_TAG, users::PIN_TAG, missing::TAG, TOKEN_TAG].contains(&tag) {
            self.give_up();
            self.users.ready();
            self.token.form().ready();
        }
        self.start.form().ready();
    }

    /// Somebody signed in.
    pub(super) fn signed_in(&mut self, account: PlexAccount) {
        self.link = None;
        self.waiting.stop();
        if !matches!(self.wanted, PlexStart::AnotherUser(_)) {
            // There it waits until somebody comes back: Enter would ask for a browser while the next page comes.
            self.start.form().reset();
        }
        self.owner = Some(account.clone());
        match &self.wanted {
            PlexStart::Again(known) if known.user_id.as_deref() == Some(account.id.as_str()) => {
                self.sign_in_again(account);
            }
            PlexStart::Again(_) if !account.home => self.miss(Missing::Person, account),
            _ if account.home => self.ask_users(account),
            _ => self.list_servers(account),
        }
    }

    fn ask_users(&mut self, account: PlexAccount) {
        let ctx = self.ctx.clone();
        self.work.begin(|teller| async move {
            teller.tell(News::Users(AuthService::plex_home_users(&ctx, &account).await));
        });
    }

    pub(super) fn show_users(&mut self, users: Result<Vec<HomeUser>, ServiceError>) {
        let Some(owner) = self.owner.clone() else { return };
        let users = match users {
            Ok(users) => users,
            Err(error) => return self.fall_back(&error),
        };
        if let PlexStart::Again(known) = &self.wanted {
            let wanted = users.iter().position(|user| Some(&user.uuid) == known.user_id.as_ref());
            self.home = users;
            return match wanted {
                Some(place) => self.choose_user(place),
                None => self.miss(Missing::Person, owner),
            };
        }
        if users.len() < 2 {
            return self.list_servers(owner);
        }
        self.users.fill(&self.ctx, &users, &owner.id);
        self.home = users;
        self.show(self.users.page());
    }

    /// Becomes a user of the Home, after the PIN of one who has it.
    pub(super) fn choose_user(&mut self, place: usize) {
        let (Some(owner), Some(user)) = (self.owner.clone(), self.home.get(place).cloned()) else { return };
        if user.uuid == owner.id {
            self.users.wait();
            return self.list_servers(owner);
        }
        if user.protected {
            self.pin.ask(&self.ctx, &user);
            return self.show(self.pin.page());
        }
        self.users.wait();
        self.become_user(owner, user, None);
    }

    pub(super) fn enter_pin(&mut self) {
        if !self.pin.form().button().is_sensitive() {
            // One is being looked at: every wrong one counts.
            return;
        }
        let (Some(owner), Some((user, pin))) = (self.owner.clone(), self.pin.typed()) else { return };
        self.pin.form().wait();
        self.become_user(owner, user, Some(pin));
    }

    fn become_user(&mut self, owner: PlexAccount, user: HomeUser, pin: Option<secrecy::SecretString>) {
        let ctx = self.ctx.clone();
        self.work.begin(|teller| async move {
            let switched = AuthService::switch_plex_user(&ctx, &owner, &user, pin.as_ref()).await;
            teller.tell(News::Switched(Box::new(switched)));
        });
    }

    pub(super) fn switched(&mut self, switched: Result<PlexAccount, ServiceError>) {
        match (switched, &self.wanted) {
            (Ok(account), PlexStart::Again(_)) => self.sign_in_again(account),
            (Ok(account), _) => self.list_servers(account),
            (Err(error), _) => self.fall_back(&error),
        }
    }

    fn list_servers(&mut self, account: PlexAccount) {
        let ctx = self.ctx.clone();
        self.work.begin(|teller| async move {
            let listed = SourceService::list(&ctx).await.map(|sources| Box::new((account, sources)));
            teller.tell(News::Servers(listed));
        });
    }

    pub(super) fn show_servers(&mut self, listed: Result<Box<(PlexAccount, Vec<Source>)>, ServiceError>) {
        let (account, sources) = match listed {
            Ok(listed) => *listed,
            Err(error) => return self.fall_back(&error),
        };
        self.users.ready();
        self.pin.form().ready();
        if let PlexStart::Again(_) = self.wanted {
            return self.sign_in_again(account);
        }
        if account.servers.is_empty() {
            return self.miss(Missing::Servers, account);
        }
        let only = match &self.wanted {
            PlexStart::AnotherUser(known) => known.machine_id.as_ref(),
            _ => None,
        };
        let is_there =
            |machine: &MachineId| account.servers.iter().any(|server| server.machine_id == *machine);
        if only.is_some_and(|machine| !is_there(machine)) {
            return self.miss(Missing::Server, account);
        }
        self.servers.fill(&account.name, choices(&account.servers, &sources, &account.id, only));
        self.account = Some(account);
        self.show(self.servers.page());
    }

    pub(super) fn add_servers(&mut self) {
        let (Some(account), Some((places, servers))) = (self.account.clone(), self.servers.chosen()) else {
            return;
        };
        self.adding = places;
        self.servers.wait();
        let ctx = self.ctx.clone();
        self.work.begin_to_end(|teller| async move {
            let added = AuthService::add_plex_servers(&ctx, &account, &servers).await;
            teller.tell(News::Added(added));
        });
    }

    pub(super) fn added(
        &mut self,
        added: Result<Vec<Result<SourceId, ServiceError>>, ServiceError>,
        sender: &ComponentSender<Self>,
    ) {
        self.servers.ready();
        let added = match added {
            Ok(added) => added,
            Err(error) => return self.servers.form().fail(&error_text::sentence(&error)),
        };
        let mut ids = Vec::new();
        let mut failed = false;
        for (place, outcome) in std::mem::take(&mut self.adding).into_iter().zip(added) {
            let problem = match outcome {
                Ok(id) => {
                    ids.push(id);
                    None
                }
                Err(ServiceError::Duplicate(_)) => None,
                Err(error) => Some(error_text::sentence(&error)),
            };
            failed |= problem.is_some();
            self.servers.show_outcome(place, problem.as_deref());
        }
        let _closed = sender.output(PlexOutput::Added(ids));
        if failed {
            self.servers.form().fail(&gettext("Some servers could not be added."));
        } else {
            let _closed = sender.output(PlexOutput::Done);
        }
    }

    /// Asks for the servers of the account again.
    pub(super) fn refresh(&mut self) {
        let Some(account) = self.account.clone() else { return };
        self.missing.wait();
        let ctx = self.ctx.clone();
        self.work.begin(|teller| async move { teller.tell(News::Servers(list_again(&ctx, account).await)) });
    }

    fn sign_in_again(&mut self, account: PlexAccount) {
        let PlexStart::Again(known) = &self.wanted else { return };
        let (ctx, id) = (self.ctx.clone(), known.source);
        self.account = Some(account.clone());
        self.work.begin_to_end(|teller| async move {
            let done = AuthService::sign_in_again_plex(&ctx, id, &account).await;
            teller.tell(News::SignedIn(done.map(|()| id)));
        });
    }

    /// The end of a way that leads to one source.
    pub(super) fn finish(&mut self, result: Result<SourceId, ServiceError>, sender: &ComponentSender<Self>) {
        match (result, self.account.clone()) {
            (Ok(id), _) => {
                let _closed = sender.output(PlexOutput::Added(vec![id]));
                let _closed = sender.output(PlexOutput::Done);
            }
            (Err(ServiceError::SignIn(SignInProblem::NoServer)), Some(account)) => {
                self.miss(Missing::Server, account);
            }
            (Err(error), _) => {
                self.fall_back(&error);
                self.review(&error, sender);
            }
        }
    }

    fn miss(&mut self, missing: Missing, account: PlexAccount) {
        self.missing.show(missing, &account.name);
        self.account = Some(account);
        if !self.is_in_front(self.missing.page()) {
            self.show(self.missing.page());
        }
    }

    /// Says what did not work where it can be tried again.
    fn fall_back(&mut self, error: &ServiceError) {
        let sentence = error_text::sentence(error);
        let is_in_front = |page: &adw::NavigationPage| self.is_in_front(page);
        if is_in_front(self.pin.page()) {
            return self.pin.fail(&sentence);
        }
        if is_in_front(self.users.page()) {
            return self.users.fail(&sentence);
        }
        if is_in_front(self.missing.page()) {
            return self.missing.fail(&sentence);
        }
        if is_in_front(self.waiting.page()) {
            self.pages.pop();
        }
        let by_token = self.token_page.as_ref().is_some_and(is_in_front) || is_without_account(&self.wanted);
        let form = if by_token { self.token.form() } else { self.start.form() };
        form.fail(&sentence);
    }
}

/// The servers that the account has now.
async fn list_again(
    ctx: &AppContext,
    account: PlexAccount,
) -> Result<Box<(PlexAccount, Vec<Source>)>, ServiceError> {
    let fresh = AuthService::plex_account(ctx, &account.token).await?;
    Ok(Box::new((fresh, SourceService::list(ctx).await?)))
}
