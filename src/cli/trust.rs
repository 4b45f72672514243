//! `gnome-reel trust …`: certificates that the user has accepted.

use clap::Subcommand;
use serde::Serialize;

use super::Result;
use super::output::Output;
use crate::db::TrustedCertificate;
use crate::models::{Source, SourceId};
use crate::services::AppContext;
use crate::services::core::SourceService;
use crate::services::trust::TrustService;

/// What can be done with them.
#[derive(Debug, Subcommand)]
pub(super) enum TrustAction {
    /// List the certificates that were accepted for servers.
    List,
    /// Take back what was accepted for a source.
    Forget {
        id: SourceId,
        /// Only what was accepted for this host.
        host: Option<String>,
    },
}

#[derive(Debug, Serialize)]
struct Row {
    source_id: String,
    source: String,
    host: String,
    key_sha256: String,
    names: Vec<String>,
    valid_until: String,
    accepted_at: String,
}

impl From<&(Source, TrustedCertificate)> for Row {
    fn from((source, certificate): &(Source, TrustedCertificate)) -> Self {
        Self {
            source_id: source.id.to_string(),
            source: source.name.clone(),
            host: certificate.host.clone(),
            key_sha256: certificate.spki_sha256.clone(),
            names: certificate.names.clone(),
            valid_until: certificate.not_after.to_rfc3339(),
            accepted_at: certificate.accepted_at.to_rfc3339(),
        }
    }
}

impl Row {
    const COLUMNS: [&'static str; 5] = ["SOURCE", "HOST", "VALID UNTIL", "ACCEPTED", "KEY (SHA-256)"];

    fn cells(&self) -> Vec<String> {
        let day = |at: &str| at.split('T').next().unwrap_or_default().to_owned();
        vec![
            self.source.clone(),
            self.host.clone(),
            day(&self.valid_until),
            day(&self.accepted_at),
            self.key_sha256.clone(),
        ]
    }
}

pub(super) async fn run(ctx: &AppContext, action: TrustAction, output: Output) -> Result {
    match action {
        TrustAction::List => {
            let rows: Vec<Row> = TrustService::everything(ctx).await?.iter().map(Row::from).collect();
            output.rows(&rows, &Row::COLUMNS, Row::cells)
        }
        TrustAction::Forget { id, host } => {
            let source = SourceService::get(ctx, id).await?;
            let accepted = TrustService::accepted(ctx, id).await?;
            TrustService::forget(ctx, id, host.as_deref()).await?;
            let gone =
                accepted.into_iter().filter(|known| host.as_ref().is_none_or(|host| *host == known.host));
            let rows: Vec<Row> = gone.map(|certificate| Row::from(&(source.clone(), certificate))).collect();
            output.rows(&rows, &Row::COLUMNS, Row::cells)
        }
    }
}
