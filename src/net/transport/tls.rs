//! TLS configurations: one for each trust, made once, because making one costs milliseconds.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::{ClientConfig, RootCertStore};
use tracing::warn;

use super::trust::Trust;
use super::verifier::{Inspector, Platform, TrustVerifier};
use crate::net::error::{ErrorKind, NetError};

/// Protocols inside TLS, the better first.
const PROTOCOLS: [&[u8]; 2] = [b"h2", b"http/1.1"];
/// Configurations that are kept. Each trust of a source that changed leaves one behind.
const MOST_CONFIGURATIONS: usize = 64;

/// What all TLS connections share.
pub(in crate::net) struct TlsSetup {
    provider: Arc<CryptoProvider>,
    platform: Platform,
    configurations: Mutex<HashMap<Trust, ClientConfig>>,
}

impl TlsSetup {
    /// Reads the platform's certificate store.
    pub(in crate::net) fn of_platform() -> Self {
        let mut roots = RootCertStore::empty();
        let found = rustls_native_certs::load_native_certs();
        let (added, ignored) = roots.add_parsable_certificates(found.certs);
        if added == 0 {
            warn!(ignored, errors = found.errors.len(), "the system has no certificates of issuers");
        }
        Self::with_roots(roots)
    }

    /// With other certificates than the platform's.
    pub(in crate::net) fn with_roots(roots: RootCertStore) -> Self {
        let provider = Arc::new(aws_lc_rs::default_provider());
        Self { platform: Platform::new(roots, &provider), provider, configurations: Mutex::default() }
    }

    /// The configuration for a trust. Resumed sessions skip the check of the certificate, so that what a session may
    /// come from is never shared between trusts.
    pub(in crate::net) fn configuration(&self, trust: &Trust) -> Result<ClientConfig, NetError> {
        let mut configurations = self.configurations.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = configurations.get(trust) {
            return Ok(known.clone());
        }
        let made = self.make(Arc::new(self.verifier(trust)))?;
        if configurations.len() >= MOST_CONFIGURATIONS {
            configurations.clear();
        }
        configurations.insert(trust.clone(), made.clone());
        Ok(made)
    }

    /// A configuration that looks at certificates and goes no further.
    pub(super) fn inspecting(&self, trust: &Trust) -> Result<(ClientConfig, Arc<Inspector>), NetError> {
        let inspector = Arc::new(Inspector::new(self.verifier(trust)));
        Ok((self.make(Arc::clone(&inspector) as Arc<dyn ServerCertVerifier>)?, inspector))
    }

    fn verifier(&self, trust: &Trust) -> TrustVerifier {
        TrustVerifier::new(self.platform.clone(), trust.clone())
    }

    fn make(&self, verifier: Arc<dyn ServerCertVerifier>) -> Result<ClientConfig, NetError> {
        let mut made = ClientConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_safe_default_protocol_versions()
            .map_err(|_| NetError::new(ErrorKind::TlsProtocol, "no version of TLS can be used"))?
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_no_client_auth();
        made.alpn_protocols = PROTOCOLS.map(<[u8]>::to_vec).to_vec();
        Ok(made)
    }
}

impl fmt::Debug for TlsSetup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TlsSetup")
    }
}
