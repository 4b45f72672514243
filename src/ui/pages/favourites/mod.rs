//! Favourites over all sources, by kind.

use adw::prelude::*;
use gettextrs::gettext;
use relm4::{Component, ComponentParts, ComponentSender};

use super::shelves::{CardsKind, CardsOutput};
use crate::models::Source;
use crate::services::core::{LibraryService, SourceService};
use crate::services::{AppContext, ServiceError};
use crate::ui::reading::Reading;
use crate::ui::shelf_text;
use crate::ui::standing::{Notice, paired};
use crate::ui::widgets::{AnyCard, Beacon, CardGroup, CardOutcome, OnCard, Sight, arrange, show_notice};

/// Messages to the page.
#[derive(Debug)]
pub(in crate::ui) enum FavouritesInput {
    /// Read everything anew.
    Reload,
    /// How a source stands changed.
    StatusChanged,
    /// A card was used.
    Used(CardOutcome),
}

/// Cards of one kind.
type Group = (CardsKind, String, Vec<AnyCard>);

/// The page.
#[derive(Debug)]
pub(in crate::ui) struct FavouritesPage {
    ctx: AppContext,
    sources: Vec<Source>,
    shown: Option<Vec<Group>>,
    groups: Vec<(CardsKind, CardGroup)>,
    sight: Sight,
    on: OnCard,
    reading: Reading,
}

#[relm4::component(pub(in crate::ui))]
impl Component for FavouritesPage {
    type Init = (AppContext, Beacon);
    type Input = FavouritesInput;
    type Output = CardsOutput;
    type CommandOutput = Result<(Vec<Source>, Vec<Group>), ServiceError>;

    view! {
        #[root]
        adw::NavigationPage {
            set_title: &gettext("Favourites"),
            #[wrap(Some)]
            set_child = &adw::ToolbarView {
                add_top_bar = &adw::HeaderBar {
                    pack_end = &beacon.button(),
                },
                #[name = "banner"]
                add_top_bar = &adw::Banner {},
                #[wrap(Some)]
                #[name = "stack"]
                set_content = &gtk::Stack {
                    set_transition_type: gtk::StackTransitionType::Crossfade,
                    #[local_ref]
                    add_named[Some("content")] = scroller -> gtk::ScrolledWindow {
                        set_hscrollbar_policy: gtk::PolicyType::Never,
                        #[name = "column"]
                        gtk::Box {
                            set_orientation: gtk::Orientation::Vertical,
                            set_spacing: 18,
                            set_margin_top: 12,
                            set_margin_bottom: 24,
                        },
                    },
                    add_named[Some("empty")] = &adw::StatusPage {
                        set_icon_name: Some("starred-symbolic"),
                        set_title: &gettext("No Favourites Yet"),
                        set_description: Some(&gettext("Mark films and series with the star to find them here.")),
                    },
                },
            },
        }
    }

    fn init(
        (ctx, beacon): Self::Init,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let scroller = &gtk::ScrolledWindow::new();
        let input = sender.input_sender().clone();
        let model = Self {
            ctx,
            sources: Vec::new(),
            shown: None,
            groups: Vec::new(),
            sight: Sight::of(scroller),
            on: OnCard::new(move |outcome| input.emit(FavouritesInput::Used(outcome))),
            reading: Reading::default(),
        };
        let widgets = view_output!();
        sender.input(FavouritesInput::Reload);
        ComponentParts { model, widgets }
    }

    fn update_with_view(
        &mut self,
        widgets: &mut Self::Widgets,
        message: FavouritesInput,
        sender: ComponentSender<Self>,
        _root: &Self::Root,
    ) {
        match message {
            FavouritesInput::Reload => {
                if self.reading.ask() {
                    self.read(&sender);
                }
            }
            FavouritesInput::StatusChanged => self.show_notice(&widgets.banner),
            FavouritesInput::Used(outcome) => {
                let _closed = sender.output(CardsOutput::Card(outcome));
            }
        }
    }

    fn update_cmd_with_view(
        &mut self,
        widgets: &mut Self::Widgets,
        read: Self::CommandOutput,
        sender: ComponentSender<Self>,
        _root: &Self::Root,
    ) {
        match read {
            Ok((sources, groups)) => {
                self.sources = sources;
                self.show_notice(&widgets.banner);
                self.show(groups, widgets, &sender);
            }
            Err(error) => tracing::warn!(%error, "the favourites could not be read"),
        }
        if self.reading.end() {
            self.read(&sender);
        }
    }
}

impl FavouritesPage {
    fn read(&self, sender: &ComponentSender<Self>) {
        let ctx = self.ctx.clone();
        sender.oneshot_command(async move { read(&ctx).await });
    }

    fn show_notice(&self, banner: &adw::Banner) {
        let notice = Notice::of_all(&paired(&self.ctx.connectivity, &self.sources));
        show_notice(banner, notice.as_ref());
    }

    fn show(&mut self, groups: Vec<Group>, widgets: &FavouritesPageWidgets, sender: &ComponentSender<Self>) {
        if self.shown.as_ref() == Some(&groups) {
            return;
        }
        let mut rest = std::mem::take(&mut self.groups);
        for (kind, heading, cards) in &groups {
            let known = rest.iter().position(|(known, _)| known == kind);
            let mut group = match known {
                Some(place) => rest.remove(place).1,
                None => CardGroup::new(Some(heading), *kind, &self.on),
            };
            group.show(&self.ctx, cards, &self.sight, &self.on);
            self.groups.push((*kind, group));
        }
        arrange(&widgets.column, self.groups.iter().map(|(_, group)| group.widget()));
        widgets.stack.set_visible_child_name(if groups.is_empty() { "empty" } else { "content" });
        if self.shown.replace(groups).is_none() {
            let _closed = sender.output(CardsOutput::Populated);
        }
    }
}

async fn read(ctx: &AppContext) -> Result<(Vec<Source>, Vec<Group>), ServiceError> {
    let sources = SourceService::list(ctx).await?;
    let titles = LibraryService::favourites_by_kind(ctx).await?.into_iter().map(|(kind, cards)| {
        let cards = cards.into_iter().map(AnyCard::title).collect();
        (CardsKind::Favourites(kind), shelf_text::kind(kind), cards)
    });
    let mut groups: Vec<Group> = titles.collect();
    let collections = LibraryService::favourite_collections(ctx).await?;
    if !collections.is_empty() {
        let cards = collections.into_iter().map(AnyCard::shelf).collect();
        groups.push((CardsKind::FavouriteCollections, gettext("Collections"), cards));
    }
    Ok((sources, groups))
}
