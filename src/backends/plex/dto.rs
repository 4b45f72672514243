//! What a Plex Media Server writes (`docs/protocols.md#plex-json`). Only fields that are used.
//!
//! Every field may be missing or of another type, so no item fails because of one of them; items themselves
//! are kept as raw values until they are mapped one by one.

use serde::Deserialize;
use serde_json::Value;

use super::scalar::{Loose, Many};

/// The object around everything.
#[derive(Debug, Deserialize)]
pub(super) struct Envelope {
    /// What is inside.
    #[serde(rename = "MediaContainer")]
    pub(super) container: Container,
}

/// What is inside: lists, and attributes that all items share.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Container {
    /// Position of the first item; of a paged reply only.
    pub(super) offset: Loose<u32>,
    /// Items in this answer.
    pub(super) size: Loose<u32>,
    /// Length of the whole listing; of a paged reply only.
    pub(super) total_size: Loose<u32>,
    pub(super) machine_identifier: Loose<String>,
    pub(super) friendly_name: Loose<String>,
    pub(super) version: Loose<String>,
    pub(super) art: Loose<String>,
    pub(super) parent_title: Loose<String>,
    pub(super) parent_rating_key: Loose<String>,
    pub(super) parent_index: Loose<u32>,
    pub(super) grandparent_title: Loose<String>,
    pub(super) grandparent_rating_key: Loose<String>,
    pub(super) grandparent_thumb: Loose<String>,
    #[serde(rename = "Metadata")]
    pub(super) metadata: Many<Value>,
    #[serde(rename = "Directory")]
    pub(super) directory: Many<Directory>,
    #[serde(rename = "Hub")]
    pub(super) hub: Many<Hub>,
}

/// A section.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Directory {
    pub(super) key: Loose<String>,
    #[serde(rename = "type")]
    pub(super) kind: Loose<String>,
    pub(super) title: Loose<String>,
    /// Of a person that was found: the name.
    pub(super) tag: Loose<String>,
    pub(super) agent: Loose<String>,
    /// A counter, not a time.
    pub(super) content_changed_at: Loose<i64>,
    pub(super) updated_at: Loose<i64>,
}

/// A row of items.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Hub {
    #[serde(rename = "Metadata")]
    pub(super) metadata: Many<Value>,
    #[serde(rename = "Directory")]
    pub(super) directory: Many<Directory>,
}

/// An item.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Metadata {
    pub(super) rating_key: Loose<String>,
    pub(super) key: Loose<String>,
    pub(super) guid: Loose<String>,
    #[serde(rename = "type")]
    pub(super) kind: Loose<String>,
    pub(super) subtype: Loose<String>,
    pub(super) title: Loose<String>,
    pub(super) title_sort: Loose<String>,
    pub(super) original_title: Loose<String>,
    pub(super) summary: Loose<String>,
    pub(super) tagline: Loose<String>,
    pub(super) studio: Loose<String>,
    pub(super) content_rating: Loose<String>,
    pub(super) rating: Loose<f64>,
    pub(super) audience_rating: Loose<f64>,
    pub(super) user_rating: Loose<f64>,
    pub(super) year: Loose<i32>,
    pub(super) originally_available_at: Loose<String>,
    pub(super) added_at: Loose<i64>,
    pub(super) updated_at: Loose<i64>,
    /// Milliseconds.
    pub(super) duration: Loose<u64>,
    pub(super) index: Loose<u32>,
    pub(super) parent_index: Loose<u32>,
    pub(super) parent_rating_key: Loose<String>,
    pub(super) parent_title: Loose<String>,
    pub(super) parent_thumb: Loose<String>,
    pub(super) grandparent_rating_key: Loose<String>,
    pub(super) grandparent_title: Loose<String>,
    pub(super) grandparent_thumb: Loose<String>,
    pub(super) grandparent_art: Loose<String>,
    pub(super) thumb: Loose<String>,
    pub(super) art: Loose<String>,
    pub(super) view_count: Loose<u32>,
    /// Milliseconds.
    pub(super) view_offset: Loose<u64>,
    pub(super) last_viewed_at: Loose<i64>,
    pub(super) leaf_count: Loose<u32>,
    pub(super) viewed_leaf_count: Loose<u32>,
    #[serde(rename = "Image")]
    pub(super) images: Many<Image>,
    #[serde(rename = "UltraBlurColors")]
    pub(super) corners: Many<Corners>,
    #[serde(rename = "Guid")]
    pub(super) guids: Many<Guid>,
    #[serde(rename = "Genre")]
    pub(super) genres: Many<Tag>,
    #[serde(rename = "Role")]
    pub(super) roles: Many<Tag>,
    #[serde(rename = "Director")]
    pub(super) directors: Many<Tag>,
    #[serde(rename = "Writer")]
    pub(super) writers: Many<Tag>,
    #[serde(rename = "Media")]
    pub(super) media: Many<Media>,
    #[serde(rename = "Chapter")]
    pub(super) chapters: Many<Chapter>,
    #[serde(rename = "Marker")]
    pub(super) markers: Many<Marker>,
    #[serde(rename = "Extras")]
    pub(super) extras: Many<Extras>,
}

