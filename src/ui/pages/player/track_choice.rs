//! Which tracks play without being asked for, and what is known of tracks: pure.
//!
//! What was chosen for the series comes first, then the languages of the preferences, then what the server or the file
//! says is the default one.

use crate::models::{MediaStream, StreamKind, SubtitleChoice, TrackChoice};
use crate::player::{Track, TrackId, language_in_words};

/// When subtitles are shown by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SubtitleMode {
    /// Never.
    Off,
    /// Those for foreign parts.
    #[default]
    Forced,
    /// Always, in the preferred language.
    Always,
}

/// What the preferences say of tracks. Languages are words, as the engine's.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TrackPreferences {
    /// Audio; the film's own when there is none.
    pub audio: Option<String>,
    /// Subtitles; the language of the audio when there is none.
    pub subtitle: Option<String>,
    /// When subtitles are shown.
    pub mode: SubtitleMode,
    /// Their size in per cent; the usual one when there is none.
    pub subtitle_percent: Option<u32>,
}

/// A track with everything that is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KnownTrack {
    pub(super) id: TrackId,
    pub(super) language: Option<String>,
    pub(super) title: Option<String>,
    /// The default one, as the server has it.
    pub(super) default: bool,
    /// For foreign parts only.
    pub(super) forced: bool,
    /// A file beside the video.
    pub(super) external: bool,
}

impl KnownTrack {
    /// Whether it writes out sounds, for who does not hear them.
    pub(super) fn for_deaf(&self) -> bool {
        self.says(&["sdh", "hearing", "(cc)", "[cc]"])
    }

    /// Whether somebody talks about the film.
    fn is_commentary(&self) -> bool {
        self.says(&["comment"])
    }

    fn says(&self, words: &[&str]) -> bool {
        let title = self.title.as_deref().unwrap_or_default().to_lowercase();
        words.iter().any(|word| title.contains(word))
    }

    fn speaks(&self, language: &str) -> bool {
        self.language.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(language))
    }

    /// As it is remembered.
    pub(super) fn choice(&self) -> TrackChoice {
        TrackChoice { language: self.language.clone(), title: self.title.clone(), forced: self.forced }
    }
}

/// The engine's tracks with what the server says of them. The last `beside` lie beside the video.
///
/// Both tell tracks in the file's order; where their numbers differ, only the engine is believed.
pub(super) fn known(
    tracks: &[Track],
    streams: &[MediaStream],
    kind: StreamKind,
    beside: usize,
) -> Vec<KnownTrack> {
    let inside = tracks.len().saturating_sub(beside);
    let of = |external: bool| -> Vec<&MediaStream> {
        let is = |stream: &&MediaStream| stream.kind == kind && stream.external.is_some() == external;
        streams.iter().filter(is).collect()
    };
    let (streams_inside, streams_beside) = (of(false), of(true));
    let stream = |place: usize| {
        if place < inside {
            streams_inside.get(place).filter(|_| streams_inside.len() == inside)
        } else {
            streams_beside.get(place - inside).filter(|_| streams_beside.len() == beside)
        }
    };
    let with = |(place, track): (usize, &Track)| {
        let stream = stream(place).copied();
        let language = || language_in_words(stream?.language.as_deref()?);
        let title = track.title.clone().or_else(|| stream?.title.clone());
        let named_forced = title.as_deref().is_some_and(|title| title.to_lowercase().contains("forced"));
        KnownTrack {
            id: track.id.clone(),
            language: track.language.clone().or_else(language),
            default: stream.is_some_and(|stream| stream.default),
            forced: kind == StreamKind::Subtitle
                && (named_forced || stream.is_some_and(|stream| stream.forced)),
            external: place >= inside,
            title,
        }
    };
    tracks.iter().enumerate().map(with).collect()
}

/// The audio track to play; `None` leaves it to the engine.
pub(super) fn audio<'a>(
    tracks: &'a [KnownTrack],
    chosen: Option<&TrackChoice>,
    preferences: &TrackPreferences,
) -> Option<&'a KnownTrack> {
    let preferred = || {
        let language = preferences.audio.as_deref()?;
        let speaks = tracks.iter().filter(|track| track.speaks(language));
        speaks.min_by_key(|track| (track.is_commentary(), !track.default))
    };
    chosen
        .and_then(|chosen| like(tracks, chosen))
        .or_else(preferred)
        .or_else(|| tracks.iter().find(|track| track.default))
}

/// The subtitles to show, or none. `heard` is the language of the audio.
pub(super) fn subtitle<'a>(
    tracks: &'a [KnownTrack],
    chosen: Option<&SubtitleChoice>,
    preferences: &TrackPreferences,
    heard: Option<&str>,
) -> Option<&'a KnownTrack> {
    match chosen {
        Some(SubtitleChoice::Off) => return None,
        Some(SubtitleChoice::Track(chosen)) => {
            if let Some(track) = like(tracks, chosen) {
                return Some(track);
            }
        }
        None => {}
    }
    let language = preferences.subtitle.as_deref();
    let forced = || {
        let forced = tracks.iter().filter(|track| track.forced);
        let understood = |track: &&KnownTrack| {
            let languages = [language, heard].into_iter().flatten();
            track.language.is_none() || languages.into_iter().any(|known| track.speaks(known))
        };
        forced.filter(understood).min_by_key(|track| !track.default)
    };
    match preferences.mode {
        SubtitleMode::Off => None,
        SubtitleMode::Forced => forced(),
        SubtitleMode::Always => {
            let wanted = |track: &&KnownTrack| {
                language.or(heard).is_none_or(|language| track.speaks(language)) && !track.forced
            };
            let all = tracks.iter().filter(wanted);
            all.min_by_key(|track| (track.is_commentary(), track.for_deaf(), !track.default)).or_else(forced)
        }
    }
}

