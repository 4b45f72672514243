//! The viewer: one photo over the whole window, with the way to the others of its folder.

mod view;

use std::collections::HashMap;

use adw::prelude::*;
use gettextrs::gettext;
use gtk::gdk;
use relm4::{Component, ComponentParts, ComponentSender};

use super::PhotosOutput;
use super::zoom::Zoom;
use crate::models::{ImageSize, Item, MediaDetails, MediaId};
use crate::services::core::{BackendService, LibraryService};
use crate::services::{AppContext, Result};
use crate::ui::widgets::whole_picture;
use crate::ui::{error_text, text};
use view::ViewerView;

/// Photos kept on each side of the one in front, so that the next is there at once.
const KEPT: usize = 1;

/// Messages to the viewer.
#[derive(Debug)]
pub(in crate::ui) enum ViewerInput {
    /// So many photos on, or back.
    Stepped(i32),
    /// So many times larger.
    ZoomedBy(f64),
    /// So many times larger than when the fingers touched.
    Pinched(f64),
    /// The fingers touched.
    PinchBegan,
    /// As large as fits.
    Fitted,
    /// Near, or as large as fits.
    ZoomToggled,
    /// The window is of another size.
    Resized,
    /// What is known of it, or not.
    InformationToggled,
    /// Full screen, or not.
    FullscreenToggled,
    /// Out of full screen, else out of the viewer.
    Escaped,
    /// The viewer is left.
    Left,
}

/// A photo with what is known of it.
#[derive(Debug, Clone)]
pub(in crate::ui) struct Photo {
    item: Item,
    album: Option<Item>,
    details: Option<MediaDetails>,
}

/// Results of what the viewer had done in the background.
#[derive(Debug)]
pub(in crate::ui) enum ViewerCommand {
    /// Which photos there are.
    Listed(Result<Vec<MediaId>>),
    /// The facts of one.
    Read(MediaId, Box<Result<Photo>>),
    /// The picture of one.
    Loaded(MediaId, Result<gdk::Texture>),
}

/// The viewer.
#[derive(Debug)]
pub(in crate::ui) struct ViewerPage {
    ctx: AppContext,
    photos: Vec<MediaId>,
    place: usize,
    known: HashMap<MediaId, Photo>,
    pictures: HashMap<MediaId, Result<gdk::Texture>>,
    zoom: Zoom,
    /// The zoom when the fingers touched.
    pinched: Zoom,
    view: ViewerView,
}

impl Component for ViewerPage {
    type Init = (AppContext, MediaId);
    type Input = ViewerInput;
    type Output = PhotosOutput;
    type CommandOutput = ViewerCommand;
    type Root = adw::NavigationPage;
    type Widgets = ();

    fn init_root() -> Self::Root {
        adw::NavigationPage::builder().title(gettext("Photo")).build()
    }

    fn init((ctx, id): Self::Init, root: Self::Root, sender: ComponentSender<Self>) -> ComponentParts<Self> {
        let view = ViewerView::build(&root, sender.input_sender());
        let list = ctx.clone();
        sender.oneshot_command(async move {
            let listed = async {
                let photo = LibraryService::item(&list, id).await?;
                LibraryService::photos_beside(&list, &photo).await
            };
            ViewerCommand::Listed(listed.await)
        });
        let model = Self {
            ctx,
            photos: vec![id],
            place: 0,
            known: HashMap::new(),
            pictures: HashMap::new(),
            zoom: Zoom::default(),
            pinched: Zoom::default(),
            view,
        };
        model.ask(id, &sender);
        ComponentParts { model, widgets: () }
    }

    fn update(&mut self, message: ViewerInput, sender: ComponentSender<Self>, root: &Self::Root) {
        match message {
            ViewerInput::Stepped(by) => self.step(by, root, &sender),
            ViewerInput::ZoomedBy(factor) => self.zoom_to(self.zoom.by(factor)),
            ViewerInput::PinchBegan => self.pinched = self.zoom,
            ViewerInput::Pinched(factor) => self.zoom_to(self.pinched.by(factor)),
            ViewerInput::Fitted => self.zoom_to(Zoom::default()),
            ViewerInput::ZoomToggled => self.zoom_to(self.zoom.toggled()),
            ViewerInput::Resized => self.view.zoom(self.zoom, self.zoom),
            ViewerInput::InformationToggled => self.view.toggle_information(),
            ViewerInput::FullscreenToggled => self.view.toggle_fullscreen(root),
            ViewerInput::Escaped => {
                if !self.view.leave_fullscreen(root) {
                    let _closed = sender.output(PhotosOutput::Leave);
                }
            }
            ViewerInput::Left => {
                self.view.leave_fullscreen(root);
            }
        }
    }

