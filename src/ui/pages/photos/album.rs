//! A folder of photos: the folders in it, then its photos and videos as they were taken.

use adw::prelude::*;
use gettextrs::{gettext, ngettext};
use relm4::{Component, ComponentParts, ComponentSender};

use super::PhotosOutput;
use crate::models::{Item, MediaId, Source, SourceId};
use crate::services::core::{LibraryService, SourceService};
use crate::services::{AppContext, Result};
use crate::ui::standing::Notice;
use crate::ui::text;
use crate::ui::widgets::{Beacon, ItemGrid, show_notice};

/// Messages to the page.
#[derive(Debug)]
pub(in crate::ui) enum PhotoAlbumInput {
    /// Read everything anew from the database.
    Reload,
    /// How a source stands changed.
    StatusChanged(SourceId),
}

/// What was read.
#[derive(Debug)]
pub(in crate::ui) struct Content {
    album: Item,
    items: Vec<Item>,
    source: Source,
}

/// The page.
#[derive(Debug)]
pub(in crate::ui) struct PhotoAlbumPage {
    ctx: AppContext,
    id: MediaId,
    source: Option<Source>,
    title: adw::WindowTitle,
    banner: adw::Banner,
    content: gtk::Stack,
    grid: ItemGrid,
}

impl Component for PhotoAlbumPage {
    type Init = (AppContext, Beacon, MediaId);
    type Input = PhotoAlbumInput;
    type Output = PhotosOutput;
    type CommandOutput = Box<Result<Content>>;
    type Root = adw::NavigationPage;
    type Widgets = ();

    fn init_root() -> Self::Root {
        adw::NavigationPage::builder().title(gettext("Photos")).build()
    }

    fn init(
        (ctx, beacon, id): Self::Init,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let output = sender.output_sender().clone();
        let grid = ItemGrid::new(&ctx, &gettext("Photos"), move |item| {
            let _closed = output.send(PhotosOutput::Open(item.id));
        });
        let empty = adw::StatusPage::builder()
            .icon_name("folder-pictures-symbolic")
            .title(gettext("Nothing Here Yet"))
            .description(gettext("This album is empty, or it is still being read."))
            .build();
        let content = gtk::Stack::new();
        content.add_named(grid.widget(), Some("grid"));
        content.add_named(&empty, Some("empty"));
        let title = adw::WindowTitle::new("", "");
        let bar = adw::HeaderBar::builder().title_widget(&title).build();
        bar.pack_end(&beacon.button());
        let banner = adw::Banner::new("");
        let view = adw::ToolbarView::new();
        view.add_top_bar(&bar);
        view.add_top_bar(&banner);
        view.set_content(Some(&content));
        root.set_child(Some(&view));
        let model = Self { ctx, id, source: None, title, banner, content, grid };
        sender.input(PhotoAlbumInput::Reload);
        ComponentParts { model, widgets: () }
    }

    fn update(&mut self, message: PhotoAlbumInput, sender: ComponentSender<Self>, _root: &Self::Root) {
        match message {
            PhotoAlbumInput::Reload => self.read(&sender),
            PhotoAlbumInput::StatusChanged(id) => self.status_changed(id),
        }
    }

    fn update_cmd(&mut self, read: Box<Result<Content>>, _sender: ComponentSender<Self>, root: &Self::Root) {
        match *read {
            Ok(content) => self.show(content, root),
            Err(error) => tracing::debug!(%error, "the album is gone"),
        }
    }
}

impl PhotoAlbumPage {
    fn read(&self, sender: &ComponentSender<Self>) {
        let (ctx, id) = (self.ctx.clone(), self.id);
        sender.oneshot_command(async move {
            let read = async {
                let album = LibraryService::item(&ctx, id).await?;
                let items = LibraryService::photos_in(&ctx, id).await?;
                let source = SourceService::get(&ctx, album.source_id).await?;
                Ok(Content { album, items, source })
            };
            Box::new(read.await)
        });
    }

    fn show(&mut self, content: Content, root: &adw::NavigationPage) {
        root.set_title(text::title(&content.album));
        self.title.set_title(text::title(&content.album));
        let count = u32::try_from(content.items.len()).unwrap_or(u32::MAX);
        // Translators: photos, videos and folders in a folder.
        let words = ngettext("{n} item", "{n} items", count).replace("{n}", &count.to_string());
        self.title.set_subtitle(&words);
        self.grid.show(&content.items);
        self.content.set_visible_child_name(if content.items.is_empty() { "empty" } else { "grid" });
        let source = content.source.id;
        self.source = Some(content.source);
        self.status_changed(source);
    }

    fn status_changed(&self, id: SourceId) {
        if let Some(source) = self.source.as_ref().filter(|source| source.id == id) {
            show_notice(&self.banner, Notice::of(source, &self.ctx.connectivity.status(id)).as_ref());
        }
    }
}
