//! A collection: its poster, what is said of it, and its titles.

use adw::prelude::*;
use gettextrs::gettext;
use relm4::{Component, ComponentParts, ComponentSender};

use super::{CardsKind, CardsOutput};
use crate::models::{ImageSize, ShelfId, ShelfKind};
use crate::services::core::library::CollectionContent;
use crate::services::core::{LibraryService, ShelfService};
use crate::services::{AppContext, ServiceError};
use crate::ui::shelf_text;
use crate::ui::widgets::{
    AnyCard, Artwork, Beacon, CardGroup, CardOutcome, OnCard, PlayTitles, SIDE, Sight, play_buttons,
};

/// Size of the poster, in pixels.
const POSTER: (i32, i32) = (150, 225);
/// Below this width the poster is left out, in scalable pixels.
const NARROW: f64 = 480.0;

/// Messages to the page.
#[derive(Debug)]
pub(in crate::ui) enum CollectionInput {
    /// Read everything anew.
    Reload,
    /// A card was used.
    Used(CardOutcome),
    /// Play all of it, in its order or in any.
    PlayAll {
        /// In any order.
        shuffled: bool,
    },
}

/// Results of what the page had done in the background.
#[derive(Debug)]
pub(in crate::ui) enum CollectionCommand {
    /// The database was read.
    Read(Box<Result<CollectionContent, ServiceError>>),
    /// The servers were asked.
    Refreshed,
}

/// The page.
#[derive(Debug)]
pub(in crate::ui) struct CollectionPage {
    ctx: AppContext,
    id: ShelfId,
    content: Option<CollectionContent>,
    sight: Sight,
    poster: Artwork,
    titles: CardGroup,
    on: OnCard,
    /// The servers were asked for what is in it now.
    asked: bool,
}

#[relm4::component(pub(in crate::ui))]
impl Component for CollectionPage {
    type Init = (AppContext, Beacon, ShelfId);
    type Input = CollectionInput;
    type Output = CardsOutput;
    type CommandOutput = CollectionCommand;

