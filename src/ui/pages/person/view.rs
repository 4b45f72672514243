//! The widgets of the page of a person.

use adw::prelude::*;
use gettextrs::gettext;
use relm4::ComponentSender;

use super::{PersonOutput, PersonPage, words};
use crate::services::AppContext;
use crate::services::core::people::{PersonOverview, PersonTitle};
use crate::ui::text;
use crate::ui::widgets::{
    Beacon, CARD_PADDING, Card, CardShape, LongText, SIDE, Sight, face, focus_when_shown, wrapping_label,
};

/// Size of the portrait, in scalable pixels.
const PORTRAIT: i32 = 144;
/// Titles of a group: more widgets would be felt when they are made.
const MOST_TITLES: usize = 120;
/// Below this width the portrait stands over the name, in scalable pixels.
const NARROW: f64 = 500.0;
/// Widest the column becomes, in pixels.
const WIDEST: i32 = 1200;

/// The widgets.
#[derive(Debug)]
pub(super) struct PersonView {
    portrait: adw::Bin,
    name: gtk::Label,
    life: gtk::Label,
    biography: LongText,
    groups: gtk::Box,
    nothing: gtk::Label,
    sight: Sight,
}

impl PersonView {
    pub(super) fn build(root: &adw::NavigationPage, beacon: &Beacon, name: &str) -> Self {
        let scroller =
            gtk::ScrolledWindow::builder().hscrollbar_policy(gtk::PolicyType::Never).vexpand(true).build();
        let sight = Sight::of(&scroller);
        let initials = adw::Avatar::builder()
            .size(PORTRAIT)
            .text(name)
            .show_initials(true)
            .accessible_role(gtk::AccessibleRole::Presentation)
            .build();
        let portrait =
            adw::Bin::builder().child(&initials).halign(gtk::Align::Start).valign(gtk::Align::Start).build();
        let title = wrapping_label(&["title-1"]);
        title.set_accessible_role(gtk::AccessibleRole::Heading);
        title.set_label(name);
        let life = wrapping_label(&["dim-label"]);
        life.set_visible(false);
        let biography = LongText::new();
        let told = column(6);
        told.set_valign(gtk::Align::Center);
        told.set_hexpand(true);
        told.append(&title);
        told.append(&life);
        told.append(biography.widget());
        let head = gtk::Box::builder().spacing(24).margin_start(SIDE).margin_end(SIDE).build();
        head.append(&portrait);
        head.append(&told);
        let groups = column(18);
        let nothing = wrapping_label(&["dim-label"]);
        nothing.set_label(&gettext("Nothing else in your libraries."));
        nothing.set_margin_start(SIDE);
        nothing.set_visible(false);
        let content = column(24);
        content.set_margin_top(24);
        content.set_margin_bottom(24);
        content.append(&head);
        content.append(&groups);
        content.append(&nothing);
        scroller.set_child(Some(
            &adw::Clamp::builder().maximum_size(WIDEST).tightening_threshold(WIDEST).child(&content).build(),
        ));
        let view = adw::ToolbarView::new();
        let header = adw::HeaderBar::new();
        header.pack_end(&beacon.button());
        view.add_top_bar(&header);
        view.set_content(Some(&with_breakpoint(&scroller, &head)));
        root.set_child(Some(&view));
        focus_when_shown(root);
        Self { portrait, name: title, life, biography, groups, nothing, sight }
    }

    /// Shows a person; `before` is what was shown.
    pub(super) fn show(
        &self,
        ctx: &AppContext,
        overview: &PersonOverview,
        before: Option<&PersonOverview>,
        sender: &ComponentSender<PersonPage>,
    ) {
        self.name.set_label(&overview.name);
        let picture = overview.portrait.as_ref();
        if picture.is_some() && before.and_then(|before| before.portrait.as_ref()) != picture {
            let picture = picture.map(|(source, key)| (*source, key));
            self.portrait.set_child(Some(&face(ctx, &self.sight, &overview.name, PORTRAIT, picture)));
        }
        let life = words::life(&overview.about).join("\n");
        self.life.set_visible(!life.is_empty());
        self.life.set_label(&life);
        self.biography.show(overview.about.biography.as_deref());
        let groups = |overview: &PersonOverview| {
            [overview.films.clone(), overview.series.clone(), overview.episodes.clone()]
        };
        if before.map(groups) == Some(groups(overview)) {
            return;
        }
        while let Some(child) = self.groups.first_child() {
            self.groups.remove(&child);
        }
        for (title, titles, shape) in [
            (gettext("Films"), &overview.films, CardShape::Poster),
            (gettext("Series"), &overview.series, CardShape::Poster),
            (gettext("Episodes"), &overview.episodes, CardShape::Still),
        ] {
            if !titles.is_empty() {
                self.groups.append(&self.group(ctx, &title, titles, shape, sender));
            }
        }
    }

    /// Says that there is nothing to show, or no longer.
    pub(super) fn show_nothing(&self, nothing: bool) {
        self.nothing.set_visible(nothing);
    }

    fn group(
        &self,
        ctx: &AppContext,
        title: &str,
        titles: &[PersonTitle],
        shape: CardShape,
        sender: &ComponentSender<PersonPage>,
    ) -> gtk::Box {
        let heading = wrapping_label(&["title-3"]);
        heading.set_label(title);
        heading.set_margin_start(SIDE);
        heading.set_accessible_role(gtk::AccessibleRole::Heading);
        let grid = adw::WrapBox::builder()
            .child_spacing(6)
            .line_spacing(12)
            .margin_start(SIDE - CARD_PADDING)
            .margin_end(SIDE - CARD_PADDING)
            .build();
        for title in titles.iter().take(MOST_TITLES) {
            grid.append(&self.button(ctx, title, shape, sender));
        }
        let group = column(6);
        group.append(&heading);
        group.append(&grid);
        group
    }

    fn button(
        &self,
        ctx: &AppContext,
        title: &PersonTitle,
        shape: CardShape,
        sender: &ComponentSender<PersonPage>,
    ) -> gtk::Button {
        let item = &title.card.item;
        let card = Card::new(shape, &self.sight);
        card.show(ctx, item);
        let part = words::part(title);
        if !part.is_empty() {
            let line = wrapping_label(&["caption"]);
            line.set_label(&part);
            line.set_wrap(false);
            line.set_ellipsize(gtk::pango::EllipsizeMode::End);
            line.set_max_width_chars(1);
            card.widget().append(&line);
        }
        let (id, output) = (item.id, sender.output_sender().clone());
        let button = card.into_button(move || output.emit(PersonOutput::Open(id)));
        let mut said = text::card_label(item);
        if !part.is_empty() {
            said = format!("{said}, {part}");
        }
        button.update_property(&[gtk::accessible::Property::Label(&said)]);
        button
    }
}

fn column(spacing: i32) -> gtk::Box {
    gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(spacing).build()
}

/// Puts the portrait over the name where there is no room beside it.
fn with_breakpoint(content: &gtk::ScrolledWindow, head: &gtk::Box) -> adw::BreakpointBin {
    let bin = adw::BreakpointBin::builder().child(content).width_request(300).height_request(150).build();
    let narrow = adw::BreakpointCondition::new_length(
        adw::BreakpointConditionLengthType::MaxWidth,
        NARROW,
        adw::LengthUnit::Sp,
    );
    let breakpoint = adw::Breakpoint::new(narrow);
    breakpoint.add_setter(head, "orientation", Some(&gtk::Orientation::Vertical.to_value()));
    bin.add_breakpoint(breakpoint);
    bin
}
