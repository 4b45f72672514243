//! What a TLS address shows.

use super::authority::{Authority, Validity, self_signed};
use crate::connection::ConnectionPlan;
use rcgen::KeyPair;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio_rustls::TlsAcceptor;

/// A name that no address of the testbed has.
const OTHER_NAME: &str = "other.example.invalid";

/// What new handshakes get.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Served {
    /// A certificate by the test authority for the address's name.
    #[default]
    Trusted,
    /// A self-signed one. The same number stands for the same key as long as the connection lives; another
    /// number is a changed certificate.
    SelfSigned(u32),
    /// One by the test authority that has expired.
    Expired,
    /// One by the test authority for another name.
    OtherName,
    /// Plain HTTP, where TLS is expected.
    Plain,
}

/// The TLS of one connection.
#[derive(Debug, Clone)]
pub(crate) struct Tls(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    authority: Authority,
    names: Vec<String>,
    http2: bool,
    state: Mutex<State>,
}

struct State {
    shown: Option<Shown>,
    /// Everything that was shown, to be shown again.
    known: HashMap<Served, Shown>,
}

#[derive(Clone)]
struct Shown {
    acceptor: TlsAcceptor,
    certificate: CertificateDer<'static>,
}

impl Tls {
    /// Shows a good certificate for the names of an address.
    pub(crate) fn new(authority: Authority, plan: &ConnectionPlan) -> io::Result<Self> {
        let names = [Some(plan.ip.to_string()), plan.host.clone(), Some("localhost".to_owned())];
        let names = names.into_iter().flatten().collect();
        let state = Mutex::new(State { shown: None, known: HashMap::new() });
        let this = Self(Arc::new(Inner { authority, names, http2: plan.http2, state }));
        this.show(Served::Trusted)?;
        Ok(this)
    }

    /// Changes what is shown from the next handshake on.
    pub(crate) fn serve(&self, served: Served) {
        if let Err(error) = self.show(served) {
            tracing::error!(?served, %error, "cannot make the certificate");
        }
    }

    /// What the next socket is accepted with; `None` for plain HTTP.
    pub(crate) fn acceptor(&self) -> Option<TlsAcceptor> {
        self.lock().shown.as_ref().map(|shown| shown.acceptor.clone())
    }

    /// The certificate that is shown, in DER.
    pub(crate) fn certificate(&self) -> Option<Vec<u8>> {
        self.lock().shown.as_ref().map(|shown| shown.certificate.to_vec())
    }

    fn show(&self, served: Served) -> io::Result<()> {
        let mut state = self.lock();
        if served == Served::Plain {
            state.shown = None;
            return Ok(());
        }
        let shown = match state.known.get(&served) {
            Some(known) => known.clone(),
            None => self.make(served)?,
        };
        state.known.insert(served, shown.clone());
        state.shown = Some(shown);
        Ok(())
    }

    fn make(&self, served: Served) -> io::Result<Shown> {
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let (authority, names) = (&self.0.authority, self.0.names.clone());
        let certificate = match served {
            Served::Expired => authority.sign(&key, names, Validity::Expired)?,
            Served::OtherName => authority.sign(&key, vec![OTHER_NAME.to_owned()], Validity::Now)?,
            Served::SelfSigned(_) => self_signed(&key, names)?,
            Served::Trusted | Served::Plain => authority.sign(&key, names, Validity::Now)?,
        };
        let private = PrivateKeyDer::try_from(key.serialize_der()).map_err(io::Error::other)?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.clone()], private)
            .map_err(io::Error::other)?;
        if self.0.http2 {
            config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        }
        Ok(Shown { acceptor: TlsAcceptor::from(Arc::new(config)), certificate })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for State {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("State").field("known", &self.known.keys()).finish_non_exhaustive()
    }
}
