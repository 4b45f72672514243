//! The artists of a library.

use adw::prelude::*;
use gettextrs::{gettext, ngettext};
use relm4::{Component, ComponentParts, ComponentSender};

use super::MusicOutput;
use crate::models::{Item, LibraryId};
use crate::services::core::LibraryService;
use crate::services::{AppContext, Result};
use crate::ui::widgets::{Beacon, ItemGrid};

/// Messages to the page.
#[derive(Debug)]
pub(in crate::ui) enum ArtistsInput {
    /// Read everything anew from the database.
    Reload,
}

/// The page.
#[derive(Debug)]
pub(in crate::ui) struct ArtistsPage {
    ctx: AppContext,
    library: LibraryId,
    title: adw::WindowTitle,
    content: gtk::Stack,
    grid: ItemGrid,
}

impl Component for ArtistsPage {
    type Init = (AppContext, Beacon, LibraryId);
    type Input = ArtistsInput;
    type Output = MusicOutput;
    type CommandOutput = Result<Vec<Item>>;
    type Root = adw::NavigationPage;
    type Widgets = ();

    fn init_root() -> Self::Root {
        adw::NavigationPage::builder().title(gettext("Artists")).build()
    }

    fn init(
        (ctx, beacon, library): Self::Init,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let output = sender.output_sender().clone();
        let grid = ItemGrid::new(&ctx, &gettext("Artists"), move |artist| {
            let _closed = output.send(MusicOutput::Open(artist.id));
        });
        let empty = adw::StatusPage::builder()
            .icon_name("avatar-default-symbolic")
            .title(gettext("No Artists Here"))
            .description(gettext("The music of this library names nobody, or it is still being read."))
            .build();
        let content = gtk::Stack::new();
        content.add_named(grid.widget(), Some("grid"));
        content.add_named(&empty, Some("empty"));
        let title = adw::WindowTitle::new(&gettext("Artists"), "");
        let bar = adw::HeaderBar::builder().title_widget(&title).build();
        bar.pack_end(&beacon.button());
        let view = adw::ToolbarView::new();
        view.add_top_bar(&bar);
        view.set_content(Some(&content));
        root.set_child(Some(&view));
        let model = Self { ctx, library, title, content, grid };
        sender.input(ArtistsInput::Reload);
        ComponentParts { model, widgets: () }
    }

    fn update(&mut self, message: ArtistsInput, sender: ComponentSender<Self>, _root: &Self::Root) {
        match message {
            ArtistsInput::Reload => {
                let (ctx, library) = (self.ctx.clone(), self.library);
                sender.oneshot_command(async move { LibraryService::artists(&ctx, library).await });
            }
        }
    }

    fn update_cmd(&mut self, read: Result<Vec<Item>>, _sender: ComponentSender<Self>, _root: &Self::Root) {
        let artists = match read {
            Ok(artists) => artists,
            Err(error) => return tracing::warn!(%error, "the artists could not be read"),
        };
        let count = u32::try_from(artists.len()).unwrap_or(u32::MAX);
        let words = ngettext("{n} artist", "{n} artists", count).replace("{n}", &count.to_string());
        self.title.set_subtitle(&words);
        self.grid.show(&artists);
        self.content.set_visible_child_name(if artists.is_empty() { "empty" } else { "grid" });
    }
}
