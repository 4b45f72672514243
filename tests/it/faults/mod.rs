//! The fault matrix of `docs/connectivity.md`: for each row what a person sees, within which time, and what was
//! not sent. Over real sockets the ceiling is five times the bound; bounds themselves are checked on a paused
//! clock, beside the code.

mod answers;
mod connections;
mod encryption;
mod identity;
mod machine;
mod storage;

use std::time::Duration;

/// Times over real sockets may be this much longer on a busy machine.
const CEILING: u32 = 5;
/// The least that is waited for the head of an answer before the connection is doubted.
const HEDGE: Duration = Duration::from_millis(250);
