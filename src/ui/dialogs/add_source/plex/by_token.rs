//! To one server by address and token, and its certificate if nothing vouches for that.

use relm4::ComponentSender;

use super::PlexWay;
use super::messages::{News, PlexInput, PlexStart};
use crate::models::SourceKind;
use crate::net::CertificateFacts;
use crate::services::core::AuthService;
use crate::services::{AddressProblem, ServiceError};
use crate::ui::dialogs::review_certificate;
use adw::prelude::*;

impl PlexWay {
    pub(super) fn show_token(&self) {
        if let Some(page) = &self.token_page {
            self.token.form().reset();
            self.pages.push(page);
        }
    }

    pub(super) fn use_token(&mut self) {
        if !self.token.form().button().is_sensitive() {
            return;
        }
        let Some((address, token)) = self.token.typed() else { return };
        self.token.form().wait();
        let (ctx, accepted) = (self.ctx.clone(), self.accepted.clone());
        let again = match &self.wanted {
            PlexStart::Again(known) => Some(known.source),
            _ => None,
        };
        self.work.begin_to_end(|teller| async move {
            let done = async {
                if let Some(id) = again {
                    return AuthService::sign_in_again_plex_token(&ctx, id, &token).await.map(|()| id);
                }
                let plex = SourceKind::Plex;
                let server = AuthService::find_server_trusting(&ctx, plex, &address, &accepted).await?;
                AuthService::add_found_plex(&ctx, &server, &token).await
            };
            teller.tell(News::SignedIn(done.await));
        });
    }

    /// Lets the user decide where a certificate was what was wrong.
    pub(super) fn review(&self, error: &ServiceError, sender: &ComponentSender<Self>) {
        let ServiceError::Address(AddressProblem::Certificate(facts)) = error else { return };
        let (input, shown) = (sender.input_sender().clone(), facts.clone());
        review_certificate(&self.pages, &facts.host, facts, move || {
            input.emit(PlexInput::Trust(shown.clone()));
        });
    }

    /// Goes on with a certificate that the user trusts.
    pub(super) fn trust(&mut self, facts: CertificateFacts) {
        self.accepted.retain(|known| known.host != facts.host);
        self.accepted.push(facts);
        self.use_token();
    }
}
