//! A port that is kept while nothing listens on it.
//!
//! A socket that is bound and does not listen holds the port: connecting is refused, and nobody who takes any free
//! port gets it. `SO_REUSEADDR` lets our own listener bind beside it. A listener is ended with `shutdown`, which the
//! kernel obeys at once, whoever still holds the descriptor.

use socket2::SockRef;
use std::io;
use std::net::{Shutdown, SocketAddr};
use std::sync::Arc;
use tokio::net::{TcpListener, TcpSocket};

/// Sockets that may wait to be accepted.
const BACKLOG: u32 = 1024;
/// The shortest queue: so many sockets in it beside one more, and the kernel drops whoever comes next.
const SHORT_BACKLOG: u32 = 1;

/// A reserved port.
#[derive(Debug)]
pub(super) struct Port {
    address: SocketAddr,
    _holder: TcpSocket,
}

impl Port {
    /// Reserves a port; 0 takes any free one.
    pub(super) fn reserve(wanted: SocketAddr) -> io::Result<Self> {
        let holder = bound(wanted)?;
        Ok(Self { address: holder.local_addr()?, _holder: holder })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Listens. Needs the runtime's context.
    pub(super) fn listen(&self) -> io::Result<Listening> {
        let listener = Arc::new(bound(self.address)?.listen(BACKLOG)?);
        Ok(Listening { listener, queued: Vec::new() })
    }

    /// Listens with a queue that is full for ever: the kernel gives no answer to who wants to connect.
    pub(super) fn black_hole(&self) -> io::Result<Listening> {
        let listener = Arc::new(bound(self.address)?.listen(SHORT_BACKLOG)?);
        let queued = (0..=SHORT_BACKLOG).map(|_| std::net::TcpStream::connect(self.address));
        Ok(Listening { listener, queued: queued.collect::<io::Result<_>>()? })
    }
}

fn bound(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = if address.is_ipv6() { TcpSocket::new_v6()? } else { TcpSocket::new_v4()? };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

/// A listener until it is dropped; from then on connecting is refused.
#[derive(Debug)]
pub(super) struct Listening {
    pub(super) listener: Arc<TcpListener>,
    /// What fills the queue of a black hole.
    #[expect(dead_code, reason = "kept open")]
    queued: Vec<std::net::TcpStream>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        let _ = SockRef::from(self.listener.as_ref()).shutdown(Shutdown::Both);
    }
}
