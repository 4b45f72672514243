//! What libraries of folders are called.
//!
//! The only folder of a source needs no name: its libraries are called after what they hold. Of several folders
//! each library is called after its folder, and after what it holds where the folder has several.

use crate::models::LibraryKind;

/// Between the name of a folder and what a library of it holds.
const BETWEEN: &str = " – ";

/// A title, taken apart so that its words can be said in another language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TitleParts<'a> {
    /// The name of the folder, when the title has one.
    pub folder: Option<&'a str>,
    /// Whether the title says what the library holds.
    pub says_kind: bool,
}

/// The title of a library, in English. `folder` is `None` for the only one of its source, `is_only` tells whether
/// the folder has no other library.
pub fn compose(folder: Option<&str>, kind: LibraryKind, is_only: bool) -> String {
    let word = word(kind);
    match folder {
        None => word.to_owned(),
        Some(folder) if is_only => folder.to_owned(),
        Some(folder) => format!("{folder}{BETWEEN}{word}"),
    }
}

/// Takes a title apart that [`compose`] has made.
pub fn parts(title: &str, kind: LibraryKind) -> TitleParts<'_> {
    let word = word(kind);
    if title.is_empty() || title == word {
        return TitleParts { folder: None, says_kind: true };
    }
    match title.strip_suffix(word).and_then(|rest| rest.strip_suffix(BETWEEN)) {
        Some(folder) => TitleParts { folder: Some(folder), says_kind: true },
        None => TitleParts { folder: Some(title), says_kind: false },
    }
}

/// What a library holds.
fn word(kind: LibraryKind) -> &'static str {
    match kind {
        LibraryKind::Movies => "Films",
        LibraryKind::Shows => "Series",
        LibraryKind::Music => "Music",
        LibraryKind::Photos => "Photos",
        _ => "Videos",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_taken_apart_as_they_were_made() {
        for (folder, is_only, title) in [
            (None, false, "Series"),
            (Some("Cellar"), true, "Cellar"),
            (Some("Cellar"), false, "Cellar – Series"),
        ] {
            assert_eq!(compose(folder, LibraryKind::Shows, is_only), title);
            let says_kind = folder.is_none() || !is_only;
            assert_eq!(parts(title, LibraryKind::Shows), TitleParts { folder, says_kind });
        }
        assert_eq!(parts("", LibraryKind::Movies).folder, None);
    }
}
