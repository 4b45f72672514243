//! A playlist: how long it lasts, **Play All**, and its items in order.

use std::fmt;
use std::rc::Rc;

use adw::prelude::*;
use gettextrs::gettext;
use relm4::typed_view::list::TypedListView;
use relm4::{Component, ComponentParts, ComponentSender};

use super::CardsOutput;
use super::row::{OnPlay, PlaylistRow};
use crate::models::{MediaId, ShelfId, ShelfKind};
use crate::services::core::library::PlaylistContent;
use crate::services::core::{LibraryService, ShelfService};
use crate::services::{AppContext, ServiceError};
use crate::ui::widgets::{Beacon, CardOutcome, PlayTitles, SIDE, Sight, TitleAction, play_buttons};
use crate::ui::{shelf_text, text};

/// Widest that the list grows, in pixels: a line that is too long is hard to follow.
const WIDEST: i32 = 860;

/// Messages to the page.
#[derive(Debug)]
pub(in crate::ui) enum PlaylistInput {
    /// Read everything anew.
    Reload,
    /// Play from where it was left, or all of it in any order.
    PlayAll {
        /// In any order.
        shuffled: bool,
    },
    /// Play an item.
    Play(MediaId),
    /// See the details of the item at a place.
    Opened(u32),
}

/// Results of what the page had done in the background.
#[derive(Debug)]
pub(in crate::ui) enum PlaylistCommand {
    /// The database was read.
    Read(Box<Result<PlaylistContent, ServiceError>>),
    /// The server was asked.
    Refreshed,
}

/// The page.
pub(in crate::ui) struct PlaylistPage {
    ctx: AppContext,
    id: ShelfId,
    content: Option<PlaylistContent>,
    list: TypedListView<PlaylistRow, gtk::NoSelection>,
    sight: Sight,
    play: OnPlay,
    all: gtk::Box,
    /// The server was asked for what is in it now.
    asked: bool,
}

impl fmt::Debug for PlaylistPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlaylistPage").field("id", &self.id).finish_non_exhaustive()
    }
}

#[relm4::component(pub(in crate::ui))]
impl Component for PlaylistPage {
    type Init = (AppContext, Beacon, ShelfId);
    type Input = PlaylistInput;
    type Output = CardsOutput;
    type CommandOutput = PlaylistCommand;

    view! {
        #[root]
        adw::NavigationPage {
            set_title: &gettext("Playlist"),
            #[wrap(Some)]
            set_child = &adw::ToolbarView {
                add_top_bar = &adw::HeaderBar {
                    pack_end = &beacon.button(),
                },
                add_top_bar = &adw::Clamp {
                    set_maximum_size: WIDEST,
                    gtk::Box {
                        set_spacing: 12,
                        set_margin_top: 6,
                        set_margin_bottom: 12,
                        set_margin_start: SIDE,
                        set_margin_end: SIDE,
                        gtk::Box {
                            set_orientation: gtk::Orientation::Vertical,
                            set_spacing: 3,
                            set_hexpand: true,
                            set_valign: gtk::Align::Center,
                            #[name = "title"]
                            gtk::Label {
                                set_xalign: 0.0,
                                set_wrap: true,
                                add_css_class: "title-2",
                            },
                            #[name = "facts"]
                            gtk::Label {
                                set_xalign: 0.0,
                                set_wrap: true,
                                add_css_class: "dim-label",
                            },
                        },
                        append: all,
                    },
                },
                #[wrap(Some)]
                #[name = "stack"]
                set_content = &gtk::Stack {
                    #[local_ref]
                    add_named[Some("list")] = scroller -> gtk::ScrolledWindow {
                        set_hscrollbar_policy: gtk::PolicyType::Never,
                        adw::ClampScrollable {
                            set_maximum_size: WIDEST,
                            #[local_ref]
                            list -> gtk::ListView {
                                set_single_click_activate: true,
                                add_css_class: "navigation-sidebar",
                                update_property: &[gtk::accessible::Property::Label(&gettext("Playlist"))],
                                connect_activate[sender] => move |_, place| sender.input(PlaylistInput::Opened(place)),
                            },
                        },
                    },
                    add_named[Some("empty")] = &adw::StatusPage {
                        set_icon_name: Some("reel-playlist-symbolic"),
                        set_title: &gettext("Nothing Here Yet"),
                        set_description: Some(&gettext("What is in this playlist is in no library that is shown.")),
                    },
                },
            },
        }
    }

