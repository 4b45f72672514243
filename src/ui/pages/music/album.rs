//! An album: cover, artist, year, length, its tracks by disc. A track plays from there to the album's end.

use std::time::Duration;

use adw::prelude::*;
use gettextrs::gettext;
use relm4::{Component, ComponentParts, ComponentSender};

use super::header::{Deed, Header};
use super::tracks::{TrackList, by_disc};
use super::{MusicOutput, shuffled};
use crate::models::{Item, MediaId, Source, SourceId};
use crate::services::core::{LibraryService, PlaybackService, SourceService};
use crate::services::{AppContext, Result};
use crate::ui::standing::Notice;
use crate::ui::widgets::{Beacon, show_notice};
use crate::ui::{error_text, text};

/// Space beside the content, in pixels: two covers fit beside each other on the narrowest screen.
const NARROW_SIDE: i32 = 12;

/// Messages to the page.
#[derive(Debug)]
pub(in crate::ui) enum AlbumInput {
    /// Read everything anew from the database.
    Reload,
    /// How a source stands changed.
    StatusChanged(SourceId),
    /// Play the album.
    Play,
    /// Play it in any order.
    Shuffle,
    /// Play from a track on.
    TrackChosen(usize),
    /// Mark it as favourite, or not.
    SetFavourite(bool),
    /// Go to the artist.
    OpenArtist,
}

/// What was read.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::ui) struct Content {
    album: Item,
    tracks: Vec<Item>,
    source: Source,
}

/// Results of what the page had done in the background.
#[derive(Debug)]
pub(in crate::ui) enum AlbumCommand {
    /// The database was read.
    Read(Box<Result<Content>>),
    /// A mark was stored.
    Marked(Result<()>),
}

/// The page.
#[derive(Debug)]
pub(in crate::ui) struct AlbumPage {
    ctx: AppContext,
    id: MediaId,
    content: Option<Content>,
    header: Header,
    tracks: TrackList,
    banner: adw::Banner,
}

impl Component for AlbumPage {
    type Init = (AppContext, Beacon, MediaId);
    type Input = AlbumInput;
    type Output = MusicOutput;
    type CommandOutput = AlbumCommand;
    type Root = adw::NavigationPage;
    type Widgets = ();

    fn init_root() -> Self::Root {
        adw::NavigationPage::builder().title(gettext("Album")).build()
    }

    fn init(
        (ctx, beacon, id): Self::Init,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let input = sender.input_sender().clone();
        let header = Header::new("folder-music-symbolic", move |deed| {
            input.emit(match deed {
                Deed::Play => AlbumInput::Play,
                Deed::Shuffle => AlbumInput::Shuffle,
                Deed::Favourite(favourite) => AlbumInput::SetFavourite(favourite),
                Deed::OpenArtist => AlbumInput::OpenArtist,
            });
        });
        let tracks = TrackList::new();
        let banner = adw::Banner::new("");
        let column = column(&[header.widget().upcast_ref(), tracks.widget().upcast_ref()]);
        frame(&root, &beacon, &banner, &header, &column);
        let model = Self { ctx, id, content: None, header, tracks, banner };
        sender.input(AlbumInput::Reload);
        ComponentParts { model, widgets: () }
    }

    fn update(&mut self, message: AlbumInput, sender: ComponentSender<Self>, _root: &Self::Root) {
        match message {
            AlbumInput::Reload => self.read(&sender),
            AlbumInput::StatusChanged(id) => self.status_changed(id),
            AlbumInput::Play => self.play(0, &sender),
            AlbumInput::TrackChosen(place) => self.play(place, &sender),
            AlbumInput::Shuffle => {
                let output = MusicOutput::PlayAll { items: shuffled(self.ids()), first: 0 };
                let _closed = sender.output(output);
            }
            AlbumInput::SetFavourite(favourite) => self.mark(favourite, &sender),
            AlbumInput::OpenArtist => {
                if let Some(artist) = self.content.as_ref().and_then(|content| content.album.series_id) {
                    let _closed = sender.output(MusicOutput::Open(artist));
                }
            }
        }
    }

