//! The groups of results below each other: what is stored in a fixed order, then what servers found besides, in the
//! order in which they answered. What is shown already keeps its place.

use adw::prelude::*;
use gettextrs::gettext;
use relm4::Sender;

use super::SearchInput;
use super::messages::{Group, Question, Target};
use super::section::{Entry, Section};
use crate::models::{ItemKind, ShelfKind, SourceId};
use crate::services::AppContext;
use crate::services::core::search::{Found, FoundElsewhere};
use crate::ui::shelf_text;
use crate::ui::widgets::{CARD_PADDING, SIDE, Sight};

/// The groups of what is stored, in the order in which they are shown.
const GROUPS: [Group; 9] = [
    Group::Titles(ItemKind::Movie),
    Group::Titles(ItemKind::Series),
    Group::Titles(ItemKind::Video),
    Group::Titles(ItemKind::Episode),
    Group::People,
    Group::Shelves(ShelfKind::Collection),
    Group::Shelves(ShelfKind::Playlist),
    Group::Titles(ItemKind::Artist),
    Group::Titles(ItemKind::Album),
];

/// All results.
#[derive(Debug)]
pub(super) struct Results {
    root: gtk::Box,
    /// The way back when not the best of every group is shown.
    back: gtk::Button,
    stored: [Section; GROUPS.len()],
    elsewhere: Vec<Section>,
    sight: Sight,
    input: Sender<SearchInput>,
}

impl Results {
    /// No results, in a page with this sight.
    pub(super) fn new(sight: &Sight, input: &Sender<SearchInput>) -> Self {
        let root = gtk::Box::builder()
            .orientation(gtk::Orientation::Vertical)
            .spacing(18)
            .margin_top(12)
            .margin_bottom(24)
            // With the padding of a card, pictures and headings are as far from the edge as on Home.
            .margin_start(SIDE - CARD_PADDING)
            .margin_end(SIDE - CARD_PADDING)
            .build();
        let content = adw::ButtonContent::builder()
            .icon_name("go-previous-symbolic")
            .label(gettext("All Results"))
            .build();
        let back = gtk::Button::builder()
            .child(&content)
            .css_classes(["flat"])
            .halign(gtk::Align::Start)
            .visible(false)
            .build();
        back.update_property(&[gtk::accessible::Property::Label(&gettext("All Results"))]);
        let best = input.clone();
        back.connect_clicked(move |_| best.emit(SearchInput::ShowBest));
        root.append(&back);
        let stored = GROUPS.map(|group| Section::new(group, sight, input));
        for section in &stored {
            root.append(section.widget());
        }
        let (sight, input) = (sight.clone(), input.clone());
        Self { root, back, stored, elsewhere: Vec::new(), sight, input }
    }

    /// The widget.
    pub(super) fn widget(&self) -> &gtk::Box {
        &self.root
    }

    /// Shows what is stored.
    pub(super) fn show(&mut self, ctx: &AppContext, question: Question, found: &Found) {
        self.back.set_visible(question != Question::Everything);
        for section in &mut self.stored {
            let group = section.group();
            let (entries, has_more) = entries(group, found);
            section.show(ctx, &title(group), &entries, has_more);
        }
    }

    /// Adds what the server of a source found besides.
    pub(super) fn add(&mut self, ctx: &AppContext, source: SourceId, name: &str, found: &[FoundElsewhere]) {
        let group = Group::Elsewhere(source);
        let place = self.elsewhere.iter().position(|section| section.group() == group);
        let mut section = match place {
            Some(place) => self.elsewhere.remove(place),
            None => Section::new(group, &self.sight, &self.input),
        };
        if let Some(parent) = section.widget().parent().and_downcast::<gtk::Box>() {
            parent.remove(section.widget());
        }
        self.root.append(section.widget());
        let entries: Vec<Entry<'_>> =
            found.iter().map(|found| Entry::Title(&found.item, Target::of_found(found))).collect();
        // Translators: a heading above search results that a server found; {source} is its name.
        section.show(ctx, &gettext("Also on {source}").replace("{source}", name), &entries, false);
        self.elsewhere.push(section);
    }

    /// Takes away what servers found for another text.
    pub(super) fn clear_elsewhere(&self) {
        self.elsewhere.iter().for_each(Section::clear);
    }

    /// Where the best result leads.
    pub(super) fn first(&self) -> Option<Target> {
        self.stored.iter().chain(&self.elsewhere).find_map(Section::first)
    }

    /// Takes the focus to the best result; tells whether there is one.
    pub(super) fn focus(&self) -> bool {
        self.stored.iter().chain(&self.elsewhere).any(Section::focus)
    }

    /// Takes the focus to the way back to all results.
    pub(super) fn focus_back(&self) {
        self.back.grab_focus();
    }
}

/// What was found of a group, and whether there is more.
fn entries(group: Group, found: &Found) -> (Vec<Entry<'_>>, bool) {
    match group {
        Group::Titles(kind) => {
            let Some(titles) = found.titles.iter().find(|titles| titles.kind == kind) else {
                return Default::default();
            };
            let items = titles.cards.iter().map(|card| &card.item);
            (items.map(|item| Entry::Title(item, Target::Item(item.id))).collect(), titles.has_more)
        }
        Group::Shelves(kind) => {
            let Some(shelves) = found.shelves.iter().find(|shelves| shelves.kind == kind) else {
                return Default::default();
            };
            (shelves.cards.iter().map(Entry::Shelf).collect(), shelves.has_more)
        }
        Group::People => (found.people.iter().map(Entry::Person).collect(), found.has_more_people),
        Group::Elsewhere(_) => Default::default(),
    }
}

/// The title of a group.
fn title(group: Group) -> String {
    match group {
        Group::Titles(kind) => shelf_text::kind(kind),
        Group::Shelves(ShelfKind::Playlist) => gettext("Playlists"),
        Group::Shelves(_) => gettext("Collections"),
        Group::People => gettext("People"),
        Group::Elsewhere(_) => gettext("Other"),
    }
}
