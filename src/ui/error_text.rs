//! Words for errors: one sentence for each reason, translatable, for the window and the command line alike.
//!
//! The only place where an error becomes words. Needs no toolkit; what the player says is in `playback`.

#[cfg(feature = "ui")]
pub(super) mod playback;

use gettextrs::{LocaleCategory, bind_textdomain_codeset, bindtextdomain, gettext, setlocale, textdomain};

use crate::config::{GETTEXT_DOMAIN, locale_dir};
use crate::db::{DbError, DbErrorKind};
use crate::net::ErrorKind;
#[cfg(feature = "ui")]
use crate::net::InvalidProxy;
use crate::services::credentials::CredentialError;
use crate::services::{AddressProblem, FolderProblem, ServiceError, SignInProblem};

/// What a person can do about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// Try again.
    Retry,
    /// Sign in again.
    SignIn,
    /// Nothing but reading the sentence.
    None,
}

/// Sets up translations. Without them, or in an unknown locale, everything is in English.
pub fn bind_translations() {
    set_locale();
    let bound = bindtextdomain(GETTEXT_DOMAIN, locale_dir())
        .and_then(|_| bind_textdomain_codeset(GETTEXT_DOMAIN, "UTF-8"))
        .and_then(|_| textdomain(GETTEXT_DOMAIN));
    if let Err(error) = bound {
        tracing::warn!(%error, "no translations");
    }
}

/// Takes the language from the environment.
#[expect(unsafe_code, reason = "the C library offers nothing else")]
fn set_locale() {
    // SAFETY: called first thing in `main`, before there is another thread that could read the locale.
    unsafe { setlocale(LocaleCategory::LcAll, "") };
}

/// The sentence for an error.
pub fn sentence(error: &ServiceError) -> String {
    match error {
        ServiceError::Backend(error) => kind_sentence(error.kind()),
        ServiceError::Net(error) => kind_sentence(error.kind),
        ServiceError::Storage(error) => storage_sentence(error),
        ServiceError::Credentials(CredentialError::NoAnswer) => {
            gettext("The keyring is locked or does not answer. Unlock it and try again.")
        }
        ServiceError::Credentials(_) => gettext("The credentials could not be read or stored."),
        ServiceError::SignedOut(_) => gettext("The sign-in for this source is missing. Sign in again."),
        ServiceError::Disabled(_) => gettext("This source is switched off."),
        ServiceError::Offline(kind) => offline_sentence(*kind),
        ServiceError::NotPlayable => gettext(
            "The server does not give this in a form that can be played here. Another quality or version may work.",
        ),
        ServiceError::Cancelled => kind_sentence(ErrorKind::Cancelled),
        ServiceError::Address(problem) => address_sentence(problem),
        ServiceError::SignIn(problem) => sign_in_sentence(*problem),
        ServiceError::Folder(problem) => folder_sentence(*problem),
        ServiceError::Duplicate(_) => gettext("This source was added before."),
        ServiceError::Unknown(what) => match *what {
            "source" => gettext("There is no source with this id."),
            "name" => gettext("A source needs a name."),
            "address" => gettext("This source has no such address that you have added."),
            "connection" => gettext("This source has no such address."),
            "certificate" => gettext("There is no accepted certificate to take back."),
            "episode" => gettext("There is no episode to play."),
            "playable item" => gettext("This cannot be played."),
            _ => gettext("There is nothing with this id."),
        },
    }
}

/// What can be done about an error.
pub fn remedy(error: &ServiceError) -> Remedy {
    match error {
        ServiceError::SignedOut(_) => Remedy::SignIn,
        ServiceError::Disabled(_) => Remedy::None,
        _ => match error.kind() {
            ErrorKind::Unauthorized => Remedy::SignIn,
            kind if kind.may_pass() => Remedy::Retry,
            _ => Remedy::None,
        },
    }
}

/// Said once when there is no keyring.
pub fn credentials_in_file() -> String {
    gettext(
        "There is no keyring on this system. The sign-in is kept in a file that is protected by file permissions only.",
    )
}

