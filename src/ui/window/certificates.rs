//! A certificate that nothing vouches for: looked at, shown, and trusted when the user says so.

use gettextrs::gettext;
use relm4::ComponentSender;

use super::{Shell, ShellCommand, ShellInput};
use crate::models::SourceId;
use crate::net::CertificateFacts;
use crate::services::ServiceError;
use crate::services::core::monitor::MonitorInput;
use crate::services::trust::TrustService;
use crate::ui::dialogs::{review_certificate, untrusted_certificate};
use crate::ui::error_text;

impl Shell {
    /// Looks at the certificate that is in the way.
    pub(super) fn review(&self, id: SourceId, sender: &ComponentSender<Self>) {
        let ctx = self.ctx.clone();
        sender.oneshot_command(async move {
            ShellCommand::Inspected(id, Box::new(untrusted_certificate(&ctx, id).await))
        });
    }

    /// Shows what was seen.
    pub(super) fn inspected(
        &self,
        id: SourceId,
        inspected: Result<Option<CertificateFacts>, ServiceError>,
        sender: &ComponentSender<Self>,
    ) {
        let facts = match inspected {
            Ok(Some(facts)) => facts,
            // It was put right meanwhile.
            Ok(None) => return self.monitor.emit(MonitorInput::CheckNow(Some(id))),
            Err(error) => return self.say(&error_text::sentence(&error)),
        };
        let source = self.sources.iter().find(|source| source.id == id);
        let name = source.map(|source| source.name.as_str()).unwrap_or_default();
        let (input, shown) = (sender.input_sender().clone(), facts.clone());
        review_certificate(&self.init.window, name, &facts, move || {
            input.emit(ShellInput::Trust(id, Box::new(shown.clone())));
        });
    }

    /// Trusts the key that was shown.
    pub(super) fn trust(&self, id: SourceId, facts: CertificateFacts, sender: &ComponentSender<Self>) {
        let ctx = self.ctx.clone();
        sender.oneshot_command(async move {
            ShellCommand::Trusted(id, TrustService::accept(&ctx, id, &facts).await)
        });
    }

    /// It is trusted now: the source is looked at with that.
    pub(super) fn trusted(&self, id: SourceId, trusted: Result<(), ServiceError>) {
        match trusted {
            Ok(()) => {
                self.say(&gettext("The certificate is trusted now"));
                self.monitor.emit(MonitorInput::CheckNow(Some(id)));
            }
            Err(error) => self.say(&error_text::sentence(&error)),
        }
    }
}
