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

    /// Whether another picture would have another key: it ends in a tag or in the time of the last change.
    pub fn is_fixed(&self) -> bool {
        let path = self.0.split('?').next().unwrap_or_default();
        let last = path.rsplit('/').next().unwrap_or_default();
        let is_time = || last.len() > 6 && last.bytes().all(|byte| byte.is_ascii_digit());
        !path.contains("://") && (!path.starts_with('/') || is_time())
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

/// What stands for a picture until it is there: a few letters of a `BlurHash`, or the colours of its four corners.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Blur(String);

/// What a text of corner colours begins with; no `BlurHash` holds it.
const CORNERS: &str = "corners ";

/// Longest `BlurHash`: nine by nine components.
const LONGEST_BLUR_HASH: usize = 6 + 2 * 80;

/// A colour: red, green and blue.
pub type Colour = [u8; 3];

impl Blur {
    /// A `BlurHash`; `None` for what cannot be one.
    pub fn of_hash(hash: &str) -> Option<Self> {
        let fits =
            (6..=LONGEST_BLUR_HASH).contains(&hash.len()) && hash.bytes().all(|byte| byte.is_ascii_graphic());
        fits.then(|| Self(hash.to_owned()))
    }

    /// The colours of the corners as six hexadecimal digits each: top left, top right, bottom right, bottom left.
    pub fn of_corners(corners: [&str; 4]) -> Option<Self> {
        let blur = Self(format!("{CORNERS}{}", corners.join(" ")));
        blur.corners().map(|_| blur)
    }

    /// The `BlurHash`.
    pub fn hash(&self) -> Option<&str> {
        (!self.0.starts_with(CORNERS)).then_some(self.0.as_str())
    }

    /// The colours of the corners: top left, top right, bottom right, bottom left.
    pub fn corners(&self) -> Option<[Colour; 4]> {
        let mut colours = self.0.strip_prefix(CORNERS)?.split(' ').map(colour);
        let corners = [colours.next()??, colours.next()??, colours.next()??, colours.next()??];
        colours.next().is_none().then_some(corners)
    }
}

fn colour(digits: &str) -> Option<Colour> {
    let number = u32::from_str_radix(digits, 16).ok().filter(|_| digits.len() == 6)?;
    let [_, red, green, blue] = number.to_be_bytes();
    Some([red, green, blue])
}

/// What stands for the pictures of an item.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Blurs {
    /// For the poster, or the still.
    #[serde(rename = "p", skip_serializing_if = "Option::is_none")]
    pub primary: Option<Blur>,
    /// For the wide picture.
    #[serde(rename = "b", skip_serializing_if = "Option::is_none")]
    pub backdrop: Option<Blur>,
    /// For the poster of the series.
    #[serde(rename = "s", skip_serializing_if = "Option::is_none")]
    pub series_poster: Option<Blur>,
}

impl Blurs {
    /// What stands for the picture of this kind.
    pub fn of(&self, kind: ImageKind) -> Option<&Blur> {
        match kind {
            ImageKind::Primary => self.primary.as_ref(),
            ImageKind::Backdrop => self.backdrop.as_ref(),
            ImageKind::SeriesPoster => self.series_poster.as_ref(),
            ImageKind::Logo => None,
        }
    }

    /// As the database keeps it; `None` when there is nothing to keep.
    pub fn to_text(&self) -> Option<String> {
        (*self != Self::default()).then(|| serde_json::to_string(self).ok()).flatten()
    }

    /// What the database kept. What cannot be read is nothing: it is a placeholder only.
    pub fn from_text(text: Option<&str>) -> Self {
        text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }
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
    const ALL: [Self; 4] = [Self::Small, Self::Medium, Self::Large, Self::Wide];

    /// The smallest step that is at least so many pixels wide, or the largest.
    pub fn at_least(width: u32) -> Self {
        Self::ALL.into_iter().find(|size| size.width() >= width).unwrap_or(Self::Wide)
    }

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

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_blur_is_a_hash_or_four_colours() {
        let hash = Blur::of_hash("LEHV6nWB2yk8pyo0adR*.7kCMdnj").unwrap();
        assert!(hash.hash().is_some() && hash.corners().is_none());
        let corners = Blur::of_corners(["11333a", "1d2721", "5c451d", "372c10"]).unwrap();
        assert_eq!(corners.corners().unwrap()[0], [0x11, 0x33, 0x3a]);
        assert_eq!(corners.hash(), None);
        assert_eq!(Blur::of_corners(["11333a", "red", "5c451d", "372c10"]), None);
        for wrong in ["", "abc", "with blanks in it", "ünïcode-hash"] {
            assert_eq!(Blur::of_hash(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn blurs_are_kept_as_text_and_nothing_as_nothing() {
        let blurs = Blurs { primary: Blur::of_hash("00ABCD"), ..Blurs::default() };
        assert_eq!(blurs.to_text().unwrap(), r#"{"p":"00ABCD"}"#);
        assert_eq!(Blurs::from_text(blurs.to_text().as_deref()), blurs);
        assert_eq!(Blurs::default().to_text(), None);
        assert_eq!(Blurs::from_text(Some("{")), Blurs::default());
    }

    #[test]
    fn a_key_with_a_tag_or_a_time_stands_for_one_picture() {
        for (key, fixed) in [
            ("0a1b/Primary/0/aa11", true),
            ("/library/metadata/1049/thumb/1735700000", true),
            ("/library/sections/1/composite/1735786545?width=4", true),
            ("/:/resources/movie.png", false),
            ("/library/media/827/chapterImages/1", false),
            ("https://images.example.org/people/1735700000", false),
        ] {
            assert_eq!(ImageKey::new(key).is_fixed(), fixed, "{key}");
        }
    }

    #[test]
    fn a_size_is_large_enough_and_no_larger() {
        for (pixels, size) in [
            (1, ImageSize::Small),
            (240, ImageSize::Small),
            (241, ImageSize::Medium),
            (9999, ImageSize::Wide),
        ] {
            assert_eq!(ImageSize::at_least(pixels), size, "{pixels}");
        }
    }
}
