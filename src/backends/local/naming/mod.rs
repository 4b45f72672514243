//! What names of files and folders say, by the rules of Plex, Jellyfin and Kodi.
//!
//! Pure: text in, facts out; nothing here touches the disk, and no text makes it fail. What a name means
//! beside its neighbours is decided in `films` and `shows`.

pub mod episode;
pub mod extras;
pub mod film;
pub mod season;
pub mod track;

mod tags;

use std::ffi::OsStr;
use std::path::Path;

pub use tags::{height, tidy};

/// Extensions of video files.
const VIDEO: &[&str] = &[
    "3gp", "asf", "avi", "divx", "dv", "f4v", "flv", "m2ts", "m4v", "mkv", "mov", "mp4", "mpeg", "mpg",
    "mts", "mxf", "ogm", "ogv", "rm", "rmvb", "ts", "vob", "webm", "wmv", "wtv",
];

/// Extensions of audio files.
const AUDIO: &[&str] = &[
    "aac", "aif", "aiff", "alac", "ape", "dsf", "flac", "m4a", "m4b", "mka", "mp3", "mpc", "oga", "ogg",
    "opus", "wav", "wma", "wv",
];

/// Extensions of pictures that may be photos.
const IMAGE: &[&str] = &["avif", "bmp", "gif", "heic", "heif", "jpeg", "jpg", "png", "tif", "tiff", "webp"];

/// The lower-case extension of a file name.
pub fn extension(name: &OsStr) -> Option<String> {
    Path::new(name).extension().and_then(OsStr::to_str).map(str::to_ascii_lowercase)
}

/// The name without its extension; `None` when it is not UTF-8.
pub fn stem(name: &OsStr) -> Option<&str> {
    Path::new(name).file_stem().and_then(OsStr::to_str)
}

/// Whether a file is a video, by its extension.
pub fn is_video(name: &OsStr) -> bool {
    extension(name).is_some_and(|extension| VIDEO.contains(&extension.as_str()))
}

/// Whether a file is audio, by its extension.
pub fn is_audio(name: &OsStr) -> bool {
    extension(name).is_some_and(|extension| AUDIO.contains(&extension.as_str()))
}

/// Whether a file is a picture, by its extension.
pub fn is_image(name: &OsStr) -> bool {
    extension(name).is_some_and(|extension| IMAGE.contains(&extension.as_str()))
}

/// Whether a file plays.
pub fn is_media(name: &OsStr) -> bool {
    is_video(name) || is_audio(name)
}

/// A title in the form that two spellings of it share: lower case, letters and digits only, one space
/// between words.
pub fn comparable(title: &str) -> String {
    let mut result = String::with_capacity(title.len());
    let mut gap = false;
    for letter in title.chars() {
        if letter.is_alphanumeric() {
            if gap && !result.is_empty() {
                result.push(' ');
            }
            gap = false;
            result.extend(letter.to_lowercase());
        } else if !matches!(letter, '\'' | '’') {
            gap = true;
        }
    }
    result
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spellings_of_a_title_are_one() {
        assert_eq!(comparable("Spider-Man: No Way Home"), comparable("spider.man_no way home"));
        assert_eq!(comparable("Director's Cut"), "directors cut");
        assert_eq!(comparable("千と千尋"), "千と千尋");
        assert_eq!(comparable("…"), "");
    }

    #[test]
    fn videos_are_known_by_their_extension() {
        assert!(is_video(OsStr::new("Alien.MKV")));
        assert!(!is_video(OsStr::new("Alien.nfo")));
        assert!(!is_video(OsStr::new("mkv")));
    }

    proptest! {
        #[test]
        fn no_name_makes_the_parsers_fail(name in "\\PC*") {
            drop(film::parse(&name, film::Parts::Split));
            drop(episode::parse(&name, episode::Context::Anywhere));
            drop(episode::parse(&name, episode::Context::InShow));
            season::folder(&name);
            drop(season::pack(&name));
            extras::is_extra(&name);
            extras::folder(&name);
        }

        #[test]
        fn no_bytes_make_the_parsers_fail(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let name = String::from_utf8_lossy(&bytes).into_owned();
            drop(film::parse(&name, film::Parts::Keep));
            drop(episode::parse(&name, episode::Context::InShow));
        }

        #[test]
        fn names_made_of_their_pieces_do_not_make_them_fail(
            pieces in proptest::collection::vec(
                proptest::sample::select(vec![
                    "S01", "E02", "s", "e", "1x", "x02", "-", " - ", ".", "(", ")", "[", "]", "{", "}", "1999",
                    "2024-05-01", "1080p", "WEB", "cd1", "part2", "tmdbid-1", "imdb-tt1", "é", "千", "Season 1",
                ]),
                0..12,
            )
        ) {
            let name = pieces.concat();
            let film = film::parse(&name, film::Parts::Split);
            prop_assert!(name.trim().is_empty() || !film.title.is_empty());
            drop(episode::parse(&name, episode::Context::InShow));
            drop(season::pack(&name));
        }

        #[test]
        fn a_plain_episode_is_always_found(season in 0_u32..100, episode in 0_u32..1000) {
            let parsed = episode::parse(
                &format!("Some.Show.S{season:02}E{episode:02}.1080p"),
                episode::Context::Anywhere,
            ).unwrap();
            prop_assert_eq!(parsed.season, Some(season));
            prop_assert_eq!(parsed.series.as_deref(), Some("Some Show"));
        }
    }
}
