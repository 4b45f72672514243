//! Folders of local sources.

use std::path::{Component, Path, PathBuf};

use chrono::{DateTime, Utc};

use super::{FolderId, LibraryKind};

/// What separates the number of a folder from an id: it stands in no id of an item, library or picture.
const SEPARATOR: char = '@';

/// What tells the ids of one folder from those of the others of its source. It is never used again for another
/// folder of the same source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FolderNumber(pub u32);

impl FolderNumber {
    /// The folder that a source was made with. Its ids carry no number.
    pub const FIRST: Self = Self(0);

    /// The id within the source for one within this folder.
    pub fn tag(self, id: &str) -> String {
        if self == Self::FIRST { id.to_owned() } else { format!("{}{SEPARATOR}{id}", self.0) }
    }

    /// The folder of an id, and the id within it.
    pub fn split(id: &str) -> (Self, &str) {
        let numbered = id.split_once(SEPARATOR).and_then(|(number, rest)| Some((number.parse().ok()?, rest)));
        numbered.map_or((Self::FIRST, id), |(number, rest)| (Self(number), rest))
    }
}

/// What a folder is to the file system: another disk at the same place has another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RootMark {
    /// The device that it is on.
    pub device: u64,
    /// Its number there.
    pub inode: u64,
}

/// By what a file is known again when it has another name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FileMark {
    /// Its number on its device.
    pub inode: u64,
    /// Bytes.
    pub size: u64,
    /// Time of its last change, in milliseconds since 1970; negative before.
    pub modified: i64,
}

/// One folder of a source as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// Its id.
    pub id: FolderId,
    /// What its ids begin with.
    pub number: FolderNumber,
    /// Where it is for this app.
    pub path: PathBuf,
    /// Where it is for the user, when that is elsewhere: in a sandbox a portal gives another path.
    pub shown: Option<String>,
    /// What it holds, when the user has said so.
    pub kind: Option<LibraryKind>,
    /// What it was when it was last read completely.
    pub mark: Option<RootMark>,
    /// Since when it is away.
    pub away_since: Option<DateTime<Utc>>,
}

impl Folder {
    /// Where it is, for people.
    pub fn place(&self) -> String {
        self.shown.clone().unwrap_or_else(|| self.path.display().to_string())
    }

    /// Its name, for people.
    pub fn name(&self) -> String {
        let place = self.place();
        last(Path::new(&place)).unwrap_or(place)
    }

    /// Whether a portal of the desktop hands it through: nobody tells of changes in it.
    pub fn is_portal(&self) -> bool {
        is_portal(&self.path)
    }
}

/// Names for the folders of one source: where two are called the same, what they lie in is said too.
pub fn folder_names(folders: &[Folder]) -> Vec<String> {
    let names: Vec<String> = folders.iter().map(Folder::name).collect();
    let is_taken = |name: &String| names.iter().filter(|other| *other == name).count() > 1;
    let parent = |folder: &Folder| Path::new(&folder.place()).parent().and_then(last);
    folders
        .iter()
        .zip(&names)
        .map(|(folder, name)| match parent(folder).filter(|_| is_taken(name)) {
            Some(parent) => format!("{name} ({parent})"),
            None => name.clone(),
        })
        .collect()
}

/// What is needed to store a new folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFolder {
    /// Where it is for this app.
    pub path: PathBuf,
    /// Where it is for the user, when that is elsewhere.
    pub shown: Option<String>,
    /// What it holds; `None` to find out.
    pub kind: Option<LibraryKind>,
}

impl NewFolder {
    /// A folder of which nothing is said.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), shown: None, kind: None }
    }
}

/// Whether a portal of the desktop hands a folder through: `/run/user/1000/doc/…` and, inside of some sandboxes, `/run/flatpak/doc/…`.
pub fn is_portal(path: &Path) -> bool {
    let mut parts = path.components().filter_map(|part| match part {
        Component::Normal(name) => name.to_str(),
        _ => None,
    });
    match (parts.next(), parts.next()) {
        (Some("run"), Some("flatpak")) => parts.next() == Some("doc"),
        (Some("run"), Some("user")) => parts.nth(1) == Some("doc"),
        _ => false,
    }
}

fn last(path: &Path) -> Option<String> {
    path.file_name().map(|name| name.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_the_first_folder_are_as_they_were() {
        assert_eq!(FolderNumber::FIRST.tag("movie:a/"), "movie:a/");
        assert_eq!(FolderNumber::split("movie:a/"), (FolderNumber::FIRST, "movie:a/"));
        assert_eq!(FolderNumber(7).tag("movies"), "7@movies");
        assert_eq!(FolderNumber::split("7@movies"), (FolderNumber(7), "movies"));
        assert_eq!(FolderNumber::split("x@movies"), (FolderNumber::FIRST, "x@movies"));
    }

    fn folder(path: &str, shown: Option<&str>) -> Folder {
        Folder {
            id: FolderId(1),
            number: FolderNumber::FIRST,
            path: path.into(),
            shown: shown.map(str::to_owned),
            kind: None,
            mark: None,
            away_since: None,
        }
    }

    #[test]
    fn folders_are_called_as_the_user_calls_them() {
        let folders = [
            folder("/run/user/1000/doc/af01/Films", Some("/home/ana/Films")),
            folder("/media/usb/Films", None),
            folder("/media/usb/Series", None),
        ];
        assert_eq!(folder_names(&folders), ["Films (ana)", "Films (usb)", "Series"]);
        let portal: Vec<bool> = folders.iter().map(Folder::is_portal).collect();
        assert_eq!(portal, [true, false, false]);
        assert!(is_portal(Path::new("/run/flatpak/doc/af01/Films")));
        assert!(!is_portal(Path::new("/run/user/1000/gvfs/smb")));
    }
}
