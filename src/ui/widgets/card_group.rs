//! Cards under a heading, in as many lines as they need.

use adw::prelude::*;
use gettextrs::gettext;

use super::card_list::CardList;
use super::{AnyCard, CARD_PADDING, CardOutcome, OnCard, SIDE, Sight};
use crate::services::AppContext;
use crate::ui::pages::shelves::CardsKind;

/// Cards of a group; more are a click away.
pub(in crate::ui) const GROUP_LENGTH: usize = 60;

/// The group.
#[derive(Debug)]
pub(in crate::ui) struct CardGroup {
    root: gtk::Box,
    all: gtk::Button,
    lines: adw::WrapBox,
    cards: CardList,
}

impl CardGroup {
    /// An empty group with a heading, when there is one; `all` is what its button opens.
    pub(in crate::ui) fn new(heading: Option<&str>, all: CardsKind, on: &OnCard) -> Self {
        let root = gtk::Box::builder()
            .orientation(gtk::Orientation::Vertical)
            .spacing(6)
            .accessible_role(gtk::AccessibleRole::Group)
            .build();
        if let Some(heading) = heading {
            root.update_property(&[gtk::accessible::Property::Label(heading)]);
        }
        let (head, button) = heading_with_all(heading.unwrap_or_default(), all, on);
        root.append(&head);
        let lines = adw::WrapBox::builder()
            .child_spacing(6)
            .line_spacing(12)
            .margin_start(SIDE - CARD_PADDING)
            .margin_end(SIDE - CARD_PADDING)
            .build();
        root.append(&lines);
        Self { root, all: button, lines, cards: CardList::default() }
    }

    /// The widget.
    pub(in crate::ui) fn widget(&self) -> &gtk::Box {
        &self.root
    }

    /// Shows the first of these cards.
    pub(in crate::ui) fn show(&mut self, ctx: &AppContext, cards: &[AnyCard], sight: &Sight, on: &OnCard) {
        let shown = &cards[..cards.len().min(GROUP_LENGTH)];
        self.all.set_visible(cards.len() > shown.len());
        self.cards.show(ctx, &self.lines, shown, false, sight, on);
    }
}

/// A heading with the button that shows all of what is below it.
pub(in crate::ui) fn heading_with_all(title: &str, all: CardsKind, on: &OnCard) -> (gtk::Box, gtk::Button) {
    let head = gtk::Box::builder().spacing(6).margin_start(SIDE).margin_end(SIDE - 6).build();
    let heading = gtk::Label::builder()
        .label(title)
        .xalign(0.0)
        .hexpand(true)
        .ellipsize(gtk::pango::EllipsizeMode::End)
        .tooltip_text(title)
        .visible(!title.is_empty())
        .css_classes(["title-3"])
        .accessible_role(gtk::AccessibleRole::Heading)
        .build();
    head.append(&heading);
    let label = gettext("See All");
    let button = gtk::Button::builder()
        .label(&label)
        .valign(gtk::Align::Center)
        .halign(gtk::Align::End)
        .css_classes(["flat"])
        .build();
    if !title.is_empty() {
        // Translators: what a screen reader says of the button beside a heading, which is {title}.
        let label = gettext("See all of {title}").replace("{title}", title);
        button.update_property(&[gtk::accessible::Property::Description(&label)]);
    }
    let on = on.clone();
    button.connect_clicked(move |_| on.tell(CardOutcome::All(all)));
    head.append(&button);
    (head, button)
}
