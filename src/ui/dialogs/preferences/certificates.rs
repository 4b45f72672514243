//! Certificates that the user has accepted, of all sources.

use adw::prelude::*;
use gettextrs::gettext;
use relm4::Sender;

use super::PreferencesInput;
use crate::db::TrustedCertificate;
use crate::models::Source;
use crate::ui::dialogs::certificate::{fact, in_lines};
use crate::ui::text::day;

/// The group.
#[derive(Debug)]
pub(super) struct CertificatesGroup {
    group: adw::PreferencesGroup,
    rows: Vec<gtk::Widget>,
}

impl CertificatesGroup {
    pub(super) fn build() -> Self {
        let group = adw::PreferencesGroup::builder()
            .title(gettext("Accepted Certificates"))
            .description(gettext("Servers that this computer does not trust by itself, and you do."))
            .build();
        Self { group, rows: Vec::new() }
    }

    pub(super) fn widget(&self) -> &adw::PreferencesGroup {
        &self.group
    }

    pub(super) fn show(
        &mut self,
        accepted: &[(Source, TrustedCertificate)],
        input: &Sender<PreferencesInput>,
    ) {
        for row in self.rows.drain(..) {
            self.group.remove(&row);
        }
        for (source, certificate) in accepted {
            self.add(row(source, certificate, input).upcast());
        }
        if accepted.is_empty() {
            let none = adw::ActionRow::builder().title(gettext("You have accepted none")).build();
            none.add_css_class("dim-label");
            self.add(none.upcast());
        }
    }

    fn add(&mut self, row: gtk::Widget) {
        self.group.add(&row);
        self.rows.push(row);
    }
}

fn row(
    source: &Source,
    certificate: &TrustedCertificate,
    input: &Sender<PreferencesInput>,
) -> adw::ExpanderRow {
    let until = gettext("valid until {date}").replace("{date}", &day(certificate.not_after));
    let row = adw::ExpanderRow::builder()
        .title(&certificate.host)
        .subtitle(format!("{} · {until}", source.name))
        .use_markup(false)
        .title_lines(2)
        .build();
    let button = gtk::Button::builder()
        .label(gettext("Revoke"))
        .valign(gtk::Align::Center)
        .css_classes(["flat"])
        .build();
    let description =
        gettext("Trust the certificate of {host} no longer").replace("{host}", &certificate.host);
    button.set_tooltip_text(Some(&description));
    button.update_property(&[gtk::accessible::Property::Description(&description)]);
    let (id, host, input) = (source.id, certificate.host.clone(), input.clone());
    button.connect_clicked(move |button| {
        button.set_sensitive(false);
        input.emit(PreferencesInput::Revoke(id, host.clone()));
    });
    row.add_suffix(&button);
    for (title, value) in facts(certificate) {
        row.add_row(&fact(&title, &value));
    }
    row
}

/// What is known of a certificate, in words.
fn facts(certificate: &TrustedCertificate) -> Vec<(String, String)> {
    let names = certificate.names.join(", ");
    let mut facts = vec![(gettext("Accepted"), day(certificate.accepted_at))];
    if !names.is_empty() {
        facts.push((gettext("Issued for"), names));
    }
    facts.push((gettext("Fingerprint of the key (SHA-256)"), in_lines(&pairs(&certificate.spki_sha256))));
    facts
}

/// `ab12` as `AB:12`, as the dialog that accepts it writes fingerprints.
fn pairs(digits: &str) -> String {
    let digits: Vec<char> = digits.to_uppercase().chars().collect();
    digits.chunks(2).map(String::from_iter).collect::<Vec<_>>().join(":")
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    #[test]
    fn a_certificate_is_recognised_by_names_and_fingerprint() {
        let certificate = TrustedCertificate {
            host: "attic.example".to_owned(),
            spki_sha256: "ab12".repeat(16),
            names: vec!["attic.example".to_owned(), "192.0.2.7".to_owned()],
            not_after: DateTime::UNIX_EPOCH,
            accepted_at: DateTime::UNIX_EPOCH,
        };
        let facts = facts(&certificate);
        assert_eq!(facts[1].1, "attic.example, 192.0.2.7");
        assert_eq!(facts[2].1.lines().next(), Some("AB:12:AB:12:AB:12:AB:12"));
        assert_eq!(facts[2].1.lines().count(), 4);
    }
}
