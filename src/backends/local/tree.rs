//! The files and folders of a source, by name: what the disk says, without opening a file.
//!
//! Links are followed, each folder is read once however many ways lead to it, and real folders come before
//! linked ones, so that the same files always have the same path. Hidden entries, folders of the system and
//! folders with `.ignore`, `.nomedia` or `.plexignore` are left out.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::ffi::{OsStr, OsString};
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use tracing::debug;
use walkdir::{DirEntry, WalkDir};

use super::naming::{extras, is_audio, is_image, is_media, is_video};
use super::path::RelativePath;
use crate::models::LibraryKind;

/// Deeper folders are not read: nobody sorts films so, only broken file systems.
const DEEPEST: usize = 32;
/// Files whose presence says that a folder holds nothing to show.
const IGNORE_MARKS: &[&str] = &[".ignore", ".nomedia", ".plexignore"];

/// The entries of one folder, sorted by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folder {
    /// Names of files.
    pub files: Vec<OsString>,
    /// Names of folders.
    pub folders: Vec<OsString>,
    /// Whether a mark says to leave it out.
    pub ignored: bool,
}

impl Folder {
    /// The file whose name is this, whatever the case of its letters.
    pub fn find(&self, name: &str) -> Option<&OsStr> {
        self.files.iter().find(|file| file.eq_ignore_ascii_case(name)).map(OsString::as_os_str)
    }

    fn add_file(&mut self, name: &OsStr) {
        if IGNORE_MARKS.iter().any(|mark| name == *mark) {
            self.ignored = true;
        } else if !is_hidden(name) {
            self.files.push(name.to_owned());
        }
    }

    fn add_folder(&mut self, name: &OsStr) {
        if !self.folders.iter().any(|known| known == name) {
            self.folders.push(name.to_owned());
        }
    }
}

/// What was read of the folder of a source.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// The folders, the source's own among them.
    pub folders: BTreeMap<RelativePath, Folder>,
    /// Folders that could not be read: what they hold is not known.
    pub unreadable: u32,
}

impl Tree {
    /// Reads everything.
    ///
    /// # Errors
    /// When the folder cannot be read, or was unmounted or replaced meanwhile: what was read says nothing
    /// then.
    pub fn read(root: &Path) -> io::Result<Self> {
        Self::read_below(root, &RelativePath::root())
    }

    /// Reads what lies below `start`, and the folders above it without what lies beside.
    ///
    /// # Errors
    /// As [`Tree::read`].
    pub fn read_below(root: &Path, start: &RelativePath) -> io::Result<Self> {
        let before = identity(&fs::metadata(root)?);
        let mut tree = Self::default();
        for folder in start.ancestors().skip(1) {
            tree.add_one(root, &folder)?;
        }
        Walk::new(root, &mut tree).run(start)?;
        tree.finish();
        check_root(root, before)?;
        Ok(tree)
    }

    /// Reads one folder and those above it.
    ///
    /// # Errors
    /// As [`Tree::read`].
    pub fn read_one(root: &Path, folder: &RelativePath) -> io::Result<Self> {
        let mut tree = Self::default();
        for folder in folder.ancestors() {
            tree.add_one(root, &folder)?;
        }
        tree.finish();
        Ok(tree)
    }

    /// The entries of a folder.
    pub fn folder(&self, path: &RelativePath) -> Option<&Folder> {
        self.folders.get(path)
    }

    /// Every file that plays, by its name.
    pub fn media(&self) -> impl Iterator<Item = RelativePath> {
        self.folders.iter().flat_map(|(path, folder)| {
            folder.files.iter().filter(|file| is_media(file)).map(|file| path.child(file))
        })
    }

    /// Whether there is any file of the kinds of these libraries.
    pub fn has_any(&self, kinds: &[LibraryKind]) -> bool {
        let of_kind = |file: &OsStr| {
            kinds.iter().any(|kind| match kind {
                LibraryKind::Music => is_audio(file),
                LibraryKind::Photos => is_image(file),
                _ => is_video(file),
            })
        };
        self.folders.values().any(|folder| folder.files.iter().any(|file| of_kind(file)))
    }

    fn add_one(&mut self, root: &Path, path: &RelativePath) -> io::Result<()> {
        let mut folder = Folder::default();
        for entry in fs::read_dir(path.in_folder(root))? {
            let entry = entry?;
            let Ok(kind) = fs::metadata(entry.path()) else { continue };
            if !kind.is_dir() {
                folder.add_file(&entry.file_name());
            } else if is_wanted(&entry.file_name()) {
                folder.add_folder(&entry.file_name());
            }
        }
        self.folders.insert(path.clone(), folder);
        Ok(())
    }