    view! {
        #[root]
        adw::NavigationPage {
            set_title: &gettext("Collection"),
            #[wrap(Some)]
            set_child = &adw::ToolbarView {
                add_top_bar = &adw::HeaderBar {
                    pack_end = &beacon.button(),
                },
                #[wrap(Some)]
                set_content = &adw::BreakpointBin {
                    set_width_request: 150,
                    set_height_request: 100,
                    add_breakpoint: narrow,
                    #[local_ref]
                    scroller -> gtk::ScrolledWindow {
                        set_hscrollbar_policy: gtk::PolicyType::Never,
                        gtk::Box {
                            set_orientation: gtk::Orientation::Vertical,
                            set_spacing: 18,
                            set_margin_top: 12,
                            set_margin_bottom: 24,
                            gtk::Box {
                                set_spacing: 18,
                                set_margin_start: SIDE,
                                set_margin_end: SIDE,
                                append: poster_widget,
                                gtk::Box {
                                    set_orientation: gtk::Orientation::Vertical,
                                    set_spacing: 6,
                                    set_hexpand: true,
                                    set_valign: gtk::Align::Center,
                                    #[name = "title"]
                                    gtk::Label {
                                        set_xalign: 0.0,
                                        set_wrap: true,
                                        add_css_class: "title-1",
                                    },
                                    #[name = "count"]
                                    gtk::Label {
                                        set_xalign: 0.0,
                                        add_css_class: "dim-label",
                                    },
                                    #[name = "summary"]
                                    gtk::Label {
                                        set_xalign: 0.0,
                                        set_wrap: true,
                                        set_margin_top: 6,
                                    },
                                    append: play_widget,
                                },
                            },
                            append: titles_widget,
                        },
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
        let input = sender.input_sender().clone();
        let on = OnCard::new(move |outcome| input.emit(CollectionInput::Used(outcome)));
        let poster = Artwork::sized("reel-collection-symbolic", POSTER.0, POSTER.1);
        poster.widget().set_valign(gtk::Align::Start);
        poster.widget().add_css_class("card");
        let titles = CardGroup::new(None, CardsKind::Collection(id), &on);
        let (poster_widget, titles_widget) = (&poster.widget().clone(), &titles.widget().clone());
        let input = sender.input_sender().clone();
        let play_widget = &play_buttons(move |shuffled| input.emit(CollectionInput::PlayAll { shuffled }));
        play_widget.set_margin_top(6);
        play_widget.set_halign(gtk::Align::Start);
        let narrow = narrow(poster_widget);
        let sight = Sight::of(scroller);
        let model = Self { ctx, id, content: None, sight, poster, titles, on, asked: false };
        let widgets = view_output!();
        sender.input(CollectionInput::Reload);
        ComponentParts { model, widgets }
    }

    fn update(&mut self, message: CollectionInput, sender: ComponentSender<Self>, _root: &Self::Root) {
        match message {
            CollectionInput::Reload => self.read(&sender),
            CollectionInput::Used(outcome) => {
                let _closed = sender.output(CardsOutput::Card(outcome));
            }
            CollectionInput::PlayAll { shuffled } => self.play_all(shuffled, &sender),
        }
    }

    fn update_cmd_with_view(
        &mut self,
        widgets: &mut Self::Widgets,
        command: CollectionCommand,
        sender: ComponentSender<Self>,
        root: &Self::Root,
    ) {
        match command {
            CollectionCommand::Read(read) => match *read {
                Ok(content) => self.show(content, widgets, root, &sender),
                Err(error) => tracing::debug!(%error, "the collection is gone"),
            },
            CollectionCommand::Refreshed => self.read(&sender),
        }
    }
}

impl CollectionPage {
    fn play_all(&self, shuffled: bool, sender: &ComponentSender<Self>) {
        let Some(content) = &self.content else { return };
        let titles = content.titles.iter().map(|card| card.item.id).collect();
        let all = PlayTitles { titles, first: None, shuffled };
        let _closed = sender.output(CardsOutput::Card(CardOutcome::PlayAll(all)));
    }

    fn read(&self, sender: &ComponentSender<Self>) {
        let (ctx, id) = (self.ctx.clone(), self.id);
        sender.oneshot_command(async move {
            CollectionCommand::Read(Box::new(LibraryService::collection(&ctx, id).await))
        });
    }

    fn show(
        &mut self,
        content: CollectionContent,
        widgets: &CollectionPageWidgets,
        root: &adw::NavigationPage,
        sender: &ComponentSender<Self>,
    ) {
        self.ask(&content, sender);
        if self.content.as_ref() == Some(&content) {
            return;
        }
        let record = &content.card.shelf.record;
        root.set_title(&record.title);
        widgets.title.set_label(&record.title);
        let many = u32::try_from(content.titles.len()).unwrap_or(u32::MAX);
        widgets.count.set_label(&shelf_text::count(ShelfKind::Collection, many));
        widgets.summary.set_label(record.summary.as_deref().unwrap_or_default());
        widgets.summary.set_visible(record.summary.is_some());
        if let Some((source, key)) = content.card.picture() {
            self.poster.show(&self.ctx, source, Some(key), ImageSize::Medium);
        }
        let cards: Vec<AnyCard> = content.titles.iter().cloned().map(AnyCard::title).collect();
        self.titles.show(&self.ctx, &cards, &self.sight, &self.on);
        if self.content.replace(content).is_none() {
            let _closed = sender.output(CardsOutput::Populated);
        }
    }

    /// Asks the servers once for what is in it now; what is known is on the screen meanwhile.
    fn ask(&mut self, content: &CollectionContent, sender: &ComponentSender<Self>) {
        if std::mem::replace(&mut self.asked, true) {
            return;
        }
        let ids: Vec<ShelfId> =
            std::iter::once(content.card.shelf.id).chain(content.card.copies.iter().copied()).collect();
        let ctx = self.ctx.clone();
        sender.oneshot_command(async move {
            for id in ids {
                if let Err(error) = ShelfService::refresh(&ctx, id).await {
                    tracing::debug!(%error, "the collection stays as it is");
                }
            }
            CollectionCommand::Refreshed
        });
    }
}

fn narrow(poster: &gtk::Overlay) -> adw::Breakpoint {
    let condition = adw::BreakpointCondition::new_length(
        adw::BreakpointConditionLengthType::MaxWidth,
        NARROW,
        adw::LengthUnit::Sp,
    );
    let breakpoint = adw::Breakpoint::new(condition);
    breakpoint.add_setter(poster, "visible", Some(&false.to_value()));
    breakpoint
}
