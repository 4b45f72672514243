//! Audio tracks and subtitles: what a file has, what lies beside it, what is in use.

use super::facts::Described;
use crate::backends::ExternalSubtitle;
use crate::player::{Track, TrackId, Tracks};

/// Marks the id of subtitles beside the video, followed by their place in the source's list.
const EXTERNAL: &str = "external:";

/// What a person wants to hear and read.
#[derive(Debug, Clone, Default)]
pub(super) struct Wish {
    /// Audio track; the file's default when there is none.
    pub(super) audio: Option<TrackId>,
    /// Subtitles.
    pub(super) subtitle: Option<TrackId>,
}

/// The id of the subtitles beside the video at `index`.
pub(super) fn external_id(index: usize) -> TrackId {
    TrackId::new(format!("{EXTERNAL}{index}"))
}

/// The place in the source's list, when the id is of subtitles beside the video.
pub(super) fn external_index(id: &TrackId) -> Option<usize> {
    id.as_str().strip_prefix(EXTERNAL)?.parse().ok()
}

/// One stream as the pipeline reported it.
#[derive(Debug, Clone, PartialEq)]
struct Stream {
    id: String,
    kind: gst::StreamType,
    default: bool,
    still: bool,
    title: Option<String>,
    language: Option<String>,
}

impl Stream {
    fn read(stream: &gst::Stream) -> Option<Self> {
        let tags = stream.tags();
        let language = tags.as_ref().and_then(|tags| {
            let code = tags.get::<gst::tags::LanguageCode>().map(|tag| tag.get().to_owned());
            let name = tags.get::<gst::tags::LanguageName>().map(|tag| tag.get().to_owned());
            code.and_then(|code| language_in_words(&code)).or(name)
        });
        Some(Self {
            id: stream.stream_id()?.to_string(),
            kind: stream.stream_type(),
            default: stream.stream_flags().contains(gst::StreamFlags::SELECT),
            still: stream
                .caps()
                .is_some_and(|caps| caps.structure(0).is_some_and(|caps| caps.name().starts_with("image/"))),
            title: tags
                .and_then(|tags| tags.get::<gst::tags::Title>().map(|tag| tag.get().to_owned()))
                .filter(|title| !title.trim().is_empty()),
            language,
        })
    }

    fn is(&self, kind: gst::StreamType) -> bool {
        self.kind.contains(kind)
    }

    fn track(&self) -> Track {
        Track {
            id: TrackId::new(self.id.clone()),
            title: self.title.clone(),
            language: self.language.clone(),
        }
    }
}

/// A language code in words of the user's language; the text itself when it is no code but words already.
/// `None` for "undetermined".
pub(crate) fn language_in_words(code: &str) -> Option<String> {
    let code = code.trim();
    if code.is_empty() || code.eq_ignore_ascii_case("und") || code.eq_ignore_ascii_case("mis") {
        return None;
    }
    let short = code.split(['-', '_']).next().unwrap_or(code);
    let name = gst_tag::language_codes::language_name(&short.to_ascii_lowercase());
    Some(name.map_or_else(|| code.to_owned(), ToString::to_string))
}

/// All languages that there is a word for, as code and word, in the order of the words.
pub(crate) fn languages() -> Vec<(String, String)> {
    let name = |code: &str| gst_tag::language_codes::language_name(code).map(ToString::to_string);
    let codes = gst_tag::language_codes::language_codes();
    let mut all: Vec<(String, String)> =
        codes.iter().filter_map(|code| Some((code.to_string(), name(code)?))).collect();
    all.sort_by_key(|(_, name)| name.to_lowercase());
    all.dedup();
    all
}

/// The streams of a pipeline.
#[derive(Debug, Clone, Default)]
pub(super) struct Streams {
    collection: Option<gst::StreamCollection>,
    known: Vec<Stream>,
    selected: Vec<String>,
}

impl Streams {
    /// Takes what the pipeline reports.
    pub(super) fn replace(&mut self, collection: gst::StreamCollection) {
        self.collection = Some(collection);
        self.refresh();
    }

    /// Reads the streams again: tags arrive after the streams themselves. `true` when there are new ones.
    pub(super) fn refresh(&mut self) -> bool {
        let Some(collection) = &self.collection else { return false };
        let now: Vec<_> = collection.iter().filter_map(|stream| Stream::read(&stream)).collect();
        let changed = now != self.known;
        self.known = now;
        changed
    }

    /// Whether the pipeline has not told yet what it uses.
    pub(super) fn nothing_selected(&self) -> bool {
        self.selected.is_empty()
    }

    /// Whether exactly these are in use.
    pub(super) fn are_selected(&self, ids: &[String]) -> bool {
        ids.len() == self.selected.len() && ids.iter().all(|id| self.selected.contains(id))
    }

