//! Answers of a server and what becomes of them.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod details;
mod items;
mod music;
mod wire;

use serde_json::{Value, json};

/// A film with everything that the server may tell.
fn film() -> Value {
    json!({
        "Name": "The Lantern", "OriginalTitle": "La Linterna", "ServerId": "4f3a", "Id": "0a1b", "Etag": "5d41",
        "DateCreated": "2024-03-09T20:11:02.0000000Z", "CanDelete": false, "Container": "mkv",
        "SortName": "lantern", "PremiereDate": "2019-10-11T00:00:00.0000000Z",
        "OfficialRating": "PG-13", "Overview": "A keeper stays.", "Taglines": ["", "Keep the light."],
        "Genres": ["Drama", null, "Sea"], "GenreItems": [{"Name": "Drama", "Id": "8b7c"}],
        "CommunityRating": 7.4, "CriticRating": 88, "RunTimeTicks": 68_430_080_000_i64, "ProductionYear": 2019,
        "ProviderIds": {"Imdb": "tt1234567", "Tmdb": 54321, "TmdbCollection": "77"}, "IsFolder": false,
        "ParentId": "77aa", "Type": "Movie", "ChannelId": null,
        "Studios": [{"Name": "North Pier", "Id": "c0de"}, {"Id": "nameless"}],
        "People": [
            {"Name": "Ada Mir", "Id": "11ff", "Role": "Keeper", "Type": "Actor", "PrimaryImageTag": "99aa"},
            {"Name": "Jo Ruiz", "Id": "22ee", "Role": "Director", "Type": "Director"},
            {"Name": "Li Wen", "Id": "33dd", "Type": "Conductor"},
            {"Id": "44cc", "Type": "Actor"},
            "nobody"
        ],
        "UserData": {"PlayedPercentage": 31.2, "PlaybackPositionTicks": 21_350_000_000_i64, "PlayCount": 1,
            "IsFavorite": true, "LastPlayedDate": "2025-01-01T21:00:00.0000000Z", "Played": false},
        "LocationType": "FileSystem",
        "ImageTags": {"Primary": "aa11", "Logo": "bb22", "Thumb": "cc33"}, "BackdropImageTags": ["dd44", "ee55"],
        "Chapters": [
            {"StartPositionTicks": 0, "Name": "Chapter 1"},
            {"StartPositionTicks": 3_000_000_000_i64, "Name": "Chapter 2", "ImageTag": "f0f0"}
        ],
        "MediaSources": [source()]
    })
}

/// A version with streams of every kind.
fn source() -> Value {
    json!({
        "Protocol": "File", "Id": "5e7c", "Container": "mkv", "Size": 9_123_456_789_i64, "Name": "The Lantern",
        "ETag": "c4ca", "RunTimeTicks": 68_430_080_000_i64, "SupportsDirectPlay": true, "Bitrate": 10_665_000,
        "MediaStreams": [
            {"Type": "Video", "Index": 0, "Codec": "HEVC", "Width": 1920, "Height": 804, "IsDefault": true,
                "DisplayTitle": "1080p HEVC HDR10", "IsExternal": false},
            {"Type": "Audio", "Index": 1, "Codec": "eac3", "Language": "eng", "Channels": 6, "IsDefault": true},
            {"Type": "EmbeddedImage", "Index": 2, "Codec": "mjpeg"},
            {"Type": "Subtitle", "Index": 3, "Codec": "subrip", "Language": "eng", "IsForced": true,
                "IsTextSubtitleStream": true, "IsExternal": false, "SupportsExternalStream": true,
                "DeliveryUrl": "/Videos/0a1b/5e7c/Subtitles/3/0/Stream.srt?ApiKey=6d1c"},
            {"Type": "Subtitle", "Index": 4, "Codec": "ASS", "Language": "ger", "IsTextSubtitleStream": true,
                "IsExternal": true, "DisplayTitle": "German - ASS"},
            {"Type": "Subtitle", "Index": 5, "Codec": "pgssub", "IsTextSubtitleStream": false, "IsExternal": true},
            {"Type": "Subtitle", "Index": 6, "Codec": "webvtt", "IsExternal": true, "IsExternalUrl": true,
                "DeliveryUrl": "https://subs.example.org/6.vtt"}
        ]
    })
}
