//! Facts of a certificate that is not trusted, for the person who has to decide.

use std::error::Error as StdError;
use std::fmt::{self, Write as _};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use chrono::{DateTime, Utc};
use rustls::CertificateError;
use sha2::{Digest as _, Sha256};
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer as _;

use super::verifier::KeyChanged;
use crate::net::error::{chain, find_tls};

/// Names that are kept of a certificate; a certificate may hold thousands.
const MOST_NAMES: usize = 32;
/// Characters that are kept of a name: the longest that a name server knows.
const LONGEST_NAME: usize = 253;

/// The SHA-256 of a public key with its algorithm (`SubjectPublicKeyInfo`, RFC 7469 section 2.4).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyPin([u8; 32]);

/// A text that is not a pin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a SHA-256 in 64 hexadecimal digits")]
pub struct InvalidPin;

impl KeyPin {
    /// The pin of a certificate in DER. `None` when it cannot be read.
    pub fn of(der: &[u8]) -> Option<Self> {
        let (_, certificate) = X509Certificate::from_der(der).ok()?;
        Some(Self(Sha256::digest(certificate.public_key().raw).into()))
    }
}

impl fmt::Display for KeyPin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for KeyPin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for KeyPin {
    type Err = InvalidPin;

    fn from_str(text: &str) -> Result<Self, InvalidPin> {
        let mut key = [0; 32];
        if text.len() != 2 * key.len() || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(InvalidPin);
        }
        for (place, byte) in key.iter_mut().enumerate() {
            let digits = text.get(2 * place..2 * place + 2).ok_or(InvalidPin)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| InvalidPin)?;
        }
        Ok(Self(key))
    }
}

/// Why a certificate is not trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The server signed it itself.
    SelfSigned,
    /// It is over.
    Expired,
    /// It begins later; maybe the clock of this machine is wrong.
    NotYetValid,
    /// It is for other names.
    WrongName,
    /// This system does not know who signed it.
    UnknownIssuer,
    /// The user has accepted another key for this address.
    Changed,
    /// Anything else.
    Other,
    /// It is trusted: nothing is to be decided.
    Trusted,
}

impl Reason {
    /// A technical text, for the details of an error.
    pub(in crate::net) fn detail(self) -> &'static str {
        match self {
            Self::SelfSigned => "the certificate is self-signed",
            Self::Expired => "the certificate has expired",
            Self::NotYetValid => "the certificate is not valid yet",
            Self::WrongName => "the certificate is for other names",
            Self::UnknownIssuer => "the issuer of the certificate is not known",
            Self::Changed => "the key of the server is not the one that was accepted",
            Self::Other => "the certificate is not valid",
            Self::Trusted => "the certificate is trusted",
        }
    }

    /// The reason in the causes of a failed request.
    pub(in crate::net) fn in_causes(error: &(dyn StdError + 'static)) -> Option<Self> {
        match chain(error).find_map(find_tls)? {
            error @ rustls::Error::InvalidCertificate(_) => Some(Self::of(error)),
            _ => None,
        }
    }

    pub(super) fn of(error: &rustls::Error) -> Self {
        let rustls::Error::InvalidCertificate(error) = error else { return Self::Other };
        match error {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Self::Expired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Self::NotYetValid,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                Self::WrongName
            }
            CertificateError::UnknownIssuer => Self::UnknownIssuer,
            CertificateError::Other(other) if other.0.is::<KeyChanged>() => Self::Changed,
            _ => Self::Other,
        }
    }
}

/// What a person has to know about a certificate to decide. Texts of the certificate are cut and free of control
/// characters; they are still the word of a stranger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFacts {
    /// The host that showed it.
    pub host: String,
    /// SHA-256 of the whole certificate, as browsers show it: capital hexadecimal digits with colons.
    pub fingerprint: String,
    /// The key, which is what gets accepted.
    pub key: KeyPin,
    /// The names and addresses that it is for.
    pub names: Vec<String>,
    /// Who signed it.
    pub issuer: String,
    /// From when it is valid.
    pub not_before: DateTime<Utc>,
    /// Until when it is valid.
    pub not_after: DateTime<Utc>,
    /// Whether the server signed it itself.
    pub self_signed: bool,
    /// Why it is not trusted.
    pub reason: Reason,
}

impl CertificateFacts {
    /// Reads a certificate in DER that `host` showed. `None` when it cannot be read.
    pub(super) fn read(host: &str, der: &[u8], reason: Reason) -> Option<Self> {
        let (_, certificate) = X509Certificate::from_der(der).ok()?;
        let self_signed = certificate.issuer().as_raw() == certificate.subject().as_raw();
        let reason = match reason {
            Reason::UnknownIssuer | Reason::Other if self_signed => Reason::SelfSigned,
            other => other,
        };
        let validity = certificate.validity();
        let time = |seconds| DateTime::from_timestamp(seconds, 0).unwrap_or_default();
        Some(Self {
            host: host.to_owned(),
            fingerprint: fingerprint(der),
            key: KeyPin(Sha256::digest(certificate.public_key().raw).into()),
            names: names(&certificate),
            issuer: issuer(&certificate),
            not_before: time(validity.not_before.timestamp()),
            not_after: time(validity.not_after.timestamp()),
            self_signed,
            reason,
        })
    }
}

