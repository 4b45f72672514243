//! The table `trusted_certificates`.

use chrono::{DateTime, Utc};

use super::row::{get, ms, time};
use super::{Database, Result};
use crate::models::SourceId;

/// A key that the user has accepted for a host of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedCertificate {
    /// The host that showed it.
    pub host: String,
    /// SHA-256 of the public key, in hexadecimal digits.
    pub spki_sha256: String,
    /// The names that its certificate was for.
    pub names: Vec<String>,
    /// Until when its certificate was valid.
    pub not_after: DateTime<Utc>,
    /// When the user accepted it.
    pub accepted_at: DateTime<Utc>,
}

/// Accepted certificates.
#[derive(Debug)]
pub struct TrustedCertificates<'a>(pub(super) &'a Database);

impl TrustedCertificates<'_> {
    /// Those of a source.
    pub async fn list(&self, source: SourceId) -> Result<Vec<TrustedCertificate>> {
        let sql = "SELECT host, spki_sha256, names, not_after, accepted_at FROM trusted_certificates \
             WHERE source_id = ? ORDER BY host";
        let rows = self.0.all(sql, [source.to_string().into()], |row| {
            Ok(TrustedCertificate {
                host: get(row, "host")?,
                spki_sha256: get(row, "spki_sha256")?,
                names: get::<String>(row, "names")?.lines().map(str::to_owned).collect(),
                not_after: time(get(row, "not_after")?),
                accepted_at: time(get(row, "accepted_at")?),
            })
        });
        rows.await
    }

    /// Stores one, in place of what was accepted for the same host.
    pub async fn put(&self, source: SourceId, certificate: &TrustedCertificate) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO trusted_certificates \
             (source_id, host, spki_sha256, names, not_after, accepted_at) VALUES (?, ?, ?, ?, ?, ?)";
        let values = [
            source.to_string().into(),
            certificate.host.clone().into(),
            certificate.spki_sha256.clone().into(),
            certificate.names.join("\n").into(),
            ms(certificate.not_after).into(),
            ms(certificate.accepted_at).into(),
        ];
        self.0.write(sql, values).await?;
        Ok(())
    }

    /// Forgets the one for a host of a source, or all of the source, and tells whether there were any.
    pub async fn remove(&self, source: SourceId, host: Option<&str>) -> Result<bool> {
        let sql = "DELETE FROM trusted_certificates WHERE source_id = ?1 AND (?2 IS NULL OR host = ?2)";
        let values = [source.to_string().into(), host.map(str::to_owned).into()];
        Ok(self.0.write(sql, values).await? > 0)
    }
}
