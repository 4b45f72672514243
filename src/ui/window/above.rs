//! Pages above the page in front, but for details and connections.

use adw::prelude::*;
use relm4::{Component as _, ComponentController as _, ComponentSender, Controller};

use super::shelves::said;
use super::{Shell, ShellCommand, ShellInput};
use crate::models::{Item, ItemKind, LibraryId, MediaId, SourceId};
use crate::services::core::LibraryService;
use crate::services::{AppContext, ServiceError};
use crate::ui::error_text;
use crate::ui::pages::genre::{GenreInput, GenrePage};
use crate::ui::pages::music::{
    AlbumInput, AlbumPage, ArtistInput, ArtistPage, ArtistsInput, ArtistsPage, MusicOutput,
};
use crate::ui::pages::person::{PersonInput, PersonOutput, PersonPage};
use crate::ui::pages::photos::{PhotoAlbumInput, PhotoAlbumPage, PhotosOutput, ViewerPage};
use crate::ui::pages::shelves::{
    CardsInput, CardsPage, CollectionInput, CollectionPage, PlaylistInput, PlaylistPage,
};

/// One of these pages.
#[derive(Debug)]
pub(super) enum Above {
    Artists(Controller<ArtistsPage>),
    Artist(Controller<ArtistPage>),
    Album(Controller<AlbumPage>),
    PhotoAlbum(Controller<PhotoAlbumPage>),
    Viewer(Controller<ViewerPage>),
    Person(Controller<PersonPage>),
    Genre(Controller<GenrePage>),
    Cards(Controller<CardsPage>),
    Collection(Controller<CollectionPage>),
    Playlist(Controller<PlaylistPage>),
}

impl Above {
    pub(super) fn widget(&self) -> &adw::NavigationPage {
        match self {
            Self::Artists(page) => page.widget(),
            Self::Artist(page) => page.widget(),
            Self::Album(page) => page.widget(),
            Self::PhotoAlbum(page) => page.widget(),
            Self::Viewer(page) => page.widget(),
            Self::Person(page) => page.widget(),
            Self::Genre(page) => page.widget(),
            Self::Cards(page) => page.widget(),
            Self::Collection(page) => page.widget(),
            Self::Playlist(page) => page.widget(),
        }
    }

    fn reload(&self) {
        match self {
            Self::Artists(page) => page.emit(ArtistsInput::Reload),
            Self::Artist(page) => page.emit(ArtistInput::Reload),
            Self::Album(page) => page.emit(AlbumInput::Reload),
            Self::PhotoAlbum(page) => page.emit(PhotoAlbumInput::Reload),
            Self::Person(page) => page.emit(PersonInput::Reload),
            Self::Genre(page) => page.emit(GenreInput::Reload),
            Self::Cards(page) => page.emit(CardsInput::Reload),
            Self::Collection(page) => page.emit(CollectionInput::Reload),
            Self::Playlist(page) => page.emit(PlaylistInput::Reload),
            // A photo that is looked at is not taken away.
            Self::Viewer(_) => {}
        }
    }

    fn status_changed(&self, id: SourceId) {
        match self {
            Self::Artist(page) => page.emit(ArtistInput::StatusChanged(id)),
            Self::Album(page) => page.emit(AlbumInput::StatusChanged(id)),
            Self::PhotoAlbum(page) => page.emit(PhotoAlbumInput::StatusChanged(id)),
            _ => {}
        }
    }
}

/// An item, to open the page that its kind has.
pub(super) async fn find(ctx: AppContext, id: MediaId) -> ShellCommand {
    ShellCommand::Found(Box::new(LibraryService::item(&ctx, id).await))
}

