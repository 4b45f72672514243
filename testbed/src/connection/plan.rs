//! An address before it listens.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// Where an address lies, as a server's own list says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// In the owner's network.
    Local,
    /// From outside.
    Remote,
    /// Through the vendor's relay.
    Relay,
}

/// A connection that a server is to have: 127.0.0.1, any free port and plain HTTP unless said otherwise.
#[derive(Debug, Clone)]
pub struct ConnectionPlan {
    pub(crate) name: String,
    pub(crate) ip: IpAddr,
    pub(crate) port: u16,
    pub(crate) reach: Reach,
    pub(crate) tls: bool,
    pub(crate) http2: bool,
    pub(crate) host: Option<String>,
}

impl ConnectionPlan {
    /// A connection with a name, for the record and for faults.
    pub fn new(name: &str, reach: Reach) -> Self {
        let ip = Ipv4Addr::LOCALHOST.into();
        Self { name: name.to_owned(), ip, port: 0, reach, tls: false, http2: false, host: None }
    }

    /// A loopback address of its own: any of 127.0.0.0/8, or `::1`.
    #[must_use]
    pub fn at(mut self, ip: impl Into<IpAddr>) -> Self {
        self.ip = ip.into();
        self
    }

    /// The port; 0 takes any free one.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Serves TLS, with a certificate of the server's test authority until another is chosen.
    #[must_use]
    pub fn tls(mut self) -> Self {
        self.tls = true;
        self
    }

    /// Serves TLS and offers HTTP/2, as a proxy before a server does.
    #[must_use]
    pub fn http2(mut self) -> Self {
        (self.tls, self.http2) = (true, true);
        self
    }

    /// The host name in the URI and in certificates; the address when not given. Nothing makes it resolve.
    #[must_use]
    pub fn host(mut self, host: &str) -> Self {
        self.host = Some(host.to_owned());
        self
    }

    pub(crate) fn socket_address(&self) -> SocketAddr {
        SocketAddr::new(self.ip, self.port)
    }

    /// The URI at the port that was taken, without a slash at its end.
    pub(crate) fn uri(&self, port: u16) -> String {
        let scheme = if self.tls { "https" } else { "http" };
        match &self.host {
            Some(host) => format!("{scheme}://{host}:{port}"),
            None => format!("{scheme}://{}", SocketAddr::new(self.ip, port)),
        }
    }
}
