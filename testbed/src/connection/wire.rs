//! A socket that freezes, breaks, waits and trickles as its gate says.

use super::gate::{Gate, Side};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

/// One accepted socket.
///
/// Distance is made per turn: what arrives after something was written, or first of all, can be read one round
/// trip later. So a request costs one, a TLS handshake one for each of its flights, and the first bytes of a
/// socket stand for the round trip of the TCP handshake as well. Bandwidth is not limited.
#[derive(Debug)]
pub(crate) struct Wire {
    stream: TcpStream,
    gate: Arc<Gate>,
    /// How many round trips the next bytes take.
    turns: u32,
    travelling: Option<Pin<Box<Sleep>>>,
    pause: Option<Pin<Box<Sleep>>>,
}

/// Round trips before the first bytes of a socket: its own handshake, and the first turn.
const FIRST_TURNS: u32 = 2;

impl Wire {
    pub(super) fn new(stream: TcpStream, gate: Arc<Gate>) -> Self {
        let _ = stream.set_nodelay(true);
        Self { stream, gate, turns: FIRST_TURNS, travelling: None, pause: None }
    }

    pub(crate) fn gate(&self) -> Arc<Gate> {
        Arc::clone(&self.gate)
    }

    /// Waits until bytes may pass.
    fn poll_gate(&self, side: Side, context: &Context<'_>) -> Poll<io::Result<()>> {
        if ready!(self.gate.poll_open(side, context)) {
            return Poll::Ready(Ok(()));
        }
        Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()))
    }

    /// Waits as long as the bytes that are there have travelled.
    fn poll_travel(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let round_trip = self.gate.shape.round_trip();
        if self.turns > 0 && !round_trip.is_zero() {
            ready!(self.stream.poll_read_ready(context))?;
            let turns = self.turns;
            let travelling = self.travelling.get_or_insert_with(|| Box::pin(sleep(round_trip * turns)));
            ready!(travelling.as_mut().poll(context));
        }
        (self.turns, self.travelling) = (0, None);
        Poll::Ready(Ok(()))
    }

    /// Waits until the next byte of a trickle is due.
    fn poll_pause(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if let Some(pause) = &mut self.pause {
            ready!(pause.as_mut().poll(context));
            self.pause = None;
        }
        Poll::Ready(())
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        if self.gate.is_cut() {
            // Closing without lingering sends a reset.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_gate(Side::Read, context))?;
        ready!(this.poll_travel(context))?;
        // It may have been frozen or cut while the bytes travelled.
        ready!(this.poll_gate(Side::Read, context))?;
        Pin::new(&mut this.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        ready!(this.poll_gate(Side::Write, context))?;
        ready!(this.poll_pause(context));
        let pace = this.gate.pace();
        let part = if pace.is_some() { bytes.get(..1).unwrap_or_default() } else { bytes };
        let written = ready!(Pin::new(&mut this.stream).poll_write(context, part))?;
        this.pause = pace.map(|pace| Box::pin(sleep(pace)));
        this.turns = 1;
        this.gate.shape.count_sent(written);
        Poll::Ready(Ok(written))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_gate(Side::Write, context))?;
        Pin::new(&mut this.stream).poll_shutdown(context)
    }
}