impl Shell {
    /// Opens the page of an item.
    pub(super) fn open_found(&mut self, found: Result<Item, ServiceError>, sender: &ComponentSender<Self>) {
        let item = match found {
            Ok(item) => item,
            Err(error) => return self.say(&error_text::sentence(&error)),
        };
        let (ctx, beacon, input) = (self.ctx.clone(), self.beacon.clone(), sender.input_sender());
        let page = match item.record.kind {
            ItemKind::Artist => {
                Above::Artist(ArtistPage::builder().launch((ctx, beacon, item.id)).forward(input, music))
            }
            ItemKind::Album => {
                Above::Album(AlbumPage::builder().launch((ctx, beacon, item.id)).forward(input, music))
            }
            ItemKind::Track => match item.parent_id {
                Some(album) => {
                    Above::Album(AlbumPage::builder().launch((ctx, beacon, album)).forward(input, music))
                }
                None => return sender.input(ShellInput::Play { item: item.id, from_start: false }),
            },
            ItemKind::PhotoAlbum => Above::PhotoAlbum(
                PhotoAlbumPage::builder().launch((ctx, beacon, item.id)).forward(input, photos),
            ),
            ItemKind::Photo => {
                Above::Viewer(ViewerPage::builder().launch((ctx, item.id)).forward(input, photos))
            }
            _ => return self.open_item(item.id, sender),
        };
        self.push_above(page);
    }

    /// Shows the artists of a library.
    pub(super) fn open_artists(&mut self, library: LibraryId, sender: &ComponentSender<Self>) {
        let init = (self.ctx.clone(), self.beacon.clone(), library);
        self.push_above(Above::Artists(
            ArtistsPage::builder().launch(init).forward(sender.input_sender(), music),
        ));
    }

    /// Shows a person.
    pub(super) fn open_person(&mut self, name: String, sender: &ComponentSender<Self>) {
        let init = (self.ctx.clone(), self.beacon.clone(), name);
        let page = PersonPage::builder().launch(init).forward(sender.input_sender(), |out| match out {
            PersonOutput::Open(item) => ShellInput::OpenItem(item),
        });
        self.push_above(Above::Person(page));
    }

    /// Shows the titles of a genre.
    pub(super) fn open_genre(&mut self, genre: String, sender: &ComponentSender<Self>) {
        let init = (self.ctx.clone(), self.beacon.clone(), genre);
        let page = GenrePage::builder().launch(init).forward(sender.input_sender(), said);
        self.push_above(Above::Genre(page));
    }

    /// Puts a page above the one in front.
    pub(super) fn push_above(&mut self, page: Above) {
        if let Above::Viewer(viewer) = &page {
            // A photo takes the whole window.
            self.view.outer.push(viewer.widget());
        } else {
            self.view.pages.push(page.widget());
            self.view.split.set_show_content(true);
        }
        self.above.push(page);
        self.store_place();
    }

    /// Lets go of what stands above a page that gives way to another. A photo over the whole window stays.
    pub(super) fn clear_above(&mut self) {
        self.above.retain(|page| matches!(page, Above::Viewer(_)));
    }

    /// Lets go of pages that were left.
    pub(super) fn drop_left(&mut self) {
        let shown: Vec<adw::NavigationPage> = [&self.view.pages, &self.view.outer]
            .into_iter()
            .flat_map(|view| {
                let stack = view.navigation_stack();
                stack.iter::<adw::NavigationPage>().filter_map(Result::ok).collect::<Vec<_>>()
            })
            .collect();
        self.above.retain(|page| shown.contains(page.widget()));
    }

    /// Has them read anew.
    pub(super) fn reload_above(&self) {
        self.above.iter().for_each(Above::reload);
    }

    /// How a source stands changed.
    pub(super) fn above_status_changed(&self, id: SourceId) {
        self.above.iter().for_each(|page| page.status_changed(id));
    }
}

fn music(output: MusicOutput) -> ShellInput {
    match output {
        MusicOutput::Open(item) => ShellInput::OpenItem(item),
        MusicOutput::PlayAll { items, first } => ShellInput::PlayAll { items, first },
        MusicOutput::Say(text) => ShellInput::Say(text),
    }
}

fn photos(output: PhotosOutput) -> ShellInput {
    match output {
        PhotosOutput::Open(item) => ShellInput::OpenItem(item),
        PhotosOutput::Leave => ShellInput::LeaveViewer,
    }
}
