//! The facts of a certificate that nothing vouches for, for the person who has to decide.
//!
//! Trusting is never the default, and looks as dangerous as it is.

use adw::prelude::*;
use chrono::{DateTime, Local, Utc};
use gettextrs::gettext;

use crate::models::{ServerUrl, SourceId};
use crate::net::{CertificateFacts, ErrorKind, Reason};
use crate::services::core::connection::{ConnectionReport, ConnectionService};
use crate::services::trust::TrustService;
use crate::services::{AppContext, ServiceError};
use crate::ui::error_text;

/// Shows the facts; `trust` is called when the user trusts the certificate.
pub(in crate::ui) fn review_certificate(
    parent: &impl IsA<gtk::Widget>,
    name: &str,
    facts: &CertificateFacts,
    trust: impl Fn() + 'static,
) {
    let body = gettext("{host} showed a certificate that this computer does not trust.");
    let warning = gettext(
        "Trust this certificate only if you know the server and its fingerprint is the one below. Somebody on the way could otherwise read along.",
    );
    let body = format!("{}\n\n{warning}", body.replace("{host}", &facts.host));
    let heading = gettext("Certificate of {name}").replace("{name}", name);
    let dialog = adw::AlertDialog::new(Some(&heading), Some(&body));
    dialog.set_body_use_markup(false);
    dialog.set_extra_child(Some(&table(facts)));
    dialog.add_response("close", &gettext("_Close"));
    dialog.add_response("trust", &gettext("_Trust This Certificate"));
    dialog.set_response_appearance("trust", adw::ResponseAppearance::Destructive);
    dialog.set_default_response(Some("close"));
    dialog.set_close_response("close");
    dialog.connect_response(Some("trust"), move |_, _| trust());
    dialog.present(Some(parent));
}

/// The first certificate of a source that is not trusted. Addresses that failed for their certificate are looked
/// at first.
///
/// # Errors
/// A network kind when none of them showed a certificate.
pub(in crate::ui) async fn untrusted_certificate(
    ctx: &AppContext,
    id: SourceId,
) -> Result<Option<CertificateFacts>, ServiceError> {
    let mut reports = ConnectionService::report(ctx, id).await?;
    reports.sort_by_key(|report| !failed_for_certificate(report));
    let mut failure = None;
    for url in reports.iter().map(|report| &report.connection.uri).filter(|url| ServerUrl::is_tls(url)) {
        match TrustService::inspect(ctx, id, url).await {
            Ok(facts) if facts.reason == Reason::Trusted => {}
            Ok(facts) => return Ok(Some(facts)),
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    failure.map_or(Ok(None), Err)
}

fn failed_for_certificate(report: &ConnectionReport) -> bool {
    let kind = report.last_error.as_deref().and_then(error_text::stored_kind);
    kind == Some(ErrorKind::TlsCertificate)
}

fn table(facts: &CertificateFacts) -> gtk::ListBox {
    let list =
        gtk::ListBox::builder().selection_mode(gtk::SelectionMode::None).css_classes(["boxed-list"]).build();
    for (title, value) in rows(facts) {
        list.append(&fact(&title, &value));
    }
    list
}

/// One thing that is known of a certificate.
pub(in crate::ui::dialogs) fn fact(title: &str, value: &str) -> adw::ActionRow {
    adw::ActionRow::builder()
        .title(title)
        .subtitle(value)
        .use_markup(false)
        .subtitle_lines(6)
        .subtitle_selectable(true)
        .css_classes(["property"])
        .build()
}

/// What is shown, in the order in which it helps to decide.
fn rows(facts: &CertificateFacts) -> Vec<(String, String)> {
    let day = |at: DateTime<Utc>| at.with_timezone(&Local).format("%x").to_string();
    let valid = gettext("{from} to {to}")
        .replace("{from}", &day(facts.not_before))
        .replace("{to}", &day(facts.not_after));
    [
        (gettext("Reason"), reason(facts.reason)),
        (gettext("Issued for"), facts.names.join(", ")),
        (gettext("Issued by"), facts.issuer.clone()),
        (gettext("Valid"), valid),
        (gettext("Fingerprint (SHA-256)"), in_lines(&facts.fingerprint)),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .collect()
}

/// Eight bytes a line: easier to compare than one that breaks anywhere.
pub(in crate::ui::dialogs) fn in_lines(fingerprint: &str) -> String {
    let bytes: Vec<&str> = fingerprint.split(':').collect();
    bytes.chunks(8).map(|line| line.join(":")).collect::<Vec<_>>().join("\n")
}

fn reason(reason: Reason) -> String {
    match reason {
        Reason::SelfSigned => gettext("The server signed it itself."),
        Reason::Expired => gettext("It has expired."),
        Reason::NotYetValid => gettext("It is not valid yet. Perhaps the clock of this computer is wrong."),
        Reason::WrongName => gettext("It was issued for other names."),
        Reason::UnknownIssuer => gettext("This computer does not know who issued it."),
        Reason::Changed => gettext("It is not the one that you trusted before. Somebody may be in between."),
        Reason::Other => gettext("It is not valid."),
        Reason::Trusted => gettext("This computer trusts it."),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn the_facts_help_to_decide() {
        let facts = CertificateFacts {
            host: "attic.example".to_owned(),
            fingerprint: "AB:CD".to_owned(),
            key: "00".repeat(32).parse().unwrap(),
            names: vec!["attic.example".to_owned(), "192.0.2.7".to_owned()],
            issuer: String::new(),
            not_before: DateTime::UNIX_EPOCH,
            not_after: DateTime::UNIX_EPOCH,
            self_signed: true,
            reason: Reason::Changed,
        };
        let rows = rows(&facts);
        let titles: Vec<_> = rows.iter().map(|(title, _)| title.as_str()).collect();
        // What is not known has no row.
        assert_eq!(titles, ["Reason", "Issued for", "Valid", "Fingerprint (SHA-256)"]);
        assert!(rows[0].1.starts_with("It is not the one that you trusted before."));
        assert_eq!(rows[1].1, "attic.example, 192.0.2.7");
        assert_eq!(in_lines(&["AB"; 10].join(":")), "AB:AB:AB:AB:AB:AB:AB:AB\nAB:AB");
    }
}
