//! What goes wrong with requests, by connection and by route, changeable while a server runs.
//!
//! [`Faults`] holds the rules: a connection, a [`Where`] and a [`Fault`]. Delays add up; of the other faults the
//! rule that was added last decides. What goes wrong below HTTP is a matter of the
//! [`Connection`](crate::connection::Connection): its link, its certificate, its distance.

mod bodies;
mod json;
mod middleware;
mod refusals;
mod rules;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests;

pub(crate) use middleware::{Ending, misbehave};
pub use refusals::RetryAfter;
pub use rules::{EVERY_CONNECTION, Faults, Where};

use std::time::Duration;

/// What goes wrong with a request. For answers that only say something else, see also the functions that make
/// a [`Status`](Self::Status).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The answer comes later.
    Delay(Duration),
    /// Another answer than the server's.
    Status {
        /// Status code.
        code: u16,
        /// Headers; those that HTTP does not allow are left out.
        headers: Vec<(String, String)>,
        /// Body.
        body: String,
    },
    /// The server's answer with further headers.
    Headers(Vec<(String, String)>),
    /// 200 with a JSON type and something that is not JSON.
    Garbage,
    /// 200 with a web page, as a sign-in page in front of the server gives.
    Html,
    /// 200 with lists in lists, this deep.
    Nested(usize),
    /// The server's answer with every value of another type. What is not JSON stays.
    WrongTypes,
    /// The server's answer in which every value of one item is of another type: the one in the middle of the
    /// longest list. What is not JSON stays.
    BadItem,
    /// The request is read and never answered.
    Silence,
    /// The server's answer, of which only the headers and the first half of the body come.
    Stall,
    /// The server's answer, whose body breaks off after so many bytes.
    Cut(u64),
    /// The server's answer, headers and all, one byte at a time.
    SlowAnswer(Duration),
    /// The server's answer, its body one byte at a time.
    SlowBody(Duration),
    /// The server's answer as gzip, which ends in the middle. As HTTP it is complete.
    TruncatedGzip,
    /// The server's answer, with a length that is larger than the body; then the connection is closed.
    LengthTooLarge,
    /// The server's answer, with a length that is smaller than the body.
    LengthTooSmall,
    /// 200 with JSON that never ends.
    Endless,
    /// 200 with this many bytes of JSON.
    Huge(u64),
    /// Another server of the same kind, with this machine id: it says who it is, and refuses the rest with 401.
    Stranger(String),
    /// The connection is closed without an answer; with HTTP/2 it is reset.
    Close,
    /// The connection is reset without an answer.
    Reset,
}
