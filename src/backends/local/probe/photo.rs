//! What the Exif part of a photo says.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use chrono::NaiveDateTime;
use exif::{Exif, In, Reader, Tag, Value};

use super::{MediaFacts, Outcome, Tags};
use crate::models::MediaStream;

/// Looks into a photo. One without Exif is as good as any: it only says nothing.
pub fn facts(path: &Path) -> MediaFacts {
    let known = MediaFacts { outcome: Outcome::Good, ..MediaFacts::default() };
    let Ok(file) = File::open(path) else { return MediaFacts::default() };
    let Ok(exif) = Reader::new().read_from_container(&mut BufReader::new(file)) else { return known };
    let size = number(&exif, Tag::PixelXDimension).zip(number(&exif, Tag::PixelYDimension));
    MediaFacts {
        tags: Tags { taken: taken(&exif), ..Tags::default() },
        streams: size.map(|(width, height)| MediaStream::picture(width, height)).into_iter().collect(),
        ..known
    }
}

fn taken(exif: &Exif) -> Option<NaiveDateTime> {
    let field = [Tag::DateTimeOriginal, Tag::DateTimeDigitized, Tag::DateTime]
        .into_iter()
        .find_map(|tag| exif.get_field(tag, In::PRIMARY))?;
    let Value::Ascii(lines) = &field.value else { return None };
    moment(std::str::from_utf8(lines.first()?).ok()?)
}

/// `2019:07:21 18:04:11`; cameras without a clock write zeros.
fn moment(text: &str) -> Option<NaiveDateTime> {
    NaiveDateTime::parse_from_str(text.trim(), "%Y:%m:%d %H:%M:%S").ok()
}

fn number(exif: &Exif, tag: Tag) -> Option<u32> {
    exif.get_field(tag, In::PRIMARY)?.value.get_uint(0)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    /// The smallest JPEG header with an Exif part that holds one field: when it was taken.
    fn photo(taken: &str) -> Vec<u8> {
        let mut text = taken.as_bytes().to_vec();
        text.push(0);
        let mut tiff = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x32\0\x02".to_vec();
        tiff.extend(u32::try_from(text.len()).unwrap().to_be_bytes());
        // The text lies behind the header (8), the number of fields (2), one field (12) and the end (4).
        tiff.extend(26_u32.to_be_bytes());
        tiff.extend([0; 4]);
        tiff.extend(text);
        let mut jpeg = b"\xff\xd8\xff\xe1".to_vec();
        jpeg.extend(u16::try_from(tiff.len() + 8).unwrap().to_be_bytes());
        jpeg.extend(b"Exif\0\0");
        jpeg.extend(tiff);
        jpeg.extend(b"\xff\xd9");
        jpeg
    }

    #[test]
    fn a_photo_says_when_it_was_taken() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), photo("2019:07:21 18:04:11")).unwrap();
        let taken = facts(file.path()).tags.taken.unwrap();
        assert_eq!(taken.to_string(), "2019-07-21 18:04:11");
        std::fs::write(file.path(), photo("0000:00:00 00:00:00")).unwrap();
        assert_eq!(facts(file.path()).tags.taken, None);
    }

    #[test]
    fn what_has_no_exif_is_a_photo_too() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), b"\x89PNG\r\n\x1a\nrest").unwrap();
        let facts = facts(file.path());
        assert_eq!((facts.outcome, facts.tags), (Outcome::Good, Tags::default()));
    }
}
