//! Where tokens are kept.
//!
//! The keyring (Secret Service) first. When there is none: a file of mode 0600 in the app's data folder,
//! said once; its entries move to the keyring when one appears. A keyring that is there but does not answer
//! in [`TIME_LIMIT`] (it may be waiting for a person to unlock it) is an error, never a reason to write a
//! file. What was read or written stays in memory for the life of the app, so that a keyring that goes away
//! stops nothing. Losing an entry never removes a source.

mod file;
mod key;
mod keyring;
mod memory;
mod secrets;

use std::time::Duration;

use async_trait::async_trait;
use secrecy::SecretString;

pub use file::FileStore;
pub use key::CredentialKey;
pub use keyring::KeyringStore;
pub use memory::MemoryStore;
pub use secrets::Secrets;

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

/// A place for tokens, one under each key.
#[async_trait]
pub trait CredentialStore: Send + Sync {
    /// The token under a key, if there is one.
    async fn get(&self, key: &CredentialKey) -> Result<Option<SecretString>, CredentialError>;
    /// Stores the token under a key.
    async fn set(&self, key: &CredentialKey, token: &SecretString) -> Result<(), CredentialError>;
    /// Forgets the token under a key; none there is fine.
    async fn remove(&self, key: &CredentialKey) -> Result<(), CredentialError>;
    /// Where tokens are, in a word for reports.
    fn name(&self) -> &'static str;
}
