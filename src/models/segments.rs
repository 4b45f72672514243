//! Which marked stretches of a film are to be believed, and what lies behind them. Pure.

use std::time::Duration;

use super::{Marker, MarkerKind};

/// A stretch that is shorter is passed before a button for it is read.
const SHORTEST: Duration = Duration::from_secs(3);
/// A stretch may end this much behind the end: clocks of probes differ.
const BEHIND_END: Duration = Duration::from_secs(5);
/// A stretch of this share of the whole marks nothing.
const MOST_OF_IT: f64 = 0.9;
/// What comes after the credits and is no longer than this is not worth waiting for: black, a rating, a logo.
const NOTHING_MORE: Duration = Duration::from_secs(10);

/// The stretches to be believed, in the order of time, none of one kind over another. `length` is that of what plays;
/// without it only what makes no sense by itself is left out.
pub fn believable(markers: &[Marker], length: Option<Duration>) -> Vec<Marker> {
    let mut found: Vec<Marker> = markers.iter().filter_map(|marker| checked(marker, length)).collect();
    found.sort_by_key(|marker| (marker.start, marker.end));
    let mut kept: Vec<Marker> = Vec::with_capacity(found.len());
    for marker in found {
        let overlaps = |other: &Marker| other.kind == marker.kind && other.end > marker.start;
        if !kept.iter().any(overlaps) {
            kept.push(marker);
        }
    }
    kept
}

fn checked(marker: &Marker, length: Option<Duration>) -> Option<Marker> {
    let mut marker = marker.clone();
    if let Some(length) = length {
        if marker.end > length.saturating_add(BEHIND_END) {
            return None;
        }
        marker.end = marker.end.min(length);
    }
    let lasts = marker.end.checked_sub(marker.start)?;
    if lasts < SHORTEST {
        return None;
    }
    if let Some(length) = length {
        let is_most = lasts.as_secs_f64() >= length.as_secs_f64() * MOST_OF_IT;
        // Credits at the beginning are titles of the other kind, or a guess that went wrong.
        let is_early = marker.kind == MarkerKind::Credits && marker.start < length / 2;
        if is_most || is_early {
            return None;
        }
    }
    Some(marker)
}

/// The stretch that a moment lies in; of two the one that began later.
pub fn around(segments: &[Marker], at: Duration) -> Option<&Marker> {
    segments.iter().rev().find(|segment| segment.start <= at && at < segment.end)
}

/// Whether nothing worth waiting for comes after a stretch.
pub fn is_final(segment: &Marker, length: Duration) -> bool {
    length.saturating_sub(segment.end) <= NOTHING_MORE
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_hours(1);

    fn marker(kind: MarkerKind, start: u64, end: u64) -> Marker {
        Marker { kind, start: Duration::from_secs(start), end: Duration::from_secs(end) }
    }

    #[test]
    fn nonsense_is_not_believed() {
        for (kind, start, end, believed) in [
            (MarkerKind::Intro, 30, 119, true),
            (MarkerKind::Intro, 119, 30, false),
            (MarkerKind::Intro, 30, 30, false),
            (MarkerKind::Intro, 30, 32, false),
            (MarkerKind::Intro, 0, 3590, false),
            (MarkerKind::Recap, 0, 60, true),
            (MarkerKind::Credits, 3500, 3600, true),
            (MarkerKind::Credits, 3500, 3604, true),
            (MarkerKind::Credits, 3500, 3700, false),
            (MarkerKind::Credits, 4000, 4100, false),
            (MarkerKind::Credits, 10, 60, false),
        ] {
            let found = believable(&[marker(kind, start, end)], Some(HOUR));
            assert_eq!(!found.is_empty(), believed, "{kind:?} {start}–{end}");
        }
        let late = believable(&[marker(MarkerKind::Credits, 3500, 3604)], Some(HOUR));
        assert_eq!(late.first().map(|marker| marker.end), Some(HOUR), "no later than the end");
        assert_eq!(believable(&[marker(MarkerKind::Intro, 30, 119)], None).len(), 1);
        assert!(believable(&[marker(MarkerKind::Intro, 119, 30)], None).is_empty());
    }

    #[test]
    fn of_stretches_over_each_other_the_first_counts() {
        let found = believable(
            &[
                marker(MarkerKind::Intro, 100, 200),
                marker(MarkerKind::Recap, 50, 150),
                marker(MarkerKind::Intro, 60, 120),
                marker(MarkerKind::Intro, 130, 140),
            ],
            Some(HOUR),
        );
        let seen: Vec<_> = found.iter().map(|marker| (marker.kind, marker.start.as_secs())).collect();
        assert_eq!(seen, [(MarkerKind::Recap, 50), (MarkerKind::Intro, 60), (MarkerKind::Intro, 130)]);
        let at = |seconds| around(&found, Duration::from_secs(seconds)).map(|marker| marker.kind);
        assert_eq!(at(55), Some(MarkerKind::Recap));
        assert_eq!(at(60), Some(MarkerKind::Intro));
        assert_eq!(at(125), Some(MarkerKind::Recap));
        assert_eq!(at(150), None, "the end is outside");
    }

    #[test]
    fn what_follows_the_credits_is_not_cut_off() {
        assert!(is_final(&marker(MarkerKind::Credits, 3500, 3595), HOUR));
        assert!(!is_final(&marker(MarkerKind::Credits, 3400, 3500), HOUR));
    }
}
