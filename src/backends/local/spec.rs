//! What a backend is told of each folder of its source.

use std::path::PathBuf;

use crate::models::{Folder, FolderNumber, LibraryKind, RemoteId, RootMark, folder_names};

/// One folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderSpec {
    /// What its ids begin with.
    pub number: FolderNumber,
    /// Where it is.
    pub path: PathBuf,
    /// Its name, which may tell what it holds.
    pub root_name: String,
    /// Its name among the others of its source, for people.
    pub name: String,
    /// What the user said it holds.
    pub kind: Option<LibraryKind>,
    /// The libraries that it had when it was last read.
    pub known: Vec<LibraryKind>,
    /// What it was then to the file system.
    pub mark: Option<RootMark>,
}

impl FolderSpec {
    /// A folder that was never read, alone in its source.
    pub fn new(path: impl Into<PathBuf>, kind: Option<LibraryKind>) -> Self {
        let path = path.into();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let (number, known) = (FolderNumber::FIRST, Vec::new());
        Self { number, path, root_name: name.clone(), name, kind, known, mark: None }
    }

    /// The folders of a source, with the libraries that it has.
    pub fn of_source(folders: &[Folder], libraries: &[(RemoteId, LibraryKind)]) -> Vec<Self> {
        let known = |number| {
            let own = |(id, _): &&(RemoteId, _)| FolderNumber::split(id.as_str()).0 == number;
            libraries.iter().filter(own).map(|(_, kind)| *kind).collect()
        };
        folders
            .iter()
            .zip(folder_names(folders))
            .map(|(folder, name)| Self {
                number: folder.number,
                path: folder.path.clone(),
                root_name: folder.name(),
                name,
                kind: folder.kind,
                known: known(folder.number),
                mark: folder.mark,
            })
            .collect()
    }
}
