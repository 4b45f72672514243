//! Ranges of bytes (RFC 9110 section 14): what is asked for, what an answer holds, and which part of it is handed on.
//! Pure.

use crate::net::MediaHead;

/// What of a file is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// All of it.
    Everything,
    /// From a byte on, maybe up to another, which belongs to it.
    From(u64, Option<u64>),
    /// The last so many.
    Last(u64),
}

impl Wanted {
    /// Reads a `Range`. What is no single range of bytes is as good as none (section 14.2).
    pub(super) fn parse(text: &str) -> Self {
        Self::try_parse(text).unwrap_or(Self::Everything)
    }

    fn try_parse(text: &str) -> Option<Self> {
        let (unit, range) = text.trim().split_once('=')?;
        if !unit.trim().eq_ignore_ascii_case("bytes") {
            return None;
        }
        let (first, last) = range.trim().split_once('-')?;
        match (first.trim(), last.trim()) {
            ("", last) => Some(Self::Last(number(last)?)),
            (first, "") => Some(Self::From(number(first)?, None)),
            (first, last) => {
                let (first, last) = (number(first)?, number(last)?);
                (first <= last).then_some(Self::From(first, Some(last)))
            }
        }
    }

    /// How it is asked for; nothing for all of it.
    pub(super) fn header(self) -> Option<String> {
        match self {
            Self::Everything => None,
            Self::From(first, None) => Some(format!("bytes={first}-")),
            Self::From(first, Some(last)) => Some(format!("bytes={first}-{last}")),
            Self::Last(count) => Some(format!("bytes=-{count}")),
        }
    }

    /// The part of a file of this length, with its end; `None` when there is nothing in it.
    fn within(self, total: u64) -> Option<(u64, u64)> {
        let (first, end) = match self {
            Self::Everything => return Some((0, total)),
            Self::From(first, last) => (first, last.map_or(total, |last| last.saturating_add(1).min(total))),
            Self::Last(count) => (total.saturating_sub(count), total),
        };
        (first < end).then_some((first, end))
    }
}

/// Digits only: `parse` would take a sign.
fn number(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|letter| letter.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

/// A `Content-Range`: first byte, end (which does not belong to it), length of the file if known.
fn content_range(text: &str) -> Option<(u64, u64, Option<u64>)> {
    let (range, total) = text.trim().strip_prefix("bytes")?.trim_start().split_once('/')?;
    let (first, last) = range.trim().split_once('-')?;
    let (first, last) = (number(first.trim())?, number(last.trim())?);
    let total = match total.trim() {
        "*" => None,
        total => Some(number(total)?),
    };
    let end = last.checked_add(1)?;
    (first < end && total.is_none_or(|total| end <= total)).then_some((first, end, total))
}

/// Which bytes are handed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    /// The first one.
    pub(super) first: u64,
    /// Where they end; it does not belong to them. `None` when only the end of the answer tells.
    pub(super) end: Option<u64>,
    /// Length of the file.
    pub(super) total: Option<u64>,
    /// How many come before the first one and are dropped.
    pub(super) skip: u64,
    /// Whether it is a part that was asked for.
    pub(super) is_part: bool,
}

impl Span {
    /// Whether it is all of the file.
    pub(super) fn is_whole(&self) -> bool {
        self.first == 0 && (self.end.is_none() || self.end == self.total)
    }
}

/// What becomes of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plan {
    /// This much is handed on.
    Send(Span),
    /// There is nothing in the range, in a file of this length.
    Nothing(Option<u64>),
}

/// The answer is not to the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WrongPart;

/// What to hand on of an answer.
pub(super) fn plan(wanted: Wanted, head: &MediaHead) -> Result<Plan, WrongPart> {
    match head.status {
        206 => {
            let (first, end, total) =
                head.content_range.as_deref().and_then(content_range).ok_or(WrongPart)?;
            let expected = match (wanted, total) {
                (Wanted::Everything, _) => Some(0),
                (Wanted::From(first, _), _) => Some(first),
                (Wanted::Last(count), Some(total)) => Some(total.saturating_sub(count)),
                (Wanted::Last(_), None) => None,
            };
            if expected.is_some_and(|expected| expected != first) {
                return Err(WrongPart);
            }
            // A server may send less than was asked for, and never more.
            let end = match wanted {
                Wanted::From(_, Some(last)) => end.min(last.saturating_add(1)),
                _ => end,
            };
            let is_part = wanted != Wanted::Everything;
            if !is_part && total != Some(end) {
                return Err(WrongPart);
            }
            Ok(Plan::Send(Span { first, end: Some(end), total, skip: 0, is_part }))
        }
        200 => Ok(whole(wanted, head.content_length)),
        416 if wanted != Wanted::Everything => {
            let total = head.content_range.as_deref().and_then(|range| number(range.split_once('/')?.1));
            Ok(Plan::Nothing(total))
        }
        _ => Err(WrongPart),
    }
}

