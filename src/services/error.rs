//! Failures of services: typed reasons, to be turned into words in `ui/error_text.rs`.

use std::time::Duration;

use crate::backends::{BackendError, IdentifyError};
use crate::db::DbError;
use crate::models::SourceId;
use crate::net::{CertificateFacts, ErrorKind, Failure, NetError};

use super::credentials::CredentialError;

/// Why an address cannot be used for a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AddressProblem {
    /// The text is not an address.
    Malformed,
    /// Something answers, but it is no media server of the wanted kind.
    NotAServer,
    /// A web page answers: a wrong path, or a login page in front of the server.
    WebPage,
    /// It is an Emby server.
    Emby,
    /// The server is older than what is supported.
    TooOld {
        /// Its version.
        version: String,
    },
    /// The server is starting, migrating or not set up.
    SettingUp,
    /// Another host is named as the place to go.
    Redirected,
    /// Its certificate is not trusted, and a person may decide about it.
    Certificate(Box<CertificateFacts>),
    /// Nothing usable answers; the kind says how.
    Unreachable(ErrorKind),
}

impl From<IdentifyError> for AddressProblem {
    fn from(error: IdentifyError) -> Self {
        match error {
            IdentifyError::WebPage => Self::WebPage,
            IdentifyError::NotAServer => Self::NotAServer,
            IdentifyError::Emby => Self::Emby,
            IdentifyError::TooOld { version } => Self::TooOld { version },
            IdentifyError::NotReady { .. } => Self::SettingUp,
            IdentifyError::RedirectedTo { .. } => Self::Redirected,
            IdentifyError::Net(error) => Self::Unreachable(error.kind),
        }
    }
}

/// Why signing in failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInProblem {
    /// Wrong user name or password.
    WrongPassword,
    /// The token is not valid at this server.
    WrongToken,
    /// The account may not sign in here and now.
    NotAllowed,
    /// The code was not confirmed in time.
    CodeExpired,
    /// The server does not offer to confirm a code elsewhere, or no longer does.
    QuickConnectDisabled,
    /// The number that protects the user of the Home is another.
    WrongPin,
    /// It was somebody else than the user of the source who signed in.
    OtherUser,
    /// The account has signed this installation out: a person must sign in to it again.
    AccountSignedOut,
    /// The account has no server, or not the one that is wanted.
    NoServer,
}

/// Why a folder cannot be a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FolderProblem {
    /// It is not there.
    Missing,
    /// It is a file.
    NotAFolder,
    /// It may not be read.
    Unreadable,
    /// There are no videos in it.
    Empty,
    /// It is inside of another folder of the source, or has one inside.
    Overlaps,
    /// Nothing in it is known from the folder that it should replace.
    OtherFiles,
    /// It is the only one of its source.
    Last,
}

/// A service's call failed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ServiceError {
    /// The backend failed.
    #[error(transparent)]
    Backend(#[from] BackendError),
    /// A request outside a backend failed.
    #[error(transparent)]
    Net(#[from] NetError),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] DbError),
    /// The credential store failed.
    #[error(transparent)]
    Credentials(#[from] CredentialError),
    /// A source has no credentials any more.
    #[error("no credentials for this source")]
    SignedOut(SourceId),
    /// The user has switched the source off.
    #[error("the source is switched off")]
    Disabled(SourceId),
    /// The user has ended it.
    #[error("ended by the user")]
    Cancelled,
    /// No connection of the source works.
    #[error("no connection to the server works ({0:?})")]
    Offline(ErrorKind),
    /// The address cannot be used.
    #[error("the address cannot be used: {0:?}")]
    Address(AddressProblem),
    /// Signing in failed.
    #[error("signing in failed: {0:?}")]
    SignIn(SignInProblem),
    /// The folder cannot be used.
    #[error("the folder cannot be used: {0:?}")]
    Folder(FolderProblem),
    /// This source is there already.
    #[error("this source was added before")]
    Duplicate(SourceId),
    /// Neither this machine nor the server has a way to play it.
    #[error("there is no way to play it")]
    NotPlayable,
    /// There is nothing with this id.
    #[error("there is no such {0}")]
    Unknown(&'static str),
}

impl Failure for ServiceError {
    fn kind(&self) -> ErrorKind {
        self.kind()
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Backend(error) => error.retry_after(),
            Self::Net(error) => error.retry_after,
            _ => None,
        }
    }

    fn timed_out() -> Self {
        NetError::timed_out().into()
    }
}

impl ServiceError {
    /// What went wrong, coarsely.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Backend(error) => error.kind(),
            Self::Net(error) => error.kind,
            Self::Storage(_) => ErrorKind::Storage,
            Self::Credentials(_) | Self::SignedOut(_) => ErrorKind::Credentials,
            Self::Offline(_) | Self::Disabled(_) => ErrorKind::Offline,
            Self::Cancelled => ErrorKind::Cancelled,
            Self::NotPlayable => ErrorKind::Unsupported,
            Self::Address(AddressProblem::Unreachable(kind)) => *kind,
            Self::Address(AddressProblem::Certificate(_)) => ErrorKind::TlsCertificate,
            Self::Address(_) | Self::Duplicate(_) => ErrorKind::Invalid,
            Self::SignIn(_) => ErrorKind::Unauthorized,
            Self::Folder(_) | Self::Unknown(_) => ErrorKind::NotFound,
        }
    }
}
