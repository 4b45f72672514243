//! Addresses of the pretended servers, each of which can be switched while it runs.
//!
//! A [`Connection`] is one loopback address of a server. [`Link`] says what becomes of TCP there, [`Served`] what
//! becomes of TLS, and a [`Fault`](crate::faults::Fault) what becomes of HTTP. Its port stays its own while it
//! refuses. What holds after a switch holds when the call returns: a request that is sent then meets it.
//!
//! Users: every server here and the proxy. What must not come in: the protocols of the servers.

mod gate;
mod http;
mod line;
mod plan;
mod port;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests;
mod wire;

pub(crate) use gate::Gate;
pub use line::Link;
pub(crate) use line::Serve;
pub use plan::{ConnectionPlan, Reach};
pub(crate) use wire::Wire;

use crate::faults::{Fault, Faults, Where};
use crate::record::{RecordedRequest, Recorder};
use crate::tls::{Authority, Served, Tls};
use axum::Router;
use gate::Flow;
use line::Line;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

/// A handle on one address of a server. Clones are the same address; after the end of the server they do nothing.
#[derive(Clone)]
pub struct Connection {
    name: Arc<str>,
    uri: Arc<str>,
    reach: Reach,
    line: Arc<Line>,
    tls: Option<Tls>,
    faults: Faults,
    recorder: Recorder,
}

impl Connection {
    /// Name in the record and for faults.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// `http://127.0.0.1:…` or `https://…`, without a slash at its end and without the server's base path.
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// Where it listens, or would.
    pub fn address(&self) -> SocketAddr {
        self.line.address
    }

    /// Where the server's list says that it lies.
    pub fn reach(&self) -> Reach {
        self.reach
    }

    /// What becomes of TCP just now.
    pub fn link(&self) -> Link {
        self.line.link()
    }

    /// As it began: listening, no distance, a good certificate, none of its own faults. Rules for
    /// [`EVERY_CONNECTION`](crate::faults::EVERY_CONNECTION) stay.
    pub fn on(&self) {
        self.faults.clear(&self.name);
        self.set_round_trip(Duration::ZERO);
        if let Some(tls) = &self.tls {
            tls.serve(Served::Trusted);
        }
        self.set_link(Link::Up);
    }

    /// Refuses, and resets what is open.
    pub fn off(&self) {
        self.set_link(Link::Refused);
    }

    /// Changes what becomes of TCP. Ends flapping.
    pub fn set_link(&self, link: Link) {
        self.line.flap(None::<std::future::Ready<()>>);
        self.switch(link);
    }

    fn switch(&self, link: Link) {
        if let Err(error) = self.line.switch(link) {
            tracing::error!(connection = &*self.name, ?link, %error, "cannot switch");
        }
    }

    /// Refuses for the first half of every period and listens in the second, until it is switched again.
    pub fn flap(&self, period: Duration) {
        let this = self.clone();
        self.line.flap(Some(async move {
            loop {
                for link in [Link::Refused, Link::Up] {
                    this.switch(link);
                    tokio::time::sleep(period / 2).await;
                }
            }
        }));
    }

    /// Sockets that are open now stop answering for ever, as after a router forgot them. New ones work.
    pub fn freeze_open(&self) {
        self.line.open_sockets(Flow::Frozen);
    }

    /// Sockets that are open now are reset. New ones work.
    pub fn reset_open(&self) {
        self.line.open_sockets(Flow::Cut);
    }

    /// The distance to the client: a request on an open socket takes one round trip, on a new one two, with TLS
    /// as many more as its handshake has.
    pub fn set_round_trip(&self, round_trip: Duration) {
        self.line.shape.set_round_trip(round_trip);
    }

    /// Every request on this connection meets a fault from now on.
    pub fn fault(&self, fault: Fault) {
        self.faults.add(&self.name, "/", fault);
    }

    /// Certain requests on this connection meet a fault.
    pub fn fault_at(&self, place: impl Into<Where>, fault: Fault) {
        self.faults.add(&self.name, place, fault);
    }

    /// The next `times` such requests meet a fault.
    pub fn fault_times(&self, place: impl Into<Where>, fault: Fault, times: u32) {
        self.faults.add_times(&self.name, place, fault, times);
    }

    /// What new handshakes get. Nothing happens on a connection without TLS.
    pub fn serve(&self, served: Served) {
        if let Some(tls) = &self.tls {
            tls.serve(served);
        }
    }

    /// The certificate that new handshakes get, in DER; `None` without TLS.
    pub fn certificate(&self) -> Option<Vec<u8>> {
        self.tls.as_ref()?.certificate()
    }

    /// Sockets that were accepted so far. What is refused or lost in a black hole is not seen.
    pub fn accepted(&self) -> usize {
        self.line.accepted()
    }

    /// Bytes that were written to clients so far.
    pub fn bytes_sent(&self) -> u64 {
        self.line.shape.sent()
    }

    /// Requests that arrived here, oldest first.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.recorder.on(&self.name)
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Connection");
        shown.field("name", &self.name).field("uri", &self.uri).field("link", &self.link());
        shown.finish_non_exhaustive()
    }
}

/// The addresses of one server, with the authority behind their certificates. They end when it is dropped, at
/// once, as in a power cut.
#[derive(Debug)]
pub(crate) struct Addresses {
    running: Vec<RunningConnection>,
    pub(crate) recorder: Recorder,
    pub(crate) faults: Faults,
    pub(crate) authority: Option<Authority>,
}

impl Addresses {
    /// Serves a router at every address. Makes an authority when one is needed and none given.
    pub(crate) fn open(
        router: &Router,
        plans: &[ConnectionPlan],
        authority: Option<Authority>,
    ) -> io::Result<Self> {
        let authority = match authority {
            None if plans.iter().any(|plan| plan.tls) => Some(Authority::new()?),
            given => given,
        };
        let (recorder, faults) = (Recorder::default(), Faults::default());
        let mut running = Vec::new();
        for plan in plans {
            let tls = match &authority {
                Some(authority) if plan.tls => Some(Tls::new(authority.clone(), plan)?),
                _ => None,
            };
            let name = plan.name.as_str().into();
            let serve = http::service(router.clone(), name, recorder.clone(), faults.clone(), tls.clone());
            running.push(RunningConnection::open(plan, serve, tls, &recorder, &faults)?);
        }
        Ok(Self { running, recorder, faults, authority })
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Connection> {
        self.running.iter().map(|running| &running.0)
    }

    pub(crate) fn named(&self, name: &str) -> Option<&Connection> {
        self.all().find(|connection| connection.name() == name)
    }
}

/// A connection that ends when it is dropped, at once, as in a power cut.
#[derive(Debug)]
pub(crate) struct RunningConnection(Connection);

impl RunningConnection {
    /// Listens, and does this with every socket.
    pub(crate) fn open(
        plan: &ConnectionPlan,
        serve: Serve,
        tls: Option<Tls>,
        recorder: &Recorder,
        faults: &Faults,
    ) -> io::Result<Self> {
        let line = Line::open(plan, serve)?;
        Ok(Self(Connection {
            name: plan.name.as_str().into(),
            uri: plan.uri(line.address.port()).into(),
            reach: plan.reach,
            line,
            tls,
            faults: faults.clone(),
            recorder: recorder.clone(),
        }))
    }

    pub(crate) fn handle(&self) -> &Connection {
        &self.0
    }
}

impl Drop for RunningConnection {
    fn drop(&mut self) {
        self.0.line.end();
    }
}
