//! What a Jellyfin server sends, as far as it is used (`docs/protocols.md#jellyfin-items`).
//!
//! Members that nobody reads are left out; unknown ones are ignored. No enum: words of the server are texts
//! here, and mapped where their meaning is needed.

use serde::Deserialize;
use serde_json::Value;

use super::tolerant::{Entries, Maybe};

/// A part of a listing. `items` is required: a reply without it is not an empty listing.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Envelope {
    /// The entries, each read by itself.
    pub(super) items: Vec<Value>,
    /// Length of the whole listing.
    #[serde(default)]
    pub(super) total_record_count: Maybe<i64>,
}

/// An item of any type, also a library.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct ItemDto {
    pub(super) id: Maybe<String>,
    #[serde(rename = "Type")]
    pub(super) kind: Maybe<String>,
    pub(super) name: Maybe<String>,
    pub(super) collection_type: Maybe<String>,
    pub(super) location_type: Maybe<String>,
    pub(super) sort_name: Maybe<String>,
    pub(super) original_title: Maybe<String>,
    pub(super) overview: Maybe<String>,
    pub(super) taglines: Entries<String>,
    pub(super) genres: Entries<String>,
    pub(super) studios: Entries<NamedDto>,
    pub(super) people: Entries<PersonDto>,
    pub(super) etag: Maybe<String>,
    pub(super) date_created: Maybe<String>,
    pub(super) premiere_date: Maybe<String>,
    /// Of a person the day of death.
    pub(super) end_date: Maybe<String>,
    pub(super) production_locations: Entries<String>,
    pub(super) production_year: Maybe<i64>,
    pub(super) official_rating: Maybe<String>,
    pub(super) community_rating: Maybe<f32>,
    pub(super) critic_rating: Maybe<f32>,
    pub(super) run_time_ticks: Maybe<i64>,
    pub(super) width: Maybe<i64>,
    pub(super) height: Maybe<i64>,
    pub(super) provider_ids: Maybe<ProviderIdsDto>,
    pub(super) series_id: Maybe<String>,
    pub(super) series_name: Maybe<String>,
    pub(super) season_id: Maybe<String>,
    pub(super) parent_id: Maybe<String>,
    pub(super) album_id: Maybe<String>,
    pub(super) album_primary_image_tag: Maybe<String>,
    pub(super) album_artists: Entries<ArtistDto>,
    pub(super) artists: Entries<String>,
    pub(super) parent_index_number: Maybe<i64>,
    pub(super) index_number: Maybe<i64>,
    pub(super) index_number_end: Maybe<i64>,
    pub(super) child_count: Maybe<i64>,
    pub(super) recursive_item_count: Maybe<i64>,
    pub(super) user_data: Maybe<UserDataDto>,
    pub(super) image_tags: Maybe<ImageTagsDto>,
    /// By type and tag.
    pub(super) image_blur_hashes: Maybe<serde_json::Map<String, Value>>,
    pub(super) backdrop_image_tags: Entries<String>,
    pub(super) parent_backdrop_item_id: Maybe<String>,
    pub(super) parent_backdrop_image_tags: Entries<String>,
    pub(super) parent_logo_item_id: Maybe<String>,
    pub(super) parent_logo_image_tag: Maybe<String>,
    pub(super) series_primary_image_tag: Maybe<String>,
    pub(super) chapters: Entries<ChapterDto>,
    /// By version and width.
    pub(super) trickplay: Maybe<serde_json::Map<String, Value>>,
    pub(super) media_sources: Entries<MediaSourceDto>,
    pub(super) extra_type: Maybe<String>,
    pub(super) special_feature_count: Maybe<i64>,
    pub(super) local_trailer_count: Maybe<i64>,
}

/// Anything with a name.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct NamedDto {
    pub(super) name: Maybe<String>,
}

/// An artist as an album or a track names it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct ArtistDto {
    pub(super) id: Maybe<String>,
    pub(super) name: Maybe<String>,
}

/// A person with a part in an item.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct PersonDto {
    pub(super) id: Maybe<String>,
    pub(super) name: Maybe<String>,
    pub(super) role: Maybe<String>,
    #[serde(rename = "Type")]
    pub(super) kind: Maybe<String>,
    pub(super) primary_image_tag: Maybe<String>,
}

/// Ids in public databases.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct ProviderIdsDto {
    pub(super) imdb: Maybe<String>,
    pub(super) tmdb: Maybe<String>,
    pub(super) tvdb: Maybe<String>,
}

