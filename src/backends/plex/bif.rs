//! The index of a file of small pictures (BIF, `docs/protocols.md#plex-previews`). Pure.
//!
//! Little endian: 8 bytes of magic, version, number of pictures, milliseconds of a step of time, zeros up to 64; then
//! for each picture its time in steps and its first byte, and one entry more whose time is all ones and whose byte is
//! the end. Nothing of it is believed: what comes may be cut off or made up.

use std::time::Duration;

use crate::models::PreviewFrame;

const MAGIC: &[u8] = b"\x89BIF\r\n\x1a\n";
/// Bytes before the index.
const HEAD: u64 = 64;
/// Bytes of an entry.
const ENTRY: u64 = 8;
/// Time of the entry behind the last.
const END: u32 = u32::MAX;
/// Milliseconds of a step where the file says 0.
const USUAL_STEP: u32 = 1000;
/// Most pictures: ten hours with one each second are fewer.
const MOST: u32 = 40_000;
/// Largest picture in bytes: they are small ones.
const LARGEST: u64 = 1024 * 1024;

/// Bytes from the beginning of a file that hold its head and its index; `None` when it is no such file, or one with
/// nothing in it.
pub(super) fn length_of_index(bytes: &[u8]) -> Option<u64> {
    if !bytes.starts_with(MAGIC) {
        return None;
    }
    let count = number(bytes, 12)?;
    (1..=MOST).contains(&count).then(|| HEAD + (u64::from(count) + 1) * ENTRY)
}

/// The pictures of a file, from its first bytes: head and index at least. `None` when something does not fit.
pub(super) fn frames(bytes: &[u8]) -> Option<Vec<PreviewFrame>> {
    let length = length_of_index(bytes)?;
    let index = bytes.get(usize::try_from(HEAD).ok()?..usize::try_from(length).ok()?)?;
    let step = Some(number(bytes, 16)?).filter(|step| *step > 0).unwrap_or(USUAL_STEP);
    let (entries, _) = index.as_chunks::<8>();
    let mut frames = Vec::with_capacity(entries.len());
    for (entry, next) in entries.iter().zip(entries.iter().skip(1)) {
        let (time, start) = split(*entry);
        let (next_time, end) = split(*next);
        let is_in_order = time < next_time && start >= length && start < end && end - start <= LARGEST;
        if !is_in_order {
            return None;
        }
        let at = Duration::from_millis(u64::from(time) * u64::from(step));
        frames.push(PreviewFrame { at, start, end });
    }
    let (last, _) = split(*entries.last()?);
    (last == END).then_some(frames)
}

/// Time and first byte of an entry.
fn split(entry: [u8; 8]) -> (u32, u64) {
    let both = u64::from_le_bytes(entry);
    let low = |bits: u64| u32::try_from(bits & u64::from(u32::MAX)).unwrap_or(u32::MAX);
    (low(both), low(both >> 32).into())
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..)?.first_chunk::<4>()?;
    Some(u32::from_le_bytes(*four))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A file whose pictures have these sizes.
    fn file(step: u32, sizes: &[u32]) -> Vec<u8> {
        let count = u32::try_from(sizes.len()).unwrap();
        let mut bytes = MAGIC.to_vec();
        for number in [0, count, step] {
            bytes.extend(u32::to_le_bytes(number));
        }
        bytes.resize(64, 0);
        let mut place = 64 + (count + 1) * 8;
        for (time, size) in (0..).zip(sizes) {
            bytes.extend(u32::to_le_bytes(time));
            bytes.extend(u32::to_le_bytes(place));
            place += size;
        }
        bytes.extend(u32::to_le_bytes(END));
        bytes.extend(u32::to_le_bytes(place));
        bytes
    }

    #[test]
    fn pictures_are_found_by_time_and_place() {
        let bytes = file(2000, &[100, 50, 70]);
        assert_eq!(length_of_index(&bytes), Some(96));
        let found = frames(&bytes).unwrap();
        let seen: Vec<_> = found.iter().map(|frame| (frame.at.as_secs(), frame.start, frame.end)).collect();
        assert_eq!(seen, [(0, 96, 196), (2, 196, 246), (4, 246, 316)]);
        let usual = frames(&file(0, &[1, 1])).unwrap();
        assert_eq!(usual[1].at, Duration::from_secs(1), "no step of time means a second");
    }

    #[test]
    fn broken_files_are_refused() {
        let good = file(1000, &[10, 10, 10]);
        let with = |at: usize, value: u32| {
            let mut bytes = good.clone();
            bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
            bytes
        };
        assert!(frames(&good).is_some());
        for (what, bytes) in [
            ("another magic", with(0, 0)),
            ("none", with(12, 0)),
            ("far too many", with(12, u32::MAX)),
            ("more than there are", with(12, 4)),
            ("cut off", good[..good.len() - 1].to_vec()),
            ("a picture inside of the index", with(68, 64)),
            ("a picture that ends where it begins", with(76, 96)),
            ("time that goes back", with(80, 0)),
            ("a huge picture", with(92, u32::MAX)),
            ("no end", with(88, 7)),
            ("a page", b"<!DOCTYPE html>".to_vec()),
            ("nothing", Vec::new()),
        ] {
            assert_eq!(frames(&bytes), None, "{what}");
        }
    }

    proptest! {
        #[test]
        fn garbage_is_no_index_or_one_that_fits(rest in prop::collection::vec(any::<u8>(), 0..400), count in 0_u32..40) {
            let mut bytes = MAGIC.to_vec();
            bytes.extend([0; 4]);
            bytes.extend(count.to_le_bytes());
            bytes.extend(rest);
            if let Some(found) = frames(&bytes) {
                prop_assert_eq!(found.len(), count as usize);
                prop_assert!(found.iter().all(|frame| frame.start < frame.end));
                let in_order =
                    found.windows(2).all(|pair| pair[0].at < pair[1].at && pair[0].end <= pair[1].start);
                prop_assert!(in_order);
            }
        }

        #[test]
        fn what_is_written_is_read(sizes in prop::collection::vec(1_u32..5000, 1..200), step in 1_u32..20_000) {
            let bytes = file(step, &sizes);
            let found = frames(&bytes).unwrap();
            prop_assert_eq!(found.len(), sizes.len());
            for (frame, size) in found.iter().zip(&sizes) {
                prop_assert_eq!(frame.end - frame.start, u64::from(*size));
            }
        }
    }
}
