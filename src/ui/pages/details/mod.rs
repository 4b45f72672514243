//! The details of a film, video, series or episode. A season is its series with that season in front.

mod aside;
mod content;
mod episode_row;
mod episodes;
mod extras;
mod facts;
mod head;
mod media;
mod media_words;
mod menu;
mod messages;
mod people;
mod rating;
mod view;

use adw::prelude::*;
use gettextrs::gettext;
use relm4::{Component, ComponentParts, ComponentSender};

use crate::models::{ExtraKind, MediaId, SourceId, UserRating};
use crate::services::core::connection::Reach;
use crate::services::core::{BackendService, LibraryService, PlaybackService};
use crate::services::{AppContext, ServiceError};
use crate::ui::standing::Notice;
use crate::ui::widgets::Beacon;
use crate::ui::{error_text, text};
use content::Content;
pub(in crate::ui) use facts::role_word;
pub(in crate::ui) use messages::{DetailsCommand, DetailsInput, DetailsOutput};
use view::DetailsView;

/// The page.
#[derive(Debug)]
pub(in crate::ui) struct DetailsPage {
    ctx: AppContext,
    id: MediaId,
    content: Option<Content>,
    season: Option<MediaId>,
    /// The server was asked.
    refreshed: bool,
    /// Why the details could not be refreshed.
    trouble: Option<Notice>,
    /// The source was away when it was last looked at.
    was_away: bool,
    view: DetailsView,
}

impl Component for DetailsPage {
    type Init = (AppContext, Beacon, MediaId);
    type Input = DetailsInput;
    type Output = DetailsOutput;
    type CommandOutput = DetailsCommand;
    type Root = adw::NavigationPage;
    type Widgets = ();

    fn init_root() -> Self::Root {
        adw::NavigationPage::builder().title(gettext("Details")).build()
    }

    fn init(
        (ctx, beacon, id): Self::Init,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let view = DetailsView::build(&root, &beacon, &sender);
        let model = Self {
            ctx,
            id,
            content: None,
            season: None,
            refreshed: false,
            trouble: None,
            was_away: false,
            view,
        };
        sender.input(DetailsInput::Reload);
        ComponentParts { model, widgets: () }
    }

    fn update(&mut self, message: DetailsInput, sender: ComponentSender<Self>, root: &Self::Root) {
        match message {
            DetailsInput::Reload => self.read(&sender),
            DetailsInput::StatusChanged(id) => self.status_changed(id),
            DetailsInput::Play { from_start } => play(self.id, from_start, &sender),
            DetailsInput::PlayItem(id) => play(id, false, &sender),
            DetailsInput::PlayTrailer => self.play_trailer(&sender),
            DetailsInput::SetWatched(watched) => self.mark_watched(self.id, watched, &sender),
            DetailsInput::SetItemWatched(id, watched) => self.mark_watched(id, watched, &sender),
            DetailsInput::SetFavourite(favourite) => self.mark_favourite(favourite, &sender),
            DetailsInput::SetRating(rating) => self.rate(rating, &sender),
            DetailsInput::SeasonChosen(index) => self.season_chosen(index as usize, &sender),
            DetailsInput::VersionChosen(index) => self.version_chosen(index as usize, &sender),
            DetailsInput::ShowMedia => self.show_media(root),
            DetailsInput::OpenAddress(address) => menu::open(&address, root),
        }
    }

    fn update_cmd(&mut self, command: DetailsCommand, sender: ComponentSender<Self>, root: &Self::Root) {
        match command {
            DetailsCommand::Read(content) => self.show(*content, root, &sender),
            DetailsCommand::Refreshed(Ok(()))
            | DetailsCommand::Completed
            | DetailsCommand::Chosen(Ok(())) => self.read(&sender),
            DetailsCommand::Refreshed(Err(error)) => self.refreshed_not(&error),
            DetailsCommand::Marked(Ok(())) => {}
            DetailsCommand::Marked(Err(error)) | DetailsCommand::Chosen(Err(error)) => {
                let _closed = sender.output(DetailsOutput::Say(error_text::sentence(&error)));
            }
        }
    }
}

impl DetailsPage {
    fn read(&self, sender: &ComponentSender<Self>) {
        let (ctx, id, season) = (self.ctx.clone(), self.id, self.season);
        sender.oneshot_command(async move {
            DetailsCommand::Read(Box::new(content::read(&ctx, id, season).await))
        });
    }