    fn init(
        (ctx, beacon, id): Self::Init,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let scroller = &gtk::ScrolledWindow::new();
        let items: TypedListView<PlaylistRow, gtk::NoSelection> = TypedListView::new();
        let list = &items.view.clone();
        let input = sender.input_sender().clone();
        let play: OnPlay = Rc::new(move |id| input.emit(PlaylistInput::Play(id)));
        let sight = Sight::of(scroller);
        let input = sender.input_sender().clone();
        let all = &play_buttons(move |shuffled| input.emit(PlaylistInput::PlayAll { shuffled }));
        let model = Self { ctx, id, content: None, list: items, sight, play, all: all.clone(), asked: false };
        let widgets = view_output!();
        sender.input(PlaylistInput::Reload);
        ComponentParts { model, widgets }
    }

    fn update(&mut self, message: PlaylistInput, sender: ComponentSender<Self>, _root: &Self::Root) {
        let content = self.content.as_ref();
        match message {
            PlaylistInput::Reload => self.read(&sender),
            PlaylistInput::PlayAll { shuffled } => self.play_all(shuffled, &sender),
            PlaylistInput::Play(id) => tell(Some(id), TitleAction::Play, &sender),
            PlaylistInput::Opened(place) => {
                let item = content.and_then(|content| content.items.get(place as usize)).map(|item| item.id);
                tell(item, TitleAction::Open, &sender);
            }
        }
    }

    fn update_cmd_with_view(
        &mut self,
        widgets: &mut Self::Widgets,
        command: PlaylistCommand,
        sender: ComponentSender<Self>,
        root: &Self::Root,
    ) {
        match command {
            PlaylistCommand::Read(read) => match *read {
                Ok(content) => self.show(content, widgets, root, &sender),
                Err(error) => tracing::debug!(%error, "the playlist is gone"),
            },
            PlaylistCommand::Refreshed => self.read(&sender),
        }
    }
}

fn tell(item: Option<MediaId>, action: TitleAction, sender: &ComponentSender<PlaylistPage>) {
    if let Some(item) = item {
        let _closed = sender.output(CardsOutput::Card(CardOutcome::Title(item, action)));
    }
}

impl PlaylistPage {
    fn play_all(&self, shuffled: bool, sender: &ComponentSender<Self>) {
        let Some(content) = &self.content else { return };
        let titles = content.items.iter().map(|item| item.id).collect();
        let all = PlayTitles { titles, first: content.next().map(|item| item.id), shuffled };
        let _closed = sender.output(CardsOutput::Card(CardOutcome::PlayAll(all)));
    }

    fn read(&self, sender: &ComponentSender<Self>) {
        let (ctx, id) = (self.ctx.clone(), self.id);
        sender.oneshot_command(async move {
            PlaylistCommand::Read(Box::new(LibraryService::playlist(&ctx, id).await))
        });
    }

    fn show(
        &mut self,
        content: PlaylistContent,
        widgets: &PlaylistPageWidgets,
        root: &adw::NavigationPage,
        sender: &ComponentSender<Self>,
    ) {
        self.ask(sender);
        if self.content.as_ref() == Some(&content) {
            return;
        }
        let title = &content.shelf.record.title;
        root.set_title(title);
        widgets.title.set_label(title);
        let many = u32::try_from(content.items.len()).unwrap_or(u32::MAX);
        let mut facts = vec![shelf_text::count(ShelfKind::Playlist, many), text::length(content.duration)];
        facts.extend(content.shelf.record.is_smart.then(|| gettext("filled by the server")));
        widgets.facts.set_label(&facts.join(" · "));
        self.all.set_sensitive(!content.items.is_empty());
        widgets.stack.set_visible_child_name(if content.items.is_empty() { "empty" } else { "list" });
        self.fill(&content);
        if self.content.replace(content).is_none() {
            let _closed = sender.output(CardsOutput::Populated);
        }
    }

    /// Rows that are as before stay, so that the place that is looked at stays.
    fn fill(&mut self, content: &PlaylistContent) {
        let before = self.content.as_ref().map(|content| content.items.as_slice()).unwrap_or_default();
        let same = before.iter().zip(&content.items).take_while(|(one, other)| one == other).count();
        for _ in same..before.len() {
            self.list.remove(u32::try_from(same).unwrap_or(u32::MAX));
        }
        let rows = content.items.iter().enumerate().skip(same).map(|(place, item)| PlaylistRow {
            ctx: self.ctx.clone(),
            sight: self.sight.clone(),
            item: item.clone(),
            place: place + 1,
            play: Rc::clone(&self.play),
        });
        let rows: Vec<PlaylistRow> = rows.collect();
        self.list.extend_from_iter(rows);
    }

    /// Asks the server once for what is in it now; what is known is on the screen meanwhile.
    fn ask(&mut self, sender: &ComponentSender<Self>) {
        if std::mem::replace(&mut self.asked, true) {
            return;
        }
        let (ctx, id) = (self.ctx.clone(), self.id);
        sender.oneshot_command(async move {
            if let Err(error) = ShelfService::refresh(&ctx, id).await {
                tracing::debug!(%error, "the playlist stays as it is");
            }
            PlaylistCommand::Refreshed
        });
    }
}
