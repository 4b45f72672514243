//! A certificate that is in the way is shown to the user, who decides whether to go on.

use relm4::ComponentSender;

use super::{JellyfinCommand, JellyfinInput, JellyfinWay};
use crate::net::{CertificateFacts, ErrorKind};
use crate::services::trust::TrustService;
use crate::services::{AddressProblem, ServiceError};
use crate::ui::dialogs::{review_certificate, untrusted_certificate};
use crate::ui::error_text;

use super::work::Target;

impl JellyfinWay {
    /// Has the user decide, when it is a certificate that is in the way.
    pub(super) fn review(&self, error: &ServiceError, sender: &ComponentSender<Self>) {
        match (error, &self.target) {
            (ServiceError::Address(AddressProblem::Certificate(facts)), _) => self.show(facts, sender),
            (error, Some(Target::Source(id))) if is_about_certificate(error) => {
                let (ctx, id) = (self.ctx.clone(), *id);
                sender.oneshot_command(async move {
                    JellyfinCommand::Inspected(untrusted_certificate(&ctx, id).await)
                });
            }
            _ => {}
        }
    }

    /// The certificate of a source's server was looked at.
    pub(super) fn inspected(
        &mut self,
        inspected: Result<Option<CertificateFacts>, ServiceError>,
        sender: &ComponentSender<Self>,
    ) {
        match inspected {
            Ok(Some(facts)) => self.show(&facts, sender),
            // It was put right meanwhile.
            Ok(None) => self.look(sender),
            // Why is said already.
            Err(_) => {}
        }
    }

    fn show(&self, facts: &CertificateFacts, sender: &ComponentSender<Self>) {
        let (input, shown) = (sender.input_sender().clone(), facts.clone());
        review_certificate(&self.navigation, &facts.host, facts, move || {
            input.emit(JellyfinInput::Trust(Box::new(shown.clone())));
        });
    }

    /// Trusts a certificate: for the server that is being added, or for the source whose server it is.
    pub(super) fn trust(&mut self, facts: CertificateFacts, sender: &ComponentSender<Self>) {
        if let Some(Target::Source(id)) = self.target {
            let ctx = self.ctx.clone();
            sender.oneshot_command(async move {
                JellyfinCommand::Trusted(TrustService::accept(&ctx, id, &facts).await)
            });
            return;
        }
        self.accepted.retain(|accepted| accepted.host != facts.host);
        self.accepted.push(facts);
        self.look(sender);
    }

    /// The certificate is trusted for a source: what it was in the way of is done again.
    pub(super) fn trusted(&mut self, trusted: Result<(), ServiceError>, sender: &ComponentSender<Self>) {
        let has_password = self.navigation.visible_page().as_ref() == Some(self.password.page());
        match trusted {
            Ok(()) if has_password => self.sign_in_typed(sender),
            Ok(()) => self.look(sender),
            Err(error) if has_password => self.password.form().fail(&error_text::sentence(&error)),
            Err(error) => self.server.fail(&error_text::sentence(&error)),
        }
    }
}

fn is_about_certificate(error: &ServiceError) -> bool {
    matches!(error, ServiceError::Offline(ErrorKind::TlsCertificate))
        || error.kind() == ErrorKind::TlsCertificate
}
