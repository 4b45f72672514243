//! Everything below the window, put together: services on a real database against the testbed's servers, the
//! command line as a process, and the rules of the repository.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

#[macro_use]
mod support;

mod bad_input;
mod command_line;
mod contract;
mod faults;
mod network;
mod service;
mod sign_in;
mod tidy;
