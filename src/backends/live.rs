//! What a server tells by itself while a socket to it is open.
//!
//! Each backend has a [`LiveProtocol`]: pure, it reads messages and says which signs of life its server wants.
//! [`LiveStream`] keeps the socket alive and gives the changes. Nothing that is told is trusted to be complete: whoever
//! uses it asks the server for what it has to know, and lists anew after a gap.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::{Instant, timeout_at};

use super::error::While as _;
use super::{BackendError, Result};
use crate::models::{RemoteId, ServerUrl, WatchState};
use crate::net::{ErrorKind, Frame, NetError, WebSocket};

/// Most ids in one request for items: a line of a request stays below 8 KB.
pub const MOST_IDS: usize = 100;
/// A sign of life that is not answered for this long was not heard.
const ANSWER: Duration = Duration::from_secs(10);

const DOING: &str = "follow what happens";

/// Something happened at a server.
#[derive(Debug, Clone, PartialEq)]
pub enum LiveChange {
    /// The user did something with items; how they stand now.
    UserData(Vec<(RemoteId, WatchState)>),
    /// Items are new, or described anew, or somebody played them.
    Changed {
        /// Which.
        items: Vec<RemoteId>,
        /// The libraries that they are in, as far as told.
        libraries: Vec<RemoteId>,
    },
    /// Items are said to be gone.
    Removed(Vec<RemoteId>),
    /// The server has read a library anew.
    LibraryRefreshed(RemoteId),
    /// Something, somewhere.
    Anything,
}

/// What one message means.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Heard {
    /// What happened.
    pub(super) changes: Vec<LiveChange>,
    /// Signs of life are wanted this often from now on.
    pub(super) beat_every: Option<Duration>,
}

/// The sign of life that a server wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beat {
    /// A message.
    Text(&'static str),
    /// A ping of the WebSocket.
    Ping,
}

/// How a kind of server speaks.
pub(super) trait LiveProtocol: Send + Sync {
    /// Reads a message. What is not understood means nothing.
    fn hear(&self, text: &str) -> Heard;

    /// The sign of life, and how often it is sent unless the server says otherwise.
    fn beat(&self) -> (Beat, Duration);
}

/// What the stream needs of a socket.
#[async_trait]
pub(super) trait Socket: Send {
    /// The next thing that comes. Can be dropped at any time without losing one.
    async fn next(&mut self) -> Result<Frame, NetError>;

    /// Gives a sign of life.
    async fn beat(&mut self, beat: Beat) -> Result<(), NetError>;
}

#[async_trait]
impl Socket for WebSocket {
    async fn next(&mut self) -> Result<Frame, NetError> {
        Self::next(self).await
    }

    async fn beat(&mut self, beat: Beat) -> Result<(), NetError> {
        match beat {
            Beat::Text(text) => self.say(text).await,
            Beat::Ping => self.ping().await,
        }
    }
}

/// The open stream of what happens at a server. Closed by dropping it.
pub struct LiveStream {
    address: ServerUrl,
    socket: Box<dyn Socket>,
    protocol: Box<dyn LiveProtocol>,
    every: Duration,
    next_beat: Instant,
    answer_due: Option<Instant>,
}

impl LiveStream {
    pub(super) fn new(
        address: &ServerUrl,
        socket: impl Socket + 'static,
        protocol: impl LiveProtocol + 'static,
    ) -> Self {
        let every = protocol.beat().1;
        let next_beat = Instant::now() + every;
        let (address, socket, protocol) = (address.clone(), Box::new(socket), Box::new(protocol));
        Self { address, socket, protocol, every, next_beat, answer_due: None }
    }

    /// Where the server was reached.
    pub fn address(&self) -> &ServerUrl {
        &self.address
    }

    /// What happened next; never nothing. Can be dropped at any time without losing a change.
    ///
    /// # Errors
    /// When the socket is at its end: closed, broken, or silent for too long.
    pub async fn next(&mut self) -> Result<Vec<LiveChange>> {
        loop {
            let until = self.answer_due.map_or(self.next_beat, |due| due.min(self.next_beat));
            match timeout_at(until, self.socket.next()).await {
                Ok(frame) => {
                    self.answer_due = None;
                    if let Frame::Text(text) = frame.context(DOING)? {
                        let heard = self.protocol.hear(&text);
                        if let Some(every) = heard.beat_every {
                            self.every = every;
                            // Who asks for signs of life wants one now.
                            self.next_beat = Instant::now();
                        }
                        if !heard.changes.is_empty() {
                            return Ok(heard.changes);
                        }
                    }
                }
                Err(_) if self.answer_due.is_some_and(|due| due <= Instant::now()) => {
                    return Err(BackendError::new(ErrorKind::ReadTimeout, DOING));
                }
                Err(_) => self.beat().await?,
            }
        }
    }

