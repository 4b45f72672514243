//! One suite over the credential stores, and how they work together.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use futures::future::join_all;
use gnome_reel::models::SourceId;
use gnome_reel::services::credentials::{
    CredentialError, CredentialKey, CredentialStore, FileStore, KeyringStore, MemoryStore, Secrets,
};
use gnome_reel::services::events::{Event, Events};
use secrecy::{ExposeSecret as _, SecretString};

use crate::support::drain;

async fn read(store: &dyn CredentialStore, source: SourceId) -> Option<String> {
    store.get(&source.into()).await.unwrap().map(|token| token.expose_secret().to_owned())
}

async fn keeps_tokens(store: Arc<dyn CredentialStore>) {
    let (one, other) = (SourceId::random(), SourceId::random());
    assert_eq!(read(&*store, one).await, None);
    store.remove(&one.into()).await.unwrap();
    for token in ["first", "second", "mit Umlaut äöü 日本", &"long".repeat(500)] {
        store.set(&one.into(), &SecretString::from(token)).await.unwrap();
        assert_eq!(read(&*store, one).await.as_deref(), Some(token));
    }
    store.set(&other.into(), &"other".into()).await.unwrap();
    store.remove(&one.into()).await.unwrap();
    assert_eq!(read(&*store, one).await, None);
    assert_eq!(read(&*store, other).await.as_deref(), Some("other"));
    store.remove(&other.into()).await.unwrap();

    let many: Vec<SourceId> = (0..8).map(|_| SourceId::random()).collect();
    let set = |source: &SourceId| {
        let (store, source) = (Arc::clone(&store), *source);
        async move { store.set(&source.into(), &source.to_string().into()).await.unwrap() }
    };
    join_all(many.iter().map(set)).await;
    for source in many {
        assert_eq!(read(&*store, source).await, Some(source.to_string()));
        store.remove(&source.into()).await.unwrap();
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
        keeps_tokens(Arc::new(KeyringStore::default())).await;
    }
}

#[tokio::test]
async fn a_file_is_for_its_owner_and_outlives_the_app() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("credentials.json");
    let source = SourceId::random();
    FileStore::new(path.clone()).set(&source.into(), &"kept".into()).await.unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(read(&FileStore::new(path), source).await.as_deref(), Some("kept"));
}

#[tokio::test]
async fn a_broken_file_is_not_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("credentials.json");
    std::fs::write(&path, "{ half").unwrap();
    let store = FileStore::new(path.clone());
    assert!(store.get(&SourceId::random().into()).await.is_err());
    assert!(store.set(&SourceId::random().into(), &"new".into()).await.is_err());
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "{ half");
}

/// A keyring that only ever fails.
struct Failing(CredentialError);

#[async_trait]
impl CredentialStore for Failing {
    async fn get(&self, _key: &CredentialKey) -> Result<Option<SecretString>, CredentialError> {
        Err(self.0.clone())
    }

    async fn set(&self, _key: &CredentialKey, _token: &SecretString) -> Result<(), CredentialError> {
        Err(self.0.clone())
    }

    async fn remove(&self, _key: &CredentialKey) -> Result<(), CredentialError> {
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
    FileStore::new(path.clone()).set(&source.into(), &"token".into()).await.unwrap();
    let (store, _) = secrets(MemoryStore::default(), &path);
    assert_eq!(store.get(source).await.unwrap().unwrap().expose_secret(), "token");
    assert_eq!(read(&FileStore::new(path), source).await, None);
}

/// A keyring that can be taken away and locked.
#[derive(Default)]
struct Switched {
    inner: MemoryStore,
    problem: std::sync::Mutex<Option<CredentialError>>,
}

impl Switched {
    fn fail_with(&self, problem: Option<CredentialError>) {
        *self.problem.lock().unwrap() = problem;
    }

    fn check(&self) -> Result<(), CredentialError> {
        self.problem.lock().unwrap().clone().map_or(Ok(()), Err)
    }
}

#[async_trait]
impl CredentialStore for Switched {
    async fn get(&self, key: &CredentialKey) -> Result<Option<SecretString>, CredentialError> {
        self.check()?;
        self.inner.get(key).await
    }

    async fn set(&self, key: &CredentialKey, token: &SecretString) -> Result<(), CredentialError> {
        self.check()?;
        self.inner.set(key, token).await
    }

