//! How a title is to be played, asked of a backend, and what came of it.

use std::sync::Arc;
use std::time::Duration;

use crate::models::{Decoders, PlayMethod, Quality, Way};

/// What a stream is asked for with.
#[derive(Debug, Clone, Default)]
pub struct StreamAsk {
    /// The version, by its id; the best one that can be played when none is named.
    pub version: Option<String>,
    /// What this machine plays.
    pub decoders: Arc<Decoders>,
    /// What it may cost.
    pub quality: Quality,
    /// What leads to the server; `None` for folders, or where it is not known.
    pub way: Option<Way>,
    /// The sound that is wanted, by [`crate::models::MediaStream::id`]; the server's choice when none is named.
    pub audio_stream: Option<String>,
    /// The subtitles that are wanted, by the same; none when none are named.
    pub subtitle_stream: Option<String>,
    /// Where it will begin.
    pub start: Duration,
    /// The file as it is could not be played: it has to be converted.
    pub force_transcode: bool,
}

impl StreamAsk {
    /// A version, or the best one, as the file is.
    pub fn original(version: Option<&str>) -> Self {
        Self { version: version.map(str::to_owned), ..Self::default() }
    }
}

/// Why a file does not come as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NotDirect {
    /// Its container cannot be read here.
    Container,
    /// There is no decoder for its picture.
    VideoCodec,
    /// Its picture has more colours, lines or levels than the decoder takes.
    VideoLimits,
    /// There is no decoder for its sound.
    AudioCodec,
    /// Its subtitles have to be drawn into the picture.
    Subtitles,
    /// It is larger than what was chosen, or than the way carries.
    Bitrate,
    /// It was tried, and could not be played.
    Failed,
    /// The server does not say why.
    Server,
}

impl NotDirect {
    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Container => "container",
            Self::VideoCodec => "video-codec",
            Self::VideoLimits => "video-limits",
            Self::AudioCodec => "audio-codec",
            Self::Subtitles => "subtitles",
            Self::Bitrate => "bitrate",
            Self::Failed => "failed",
            Self::Server => "server",
        }
    }
}

/// How the bytes are cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum StreamProtocol {
    /// One file, read in ranges.
    #[default]
    File,
    /// A playlist of segments (HLS, RFC 8216).
    Hls,
}

/// How a source delivers what plays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Delivery {
    /// As it is, or converted.
    pub method: PlayMethod,
    /// Why it is not as it is; empty when it is.
    pub reasons: Vec<NotDirect>,
    /// How the bytes are cut.
    pub protocol: StreamProtocol,
    /// Bits per second of the file, when known. What is converted has at most [`Delivery::quality`].
    pub file_bits: Option<u64>,
    /// The quality that was asked for.
    pub quality: Quality,
}

impl Delivery {
    /// The file as it is.
    pub fn direct(file_bits: Option<u64>, quality: Quality) -> Self {
        Self { file_bits, quality, ..Self::default() }
    }

    /// Whether the server works for it, and has to be told when that ends.
    pub fn is_converted(&self) -> bool {
        self.method != PlayMethod::Direct
    }
}