    async fn beat(&mut self) -> Result<()> {
        let now = Instant::now();
        self.next_beat = now + self.every;
        self.answer_due = Some(now + ANSWER);
        self.socket.beat(self.protocol.beat().0).await.context(DOING)
    }
}

impl fmt::Debug for LiveStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LiveStream").field("every", &self.every).finish_non_exhaustive()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::sync::{Arc, Mutex};

    use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

    use super::*;

    /// A socket whose other side is a test. It answers signs of life, or does not.
    struct Fake {
        frames: UnboundedReceiver<Frame>,
        answers: Option<UnboundedSender<Frame>>,
        beats: Beats,
    }

    #[async_trait]
    impl Socket for Fake {
        async fn next(&mut self) -> Result<Frame, NetError> {
            match self.frames.recv().await {
                Some(frame) => Ok(frame),
                None => std::future::pending().await,
            }
        }

        async fn beat(&mut self, _beat: Beat) -> Result<(), NetError> {
            self.beats.lock().unwrap().push(Instant::now());
            if let Some(answers) = &self.answers {
                let _gone = answers.send(Frame::Alive);
            }
            Ok(())
        }
    }

    /// Wants signs of life every 20 s. A number is another time from now on, any other text an item that is gone.
    struct Words;

    impl LiveProtocol for Words {
        fn hear(&self, text: &str) -> Heard {
            match text.parse() {
                Ok(seconds) => Heard { beat_every: Some(Duration::from_secs(seconds)), ..Heard::default() },
                Err(_) if text.is_empty() => Heard::default(),
                Err(_) => {
                    let changes = vec![LiveChange::Removed(vec![RemoteId::new(text)])];
                    Heard { changes, beat_every: None }
                }
            }
        }

        fn beat(&self) -> (Beat, Duration) {
            (Beat::Ping, Duration::from_secs(20))
        }
    }

    type Beats = Arc<Mutex<Vec<Instant>>>;

    fn stream(answers: bool) -> (LiveStream, UnboundedSender<Frame>, Beats) {
        let (sender, frames) = unbounded_channel();
        let beats = Beats::default();
        let fake = Fake { frames, answers: answers.then(|| sender.clone()), beats: Arc::clone(&beats) };
        let address = "http://127.0.0.1:1".parse().unwrap();
        (LiveStream::new(&address, fake, Words), sender, beats)
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_has_forgotten_us_is_noticed() {
        let (mut stream, _sender, beats) = stream(false);
        let begin = Instant::now();
        let error = stream.next().await.unwrap_err();
        assert_eq!((error.kind(), begin.elapsed()), (ErrorKind::ReadTimeout, Duration::from_secs(30)));
        assert_eq!(beats.lock().unwrap().len(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn signs_of_life_go_on_as_often_as_the_server_wants_whatever_it_says() {
        let (mut stream, sender, beats) = stream(true);
        let begin = Instant::now();
        sender.send(Frame::Text("5".to_owned())).unwrap();
        let chatter = tokio::spawn(async move {
            loop {
                tokio::time::sleep(Duration::from_secs(1)).await;
                if sender.send(Frame::Text(String::new())).is_err() {
                    return;
                }
            }
        });
        let heard = tokio::time::timeout(Duration::from_secs(61), stream.next()).await;
        assert!(heard.is_err(), "{heard:?}");
        chatter.abort();
        let at: Vec<u64> = beats.lock().unwrap().iter().map(|at| (*at - begin).as_secs()).collect();
        assert_eq!(at, [0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60]);
    }

    #[tokio::test(start_paused = true)]
    async fn changes_come_as_they_are_told() {
        let (mut stream, sender, _beats) = stream(true);
        for text in ["", "7a", "", "8b"] {
            sender.send(Frame::Text(text.to_owned())).unwrap();
        }
        for id in ["7a", "8b"] {
            assert_eq!(stream.next().await.unwrap(), [LiveChange::Removed(vec![RemoteId::new(id)])]);
        }
    }
}
