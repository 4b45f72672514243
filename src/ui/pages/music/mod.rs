//! Music: the artists of a library, an artist, an album. What plays is asked of the window, which has the player.

mod album;
mod artist;
mod artists;
mod header;
mod tracks;

pub(in crate::ui) use album::{AlbumInput, AlbumPage};
pub(in crate::ui) use artist::{ArtistInput, ArtistPage};
pub(in crate::ui) use artists::{ArtistsInput, ArtistsPage};

use crate::models::MediaId;

/// What the user wants on a page of music.
#[derive(Debug)]
pub(in crate::ui) enum MusicOutput {
    /// Another item opened.
    Open(MediaId),
    /// These played one after the other, from this one on.
    PlayAll {
        /// Which, in their order.
        items: Vec<MediaId>,
        /// The place of the one to begin with.
        first: usize,
    },
    /// A sentence in a toast.
    Say(String),
}

/// These items in another order, each as likely as any.
fn shuffled(mut items: Vec<MediaId>) -> Vec<MediaId> {
    fastrand::shuffle(&mut items);
    items
}
