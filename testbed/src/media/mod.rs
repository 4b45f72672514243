//! The two sample videos and the sample of sound that every item is served from, and the files beside them.
//!
//! They are made once by `ffmpeg` and kept in a cache folder, so that a real player has something real to
//! play: H.264 and AAC, the time in the picture, subtitles that say the time too.
//!
//! A server tells the length that its catalogue says, as a real one knows it from its own probe; a player
//! takes the length of the file that it gets. The catalogues of [`crate::catalogue::demo`] have a few items
//! whose length is the one of their file ([`Container::length`]).

mod make;
mod segments;
mod serve;
mod subtitles;

use crate::catalogue::{Item, ItemKind, ItemNumber};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use segments::{Segments, playlist_reply, segment_reply};
pub use serve::serve_file;
pub use subtitles::{Language, subtitles_srt, subtitles_vtt};

/// Part of the file names: another recipe makes other files.
const RECIPE: u32 = 1;

/// A chapter of the Matroska sample: title, beginning and end.
pub const CHAPTERS: [(&str, Duration, Duration); 3] = [
    ("Opening", Duration::ZERO, Duration::from_secs(20)),
    ("Middle", Duration::from_secs(20), Duration::from_secs(40)),
    ("Ending", Duration::from_secs(40), Duration::from_mins(1)),
];

/// Which sample video an item is served from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Container {
    /// One audio track (English), no subtitles and no chapters inside; an English SRT file lies beside it.
    Mp4,
    /// Two audio tracks (English, German), SRT subtitles in both languages, three chapters.
    Matroska,
    /// Sound only: what every track is served from.
    Flac,
}

impl Container {
    /// Items take turns: even numbers are MP4, odd ones Matroska.
    pub fn of(item: ItemNumber) -> Self {
        if item.0.is_multiple_of(2) { Self::Mp4 } else { Self::Matroska }
    }

    /// The one that it is not.
    #[must_use]
    pub fn other(self) -> Self {
        if self == Self::Mp4 { Self::Matroska } else { Self::Mp4 }
    }

    /// Extension of the file, and its name at both kinds of server.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Mp4 => "mp4",
            Self::Matroska => "mkv",
            Self::Flac => "flac",
        }
    }

    /// MIME type.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Mp4 => "video/mp4",
            Self::Matroska => "video/x-matroska",
            Self::Flac => "audio/flac",
        }
    }

    /// Length of the sample.
    pub fn length(self) -> Duration {
        match self {
            Self::Mp4 => Duration::from_secs(30),
            Self::Matroska => Duration::from_mins(1),
            Self::Flac => Duration::from_secs(12),
        }
    }
}

/// Width of the picture in pixels.
pub const WIDTH: u32 = 640;
/// Height of the picture in pixels.
pub const HEIGHT: u32 = 360;
/// Pictures in a second.
pub const FRAME_RATE: u32 = 24;

/// One sample on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleVideo {
    /// The file.
    pub path: PathBuf,
    /// Its size in bytes.
    pub size: u64,
    /// What it is.
    pub container: Container,
}

/// All samples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleVideos {
    mp4: SampleVideo,
    matroska: SampleVideo,
    flac: SampleVideo,
    mp4_segments: Segments,
    matroska_segments: Segments,
}

impl SampleVideos {
    /// The samples from the cache, made when they are not there. Safe to call from many processes at once:
    /// each file appears whole under its name or not at all.
    ///
    /// # Errors
    /// When `ffmpeg` is missing or fails, or the cache cannot be written.
    pub async fn prepare() -> io::Result<Self> {
        Self::prepare_in(&cache_folder()).await
    }

    /// As [`prepare`](Self::prepare), in a given folder.
    pub async fn prepare_in(folder: &Path) -> io::Result<Self> {
        tokio::fs::create_dir_all(folder).await?;
        let mp4 = sample(folder, Container::Mp4).await?;
        let matroska = sample(folder, Container::Matroska).await?;
        Ok(Self {
            mp4_segments: Segments::prepare(folder, RECIPE, Container::Mp4, &mp4.path).await?,
            matroska_segments: Segments::prepare(folder, RECIPE, Container::Matroska, &matroska.path).await?,
            mp4,
            matroska,
            flac: sample(folder, Container::Flac).await?,
        })
    }

    /// The sample of a kind.
    pub fn get(&self, container: Container) -> &SampleVideo {
        match container {
            Container::Mp4 => &self.mp4,
            Container::Matroska => &self.matroska,
            Container::Flac => &self.flac,
        }
    }

    /// The sample that the item with this number is served from, when it is a video.
    pub fn of(&self, item: ItemNumber) -> &SampleVideo {
        self.get(Container::of(item))
    }

    /// The sample of an item in segments, as a server converts it.
    pub fn segments(&self, item: ItemNumber) -> &Segments {
        match Container::of(item) {
            Container::Matroska => &self.matroska_segments,
            Container::Mp4 | Container::Flac => &self.mp4_segments,
        }
    }

    /// The sample that an item is served from.
    pub fn of_item(&self, item: &Item) -> &SampleVideo {
        if item.kind == ItemKind::Track { &self.flac } else { self.of(item.number) }
    }
}

async fn sample(folder: &Path, container: Container) -> io::Result<SampleVideo> {
    let path = folder.join(format!("sample-{RECIPE}.{}", container.extension()));
    if !tokio::fs::try_exists(&path).await? {
        make::video(folder, container, &path).await?;
    }
    let size = tokio::fs::metadata(&path).await?.len();
    Ok(SampleVideo { path, size, container })
}

/// `$REEL_TESTBED_CACHE`, else inside cargo's target folder when it is known, else in the user's cache.
fn cache_folder() -> PathBuf {
    let folder =
        |variable: &str| std::env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from);
    let own = folder("REEL_TESTBED_CACHE");
    let in_target = || folder("CARGO_TARGET_DIR").filter(|target| target.is_dir());
    let in_cache = || folder("XDG_CACHE_HOME").or_else(|| Some(folder("HOME")?.join(".cache")));
    own.or_else(|| Some(in_target()?.join("reel-testbed")))
        .or_else(|| Some(in_cache()?.join("reel-testbed")))
        .unwrap_or_else(|| std::env::temp_dir().join("reel-testbed"))
}
