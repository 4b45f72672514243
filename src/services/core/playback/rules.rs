//! What a place in an item means: too early to be one, a place to go on from, or the end. Pure.
//!
//! Each server has rules of its own, and what is stored here follows them, so that the next sync says nothing else than
//! what was seen before. Servers do not tell users their thresholds (an administrator may change them): these are the
//! ones that they begin with (`docs/protocols.md`). What a server says later counts anyway, so that where an
//! administrator may have lowered a threshold a place is kept rather than lost: a Jellyfin keeps none by itself in what
//! is shorter than five minutes, and may have been told to.

use std::time::Duration;

use crate::models::{Item, ItemKind, OutboxChange, PlaybackEvent, PlaybackReport, SourceKind};

/// Audio of this length is gone on with later: an audio book, a concert. What is shorter is a song, and begins anew.
const LONG_AUDIO: Duration = Duration::from_mins(20);
/// Nothing left to see after this: going on would show the credits.
const RESUME_MARGIN: Duration = Duration::from_secs(10);
/// What is shorter has no place: it is seen again sooner than looked for.
const SHORTEST: Duration = Duration::from_secs(20);
/// Of something whose length nobody knows the first seconds are no place.
const FIRST_PLACE: Duration = Duration::from_secs(10);

/// The thresholds of one kind of source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Percent of the length below which there is no place.
    pub first_percent: u32,
    /// Before this there is no place in something of at least [`Rules::long`].
    pub first_place: Duration,
    /// From this length on [`Rules::first_place`] counts.
    pub long: Duration,
    /// Percent of the length from which on it was watched when it is left.
    pub watched_percent: u32,
    /// Whether a place at the beginning takes away the one from before.
    pub beginning_clears: bool,
}

impl Rules {
    /// What a Jellyfin does by itself.
    pub const JELLYFIN: Self = Self {
        first_percent: 5,
        first_place: Duration::ZERO,
        long: Duration::ZERO,
        watched_percent: 90,
        beginning_clears: true,
    };
    /// What a Plex Media Server does by itself.
    pub const PLEX: Self = Self {
        first_percent: 0,
        first_place: Duration::from_mins(1),
        long: Duration::from_mins(10),
        watched_percent: 90,
        beginning_clears: false,
    };
    /// Of folders nobody else has an opinion: a place is lost only where it is worth nothing.
    pub const LOCAL: Self = Self {
        first_percent: 0,
        first_place: Duration::from_secs(10),
        long: Duration::ZERO,
        watched_percent: 90,
        beginning_clears: true,
    };

    /// The rules of a kind of source.
    pub fn of(kind: SourceKind) -> Self {
        match kind {
            SourceKind::Jellyfin => Self::JELLYFIN,
            SourceKind::Plex => Self::PLEX,
            SourceKind::Local => Self::LOCAL,
        }
    }

    /// What a place means.
    pub fn place(&self, position: Duration, length: Option<Duration>) -> Place {
        let Some(length) = length.filter(|length| !length.is_zero()) else {
            return if position < FIRST_PLACE { Place::Beginning } else { Place::Middle };
        };
        let beginning = length * self.first_percent / 100;
        let is_early = length >= self.long && position < self.first_place;
        if position < beginning || is_early || position.is_zero() {
            Place::Beginning
        } else if position >= length.saturating_mul(self.watched_percent) / 100 {
            Place::End
        } else if length < SHORTEST {
            Place::Beginning
        } else {
            Place::Middle
        }
    }
}

/// What a place means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Nothing that is worth to go on from.
    Beginning,
    /// A place to go on from.
    Middle,
    /// What is left there was watched.
    End,
}

/// Whether a place in an item of this kind and length is kept.
fn keeps_place(kind: ItemKind, length: Option<Duration>) -> bool {
    kind != ItemKind::Track || length.is_some_and(|length| length >= LONG_AUDIO)
}

/// Where to go on in an item.
pub fn resume_from(item: &Item) -> Duration {
    if !keeps_place(item.record.kind, item.record.duration) {
        return Duration::ZERO;
    }
    let position = item.record.watch.position;
    match item.record.duration {
        Some(length) if position + RESUME_MARGIN >= length => Duration::ZERO,
        _ => position,
    }
}

