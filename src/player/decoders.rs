//! What this machine decodes, from GStreamer's registry.
//!
//! A format counts when some element takes it that playback would choose by itself: a demuxer or decoder of at
//! least marginal rank, in software or hardware. Nothing is opened or decoded for it.

use tracing::{info, warn};

use crate::models::{AudioCodec, Container, Decoders, SubtitleCodec, VideoCodec, VideoDecoder};

/// Colours of ten bits, as decoders give them out.
const TEN_BITS: &str = "video/x-raw(ANY),format={I420_10LE,P010_10LE,P010_10BE,I422_10LE}";

/// What to look for in the registry.
fn container_caps(container: Container) -> &'static str {
    match container {
        Container::Mp4 => "video/quicktime",
        Container::Matroska => "video/x-matroska",
        Container::MpegTs => "video/mpegts,systemstream=true",
        Container::MpegPs => "video/mpeg,systemstream=true",
        Container::Avi => "video/x-msvideo",
        Container::Asf => "video/x-ms-asf",
        Container::Flv => "video/x-flv",
        Container::Ogg => "application/ogg",
        Container::Flac => "audio/x-flac",
        Container::Mp3 => "audio/mpeg,mpegversion=1,layer=3",
        Container::Aac => "audio/mpeg,mpegversion=4,stream-format=adts",
        Container::Wav => "audio/x-wav",
    }
}

fn video_caps(codec: VideoCodec) -> &'static str {
    match codec {
        VideoCodec::H264 => "video/x-h264",
        VideoCodec::Hevc => "video/x-h265",
        VideoCodec::Av1 => "video/x-av1",
        VideoCodec::Vp9 => "video/x-vp9",
        VideoCodec::Vp8 => "video/x-vp8",
        VideoCodec::Mpeg2 => "video/mpeg,mpegversion=2,systemstream=false",
        VideoCodec::Mpeg4 => "video/mpeg,mpegversion=4,systemstream=false",
        VideoCodec::Vc1 => "video/x-wmv,wmvversion=3,format=WVC1",
        VideoCodec::Theora => "video/x-theora",
    }
}

/// The same with the mark of ten bits that hardware decoders tell, where there is one; `None` for codecs without
/// ten bits, whatever a decoder's output is said to be.
fn ten_bit_caps(codec: VideoCodec) -> Option<&'static str> {
    match codec {
        VideoCodec::Hevc => Some("video/x-h265,profile=main-10"),
        VideoCodec::Vp9 => Some("video/x-vp9,profile=(string)2"),
        VideoCodec::H264 => Some("video/x-h264,profile=high-10"),
        VideoCodec::Av1 => Some("video/x-av1"),
        _ => None,
    }
}

fn audio_caps(codec: AudioCodec) -> &'static str {
    match codec {
        AudioCodec::Aac => "audio/mpeg,mpegversion=4",
        AudioCodec::Mp3 => "audio/mpeg,mpegversion=1,layer=3",
        AudioCodec::Mp2 => "audio/mpeg,mpegversion=1,layer=2",
        AudioCodec::Ac3 => "audio/x-ac3",
        AudioCodec::Eac3 => "audio/x-eac3",
        AudioCodec::TrueHd => "audio/x-true-hd",
        AudioCodec::Dts => "audio/x-dts",
        AudioCodec::Flac => "audio/x-flac",
        AudioCodec::Opus => "audio/x-opus",
        AudioCodec::Vorbis => "audio/x-vorbis",
        AudioCodec::Alac => "audio/x-alac",
        AudioCodec::Wma => "audio/x-wma,wmaversion=2",
        AudioCodec::Pcm => "audio/x-raw",
    }
}

fn subtitle_caps(codec: SubtitleCodec) -> &'static str {
    match codec {
        SubtitleCodec::Text => "text/x-raw",
        SubtitleCodec::Styled => "application/x-ssa",
        SubtitleCodec::Pgs => "subpicture/x-pgs",
        SubtitleCodec::VobSub => "subpicture/x-dvd",
    }
}

/// Asks the registry. Blocks, for reading it the first time.
///
/// Without GStreamer the careful default is told: playback will say what is missing.
pub fn detect() -> Decoders {
    if let Err(error) = gst::init() {
        warn!(%error, "GStreamer does not start: nothing is known of decoders");
        return Decoders::default();
    }
    let found = look(&Registry::new());
    info!(
        video = ?found.video.iter().map(|decoder| (decoder.codec.name(), decoder.bit_depth, decoder.hardware)).collect::<Vec<_>>(),
        audio = ?found.audio_names(),
        "decoders found"
    );
    found
}

/// The elements that playback chooses from.
struct Registry {
    demuxers: Vec<gst::ElementFactory>,
    decoders: Vec<gst::ElementFactory>,
    /// What draws subtitles, or makes text of them.
    subtitles: Vec<gst::ElementFactory>,
}