    fn update_cmd(&mut self, command: AlbumCommand, sender: ComponentSender<Self>, root: &Self::Root) {
        match command {
            AlbumCommand::Read(content) => match *content {
                Ok(content) => self.show(content, root, &sender),
                Err(error) => tracing::debug!(%error, "the album is gone"),
            },
            AlbumCommand::Marked(Ok(())) => {}
            AlbumCommand::Marked(Err(error)) => {
                let _closed = sender.output(MusicOutput::Say(error_text::sentence(&error)));
            }
        }
    }
}

impl AlbumPage {
    fn read(&self, sender: &ComponentSender<Self>) {
        let (ctx, id) = (self.ctx.clone(), self.id);
        sender.oneshot_command(async move {
            let read = async {
                let album = LibraryService::item(&ctx, id).await?;
                let tracks = LibraryService::tracks_of(&ctx, &album).await?;
                let source = SourceService::get(&ctx, album.source_id).await?;
                Ok(Content { album, tracks, source })
            };
            AlbumCommand::Read(Box::new(read.await))
        });
    }

    fn show(&mut self, content: Content, root: &adw::NavigationPage, sender: &ComponentSender<Self>) {
        if self.content.as_ref() == Some(&content) {
            return;
        }
        let album = &content.album;
        root.set_title(text::title(album));
        let artist = text::performer(album).map(|name| (name, album.series_id.is_some()));
        self.header.show(&self.ctx, album, artist, &facts(&content), !content.tracks.is_empty());
        let input = sender.input_sender().clone();
        self.tracks.show(by_disc(&content.tracks), move |place| input.emit(AlbumInput::TrackChosen(place)));
        let source = content.source.id;
        self.content = Some(content);
        self.status_changed(source);
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

    fn play(&self, first: usize, sender: &ComponentSender<Self>) {
        let _closed = sender.output(MusicOutput::PlayAll { items: self.ids(), first });
    }

    fn mark(&self, favourite: bool, sender: &ComponentSender<Self>) {
        let (ctx, id) = (self.ctx.clone(), self.id);
        sender.oneshot_command(async move {
            AlbumCommand::Marked(PlaybackService::set_favourite(&ctx, id, favourite).await)
        });
    }
}

/// `2016 · 4 tracks, 15 min · Folk`.
fn facts(content: &Content) -> String {
    let record = &content.album.record;
    let length: Duration = content.tracks.iter().filter_map(|track| track.record.duration).sum();
    let mut parts: Vec<String> = record.year.map(|year| year.to_string()).into_iter().collect();
    parts.push(text::tracks(content.tracks.len(), length));
    parts.extend(record.genres.first().cloned());
    parts.join(" · ")
}

/// A column with room around it.
pub(super) fn column(children: &[&gtk::Widget]) -> gtk::Box {
    let column = gtk::Box::builder()
        .orientation(gtk::Orientation::Vertical)
        .spacing(24)
        .margin_top(24)
        .margin_bottom(24)
        .margin_start(NARROW_SIDE)
        .margin_end(NARROW_SIDE)
        .build();
    for child in children {
        column.append(*child);
    }
    column
}

/// Puts a column into a page that scrolls.
pub(super) fn frame(
    root: &adw::NavigationPage,
    beacon: &Beacon,
    banner: &adw::Banner,
    header: &Header,
    column: &gtk::Box,
) {
    let clamp = adw::Clamp::builder().maximum_size(860).child(column).build();
    let scroller = gtk::ScrolledWindow::builder()
        .hscrollbar_policy(gtk::PolicyType::Never)
        .vexpand(true)
        .child(&clamp)
        .build();
    let view = adw::ToolbarView::new();
    let bar = adw::HeaderBar::new();
    bar.pack_end(&beacon.button());
    view.add_top_bar(&bar);
    view.add_top_bar(banner);
    view.set_content(Some(&header.adapt(&scroller)));
    root.set_child(Some(&view));
}
