//! A certificate authority for tests.

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use rustls::pki_types::CertificateDer;
use std::io;
use std::sync::Arc;

/// Certificates of the testbed are valid from this year on…
const FIRST_YEAR: i32 = 2020;
/// …to this one. The dates are fixed, so that a clock that is off does not matter.
const LAST_YEAR: i32 = 2120;
/// The last day of an expired certificate is in this year.
const EXPIRED_YEAR: i32 = 2021;

/// An authority that nobody trusts unless told: tests add [`pem`](Self::pem) to what their client trusts.
#[derive(Clone)]
pub struct Authority {
    pem: Arc<str>,
    issuer: Arc<Issuer<'static, KeyPair>>,
}

/// How long a certificate is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Validity {
    Now,
    Expired,
}

impl Authority {
    /// A new authority with a key of its own.
    pub fn new() -> io::Result<Self> {
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let mut parameters = parameters("Reel test authority", Vec::new(), Validity::Now)?;
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        parameters.extended_key_usages.clear();
        let certificate = parameters.self_signed(&key).map_err(io::Error::other)?;
        Ok(Self { pem: certificate.pem().into(), issuer: Arc::new(Issuer::new(parameters, key)) })
    }

    /// Its certificate, in PEM.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// A server's certificate by this authority.
    pub(super) fn sign(
        &self,
        key: &KeyPair,
        names: Vec<String>,
        validity: Validity,
    ) -> io::Result<CertificateDer<'static>> {
        let mut parameters = parameters("Reel testbed", names, validity)?;
        parameters.use_authority_key_identifier_extension = true;
        Ok(parameters.signed_by(key, &*self.issuer).map_err(io::Error::other)?.into())
    }
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Authority").finish_non_exhaustive()
    }
}

/// A server's certificate that is its own authority.
pub(super) fn self_signed(key: &KeyPair, names: Vec<String>) -> io::Result<CertificateDer<'static>> {
    let parameters = parameters("Reel testbed", names, Validity::Now)?;
    Ok(parameters.self_signed(key).map_err(io::Error::other)?.into())
}

fn parameters(name: &str, names: Vec<String>, validity: Validity) -> io::Result<CertificateParams> {
    let mut parameters = CertificateParams::new(names).map_err(io::Error::other)?;
    parameters.distinguished_name.push(DnType::CommonName, name);
    parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let last_year = if validity == Validity::Now { LAST_YEAR } else { EXPIRED_YEAR };
    parameters.not_before = date_time_ymd(FIRST_YEAR, 1, 1);
    parameters.not_after = date_time_ymd(last_year, 1, 1);
    Ok(parameters)
}