/// Tags of an item's own pictures.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct ImageTagsDto {
    pub(super) primary: Maybe<String>,
    pub(super) logo: Maybe<String>,
    pub(super) thumb: Maybe<String>,
}

/// What the server knows of a user and an item.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct UserDataDto {
    pub(super) playback_position_ticks: Maybe<i64>,
    pub(super) play_count: Maybe<i64>,
    pub(super) is_favorite: Maybe<bool>,
    pub(super) played: Maybe<bool>,
    pub(super) last_played_date: Maybe<String>,
    pub(super) unplayed_item_count: Maybe<i64>,
}

/// A chapter.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct ChapterDto {
    pub(super) start_position_ticks: Maybe<i64>,
    pub(super) name: Maybe<String>,
    pub(super) image_tag: Maybe<String>,
}

/// Sheets of small pictures of one width.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct TrickplayDto {
    pub(super) width: Maybe<i64>,
    pub(super) height: Maybe<i64>,
    pub(super) tile_width: Maybe<i64>,
    pub(super) tile_height: Maybe<i64>,
    pub(super) thumbnail_count: Maybe<i64>,
    /// Milliseconds.
    pub(super) interval: Maybe<i64>,
}

/// A version of an item.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct MediaSourceDto {
    pub(super) id: Maybe<String>,
    pub(super) name: Maybe<String>,
    pub(super) container: Maybe<String>,
    pub(super) bitrate: Maybe<i64>,
    pub(super) size: Maybe<i64>,
    #[serde(rename = "ETag")]
    pub(super) etag: Maybe<String>,
    pub(super) run_time_ticks: Maybe<i64>,
    pub(super) supports_direct_play: Maybe<bool>,
    pub(super) transcoding_url: Maybe<String>,
    pub(super) transcoding_sub_protocol: Maybe<String>,
    pub(super) media_streams: Entries<MediaStreamDto>,
}

/// A stream of a version.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct MediaStreamDto {
    pub(super) index: Maybe<i64>,
    #[serde(rename = "Type")]
    pub(super) kind: Maybe<String>,
    pub(super) codec: Maybe<String>,
    pub(super) language: Maybe<String>,
    pub(super) title: Maybe<String>,
    pub(super) display_title: Maybe<String>,
    pub(super) width: Maybe<i64>,
    pub(super) height: Maybe<i64>,
    pub(super) channels: Maybe<i64>,
    pub(super) video_range_type: Maybe<String>,
    pub(super) is_default: Maybe<bool>,
    pub(super) is_forced: Maybe<bool>,
    pub(super) is_external: Maybe<bool>,
    pub(super) is_text_subtitle_stream: Maybe<bool>,
    pub(super) is_external_url: Maybe<bool>,
    pub(super) delivery_url: Maybe<String>,
}

/// How an item can be played.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct PlaybackInfoDto {
    pub(super) media_sources: Entries<MediaSourceDto>,
    pub(super) play_session_id: Maybe<String>,
    pub(super) error_code: Maybe<String>,
}

/// Marked stretches of an item.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct SegmentsDto {
    pub(super) items: Entries<SegmentDto>,
}

/// A marked stretch.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct SegmentDto {
    #[serde(rename = "Type")]
    pub(super) kind: Maybe<String>,
    pub(super) start_ticks: Maybe<i64>,
    pub(super) end_ticks: Maybe<i64>,
}

/// What a server says of itself to anybody.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct PublicInfoDto {
    pub(super) id: Maybe<String>,
    pub(super) server_name: Maybe<String>,
    pub(super) version: Maybe<String>,
    pub(super) product_name: Maybe<String>,
    pub(super) startup_wizard_completed: Maybe<bool>,
}

/// A user of the server.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct UserDto {
    pub(super) id: Maybe<String>,
    pub(super) name: Maybe<String>,
    pub(super) server_id: Maybe<String>,
    pub(super) primary_image_tag: Maybe<String>,
    pub(super) has_password: Maybe<bool>,
}

/// The answer to a sign-in. No `Debug`: it holds a token.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct AuthenticationDto {
    pub(super) user: Maybe<UserDto>,
    pub(super) access_token: Maybe<String>,
    pub(super) server_id: Maybe<String>,
}

/// A message of the socket. What it is about is read by its kind.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct LiveDto {
    #[serde(rename = "MessageType")]
    pub(super) kind: Maybe<String>,
    pub(super) data: Value,
}

/// What a user did with items.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct LiveUserDataDto {
    pub(super) user_id: Maybe<String>,
    pub(super) user_data_list: Entries<Value>,
}
