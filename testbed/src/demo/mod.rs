//! Servers and a folder that somebody can look at: what the `reel-testbed` program starts.
//!
//! [`Services`] are running servers with a [`Ready`] file that says how to reach them; [`folder`] writes the
//! films on disk. Tests that need more than that build their servers themselves.
//!
//! Every server has several connections, which somebody can [`switch`] while it runs, by the control address in
//! the ready file.
//!
//! Running times: what a server or an `.nfo` says looks like a real film, while every file is one of the
//! [`sample videos`](crate::media) of at most a minute. A player shows the length of the file. Only the titles
//! that the demo begins with in progress, the short films, the miniature series and the home videos are as long
//! as their file, see [`crate::catalogue::demo`]: these can be left in the middle, resumed and finished with the
//! rules of the servers, which count from the length that they know.

mod control;
pub mod folder;
mod ready;
mod services;
mod state;
mod switching;

pub use control::Switch;
pub use ready::Ready;
pub use services::{DemoPorts, Services};
pub use state::State;
pub use switching::{switch, table};

/// The account of the demo, on every server.
pub const USER: &str = "demo";
/// Somebody in the Home of that account, whom a PIN protects.
pub const MEMBER: &str = "mia";
/// The PIN.
pub const MEMBER_PIN: &str = "2468";
/// Its password at Jellyfin. A secret that must not show up in logs or databases: easy to search for.
pub const JELLYFIN_PASSWORD: &str = "demo-canary-password";
/// Another user of Jellyfin, who has no password.
pub const GUEST: &str = "guest";
/// A third user of Jellyfin, with the password of the first.
pub const FAMILY: &str = "ana";
/// Its token at the Plex Media Server, another such secret.
pub const PLEX_TOKEN: &str = "canary-plex-token-demo";
/// Its token at plex.tv, another one.
pub const PLEX_ACCOUNT_TOKEN: &str = "canary-plex-token-account-demo";
/// The tokens of the member: at the Plex Media Server, at the one that a friend shares, at plex.tv.
pub const MEMBER_TOKENS: [&str; 3] =
    ["canary-plex-token-mia", "canary-plex-token-mia-shared", "canary-plex-token-account-mia"];
/// The token of the demo's account at the server that a friend shares.
pub const SHARED_TOKEN: &str = "canary-plex-token-demo-shared";
