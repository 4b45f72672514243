//! Where tokens are kept.
//!
//! The keyring (Secret Service) first. When there is none: a file of mode 0600 in the app's data folder,
//! said once; its entries move to the keyring when one appears. A keyring that is there but does not answer
//! in [`TIME_LIMIT`] (it may be waiting for a person to unlock it) is an error, never a reason to write a
//! file. What was read or written stays in memory for the life of the app, so that a keyring that goes away
//! stops nothing. Losing an entry never removes a source.

mod file;
mod keyring;
mod memory;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use secrecy::SecretString;
use tracing::{info, warn};

pub use file::FileStore;
pub use keyring::KeyringStore;
pub use memory::MemoryStore;

use super::events::{Event, Events};
use crate::models::SourceId;

/// Longest time that a keyring may take to answer.
pub const TIME_LIMIT: Duration = Duration::from_secs(5);

/// Why credentials could not be read or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CredentialError {
    /// There is no such store on this machine.
    #[error("there is no keyring")]
    Absent,
    /// The store is there and locked, or did not answer in time.
    #[error("the keyring is locked or does not answer")]
    NoAnswer,
    /// The store failed; the text holds no secret.
    #[error("the credentials could not be used: {0}")]
    Failed(String),
}

/// A place for tokens, one for each source.
#[async_trait]
pub trait CredentialStore: Send + Sync {
    /// The token of a source, if there is one.
    async fn get(&self, source: SourceId) -> Result<Option<SecretString>, CredentialError>;
    /// Stores the token of a source.
    async fn set(&self, source: SourceId, token: &SecretString) -> Result<(), CredentialError>;
    /// Forgets the token of a source; none there is fine.
    async fn remove(&self, source: SourceId) -> Result<(), CredentialError>;
    /// Where tokens are, in a word for reports.
    fn name(&self) -> &'static str;
}

/// The credentials of the app: a keyring, a file for machines without one, and a memory.
#[derive(Clone)]
pub struct Secrets {
    keyring: Arc<dyn CredentialStore>,
    file: Arc<dyn CredentialStore>,
    memory: Arc<Mutex<HashMap<SourceId, SecretString>>>,
    events: Events,
}

impl Secrets {
    /// Keyring and file of this user.
    pub fn of_user(file: PathBuf, events: Events) -> Self {
        Self::with_stores(Arc::new(KeyringStore), Arc::new(FileStore::new(file)), events)
    }

    /// Memory only, for tests.
    pub fn in_memory(events: Events) -> Self {
        Self::with_stores(Arc::new(MemoryStore::default()), Arc::new(MemoryStore::default()), events)
    }

    /// These two stores.
    pub fn with_stores(
        keyring: Arc<dyn CredentialStore>,
        file: Arc<dyn CredentialStore>,
        events: Events,
    ) -> Self {
        Self { keyring, file, memory: Arc::default(), events }
    }

    /// The token of a source, if there is one.
    ///
    /// # Errors
    /// When it is not in memory and a store that may hold it does not answer.
    pub async fn get(&self, source: SourceId) -> Result<Option<SecretString>, CredentialError> {
        if let Some(token) = self.remembered(source) {
            return Ok(Some(token));
        }
        let from_keyring = match self.keyring.get(source).await {
            Err(CredentialError::Absent) => None,
            other => other?,
        };
        let token = match from_keyring {
            Some(token) => Some(token),
            None => self.read_file(source).await?,
        };
        if let Some(token) = &token {
            self.remember(source, token.clone());
        }
        Ok(token)
    }

    /// Stores the token of a source.
    ///
    /// # Errors
    /// When no store takes it. It stays in memory all the same.
    pub async fn set(&self, source: SourceId, token: &SecretString) -> Result<(), CredentialError> {
        self.remember(source, token.clone());
        match self.keyring.set(source, token).await {
            Err(CredentialError::Absent) => {
                self.file.set(source, token).await?;
                info!("no keyring: credentials are kept in a file");
                self.events.publish(Event::CredentialsInFile);
                Ok(())
            }
            other => other,
        }
    }

    /// Forgets the token of a source, everywhere.
    ///
    /// # Errors
    /// When a store that may hold it does not answer.
    pub async fn remove(&self, source: SourceId) -> Result<(), CredentialError> {
        self.memory().remove(&source);
        let in_keyring = match self.keyring.remove(source).await {
            Err(CredentialError::Absent) => Ok(()),
            other => other,
        };
        self.file.remove(source).await?;
        in_keyring
    }

    /// Says for a report where tokens are kept on this machine.
    pub async fn describe(&self) -> &'static str {
        match self.keyring.get(SourceId::random()).await {
            Ok(_) => self.keyring.name(),
            Err(CredentialError::Absent) => self.file.name(),
            Err(_) => "keyring (locked or silent)",
        }
    }

    /// Reads from the file and moves what is found to the keyring, if there is one now.
    async fn read_file(&self, source: SourceId) -> Result<Option<SecretString>, CredentialError> {
        let Some(token) = self.file.get(source).await? else { return Ok(None) };
        if self.keyring.set(source, &token).await.is_ok()
            && let Err(error) = self.file.remove(source).await
        {
            warn!(%error, "credentials moved to the keyring stay in the file as well");
        }
        Ok(Some(token))
    }

    fn remembered(&self, source: SourceId) -> Option<SecretString> {
        self.memory().get(&source).cloned()
    }

    fn remember(&self, source: SourceId, token: SecretString) {
        self.memory().insert(source, token);
    }

    fn memory(&self) -> std::sync::MutexGuard<'_, HashMap<SourceId, SecretString>> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets")
    }
}
