//! What this machine can play, in words that both kinds of server understand. Pure.

use std::collections::BTreeSet;

/// A container that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Container {
    /// MP4, and `QuickTime`, which is its ancestor.
    Mp4,
    /// Matroska and `WebM`.
    Matroska,
    /// MPEG transport stream.
    MpegTs,
    /// MPEG program stream, as on DVDs.
    MpegPs,
    /// AVI.
    Avi,
    /// ASF, of Windows Media.
    Asf,
    /// Flash video.
    Flv,
    /// Ogg.
    Ogg,
    /// FLAC by itself.
    Flac,
    /// MP3 by itself.
    Mp3,
    /// AAC by itself.
    Aac,
    /// WAV.
    Wav,
}

impl Container {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Mp4,
        Self::Matroska,
        Self::MpegTs,
        Self::MpegPs,
        Self::Avi,
        Self::Asf,
        Self::Flv,
        Self::Ogg,
        Self::Flac,
        Self::Mp3,
        Self::Aac,
        Self::Wav,
    ];

    /// The names that servers use for it.
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Self::Mp4 => &["mp4", "m4v", "mov", "m4a", "3gp"],
            Self::Matroska => &["mkv", "webm", "mka"],
            Self::MpegTs => &["ts", "mpegts", "m2ts"],
            Self::MpegPs => &["mpg", "mpeg", "vob"],
            Self::Avi => &["avi"],
            Self::Asf => &["asf", "wmv", "wma"],
            Self::Flv => &["flv"],
            Self::Ogg => &["ogg", "oga", "ogv", "opus"],
            Self::Flac => &["flac"],
            Self::Mp3 => &["mp3"],
            Self::Aac => &["aac"],
            Self::Wav => &["wav"],
        }
    }

    /// Whether films are stored in it.
    pub fn holds_video(self) -> bool {
        !matches!(self, Self::Flac | Self::Mp3 | Self::Aac | Self::Wav)
    }
}

/// A way to store a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VideoCodec {
    /// H.264, AVC.
    H264,
    /// H.265, HEVC.
    Hevc,
    /// AV1.
    Av1,
    /// VP9.
    Vp9,
    /// VP8.
    Vp8,
    /// MPEG-2.
    Mpeg2,
    /// MPEG-4 part 2.
    Mpeg4,
    /// VC-1.
    Vc1,
    /// Theora.
    Theora,
}

impl VideoCodec {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::H264,
        Self::Hevc,
        Self::Av1,
        Self::Vp9,
        Self::Vp8,
        Self::Mpeg2,
        Self::Mpeg4,
        Self::Vc1,
        Self::Theora,
    ];

    /// The name that both kinds of server use.
    pub fn name(self) -> &'static str {
        match self {
            Self::H264 => "h264",
            Self::Hevc => "hevc",
            Self::Av1 => "av1",
            Self::Vp9 => "vp9",
            Self::Vp8 => "vp8",
            Self::Mpeg2 => "mpeg2video",
            Self::Mpeg4 => "mpeg4",
            Self::Vc1 => "vc1",
            Self::Theora => "theora",
        }
    }
}

/// A way to store sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AudioCodec {
    /// AAC.
    Aac,
    /// MP3.
    Mp3,
    /// MPEG audio layer 2.
    Mp2,
    /// Dolby Digital.
    Ac3,
    /// Dolby Digital Plus.
    Eac3,
    /// Dolby `TrueHD`.
    TrueHd,
    /// DTS.
    Dts,
    /// FLAC.
    Flac,
    /// Opus.
    Opus,
    /// Vorbis.
    Vorbis,
    /// Apple Lossless.
    Alac,
    /// Windows Media Audio.
    Wma,
    /// Uncompressed.
    Pcm,
}

impl AudioCodec {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Aac,
        Self::Mp3,
        Self::Mp2,
        Self::Ac3,
        Self::Eac3,
        Self::TrueHd,
        Self::Dts,
        Self::Flac,
        Self::Opus,
        Self::Vorbis,
        Self::Alac,
        Self::Wma,
        Self::Pcm,
    ];

    /// The names that servers use for it.
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Self::Aac => &["aac"],
            Self::Mp3 => &["mp3"],
            Self::Mp2 => &["mp2"],
            Self::Ac3 => &["ac3"],
            Self::Eac3 => &["eac3"],
            Self::TrueHd => &["truehd"],
            Self::Dts => &["dts", "dca"],
            Self::Flac => &["flac"],
            Self::Opus => &["opus"],
            Self::Vorbis => &["vorbis"],
            Self::Alac => &["alac"],
            Self::Wma => &["wmav2", "wma"],
            Self::Pcm => &["pcm_s16le", "pcm_s24le", "pcm"],
        }
    }
}

