//! Subtitle files beside a video: `Film.srt`, `Film.en.srt`, `Film.eng.forced.ass`.

use std::ffi::OsStr;
use std::path::Path;

use super::naming::{extension, stem};
use super::path::RelativePath;
use super::tree::Tree;
use crate::backends::{ExternalSubtitle, Location};
use crate::models::{MediaStream, StreamKind};

/// Extensions of subtitles that the player can be given.
const SUBTITLES: &[&str] = &["ass", "smi", "srt", "ssa", "sub", "sup", "vtt"];

/// Names of languages that are met in names of files, with their codes (ISO 639).
const LANGUAGES: &[(&str, &str)] = &[
    ("arabic", "ar"),
    ("chinese", "zh"),
    ("czech", "cs"),
    ("danish", "da"),
    ("dutch", "nl"),
    ("english", "en"),
    ("finnish", "fi"),
    ("french", "fr"),
    ("german", "de"),
    ("greek", "el"),
    ("hebrew", "he"),
    ("hungarian", "hu"),
    ("italian", "it"),
    ("japanese", "ja"),
    ("korean", "ko"),
    ("norwegian", "no"),
    ("polish", "pl"),
    ("portuguese", "pt"),
    ("romanian", "ro"),
    ("russian", "ru"),
    ("spanish", "es"),
    ("swedish", "sv"),
    ("turkish", "tr"),
    ("ukrainian", "uk"),
];

/// One subtitle file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubtitleFile {
    /// Where it is.
    pub path: RelativePath,
    /// Language code, when the name tells it.
    pub language: Option<String>,
    /// Text to show, when the name tells one.
    pub title: Option<String>,
    /// For foreign parts only.
    pub forced: bool,
    /// Meant to be shown without being asked for.
    pub default: bool,
}

impl SubtitleFile {
    /// As a stream of the video. It is called after its file.
    pub fn stream(&self, root: &Path) -> MediaStream {
        MediaStream {
            kind: StreamKind::Subtitle,
            id: self.id(),
            codec: self.path.name().and_then(extension),
            language: self.language.clone(),
            title: self.title.clone(),
            width: None,
            height: None,
            channels: None,
            range: None,
            default: self.default,
            forced: self.forced,
            external: Some(self.path.in_folder(root).to_string_lossy().into_owned()),
        }
    }

    /// As something the player can be given.
    pub fn source(&self, root: &Path) -> ExternalSubtitle {
        ExternalSubtitle {
            stream_id: self.id(),
            location: Location::File(self.path.in_folder(root)),
            language: self.language.clone(),
            title: self.title.clone(),
        }
    }

    fn id(&self) -> String {
        format!("external:{}", self.path.encode())
    }
}

/// The subtitle files of a video.
pub fn beside(tree: &Tree, folder: &RelativePath, video: &OsStr) -> Vec<SubtitleFile> {
    let Some(video) = stem(video) else { return Vec::new() };
    let Some(entries) = tree.folder(folder) else { return Vec::new() };
    entries
        .files
        .iter()
        .filter(|file| extension(file).is_some_and(|extension| SUBTITLES.contains(&extension.as_str())))
        .filter_map(|file| {
            let words = stem(file)?.strip_prefix(video)?;
            (words.is_empty() || words.starts_with(['.', '-', '_'])).then(|| read(folder.child(file), words))
        })
        .collect()
}

/// Reads the words behind the name of the video.
fn read(path: RelativePath, words: &str) -> SubtitleFile {
    let mut result = SubtitleFile { path, language: None, title: None, forced: false, default: false };
    let mut rest = Vec::new();
    for word in words.split(|letter: char| !(letter.is_alphanumeric() || letter == '-')) {
        let word = word.trim_matches('-');
        let lower = word.to_lowercase();
        match lower.as_str() {
            "" => {}
            "forced" | "foreign" => result.forced = true,
            "default" => result.default = true,
            "sdh" | "cc" => rest.push("SDH"),
            _ => match language(&lower).filter(|_| result.language.is_none()) {
                Some(code) => result.language = Some(code),
                None => rest.push(word),
            },
        }
    }
    result.title = Some(rest.join(" ")).filter(|title| !title.is_empty());
    result
}

/// A code of two or three letters, maybe with a country, or a name.
fn language(word: &str) -> Option<String> {
    if let Some((_, code)) = LANGUAGES.iter().find(|(name, _)| *name == word) {
        return Some((*code).to_owned());
    }
    let (code, country) = word.split_once('-').unwrap_or((word, ""));
    let is_code = matches!(code.len(), 2 | 3) && code.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_country = country.len() <= 4 && country.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (is_code && is_country).then(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::tree::Folder;
    use super::*;

    #[test]
    fn names_tell_language_and_purpose() {
        let files = [
            "Film.mkv",
            "Film.srt",
            "Film.en.srt",
            "Film.eng.forced.ass",
            "Film.pt-BR.vtt",
            "Film.English.SDH.srt",
            "Film.Commentary.de.sub",
            "Film 2.en.srt",
            "Filmed.en.srt",
            "Film.en.txt",
        ];
        let folder = Folder { files: files.iter().map(Into::into).collect(), ..Folder::default() };
        let mut tree = Tree::default();
        tree.folders.insert(RelativePath::root(), folder);
        let found = beside(&tree, &RelativePath::root(), OsStr::new("Film.mkv"));
        let found: Vec<_> =
            found.iter().map(|file| (file.language.as_deref(), file.title.as_deref(), file.forced)).collect();
        assert_eq!(
            found,
            [
                (None, None, false),
                (Some("en"), None, false),
                (Some("eng"), None, true),
                (Some("pt-br"), None, false),
                (Some("en"), Some("SDH"), false),
                (Some("de"), Some("Commentary"), false),
            ]
        );
    }
}
