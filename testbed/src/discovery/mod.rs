//! Answers to who looks for servers in the network: Jellyfin's UDP broadcast and Plex's GDM, on loopback.
//!
//! A [`Responder`] hears questions on a port of its own, records them and answers as its [`Manner`] says, which can
//! be switched while it runs. It ends when it is dropped.

mod manner;
#[cfg(test)]
mod tests;

use std::io;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::net::UdpSocket;
use tokio::task::JoinHandle;

pub use manner::{LARGEST_DATAGRAM, Manner};

/// Longest question that is heard.
const LONGEST_QUESTION: usize = 2048;

/// Where Jellyfin hears questions.
const JELLYFIN_PORT: u16 = 7359;
/// Where a Plex Media Server hears questions.
const PLEX_PORT: u16 = 32414;
/// The multicast group that Plex Media Servers are in.
const PLEX_GROUP: Ipv4Addr = Ipv4Addr::new(239, 0, 0, 250);

/// What a server says of itself when it is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Announcement {
    /// A Jellyfin: it names its address.
    Jellyfin {
        /// Its id.
        id: String,
        /// Its name.
        name: String,
        /// The address that it names.
        address: String,
    },
    /// A Plex Media Server: it names its port.
    Plex {
        /// Its machine identifier.
        id: String,
        /// Its name.
        name: String,
        /// The port that it names.
        port: u16,
        /// The hash of its `plex.direct` name, if it has one.
        hash: Option<String>,
    },
}

impl Announcement {
    /// Whether a datagram is the question that such a server answers.
    fn is_asked_by(&self, datagram: &[u8]) -> bool {
        let text = String::from_utf8_lossy(datagram).to_lowercase();
        match self {
            Self::Jellyfin { .. } => text.contains("who is jellyfinserver?"),
            Self::Plex { .. } => text.starts_with("m-search * http/1."),
        }
    }

    /// The proper answer.
    fn answer(&self) -> Vec<u8> {
        match self {
            Self::Jellyfin { id, name, address } => {
                let answer = serde_json::json!({ "Address": address, "Id": id, "Name": name, "EndpointAddress": null });
                answer.to_string().into_bytes()
            }
            Self::Plex { id, name, port, hash } => {
                let host =
                    hash.as_ref().map(|hash| format!("Host: {hash}.plex.direct\r\n")).unwrap_or_default();
                format!(
                    "HTTP/1.0 200 OK\r\nContent-Type: plex/media-server\r\n{host}Name: {name}\r\nPort: {port}\r\n\
                     Resource-Identifier: {id}\r\nUpdated-At: 1735786545\r\nVersion: 1.43.2.10687-563d026ea\r\n"
                )
                .into_bytes()
            }
        }
    }

    /// The same server under another id.
    fn with_id(&self, other: &str) -> Self {
        let mut changed = self.clone();
        match &mut changed {
            Self::Jellyfin { id, .. } | Self::Plex { id, .. } => other.clone_into(id),
        }
        changed
    }
}

#[derive(Debug)]
struct Shared {
    announcement: Mutex<Announcement>,
    manner: Mutex<Manner>,
    questions: Mutex<Vec<SocketAddr>>,
}

/// Answers on a port of loopback until it is dropped.
#[derive(Debug)]
pub struct Responder {
    address: SocketAddrV4,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

impl Responder {
    /// Answers properly on a free port.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start(announcement: Announcement) -> io::Result<Self> {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = SocketAddrV4::new(Ipv4Addr::LOCALHOST, socket.local_addr()?.port());
        Ok(Self::answer(socket, address, announcement))
    }

    /// Answers on the port of the protocol whoever asks in a network of this host, by broadcast or, for Plex, by
    /// multicast to these of its addresses. Only for a host that a test has made for itself.
    ///
    /// # Errors
    /// When the port is taken.
    pub async fn start_in_networks(announcement: Announcement, own: &[Ipv4Addr]) -> io::Result<Self> {
        let port = match announcement {
            Announcement::Jellyfin { .. } => JELLYFIN_PORT,
            Announcement::Plex { .. } => PLEX_PORT,
        };
        let address = SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, port);
        let socket = UdpSocket::bind(address).await?;
        if port == PLEX_PORT {
            for interface in own {
                socket.join_multicast_v4(PLEX_GROUP, *interface)?;
            }
        }
        Ok(Self::answer(socket, address, announcement))
    }

    fn answer(socket: UdpSocket, address: SocketAddrV4, announcement: Announcement) -> Self {
        let shared = Arc::new(Shared {
            announcement: Mutex::new(announcement),
            manner: Mutex::default(),
            questions: Mutex::default(),
        });
        let task = tokio::spawn(respond(socket, Arc::clone(&shared)));
        Self { address, shared, task }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddrV4 {
        self.address
    }

    /// How Reel is told to ask it, see its variable `GNOME_REEL_DISCOVERY`: `kind=address`.
    pub fn target(&self) -> String {
        let kind = match *lock(&self.shared.announcement) {
            Announcement::Jellyfin { .. } => "jellyfin",
            Announcement::Plex { .. } => "plex",
        };
        format!("{kind}={}", self.address)
    }

    /// Answers in another manner from now on.
    pub fn set_manner(&self, manner: Manner) {
        *lock(&self.shared.manner) = manner;
    }

    /// Says something else from now on.
    pub fn announce(&self, announcement: Announcement) {
        *lock(&self.shared.announcement) = announcement;
    }

    /// Who has asked, one entry for each question.
    pub fn questions(&self) -> Vec<SocketAddr> {
        lock(&self.shared.questions).clone()
    }
}

impl Drop for Responder {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn respond(socket: UdpSocket, shared: Arc<Shared>) {
    let mut buffer = [0; LONGEST_QUESTION];
    // An error of one datagram is no reason to be silent afterwards, but one of the socket would come at once again.
    while let Ok((length, asker)) = socket.recv_from(&mut buffer).await {
        let announcement = lock(&shared.announcement).clone();
        if !announcement.is_asked_by(&buffer[..length]) {
            continue;
        }
        lock(&shared.questions).push(asker);
        let manner = *lock(&shared.manner);
        for datagram in manner.datagrams(&announcement) {
            if let Err(error) = socket.send_to(&datagram, asker).await {
                tracing::warn!(%error, "an answer could not be sent");
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