/// Of a server that sends all of it whatever was asked for.
fn whole(wanted: Wanted, total: Option<u64>) -> Plan {
    let all = Span { first: 0, end: total, total, skip: 0, is_part: false };
    let Some(total) = total.filter(|_| wanted != Wanted::Everything) else { return Plan::Send(all) };
    match wanted.within(total) {
        Some((first, end)) => {
            Plan::Send(Span { first, end: Some(end), total: Some(total), skip: first, is_part: true })
        }
        None => Plan::Nothing(Some(total)),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn head(status: u16, length: Option<u64>, range: Option<&str>) -> MediaHead {
        let content_range = range.map(str::to_owned);
        MediaHead { status, content_length: length, content_range, ..MediaHead::default() }
    }

    #[test]
    fn only_single_ranges_of_bytes_count() {
        let table = [
            ("bytes=0-99", Wanted::From(0, Some(99))),
            ("bytes=5-", Wanted::From(5, None)),
            ("Bytes = 5-", Wanted::From(5, None)),
            ("bytes=-7", Wanted::Last(7)),
            ("bytes=9-5", Wanted::Everything),
            ("bytes=0-1,5-6", Wanted::Everything),
            ("bytes=+1-2", Wanted::Everything),
            ("bytes=-", Wanted::Everything),
            ("bytes=99999999999999999999-", Wanted::Everything),
            ("seconds=0-1", Wanted::Everything),
            ("", Wanted::Everything),
        ];
        for (text, expected) in table {
            assert_eq!(Wanted::parse(text), expected, "{text}");
        }
    }

    #[test]
    fn an_answer_with_another_part_is_refused() {
        for (wanted, range) in [
            (Wanted::From(10, None), Some("bytes 0-99/100")),
            (Wanted::From(10, None), Some("bytes 11-99/100")),
            (Wanted::From(10, None), Some("bytes 10-100/100")),
            (Wanted::From(10, None), Some("bytes 10-9/100")),
            (Wanted::From(10, None), Some("bytes */100")),
            (Wanted::From(10, None), None),
            (Wanted::Last(10), Some("bytes 80-99/100")),
            (Wanted::Everything, Some("bytes 0-49/100")),
        ] {
            assert_eq!(plan(wanted, &head(206, None, range)), Err(WrongPart), "{wanted:?} {range:?}");
        }
        assert_eq!(plan(Wanted::Everything, &head(416, None, None)), Err(WrongPart));
    }

    #[test]
    fn more_than_was_asked_for_is_not_handed_on() {
        let planned = plan(Wanted::From(10, Some(19)), &head(206, None, Some("bytes 10-99/100")));
        let Ok(Plan::Send(span)) = planned else { unreachable!("{planned:?}") };
        assert_eq!((span.first, span.end, span.total), (10, Some(20), Some(100)));
    }

    #[test]
    fn without_a_length_everything_is_handed_on() {
        let planned = plan(Wanted::From(10, None), &head(200, None, None)).unwrap();
        let expected = Span { first: 0, end: None, total: None, skip: 0, is_part: false };
        assert_eq!(planned, Plan::Send(expected));
        assert!(expected.is_whole());
    }

    fn any_wanted() -> impl Strategy<Value = Wanted> {
        prop_oneof![
            Just(Wanted::Everything),
            (0u64..300).prop_map(|first| Wanted::From(first, None)),
            (0u64..300, 0u64..300).prop_map(|(first, more)| Wanted::From(first, Some(first + more))),
            (0u64..300).prop_map(Wanted::Last),
        ]
    }

    /// What a plain file gives for it.
    fn model(wanted: Wanted, file: &[u8]) -> Option<&[u8]> {
        let length = file.len();
        let at = |place: u64| usize::try_from(place).unwrap();
        let part = match wanted {
            Wanted::Everything => return Some(file),
            Wanted::From(first, last) => {
                let end = last.map_or(length, |last| (at(last) + 1).min(length));
                file.get(at(first)..end)
            }
            Wanted::Last(count) => file.get(length.saturating_sub(at(count))..),
        };
        part.filter(|part| !part.is_empty())
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(wanted in any_wanted()) {
            if let Some(header) = wanted.header() {
                prop_assert_eq!(Wanted::parse(&header), wanted);
            }
        }

        #[test]
        fn nothing_makes_it_fall_over(text in ".{0,40}", range in ".{0,40}", status in 100u16..600) {
            let _ = plan(Wanted::parse(&text), &head(status, None, Some(&range)));
            let _ = content_range(&range);
        }

        #[test]
        fn the_part_is_that_of_a_plain_file(
            file in proptest::collection::vec(any::<u8>(), 0..200),
            wanted in any_wanted(),
            knows_ranges in any::<bool>(),
        ) {
            let length = file.len() as u64;
            let expected = model(wanted, &file);
            // What a server of that file answers, and the bytes that it sends.
            let (answer, sent): (MediaHead, &[u8]) = match expected {
                Some(part) if knows_ranges && wanted != Wanted::Everything => {
                    let first = part.as_ptr() as usize - file.as_ptr() as usize;
                    let range = format!("bytes {first}-{}/{length}", first + part.len() - 1);
                    (head(206, Some(part.len() as u64), Some(&range)), part)
                }
                None if knows_ranges => (head(416, Some(0), Some(&format!("bytes */{length}"))), &[]),
                _ => (head(200, Some(length), None), &file),
            };
            match (plan(wanted, &answer).unwrap(), expected) {
                (Plan::Send(span), Some(part)) => {
                    let skip = usize::try_from(span.skip).unwrap();
                    let count = usize::try_from(span.end.unwrap() - span.first).unwrap();
                    prop_assert_eq!(&sent[skip..skip + count], part);
                    prop_assert_eq!(span.total, Some(length));
                    prop_assert_eq!(span.is_part, wanted != Wanted::Everything);
                }
                (Plan::Nothing(total), None) => prop_assert_eq!(total, Some(length)),
                (planned, expected) => prop_assert!(false, "{:?} for {:?}", planned, expected),
            }
        }
    }
}
