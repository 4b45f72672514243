//! What is sent to the player: a whole text, or a file that is pulled as there is room for it.

use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::stream::{self, BoxStream, StreamExt as _};
use hyper::body::{Body, Frame, SizeHint};
use tokio_util::bytes::Bytes;

use super::transfer::Transfer;
use crate::net::ErrorKind;

/// The player's answer ends in the middle: its connection is closed.
#[derive(Debug)]
pub(super) struct BrokenOff(pub(super) ErrorKind);

impl fmt::Display for BrokenOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl std::error::Error for BrokenOff {}

impl From<Infallible> for BrokenOff {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

/// A body.
pub(super) enum GatewayBody {
    /// All of it at once.
    Whole(Option<Bytes>),
    /// As it comes, and how much is left.
    Flow(BoxStream<'static, Result<Bytes, ErrorKind>>, Option<u64>),
}

impl GatewayBody {
    /// Nothing.
    pub(super) fn empty() -> Self {
        Self::Whole(None)
    }

    /// A text.
    pub(super) fn whole(bytes: impl Into<Bytes>) -> Self {
        Self::Whole(Some(bytes.into()).filter(|bytes: &Bytes| !bytes.is_empty()))
    }

    /// A file.
    pub(super) fn flow(transfer: Transfer) -> Self {
        let left = transfer.left();
        let parts = stream::unfold(Some(transfer), |transfer| async {
            let mut transfer = transfer?;
            match transfer.next().await? {
                Ok(bytes) => Some((Ok(bytes), Some(transfer))),
                Err(kind) => Some((Err(kind), None)),
            }
        });
        Self::Flow(parts.boxed(), left)
    }
}

impl Body for GatewayBody {
    type Data = Bytes;
    type Error = BrokenOff;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BrokenOff>>> {
        match &mut *self {
            Self::Whole(bytes) => Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
            Self::Flow(parts, left) => parts.as_mut().poll_next(context).map(|next| {
                next.map(|next| {
                    let bytes = next.map_err(BrokenOff)?;
                    *left = left.map(|left| left.saturating_sub(bytes.len() as u64));
                    Ok(Frame::data(bytes))
                })
            }),
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Whole(None) | Self::Flow(_, Some(0)))
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, Bytes::len) as u64),
            Self::Flow(_, Some(left)) => SizeHint::with_exact(*left),
            Self::Flow(_, None) => SizeHint::default(),
        }
    }
}
