//! Technical facts of a running pipeline.

use std::time::Duration;

use gst::prelude::*;

use crate::player::EngineInfo;

/// What the streams in use tell of themselves.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Described {
    /// Caps of the coded stream.
    pub(super) caps: Option<gst::Caps>,
    /// Tags of it.
    pub(super) tags: Option<gst::TagList>,
}

impl Described {
    fn number(&self, name: &str) -> Option<u32> {
        let caps = self.caps.as_ref()?.structure(0)?;
        caps.get::<i32>(name).ok().and_then(|number| u32::try_from(number).ok()).filter(|number| *number > 0)
    }

    fn bit_rate(&self) -> Option<u64> {
        let tags = self.tags.as_ref()?;
        let measured = tags.get::<gst::tags::Bitrate>().map(|rate| rate.get());
        let rate = measured.or_else(|| tags.get::<gst::tags::NominalBitrate>().map(|rate| rate.get()));
        rate.filter(|rate| *rate > 0).map(u64::from)
    }
}

/// All facts, from the streams in use, the pipeline and its picture output.
pub(super) fn read(
    playbin: &gst::Element,
    sink: &gst::Element,
    video: &Described,
    audio: &Described,
    duration: Option<Duration>,
) -> EngineInfo {
    let decoder = video_decoder(playbin);
    let factory = decoder.as_ref().and_then(ElementExt::factory);
    let shown = decoder.and_then(|decoder| decoder.static_pad("src")?.current_caps());
    let shown = Described { caps: shown, tags: None };
    let size_of = |described: &Described| Some((described.number("width")?, described.number("height")?));
    EngineInfo {
        video_codec: video.tags.as_ref().and_then(text::<gst::tags::VideoCodec>),
        size: size_of(&shown).or_else(|| size_of(video)),
        frame_rate: frame_rate(&shown).or_else(|| frame_rate(video)),
        audio_codec: audio.tags.as_ref().and_then(text::<gst::tags::AudioCodec>),
        channels: audio.number("channels"),
        sample_rate: audio.number("rate"),
        is_hardware: factory
            .as_ref()
            .and_then(|factory| factory.metadata(gst::ELEMENT_METADATA_KLASS))
            .is_some_and(|class| class.contains("Hardware")),
        decoder: factory.map(|factory| factory.name().to_string()),
        bit_rate: bit_rate(video, audio).or_else(|| average(playbin, duration)),
        dropped_frames: dropped(sink),
    }
}

fn text<'a, T: gst::tags::Tag<'a, TagType = &'a str>>(tags: &'a gst::TagList) -> Option<String> {
    tags.get::<T>().map(|words| words.get().to_owned())
}

fn frame_rate(described: &Described) -> Option<f64> {
    let caps = described.caps.as_ref()?.structure(0)?;
    let rate = caps.get::<gst::Fraction>("framerate").ok()?;
    (rate.numer() > 0 && rate.denom() > 0).then(|| f64::from(rate.numer()) / f64::from(rate.denom()))
}

/// The sum, when every stream there is tells its part.
fn bit_rate(video: &Described, audio: &Described) -> Option<u64> {
    match (&video.caps, &audio.caps) {
        (Some(_), Some(_)) => Some(video.bit_rate()? + audio.bit_rate()?),
        (Some(_), None) => video.bit_rate(),
        _ => audio.bit_rate(),
    }
}

/// The size of the file over its length.
fn average(playbin: &gst::Element, duration: Option<Duration>) -> Option<u64> {
    let milliseconds = duration.map(|duration| duration.as_millis()).filter(|length| *length > 0)?;
    let source = elements(playbin)
        .find(|element| !element.is::<gst::Bin>() && is(element, gst::ElementFactoryType::SRC))?;
    let bytes = source.query_duration::<gst::format::Bytes>()?;
    u64::try_from(u128::from(*bytes) * 8000 / milliseconds).ok().filter(|rate| *rate > 0)
}

fn video_decoder(playbin: &gst::Element) -> Option<gst::Element> {
    let video = gst::ElementFactoryType::MEDIA_VIDEO;
    elements(playbin).find(|element| is(element, gst::ElementFactoryType::DECODER | video))
}

fn is(element: &gst::Element, kind: gst::ElementFactoryType) -> bool {
    element.factory().is_some_and(|factory| factory.has_type(kind))
}

fn elements(playbin: &gst::Element) -> impl Iterator<Item = gst::Element> {
    let all = playbin.downcast_ref::<gst::Bin>().map(gst::prelude::GstBinExtManual::iterate_recurse);
    all.into_iter().flat_map(IntoIterator::into_iter).flatten()
}

fn dropped(sink: &gst::Element) -> u64 {
    if sink.find_property("stats").is_none() {
        return 0;
    }
    let stats = sink.property::<Option<gst::Structure>>("stats");
    stats.and_then(|stats| stats.get::<u64>("dropped").ok()).unwrap_or_default()
}