/// The kind that was stored under its name; `None` for a name of another version.
#[cfg(feature = "ui")]
pub(super) fn stored_kind(name: &str) -> Option<ErrorKind> {
    serde_json::from_value(serde_json::Value::from(name)).ok()
}

/// The sentence for a kind of failure.
pub fn kind_sentence(kind: ErrorKind) -> String {
    match kind {
        ErrorKind::Dns => gettext("The server’s name could not be found."),
        ErrorKind::Refused => gettext("No server is running at this address."),
        ErrorKind::Reset => gettext("The connection to the server broke."),
        ErrorKind::Unreachable => gettext("The server cannot be reached from this network."),
        ErrorKind::ConnectTimeout | ErrorKind::ReadTimeout => gettext("The server did not answer in time."),
        ErrorKind::Proxy => gettext("The proxy does not answer, or does not let this through."),
        ErrorKind::TlsCertificate => gettext("The server’s certificate is not trusted."),
        ErrorKind::TlsProtocol => gettext("No secure connection to the server could be made."),
        ErrorKind::NotHttp => gettext("Something else than a media server answered."),
        ErrorKind::CaptivePortal => gettext("A web page answered instead of the media server."),
        ErrorKind::WrongServer => gettext("Another server answered at this address."),
        ErrorKind::ProxyAuthentication => gettext("The proxy wants a name and a password."),
        ErrorKind::Unauthorized => gettext("The server asks to sign in again."),
        ErrorKind::Forbidden => gettext("This is not allowed."),
        ErrorKind::NotFound => gettext("This is no longer there."),
        ErrorKind::Client => gettext("The server refused the request."),
        ErrorKind::RateLimited => gettext("The server asks to wait a little."),
        ErrorKind::Server => gettext("The server has a problem."),
        ErrorKind::Decode => gettext("The server sent something that could not be understood."),
        ErrorKind::TooLarge => gettext("The server’s answer was too large."),
        ErrorKind::Offline => gettext("The server cannot be reached."),
        ErrorKind::Unsupported => gettext("This source cannot do that."),
        ErrorKind::Storage => gettext("The files of the library could not be read or written."),
        ErrorKind::Credentials => gettext("The sign-in could not be read."),
        ErrorKind::Invalid => gettext("This is not possible."),
        ErrorKind::Cancelled => gettext("This was stopped."),
    }
}

fn offline_sentence(kind: ErrorKind) -> String {
    match kind {
        ErrorKind::CaptivePortal => gettext("This network wants you to sign in first."),
        ErrorKind::Proxy
        | ErrorKind::ProxyAuthentication
        | ErrorKind::TlsCertificate
        | ErrorKind::WrongServer => kind_sentence(kind),
        ErrorKind::NotFound => gettext("The folder is not there."),
        _ => gettext("The server cannot be reached."),
    }
}

fn address_sentence(problem: &AddressProblem) -> String {
    match problem {
        AddressProblem::Malformed => gettext("This is not an address."),
        AddressProblem::NotAServer => {
            gettext("Something answers at this address, but it is not this kind of server.")
        }
        AddressProblem::WebPage => gettext(
            "A web page answers at this address, not a media server. Perhaps a part of the address is missing.",
        ),
        AddressProblem::Emby => gettext("This is an Emby server. Reel works with Jellyfin."),
        AddressProblem::TooOld { version } => {
            gettext("This server is too old: it is version {}, and Reel needs 10.9 or newer.")
                .replace("{}", version)
        }
        AddressProblem::SettingUp => {
            gettext("This server is starting or not set up yet. Try again in a minute.")
        }
        AddressProblem::Redirected => {
            gettext("This address leads to another place. Enter the address of the server itself.")
        }
        AddressProblem::Certificate(_) => kind_sentence(ErrorKind::TlsCertificate),
        AddressProblem::Unreachable(kind) => kind_sentence(*kind),
    }
}

