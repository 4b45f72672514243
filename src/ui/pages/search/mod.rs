//! Search over all sources, with results while typing.

use adw::prelude::*;
use gettextrs::gettext;
use relm4::{Component, ComponentParts, ComponentSender};

use crate::models::{ItemKind, MediaId};
use crate::services::core::LibraryService;
use crate::services::core::library::Card as TitleCard;
use crate::services::{AppContext, ServiceError};
use crate::ui::text;
use crate::ui::widgets::{Beacon, CARD_PADDING, Card, CardShape, SIDE, Sight};

/// Most results.
const LIMIT: u32 = 60;

/// Messages to the page.
#[derive(Debug)]
pub(in crate::ui) enum SearchInput {
    /// The text changed.
    Typed(String),
}

/// What the user wants.
#[derive(Debug)]
pub(in crate::ui) enum SearchOutput {
    /// The details of an item.
    Open(MediaId),
}

/// The page.
#[derive(Debug)]
pub(in crate::ui) struct SearchPage {
    ctx: AppContext,
    text: String,
    sight: Sight,
}

#[relm4::component(pub(in crate::ui))]
impl Component for SearchPage {
    type Init = (AppContext, Beacon);
    type Input = SearchInput;
    type Output = SearchOutput;
    type CommandOutput = (String, Result<Vec<TitleCard>, ServiceError>);

    view! {
        #[root]
        adw::NavigationPage {
            set_title: &gettext("Search"),
            #[wrap(Some)]
            set_child = &adw::ToolbarView {
                add_top_bar = &adw::HeaderBar {
                    pack_end = &beacon.button(),
                    #[wrap(Some)]
                    set_title_widget = &adw::Clamp {
                        set_maximum_size: 500,
                        set_hexpand: true,
                        #[name = "entry"]
                        gtk::SearchEntry {
                            set_hexpand: true,
                            set_search_delay: 120,
                            set_placeholder_text: Some(&gettext("Films, series and episodes")),
                            update_property: &[gtk::accessible::Property::Label(&gettext("Search"))],
                            connect_search_changed[sender] => move |entry| {
                                sender.input(SearchInput::Typed(entry.text().to_string()));
                            },
                        },
                    },
                },
                #[wrap(Some)]
                #[name = "stack"]
                set_content = &gtk::Stack {
                    add_named[Some("start")] = &adw::StatusPage {
                        set_icon_name: Some("system-search-symbolic"),
                        set_title: &gettext("Search All Sources"),
                        set_description: Some(&gettext("The beginning of a word is enough.")),
                    },
                    add_named[Some("none")] = &adw::StatusPage {
                        set_icon_name: Some("system-search-symbolic"),
                        set_title: &gettext("Nothing Found"),
                        set_description: Some(&gettext("Try another word.")),
                    },
                    #[local_ref]
                    add_named[Some("results")] = scroller -> gtk::ScrolledWindow {
                        set_hscrollbar_policy: gtk::PolicyType::Never,
                        #[name = "results"]
                        gtk::Box {
                            set_orientation: gtk::Orientation::Vertical,
                            set_spacing: 18,
                            set_margin_top: 12,
                            set_margin_bottom: 24,
                            // With the padding of a card, pictures and headings are as far from the edge as on Home.
                            set_margin_start: SIDE - CARD_PADDING,
                            set_margin_end: SIDE - CARD_PADDING,
                        },
                    },
                },
            },
            connect_shown[entry] => move |_| {
                entry.grab_focus();
            },
        }
    }

    fn init(
        (ctx, beacon): Self::Init,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let scroller = &gtk::ScrolledWindow::new();
        let model = Self { ctx, text: String::new(), sight: Sight::of(scroller) };
        let widgets = view_output!();
        ComponentParts { model, widgets }
    }

    fn update_with_view(
        &mut self,
        widgets: &mut Self::Widgets,
        message: SearchInput,
        sender: ComponentSender<Self>,
        _root: &Self::Root,
    ) {
        match message {
            SearchInput::Typed(text) => self.typed(text, &widgets.stack, &sender),
        }
    }

    fn update_cmd_with_view(
        &mut self,
        widgets: &mut Self::Widgets,
        (text, found): Self::CommandOutput,
        sender: ComponentSender<Self>,
        _root: &Self::Root,
    ) {
        if text != self.text {
            return;
        }
        match found {
            Ok(cards) if cards.is_empty() => widgets.stack.set_visible_child_name("none"),
            Ok(cards) => {
                self.show(&cards, &widgets.results, &sender);
                widgets.stack.set_visible_child_name("results");
            }
            Err(error) => tracing::warn!(%error, "search failed"),
        }
    }
}

impl SearchPage {
    fn typed(&mut self, text: String, stack: &gtk::Stack, sender: &ComponentSender<Self>) {
        self.text.clone_from(&text);
        if text.trim().is_empty() {
            stack.set_visible_child_name("start");
            return;
        }
        let ctx = self.ctx.clone();
        sender.oneshot_command(async move {
            let found = LibraryService::search(&ctx, &text, LIMIT).await;
            (text, found)
        });
    }

    fn show(&self, cards: &[TitleCard], parent: &gtk::Box, sender: &ComponentSender<Self>) {
        while let Some(child) = parent.first_child() {
            parent.remove(&child);
        }
        for (kind, title, shape) in [
            (ItemKind::Movie, gettext("Films"), CardShape::Poster),
            (ItemKind::Series, gettext("Series"), CardShape::Poster),
            (ItemKind::Video, gettext("Videos"), CardShape::Poster),
            (ItemKind::Episode, gettext("Episodes"), CardShape::Still),
        ] {
            let group: Vec<&TitleCard> = cards.iter().filter(|card| card.item.record.kind == kind).collect();
            if group.is_empty() {
                continue;
            }
            let heading = gtk::Label::builder()
                .label(&title)
                .xalign(0.0)
                .margin_start(CARD_PADDING)
                .css_classes(["title-3"])
                .accessible_role(gtk::AccessibleRole::Heading)
                .build();
            parent.append(&heading);
            let grid = adw::WrapBox::builder().child_spacing(6).line_spacing(12).build();
            for title in group {
                grid.append(&self.button(title, shape, sender));
            }
            parent.append(&grid);
        }
    }

    fn button(&self, title: &TitleCard, shape: CardShape, sender: &ComponentSender<Self>) -> gtk::Button {
        let card = Card::new(shape, &self.sight);
        card.show(&self.ctx, &title.item);
        let (id, output) = (title.item.id, sender.output_sender().clone());
        let button = card.into_button(move || output.emit(SearchOutput::Open(id)));
        button.update_property(&[gtk::accessible::Property::Label(&text::card_label(&title.item))]);
        button
    }
}
