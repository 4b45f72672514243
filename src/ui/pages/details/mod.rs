//! The details of a film, video, series, season or episode.

mod episodes;
mod facts;
mod view;

use adw::prelude::*;
use gettextrs::gettext;
use relm4::{Component, ComponentParts, ComponentSender};

use crate::models::{Item, ItemKind, MediaDetails, MediaId, Source, SourceId};
use crate::services::core::connection::Reach;
use crate::services::core::{BackendService, LibraryService, PlaybackService, SourceService};
use crate::services::{AppContext, ServiceError};
use crate::ui::standing::Notice;
use crate::ui::widgets::Beacon;
use crate::ui::{error_text, text};
use view::DetailsView;

/// Messages to the page.
#[derive(Debug)]
pub(in crate::ui) enum DetailsInput {
    /// Read everything anew from the database.
    Reload,
    /// How a source stands changed.
    StatusChanged(SourceId),
    /// Play, where it was left or from the start.
    Play { from_start: bool },
    /// Play one episode.
    PlayEpisode(MediaId),
    /// Mark as watched, or as not watched.
    SetWatched(bool),
    /// Mark one episode.
    SetEpisodeWatched(MediaId, bool),
    /// Mark as favourite, or not.
    SetFavourite(bool),
    /// Another season was chosen.
    SeasonChosen(u32),
}

/// What the user wants.
#[derive(Debug)]
pub(in crate::ui) enum DetailsOutput {
    /// An item played.
    Play { item: MediaId, from_start: bool },
    /// A sentence in a toast.
    Say(String),
}

/// What was read.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::ui) struct Content {
    item: Item,
    source: Source,
    details: Option<MediaDetails>,
    /// Of a series its seasons, of a season its episodes.
    children: Vec<Item>,
    /// What **Play** plays.
    next: Option<Item>,
    /// Episodes of the season in front.
    episodes: Vec<Item>,
}

/// Results of what the page had done in the background.
#[derive(Debug)]
pub(in crate::ui) enum DetailsCommand {
    /// The database was read.
    Read(Box<Result<Content, ServiceError>>),
    /// The server was asked for details.
    Refreshed(Result<(), ServiceError>),
    /// A mark was stored.
    Marked(Result<(), ServiceError>),
}

/// The page.
#[derive(Debug)]
pub(in crate::ui) struct DetailsPage {
    ctx: AppContext,
    id: MediaId,
    content: Option<Content>,
    season: Option<MediaId>,
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
        let model =
            Self { ctx: ctx.clone(), id, content: None, season: None, trouble: None, was_away: false, view };
        sender.input(DetailsInput::Reload);
        sender.oneshot_command(async move {
            DetailsCommand::Refreshed(BackendService::get_details(&ctx, id).await.map(drop))
        });
        ComponentParts { model, widgets: () }
    }

    fn update(&mut self, message: DetailsInput, sender: ComponentSender<Self>, _root: &Self::Root) {
        match message {
            DetailsInput::Reload => self.read(&sender),
            DetailsInput::StatusChanged(id) => self.status_changed(id),
            DetailsInput::Play { from_start } => play(self.id, from_start, &sender),
            DetailsInput::PlayEpisode(id) => play(id, false, &sender),
            DetailsInput::SetWatched(watched) => self.mark_watched(self.id, watched, &sender),
            DetailsInput::SetEpisodeWatched(id, watched) => self.mark_watched(id, watched, &sender),
            DetailsInput::SetFavourite(favourite) => self.mark_favourite(favourite, &sender),
            DetailsInput::SeasonChosen(index) => self.season_chosen(index as usize, &sender),
        }
    }

    fn update_cmd(&mut self, command: DetailsCommand, sender: ComponentSender<Self>, root: &Self::Root) {
        match command {
            DetailsCommand::Read(content) => self.show(*content, root, &sender),
            DetailsCommand::Refreshed(Ok(())) => self.read(&sender),
            DetailsCommand::Refreshed(Err(error)) => self.refreshed_not(&error),
            DetailsCommand::Marked(Ok(())) => {}
            DetailsCommand::Marked(Err(error)) => {
                let _closed = sender.output(DetailsOutput::Say(error_text::sentence(&error)));
            }
        }
    }
}

impl DetailsPage {
    fn read(&self, sender: &ComponentSender<Self>) {
        let (ctx, id, season) = (self.ctx.clone(), self.id, self.season);
        sender.oneshot_command(async move {
            DetailsCommand::Read(Box::new(read_content(&ctx, id, season).await))
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
        if self.content.as_ref() == Some(&content) {
            return;
        }
        root.set_title(text::title(&content.item));
        self.view.show(&self.ctx, &content, sender);
        let source = content.source.id;
        self.content = Some(content);
        self.status_changed(source);
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

    fn season_chosen(&mut self, index: usize, sender: &ComponentSender<Self>) {
        let Some(content) = &self.content else { return };
        let Some(season) = content.children.get(index).map(|season| season.id) else { return };
        if self.season != Some(season) {
            self.season = Some(season);
            self.read(sender);
        }
    }
}

fn play(item: MediaId, from_start: bool, sender: &ComponentSender<DetailsPage>) {
    let _closed = sender.output(DetailsOutput::Play { item, from_start });
}

async fn read_content(
    ctx: &AppContext,
    id: MediaId,
    season: Option<MediaId>,
) -> Result<Content, ServiceError> {
    let item = LibraryService::item(ctx, id).await?;
    let source = SourceService::get(ctx, item.source_id).await?;
    let details = LibraryService::details(ctx, id).await?.map(|(details, _)| details);
    let has_children = matches!(item.record.kind, ItemKind::Series | ItemKind::Season);
    let children = if has_children { LibraryService::children(ctx, id).await? } else { Vec::new() };
    let next =
        if has_children { PlaybackService::next_to_play(ctx, id).await.ok() } else { Some(item.clone()) };
    let episodes = match item.record.kind {
        ItemKind::Season => children.clone(),
        ItemKind::Series => {
            // The chosen season, else the one that goes on, else the first.
            let wanted = season.or_else(|| next.as_ref().and_then(|next| next.parent_id));
            let shown = children.iter().find(|child| Some(child.id) == wanted).or_else(|| children.first());
            match shown {
                Some(season) => LibraryService::children(ctx, season.id).await?,
                None => Vec::new(),
            }
        }
        _ => Vec::new(),
    };
    Ok(Content { item, source, details, children, next, episodes })
}
