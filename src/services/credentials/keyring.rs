//! The Secret Service, through the `keyring` crate.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use keyring::{Entry, Error};
use secrecy::{ExposeSecret as _, SecretString};
use zbus::blocking::Connection;
use zbus::zvariant::{OwnedObjectPath, OwnedValue};

use super::{CredentialError, CredentialKey, CredentialStore, TIME_LIMIT};
use crate::config::APP_ID;

/// The keyring of the desktop session. Every call runs on a thread of its own, because a locked keyring
/// blocks until a person has answered.
#[derive(Debug, Clone, Default)]
pub struct KeyringStore {
    bus: Bus,
}

/// One connection for all questions: gnome-keyring follows each client that comes and goes, and a client per
/// question, a few hundred in a minute, has ended it.
#[derive(Debug, Clone, Default)]
struct Bus(Arc<Mutex<Option<Connection>>>);

async fn call<T: Send + 'static>(
    store: &KeyringStore,
    key: &CredentialKey,
    work: impl FnOnce(Entry) -> Result<T, Error> + Send + 'static,
) -> Result<T, CredentialError> {
    let (bus, user) = (store.bus.clone(), key.clone());
    let task = tokio::task::spawn_blocking(move || {
        bus.check_service()?;
        let entry = Entry::new(APP_ID, user.as_str()).map_err(|error| classify(&error))?;
        work(entry).map_err(|error| classify(&error))
    });
    match tokio::time::timeout(TIME_LIMIT, task).await {
        Err(_) => Err(CredentialError::NoAnswer),
        Ok(Err(_)) => Err(CredentialError::Failed("the keyring's thread ended".to_owned())),
        Ok(Ok(result)) => result,
    }
}

/// Name of the Secret Service on the session bus.
const SERVICE: &str = "org.freedesktop.secrets";

impl Bus {
    /// Tells a keyring that is locked from one that is not there, by what the service says of its collection. A
    /// service without any collection for us (a session that nobody logged in to) is as good as none.
    fn check_service(&self) -> Result<(), CredentialError> {
        let bus = self.connection().map_err(|_| CredentialError::Absent)?;
        match is_locked(&bus) {
            Ok(Some(false)) => Ok(()),
            Ok(Some(true)) => Err(CredentialError::NoAnswer),
            Ok(None) => Err(CredentialError::Absent),
            Err(_) => {
                // The bus itself may have ended; the next question finds out with a connection of its own.
                *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
                Err(CredentialError::Absent)
            }
        }
    }

    fn connection(&self) -> zbus::Result<Connection> {
        let mut bus = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bus) = &*bus {
            return Ok(bus.clone());
        }
        let new = Connection::session()?;
        *bus = Some(new.clone());
        Ok(new)
    }
}

/// Whether the default collection is locked; none when there is no such collection.
fn is_locked(bus: &Connection) -> zbus::Result<Option<bool>> {
    let alias = bus.call_method(
        Some(SERVICE),
        "/org/freedesktop/secrets",
        Some("org.freedesktop.Secret.Service"),
        "ReadAlias",
        &"default",
    )?;
    let path: OwnedObjectPath = alias.body().deserialize()?;
    if path.as_str() == "/" {
        return Ok(None);
    }
    let locked = bus.call_method(
        Some(SERVICE),
        path,
        Some("org.freedesktop.DBus.Properties"),
        "Get",
        &("org.freedesktop.Secret.Collection", "Locked"),
    )?;
    let locked: OwnedValue = locked.body().deserialize()?;
    Ok(Some(locked.try_into()?))
}

fn classify(error: &Error) -> CredentialError {
    match error {
        Error::NoDefaultStore | Error::PlatformFailure(_) | Error::NotSupportedByStore(_) => {
            CredentialError::Absent
        }
        Error::NoStorageAccess(_) => CredentialError::NoAnswer,
        Error::BadEncoding(_) => CredentialError::Failed("the entry is not text".to_owned()),
        Error::Ambiguous(_) => CredentialError::Failed("there are several entries".to_owned()),
        _ => CredentialError::Failed("the keyring refused".to_owned()),
    }
}

#[async_trait]
impl CredentialStore for KeyringStore {
    async fn get(&self, key: &CredentialKey) -> Result<Option<SecretString>, CredentialError> {
        call(self, key, |entry| match entry.get_password() {
            Ok(token) => Ok(Some(SecretString::from(token))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        })
        .await
    }

    async fn set(&self, key: &CredentialKey, token: &SecretString) -> Result<(), CredentialError> {
        let token = token.clone();
        call(self, key, move |entry| entry.set_password(token.expose_secret())).await
    }

    async fn remove(&self, key: &CredentialKey) -> Result<(), CredentialError> {
        call(self, key, |entry| match entry.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(error),
        })
        .await
    }

    fn name(&self) -> &'static str {
        "keyring"
    }
}
