//! The stores together: a keyring, a file for machines without one, and a memory.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use secrecy::SecretString;
use tracing::{info, warn};

use super::{CredentialError, CredentialKey, CredentialStore, FileStore, KeyringStore, MemoryStore};
use crate::models::SourceId;
use crate::services::events::{Event, Events};

/// The credentials of the app.
#[derive(Clone)]
pub struct Secrets {
    keyring: Arc<dyn CredentialStore>,
    file: Arc<dyn CredentialStore>,
    memory: Arc<Mutex<HashMap<CredentialKey, SecretString>>>,
    said_file: Arc<AtomicBool>,
    events: Events,
}

impl Secrets {
    /// Keyring and file of this user.
    pub fn of_user(file: PathBuf, events: Events) -> Self {
        Self::with_stores(Arc::new(KeyringStore::default()), Arc::new(FileStore::new(file)), events)
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
        Self { keyring, file, memory: Arc::default(), said_file: Arc::default(), events }
    }

    /// The token under a key, if there is one.
    ///
    /// # Errors
    /// When it is not in memory and a store that may hold it does not answer: a keyring that was there before
    /// and is gone may hold it, too.
    pub async fn get(&self, key: impl Into<CredentialKey>) -> Result<Option<SecretString>, CredentialError> {
        let key = key.into();
        if let Some(token) = self.memory().get(&key).cloned() {
            return Ok(Some(token));
        }
        let token = self.read(&key).await?;
        if let Some(token) = &token {
            self.memory().insert(key, token.clone());
        }
        Ok(token)
    }

    /// The token under a key as the stores have it now: another process may have changed it. What does not
    /// answer or is empty changes nothing of what is in memory.
    pub async fn read_again(&self, key: impl Into<CredentialKey>) -> Option<SecretString> {
        let key = key.into();
        if let Ok(Some(token)) = self.read(&key).await {
            self.memory().insert(key, token.clone());
            return Some(token);
        }
        self.memory().get(&key).cloned()
    }

    /// Stores the token under a key.
    ///
    /// # Errors
    /// When no store takes it. It stays in memory all the same.
    pub async fn set(
        &self,
        key: impl Into<CredentialKey>,
        token: &SecretString,
    ) -> Result<(), CredentialError> {
        let key = key.into();
        self.memory().insert(key.clone(), token.clone());
        match self.keyring.set(&key, token).await {
            Ok(()) => {
                self.forget_in_file(&key).await;
                Ok(())
            }
            Err(CredentialError::Absent) => {
                self.file.set(&key, token).await?;
                if !self.said_file.swap(true, Ordering::Relaxed) {
                    info!("no keyring: credentials are kept in a file");
                    self.events.publish(Event::CredentialsInFile);
                }
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// Forgets the token under a key, everywhere.
    ///
    /// # Errors
    /// When a store that may hold it does not answer.
    pub async fn remove(&self, key: impl Into<CredentialKey>) -> Result<(), CredentialError> {
        let key = key.into();
        self.memory().remove(&key);
        let in_keyring = match self.keyring.remove(&key).await {
            Err(CredentialError::Absent) => Ok(()),
            other => other,
        };
        self.file.remove(&key).await?;
        in_keyring
    }

    /// Says for a report where tokens are kept on this machine.
    pub async fn describe(&self) -> &'static str {
        match self.keyring.get(&SourceId::random().into()).await {
            Ok(_) => self.keyring.name(),
            Err(CredentialError::Absent) => self.file.name(),
            Err(_) => "keyring (locked or silent)",
        }
    }

    /// Reads the stores. An entry of the file is there because there was no keyring when it was written: it is
    /// good while the keyring is locked, and moves when there is one that takes it.
    async fn read(&self, key: &CredentialKey) -> Result<Option<SecretString>, CredentialError> {
        let problem = match self.keyring.get(key).await {
            Ok(Some(token)) => return Ok(Some(token)),
            Ok(None) => None,
            Err(error) => Some(error),
        };
        let Some(token) = self.file.get(key).await? else { return problem.map_or(Ok(None), Err) };
        if problem.is_none() && self.keyring.set(key, &token).await.is_ok() {
            self.forget_in_file(key).await;
        }
        Ok(Some(token))
    }

    async fn forget_in_file(&self, key: &CredentialKey) {
        if let Err(error) = self.file.remove(key).await {
            warn!(%error, "credentials moved to the keyring stay in the file as well");
        }
    }

    fn memory(&self) -> MutexGuard<'_, HashMap<CredentialKey, SecretString>> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets")
    }
}