/// The track that is most like a choice: of its language, if it had one, and else by its title.
fn like<'a>(tracks: &'a [KnownTrack], chosen: &TrackChoice) -> Option<&'a KnownTrack> {
    let candidates = tracks.iter().filter(|track| match &chosen.language {
        Some(language) => track.speaks(language),
        None => chosen.title.is_some() && track.title == chosen.title,
    });
    candidates.min_by_key(|track| (track.forced != chosen.forced, track.title != chosen.title))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn track(id: &str, language: &str, title: &str) -> KnownTrack {
        KnownTrack {
            id: TrackId::new(id),
            language: Some(language.to_owned()).filter(|language| !language.is_empty()),
            title: Some(title.to_owned()).filter(|title| !title.is_empty()),
            default: false,
            forced: title == "Forced",
            external: false,
        }
    }

    fn id(track: Option<&KnownTrack>) -> &str {
        track.map_or("none", |track| track.id.as_str())
    }

    fn audio_tracks() -> Vec<KnownTrack> {
        let mut tracks = vec![
            track("en", "English", ""),
            track("de-comment", "German", "Commentary"),
            track("de", "German", ""),
            track("fr", "French", ""),
        ];
        tracks[0].default = true;
        tracks
    }

    #[test]
    fn what_was_chosen_comes_before_preferences_and_these_before_the_default() {
        let tracks = audio_tracks();
        let none = TrackPreferences::default();
        let german = TrackPreferences { audio: Some("german".to_owned()), ..none.clone() };
        let french = tracks[3].choice();
        assert_eq!(id(audio(&tracks, Some(&french), &german)), "fr");
        assert_eq!(id(audio(&tracks, None, &german)), "de", "nobody prefers a commentary");
        assert_eq!(id(audio(&tracks, None, &none)), "en");
        let commentary = tracks[1].choice();
        assert_eq!(id(audio(&tracks, Some(&commentary), &none)), "de-comment", "but it can be chosen");
        let gone = TrackChoice { language: Some("Polish".to_owned()), ..TrackChoice::default() };
        assert_eq!(id(audio(&tracks, Some(&gone), &german)), "de");
        assert_eq!(id(audio(&[], Some(&gone), &german)), "none");
    }

    #[test]
    fn subtitles_come_by_themselves_only_as_the_preferences_say() {
        let tracks = [
            track("en-sdh", "English", "SDH"),
            track("en", "English", ""),
            track("en-forced", "English", "Forced"),
            track("de-forced", "German", "Forced"),
            track("de", "German", ""),
        ];
        let with = |mode| TrackPreferences { mode, ..TrackPreferences::default() };
        let shown = |preferences: &TrackPreferences, heard| {
            id(subtitle(&tracks, None, preferences, heard)).to_owned()
        };
        assert_eq!(shown(&with(SubtitleMode::Off), Some("German")), "none");
        assert_eq!(shown(&with(SubtitleMode::Forced), Some("German")), "de-forced");
        assert_eq!(shown(&with(SubtitleMode::Forced), Some("Polish")), "none", "nobody reads these");
        assert_eq!(shown(&with(SubtitleMode::Always), Some("English")), "en");
        let german = TrackPreferences { subtitle: Some("German".to_owned()), ..with(SubtitleMode::Always) };
        assert_eq!(shown(&german, Some("English")), "de");
        assert_eq!(id(subtitle(&tracks, Some(&SubtitleChoice::Off), &german, Some("English"))), "none");
        let sdh = SubtitleChoice::Track(tracks[0].choice());
        assert_eq!(id(subtitle(&tracks, Some(&sdh), &german, Some("English"))), "en-sdh");
    }

    #[test]
    fn what_the_server_knows_is_added_where_its_list_fits() {
        let engine = |id: &str| Track { id: TrackId::new(id), title: None, language: None };
        let stream = |language: &str, external: bool| MediaStream {
            kind: StreamKind::Subtitle,
            language: Some(language.to_owned()),
            forced: language == "eng",
            external: external.then(|| "/x.srt".to_owned()),
            ..MediaStream::picture(0, 0)
        };
        let tracks = [engine("a"), engine("b"), engine("external:0")];
        let streams = [stream("eng", false), stream("ger", false), stream("fra", true)];
        let all = known(&tracks, &streams, StreamKind::Subtitle, 1);
        assert!(all[0].forced && !all[1].forced && !all[0].external && all[2].external);
        assert_eq!(all[2].language.as_deref().map(str::to_lowercase).as_deref(), Some("french"));
        let unlike = known(&tracks, &streams[1..], StreamKind::Subtitle, 1);
        assert!(unlike[0].language.is_none(), "another number of tracks: nothing is guessed");
        assert!(unlike[2].language.is_some());
    }
}