/// The trailers and the like of an item: one object around a list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Extras {
    #[serde(rename = "Metadata")]
    pub(super) metadata: Many<Value>,
}

/// A picture with its kind.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Image {
    #[serde(rename = "type")]
    pub(super) kind: Loose<String>,
    pub(super) url: Loose<String>,
}

/// Colours of the corners of a picture.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Corners {
    pub(super) top_left: Loose<String>,
    pub(super) top_right: Loose<String>,
    pub(super) bottom_right: Loose<String>,
    pub(super) bottom_left: Loose<String>,
}

/// An id in a public database.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Guid {
    pub(super) id: Loose<String>,
}

/// A genre, or a person.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Tag {
    #[serde(rename = "tag")]
    pub(super) name: Loose<String>,
    pub(super) id: Loose<String>,
    /// The part an actor plays.
    pub(super) role: Loose<String>,
    pub(super) thumb: Loose<String>,
}

/// A version.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Media {
    pub(super) id: Loose<String>,
    pub(super) title: Loose<String>,
    pub(super) container: Loose<String>,
    /// Kilobits per second.
    pub(super) bitrate: Loose<u64>,
    /// Milliseconds.
    pub(super) duration: Loose<u64>,
    pub(super) width: Loose<u32>,
    pub(super) height: Loose<u32>,
    pub(super) video_resolution: Loose<String>,
    #[serde(rename = "Part")]
    pub(super) parts: Many<Part>,
}

/// A file.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Part {
    pub(super) id: Loose<String>,
    /// Files of small pictures that the server has made of it, as `sd`.
    pub(super) indexes: Loose<String>,
    pub(super) key: Loose<String>,
    pub(super) container: Loose<String>,
    pub(super) size: Loose<u64>,
    /// Milliseconds.
    pub(super) duration: Loose<u64>,
    #[serde(rename = "Stream")]
    pub(super) streams: Many<Stream>,
}

/// A stream in a file, or a subtitle file beside it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Stream {
    pub(super) id: Loose<String>,
    /// 1 video, 2 audio, 3 subtitles.
    #[serde(rename = "streamType")]
    pub(super) kind: Loose<u32>,
    /// Of a subtitle file beside the video: its path on the server.
    pub(super) key: Loose<String>,
    pub(super) codec: Loose<String>,
    pub(super) format: Loose<String>,
    pub(super) language: Loose<String>,
    pub(super) language_code: Loose<String>,
    pub(super) language_tag: Loose<String>,
    pub(super) title: Loose<String>,
    pub(super) display_title: Loose<String>,
    pub(super) width: Loose<u32>,
    pub(super) height: Loose<u32>,
    pub(super) channels: Loose<u32>,
    /// Transfer characteristics, as `smpte2084`.
    pub(super) color_trc: Loose<String>,
    #[serde(rename = "DOVIPresent")]
    pub(super) dolby_vision: Loose<bool>,
    pub(super) default: Loose<bool>,
    pub(super) forced: Loose<bool>,
}

/// A chapter; milliseconds.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Chapter {
    pub(super) start_time_offset: Loose<u64>,
    pub(super) tag: Loose<String>,
    pub(super) thumb: Loose<String>,
}

/// A marked stretch; milliseconds.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Marker {
    #[serde(rename = "type")]
    pub(super) kind: Loose<String>,
    pub(super) start_time_offset: Loose<u64>,
    pub(super) end_time_offset: Loose<u64>,
}

/// The object around a notification.
#[derive(Debug, Deserialize)]
pub(super) struct LiveEnvelope {
    /// What is inside.
    #[serde(rename = "NotificationContainer")]
    pub(super) container: NoticeContainer,
}

/// What is inside: a list that the type names.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NoticeContainer {
    #[serde(rename = "type")]
    pub(super) kind: Loose<String>,
    #[serde(rename = "TimelineEntry")]
    pub(super) timeline: Many<TimelineEntry>,
    #[serde(rename = "PlaySessionStateNotification")]
    pub(super) playing: Many<PlayingNotice>,
    #[serde(rename = "ActivityNotification")]
    pub(super) activities: Many<ActivityNotice>,
}

/// An item that the server works on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TimelineEntry {
    pub(super) identifier: Loose<String>,
    #[serde(rename = "sectionID")]
    pub(super) section_id: Loose<String>,
    #[serde(rename = "itemID")]
    pub(super) item_id: Loose<String>,
    pub(super) state: Loose<i64>,
}

/// A playback of somebody.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct PlayingNotice {
    pub(super) rating_key: Loose<String>,
    pub(super) state: Loose<String>,
}

/// A task of the server.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ActivityNotice {
    pub(super) event: Loose<String>,
    #[serde(rename = "Activity")]
    pub(super) activity: Activity,
}

/// What the task does.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Activity {
    #[serde(rename = "type")]
    pub(super) kind: Loose<String>,
    #[serde(rename = "Context")]
    pub(super) context: ActivityContext,
}

/// What it does it with.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ActivityContext {
    #[serde(rename = "librarySectionID")]
    pub(super) section_id: Loose<String>,
}
