//! Asking and listening.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use futures::stream::{self, FuturesUnordered, Stream, StreamExt as _};
use tokio::net::UdpSocket;
use tokio::time::{Instant, Sleep, sleep, sleep_until};
use tracing::{debug, trace};

use super::answer::{self, MOST_BYTES};
use super::gather::{Discovered, Gathered};
use super::interfaces::{Round, present, rounds};
use super::{Audience, jellyfin, plex};
use crate::models::SourceKind;
use crate::net::RetryPolicy;

/// Pauses after the first questions: a datagram is easily lost, above all the first one of a sleeping Wi-Fi. After
/// these the pauses are those of [`RetryPolicy::DISCOVERY`].
const FIRST_PAUSES: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(1)];
/// Most datagrams that are read after each question: what floods us costs no more than this.
const MOST_DATAGRAMS: u32 = 2_000;

/// Asks until `length` is over.
pub(super) fn search(
    audience: Audience,
    length: Duration,
) -> impl Stream<Item = Discovered> + Send + 'static {
    stream::once(async move { stream::unfold(Search::new(audience, length), Search::next) }).flatten()
}

type Heard = (Arc<UdpSocket>, io::Result<(Vec<u8>, SocketAddr)>);

struct Search {
    audience: Audience,
    /// One socket for each address of this machine.
    sockets: Vec<(Ipv4Addr, Arc<UdpSocket>)>,
    /// One future for each socket.
    ears: FuturesUnordered<BoxFuture<'static, Heard>>,
    end: Pin<Box<Sleep>>,
    ask_at: Instant,
    asked: u32,
    /// How many datagrams are still read before the next question.
    allowance: u32,
    gathered: Gathered,
}

impl Search {
    fn new(audience: Audience, length: Duration) -> Self {
        Self {
            audience,
            sockets: Vec::new(),
            ears: FuturesUnordered::new(),
            end: Box::pin(sleep(length)),
            ask_at: Instant::now(),
            asked: 0,
            allowance: 0,
            gathered: Gathered::default(),
        }
    }

    /// The next server of which something is new, and the search to go on with.
    async fn next(mut self) -> Option<(Discovered, Self)> {
        if self.audience == Audience::nobody() {
            return None;
        }
        loop {
            tokio::select! {
                biased;
                () = &mut self.end => return None,
                () = sleep_until(self.ask_at) => self.ask().await,
                Some((socket, heard)) = self.ears.next(), if self.allowance > 0 => {
                    if let Some(found) = self.hear(socket, heard) {
                        return Some((found, self));
                    }
                }
            }
        }
    }

    /// Asks in every network that this machine is in by now.
    async fn ask(&mut self) {
        for Round { from, to } in rounds(&self.audience, &present()) {
            let socket = match self.socket(from).await {
                Ok(socket) => socket,
                Err(error) => {
                    debug!(%from, %error, "servers cannot be looked for from this address");
                    continue;
                }
            };
            for (kind, to) in to {
                match socket.send_to(question(kind).as_bytes(), to).await {
                    Ok(_) => trace!(%from, %to, %kind, "asked who is there"),
                    Err(error) => trace!(%from, %to, %kind, %error, "could not ask who is there"),
                }
            }
        }
        self.asked += 1;
        self.allowance = MOST_DATAGRAMS;
        self.ask_at = Instant::now() + pause_after(self.asked, fastrand::f64());
    }

    async fn socket(&mut self, from: Ipv4Addr) -> io::Result<Arc<UdpSocket>> {
        if let Some((_, socket)) = self.sockets.iter().find(|(address, _)| *address == from) {
            return Ok(Arc::clone(socket));
        }
        let socket = Arc::new(UdpSocket::bind((from, 0)).await?);
        socket.set_broadcast(true)?;
        self.ears.push(Box::pin(listen(Arc::clone(&socket))));
        self.sockets.push((from, Arc::clone(&socket)));
        Ok(socket)
    }

    fn hear(
        &mut self,
        socket: Arc<UdpSocket>,
        heard: io::Result<(Vec<u8>, SocketAddr)>,
    ) -> Option<Discovered> {
        self.allowance -= 1;
        let (datagram, sender) = match heard {
            Ok(heard) => heard,
            Err(error) => {
                // The next question opens another one, if there still is such an address.
                debug!(%error, "a socket failed");
                self.sockets.retain(|(_, known)| !Arc::ptr_eq(known, &socket));
                return None;
            }
        };
        self.ears.push(Box::pin(listen(socket)));
        let sender: IpAddr = sender.ip().to_canonical();
        let Some(answer) = answer::read(&datagram, sender) else {
            trace!(%sender, bytes = datagram.len(), "not an answer of a server");
            return None;
        };
        let found = self.gathered.take(answer, sender)?;
        debug!(kind = %found.kind, addresses = ?found.addresses, %sender, "a server answered");
        Some(found)
    }
}

/// Waits for one datagram. Of a longer one than can be read one byte too many is kept, which tells.
async fn listen(socket: Arc<UdpSocket>) -> Heard {
    let mut buffer = vec![0; MOST_BYTES + 1];
    let heard = socket.recv_from(&mut buffer).await.map(|(length, sender)| {
        buffer.truncate(length);
        (buffer, sender)
    });
    (socket, heard)
}

fn question(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Plex => plex::QUESTION,
        SourceKind::Jellyfin | SourceKind::Local => jellyfin::QUESTION,
    }
}

/// How long to wait after so many questions; `random` is between 0 and 1.
fn pause_after(asked: u32, random: f64) -> Duration {
    let first = usize::try_from(asked).ok().and_then(|asked| FIRST_PAUSES.get(asked.checked_sub(1)?));
    first
        .copied()
        .unwrap_or_else(|| RetryPolicy::DISCOVERY.delay_before(asked.saturating_sub(1).max(2), random))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::services::discovery::USUAL_LENGTH;

    #[test]
    fn three_questions_are_asked_early_and_the_others_ever_later() {
        let pauses: Vec<u64> =
            (1..9).map(|asked| pause_after(asked, 0.5).as_millis().try_into().unwrap()).collect();
        assert_eq!(pauses, [500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000]);
        let early: Duration = FIRST_PAUSES.iter().sum();
        assert_eq!(early * 2, USUAL_LENGTH, "who is asked last has as much time to answer");
    }

    #[tokio::test(start_paused = true)]
    async fn a_search_that_nobody_answers_ends_in_its_time() {
        let silent = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        let to = format!("jellyfin={}", silent.local_addr().unwrap());
        let begin = Instant::now();
        let found: Vec<_> = search(to.parse().unwrap(), USUAL_LENGTH).collect().await;
        assert!(found.is_empty());
        assert_eq!(begin.elapsed(), USUAL_LENGTH);
        let mut buffer = [0; 64];
        silent.set_nonblocking(true).unwrap();
        let asked: Vec<_> = std::iter::from_fn(|| silent.recv(&mut buffer).ok()).collect();
        assert_eq!(asked, [jellyfin::QUESTION.len(); 3]);
    }

    #[tokio::test(start_paused = true)]
    async fn asking_nobody_ends_at_once() {
        let begin = Instant::now();
        assert_eq!(search(Audience::nobody(), Duration::MAX).count().await, 0);
        assert_eq!(begin.elapsed(), Duration::ZERO);
    }
}