    fn update_cmd(&mut self, command: ViewerCommand, sender: ComponentSender<Self>, root: &Self::Root) {
        match command {
            ViewerCommand::Listed(Ok(photos)) => self.listed(photos, root, &sender),
            ViewerCommand::Listed(Err(error)) => tracing::debug!(%error, "the photos could not be listed"),
            ViewerCommand::Read(id, read) => match *read {
                Ok(photo) => {
                    self.known.insert(id, photo);
                    self.show(root);
                }
                Err(error) => tracing::debug!(%error, "a photo could not be read"),
            },
            ViewerCommand::Loaded(id, picture) => {
                self.pictures.insert(id, picture);
                self.show(root);
            }
        }
    }
}

impl ViewerPage {
    fn front(&self) -> Option<MediaId> {
        self.photos.get(self.place).copied()
    }

    fn listed(&mut self, photos: Vec<MediaId>, root: &adw::NavigationPage, sender: &ComponentSender<Self>) {
        let front = self.front();
        if let Some(place) = photos.iter().position(|id| Some(*id) == front) {
            self.photos = photos;
            self.place = place;
        }
        self.ask_around(sender);
        self.show(root);
    }

    fn step(&mut self, by: i32, root: &adw::NavigationPage, sender: &ComponentSender<Self>) {
        let place = i32::try_from(self.place).unwrap_or(i32::MAX).saturating_add(by);
        let Some(place) = usize::try_from(place).ok().filter(|place| *place < self.photos.len()) else {
            return;
        };
        self.place = place;
        self.zoom_to(Zoom::default());
        self.ask_around(sender);
        self.show(root);
    }

    /// Has the photo in front and its neighbours fetched, and lets the others go. What failed is tried once more.
    fn ask_around(&mut self, sender: &ComponentSender<Self>) {
        let first = self.place.saturating_sub(KEPT);
        let near: Vec<MediaId> = self.photos.iter().skip(first).take(2 * KEPT + 1).copied().collect();
        self.pictures.retain(|id, picture| near.contains(id) && picture.is_ok());
        self.known.retain(|id, _| near.contains(id));
        for id in near {
            if !self.pictures.contains_key(&id) {
                self.ask(id, sender);
            }
        }
    }

    /// Has a photo read and fetched.
    fn ask(&self, id: MediaId, sender: &ComponentSender<Self>) {
        let ctx = self.ctx.clone();
        sender.command(move |out, shutdown| {
            shutdown
                .register(async move {
                    let photo = read(&ctx, id).await;
                    let item = photo.as_ref().ok().map(|photo| photo.item.clone());
                    out.emit(ViewerCommand::Read(id, Box::new(photo)));
                    let Some(item) = item else { return };
                    let images = &item.record.images;
                    let Some(key) = images.backdrop.as_ref().or(images.primary.as_ref()) else { return };
                    let picture = whole_picture(&ctx, item.source_id, key, ImageSize::Full).await;
                    out.emit(ViewerCommand::Loaded(id, picture));
                    // What only the server knows of it, once the picture is there.
                    if BackendService::get_details(&ctx, id).await.is_ok() {
                        out.emit(ViewerCommand::Read(id, Box::new(read(&ctx, id).await)));
                    }
                })
                .drop_on_shutdown()
        });
    }

    fn show(&self, root: &adw::NavigationPage) {
        let Some(id) = self.front() else { return };
        let count = (self.place + 1, self.photos.len());
        let title = match self.known.get(&id) {
            Some(photo) => {
                self.view.show_facts(&photo.item, photo.album.as_ref(), photo.details.as_ref());
                text::title(&photo.item).to_owned()
            }
            None => String::new(),
        };
        root.set_title(if title.is_empty() { "—" } else { &title });
        self.view.show_title(&title, count);
        match self.pictures.get(&id) {
            Some(Ok(picture)) => self.view.show_picture(picture, &title),
            Some(Err(error)) => self.view.show_failure(&error_text::sentence(error)),
            None => self.view.show_waiting(),
        }
    }

    fn zoom_to(&mut self, zoom: Zoom) {
        let before = std::mem::replace(&mut self.zoom, zoom);
        self.view.zoom(before, zoom);
    }
}

/// What the database knows of a photo.
async fn read(ctx: &AppContext, id: MediaId) -> Result<Photo> {
    let item = LibraryService::item(ctx, id).await?;
    let album = match item.parent_id {
        Some(album) => LibraryService::item(ctx, album).await.ok(),
        None => None,
    };
    let details = LibraryService::details(ctx, id).await?.map(|(details, _)| details);
    Ok(Photo { item, album, details })
}