    async fn remove(&self, key: &CredentialKey) -> Result<(), CredentialError> {
        self.check()?;
        self.inner.remove(key).await
    }

    fn name(&self) -> &'static str {
        "switched"
    }
}

/// Stores as at another start of the app: nothing is in memory.
fn started(keyring: &Arc<Switched>, file: &Path) -> Secrets {
    let keyring: Arc<dyn CredentialStore> = Arc::clone(keyring) as _;
    Secrets::with_stores(keyring, Arc::new(FileStore::new(file.to_owned())), Events::default())
}

async fn text(store: &Secrets, source: SourceId) -> Result<Option<String>, CredentialError> {
    Ok(store.get(source).await?.map(|token| token.expose_secret().to_owned()))
}

#[tokio::test]
async fn a_keyring_that_is_killed_after_the_first_use_stops_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (path, keyring, source) =
        (folder.path().join("c.json"), Arc::new(Switched::default()), SourceId::random());
    let store = started(&keyring, &path);
    store.set(source, &"token".into()).await.unwrap();
    let next = started(&keyring, &path);
    assert_eq!(text(&next, source).await, Ok(Some("token".to_owned())));
    for problem in [CredentialError::Absent, CredentialError::NoAnswer] {
        keyring.fail_with(Some(problem.clone()));
        assert_eq!(text(&next, source).await, Ok(Some("token".to_owned())));
        assert_eq!(next.read_again(source).await.unwrap().expose_secret(), "token");
        // Killed before the first use it may still hold the token: that is no sign-out.
        assert_eq!(text(&started(&keyring, &path), source).await, Err(problem));
    }
    assert!(!path.exists());
    keyring.fail_with(None);
    assert_eq!(text(&started(&keyring, &path), source).await, Ok(Some("token".to_owned())));
}

#[tokio::test]
async fn what_the_file_has_is_good_while_the_keyring_is_locked_and_moves_afterwards() {
    let folder = tempfile::tempdir().unwrap();
    let (path, keyring, source) =
        (folder.path().join("c.json"), Arc::new(Switched::default()), SourceId::random());
    keyring.fail_with(Some(CredentialError::Absent));
    started(&keyring, &path).set(source, &"token".into()).await.unwrap();
    keyring.fail_with(Some(CredentialError::NoAnswer));
    assert_eq!(text(&started(&keyring, &path), source).await, Ok(Some("token".to_owned())));
    assert_eq!(read(&FileStore::new(path.clone()), source).await.as_deref(), Some("token"));
    keyring.fail_with(None);
    assert_eq!(text(&started(&keyring, &path), source).await, Ok(Some("token".to_owned())));
    assert_eq!(read(&FileStore::new(path), source).await, None);
    assert_eq!(read(&*keyring, source).await.as_deref(), Some("token"));
}

#[tokio::test]
async fn an_older_token_in_the_file_goes_with_a_newer_one_in_the_keyring() {
    let folder = tempfile::tempdir().unwrap();
    let (path, keyring, source) =
        (folder.path().join("c.json"), Arc::new(Switched::default()), SourceId::random());
    keyring.fail_with(Some(CredentialError::Absent));
    let store = started(&keyring, &path);
    store.set(source, &"older".into()).await.unwrap();
    keyring.fail_with(None);
    store.set(source, &"newer".into()).await.unwrap();
    keyring.fail_with(Some(CredentialError::Absent));
    assert_eq!(read(&FileStore::new(path), source).await, None, "it must not come back");
}

#[tokio::test]
async fn that_there_is_no_keyring_is_said_once() {
    let folder = tempfile::tempdir().unwrap();
    let (store, events) = secrets(Failing(CredentialError::Absent), &folder.path().join("c.json"));
    let mut events = events.subscribe();
    for token in ["one", "two", "three"] {
        store.set(SourceId::random(), &token.into()).await.unwrap();
    }
    assert_eq!(drain(&mut events), [Event::CredentialsInFile]);
}

#[tokio::test]
async fn a_token_of_an_account_is_not_that_of_a_source() {
    let source = SourceId::random();
    let store = MemoryStore::default();
    let account = CredentialKey::plex_account(&source.to_string());
    store.set(&account, &"account".into()).await.unwrap();
    assert_eq!(read(&store, source).await, None);
}
