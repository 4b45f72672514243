//! Rows of cards that scroll sideways, and a grid of cards.

use adw::prelude::*;
use gettextrs::gettext;
use relm4::ComponentSender;

use super::{HomeOutput, HomePage};
use crate::services::AppContext;
use crate::services::core::library::{Card as TitleCard, HomeRow, HomeRowKind};
use crate::ui::text;
use crate::ui::widgets::{CARD_PADDING, Card, CardShape, SIDE, Sight};

/// What the page holds: cards that are as before are left alone, so that nothing flickers or is built for nothing.
#[derive(Debug)]
pub(super) struct Rows {
    sight: Sight,
    lines: Vec<Row>,
    grid: Option<(adw::WrapBox, Cards)>,
}

/// A row: a heading and cards beside each other.
#[derive(Debug)]
struct Row {
    kind: HomeRowKind,
    whole: gtk::Box,
    line: gtk::Box,
    cards: Cards,
}

/// Cards with the widgets that show them, in order.
type Cards = Vec<(TitleCard, gtk::Widget)>;

impl Rows {
    /// Nothing yet, on a page with this sight.
    pub(super) fn new(sight: Sight) -> Self {
        Self { sight, lines: Vec::new(), grid: None }
    }

    /// Makes the rows in `parent` equal to `list`.
    pub(super) fn show(
        &mut self,
        ctx: &AppContext,
        parent: &gtk::Box,
        list: &[HomeRow],
        sender: &ComponentSender<HomePage>,
    ) {
        let mut before = std::mem::take(&mut self.lines);
        let mut last: Option<gtk::Widget> = None;
        for row in list {
            let mut shown = match before.iter().position(|known| known.kind == row.kind) {
                Some(place) => before.remove(place),
                None => Row::build(row.kind, &self.sight, parent),
            };
            parent.reorder_child_after(&shown.whole, last.as_ref());
            last = Some(shown.whole.clone().upcast());
            shown.show(ctx, row, &self.sight, sender);
            self.lines.push(shown);
        }
        for gone in before {
            parent.remove(&gone.whole);
        }
    }

    /// Makes the grid in `parent` equal to `cards`.
    pub(super) fn show_grid(
        &mut self,
        ctx: &AppContext,
        parent: &gtk::Box,
        cards: &[TitleCard],
        sender: &ComponentSender<HomePage>,
    ) {
        let sight = &self.sight;
        let (grid, shown) = self.grid.get_or_insert_with(|| {
            let grid = adw::WrapBox::builder()
                .child_spacing(6)
                .line_spacing(12)
                .margin_start(SIDE - CARD_PADDING)
                .margin_end(SIDE - CARD_PADDING)
                .build();
            parent.append(&grid);
            (grid, Cards::new())
        });
        let make = |card: &TitleCard| card_button(ctx, card, false, sight, sender);
        let (cards, gone) = matched(std::mem::take(shown), cards, make);
        for widget in gone {
            grid.remove(&widget);
        }
        for (widget, after) in in_order(&cards) {
            match widget.parent() {
                Some(_) => grid.reorder_child_after(widget, after),
                None => grid.insert_child_after(widget, after),
            }
        }
        *shown = cards;
    }
}

impl Row {
    fn build(kind: HomeRowKind, sight: &Sight, parent: &gtk::Box) -> Self {
        let title = text::home_row(kind);
        let heading = gtk::Label::builder()
            .label(&title)
            .xalign(0.0)
            .margin_start(SIDE)
            .css_classes(["title-3"])
            .accessible_role(gtk::AccessibleRole::Heading)
            .build();
        let line = gtk::Box::builder()
            .spacing(6)
            .margin_start(SIDE - CARD_PADDING)
            .margin_end(SIDE - CARD_PADDING)
            .margin_bottom(6)
            .build();
        let scroller =
            gtk::ScrolledWindow::builder().vscrollbar_policy(gtk::PolicyType::Never).child(&line).build();
        scroller.update_property(&[gtk::accessible::Property::Label(&title)]);
        sight.also(&scroller);
        let whole = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(6).build();
        whole.append(&heading);
        whole.append(&scroller);
        parent.append(&whole);
        Self { kind, whole, line, cards: Cards::new() }
    }

    fn show(&mut self, ctx: &AppContext, row: &HomeRow, sight: &Sight, sender: &ComponentSender<HomePage>) {
        // What is to be gone on with plays at once; its details are a menu away.
        let plays = matches!(row.kind, HomeRowKind::ContinueWatching | HomeRowKind::NextUp);
        let make = |card: &TitleCard| card_button(ctx, card, plays, sight, sender);
        let (cards, gone) = matched(std::mem::take(&mut self.cards), &row.cards, make);
        for widget in gone {
            self.line.remove(&widget);
        }
        for (widget, after) in in_order(&cards) {
            match widget.parent() {
                Some(_) => self.line.reorder_child_after(widget, after),
                None => self.line.insert_child_after(widget, after),
            }
        }
        self.cards = cards;
    }
}

/// The widgets for `cards`, each from `before` where it is the same there, else made; and those that are left over.
fn matched(
    mut before: Cards,
    cards: &[TitleCard],
    make: impl Fn(&TitleCard) -> gtk::Widget,
) -> (Cards, Vec<gtk::Widget>) {
    let after = cards
        .iter()
        .map(|card| match before.iter().position(|(known, _)| known == card) {
            Some(place) => before.remove(place),
            None => (card.clone(), make(card)),
        })
        .collect();
    (after, before.into_iter().map(|(_, widget)| widget).collect())
}

/// Each widget with the one that it stands behind.
fn in_order(cards: &Cards) -> impl Iterator<Item = (&gtk::Widget, Option<&gtk::Widget>)> {
    let before = std::iter::once(None).chain(cards.iter().map(|(_, widget)| Some(widget)));
    cards.iter().map(|(_, widget)| widget).zip(before)
}

/// One card; with a button to play at once where that is what the row is for.
fn card_button(
    ctx: &AppContext,
    title: &TitleCard,
    plays: bool,
    sight: &Sight,
    sender: &ComponentSender<HomePage>,
) -> gtk::Widget {
    let card = Card::new(CardShape::Poster, sight);
    card.show(ctx, &title.item);
    let label = text::card_label(&title.item);
    let (id, output) = (title.item.id, sender.output_sender().clone());
    let button = card.into_button(move || {
        output.emit(HomeOutput::Open(id));
    });
    button.update_property(&[gtk::accessible::Property::Label(&label)]);
    if !plays {
        return button.upcast();
    }
    let play_label = gettext("Play {title}").replace("{title}", &label);
    let play = gtk::Button::builder()
        .icon_name("media-playback-start-symbolic")
        .tooltip_text(&play_label)
        .halign(gtk::Align::Center)
        .valign(gtk::Align::Start)
        .margin_top(CardShape::Poster.size().1 / 2 - 12)
        .css_classes(["circular", "osd", "card-play"])
        .build();
    play.update_property(&[gtk::accessible::Property::Label(&play_label)]);
    let output = sender.output_sender().clone();
    play.connect_clicked(move |_| output.emit(HomeOutput::Play(id)));
    let overlay = gtk::Overlay::builder().child(&button).build();
    overlay.add_overlay(&play);
    overlay.upcast()
}
