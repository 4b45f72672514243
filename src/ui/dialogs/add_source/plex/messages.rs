//! What the Plex way of the dialog is told, and what it tells.

use crate::backends::plex::tv::HomeUser;
use crate::models::{Source, SourceId};
use crate::net::CertificateFacts;
use crate::services::ServiceError;
use crate::services::core::auth::{LinkNews, PlexAccount, PlexLink};
use crate::ui::dialogs::add_source::Known;

/// Where the way begins, and what for.
#[derive(Debug, Clone)]
pub(in crate::ui::dialogs::add_source) enum PlexStart {
    /// To add servers.
    New {
        /// Where a server was found: filled in where an address is asked for.
        address: Option<String>,
    },
    /// To sign in to a source again.
    Again(Known),
    /// To add another user of a source's server.
    AnotherUser(Known),
}

/// Messages to it.
#[derive(Debug)]
pub(in crate::ui::dialogs::add_source) enum PlexInput {
    /// Begin to sign in with the browser.
    SignIn,
    /// Open the browser once more.
    OpenBrowser,
    /// Stop waiting.
    Cancel,
    /// Show the page for an address and a token.
    ByToken,
    /// Use the address and the token that were typed.
    UseToken,
    /// Trust the certificate of the server there.
    Trust(Box<CertificateFacts>),
    /// Be this user of the Home, by its place in the list.
    ChooseUser(usize),
    /// Use the PIN that was typed.
    EnterPin,
    /// Add the servers that are checked.
    AddServers,
    /// Ask for the servers of the account again.
    Refresh,
    /// A page of this tag was left.
    Left(String),
    /// The dialog was closed.
    Closed,
}

/// What came of it.
#[derive(Debug)]
pub(in crate::ui) enum PlexOutput {
    /// Sources were added, or signed in to again.
    Added(Vec<SourceId>),
    /// Nothing is left to do.
    Done,
}

/// A result of what was done in the background.
#[derive(Debug)]
pub(in crate::ui::dialogs::add_source) struct PlexCommand {
    /// For which attempt: those of one that was given up are not heard any more.
    pub(super) attempt: u64,
    pub(super) news: News,
}

/// Results of what was done in the background.
#[derive(Debug)]
pub(in crate::ui::dialogs::add_source) enum News {
    /// There is a code, and a page for the browser.
    Code(Box<PlexLink>),
    /// How the waiting goes.
    Waiting(LinkNews),
    /// Waiting ended without anybody who agreed.
    NotLinked(ServiceError),
    /// An account, just signed in to or kept.
    Account(Box<PlexAccount>),
    /// The users of the account's Home.
    Users(Result<Vec<HomeUser>, ServiceError>),
    /// The account as a user of the Home.
    Switched(Box<Result<PlexAccount, ServiceError>>),
    /// The account with its servers as they are now, and the sources that there are.
    Servers(Result<Box<(PlexAccount, Vec<Source>)>, ServiceError>),
    /// What became of each server that was chosen.
    Added(Result<Vec<Result<SourceId, ServiceError>>, ServiceError>),
    /// A server by its token, or a new sign-in.
    SignedIn(Result<SourceId, ServiceError>),
    /// Nothing is known of the account: begin at the beginning.
    Nobody,
}
