//! A person: portrait, life, and their titles in all sources.
//!
//! The page is there at once with what the database knows; servers complete it.

mod view;
mod words;

use adw::prelude::*;
use relm4::{Component, ComponentParts, ComponentSender};

use crate::models::MediaId;
use crate::services::core::LibraryService;
use crate::services::core::people::PersonOverview;
use crate::services::{AppContext, ServiceError};
use crate::ui::widgets::Beacon;
use view::PersonView;

/// Messages to the page.
#[derive(Debug)]
pub(in crate::ui) enum PersonInput {
    /// Read everything anew from the database.
    Reload,
}

/// What the user wants.
#[derive(Debug)]
pub(in crate::ui) enum PersonOutput {
    /// The details of an item.
    Open(MediaId),
}

/// Results of what the page had done in the background.
#[derive(Debug)]
pub(in crate::ui) enum PersonCommand {
    /// The database was read.
    Read(Box<Result<PersonOverview, ServiceError>>),
    /// The servers were asked.
    Completed,
}

/// The page.
#[derive(Debug)]
pub(in crate::ui) struct PersonPage {
    ctx: AppContext,
    name: String,
    shown: Option<PersonOverview>,
    /// The servers have answered: what is not there by now is not there.
    complete: bool,
    view: PersonView,
}

impl Component for PersonPage {
    type Init = (AppContext, Beacon, String);
    type Input = PersonInput;
    type Output = PersonOutput;
    type CommandOutput = PersonCommand;
    type Root = adw::NavigationPage;
    type Widgets = ();

    fn init_root() -> Self::Root {
        adw::NavigationPage::builder().title("").build()
    }

    fn init(
        (ctx, beacon, name): Self::Init,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        root.set_title(&name);
        let view = PersonView::build(&root, &beacon, &name);
        let (servers, asked) = (ctx.clone(), name.clone());
        let model = Self { ctx, name, shown: None, complete: false, view };
        model.read(&sender);
        sender.oneshot_command(async move {
            if let Err(error) = LibraryService::complete_person(&servers, &asked).await {
                tracing::debug!(kind = ?error.kind(), "nobody was asked about a person");
            }
            PersonCommand::Completed
        });
        ComponentParts { model, widgets: () }
    }

    fn update(&mut self, message: PersonInput, sender: ComponentSender<Self>, _root: &Self::Root) {
        match message {
            PersonInput::Reload => self.read(&sender),
        }
    }

    fn update_cmd(&mut self, command: PersonCommand, sender: ComponentSender<Self>, _root: &Self::Root) {
        match command {
            PersonCommand::Read(overview) => self.show(*overview, &sender),
            PersonCommand::Completed => {
                self.complete = true;
                self.read(&sender);
            }
        }
    }
}

impl PersonPage {
    fn read(&self, sender: &ComponentSender<Self>) {
        let (ctx, name) = (self.ctx.clone(), self.name.clone());
        sender.oneshot_command(async move {
            PersonCommand::Read(Box::new(LibraryService::person(&ctx, &name).await))
        });
    }

    fn show(&mut self, overview: Result<PersonOverview, ServiceError>, sender: &ComponentSender<Self>) {
        match overview {
            Ok(overview) => {
                if self.shown.as_ref() != Some(&overview) {
                    self.view.show(&self.ctx, &overview, self.shown.as_ref(), sender);
                    self.shown = Some(overview);
                }
                let is_empty = self.shown.as_ref().is_none_or(words::has_no_titles);
                self.view.show_nothing(is_empty && self.complete);
            }
            Err(error) => tracing::warn!(%error, "a person could not be read"),
        }
    }
}
