//! A store that lasts as long as the process.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use secrecy::SecretString;

use super::{CredentialError, CredentialKey, CredentialStore};

/// Tokens in memory.
#[derive(Default)]
pub struct MemoryStore {
    tokens: Mutex<HashMap<CredentialKey, SecretString>>,
}

#[async_trait]
impl CredentialStore for MemoryStore {
    async fn get(&self, key: &CredentialKey) -> Result<Option<SecretString>, CredentialError> {
        Ok(self.tokens.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned())
    }

    async fn set(&self, key: &CredentialKey, token: &SecretString) -> Result<(), CredentialError> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner).insert(key.clone(), token.clone());
        Ok(())
    }

    async fn remove(&self, key: &CredentialKey) -> Result<(), CredentialError> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
        Ok(())
    }

    fn name(&self) -> &'static str {
        "memory"
    }
}
