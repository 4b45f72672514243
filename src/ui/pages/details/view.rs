//! The page put together: the wide picture, and over its lower part everything else, one below the other.

use adw::prelude::*;
use gettextrs::gettext;
use relm4::ComponentSender;

use super::aside::Aside;
use super::content::Content;
use super::episodes::EpisodeList;
use super::extras::Rows;
use super::head::{Head, set_optional};
use super::menu;
use super::people::PeopleRow;
use super::{DetailsOutput, DetailsPage};
use crate::models::ImageSize;
use crate::services::AppContext;
use crate::ui::standing::Notice;
use crate::ui::widgets::{
    Artwork, Beacon, CollectionsRow, LongText, SIDE, Sight, focus_when_shown, more_actions, show_notice,
    wrapping_label,
};

/// Height of the wide picture, in pixels.
const BACKDROP_HEIGHT: i32 = 300;
/// Space above the title where there is no wide picture, in pixels.
const WITHOUT_BACKDROP: i32 = 24;
/// How far the title block reaches into the picture, in pixels.
const OVERLAP: i32 = 120;
/// Below this width the poster is left out, in scalable pixels.
const NARROW: f64 = 560.0;
/// Widest the column becomes, in pixels: longer lines are hard to read.
const WIDEST: i32 = 1000;

/// From this width on the column grows slower than the page, in pixels.
const TIGHT: i32 = 800;

/// The widgets.
#[derive(Debug)]
pub(super) struct DetailsView {
    banner: adw::Banner,
    more: gtk::MenuButton,
    column: gtk::Box,
    pictures: gtk::Overlay,
    backdrop: Artwork,
    head: Head,
    aside: Aside,
    tagline: gtk::Label,
    summary: LongText,
    studios: gtk::Label,
    episodes: EpisodeList,
    people: PeopleRow,
    rows: Rows,
    collections: CollectionsRow,
}

impl DetailsView {
    pub(super) fn build(
        root: &adw::NavigationPage,
        beacon: &Beacon,
        sender: &ComponentSender<DetailsPage>,
    ) -> Self {
        let scroller =
            gtk::ScrolledWindow::builder().hscrollbar_policy(gtk::PolicyType::Never).vexpand(true).build();
        let sight = Sight::of(&scroller);
        let head = Head::build(sender);
        let aside = Aside::build(sender);
        let tagline = wrapping_label(&["heading"]);
        let summary = LongText::new();
        let studios = wrapping_label(&["dim-label", "caption"]);
        let episodes = EpisodeList::build(&sight, sender);
        let people = PeopleRow::build(&sight);
        let rows = Rows::build(&sight);
        let column = gtk::Box::builder()
            .orientation(gtk::Orientation::Vertical)
            .spacing(18)
            .margin_top(BACKDROP_HEIGHT - OVERLAP)
            .margin_bottom(24)
            .build();
        let inset: [&gtk::Widget; 6] = [
            head.widget().upcast_ref(),
            aside.widget().upcast_ref(),
            tagline.upcast_ref(),
            summary.widget().upcast_ref(),
            studios.upcast_ref(),
            episodes.widget().upcast_ref(),
        ];
        for part in inset {
            part.set_margin_start(SIDE);
            part.set_margin_end(SIDE);
            column.append(part);
        }
        column.append(people.widget());
        for row in rows.rows() {
            column.append(row);
        }
        let collections = CollectionsRow::new();
        collections.widget().set_margin_start(SIDE);
        collections.widget().set_margin_end(SIDE);
        column.append(collections.widget());
        let (backdrop, pictures) = pictures();
        let clamp =
            adw::Clamp::builder().maximum_size(WIDEST).tightening_threshold(TIGHT).child(&column).build();
        // The picture lies below the text: the text is the overlay's own child for its size.
        let back = gtk::Overlay::builder().child(&pictures).build();
        back.add_overlay(&clamp);
        back.set_measure_overlay(&clamp, true);
        scroller.set_child(Some(&back));
        let banner = adw::Banner::new("");
        let more = more_actions(&gtk::gio::Menu::new());
        more.set_visible(false);
        let view = adw::ToolbarView::builder().extend_content_to_top_edge(false).build();
        let header = adw::HeaderBar::new();
        header.pack_end(&more);
        header.pack_end(&beacon.button());
        view.add_top_bar(&header);
        view.add_top_bar(&banner);
        view.set_content(Some(&with_breakpoint(&scroller, head.poster())));
        root.insert_action_group(menu::GROUP, Some(&menu::actions(sender)));
        root.set_child(Some(&view));
        focus_when_shown(root);
        Self {
            banner,
            more,
            column,
            pictures,
            backdrop,
            head,
            aside,
            tagline,
            summary,
            studios,
            episodes,
            people,
            rows,
            collections,
        }
    }