impl Registry {
    fn new() -> Self {
        let of = |kind| -> Vec<gst::ElementFactory> {
            gst::ElementFactory::factories_with_type(kind, gst::Rank::MARGINAL).into_iter().collect()
        };
        let demuxers = of(gst::ElementFactoryType::DEMUXER | gst::ElementFactoryType::PARSER);
        let mut subtitles = of(gst::ElementFactoryType::DECODER | gst::ElementFactoryType::PARSER);
        // These are put in by playback itself and have no rank.
        subtitles
            .extend(["textoverlay", "assrender", "dvdspu"].into_iter().filter_map(gst::ElementFactory::find));
        Self { demuxers, decoders: of(gst::ElementFactoryType::DECODER), subtitles }
    }
}

fn look(registry: &Registry) -> Decoders {
    let takes = |of: &[gst::ElementFactory], caps: &str| of.iter().any(|factory| sinks(factory, caps));
    let reads = |container: &Container| takes(&registry.demuxers, container_caps(*container));
    let hears =
        |codec: &AudioCodec| *codec == AudioCodec::Pcm || takes(&registry.decoders, audio_caps(*codec));
    let shows = |codec: &SubtitleCodec| takes(&registry.subtitles, subtitle_caps(*codec));
    Decoders {
        containers: Container::ALL.into_iter().filter(reads).collect(),
        video: VideoCodec::ALL.into_iter().filter_map(|codec| video(registry, codec)).collect(),
        audio: AudioCodec::ALL.into_iter().filter(hears).collect(),
        subtitles: SubtitleCodec::ALL.into_iter().filter(shows).collect(),
    }
}

/// The best decoder of a codec: playback takes the one with the highest rank, but falls back to the next when that
/// cannot do it.
fn video(registry: &Registry, codec: VideoCodec) -> Option<VideoDecoder> {
    let found: Vec<&gst::ElementFactory> =
        registry.decoders.iter().filter(|factory| sinks(factory, video_caps(codec))).collect();
    if found.is_empty() {
        return None;
    }
    let has_ten_bits = |factory: &&&gst::ElementFactory| {
        ten_bit_caps(codec).is_some_and(|caps| sinks(factory, caps)) && gives(factory, TEN_BITS)
    };
    Some(VideoDecoder {
        codec,
        bit_depth: if found.iter().any(|factory| has_ten_bits(&factory)) { 10 } else { 8 },
        max_height: None,
        hardware: found.iter().any(|factory| factory.has_type(gst::ElementFactoryType::HARDWARE)),
    })
}

fn sinks(factory: &gst::ElementFactory, caps: &str) -> bool {
    caps.parse::<gst::Caps>().is_ok_and(|caps| factory.can_sink_any_caps(&caps))
}

fn gives(factory: &gst::ElementFactory, caps: &str) -> bool {
    caps.parse::<gst::Caps>().is_ok_and(|caps| factory.can_src_any_caps(&caps))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_asked_for_in_words_that_gstreamer_reads() {
        gst::init().unwrap();
        let containers = Container::ALL.into_iter().map(container_caps);
        let video = VideoCodec::ALL.into_iter().map(video_caps);
        let deep = VideoCodec::ALL.into_iter().filter_map(ten_bit_caps);
        let audio = AudioCodec::ALL.into_iter().map(audio_caps);
        let subtitles = SubtitleCodec::ALL.into_iter().map(subtitle_caps);
        for caps in containers.chain(video).chain(deep).chain(audio).chain(subtitles).chain([TEN_BITS]) {
            assert!(caps.parse::<gst::Caps>().is_ok(), "{caps}");
        }
    }

    #[test]
    fn what_tests_play_is_found() {
        let found = detect();
        assert!(found.containers.contains(&Container::Matroska));
        assert!(found.containers.contains(&Container::Mp4));
        assert!(found.video(VideoCodec::H264).is_some());
        assert!(found.audio.contains(&AudioCodec::Aac));
        assert!(found.subtitles.contains(&SubtitleCodec::Text));
    }

    #[test]
    fn an_empty_registry_plays_nothing() {
        gst::init().unwrap();
        let empty = Registry { demuxers: Vec::new(), decoders: Vec::new(), subtitles: Vec::new() };
        let found = look(&empty);
        assert!(found.containers.is_empty() && found.video.is_empty() && found.subtitles.is_empty());
        assert_eq!(found.audio.into_iter().collect::<Vec<_>>(), [AudioCodec::Pcm]);
    }

    #[test]
    fn ten_bits_are_promised_by_a_decoder_that_gives_them_out() {
        gst::init().unwrap();
        let with = |name: &str| {
            let decoders = gst::ElementFactory::find(name).into_iter().collect();
            Registry { demuxers: Vec::new(), decoders, subtitles: Vec::new() }
        };
        // Those of libav are said to give out everything: VP8 has 8 bits all the same.
        if let Some(decoder) = video(&with("avdec_h265"), VideoCodec::Hevc) {
            assert_eq!((decoder.bit_depth, decoder.hardware), (10, false));
        }
        if let Some(decoder) = video(&with("avdec_vp8"), VideoCodec::Vp8) {
            assert_eq!(decoder.bit_depth, 8);
        }
        assert_eq!(video(&with("avdec_vp8"), VideoCodec::Hevc), None);
    }
}
