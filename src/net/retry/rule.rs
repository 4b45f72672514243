//! What each kind of failure permits: the table of error kinds. Pure.

use std::time::Duration;

use crate::net::error::{ErrorKind, NetError};

/// What may be done with a request that failed, on the same connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryRule {
    /// Nothing: the answer would be the same.
    Never,
    /// Again after the pause of the policy.
    SameConnection,
    /// Again after the pause of the policy, if doing it twice is the same as doing it once.
    IdempotentOnly,
    /// Again after the pause that the server asks for.
    AfterPause,
    /// Once more with a fresh token. The caller does it: repeating the same request is of no use.
    RefreshTokenOnce,
    /// When the network has changed, or its login page was passed.
    OnNetworkChange,
    /// When there is a connection again.
    WhenOnline,
}

impl RetryRule {
    /// Whether time alone may help, so that a loop with pauses makes sense.
    pub fn is_timed(self) -> bool {
        matches!(self, Self::SameConnection | Self::IdempotentOnly | Self::AfterPause)
    }
}

/// Failures of a server over one connection until another is tried: one 5xx may be a hiccup, and the other
/// connections end at the same server.
const SERVER_FAILURES_TO_FAIL_OVER: u32 = 2;

impl ErrorKind {
    /// What may be done on the same connection.
    pub fn retry(self) -> RetryRule {
        match self {
            Self::Dns
            | Self::Refused
            | Self::Reset
            | Self::Unreachable
            | Self::ConnectTimeout
            | Self::Proxy
            | Self::TlsProtocol
            | Self::NotHttp
            | Self::Server => RetryRule::SameConnection,
            Self::ReadTimeout => RetryRule::IdempotentOnly,
            Self::RateLimited => RetryRule::AfterPause,
            Self::Unauthorized => RetryRule::RefreshTokenOnce,
            Self::CaptivePortal => RetryRule::OnNetworkChange,
            Self::Offline => RetryRule::WhenOnline,
            Self::TlsCertificate
            | Self::WrongServer
            // Another try with the same password may lock somebody out.
            | Self::ProxyAuthentication
            | Self::Forbidden
            | Self::NotFound
            | Self::Client
            | Self::Decode
            | Self::TooLarge
            | Self::Unsupported
            | Self::Storage
            | Self::Credentials
            | Self::Invalid
            | Self::Cancelled => RetryRule::Never,
        }
    }

    /// After how many failures in a row over one connection another is tried; `None` when another cannot do
    /// better.
    pub fn fail_over_after(self) -> Option<u32> {
        match self {
            Self::Server => Some(SERVER_FAILURES_TO_FAIL_OVER),
            kind => kind.may_fail_over().then_some(1),
        }
    }

    /// Whether it counts towards opening the circuit of a connection.
    pub fn counts_for_breaker(self) -> bool {
        matches!(
            self,
            Self::Dns
                | Self::Refused
                | Self::Reset
                | Self::Unreachable
                | Self::ConnectTimeout
                | Self::ReadTimeout
                | Self::TlsProtocol
                | Self::NotHttp
                | Self::Server
        )
    }

    /// Whether the server may have got the request: true unless the failure is one of connecting.
    pub fn may_have_arrived(self) -> bool {
        !matches!(
            self,
            Self::Dns
                | Self::Refused
                | Self::Unreachable
                | Self::ConnectTimeout
                | Self::Proxy
                | Self::TlsCertificate
                | Self::ProxyAuthentication
                | Self::Offline
                | Self::Storage
                | Self::Credentials
                | Self::Invalid
        )
    }

    /// What the failure says about the connection.
    pub fn tells_of_connection(self) -> ConnectionNews {
        match self {
            Self::Dns
            | Self::Refused
            | Self::Reset
            | Self::Unreachable
            | Self::ConnectTimeout
            | Self::ReadTimeout
            | Self::Proxy
            | Self::TlsCertificate
            | Self::TlsProtocol
            | Self::NotHttp
            | Self::CaptivePortal
            | Self::WrongServer
            | Self::ProxyAuthentication
            | Self::Server
            | Self::Offline => ConnectionNews::Bad,
            Self::Unauthorized
            | Self::Forbidden
            | Self::NotFound
            | Self::Client
            | Self::RateLimited
            | Self::Decode
            | Self::TooLarge => ConnectionNews::Good,
            Self::Unsupported | Self::Storage | Self::Credentials | Self::Invalid | Self::Cancelled => {
                ConnectionNews::None
            }
        }
    }
}