    /// Sorts, and drops what is marked to be ignored; the folder of the source itself cannot be.
    fn finish(&mut self) {
        let ignored: Vec<_> = self
            .folders
            .iter()
            .filter(|(path, folder)| folder.ignored && !path.is_root())
            .map(|(path, _)| path.clone())
            .collect();
        self.folders.retain(|path, _| !ignored.iter().any(|ignored| path.is_below(ignored)));
        for folder in self.folders.values_mut() {
            folder.files.sort();
            folder.folders.sort();
        }
    }
}

/// Device and number: the same as long as it is the same folder.
type Identity = (u64, u64);

fn identity(metadata: &Metadata) -> Identity {
    (metadata.dev(), metadata.ino())
}

fn check_root(root: &Path, before: Identity) -> io::Result<()> {
    if identity(&fs::metadata(root)?) == before {
        Ok(())
    } else {
        Err(io::Error::new(io::ErrorKind::NotFound, "the folder was replaced while it was read"))
    }
}

fn is_hidden(name: &OsStr) -> bool {
    name.as_bytes().first() == Some(&b'.')
}

fn is_wanted(name: &OsStr) -> bool {
    !is_hidden(name) && !name.to_str().is_some_and(extras::is_system_folder)
}

/// One walk over all folders.
struct Walk<'a> {
    root: &'a Path,
    tree: &'a mut Tree,
    seen: HashSet<Identity>,
    links: VecDeque<RelativePath>,
}

impl<'a> Walk<'a> {
    fn new(root: &'a Path, tree: &'a mut Tree) -> Self {
        Self { root, tree, seen: HashSet::new(), links: VecDeque::new() }
    }

    fn run(mut self, start: &RelativePath) -> io::Result<()> {
        self.walk(start)?;
        while let Some(link) = self.links.pop_front() {
            if let Err(error) = self.walk(&link) {
                debug!(error = %error.kind(), "a linked folder cannot be read");
                self.tree.unreadable += 1;
            }
        }
        Ok(())
    }

    /// Reads all real folders below `start`, which may itself be a link.
    fn walk(&mut self, start: &RelativePath) -> io::Result<()> {
        let base = start.in_folder(self.root);
        let mut entries = WalkDir::new(&base).max_depth(DEEPEST).sort_by_file_name().into_iter();
        while let Some(entry) = entries.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) if error.depth() == 0 => return Err(into_io(error)),
                Err(error) => {
                    debug!(error = ?error.io_error().map(io::Error::kind), "a folder cannot be read");
                    self.tree.unreadable += 1;
                    continue;
                }
            };
            let Some(path) = relative(start, &base, &entry) else { continue };
            if entry.depth() == 0 {
                fs::read_dir(&base)?;
                if !self.enter(&base, path)? {
                    return Ok(());
                }
            } else if entry.file_type().is_dir() {
                if !is_wanted(entry.file_name()) || !self.enter(entry.path(), path.clone()).unwrap_or(true) {
                    entries.skip_current_dir();
                }
            } else {
                self.add_entry(&entry, &path);
            }
        }
        Ok(())
    }

    /// Begins a folder; `false` when it was read before.
    fn enter(&mut self, path: &Path, relative: RelativePath) -> io::Result<bool> {
        if !self.seen.insert(identity(&fs::metadata(path)?)) {
            return Ok(false);
        }
        if let (Some(parent), Some(name)) = (relative.parent(), relative.name())
            && let Some(parent) = self.tree.folders.get_mut(&parent)
        {
            parent.add_folder(name);
        }
        self.tree.folders.entry(relative).or_default();
        Ok(true)
    }

    fn add_entry(&mut self, entry: &DirEntry, path: &RelativePath) {
        let is_folder = entry.path_is_symlink()
            && match fs::metadata(entry.path()) {
                Ok(metadata) => metadata.is_dir(),
                Err(error) => {
                    debug!(error = %error.kind(), "a link leads nowhere");
                    // It may lead to a disk that is away: what that holds is not known.
                    let may_be_folder = entry.path().extension().is_none() && is_wanted(entry.file_name());
                    if may_be_folder && error.kind() == io::ErrorKind::NotFound {
                        self.tree.unreadable += 1;
                    }
                    return;
                }
            };
        if is_folder {
            if is_wanted(entry.file_name()) {
                self.links.push_back(path.clone());
            }
        } else if let Some(folder) = path.parent().and_then(|parent| self.tree.folders.get_mut(&parent)) {
            folder.add_file(entry.file_name());
        }
    }
}