/// A kind of subtitles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SubtitleCodec {
    /// Plain text with times: SRT, `WebVTT`.
    Text,
    /// Text with styles: ASS, SSA.
    Styled,
    /// Pictures of Blu-rays.
    Pgs,
    /// Pictures of DVDs.
    VobSub,
}

impl SubtitleCodec {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Text, Self::Styled, Self::Pgs, Self::VobSub];

    /// The names that servers use for it.
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Self::Text => &["srt", "subrip", "vtt", "webvtt", "mov_text"],
            Self::Styled => &["ass", "ssa"],
            Self::Pgs => &["pgssub", "pgs"],
            Self::VobSub => &["dvdsub", "vobsub"],
        }
    }
}

/// A decoder of pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VideoDecoder {
    /// What it decodes.
    pub codec: VideoCodec,
    /// Most bits of a colour: 8, or 10 for HDR.
    pub bit_depth: u8,
    /// Largest height in pixels, where it is limited.
    pub max_height: Option<u32>,
    /// Whether the graphics card does it.
    pub hardware: bool,
}

impl VideoDecoder {
    /// A decoder in software, without limits of size.
    pub fn software(codec: VideoCodec, bit_depth: u8) -> Self {
        Self { codec, bit_depth, max_height: None, hardware: false }
    }
}

/// Everything that this machine can play.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoders {
    /// Containers.
    pub containers: BTreeSet<Container>,
    /// Decoders of pictures, one for each codec: the best.
    pub video: Vec<VideoDecoder>,
    /// Sound.
    pub audio: BTreeSet<AudioCodec>,
    /// Subtitles inside of a file.
    pub subtitles: BTreeSet<SubtitleCodec>,
}

impl Default for Decoders {
    /// What every player has that plays films at all: for a core that cannot ask.
    fn default() -> Self {
        Self {
            containers: Container::ALL.into_iter().collect(),
            video: vec![
                VideoDecoder::software(VideoCodec::H264, 8),
                VideoDecoder::software(VideoCodec::Vp9, 8),
                VideoDecoder::software(VideoCodec::Vp8, 8),
                VideoDecoder::software(VideoCodec::Mpeg2, 8),
                VideoDecoder::software(VideoCodec::Mpeg4, 8),
            ],
            audio: AudioCodec::ALL
                .into_iter()
                .filter(|codec| !matches!(codec, AudioCodec::TrueHd | AudioCodec::Dts))
                .collect(),
            subtitles: [SubtitleCodec::Text, SubtitleCodec::Styled].into(),
        }
    }
}

impl Decoders {
    /// The decoder of a codec.
    pub fn video(&self, codec: VideoCodec) -> Option<&VideoDecoder> {
        self.video.iter().find(|decoder| decoder.codec == codec)
    }

    /// The names of all codecs of pictures.
    pub fn video_names(&self) -> Vec<&'static str> {
        self.video.iter().map(|decoder| decoder.codec.name()).collect()
    }

    /// The names of all codecs of sound.
    pub fn audio_names(&self) -> Vec<&'static str> {
        self.audio.iter().flat_map(|codec| codec.names()).copied().collect()
    }

    /// The names of the containers of films, or of those of sound by itself.
    pub fn container_names(&self, of_video: bool) -> Vec<&'static str> {
        let wanted = self.containers.iter().filter(|container| !of_video || container.holds_video());
        wanted.flat_map(|container| container.names()).copied().collect()
    }

    /// Whether a container of this name can be read. Of one that nobody has told of it is not known, and it is tried.
    pub fn reads(&self, container: &str) -> bool {
        let container = container.to_ascii_lowercase();
        let known = Container::ALL.into_iter().find(|known| known.names().contains(&container.as_str()));
        known.is_none_or(|known| self.containers.contains(&known))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn no_two_formats_share_a_name() {
        let mut names: Vec<&str> = Container::ALL.iter().flat_map(|known| known.names()).copied().collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn without_asking_nothing_is_promised_that_many_cannot_play() {
        let decoders = Decoders::default();
        assert_eq!(decoders.video(VideoCodec::H264).unwrap().bit_depth, 8);
        assert_eq!(decoders.video(VideoCodec::Hevc), None);
        assert!(!decoders.audio_names().contains(&"truehd"));
        assert!(decoders.container_names(true).contains(&"mkv"));
        assert!(!decoders.container_names(true).contains(&"flac"));
    }

    #[test]
    fn a_container_that_is_not_known_is_tried() {
        let mut decoders = Decoders::default();
        decoders.containers.remove(&Container::Avi);
        assert!(decoders.reads("MKV"));
        assert!(!decoders.reads("avi"));
        assert!(decoders.reads("wtv"));
    }
}