    fn show(
        &mut self,
        content: Result<Content, ServiceError>,
        root: &adw::NavigationPage,
        sender: &ComponentSender<Self>,
    ) {
        let content = match content {
            Ok(content) => content,
            Err(error) => return self.refreshed_not(&error),
        };
        if content.item.id != self.id {
            // A season was opened: from now on it is its series, with that season in front.
            self.season = self.season.or(Some(self.id));
            self.id = content.item.id;
        }
        if !std::mem::replace(&mut self.refreshed, true) {
            self.refresh(sender);
        }
        if self.content.as_ref() == Some(&content) {
            return;
        }
        root.set_title(text::title(&content.item));
        self.view.show(&self.ctx, &content, sender);
        let source = content.source.id;
        self.content = Some(content);
        self.status_changed(source);
    }

    /// Asks the server: for the details, and then for what is like the title.
    fn refresh(&self, sender: &ComponentSender<Self>) {
        let (ctx, id) = (self.ctx.clone(), self.id);
        sender.command(move |out, shutdown| {
            shutdown
                .register(async move {
                    let refreshed = BackendService::get_details(&ctx, id).await.map(drop);
                    let is_there = refreshed.is_ok();
                    let _gone = out.send(DetailsCommand::Refreshed(refreshed));
                    if !is_there {
                        return;
                    }
                    match LibraryService::refresh_similar(&ctx, id).await {
                        Ok(()) => drop(out.send(DetailsCommand::Completed)),
                        Err(error) => tracing::debug!(kind = ?error.kind(), "nothing alike"),
                    }
                })
                .drop_on_shutdown()
        });
    }

    /// What is shown is from the database; says why it could not be refreshed.
    fn refreshed_not(&mut self, error: &ServiceError) {
        let text = gettext("{reason} You are seeing your saved library.");
        let text = text.replace("{reason}", &error_text::sentence(error));
        self.trouble = Some(Notice { text, action: None });
        self.show_notice();
    }

    fn status_changed(&mut self, id: SourceId) {
        if self.content.as_ref().is_some_and(|content| content.source.id == id) {
            self.show_notice();
        }
    }

    /// How the source stands says more than why one request failed, and knows when it is over.
    fn show_notice(&mut self) {
        let standing = self.content.as_ref().map(|content| {
            let status = self.ctx.connectivity.status(content.source.id);
            let answers = status.reach == Reach::Online && status.last_error.is_none();
            (Notice::of(&content.source, &status), answers)
        });
        let (notice, answers) = standing.unwrap_or_default();
        if answers && self.was_away {
            self.trouble = None;
        }
        self.was_away = notice.is_some();
        self.view.show_notice(notice.as_ref().or(self.trouble.as_ref()));
    }

    fn mark_watched(&self, id: MediaId, watched: bool, sender: &ComponentSender<Self>) {
        let ctx = self.ctx.clone();
        sender.oneshot_command(async move {
            DetailsCommand::Marked(PlaybackService::set_watched(&ctx, id, watched).await)
        });
    }

    fn mark_favourite(&self, favourite: bool, sender: &ComponentSender<Self>) {
        let (ctx, id) = (self.ctx.clone(), self.id);
        sender.oneshot_command(async move {
            DetailsCommand::Marked(PlaybackService::set_favourite(&ctx, id, favourite).await)
        });
    }

    fn rate(&self, rating: Option<UserRating>, sender: &ComponentSender<Self>) {
        let (ctx, id) = (self.ctx.clone(), self.id);
        sender.oneshot_command(async move {
            DetailsCommand::Marked(PlaybackService::set_rating(&ctx, id, rating).await)
        });
    }

    fn season_chosen(&mut self, index: usize, sender: &ComponentSender<Self>) {
        let Some(content) = &self.content else { return };
        let Some(season) = content.seasons.get(index).map(|season| season.id) else { return };
        if content.season != Some(season) {
            self.season = Some(season);
            self.read(sender);
        }
    }

    fn version_chosen(&self, index: usize, sender: &ComponentSender<Self>) {
        let versions = self.content.as_ref().and_then(|content| content.details.as_ref());
        let Some(version) = versions.and_then(|details| details.versions.get(index)) else { return };
        let (ctx, id, version) = (self.ctx.clone(), self.id, version.id.clone());
        sender.oneshot_command(async move {
            DetailsCommand::Chosen(PlaybackService::choose_version(&ctx, id, Some(&version)).await)
        });
    }

    fn play_trailer(&self, sender: &ComponentSender<Self>) {
        let extras = self.content.iter().flat_map(|content| &content.extras);
        let mut trailers = extras.filter(|(kind, _)| *kind == ExtraKind::Trailer);
        if let Some((_, trailer)) = trailers.next() {
            play(trailer.id, false, sender);
        }
    }

    fn show_media(&self, root: &adw::NavigationPage) {
        if let Some(content) = &self.content {
            media::dialog(content).present(Some(root));
        }
    }
}

fn play(item: MediaId, from_start: bool, sender: &ComponentSender<DetailsPage>) {
    let _closed = sender.output(DetailsOutput::Play { item, from_start });
}
