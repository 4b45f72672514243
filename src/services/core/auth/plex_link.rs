//! Linking this installation to an account of plex.tv.
//!
//! There are two ways for a person to agree, and both wait at the same time: a page that the browser of this
//! machine opens, and a short code to be typed at [`LINK_PAGE`] on any device, for who has no browser here.

use std::time::Duration;

use chrono::Utc;
use futures::future::join;
use secrecy::SecretString;
use tokio::time::{Instant, sleep};
use url::Url;

use super::{AuthService, PlexAccount};
use crate::backends::plex::tv::{Pin, PinState, PlexTv};
use crate::net::ErrorClass;
use crate::services::{AppContext, Result, ServiceError, SignInProblem};

/// Where the short code is typed.
pub const LINK_PAGE: &str = "plex.tv/link";

/// plex.tv allows one question a second about a PIN; two are kinder.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// A wish to be linked that waits for a person. Dropping it gives it up.
#[derive(Debug, Clone)]
pub struct PlexLink {
    tv: PlexTv,
    for_page: Pin,
    for_code: Pin,
    ends: Instant,
}

/// What the waiting for a person is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkNews {
    /// Nobody has agreed yet.
    Waiting,
    /// plex.tv cannot be reached now; it goes on when it can.
    NoNetwork,
}

impl PlexLink {
    /// The code to type at [`LINK_PAGE`].
    pub fn code(&self) -> &str {
        &self.for_code.code
    }

    /// The page on which the user of this machine agrees. It holds a secret: for the browser only.
    pub fn page(&self) -> Url {
        self.tv.auth_page(&self.for_page)
    }

    /// How long somebody can still agree.
    pub fn remaining(&self) -> Duration {
        self.ends.saturating_duration_since(Instant::now())
    }

    /// Looks once whether somebody has agreed.
    async fn look(&self) -> Result<PinState> {
        let looks = join(self.tv.poll_pin(&self.for_page), self.tv.poll_pin(&self.for_code)).await;
        match looks {
            (Ok(PinState::Approved(token)), _) | (_, Ok(PinState::Approved(token))) => {
                Ok(PinState::Approved(token))
            }
            // The code that is shown is good no longer than its own life.
            (_, Ok(PinState::Expired)) | (Ok(PinState::Expired), _) => Ok(PinState::Expired),
            (Err(error), _) | (_, Err(error)) => Err(error.into()),
            (Ok(PinState::Waiting), Ok(PinState::Waiting)) => Ok(PinState::Waiting),
        }
    }

    /// A failure that may pass, when there is still time for that.
    fn outlive(&self, error: ServiceError) -> Result<LinkNews> {
        if self.remaining().is_zero() {
            return Err(ServiceError::SignIn(SignInProblem::CodeExpired));
        }
        match error.kind() {
            kind if !kind.may_pass() => Err(error),
            kind if kind.class() == ErrorClass::Network => Ok(LinkNews::NoNetwork),
            _ => Ok(LinkNews::Waiting),
        }
    }
}

impl AuthService {
    /// Asks plex.tv to be linked.
    ///
    /// # Errors
    /// A network kind.
    pub async fn start_plex_link(ctx: &AppContext) -> Result<PlexLink> {
        let tv = Self::plex_tv(ctx);
        let (for_page, for_code) = futures::try_join!(tv.create_pin(), tv.create_short_pin())?;
        let life = (for_page.expires_at.min(for_code.expires_at) - Utc::now()).to_std().unwrap_or_default();
        Ok(PlexLink { tv, for_page, for_code, ends: Instant::now() + life })
    }

    /// Waits until somebody has agreed, and reads the account. `news` hears after each look how it goes. Passing
    /// trouble of the network does not end the waiting; dropping the future does.
    ///
    /// # Errors
    /// `SignIn(CodeExpired)`, or what reading the account fails with.
    pub async fn wait_for_plex_link(
        ctx: &AppContext,
        link: &PlexLink,
        news: impl Fn(LinkNews),
    ) -> Result<PlexAccount> {
        let mut token = None;
        loop {
            let now = match advance(ctx, link, &mut token).await {
                Ok(Some(account)) => return Ok(account),
                Ok(None) => LinkNews::Waiting,
                Err(error) => link.outlive(error)?,
            };
            news(now);
            sleep(LOOK_EVERY).await;
        }
    }

    /// Waits until the user has confirmed one PIN. Passing trouble of the network does not end the waiting;
    /// dropping the future does.
    ///
    /// # Errors
    /// `SignIn(CodeExpired)`.
    pub async fn wait_for_pin(tv: &PlexTv, pin: &Pin) -> Result<SecretString> {
        loop {
            match tv.poll_pin(pin).await {
                Ok(PinState::Approved(token)) => return Ok(token),
                Ok(PinState::Expired) => return Err(ServiceError::SignIn(SignInProblem::CodeExpired)),
                Ok(PinState::Waiting) => {}
                Err(error) if error.kind().may_pass() => {}
                Err(error) => return Err(error.into()),
            }
            sleep(LOOK_EVERY).await;
        }
    }
}

/// One step: the agreement first, then the account behind it.
async fn advance(
    ctx: &AppContext,
    link: &PlexLink,
    token: &mut Option<SecretString>,
) -> Result<Option<PlexAccount>> {
    if token.is_none() {
        match link.look().await? {
            PinState::Approved(approved) => *token = Some(approved),
            PinState::Expired => return Err(ServiceError::SignIn(SignInProblem::CodeExpired)),
            PinState::Waiting => return Ok(None),
        }
    }
    match token {
        Some(token) => AuthService::plex_account(ctx, token).await.map(Some),
        None => Ok(None),
    }
}
