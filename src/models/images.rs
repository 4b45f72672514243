//! Names of pictures.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How a backend finds one picture of one item: a server path, or an id and a tag. It changes when the
/// picture changes, and it never holds a host or a token, so that it survives a change of connection.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ImageKey(String);

impl ImageKey {
    /// Takes the text as it is.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ImageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which picture of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ImageKind {
    /// Poster; of an episode the still.
    Primary,
    /// Wide picture behind details.
    Backdrop,
    /// The title as a drawn word.
    Logo,
    /// Poster of the series of an episode or season.
    SeriesPoster,
}

/// Width steps in pixels. Few, because servers render and keep every distinct size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ImageSize {
    /// 240 px: lists and small grids.
    Small,
    /// 480 px: grids.
    Medium,
    /// 720 px: details.
    Large,
    /// 1280 px: backdrops.
    Wide,
    /// 2560 px: a photo that fills the screen.
    Full,
}

impl ImageSize {
    /// Width in pixels.
    pub fn width(self) -> u32 {
        match self {
            Self::Small => 240,
            Self::Medium => 480,
            Self::Large => 720,
            Self::Wide => 1280,
            Self::Full => 2560,
        }
    }
}

/// One picture at one size.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ImageRequest {
    /// Which picture.
    pub key: ImageKey,
    /// Wanted width.
    pub size: ImageSize,
}
