//! What the way to a Jellyfin is told, and what it tells.

use gtk::gdk;

use super::super::Known;
use crate::models::SourceId;
use crate::net::CertificateFacts;
use crate::services::ServiceError;
use crate::services::core::auth::{FoundServer, PublicUser, QuickConnect};
use crate::services::discovery::Discovered;

/// Where the way begins.
#[derive(Debug, Clone)]
pub(in crate::ui) enum JellyfinStart {
    /// At the address.
    Address,
    /// At a server that was heard of in the network.
    Discovered(Box<Discovered>),
    /// At the users of a source's server.
    AnotherUser(SourceId),
    /// At the password of a source's user.
    Again(Known),
}

/// A page of the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) enum Step {
    /// The address of the server.
    Address,
    /// The server with its users.
    Server,
    /// Name and password.
    Password,
    /// The code that is approved elsewhere.
    Code,
}

/// Messages to the way.
#[derive(Debug)]
pub(in crate::ui) enum JellyfinInput {
    /// The first page is there.
    Begin,
    /// Look for the server at the address that was typed.
    LookAtTyped,
    /// Go on with a server of this network.
    LookAtNearby(Box<super::super::Nearby>),
    /// Look once more for the same server.
    LookAgain,
    /// The user trusts a certificate.
    Trust(Box<CertificateFacts>),
    /// Sign in as a user whom the server shows, by place.
    ChooseUser(usize),
    /// Sign in as somebody whose name is typed.
    OtherUser,
    /// Sign in with name and password.
    SignIn,
    /// Ask for a code that is approved elsewhere.
    QuickConnect,
    /// Go back from the code.
    CancelCode,
    /// A second of the code's life is over.
    Tick,
    /// The user went back from a page.
    Left(Step),
}

/// What the server offers before a sign-in.
#[derive(Debug)]
pub(in crate::ui) struct Offer {
    /// The server.
    pub(super) server: FoundServer,
    /// The users that it shows.
    pub(super) users: Vec<PublicUser>,
    /// Whether a code can be approved elsewhere.
    pub(super) quick_connect: bool,
}

/// Results of what was done in the background; a number says for which attempt.
#[derive(Debug)]
pub(in crate::ui) enum JellyfinCommand {
    /// The server was looked for.
    Found(u32, Box<Result<Offer, ServiceError>>),
    /// The portrait of a user, by place.
    Portrait(usize, gdk::Texture),
    /// The certificate of a source's server was looked at.
    Inspected(Result<Option<CertificateFacts>, ServiceError>),
    /// A certificate is trusted for a source.
    Trusted(Result<(), ServiceError>),
    /// There is a code.
    Code(u32, Box<Result<QuickConnect, ServiceError>>),
    /// Somebody is signed in, or is not.
    SignedIn(u32, Result<SourceId, ServiceError>),
}
