//! What the details of an item add to its row: versions, streams, chapters, markers, people.
//!
//! Stored as JSON in `media_details`, hence `serde`.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{ImageKey, Previews, RemoteId};

/// Everything that only the detail request gives.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct MediaDetails {
    /// Playable versions, best first.
    pub versions: Vec<MediaVersion>,
    /// Chapters in order.
    pub chapters: Vec<Chapter>,
    /// Intro, credits and the like.
    pub markers: Vec<Marker>,
    /// Cast and crew.
    pub credits: Vec<Credit>,
    /// Studios or networks.
    pub studios: Vec<String>,
    /// Trailers and the like, in the server's order; each is an item of its own.
    #[serde(default)]
    pub extras: Vec<Extra>,
}

/// One file, or one set of files, of a title.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct MediaVersion {
    /// The server's id of the version.
    pub id: String,
    /// Name to choose it by, as `4K`.
    pub name: Option<String>,
    /// Container, as `mkv`.
    pub container: Option<String>,
    /// Bits per second.
    pub bitrate: Option<u64>,
    /// Bytes.
    pub size: Option<u64>,
    /// Length.
    pub duration: Option<Duration>,
    /// Where the file is: Plex part key, local path; empty when the id says it all (Jellyfin).
    pub location: String,
    /// The server's change mark of the file (Jellyfin `ETag`).
    pub tag: Option<String>,
    /// Video, audio and subtitle streams.
    pub streams: Vec<MediaStream>,
    /// Small pictures of it, where the server has them.
    #[serde(default)]
    pub previews: Option<Previews>,
}

/// Kind of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StreamKind {
    /// Video.
    Video,
    /// Audio.
    Audio,
    /// Subtitles.
    Subtitle,
}

/// One stream of a version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MediaStream {
    /// Kind.
    pub kind: StreamKind,
    /// The server's id or index of it.
    pub id: String,
    /// Codec, as `hevc`.
    pub codec: Option<String>,
    /// Language, ISO 639 code or name.
    pub language: Option<String>,
    /// Text to show.
    pub title: Option<String>,
    /// Width in pixels.
    pub width: Option<u32>,
    /// Height in pixels.
    pub height: Option<u32>,
    /// Audio channels.
    pub channels: Option<u32>,
    /// Dynamic range of a picture with more than the standard one, as `HDR10`.
    #[serde(default)]
    pub range: Option<String>,
    /// Whether it is the default one of its kind.
    pub default: bool,
    /// Whether subtitles are for foreign parts only.
    pub forced: bool,
    /// Where a subtitle file beside the video is: a server path or a local path.
    pub external: Option<String>,
}

impl MediaStream {
    /// The only stream of a photo, so large in pixels.
    pub fn picture(width: u32, height: u32) -> Self {
        Self {
            kind: StreamKind::Video,
            id: "0".to_owned(),
            codec: None,
            language: None,
            title: None,
            width: Some(width),
            height: Some(height),
            channels: None,
            range: None,
            default: true,
            forced: false,
            external: None,
        }
    }
}

/// One chapter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Chapter {
    /// Start.
    pub start: Duration,
    /// Name.
    pub title: Option<String>,
    /// A picture of its beginning.
    #[serde(default)]
    pub image: Option<ImageKey>,
}

/// What a marked stretch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarkerKind {
    /// Opening titles.
    Intro,
    /// Closing titles.
    Credits,
    /// What happened before.
    Recap,
    /// Advertising.
    Commercial,
    /// What will happen next time.
    Preview,
}

/// A marked stretch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Marker {
    /// What it is.
    pub kind: MarkerKind,
    /// Start.
    pub start: Duration,
    /// End.
    pub end: Duration,
}

/// What a person did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CreditRole {
    /// Plays a part.
    Actor,
    /// Directed.
    Director,
    /// Wrote.
    Writer,
    /// Anything else.
    Other,
}

impl CreditRole {
    const ALL: [(Self, &'static str); 4] = [
        (Self::Actor, "actor"),
        (Self::Director, "director"),
        (Self::Writer, "writer"),
        (Self::Other, "other"),
    ];

    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(role, _)| *role == self).map_or("other", |(_, word)| word)
    }

    /// The role for a word of the database; unknown words are [`CreditRole::Other`].
    pub fn from_word(word: &str) -> Self {
        Self::ALL.iter().find(|(_, known)| *known == word).map_or(Self::Other, |(role, _)| *role)
    }
}

/// What an extra is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExtraKind {
    /// Trailer or teaser.
    Trailer,
    /// How it was made.
    BehindTheScenes,
    /// A scene that was cut.
    DeletedScene,
    /// Somebody is asked about it.
    Interview,
    /// A part of it.
    Scene,
    /// A film about it.
    Featurette,
    /// A short film.
    Short,
    /// Anything else.
    Other,
}

/// A trailer or the like that belongs to an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extra {
    /// The item that plays.
    pub id: RemoteId,
    /// What it is.
    pub kind: ExtraKind,
}

/// A person with a part in an item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Credit {
    /// Name.
    pub name: String,
    /// What the person did.
    pub role: CreditRole,
    /// The part an actor plays.
    pub character: Option<String>,
    /// Portrait.
    pub image: Option<ImageKey>,
    /// What the server calls the person.
    #[serde(default)]
    pub person: Option<RemoteId>,
}
