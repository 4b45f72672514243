//! Checks of a server's certificate: the platform's store, then what the user has accepted.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature,
};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, DigitallySignedStruct, Error as TlsError, OtherError, RootCertStore, SignatureScheme,
};

use super::certificate::Reason;
use super::trust::{Judgement, Trust};

/// The user has accepted another key for this host.
#[derive(Debug, thiserror::Error)]
#[error("the key of the server is not the one that was accepted")]
pub(super) struct KeyChanged;

/// The platform's certificate store, read once.
#[derive(Clone)]
pub(super) struct Platform {
    /// `None` when the store is empty: then nothing is trusted by it.
    webpki: Option<Arc<WebPkiServerVerifier>>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl Platform {
    pub(super) fn new(roots: RootCertStore, provider: &Arc<CryptoProvider>) -> Self {
        let built =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider)).build();
        Self { webpki: built.ok(), algorithms: provider.signature_verification_algorithms }
    }

    fn check(&self, shown: &Shown<'_>) -> Result<(), TlsError> {
        let Some(webpki) = &self.webpki else { return Err(CertificateError::UnknownIssuer.into()) };
        webpki.verify_server_cert(shown.end_entity, shown.intermediates, shown.name, &[], shown.now).map(drop)
    }
}

impl fmt::Debug for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Platform")
    }
}

/// What a server shows in a handshake.
struct Shown<'a> {
    end_entity: &'a CertificateDer<'a>,
    intermediates: &'a [CertificateDer<'a>],
    name: &'a ServerName<'a>,
    now: UnixTime,
}

/// The decision for all connections with the same trust.
#[derive(Debug, Clone)]
pub(super) struct TrustVerifier {
    platform: Platform,
    trust: Trust,
}

impl TrustVerifier {
    pub(super) fn new(platform: Platform, trust: Trust) -> Self {
        Self { platform, trust }
    }

    fn decide(&self, shown: &Shown<'_>) -> Result<(), TlsError> {
        let Err(refused) = self.platform.check(shown) else { return Ok(()) };
        match self.trust.judge(&shown.name.to_str(), shown.end_entity) {
            Judgement::Accepted => Ok(()),
            Judgement::Changed => Err(CertificateError::Other(OtherError(Arc::new(KeyChanged))).into()),
            Judgement::Unknown => Err(refused),
        }
    }
}

impl ServerCertVerifier for TrustVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        self.decide(&Shown { end_entity, intermediates, name, now })?;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        verify_tls12_signature(message, certificate, signature, &self.platform.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        verify_tls13_signature(message, certificate, signature, &self.platform.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.platform.algorithms.supported_schemes()
    }
}

/// Looks at a certificate and ends every handshake, so that no byte of a request is ever sent.
#[derive(Debug)]
pub(super) struct Inspector {
    inner: TrustVerifier,
    seen: Mutex<Option<Inspected>>,
}

/// What a server has shown and proved to own.
#[derive(Debug, Clone)]
pub(super) struct Inspected {
    pub(super) der: Vec<u8>,
    pub(super) reason: Reason,
    proved: bool,
}

impl Inspector {
    pub(super) fn new(inner: TrustVerifier) -> Self {
        Self { inner, seen: Mutex::default() }
    }

    /// The certificate, when the server has shown that it has the key to it.
    pub(super) fn seen(&self) -> Option<Inspected> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone().filter(|seen| seen.proved)
    }

    fn proved(&self) -> TlsError {
        if let Some(seen) = &mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner) {
            seen.proved = true;
        }
        TlsError::General("inspected".to_owned())
    }
}

impl ServerCertVerifier for Inspector {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        let reason = match self.inner.decide(&Shown { end_entity, intermediates, name, now }) {
            Ok(()) => Reason::Trusted,
            Err(error) => Reason::of(&error),
        };
        let seen = Inspected { der: end_entity.to_vec(), reason, proved: false };
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(seen);
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        self.inner.verify_tls12_signature(message, certificate, signature)?;
        Err(self.proved())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        self.inner.verify_tls13_signature(message, certificate, signature)?;
        Err(self.proved())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}