    /// Takes which streams are in use.
    pub(super) fn set_selected(&mut self, ids: Vec<String>) {
        self.selected = ids;
    }

    fn of(&self, kind: gst::StreamType) -> impl Iterator<Item = &Stream> {
        self.known.iter().filter(move |stream| stream.is(kind))
    }

    /// What the stream of a kind that is in use tells of itself.
    pub(super) fn described(&self, kind: gst::StreamType) -> Described {
        let in_use = self.of(kind).find(|stream| self.selected.contains(&stream.id));
        let stream = in_use.and_then(|found| {
            let mut all = self.collection.as_ref()?.iter();
            all.find(|stream| stream.stream_id().is_some_and(|id| id == found.id))
        });
        stream
            .map_or_else(Described::default, |stream| Described { caps: stream.caps(), tags: stream.tags() })
    }

    /// The ids to select for a wish.
    pub(super) fn select(&self, wish: &Wish) -> Vec<String> {
        let wished = |kind, id: &TrackId| self.of(kind).find(|stream| stream.id == id.as_str());
        let video = self.of(gst::StreamType::VIDEO).min_by_key(|stream| stream.still);
        let audio = wish.audio.as_ref().and_then(|id| wished(gst::StreamType::AUDIO, id)).or_else(|| {
            let mut audio = self.of(gst::StreamType::AUDIO);
            audio.find(|stream| stream.default).or_else(|| self.of(gst::StreamType::AUDIO).next())
        });
        let text = wish.subtitle.as_ref().and_then(|id| wished(gst::StreamType::TEXT, id));
        [video, audio, text].into_iter().flatten().map(|stream| stream.id.clone()).collect()
    }

    /// The tracks as the engine tells them. `beside` are the subtitles beside the video, `chosen` the place
    /// of those in use.
    pub(super) fn tracks(&self, beside: &[ExternalSubtitle], chosen: Option<usize>) -> Tracks {
        let is_selected = |stream: &&Stream| self.selected.contains(&stream.id);
        let current = |kind| self.of(kind).find(is_selected).map(|stream| TrackId::new(stream.id.clone()));
        let beside = beside.iter().enumerate().map(|(index, subtitle)| Track {
            id: external_id(index),
            title: subtitle.title.clone(),
            language: subtitle.language.as_deref().and_then(language_in_words),
        });
        Tracks {
            audio: self.of(gst::StreamType::AUDIO).map(Stream::track).collect(),
            subtitles: self.of(gst::StreamType::TEXT).map(Stream::track).chain(beside).collect(),
            current_audio: current(gst::StreamType::AUDIO),
            current_subtitle: chosen.map(external_id).or_else(|| current(gst::StreamType::TEXT)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(id: &str, kind: gst::StreamType) -> Stream {
        Stream { id: id.to_owned(), kind, default: false, still: false, title: None, language: None }
    }

    fn film() -> Streams {
        let mut cover = stream("film/0", gst::StreamType::VIDEO);
        cover.still = true;
        let mut main = stream("film/3", gst::StreamType::AUDIO);
        main.default = true;
        Streams {
            collection: None,
            known: vec![
                cover,
                stream("film/1", gst::StreamType::VIDEO),
                stream("film/2", gst::StreamType::AUDIO),
                main,
                stream("film/4", gst::StreamType::TEXT),
            ],
            selected: Vec::new(),
        }
    }

    #[test]
    fn the_film_its_default_sound_and_no_subtitles() {
        assert_eq!(film().select(&Wish::default()), ["film/1", "film/3"]);
    }

    #[test]
    fn wishes_are_followed_where_they_exist() {
        let wish = |audio: &str, subtitle: TrackId| Wish {
            audio: Some(TrackId::new(audio)),
            subtitle: Some(subtitle),
        };
        assert_eq!(film().select(&wish("film/2", TrackId::new("film/4"))), ["film/1", "film/2", "film/4"]);
        assert_eq!(film().select(&wish("gone", external_id(1))), ["film/1", "film/3"]);
    }

    #[test]
    fn what_is_in_use_is_told() {
        let mut streams = film();
        streams.set_selected(vec!["film/1".to_owned(), "film/2".to_owned(), "film/4".to_owned()]);
        let tracks = streams.tracks(&[], None);
        assert_eq!(tracks.current_audio, Some(TrackId::new("film/2")));
        assert_eq!(tracks.current_subtitle, Some(TrackId::new("film/4")));
        assert_eq!(streams.tracks(&[], Some(2)).current_subtitle, Some(external_id(2)));
    }

    #[test]
    fn languages_are_words() {
        assert_eq!(language_in_words("und"), None);
        assert_eq!(language_in_words("Klingon").as_deref(), Some("Klingon"));
        assert!(language_in_words("ger").is_some_and(|name| name != "ger"));
    }
}
