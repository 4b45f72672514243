//! Small pictures of a film, one every few seconds: where the one for a moment is. Pure.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::ImageKey;

/// How a server keeps the small pictures of a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Previews {
    /// Pictures with many small ones each.
    Sheets(PreviewSheets),
    /// One file with an index, which is asked for first. The key names the file.
    Indexed(ImageKey),
}

/// Pictures with many small ones each, row by row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewSheets {
    /// What the key of a sheet begins with; its number and the tag follow.
    pub key: String,
    /// What the key of a sheet ends with: another one when the pictures are others.
    pub tag: String,
    /// Width of one small picture in pixels.
    pub width: u32,
    /// Height of one small picture in pixels.
    pub height: u32,
    /// Small pictures beside each other on a sheet.
    pub columns: u32,
    /// Rows of them on a sheet.
    pub rows: u32,
    /// Small pictures in all.
    pub count: u32,
    /// Time from one to the next.
    pub interval: Duration,
}

/// A part of a picture, in its pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PreviewArea {
    /// From the left.
    pub x: u32,
    /// From above.
    pub y: u32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

/// Where the small picture for a moment is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewPlace {
    /// The picture to fetch.
    pub key: ImageKey,
    /// Which part of it; the whole where there is none.
    pub area: Option<PreviewArea>,
}

impl PreviewSheets {
    /// The place of the small picture for a moment; `None` when the numbers make no sense.
    pub fn place(&self, at: Duration) -> Option<PreviewPlace> {
        let each = self.columns.checked_mul(self.rows).filter(|each| *each > 0)?;
        if self.width == 0 || self.height == 0 {
            return None;
        }
        let last = self.count.checked_sub(1)?;
        let passed = at.as_millis().checked_div(self.interval.as_millis())?;
        let number = u32::try_from(passed).unwrap_or(u32::MAX).min(last);
        let (sheet, rest) = (number / each, number % each);
        let area = PreviewArea {
            x: (rest % self.columns).checked_mul(self.width)?,
            y: (rest / self.columns).checked_mul(self.height)?,
            width: self.width,
            height: self.height,
        };
        let key = ImageKey::new(format!("{}/{sheet}/{}", self.key, self.tag));
        Some(PreviewPlace { key, area: Some(area) })
    }
}

/// One small picture of an indexed file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PreviewFrame {
    /// From when on it stands for what is seen.
    pub at: Duration,
    /// Where it begins in the file, in bytes.
    pub start: u64,
    /// Where it ends: the byte behind its last.
    pub end: u64,
}

/// The index of a file of small pictures: in the order of time, and none overlaps another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewIndex {
    /// The file.
    pub key: ImageKey,
    /// What is in it.
    pub frames: Vec<PreviewFrame>,
}

/// Stands between the key of a file and the bytes of one picture in it.
const BYTES: &str = "#bytes=";

impl PreviewIndex {
    /// The place of the small picture for a moment; `None` without any.
    pub fn place(&self, at: Duration) -> Option<PreviewPlace> {
        let after = self.frames.partition_point(|frame| frame.at <= at);
        let frame = self.frames.get(after.saturating_sub(1))?;
        let key = ImageKey::new(format!("{}{BYTES}{}-{}", self.key, frame.start, frame.end));
        Some(PreviewPlace { key, area: None })
    }

    /// The file and the bytes of a key that [`PreviewIndex::place`] made: first byte, and the one behind the last.
    pub fn split(key: &ImageKey) -> Option<(&str, u64, u64)> {
        let (file, bytes) = key.as_str().rsplit_once(BYTES)?;
        let (start, end) = bytes.split_once('-')?;
        let (start, end) = (start.parse().ok()?, end.parse().ok()?);
        (start < end).then_some((file, start, end))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn sheets() -> PreviewSheets {
        PreviewSheets {
            key: "0a1b/Trickplay-320-5e7c".to_owned(),
            tag: "c4ca".to_owned(),
            width: 320,
            height: 134,
            columns: 10,
            rows: 10,
            count: 684,
            interval: Duration::from_secs(10),
        }
    }

    #[test]
    fn a_moment_has_its_place_on_a_sheet() {
        let place = |seconds| {
            let place = sheets().place(Duration::from_secs(seconds)).unwrap();
            let area = place.area.unwrap();
            (place.key.as_str().rsplit('/').nth(1).unwrap().to_owned(), area.x, area.y)
        };
        for (seconds, sheet, x, y) in [
            (0, "0", 0, 0),
            (9, "0", 0, 0),
            (10, "0", 320, 0),
            (100, "0", 0, 134),
            (999, "0", 2880, 1206),
            (1000, "1", 0, 0),
            // Behind the last one the last one stands.
            (99_999, "6", 960, 1072),
        ] {
            assert_eq!(place(seconds), (sheet.to_owned(), x, y), "{seconds}");
        }
        let first = sheets().place(Duration::ZERO).unwrap();
        assert_eq!(first.key.as_str(), "0a1b/Trickplay-320-5e7c/0/c4ca");
    }

    #[test]
    fn numbers_without_sense_have_no_place() {
        for broken in [
            PreviewSheets { columns: 0, ..sheets() },
            PreviewSheets { count: 0, ..sheets() },
            PreviewSheets { interval: Duration::ZERO, ..sheets() },
            PreviewSheets { width: 0, ..sheets() },
            PreviewSheets { columns: u32::MAX, rows: 2, ..sheets() },
        ] {
            assert_eq!(broken.place(Duration::from_secs(30)), None, "{broken:?}");
        }
    }

    #[test]
    fn a_moment_has_its_frame() {
        let frame = |at, start, end| PreviewFrame { at: Duration::from_secs(at), start, end };
        let key = ImageKey::new("/library/parts/827/indexes/sd?of=17");
        let index = PreviewIndex { key, frames: vec![frame(2, 64, 100), frame(4, 100, 180)] };
        let bytes = |seconds| {
            let place = index.place(Duration::from_secs(seconds)).unwrap();
            let (file, start, end) = PreviewIndex::split(&place.key).unwrap();
            (file.to_owned(), start, end)
        };
        let file = "/library/parts/827/indexes/sd?of=17".to_owned();
        assert_eq!(bytes(0), (file.clone(), 64, 100), "before the first one the first one stands");
        assert_eq!(bytes(3), (file.clone(), 64, 100));
        assert_eq!(bytes(4), (file.clone(), 100, 180));
        assert_eq!(bytes(400), (file, 100, 180));
        assert_eq!(PreviewIndex { frames: Vec::new(), ..index }.place(Duration::ZERO), None);
    }

    #[test]
    fn other_keys_have_no_bytes() {
        for key in ["/library/parts/827/indexes/sd", "a#bytes=", "a#bytes=7-7", "a#bytes=9-8", "a#bytes=x-9"]
        {
            assert_eq!(PreviewIndex::split(&ImageKey::new(key)), None, "{key}");
        }
    }
}
