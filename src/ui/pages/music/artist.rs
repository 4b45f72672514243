//! An artist: the albums by year, and all tracks.

use std::time::Duration;

use adw::prelude::*;
use gettextrs::{gettext, ngettext};
use relm4::{Component, ComponentParts, ComponentSender};

use super::album::{column, frame};
use super::header::{Deed, Header};
use super::tracks::{Part, TrackList};
use super::{MusicOutput, shuffled};
use crate::models::{Item, MediaId, Source, SourceId};
use crate::services::core::{LibraryService, PlaybackService, SourceService};
use crate::services::{AppContext, Result};
use crate::ui::standing::Notice;
use crate::ui::widgets::{Beacon, Card, CardShape, Sight, show_notice};
use crate::ui::{error_text, text};

/// Tracks shown at first: each is a widget, and nobody reads thousands.
const FEW_TRACKS: usize = 200;

/// Messages to the page.
#[derive(Debug)]
pub(in crate::ui) enum ArtistInput {
    /// Read everything anew from the database.
    Reload,
    /// How a source stands changed.
    StatusChanged(SourceId),
    /// Play everything.
    Play,
    /// Play everything in any order.
    Shuffle,
    /// Play from a track on.
    TrackChosen(usize),
    /// Show every track.
    ShowAll,
    /// Mark as favourite, or not.
    SetFavourite(bool),
}

/// What was read.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::ui) struct Content {
    artist: Item,
    albums: Vec<Item>,
    tracks: Vec<Item>,
    source: Source,
}

/// Results of what the page had done in the background.
#[derive(Debug)]
pub(in crate::ui) enum ArtistCommand {
    /// The database was read.
    Read(Box<Result<Content>>),
    /// A mark was stored.
    Marked(Result<()>),
}

/// The page.
#[derive(Debug)]
pub(in crate::ui) struct ArtistPage {
    ctx: AppContext,
    id: MediaId,
    content: Option<Content>,
    header: Header,
    summary: gtk::Label,
    heading: gtk::Label,
    albums: adw::WrapBox,
    tracks: TrackList,
    more: gtk::Button,
    show_all: bool,
    banner: adw::Banner,
    sight: Sight,
}

impl Component for ArtistPage {
    type Init = (AppContext, Beacon, MediaId);
    type Input = ArtistInput;
    type Output = MusicOutput;
    type CommandOutput = ArtistCommand;
    type Root = adw::NavigationPage;
    type Widgets = ();

    fn init_root() -> Self::Root {
        adw::NavigationPage::builder().title(gettext("Artist")).build()
    }

    fn init(
        (ctx, beacon, id): Self::Init,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let input = sender.input_sender().clone();
        let header = Header::new("avatar-default-symbolic", move |deed| match deed {
            Deed::Play => input.emit(ArtistInput::Play),
            Deed::Shuffle => input.emit(ArtistInput::Shuffle),
            Deed::Favourite(favourite) => input.emit(ArtistInput::SetFavourite(favourite)),
            Deed::OpenArtist => {}
        });
        let summary = gtk::Label::builder().xalign(0.0).wrap(true).selectable(true).build();
        let heading = title(&gettext("Albums"));
        let albums = adw::WrapBox::builder().child_spacing(4).line_spacing(12).build();
        let tracks = TrackList::new();
        let more = gtk::Button::builder()
            .label(gettext("Show All Tracks"))
            .halign(gtk::Align::Center)
            .css_classes(["pill"])
            .visible(false)
            .build();
        let input = sender.input_sender().clone();
        more.connect_clicked(move |_| input.emit(ArtistInput::ShowAll));
        let banner = adw::Banner::new("");
        let column = column(&[
            header.widget().upcast_ref(),
            summary.upcast_ref(),
            heading.upcast_ref(),
            albums.upcast_ref(),
            tracks.widget().upcast_ref(),
            more.upcast_ref(),
        ]);
        frame(&root, &beacon, &banner, &header, &column);
        let scroller = column.ancestor(gtk::ScrolledWindow::static_type()).and_downcast();
        let sight = Sight::of(&scroller.unwrap_or_default());
        let model = Self {
            ctx,
            id,
            content: None,
            header,
            summary,
            heading,
            albums,
            tracks,
            more,
            show_all: false,
            banner,
            sight,
        };
        sender.input(ArtistInput::Reload);
        ComponentParts { model, widgets: () }
    }

    fn update(&mut self, message: ArtistInput, sender: ComponentSender<Self>, _root: &Self::Root) {
        match message {
            ArtistInput::Reload => self.read(&sender),
            ArtistInput::StatusChanged(id) => self.status_changed(id),
            ArtistInput::Play => play(self.ids(), 0, &sender),
            ArtistInput::TrackChosen(place) => play(self.ids(), place, &sender),
            ArtistInput::Shuffle => play(shuffled(self.ids()), 0, &sender),
            ArtistInput::ShowAll => {
                self.show_all = true;
                self.show_tracks(&sender);
            }
            ArtistInput::SetFavourite(favourite) => self.mark(favourite, &sender),
        }
    }

