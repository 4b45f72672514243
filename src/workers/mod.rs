//! Relm4 workers: actors that live as long as the window and only keep time and pass messages on. What they do
//! is in [`crate::services`].

mod connection_monitor;
mod folders;
mod live_updates;
mod mounts;
mod network_monitor;
mod outbox;
mod sync;
mod system_proxies;

pub use connection_monitor::ConnectionMonitor;
pub use folders::{FolderInput, FolderKeeper, FolderOutput};
pub use live_updates::LiveUpdates;
pub use mounts::MountMonitor;
pub use network_monitor::NetworkMonitor;
pub use outbox::{OutboxInput, OutboxWorker};
pub use sync::{SyncInput, SyncWorker};
pub use system_proxies::SystemProxies;