fn fingerprint(der: &[u8]) -> String {
    let mut text = String::new();
    for (place, byte) in Sha256::digest(der).iter().enumerate() {
        let colon = if place == 0 { "" } else { ":" };
        let _infallible = write!(text, "{colon}{byte:02X}");
    }
    text
}

/// The names in the extension for them, else the common name.
fn names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let extension = certificate.subject_alternative_name().ok().flatten();
    let listed = extension.iter().flat_map(|extension| &extension.value.general_names);
    let names: Vec<String> = listed.filter_map(name).take(MOST_NAMES).collect();
    if names.is_empty() {
        let common = certificate.subject().iter_common_name().filter_map(|name| name.as_str().ok());
        common.map(plain).take(MOST_NAMES).collect()
    } else {
        names
    }
}

fn name(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some(plain(name)),
        GeneralName::IPAddress(bytes) => {
            let v4 = <[u8; 4]>::try_from(*bytes).map(|bytes| Ipv4Addr::from(bytes).to_string());
            v4.or_else(|_| <[u8; 16]>::try_from(*bytes).map(|bytes| Ipv6Addr::from(bytes).to_string())).ok()
        }
        _ => None,
    }
}

fn issuer(certificate: &X509Certificate<'_>) -> String {
    let issuer = certificate.issuer();
    let parts = issuer.iter_common_name().chain(issuer.iter_organization());
    parts.filter_map(|part| part.as_str().ok()).map(plain).find(|part| !part.is_empty()).unwrap_or_default()
}

/// Without what could change how the text around it looks.
fn plain(text: &str) -> String {
    let is_harmless = |c: &char| {
        !c.is_control()
            && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().filter(is_harmless).take(LONGEST_NAME).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn facts_of_a_self_signed_certificate() {
        let made =
            rcgen::generate_simple_self_signed(["attic.example".to_owned(), "192.0.2.7".to_owned()]).unwrap();
        let facts = CertificateFacts::read("attic.example", made.cert.der(), Reason::UnknownIssuer).unwrap();
        assert_eq!(facts.names, ["attic.example", "192.0.2.7"]);
        assert!(facts.self_signed);
        assert_eq!(facts.reason, Reason::SelfSigned);
        assert_eq!(facts.fingerprint.len(), 32 * 3 - 1);
        assert!(facts.not_before < facts.not_after);
        assert_eq!(facts.key, KeyPin::of(made.cert.der()).unwrap());
        assert_eq!(facts.key.to_string().parse(), Ok(facts.key));
    }

    #[test]
    fn an_expired_one_is_called_expired_whoever_signed_it() {
        let made = rcgen::generate_simple_self_signed(["attic".to_owned()]).unwrap();
        let facts = CertificateFacts::read("attic", made.cert.der(), Reason::Expired).unwrap();
        assert_eq!((facts.reason, facts.self_signed), (Reason::Expired, true));
    }

    #[test]
    fn the_pin_is_of_the_key_and_not_of_the_certificate() {
        let key = rcgen::KeyPair::generate().unwrap();
        let signed = |name: &str| {
            let params = rcgen::CertificateParams::new([name.to_owned()]).unwrap();
            KeyPin::of(params.self_signed(&key).unwrap().der()).unwrap()
        };
        assert_eq!(signed("old.example"), signed("new.example"));
    }

    #[test]
    fn names_cannot_paint_on_the_dialog() {
        let mut params = rcgen::CertificateParams::new([]).unwrap();
        params.distinguished_name.push(rcgen::DnType::CommonName, "good\u{202e}\n\u{7}evil");
        let made = params.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap();
        let facts = CertificateFacts::read("h", made.der(), Reason::Other).unwrap();
        assert_eq!((facts.names[0].as_str(), facts.issuer.as_str()), ("goodevil", "goodevil"));
    }

    #[test]
    fn bytes_that_are_no_certificate_have_no_facts() {
        for der in [&b""[..], b"\x30\x82\xff\xff", &[0x30; 4096]] {
            assert_eq!(CertificateFacts::read("h", der, Reason::Other), None);
            assert_eq!(KeyPin::of(der), None);
        }
        for text in ["", "xyz", &"g".repeat(64), &"+1".repeat(32), &"ä".repeat(32)] {
            assert_eq!(text.parse::<KeyPin>(), Err(InvalidPin), "{text}");
        }
    }
}
