//! Photos: what lies in a folder of them, and the viewer.

mod album;
mod facts;
mod keys;
mod viewer;
mod zoom;

pub(in crate::ui) use album::{PhotoAlbumInput, PhotoAlbumPage};
pub(in crate::ui) use viewer::{ViewerInput, ViewerPage};

use crate::models::MediaId;

/// What the user wants on a page of photos.
#[derive(Debug, Clone, Copy)]
pub(in crate::ui) enum PhotosOutput {
    /// Another item opened.
    Open(MediaId),
    /// The page left.
    Leave,
}
