//! The groups of results below each other: what is stored in a fixed order, then what servers found besides, in the
//! order in which they answered. What is shown already keeps its place.

use adw::prelude::*;
use gettextrs::gettext;
use relm4::Sender;

use super::SearchInput;
use super::messages::{Group, Question, Target};
use super::section::{Entry, Section};
use crate::db::SEARCHED;
use crate::models::{ItemKind, SourceId};
use crate::services::AppContext;
use crate::services::core::search::{Found, FoundElsewhere};
use crate::ui::widgets::{CARD_PADDING, SIDE, Sight};

/// All results.
#[derive(Debug)]
pub(super) struct Results {
    root: gtk::Box,
    /// What is in front when not the best of every group is shown: the way back, and of whom the titles are.
    head: gtk::Box,
    name: gtk::Label,
    back: gtk::Button,
    stored: Vec<Section>,
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
        let back =
            gtk::Button::builder().child(&content).css_classes(["flat"]).halign(gtk::Align::Start).build();
        back.update_property(&[gtk::accessible::Property::Label(&gettext("All Results"))]);
        let best = input.clone();
        back.connect_clicked(move |_| best.emit(SearchInput::ShowBest));
        let name = gtk::Label::builder()
            .xalign(0.0)
            .wrap(true)
            .margin_start(CARD_PADDING)
            .css_classes(["title-2"])
            .accessible_role(gtk::AccessibleRole::Heading)
            .build();
        let head =
            gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(6).visible(false).build();
        head.append(&back);
        head.append(&name);
        root.append(&head);
        let groups = SEARCHED.into_iter().map(Group::Titles).chain([Group::People]);
        let stored: Vec<Section> = groups.map(|group| Section::new(group, sight, input)).collect();
        for section in &stored {
            root.append(section.widget());
        }
        let (sight, input) = (sight.clone(), input.clone());
        Self { root, head, name, back, stored, elsewhere: Vec::new(), sight, input }
    }

    /// The widget.
    pub(super) fn widget(&self) -> &gtk::Box {
        &self.root
    }

    /// Shows what is stored.
    pub(super) fn show(&mut self, ctx: &AppContext, question: &Question, found: &Found) {
        self.head.set_visible(*question != Question::Everything);
        let name = match question {
            // Translators: a heading above films and series; {name} is the name of an actor or another person.
            Question::Person(name) => gettext("Titles with {name}").replace("{name}", name),
            Question::Everything | Question::AllOf(_) => String::new(),
        };
        self.name.set_visible(!name.is_empty());
        self.name.set_label(&name);
        for section in &mut self.stored {
            let group = section.group();
            let titles = found.titles.iter().find(|titles| Group::Titles(titles.kind) == group);
            let (entries, has_more): (Vec<Entry<'_>>, bool) = match (group, titles) {
                (Group::People, _) => {
                    (found.people.iter().map(Entry::Person).collect(), found.has_more_people)
                }
                (_, Some(titles)) => {
                    let items = titles.cards.iter().map(|card| &card.item);
                    (items.map(|item| Entry::Title(item, Target::Item(item.id))).collect(), titles.has_more)
                }
                (_, None) => (Vec::new(), false),
            };
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

/// The title of a group.
fn title(group: Group) -> String {
    match group {
        Group::Titles(ItemKind::Movie) => gettext("Films"),
        Group::Titles(ItemKind::Series) => gettext("Series"),
        Group::Titles(ItemKind::Video) => gettext("Videos"),
        Group::Titles(ItemKind::Episode) => gettext("Episodes"),
        Group::People => gettext("People"),
        Group::Titles(_) | Group::Elsewhere(_) => gettext("Other"),
    }
}
