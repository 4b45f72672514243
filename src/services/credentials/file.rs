//! A file that only its owner can read, for machines without a keyring.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Mutex;

use super::{CredentialError, CredentialKey, CredentialStore};

/// Owner may read and write, nobody else anything.
const MODE: u32 = 0o600;

type Entries = BTreeMap<String, String>;

/// Tokens in a JSON file. Replaced as a whole and flushed to disk, so that a crash leaves the old or the new
/// one.
#[derive(Debug, Clone)]
pub struct FileStore {
    path: Arc<PathBuf>,
    writing: Arc<Mutex<()>>,
}

impl FileStore {
    /// The file at this path; made at the first write.
    pub fn new(path: PathBuf) -> Self {
        Self { path: Arc::new(path), writing: Arc::default() }
    }

    async fn with_path<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Path) -> io::Result<T> + Send + 'static,
    ) -> Result<T, CredentialError> {
        let _one_at_a_time = self.writing.lock().await;
        let path = Arc::clone(&self.path);
        tokio::task::spawn_blocking(move || work(&path))
            .await
            .map_err(|_| CredentialError::Failed("the file's thread ended".to_owned()))?
            .map_err(|error| CredentialError::Failed(error.kind().to_string()))
    }
}

fn read(path: &Path) -> io::Result<Entries> {
    match fs::read(path) {
        Ok(bytes) => Ok(serde_json::from_slice(&bytes)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Entries::new()),
        Err(error) => Err(error),
    }
}

fn write(path: &Path, entries: &Entries) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let fresh = path.with_extension("new");
    match fs::remove_file(&fresh) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(MODE).open(&fresh)?;
    file.write_all(&serde_json::to_vec_pretty(entries)?)?;
    file.sync_all()?;
    fs::rename(fresh, path)
}

#[async_trait]
impl CredentialStore for FileStore {
    async fn get(&self, key: &CredentialKey) -> Result<Option<SecretString>, CredentialError> {
        let key = key.clone();
        self.with_path(move |path| Ok(read(path)?.remove(key.as_str()).map(SecretString::from))).await
    }

    async fn set(&self, key: &CredentialKey, token: &SecretString) -> Result<(), CredentialError> {
        let (key, token) = (key.clone(), token.clone());
        self.with_path(move |path| {
            let mut entries = read(path)?;
            entries.insert(key.as_str().to_owned(), token.expose_secret().to_owned());
            write(path, &entries)
        })
        .await
    }

    async fn remove(&self, key: &CredentialKey) -> Result<(), CredentialError> {
        let key = key.clone();
        self.with_path(move |path| {
            let mut entries = read(path)?;
            if entries.remove(key.as_str()).is_none() {
                return Ok(());
            }
            write(path, &entries)
        })
        .await
    }

    fn name(&self) -> &'static str {
        "file (protected by file permissions only)"
    }
}
