//! Where the app keeps its files.

use std::env;
use std::io;
use std::path::{Path, PathBuf};

/// The app's folders, by the XDG rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    data: PathBuf,
    cache: PathBuf,
}

/// A development build may have a newer database, which an installed Reel could not open any more.
const FOLDER: &str = if crate::config::IS_DEVELOPMENT { "gnome-reel-devel" } else { "gnome-reel" };

impl Paths {
    /// The folders of this user.
    ///
    /// # Errors
    /// `NotFound` when neither the XDG variables nor `HOME` are set.
    pub fn of_user() -> io::Result<Self> {
        Ok(Self {
            data: xdg("XDG_DATA_HOME", ".local/share")?.join(FOLDER),
            cache: xdg("XDG_CACHE_HOME", ".cache")?.join(FOLDER),
        })
    }

    /// Folders below `root`, for tests.
    pub fn below(root: &Path) -> Self {
        Self { data: root.join("data"), cache: root.join("cache") }
    }

    /// The database file.
    pub fn database(&self) -> PathBuf {
        self.data.join("reel.db")
    }

    /// The credentials file, used when there is no keyring.
    pub fn credentials(&self) -> PathBuf {
        self.data.join("credentials.json")
    }

    /// The file with this installation's id.
    pub fn installation(&self) -> PathBuf {
        self.data.join("installation-id")
    }

    /// The folder of cached pictures.
    pub fn images(&self) -> PathBuf {
        self.cache.join("images")
    }

    /// The folder of what is computed from local files: probe results, thumbnails.
    pub fn media(&self) -> PathBuf {
        self.cache.join("media")
    }
}

fn xdg(variable: &str, below_home: &str) -> io::Result<PathBuf> {
    let absolute = |name| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    absolute(variable)
        .or_else(|| absolute("HOME").map(|home| home.join(below_home)))
        .ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "neither XDG folders nor HOME are set"))
}
