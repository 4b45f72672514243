//! The machinery behind a connection: its port, its listener, its open sockets.

use super::gate::{Flow, Gate, Shape};
use super::plan::ConnectionPlan;
use super::port::{Listening, Port};
use super::wire::Wire;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Handle;
use tokio::task::{AbortHandle, JoinSet};

/// How long to wait after a failed `accept` (too many open files, say).
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// How an address treats whoever connects to it, and the sockets that are open already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Link {
    /// It listens, and sockets that were silent go on.
    #[default]
    Up,
    /// Nothing listens: connecting is refused. Open sockets are reset.
    Refused,
    /// A connection is accepted and reset. Open sockets too.
    Reset,
    /// A connection is accepted and nothing ever comes. Open sockets stop answering.
    Silent,
    /// Connecting gets no answer at all. Open sockets stop answering.
    BlackHole,
}

impl Link {
    fn accepts(self) -> bool {
        matches!(self, Self::Up | Self::Reset | Self::Silent)
    }

    fn flow(self) -> Flow {
        match self {
            Self::Up => Flow::Open,
            Self::Refused | Self::Reset => Flow::Cut,
            Self::Silent | Self::BlackHole => Flow::Frozen,
        }
    }
}

/// What is done with an accepted socket.
pub(crate) type Serve = Box<dyn Fn(Wire) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

/// A connection's machinery.
pub(super) struct Line {
    pub(super) address: SocketAddr,
    pub(super) shape: Arc<Shape>,
    serve: Serve,
    runtime: Handle,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    link: Link,
    port: Option<Port>,
    listening: Option<Open>,
    gates: Vec<Weak<Gate>>,
    /// Tasks of open sockets: dropping the set ends them.
    tasks: JoinSet<()>,
    flapping: Option<AbortHandle>,
    accepted: usize,
}

/// A listener, and the task that accepts for it unless it is a black hole.
#[derive(Debug)]
struct Open {
    #[expect(dead_code, reason = "kept open")]
    listening: Listening,
    accepting: Option<AbortHandle>,
}

impl Drop for Open {
    fn drop(&mut self) {
        if let Some(accepting) = &self.accepting {
            accepting.abort();
        }
    }
}

impl Line {
    /// Reserves the port and listens.
    pub(super) fn open(plan: &ConnectionPlan, serve: Serve) -> io::Result<Arc<Self>> {
        let port = Port::reserve(plan.socket_address())?;
        let line = Arc::new(Self {
            address: port.address(),
            shape: Arc::default(),
            serve,
            runtime: Handle::current(),
            state: Mutex::new(State {
                link: Link::Refused,
                port: Some(port),
                listening: None,
                gates: Vec::new(),
                tasks: JoinSet::new(),
                flapping: None,
                accepted: 0,
            }),
        });
        line.switch(Link::Up)?;
        Ok(line)
    }

    pub(super) fn link(&self) -> Link {
        self.lock().link
    }

    pub(super) fn accepted(&self) -> usize {
        self.lock().accepted
    }

    /// Changes the link; it holds when this returns. Does nothing after the end.
    pub(super) fn switch(self: &Arc<Self>, link: Link) -> io::Result<()> {
        let _context = self.runtime.enter();
        let mut state = self.lock();
        let State { port: Some(port), listening, link: before, .. } = &mut *state else { return Ok(()) };
        // A black hole listens too, with a queue that must go.
        if listening.is_none() || !link.accepts() || *before == Link::BlackHole {
            drop(listening.take());
            *listening = match link {
                Link::Refused => None,
                Link::BlackHole => Some(Open { listening: port.black_hole()?, accepting: None }),
                Link::Up | Link::Reset | Link::Silent => {
                    let listening = port.listen()?;
                    let accepting = accept(Arc::downgrade(self), Arc::clone(&listening.listener));
                    let accepting = Some(self.runtime.spawn(accepting).abort_handle());
                    Some(Open { listening, accepting })
                }
            };
        }
        *before = link;
        state.each_gate(|gate| gate.set(link.flow()));
        Ok(())
    }

    /// Does something with the sockets that are open now.
    pub(super) fn open_sockets(&self, flow: Flow) {
        let mut state = self.lock();
        state.each_gate(|gate| gate.set(flow));
        // They stay as they are, whatever becomes of the link.
        state.gates.clear();
    }

    /// Runs a task in place of the one before, until another comes or the line ends.
    pub(super) fn flap(&self, task: Option<impl Future<Output = ()> + Send + 'static>) {
        let fresh = task.map(|task| self.runtime.spawn(task).abort_handle());
        let old = std::mem::replace(&mut self.lock().flapping, fresh);
        if let Some(old) = old {
            old.abort();
        }
    }

    /// Closes everything for good and gives the port back.
    pub(super) fn end(&self) {
        let mut state = self.lock();
        if let Some(flapping) = state.flapping.take() {
            flapping.abort();
        }
        state.each_gate(|gate| gate.set(Flow::Cut));
        (state.port, state.listening, state.link) = (None, None, Link::Refused);
        state.tasks = JoinSet::new();
    }

    fn accepted_one(&self, stream: TcpStream) {
        let mut state = self.lock();
        state.accepted += 1;
        let flow = state.link.flow();
        if flow == Flow::Cut {
            let _ = stream.set_zero_linger();
            return;
        }
        let gate = Arc::new(Gate::new(Arc::clone(&self.shape), flow));
        state.gates.retain(|gate| gate.strong_count() > 0);
        state.gates.push(Arc::downgrade(&gate));
        while state.tasks.try_join_next().is_some() {}
        let task = (self.serve)(Wire::new(stream, gate));
        state.tasks.spawn_on(task, &self.runtime);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn each_gate(&self, act: impl Fn(&Gate)) {
        self.gates.iter().filter_map(Weak::upgrade).for_each(|gate| act(&gate));
    }
}

async fn accept(line: Weak<Line>, listener: Arc<TcpListener>) {
    loop {
        let accepted = listener.accept().await;
        let Some(line) = line.upgrade() else { return };
        match accepted {
            Ok((stream, _)) => line.accepted_one(stream),
            Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
        }
    }
}