    /// Says what a person has to know of the source, or nothing.
    pub(super) fn show_notice(&self, notice: Option<&Notice>) {
        show_notice(&self.banner, notice);
    }

    pub(super) fn show(&self, ctx: &AppContext, content: &Content, sender: &ComponentSender<DetailsPage>) {
        let output = sender.output_sender().clone();
        self.collections.show(&content.collections, move |id| output.emit(DetailsOutput::OpenCollection(id)));
        let record = &content.item.record;
        self.head.show(ctx, content, sender);
        self.aside.show(content);
        set_optional(&self.tagline, record.tagline.as_deref());
        self.summary.show(record.summary.as_deref());
        let studios = content.details.as_ref().map(|details| details.studios.join(", "));
        let studios = studios.filter(|names| !names.is_empty());
        set_optional(
            &self.studios,
            studios.map(|names| gettext("Studio: {names}").replace("{names}", &names)).as_deref(),
        );
        self.episodes.show(ctx, content, sender);
        self.people.show(ctx, content, sender);
        self.rows.show(ctx, content, sender);
        let menu = menu::menu(content);
        let has_actions = (0..menu.n_items())
            .filter_map(|place| menu.item_link(place, gtk::gio::MENU_LINK_SECTION))
            .any(|section| section.n_items() > 0);
        self.more.set_menu_model(Some(&menu));
        self.more.set_visible(has_actions);
        let wide = record.images.backdrop.is_some();
        self.pictures.set_visible(wide);
        self.column.set_margin_top(if wide { BACKDROP_HEIGHT - OVERLAP } else { WITHOUT_BACKDROP });
        self.backdrop.show(ctx, content.item.source_id, record.images.backdrop.as_ref(), ImageSize::Wide);
    }
}

/// The wide picture, which fades into the page.
fn pictures() -> (Artwork, gtk::Overlay) {
    let backdrop = Artwork::new("reel-blank-symbolic");
    backdrop.widget().set_height_request(BACKDROP_HEIGHT);
    backdrop.widget().set_valign(gtk::Align::Start);
    backdrop.widget().add_css_class("backdrop");
    let shade = gtk::Box::builder()
        .height_request(BACKDROP_HEIGHT)
        .valign(gtk::Align::Start)
        .css_classes(["backdrop-shade"])
        .build();
    let pictures = gtk::Overlay::builder().child(backdrop.widget()).valign(gtk::Align::Start).build();
    pictures.add_overlay(&shade);
    (backdrop, pictures)
}

/// Leaves the poster out where there is no room for it.
fn with_breakpoint(content: &gtk::ScrolledWindow, poster: &gtk::Overlay) -> adw::BreakpointBin {
    let bin = adw::BreakpointBin::builder().child(content).width_request(300).height_request(150).build();
    let narrow = adw::BreakpointCondition::new_length(
        adw::BreakpointConditionLengthType::MaxWidth,
        NARROW,
        adw::LengthUnit::Sp,
    );
    let breakpoint = adw::Breakpoint::new(narrow);
    breakpoint.add_setter(poster, "visible", Some(&false.to_value()));
    bin.add_breakpoint(breakpoint);
    bin
}
