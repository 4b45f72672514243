//! The services against real servers and a real database.

mod adding;
mod connections;
mod deleting;
mod marks;
mod media;
mod signed_out;
mod syncing;

/// Makes of each `async fn name(kind: ServerKind)` one test for Plex and one for Jellyfin.
macro_rules! on_both {
    ($($name:ident),* $(,)?) => {
        mod plex {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                crate::support::soon(super::$name(crate::support::ServerKind::Plex)).await;
            })*
        }
        mod jellyfin {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                crate::support::soon(super::$name(crate::support::ServerKind::Jellyfin)).await;
            })*
        }
    };
}
use on_both;
