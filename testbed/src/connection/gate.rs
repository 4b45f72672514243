//! What an open socket may do just now. The connection sets it, the socket obeys at its next read or write.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

/// What all sockets of a connection have in common.
#[derive(Debug, Default)]
pub(super) struct Shape {
    round_trip_us: AtomicU64,
    sent: AtomicU64,
}

impl Shape {
    pub(super) fn round_trip(&self) -> Duration {
        Duration::from_micros(self.round_trip_us.load(Ordering::Relaxed))
    }

    pub(super) fn set_round_trip(&self, round_trip: Duration) {
        let us = u64::try_from(round_trip.as_micros()).unwrap_or(u64::MAX);
        self.round_trip_us.store(us, Ordering::Relaxed);
    }

    /// Bytes written to clients so far.
    pub(super) fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    pub(super) fn count_sent(&self, bytes: usize) {
        self.sent.fetch_add(bytes as u64, Ordering::Relaxed);
    }
}

/// Whether bytes pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Flow {
    #[default]
    Open,
    /// Nothing is read or written; the socket stays open.
    Frozen,
    /// The next read or write resets the socket.
    Cut,
}

/// Which side of a socket waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Read,
    Write,
}

#[derive(Debug, Default)]
struct State {
    flow: Flow,
    trickle: Option<Duration>,
    reader: Option<Waker>,
    writer: Option<Waker>,
}

/// The state of one socket, shared by the socket and its connection.
#[derive(Debug)]
pub(crate) struct Gate {
    pub(super) shape: Arc<Shape>,
    state: Mutex<State>,
}

impl Gate {
    pub(super) fn new(shape: Arc<Shape>, flow: Flow) -> Self {
        Self { shape, state: Mutex::new(State { flow, ..State::default() }) }
    }

    /// Changes the flow and wakes whoever waits. What was cut stays cut.
    pub(super) fn set(&self, flow: Flow) {
        let mut state = self.lock();
        if state.flow == Flow::Cut {
            return;
        }
        state.flow = flow;
        let waiting = [state.reader.take(), state.writer.take()];
        drop(state);
        waiting.into_iter().flatten().for_each(Waker::wake);
    }

    /// Resets the socket.
    pub(crate) fn cut(&self) {
        self.set(Flow::Cut);
    }

    pub(super) fn is_cut(&self) -> bool {
        self.lock().flow == Flow::Cut
    }

    /// From now on one byte at a time is written, this far apart.
    pub(crate) fn trickle(&self, interval: Duration) {
        self.lock().trickle = Some(interval);
    }

    pub(super) fn pace(&self) -> Option<Duration> {
        self.lock().trickle
    }

    /// Ready with `true` when bytes may pass and with `false` when the socket is cut. Wakes this side at every
    /// change, so that a reader that waits for the network notices a cut too.
    pub(super) fn poll_open(&self, side: Side, context: &Context<'_>) -> Poll<bool> {
        let mut state = self.lock();
        let waiting = match side {
            Side::Read => &mut state.reader,
            Side::Write => &mut state.writer,
        };
        if !waiting.as_ref().is_some_and(|known| known.will_wake(context.waker())) {
            *waiting = Some(context.waker().clone());
        }
        match state.flow {
            Flow::Open => Poll::Ready(true),
            Flow::Cut => Poll::Ready(false),
            Flow::Frozen => Poll::Pending,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
