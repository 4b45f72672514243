//! Rows of cards that scroll sideways, and a grid of cards.

use adw::prelude::*;
use gettextrs::gettext;
use relm4::ComponentSender;

use super::{HomeOutput, HomePage};
use crate::services::AppContext;
use crate::services::core::library::{Card as TitleCard, HomeRow, HomeRowKind};
use crate::ui::text;
use crate::ui::widgets::{Card, CardShape};

/// Space beside the rows, in pixels.
const SIDE: i32 = 18;

/// Makes the rows equal to `list`; rows that are as before are left alone, so that nothing flickers.
pub(super) fn show_rows(
    ctx: &AppContext,
    parent: &gtk::Box,
    list: &[HomeRow],
    before: &[HomeRow],
    sender: &ComponentSender<HomePage>,
) {
    let mut old: Vec<(HomeRow, gtk::Widget)> = Vec::new();
    let mut child = parent.first_child();
    for row in before {
        let Some(widget) = child else { break };
        child = widget.next_sibling();
        old.push((row.clone(), widget));
    }
    while let Some(widget) = parent.first_child() {
        parent.remove(&widget);
    }
    for row in list {
        let kept = old.iter().find(|(known, _)| known == row).map(|(_, widget)| widget.clone());
        parent.append(&kept.unwrap_or_else(|| build_row(ctx, row, sender).upcast()));
    }
}

fn build_row(ctx: &AppContext, row: &HomeRow, sender: &ComponentSender<HomePage>) -> gtk::Box {
    let title = text::home_row(row.kind);
    let heading = gtk::Label::builder()
        .label(&title)
        .xalign(0.0)
        .margin_start(SIDE)
        .css_classes(["title-3"])
        .accessible_role(gtk::AccessibleRole::Heading)
        .build();
    let cards =
        gtk::Box::builder().spacing(6).margin_start(SIDE - 8).margin_end(SIDE - 8).margin_bottom(6).build();
    let plays = matches!(row.kind, HomeRowKind::ContinueWatching | HomeRowKind::NextUp);
    for card in &row.cards {
        cards.append(&card_button(ctx, card, plays, sender));
    }
    let scroller =
        gtk::ScrolledWindow::builder().vscrollbar_policy(gtk::PolicyType::Never).child(&cards).build();
    scroller.update_property(&[gtk::accessible::Property::Label(&title)]);
    let whole = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(6).build();
    whole.append(&heading);
    whole.append(&scroller);
    whole
}

/// One card. What is to be gone on with plays at once; its details are a menu away.
fn card_button(
    ctx: &AppContext,
    title: &TitleCard,
    plays: bool,
    sender: &ComponentSender<HomePage>,
) -> gtk::Widget {
    let card = Card::new(CardShape::Poster);
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

/// Shows cards as a grid that wraps.
pub(super) fn show_grid(
    ctx: &AppContext,
    parent: &gtk::Box,
    cards: &[TitleCard],
    sender: &ComponentSender<HomePage>,
) {
    while let Some(widget) = parent.first_child() {
        parent.remove(&widget);
    }
    let grid = adw::WrapBox::builder()
        .child_spacing(6)
        .line_spacing(12)
        .margin_start(SIDE - 8)
        .margin_end(SIDE - 8)
        .build();
    for card in cards {
        grid.append(&card_button(ctx, card, false, sender));
    }
    parent.append(&grid);
}