/// What an outcome says about the connection it came over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectionNews {
    /// The server answered, if only with a refusal.
    Good,
    /// The connection, or the server behind it, does not work.
    Bad,
    /// The request never left.
    None,
}

/// An error that the retry loops can judge.
pub trait Failure: Sized {
    /// What went wrong.
    fn kind(&self) -> ErrorKind;

    /// When the server says that it may be tried again.
    fn retry_after(&self) -> Option<Duration> {
        None
    }

    /// Whether the server may have got the request.
    fn may_have_arrived(&self) -> bool {
        self.kind().may_have_arrived()
    }

    /// The error for an attempt that was ended because its time was over.
    fn timed_out() -> Self;
}

impl Failure for NetError {
    fn kind(&self) -> ErrorKind {
        self.kind
    }

    fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    fn timed_out() -> Self {
        Self::new(ErrorKind::ReadTimeout, "no answer in time")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Kind, retry, fail over after so many, counts for the breaker.
    const TABLE: [(ErrorKind, RetryRule, Option<u32>, bool); 26] = [
        (ErrorKind::Dns, RetryRule::SameConnection, Some(1), true),
        (ErrorKind::Refused, RetryRule::SameConnection, Some(1), true),
        (ErrorKind::Reset, RetryRule::SameConnection, Some(1), true),
        (ErrorKind::Unreachable, RetryRule::SameConnection, Some(1), true),
        (ErrorKind::ConnectTimeout, RetryRule::SameConnection, Some(1), true),
        (ErrorKind::ReadTimeout, RetryRule::IdempotentOnly, Some(1), true),
        (ErrorKind::Proxy, RetryRule::SameConnection, Some(1), false),
        (ErrorKind::TlsCertificate, RetryRule::Never, Some(1), false),
        (ErrorKind::TlsProtocol, RetryRule::SameConnection, Some(1), true),
        (ErrorKind::NotHttp, RetryRule::SameConnection, Some(1), true),
        (ErrorKind::CaptivePortal, RetryRule::OnNetworkChange, Some(1), false),
        (ErrorKind::WrongServer, RetryRule::Never, Some(1), false),
        (ErrorKind::ProxyAuthentication, RetryRule::Never, Some(1), false),
        (ErrorKind::Unauthorized, RetryRule::RefreshTokenOnce, None, false),
        (ErrorKind::Forbidden, RetryRule::Never, None, false),
        (ErrorKind::NotFound, RetryRule::Never, None, false),
        (ErrorKind::Client, RetryRule::Never, None, false),
        (ErrorKind::RateLimited, RetryRule::AfterPause, None, false),
        (ErrorKind::Server, RetryRule::SameConnection, Some(2), true),
        (ErrorKind::Decode, RetryRule::Never, None, false),
        (ErrorKind::TooLarge, RetryRule::Never, None, false),
        (ErrorKind::Offline, RetryRule::WhenOnline, None, false),
        (ErrorKind::Unsupported, RetryRule::Never, None, false),
        (ErrorKind::Storage, RetryRule::Never, None, false),
        (ErrorKind::Credentials, RetryRule::Never, None, false),
        (ErrorKind::Invalid, RetryRule::Never, None, false),
    ];

    #[test]
    fn every_kind_is_treated_as_the_table_says() {
        for (kind, retry, fail_over, breaker) in TABLE {
            assert_eq!(kind.retry(), retry, "{kind:?}");
            assert_eq!(kind.fail_over_after(), fail_over, "{kind:?}");
            assert_eq!(kind.counts_for_breaker(), breaker, "{kind:?}");
            if breaker {
                assert_eq!(kind.tells_of_connection(), ConnectionNews::Bad, "{kind:?}");
            }
        }
    }

    #[test]
    fn only_failures_of_connecting_prove_that_nothing_arrived() {
        assert!(!ErrorKind::Refused.may_have_arrived());
        assert!(!ErrorKind::ConnectTimeout.may_have_arrived());
        assert!(ErrorKind::Reset.may_have_arrived());
        assert!(ErrorKind::ReadTimeout.may_have_arrived());
        assert!(ErrorKind::TlsProtocol.may_have_arrived());
    }
}
