//! One suite over the credential stores, and how they work together.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use futures::future::join_all;
use gnome_reel::models::SourceId;
use gnome_reel::services::credentials::{
    CredentialError, CredentialStore, FileStore, KeyringStore, MemoryStore, Secrets,
};
use gnome_reel::services::events::{Event, Events};
use secrecy::{ExposeSecret as _, SecretString};

use crate::support::drain;

async fn read(store: &dyn CredentialStore, source: SourceId) -> Option<String> {
    store.get(source).await.unwrap().map(|token| token.expose_secret().to_owned())
}

async fn keeps_tokens(store: Arc<dyn CredentialStore>) {
    let (one, other) = (SourceId::random(), SourceId::random());
    assert_eq!(read(&*store, one).await, None);
    store.remove(one).await.unwrap();
    for token in ["first", "second", "mit Umlaut äöü 日本", &"long".repeat(500)] {
        store.set(one, &SecretString::from(token)).await.unwrap();
        assert_eq!(read(&*store, one).await.as_deref(), Some(token));
    }
    store.set(other, &"other".into()).await.unwrap();
    store.remove(one).await.unwrap();
    assert_eq!(read(&*store, one).await, None);
    assert_eq!(read(&*store, other).await.as_deref(), Some("other"));
    store.remove(other).await.unwrap();

    let many: Vec<SourceId> = (0..8).map(|_| SourceId::random()).collect();
    let set = |source: &SourceId| {
        let (store, source) = (Arc::clone(&store), *source);
        async move { store.set(source, &source.to_string().into()).await.unwrap() }
    };
    join_all(many.iter().map(set)).await;
    for source in many {
        assert_eq!(read(&*store, source).await, Some(source.to_string()));
        store.remove(source).await.unwrap();
    }
}

#[tokio::test]
async fn memory() {
    keeps_tokens(Arc::new(MemoryStore::default())).await;
}

#[tokio::test]
async fn file() {
    let folder = tempfile::tempdir().unwrap();
    keeps_tokens(Arc::new(FileStore::new(folder.path().join("data/credentials.json")))).await;
}

/// Needs a session with an unlocked keyring (`SESSION_KEYRING=1 build-aux/session`), because the keyring of whoever
/// runs the tests is theirs.
#[tokio::test]
async fn keyring() {
    let ours = std::env::var("SESSION_KEYRING").is_ok_and(|value| value == "1");
    if ours
        && std::env::var_os("SESSION_DIR").is_some()
        && std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some()
    {
        keeps_tokens(Arc::new(KeyringStore)).await;
    }
}

#[tokio::test]
async fn a_file_is_for_its_owner_and_outlives_the_app() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("credentials.json");
    let source = SourceId::random();
    FileStore::new(path.clone()).set(source, &"kept".into()).await.unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(read(&FileStore::new(path), source).await.as_deref(), Some("kept"));
}

#[tokio::test]
async fn a_broken_file_is_not_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("credentials.json");
    std::fs::write(&path, "{ half").unwrap();
    let store = FileStore::new(path.clone());
    assert!(store.get(SourceId::random()).await.is_err());
    assert!(store.set(SourceId::random(), &"new".into()).await.is_err());
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "{ half");
}

/// A keyring that only ever fails.
struct Failing(CredentialError);

#[async_trait]
impl CredentialStore for Failing {
    async fn get(&self, _source: SourceId) -> Result<Option<SecretString>, CredentialError> {
        Err(self.0.clone())
    }

    async fn set(&self, _source: SourceId, _token: &SecretString) -> Result<(), CredentialError> {
        Err(self.0.clone())
    }

    async fn remove(&self, _source: SourceId) -> Result<(), CredentialError> {
        Err(self.0.clone())
    }

    fn name(&self) -> &'static str {
        "failing"
    }
}

fn secrets(keyring: impl CredentialStore + 'static, file: &Path) -> (Secrets, Events) {
    let events = Events::default();
    let file = FileStore::new(file.to_owned());
    (Secrets::with_stores(Arc::new(keyring), Arc::new(file), events.clone()), events)
}

#[tokio::test]
async fn without_a_keyring_a_file_is_used_and_it_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("credentials.json");
    let (store, events) = secrets(Failing(CredentialError::Absent), &path);
    let mut events = events.subscribe();
    let source = SourceId::random();
    store.set(source, &"token".into()).await.unwrap();
    assert_eq!(drain(&mut events), [Event::CredentialsInFile]);
    // Another start of the app finds it.
    let (next, _) = secrets(Failing(CredentialError::Absent), &path);
    assert_eq!(next.get(source).await.unwrap().unwrap().expose_secret(), "token");
    assert!(!format!("{next:?}").contains("token"));
}

#[tokio::test]
async fn a_locked_keyring_never_makes_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("credentials.json");
    let (store, _) = secrets(Failing(CredentialError::NoAnswer), &path);
    let source = SourceId::random();
    assert_eq!(store.set(source, &"token".into()).await, Err(CredentialError::NoAnswer));
    assert!(!path.exists());
    // The app goes on with what it has in memory.
    assert_eq!(store.get(source).await.unwrap().unwrap().expose_secret(), "token");
    assert_eq!(store.get(SourceId::random()).await.unwrap_err(), CredentialError::NoAnswer);
}

#[tokio::test]
async fn a_keyring_that_appears_takes_the_file_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("credentials.json");
    let source = SourceId::random();
    FileStore::new(path.clone()).set(source, &"token".into()).await.unwrap();
    let (store, _) = secrets(MemoryStore::default(), &path);
    assert_eq!(store.get(source).await.unwrap().unwrap().expose_secret(), "token");
    assert_eq!(read(&FileStore::new(path), source).await, None);
}