    fn update_cmd(&mut self, command: ArtistCommand, sender: ComponentSender<Self>, root: &Self::Root) {
        match command {
            ArtistCommand::Read(content) => match *content {
                Ok(content) => self.show(content, root, &sender),
                Err(error) => tracing::debug!(%error, "the artist is gone"),
            },
            ArtistCommand::Marked(Ok(())) => {}
            ArtistCommand::Marked(Err(error)) => {
                let _closed = sender.output(MusicOutput::Say(error_text::sentence(&error)));
            }
        }
    }
}

impl ArtistPage {
    fn read(&self, sender: &ComponentSender<Self>) {
        let (ctx, id) = (self.ctx.clone(), self.id);
        sender.oneshot_command(async move {
            let read = async {
                let artist = LibraryService::item(&ctx, id).await?;
                let albums = LibraryService::albums_of(&ctx, id).await?;
                let tracks = LibraryService::tracks_of(&ctx, &artist).await?;
                let source = SourceService::get(&ctx, artist.source_id).await?;
                Ok(Content { artist, albums, tracks, source })
            };
            ArtistCommand::Read(Box::new(read.await))
        });
    }

    fn show(&mut self, content: Content, root: &adw::NavigationPage, sender: &ComponentSender<Self>) {
        if self.content.as_ref() == Some(&content) {
            return;
        }
        let artist = &content.artist;
        root.set_title(text::title(artist));
        self.header.show(&self.ctx, artist, None, &facts(&content), !content.tracks.is_empty());
        let summary = artist.record.summary.as_deref().unwrap_or_default();
        self.summary.set_label(summary);
        self.summary.set_visible(!summary.is_empty());
        self.heading.set_visible(!content.albums.is_empty());
        if self.content.as_ref().is_none_or(|before| before.albums != content.albums) {
            self.show_albums(&content.albums, sender);
        }
        let source = content.source.id;
        self.content = Some(content);
        self.show_tracks(sender);
        self.status_changed(source);
    }

    fn show_albums(&self, albums: &[Item], sender: &ComponentSender<Self>) {
        while let Some(card) = self.albums.first_child() {
            self.albums.remove(&card);
        }
        for album in albums {
            let card = Card::new(CardShape::Cover, &self.sight);
            card.show(&self.ctx, album);
            card.set_subtitle(&album.record.year.map(|year| year.to_string()).unwrap_or_default());
            let (output, id) = (sender.output_sender().clone(), album.id);
            self.albums.append(&card.into_button(move || {
                let _closed = output.send(MusicOutput::Open(id));
            }));
        }
    }

    fn show_tracks(&self, sender: &ComponentSender<Self>) {
        let Some(content) = &self.content else { return };
        let shown = if self.show_all { content.tracks.len() } else { FEW_TRACKS };
        self.more.set_visible(content.tracks.len() > shown);
        let shown = &content.tracks[..shown.min(content.tracks.len())];
        let parts = shown.chunk_by(|one, other| one.parent_id == other.parent_id).map(|tracks| {
            let album = tracks.first().and_then(|track| track.parent_id);
            let album = content.albums.iter().find(|known| Some(known.id) == album);
            Part { heading: album.map(|album| text::title(album).to_owned()), tracks: tracks.to_vec() }
        });
        let input = sender.input_sender().clone();
        self.tracks.show(parts.collect(), move |place| input.emit(ArtistInput::TrackChosen(place)));
    }

    fn status_changed(&self, id: SourceId) {
        if let Some(content) = self.content.as_ref().filter(|content| content.source.id == id) {
            let status = self.ctx.connectivity.status(id);
            show_notice(&self.banner, Notice::of(&content.source, &status).as_ref());
        }
    }

    fn ids(&self) -> Vec<MediaId> {
        self.content.iter().flat_map(|content| &content.tracks).map(|track| track.id).collect()
    }

    fn mark(&self, favourite: bool, sender: &ComponentSender<Self>) {
        let (ctx, id) = (self.ctx.clone(), self.id);
        sender.oneshot_command(async move {
            ArtistCommand::Marked(PlaybackService::set_favourite(&ctx, id, favourite).await)
        });
    }
}

fn play(items: Vec<MediaId>, first: usize, sender: &ComponentSender<ArtistPage>) {
    let _closed = sender.output(MusicOutput::PlayAll { items, first });
}

/// `2 albums · 10 tracks, 38 min`.
fn facts(content: &Content) -> String {
    let length: Duration = content.tracks.iter().filter_map(|track| track.record.duration).sum();
    let count = content.albums.len();
    let small = u32::try_from(count).unwrap_or(u32::MAX);
    let albums = ngettext("{n} album", "{n} albums", small).replace("{n}", &count.to_string());
    [albums, text::tracks(content.tracks.len(), length)].join(" · ")
}

fn title(words: &str) -> gtk::Label {
    gtk::Label::builder().label(words).xalign(0.0).css_classes(["title-3"]).build()
}
