//! A store that lasts as long as the process.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use secrecy::SecretString;

use super::{CredentialError, CredentialStore};
use crate::models::SourceId;

/// Tokens in memory.
#[derive(Default)]
pub struct MemoryStore {
    tokens: Mutex<HashMap<SourceId, SecretString>>,
}

#[async_trait]
impl CredentialStore for MemoryStore {
    async fn get(&self, source: SourceId) -> Result<Option<SecretString>, CredentialError> {
        Ok(self.tokens.lock().unwrap_or_else(PoisonError::into_inner).get(&source).cloned())
    }

    async fn set(&self, source: SourceId, token: &SecretString) -> Result<(), CredentialError> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner).insert(source, token.clone());
        Ok(())
    }

    async fn remove(&self, source: SourceId) -> Result<(), CredentialError> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner).remove(&source);
        Ok(())
    }

    fn name(&self) -> &'static str {
        "memory"
    }
}
