//! What stands behind a picture in its file: when it was kept, what to ask its server with, and a checksum over all of
//! it. A program that opens the file as a picture does not see it: pictures say themselves where they end.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::net::Validators;

/// The end of every file, with the version of its form.
const MAGIC: [u8; 8] = *b"REELPIC1";
/// Length of what the seal ends with: lengths of picture and facts, the checksum, the magic.
const TRAILER: usize = 8 + 4 + 4 + MAGIC.len();

/// What is known of a kept picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seal {
    /// When its server sent it, or said last that it still holds.
    pub(super) kept_at: DateTime<Utc>,
    /// What to ask with.
    #[serde(default, skip_serializing_if = "Validators::is_empty")]
    pub(super) validators: Validators,
}

impl Seal {
    /// What is to be written behind a picture.
    pub(super) fn over(&self, picture: &[u8]) -> Vec<u8> {
        let mut seal = serde_json::to_vec(self).unwrap_or_default();
        let facts = u32::try_from(seal.len()).unwrap_or_default();
        let checksum = checksum(picture, &seal);
        seal.extend((picture.len() as u64).to_le_bytes());
        seal.extend(facts.to_le_bytes());
        seal.extend(checksum.to_le_bytes());
        seal.extend(MAGIC);
        seal
    }
}

/// Takes the seal off a file's content, which is the picture then; `None` when it does not fit the content.
pub(super) fn opened(content: &mut Vec<u8>) -> Option<Seal> {
    let (rest, trailer) = content.split_last_chunk::<TRAILER>()?;
    let (lengths, end) = trailer.split_at(12);
    let picture = usize::try_from(u64::from_le_bytes(lengths[..8].try_into().ok()?)).ok()?;
    let facts = usize::try_from(u32::from_le_bytes(lengths[8..].try_into().ok()?)).ok()?;
    let wanted = u32::from_le_bytes(end[..4].try_into().ok()?);
    if end[4..] != MAGIC || picture.checked_add(facts)? != rest.len() {
        return None;
    }
    let (bytes, json) = rest.split_at(picture);
    if checksum(bytes, json) != wanted {
        return None;
    }
    let seal = serde_json::from_slice(json).ok()?;
    content.truncate(picture);
    Some(seal)
}

fn checksum(picture: &[u8], facts: &[u8]) -> u32 {
    let mut checksum = crc32fast::Hasher::new();
    checksum.update(picture);
    checksum.update(facts);
    checksum.finalize()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn sealed(picture: &[u8]) -> (Seal, Vec<u8>) {
        let validators = Validators { etag: Some("\"a1\"".to_owned()), modified: None };
        let seal = Seal { kept_at: DateTime::from_timestamp(1_700_000_000, 0).unwrap(), validators };
        let content = [picture, &seal.over(picture)].concat();
        (seal, content)
    }

    #[test]
    fn a_seal_comes_off_and_leaves_the_picture() {
        for picture in [b"\xff\xd8\xff picture".as_slice(), b""] {
            let (seal, mut content) = sealed(picture);
            assert_eq!(opened(&mut content), Some(seal));
            assert_eq!(content, picture);
        }
    }

    #[test]
    fn every_harm_is_noticed() {
        let (_, whole) = sealed(b"\xff\xd8\xff a picture of a lantern");
        for place in 0..whole.len() {
            let mut harmed = whole.clone();
            harmed[place] ^= 0x10;
            assert_eq!(opened(&mut harmed), None, "byte {place}");
            let mut short = whole[..place].to_vec();
            assert_eq!(opened(&mut short), None, "cut at {place}");
        }
        let mut long = [whole.as_slice(), b"x"].concat();
        assert_eq!(opened(&mut long), None);
    }
}
