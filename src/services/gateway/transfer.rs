//! A file on its way to the player: taken up again where it broke, over whichever connection is in use then.
//!
//! Bytes are pulled: nothing is read from the server that the player has not room for, and time counts as silence
//! only while somebody waits.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use futures::stream::BoxStream;
use tokio::time::{Instant, sleep};
use tokio_util::bytes::Bytes;
use tracing::debug;

use super::identity::Identity;
use super::range::{Plan, Span, Wanted, plan};
use super::session::{Resource, Session};
use super::upstream::{Ask, Opened, Place};
use crate::models::ServerUrl;
use crate::net::{ErrorKind, RetryPolicy};

/// Silence after which the connection is looked at: well below what players have in store, and longer than a loaded
/// server pauses.
const STALL: Duration = Duration::from_secs(2);
/// After a pause of the player a connection may have been closed for being idle: that says nothing of it.
const REST: Duration = Duration::from_secs(5);
/// Resumptions in a row that brought nothing to hand on.
const MOST_FRUITLESS: u32 = 5;

/// What comes of waiting.
enum Incoming {
    Bytes(Bytes),
    End,
    Broken(ErrorKind),
    Silence,
}

impl From<Option<Result<Bytes, ErrorKind>>> for Incoming {
    fn from(next: Option<Result<Bytes, ErrorKind>>) -> Self {
        match next {
            Some(Ok(bytes)) => Self::Bytes(bytes),
            Some(Err(kind)) => Self::Broken(kind),
            None => Self::End,
        }
    }
}

/// A part of a file, as it comes.
pub(super) struct Transfer {
    session: Arc<Session>,
    resource: Arc<Resource>,
    span: Span,
    identity: Identity,
    /// The next byte to hand on.
    position: u64,
    /// How many come before it.
    skip: u64,
    connection: ServerUrl,
    first: Bytes,
    rest: BoxStream<'static, Result<Bytes, ErrorKind>>,
    patience: Duration,
    handed_at: Instant,
    fruitless: u32,
}

impl Transfer {
    /// Begins with an answer that has begun.
    pub(super) fn new(session: &Arc<Session>, resource: &Arc<Resource>, span: Span, opened: Opened) -> Self {
        Self {
            session: Arc::clone(session),
            resource: Arc::clone(resource),
            identity: Identity::new(&opened.head, span.total),
            position: span.first,
            skip: span.skip,
            span,
            connection: opened.connection,
            first: opened.first,
            rest: opened.rest,
            patience: STALL,
            handed_at: Instant::now(),
            fruitless: 0,
        }
    }

    /// How many bytes are still to come, if that is known.
    pub(super) fn left(&self) -> Option<u64> {
        self.span.end.map(|end| end.saturating_sub(self.position))
    }

    /// The next bytes, never none of them; `None` at the end. After a failure nothing more comes.
    ///
    /// # Errors
    /// Of the last attempt, after everything that could help was tried.
    pub(super) async fn next(&mut self) -> Option<Result<Bytes, ErrorKind>> {
        let rested = self.handed_at.elapsed() > REST;
        loop {
            if self.left() == Some(0) {
                return None;
            }
            let failure = match self.receive().await {
                Incoming::Bytes(bytes) => match self.hand_on(bytes) {
                    Some(bytes) => return Some(Ok(bytes)),
                    None => continue,
                },
                Incoming::End if self.span.end.is_none() => return None,
                Incoming::End => ErrorKind::Reset,
                Incoming::Silence => ErrorKind::ReadTimeout,
                Incoming::Broken(kind) => {
                    if !rested && self.is_of_server() {
                        self.session.upstream.broke(&self.connection, kind).await;
                    }
                    kind
                }
            };
            if let Err(kind) = self.resume(failure).await {
                debug!(session = self.session.number, resource = self.resource.number, ?kind, "given up");
                return Some(Err(kind));
            }
        }
    }

    fn is_of_server(&self) -> bool {
        matches!(self.resource.place, Place::Server(_))
    }

    /// Whether the same bytes can be asked for again. What has no length is made while it is sent, and would be
    /// another the next time.
    fn is_resumable(&self) -> bool {
        self.span.end.is_some() && self.span.total.is_some()
    }

    async fn receive(&mut self) -> Incoming {
        if !self.first.is_empty() {
            return Incoming::Bytes(std::mem::take(&mut self.first));
        }
        let patience = if self.is_resumable() { self.patience } else { RetryPolicy::MEDIA.total };
        tokio::select! {
            biased;
            next = self.rest.next() => return next.into(),
            () = sleep(patience) => {}
        }
        if self.is_of_server() && self.is_resumable() {
            debug!(
                session = self.session.number,
                resource = self.resource.number,
                at = self.position,
                "silent"
            );
            tokio::select! {
                biased;
                next = self.rest.next() => return next.into(),
                () = self.session.upstream.doubt(&self.connection) => {}
            }
        }
        // A disk that wakes up is not hurried by asking it again and again.
        self.patience = (self.patience * 2).min(RetryPolicy::MEDIA.total);
        Incoming::Silence
    }

    /// What of some bytes is for the player.
    fn hand_on(&mut self, mut bytes: Bytes) -> Option<Bytes> {
        let skipped = usize::try_from(self.skip).unwrap_or(usize::MAX).min(bytes.len());
        let _dropped = bytes.split_to(skipped);
        self.skip -= skipped as u64;
        if let Some(left) = self.left() {
            bytes.truncate(usize::try_from(left).unwrap_or(usize::MAX));
        }
        if bytes.is_empty() {
            return None;
        }
        self.position += bytes.len() as u64;
        (self.patience, self.fruitless) = (STALL, 0);
        self.handed_at = Instant::now();
        Some(bytes)
    }

    /// Goes on at the byte that was reached. The player notices nothing but a pause.
    async fn resume(&mut self, failure: ErrorKind) -> Result<(), ErrorKind> {
        self.fruitless += 1;
        let Some(end) = self.span.end.filter(|_| self.is_resumable() && self.fruitless <= MOST_FRUITLESS)
        else {
            return Err(failure);
        };
        let wanted = Wanted::From(self.position, Some(end.saturating_sub(1)));
        let ask = Ask {
            place: self.resource.place.clone(),
            headers: self.resource.headers.clone(),
            range: wanted.header(),
            if_range: self.identity.if_range(),
            fresh: true,
        };
        let opened = self.session.upstream.open(&ask).await?;
        let (session, resource) = (self.session.number, self.resource.number);
        let Ok(Plan::Send(span)) = plan(wanted, &opened.head) else { return Err(ErrorKind::Decode) };
        let identity = Identity::new(&opened.head, span.total);
        if span.first != self.position || !self.identity.is_same(&identity) {
            debug!(session, resource, at = self.position, "the file is another one now");
            return Err(ErrorKind::Decode);
        }
        let moved = opened.connection != self.connection;
        debug!(session, resource, at = self.position, ?failure, moved, connection = %opened.connection, "resumed");
        self.skip = span.skip;
        (self.connection, self.first, self.rest) = (opened.connection, opened.first, opened.rest);
        Ok(())
    }
}

impl Drop for Transfer {
    fn drop(&mut self) {
        let (session, resource) = (self.session.number, self.resource.number);
        debug!(session, resource, bytes = self.position - self.span.first, "ended");
    }
}
