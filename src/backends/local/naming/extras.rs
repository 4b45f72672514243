//! What belongs to a film or series without being one: trailers, featurettes, samples; and folders of the
//! system.

use crate::models::ExtraKind;

/// How a folder's name speaks for extras.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExtrasFolder {
    /// It can mean nothing else.
    Certain,
    /// It does where videos lie beside it.
    Ambiguous,
}

const CERTAIN_FOLDERS: &[&str] = &[
    "behind the scenes",
    "deleted scenes",
    "extra",
    "extras",
    "featurette",
    "featurettes",
    "sample",
    "samples",
    "trailer",
    "trailers",
];
const AMBIGUOUS_FOLDERS: &[&str] =
    &["backdrops", "bonus", "clips", "interviews", "other", "scenes", "shorts", "theme-music"];

/// Suffixes behind `-`, `.` or `_`.
const SUFFIXES: &[&str] = &[
    "behindthescenes",
    "clip",
    "deleted",
    "deletedscene",
    "extra",
    "featurette",
    "interview",
    "other",
    "sample",
    "scene",
    "short",
    "trailer",
];
/// Those that are also meant behind a dot, an underscore, or alone.
const STRONG_SUFFIXES: &[&str] = &["sample", "trailer"];

/// Folders of the system and of other programs, which nobody means by *unreadable*.
const SYSTEM_FOLDERS: &[&str] = &[
    "$recycle.bin",
    "@eadir",
    "#recycle",
    "#snapshot",
    "bdmv",
    "lost+found",
    "system volume information",
    "video_ts",
    "audio_ts",
];

/// What a folder's name says.
pub fn folder(name: &str) -> Option<ExtrasFolder> {
    let lower = name.trim().to_lowercase();
    if CERTAIN_FOLDERS.contains(&lower.as_str()) {
        Some(ExtrasFolder::Certain)
    } else if AMBIGUOUS_FOLDERS.contains(&lower.as_str()) {
        Some(ExtrasFolder::Ambiguous)
    } else {
        None
    }
}

/// Whether a video is a trailer, a sample or the like, by its name without extension.
pub fn is_extra(stem: &str) -> bool {
    let lower = stem.to_lowercase();
    let behind = |separators: &[char], words: &[&str]| {
        lower.rsplit_once(separators).is_some_and(|(head, tail)| !head.is_empty() && words.contains(&tail))
    };
    STRONG_SUFFIXES.contains(&lower.as_str())
        || lower.starts_with("sample-")
        || lower.starts_with("sample.")
        || behind(&['-'], SUFFIXES)
        || behind(&['.', '_'], STRONG_SUFFIXES)
}

/// What the videos in a folder of extras are.
pub fn kind_of_folder(name: &str) -> ExtraKind {
    match name.trim().to_lowercase().as_str() {
        "trailer" | "trailers" => ExtraKind::Trailer,
        "behind the scenes" => ExtraKind::BehindTheScenes,
        "deleted scenes" => ExtraKind::DeletedScene,
        "interviews" => ExtraKind::Interview,
        "featurette" | "featurettes" => ExtraKind::Featurette,
        "clips" | "sample" | "samples" | "scenes" => ExtraKind::Scene,
        "shorts" => ExtraKind::Short,
        _ => ExtraKind::Other,
    }
}

/// What a video is by its name without extension, and the name without the word that says so. Samples are
/// nothing that anybody would look at.
pub fn kind_of_video(stem: &str) -> Option<(&str, ExtraKind)> {
    if !is_extra(stem) {
        return None;
    }
    let (head, word) = stem.rsplit_once(['-', '.', '_']).unwrap_or(("", stem));
    let kind = match word.to_lowercase().as_str() {
        "trailer" => ExtraKind::Trailer,
        "behindthescenes" => ExtraKind::BehindTheScenes,
        "deleted" | "deletedscene" => ExtraKind::DeletedScene,
        "interview" => ExtraKind::Interview,
        "featurette" => ExtraKind::Featurette,
        "clip" | "scene" => ExtraKind::Scene,
        "short" => ExtraKind::Short,
        "extra" | "other" => ExtraKind::Other,
        _ => return None,
    };
    Some((head, kind))
}

/// Whether a folder is the system's or another program's, or a disc image that is no file.
pub fn is_system_folder(name: &str) -> bool {
    SYSTEM_FOLDERS.contains(&name.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extras_by_suffix() {
        for name in [
            "Alien (1979)-trailer",
            "Alien-behindthescenes",
            "Alien.trailer",
            "alien_sample",
            "sample",
            "sample-alien",
            "Trailer",
            "Alien (1979)-TRAILER",
        ] {
            assert!(is_extra(name), "{name}");
        }
        for name in [
            "Alien (1979)",
            "The Sample (2010)",
            "Trailer Park Boys S01E01",
            "-trailer",
            "The Big Short",
            "Short Clip",
        ] {
            assert!(!is_extra(name), "{name}");
        }
    }

    #[test]
    fn names_say_what_an_extra_is() {
        for (stem, expected) in [
            ("Alien (1979)-trailer", Some(("Alien (1979)", ExtraKind::Trailer))),
            ("Trailer", Some(("", ExtraKind::Trailer))),
            ("The set-behindthescenes", Some(("The set", ExtraKind::BehindTheScenes))),
            ("Alien.sample", None),
            ("sample-alien", None),
            ("The Big Short", None),
        ] {
            assert_eq!(kind_of_video(stem), expected, "{stem}");
        }
        assert_eq!(kind_of_folder("Behind The Scenes"), ExtraKind::BehindTheScenes);
    }

    #[test]
    fn extras_by_folder() {
        assert_eq!(folder("Extras"), Some(ExtrasFolder::Certain));
        assert_eq!(folder("Behind The Scenes"), Some(ExtrasFolder::Certain));
        assert_eq!(folder("Other"), Some(ExtrasFolder::Ambiguous));
        assert_eq!(folder("Extraordinary"), None);
        assert!(is_system_folder("lost+found"));
    }
}
