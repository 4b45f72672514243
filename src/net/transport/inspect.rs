//! A look at the certificate of a server, for the dialog in which a person decides about it.

use std::time::Duration;

use super::certificate::CertificateFacts;
use super::clients::make_client;
use crate::models::ServerUrl;
use crate::net::error::{ErrorKind, NetError};
use crate::net::pool::HttpPool;

/// Somebody waits for a dialog.
const PATIENCE: Duration = Duration::from_secs(5);

/// Looks at the certificate that a server shows, by the way and with the trust of the pool. No byte of a request is
/// sent: the handshake is ended once the server has proved that it owns the certificate.
///
/// # Errors
/// `Invalid` for an address without TLS, `TlsCertificate` for a certificate that cannot be read, a network kind when
/// none was shown.
pub async fn inspect_certificate(pool: &HttpPool, url: &ServerUrl) -> Result<CertificateFacts, NetError> {
    if !url.is_tls() {
        return Err(NetError::new(ErrorKind::Invalid, "the address is not encrypted"));
    }
    let address = url.join("");
    let host = address.host_str().map(super::trust::normal).unwrap_or_default();
    let mut failure = NetError::new(ErrorKind::Unreachable, "there is no way to the server");
    for route in pool.routes(&address).await {
        let (tls, inspector) = pool.shared.tls.inspecting(&pool.view.trust)?;
        let key = pool.view.key(route, pool.slow());
        let client = make_client(&key, tls, &pool.shared.observer, &pool.shared.counters)?;
        let sent = client.get(address.clone()).timeout(PATIENCE).send().await;
        if let Some(seen) = inspector.seen() {
            let unreadable = || NetError::new(ErrorKind::TlsCertificate, "the certificate cannot be read");
            return CertificateFacts::read(&host, &seen.der, seen.reason).ok_or_else(unreadable);
        }
        if let Err(error) = sent {
            failure = pool.failure(&error, &key.route);
        }
    }
    Err(failure)
}