fn relative(start: &RelativePath, base: &Path, entry: &DirEntry) -> Option<RelativePath> {
    let below: PathBuf = entry.path().strip_prefix(base).ok()?.to_owned();
    Some(below.components().fold(start.clone(), |path, part| path.child(part.as_os_str())))
}

fn into_io(error: walkdir::Error) -> io::Error {
    error.into_io_error().unwrap_or_else(|| io::Error::other("a loop of links"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn make(root: &Path, files: &[&str]) {
        for file in files {
            let path = root.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, b"x").unwrap();
        }
    }

    fn listed(tree: &Tree) -> Vec<String> {
        tree.folders
            .iter()
            .flat_map(|(path, folder)| folder.files.iter().map(|name| path.child(name).encode()))
            .collect()
    }

    #[test]
    fn hidden_and_ignored_folders_are_left_out() {
        let root = tempfile::tempdir().unwrap();
        make(
            root.path(),
            &[
                "a.mkv",
                ".b.mkv",
                ".c/d.mkv",
                "e/f.mkv",
                "g/.nomedia",
                "g/h/i.mkv",
                "lost+found/j.mkv",
                ".ignore",
            ],
        );
        assert_eq!(listed(&Tree::read(root.path()).unwrap()), ["a.mkv", "e/f.mkv"]);
    }

    #[test]
    fn loops_end_and_real_folders_win_over_links() {
        let root = tempfile::tempdir().unwrap();
        make(root.path(), &["z/film.mkv"]);
        symlink(root.path(), root.path().join("z/loop")).unwrap();
        symlink(root.path().join("z"), root.path().join("a-link")).unwrap();
        symlink(root.path().join("nowhere"), root.path().join("broken.mkv")).unwrap();
        let tree = Tree::read(root.path()).unwrap();
        assert_eq!(listed(&tree), ["z/film.mkv"]);
        assert_eq!(tree.unreadable, 0);
    }

    #[test]
    fn links_to_elsewhere_are_followed_once() {
        let (root, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        make(other.path(), &["in/film.mkv"]);
        symlink(other.path(), root.path().join("b")).unwrap();
        symlink(other.path(), root.path().join("c")).unwrap();
        let tree = Tree::read(root.path()).unwrap();
        assert_eq!(listed(&tree), ["b/in/film.mkv"]);
        let one = Tree::read_one(root.path(), &RelativePath::decode("b/in").unwrap()).unwrap();
        assert_eq!(listed(&one), ["b/in/film.mkv"]);
    }

    #[test]
    fn a_link_to_a_disk_that_is_away_is_not_nothing() {
        let root = tempfile::tempdir().unwrap();
        make(root.path(), &["film.mkv"]);
        symlink(root.path().join("away/Films"), root.path().join("Films on USB")).unwrap();
        assert_eq!(Tree::read(root.path()).unwrap().unreadable, 1);
    }

    #[test]
    fn a_part_of_the_tree_can_be_read() {
        let root = tempfile::tempdir().unwrap();
        make(root.path(), &["a/b/c.mkv", "a/d.mkv", "e/f.mkv"]);
        let tree = Tree::read_below(root.path(), &RelativePath::decode("a/b").unwrap()).unwrap();
        assert_eq!(listed(&tree), ["a/d.mkv", "a/b/c.mkv"]);
    }

    #[test]
    fn a_folder_that_was_replaced_is_an_error() {
        let root = tempfile::tempdir().unwrap();
        make(root.path(), &["one/a.mkv", "two/b.mkv"]);
        let (one, two) = (root.path().join("one"), root.path().join("two"));
        let before = identity(&fs::metadata(&one).unwrap());
        assert!(check_root(&one, before).is_ok());
        fs::rename(&one, root.path().join("away")).unwrap();
        fs::rename(&two, &one).unwrap();
        assert_eq!(check_root(&one, before).unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn a_missing_folder_is_an_error() {
        let root = tempfile::tempdir().unwrap();
        let gone = root.path().join("gone");
        assert_eq!(Tree::read(&gone).unwrap_err().kind(), io::ErrorKind::NotFound);
        make(root.path(), &["file"]);
        assert!(Tree::read(&root.path().join("file")).is_err());
    }
}