fn sign_in_sentence(problem: SignInProblem) -> String {
    match problem {
        SignInProblem::WrongPassword => gettext("The user name or password is wrong."),
        SignInProblem::WrongToken => gettext("The server does not accept this token."),
        SignInProblem::NotAllowed => gettext("This account may not sign in here."),
        SignInProblem::CodeExpired => gettext("The code was not confirmed in time."),
        SignInProblem::QuickConnectDisabled => {
            gettext("This server does not offer Quick Connect. Sign in with a password.")
        }
        SignInProblem::WrongPin => gettext("The PIN is wrong."),
        SignInProblem::OtherUser => {
            gettext("Somebody else signed in. Sign in as the user to whom this source belongs.")
        }
        SignInProblem::AccountSignedOut => {
            gettext("The sign-in to the Plex account has ended. Sign in again.")
        }
        SignInProblem::NoServer => gettext(
            "No matching Plex server found. Refresh the list of servers, or sign in with another account.",
        ),
    }
}

fn folder_sentence(problem: FolderProblem) -> String {
    match problem {
        FolderProblem::Missing => gettext("This folder does not exist."),
        FolderProblem::NotAFolder => gettext("This is not a folder."),
        FolderProblem::Unreadable => gettext("This folder cannot be read."),
        FolderProblem::Empty => gettext("There are no videos in this folder."),
        FolderProblem::Overlaps => gettext("One of the folders is inside of the other."),
        FolderProblem::OtherFiles => gettext(
            "Nothing in this folder is known from the one that it should replace. Add it as another folder instead.",
        ),
        FolderProblem::Last => gettext("It is the only folder. Remove the source instead."),
    }
}

/// Why a text is not the address of a proxy.
#[cfg(feature = "ui")]
pub(super) fn proxy_sentence(problem: InvalidProxy) -> String {
    match problem {
        InvalidProxy::Malformed => {
            gettext("This is not an address. Write it like http://proxy.example:3128.")
        }
        InvalidProxy::Scheme => gettext("Only HTTP and SOCKS5 proxies can be used."),
        InvalidProxy::NotJustHost => gettext("Enter only a host and a port, and nothing after them."),
    }
}

fn storage_sentence(error: &DbError) -> String {
    match error.kind() {
        DbErrorKind::Damaged => gettext(
            "The library’s database is damaged. It was kept; move it away to begin with an empty one.",
        ),
        DbErrorKind::Newer => {
            gettext("The library’s database is from a newer version of Reel. Update Reel to open it.")
        }
        DbErrorKind::ReadOnly => gettext("The library’s database cannot be written."),
        DbErrorKind::Locked => gettext("The library’s database is in use by another program."),
        DbErrorKind::Full => gettext("The disk is full."),
        DbErrorKind::NotFound => gettext("There is nothing with this id."),
        DbErrorKind::Other => gettext("The library’s database failed."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::SourceId;

    #[test]
    fn sentences_hold_no_ids() {
        let id = SourceId::random();
        for error in [ServiceError::Duplicate(id), ServiceError::SignedOut(id)] {
            assert!(!sentence(&error).contains(&id.to_string()));
        }
    }

    #[cfg(feature = "ui")]
    #[test]
    fn stored_kinds_are_known_by_their_names() {
        for kind in [ErrorKind::ConnectTimeout, ErrorKind::TlsCertificate, ErrorKind::Server] {
            assert_eq!(stored_kind(&format!("{kind:?}")), Some(kind));
        }
        assert_eq!(stored_kind("Gone"), None);
    }

    #[test]
    fn the_version_is_named() {
        let error = ServiceError::Address(AddressProblem::TooOld { version: "10.8.13".to_owned() });
        assert!(sentence(&error).contains("10.8.13"));
    }

    #[test]
    fn what_may_pass_can_be_retried() {
        assert_eq!(remedy(&ServiceError::Offline(ErrorKind::Refused)), Remedy::Retry);
        assert_eq!(remedy(&ServiceError::SignedOut(SourceId::random())), Remedy::SignIn);
        assert_eq!(remedy(&ServiceError::Folder(FolderProblem::Empty)), Remedy::None);
    }
}
