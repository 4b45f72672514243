//! The proxy that the user has set by hand: its address and the user's name there are settings, the password is a
//! credential and kept with the others.

use secrecy::{ExposeSecret as _, SecretString};
use tracing::warn;

use super::credentials::CredentialKey;
use super::{AppContext, Result};
use crate::net::{ProxyAddress, ProxyChoice, ProxyCredentials};

/// What the settings say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ProxySetting {
    /// The system's proxy.
    #[default]
    System,
    /// This one.
    Manual {
        /// Where it is. One that was written with credentials has them still: see [`ProxyService::take_out`].
        address: ProxyAddress,
        /// The user's name there; empty where none is asked for.
        user: String,
    },
    /// None.
    None,
}

/// Puts settings and password together, and keeps them apart.
#[derive(Debug)]
pub struct ProxyService;

impl ProxyService {
    /// What requests are to use. A password that cannot be read is as good as none: the proxy will say what it wants.
    pub async fn choice(ctx: &AppContext, setting: &ProxySetting) -> ProxyChoice {
        let (address, user) = match setting {
            ProxySetting::System => return ProxyChoice::System,
            ProxySetting::None => return ProxyChoice::None,
            ProxySetting::Manual { address, user } => (address, user),
        };
        if user.is_empty() {
            return ProxyChoice::Manual(address.clone());
        }
        let password = ctx.secrets.get(CredentialKey::proxy(address)).await;
        let password = password.unwrap_or_else(|error| {
            warn!(%error, "the password of the proxy could not be read");
            None
        });
        let credentials = ProxyCredentials { user: user.clone(), password: password.unwrap_or_default() };
        ProxyChoice::Manual(address.clone().with_credentials(credentials))
    }

    /// Whether a password is kept for the proxy at an address.
    pub async fn has_password(ctx: &AppContext, address: &ProxyAddress) -> bool {
        matches!(ctx.secrets.get(CredentialKey::proxy(address)).await, Ok(Some(_)))
    }

    /// Keeps the password for the proxy at an address; an empty one is forgotten.
    ///
    /// # Errors
    /// `Credentials` when no store takes it.
    pub async fn set_password(
        ctx: &AppContext,
        address: &ProxyAddress,
        password: &SecretString,
    ) -> Result<()> {
        let key = CredentialKey::proxy(address);
        if password.expose_secret().is_empty() {
            Ok(ctx.secrets.remove(key).await?)
        } else {
            Ok(ctx.secrets.set(key, password).await?)
        }
    }

    /// Takes credentials out of an address that was written with them: the password goes to the credentials, the
    /// bare address and the name come back for the settings. `None` when there are none.
    ///
    /// # Errors
    /// `Credentials` when no store takes the password: then the address has to stay as it is, or it would be lost.
    pub async fn take_out(
        ctx: &AppContext,
        address: &ProxyAddress,
    ) -> Result<Option<(ProxyAddress, String)>> {
        let Some(credentials) = address.credentials() else { return Ok(None) };
        Self::set_password(ctx, address, &credentials.password).await?;
        Ok(Some((address.clone().without_credentials(), credentials.user.clone())))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
mod tests {
    use super::*;

    async fn context() -> (tempfile::TempDir, AppContext) {
        let folder = tempfile::tempdir().unwrap();
        let ctx = AppContext::open_below(folder.path()).await.unwrap();
        (folder, ctx)
    }

    fn manual(address: &str, user: &str) -> ProxySetting {
        ProxySetting::Manual { address: address.parse().unwrap(), user: user.to_owned() }
    }

    /// Name and password that would be sent.
    async fn sent(ctx: &AppContext, setting: &ProxySetting) -> Option<(String, String)> {
        let ProxyChoice::Manual(address) = ProxyService::choice(ctx, setting).await else {
            panic!("no proxy")
        };
        let credentials = address.credentials()?;
        Some((credentials.user.clone(), credentials.password.expose_secret().to_owned()))
    }

    #[tokio::test]
    async fn a_password_goes_to_the_proxy_that_it_is_for() {
        let (_folder, ctx) = &context().await;
        let (here, elsewhere) =
            (manual("http://one.example:3128", "ana"), manual("http://two.example:3128", "ana"));
        let address: ProxyAddress = "http://one.example:3128".parse().unwrap();
        ProxyService::set_password(ctx, &address, &"secret".into()).await.unwrap();
        assert_eq!(sent(ctx, &here).await, Some(("ana".to_owned(), "secret".to_owned())));
        assert_eq!(sent(ctx, &elsewhere).await, Some(("ana".to_owned(), String::new())), "not its password");
        assert_eq!(sent(ctx, &manual("http://one.example:3128", "")).await, None, "nobody is named");

        ProxyService::set_password(ctx, &address, &SecretString::default()).await.unwrap();
        assert!(!ProxyService::has_password(ctx, &address).await);
        assert_eq!(sent(ctx, &here).await, Some(("ana".to_owned(), String::new())));
    }

    #[tokio::test]
    async fn credentials_are_taken_out_of_an_address() {
        let (_folder, ctx) = &context().await;
        let written: ProxyAddress = "http://ana:p%40ss@example.net:3128".parse().unwrap();
        let (address, user) = ProxyService::take_out(ctx, &written).await.unwrap().unwrap();
        assert_eq!((address.as_str(), user.as_str()), ("http://example.net:3128", "ana"));
        assert!(address.credentials().is_none());
        assert_eq!(ProxyService::take_out(ctx, &address).await.unwrap(), None);
        let setting = ProxySetting::Manual { address, user };
        assert_eq!(sent(ctx, &setting).await, Some(("ana".to_owned(), "p@ss".to_owned())));
    }

    #[tokio::test]
    async fn no_proxy_and_the_systems_need_no_credentials() {
        let (_folder, ctx) = &context().await;
        assert_eq!(ProxyService::choice(ctx, &ProxySetting::System).await, ProxyChoice::System);
        assert_eq!(ProxyService::choice(ctx, &ProxySetting::None).await, ProxyChoice::None);
    }
}
