//! Asking: the library for every letter, servers when the typing pauses. An answer to an earlier text is thrown away.

use std::time::Duration;

use futures::future::join_all;
use gettextrs::gettext;
use relm4::ComponentSender;

use super::messages::{Group, Question};
use super::{Best, SearchCommand, SearchPage, SearchPageWidgets};
use crate::models::SourceId;
use crate::services::ServiceError;
use crate::services::core::SearchService;
use crate::services::core::search::{Found, FoundElsewhere};

/// Results of each group: a row or two.
const BEST: u32 = 12;
/// Results of a group of which all are wanted: more is no search any more.
const ALL: u32 = 100;
/// Pause in the typing before servers are asked.
const SERVER_DELAY: Duration = Duration::from_millis(400);
/// Fewer letters are not worth a server's time.
const LEAST_LETTERS: usize = 2;

impl SearchPage {
    pub(super) fn typed(
        &mut self,
        text: String,
        widgets: &SearchPageWidgets,
        sender: &ComponentSender<Self>,
    ) {
        if text == self.text {
            return;
        }
        self.text = text;
        self.question = Question::Everything;
        self.best = Best::Awaited;
        self.asking_servers.stop();
        (self.has_asked_servers, self.has_elsewhere) = (false, false);
        self.results.clear_elsewhere();
        if self.text.trim().is_empty() {
            self.asking.stop();
            widgets.stack.set_visible_child_name("start");
        } else {
            self.ask(sender);
        }
    }

    /// Asks something else about the same text.
    pub(super) fn change(&mut self, question: Question, sender: &ComponentSender<Self>) {
        self.question = question;
        self.asking_servers.stop();
        (self.has_asked_servers, self.has_elsewhere) = (false, false);
        self.results.clear_elsewhere();
        self.ask(sender);
    }

    /// Asks the library.
    pub(super) fn ask(&mut self, sender: &ComponentSender<Self>) {
        if self.text.trim().is_empty() {
            return;
        }
        if self.best == Best::Known {
            self.best = Best::Awaited;
        }
        let (ctx, text, question) = (self.ctx.clone(), self.text.clone(), self.question);
        let output = sender.command_sender().clone();
        self.asking.start(|number| async move {
            let found = match question {
                Question::Everything | Question::AllOf(Group::Elsewhere(_)) => {
                    SearchService::local(&ctx, &text, BEST).await
                }
                Question::AllOf(Group::Titles(kind)) => SearchService::all_of(&ctx, &text, kind, ALL).await,
                Question::AllOf(Group::Shelves(kind)) => {
                    SearchService::all_shelves(&ctx, &text, kind, ALL).await
                }
                Question::AllOf(Group::People) => SearchService::all_people(&ctx, &text, ALL).await,
            };
            output.emit(SearchCommand::Local(number, found));
        });
    }

    pub(super) fn answered(
        &mut self,
        found: Result<Found, ServiceError>,
        widgets: &SearchPageWidgets,
        sender: &ComponentSender<Self>,
    ) {
        let found = match found {
            Ok(found) => found,
            Err(error) => return tracing::warn!(%error, "search failed"),
        };
        let opens_first = std::mem::replace(&mut self.best, Best::Known) == Best::AwaitedToOpen;
        self.has_local = !found.is_empty();
        self.results.show(&self.ctx, self.question, &found);
        if self.question == Question::Everything {
            self.ask_servers(&found, sender);
        } else {
            self.results.focus_back();
        }
        self.show_page(widgets);
        if opens_first {
            self.open_first(sender);
        }
    }

    /// Asks servers for what is not stored, once the typing pauses.
    fn ask_servers(&mut self, found: &Found, sender: &ComponentSender<Self>) {
        if self.text.trim().chars().count() < LEAST_LETTERS || self.has_asked_servers {
            return;
        }
        self.has_asked_servers = true;
        let (ctx, text, shown) = (self.ctx.clone(), self.text.clone(), found.ids());
        let output = sender.command_sender().clone();
        self.asking_servers.start(|number| async move {
            tokio::time::sleep(SERVER_DELAY).await;
            let servers = SearchService::servers(&ctx).await.unwrap_or_default();
            join_all(servers.into_iter().map(async |server| {
                let found = SearchService::elsewhere(&ctx, server.id, &text, &shown).await;
                output.emit(SearchCommand::Elsewhere(number, server.id, server.name, found));
            }))
            .await;
            output.emit(SearchCommand::AllAsked(number));
        });
    }

    pub(super) fn found_elsewhere(
        &mut self,
        source: SourceId,
        name: &str,
        found: Result<Vec<FoundElsewhere>, ServiceError>,
        widgets: &SearchPageWidgets,
    ) {
        match found {
            Ok(found) if !found.is_empty() => {
                self.results.add(&self.ctx, source, name, &found);
                self.has_elsewhere = true;
                self.show_page(widgets);
            }
            Ok(_) => {}
            // What is stored is there; nobody waits for a server.
            Err(error) => tracing::debug!(kind = ?error.kind(), "a server was not searched"),
        }
    }

    pub(super) fn show_page(&self, widgets: &SearchPageWidgets) {
        if self.has_local || self.has_elsewhere || self.question != Question::Everything {
            return widgets.stack.set_visible_child_name("results");
        }
        let more_may_come = self.asking_servers.runs();
        let text =
            if more_may_come { gettext("Servers are being asked…") } else { gettext("Try another word.") };
        widgets.none.set_description(Some(&text));
        widgets.stack.set_visible_child_name("none");
    }
}