/// What a report of an item in a source of this kind changes.
pub(super) fn change_for(kind: SourceKind, item: &Item, report: &PlaybackReport) -> Option<OutboxChange> {
    if report.event == PlaybackEvent::Started {
        return None;
    }
    let rules = Rules::of(kind);
    let duration = report.duration.or(item.record.duration);
    let left = |position| OutboxChange::Position { position, duration, at: report.at };
    match rules.place(report.position, duration) {
        // Whoever is still watching may go back: it counts when it is left there.
        Place::End if report.event == PlaybackEvent::Stopped => {
            Some(OutboxChange::Watched { watched: true, at: report.at })
        }
        _ if !keeps_place(item.record.kind, duration) => None,
        Place::End if duration.is_some_and(|length| length < SHORTEST) => None,
        Place::Middle | Place::End => Some(left(report.position)),
        Place::Beginning if rules.beginning_clears && !item.record.watch.position.is_zero() => {
            Some(left(Duration::ZERO))
        }
        Place::Beginning => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use chrono::Utc;

    use super::*;
    use crate::models::{ItemRecord, LibraryId, MediaId, PlayMethod, RemoteId, SourceId};

    const HUNDRED_MINUTES: Option<Duration> = Some(Duration::from_mins(100));

    fn meaning(rules: Rules, table: &[(u64, Option<Duration>, Place)]) {
        for (seconds, length, expected) in table {
            let found = rules.place(Duration::from_secs(*seconds), *length);
            assert_eq!(found, *expected, "{seconds} s of {length:?}");
        }
    }

    #[test]
    fn a_jellyfin_counts_in_percent() {
        let short = Some(Duration::from_secs(19));
        meaning(
            Rules::JELLYFIN,
            &[
                (0, HUNDRED_MINUTES, Place::Beginning),
                (299, HUNDRED_MINUTES, Place::Beginning),
                (300, HUNDRED_MINUTES, Place::Middle),
                (5399, HUNDRED_MINUTES, Place::Middle),
                (5400, HUNDRED_MINUTES, Place::End),
                (15, short, Place::Beginning),
                (18, short, Place::End),
                (15, Some(Duration::from_mins(5)), Place::Middle),
                (15, Some(Duration::from_secs(20)), Place::Middle),
            ],
        );
    }

    #[test]
    fn a_plex_leaves_out_the_first_minute() {
        meaning(
            Rules::PLEX,
            &[
                (59, HUNDRED_MINUTES, Place::Beginning),
                (60, HUNDRED_MINUTES, Place::Middle),
                (5400, HUNDRED_MINUTES, Place::End),
                (20, Some(Duration::from_mins(1)), Place::Middle),
                (0, Some(Duration::from_mins(1)), Place::Beginning),
            ],
        );
    }

    #[test]
    fn of_a_folder_nearly_every_place_is_kept() {
        meaning(
            Rules::LOCAL,
            &[
                (9, HUNDRED_MINUTES, Place::Beginning),
                (10, HUNDRED_MINUTES, Place::Middle),
                (30, Some(Duration::from_mins(1)), Place::Middle),
                (54, Some(Duration::from_mins(1)), Place::End),
                (10, None, Place::Middle),
                (9, None, Place::Beginning),
            ],
        );
    }

    fn film(position: u64) -> Item {
        let mut record = ItemRecord::new(RemoteId::new("1"), ItemKind::Movie, "Lantern");
        record.duration = HUNDRED_MINUTES;
        record.watch.position = Duration::from_secs(position);
        Item {
            id: MediaId(1),
            source_id: SourceId::random(),
            library_id: LibraryId(1),
            parent_id: None,
            series_id: None,
            record,
        }
    }

    fn report(event: PlaybackEvent, seconds: u64) -> PlaybackReport {
        PlaybackReport {
            event,
            position: Duration::from_secs(seconds),
            duration: None,
            at: Utc::now(),
            version_id: None,
            play_session_id: None,
            method: PlayMethod::Direct,
        }
    }

    fn left(change: Option<&OutboxChange>) -> Option<u64> {
        match change {
            Some(OutboxChange::Position { position, .. }) => Some(position.as_secs()),
            _ => None,
        }
    }

    #[test]
    fn the_end_counts_as_watched_only_when_left_there() {
        for kind in [SourceKind::Jellyfin, SourceKind::Plex, SourceKind::Local] {
            let change = |event, seconds| change_for(kind, &film(0), &report(event, seconds));
            let watched = |change| matches!(change, Some(OutboxChange::Watched { watched: true, .. }));
            assert!(watched(change(PlaybackEvent::Stopped, 5500)));
            assert_eq!(left(change(PlaybackEvent::Playing, 5500).as_ref()), Some(5500));
            assert_eq!(left(change(PlaybackEvent::Stopped, 3000).as_ref()), Some(3000));
            assert_eq!(change(PlaybackEvent::Started, 3000), None);
        }
    }

    #[test]
    fn a_beginning_takes_away_the_place_where_the_server_does_so_too() {
        let stopped = report(PlaybackEvent::Stopped, 5);
        assert_eq!(left(change_for(SourceKind::Jellyfin, &film(3000), &stopped).as_ref()), Some(0));
        assert_eq!(change_for(SourceKind::Plex, &film(3000), &stopped), None);
        assert_eq!(change_for(SourceKind::Jellyfin, &film(0), &stopped), None, "there was none");
    }

    #[test]
    fn a_song_has_no_place_and_counts_when_it_was_heard() {
        let mut song = film(90);
        song.record.kind = ItemKind::Track;
        song.record.duration = Some(Duration::from_mins(4));
        let change =
            |song: &Item, event, seconds| change_for(SourceKind::Plex, song, &report(event, seconds));
        assert_eq!(change(&song, PlaybackEvent::Playing, 60), None);
        assert_eq!(change(&song, PlaybackEvent::Stopped, 60), None);
        assert!(change(&song, PlaybackEvent::Stopped, 235).is_some());
        assert_eq!(resume_from(&song), Duration::ZERO);
        // A book that is read aloud goes on where it was left.
        song.record.duration = Some(Duration::from_mins(40));
        assert_eq!(left(change(&song, PlaybackEvent::Stopped, 60).as_ref()), Some(60));
        assert_eq!(resume_from(&song), Duration::from_secs(90));
    }

    #[test]
    fn resuming_at_the_very_end_begins_anew() {
        assert_eq!(resume_from(&film(5995)), Duration::ZERO);
        assert_eq!(resume_from(&film(600)), Duration::from_mins(10));
    }
}
