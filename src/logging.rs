//! Logs, by `RUST_LOG`.

use std::io::{self, IsTerminal as _};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::SubscriberInitExt as _;

/// What is logged without `RUST_LOG`: nothing that a person at the command line has not asked for.
const DEFAULT_FILTER: &str = "error,gnome_reel=warn";

/// Sends logs to stderr. A second call changes nothing.
pub fn start() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(DEFAULT_FILTER));
    let colours = io::stderr().is_terminal();
    let logger = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(colours);
    let started = logger.finish().try_init();
    if started.is_err() {
        tracing::debug!("logs were started before");
    }
}
