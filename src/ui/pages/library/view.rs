//! The widgets of the page.

use adw::prelude::*;
use gettextrs::gettext;
use gtk::{gdk, glib};
use relm4::Sender;

use super::LibraryInput;
use super::chips::Chips;
use super::layout::LayoutButton;
use super::letters::Letters;
use super::selecting::SelectionBars;
use super::sort::SortButton;
use crate::models::{ItemFilter, LibraryKind};
use crate::services::AppContext;
use crate::ui::widgets::{Beacon, ItemList, ItemView, icon_button};

/// What the page's middle shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Middle {
    /// Titles.
    Titles,
    /// There are none.
    Empty,
    /// The filter leaves none.
    NoMatch,
}

/// The widgets.
#[derive(Debug)]
pub(super) struct PageView {
    pub(super) root: adw::NavigationPage,
    pub(super) header: adw::HeaderBar,
    pub(super) title: adw::WindowTitle,
    pub(super) banner: adw::Banner,
    pub(super) sort: SortButton,
    pub(super) layout: LayoutButton,
    pub(super) chips: Chips,
    pub(super) letters: Letters,
    pub(super) titles: ItemView,
    pub(super) bars: SelectionBars,
    /// What has been typed, over the list.
    pub(super) typed: gtk::Label,
    artists: gtk::Button,
    filter: gtk::Button,
    stack: gtk::Stack,
}

impl PageView {
    pub(super) fn build(
        root: &adw::NavigationPage,
        ctx: &AppContext,
        beacon: &Beacon,
        list: &ItemList,
        input: &Sender<LibraryInput>,
    ) -> Self {
        let (sort, layout) = (SortButton::new(input), LayoutButton::new(input));
        let filter = button("reel-filter-symbolic", &gettext("Filter"), input, || LibraryInput::OpenFilters);
        let select =
            button("selection-mode-symbolic", &gettext("Select"), input, || LibraryInput::Select(true));
        let title = adw::WindowTitle::new("", "");
        let header = adw::HeaderBar::builder().title_widget(&title).build();
        let artists =
            button("avatar-default-symbolic", &gettext("Artists"), input, || LibraryInput::OpenArtists);
        artists.set_visible(false);
        header.pack_start(&artists);
        header.pack_end(&select);
        header.pack_end(layout.widget());
        header.pack_end(&filter);
        header.pack_end(sort.widget());
        header.pack_end(&beacon.button());
        let (bars, chips, letters) = (SelectionBars::new(input), Chips::new(input), Letters::new(input));
        let banner = adw::Banner::new("");
        let done = input.clone();
        let titles = ItemView::new(ctx, list, move |event| done.emit(LibraryInput::Done(event)));
        let typed = gtk::Label::builder()
            .halign(gtk::Align::Center)
            .valign(gtk::Align::Center)
            .visible(false)
            .can_target(false)
            .css_classes(["osd", "typed", "title-1"])
            .build();
        // In a narrow window selecting begins in the popover of the layout: the header has no room.
        let wide = titles.wide();
        wide.bind_property("visible", &select, "visible").flags(glib::BindingFlags::SYNC_CREATE).build();
        wide.bind_property("visible", layout.select(), "visible")
            .flags(glib::BindingFlags::SYNC_CREATE | glib::BindingFlags::INVERT_BOOLEAN)
            .build();
        let side_by_side = gtk::Box::default();
        side_by_side.append(titles.widget());
        side_by_side.append(letters.widget());
        let over = gtk::Overlay::builder().child(&side_by_side).build();
        over.add_overlay(&typed);
        let stack = gtk::Stack::builder().transition_type(gtk::StackTransitionType::Crossfade).build();
        stack.add_named(&over, Some("titles"));
        stack.add_named(&empty(), Some("empty"));
        stack.add_named(&no_match(input), Some("no-match"));
        let content = adw::ToolbarView::builder().content(&stack).reveal_bottom_bars(false).build();
        for bar in
            [header.upcast_ref::<gtk::Widget>(), bars.top(), banner.upcast_ref(), chips.widget().upcast_ref()]
        {
            content.add_top_bar(bar);
        }
        content.add_bottom_bar(bars.bottom());
        root.set_child(Some(&content));
        listen(&content, input);
        Self {
            root: root.clone(),
            header,
            title,
            banner,
            sort,
            layout,
            chips,
            letters,
            titles,
            bars,
            typed,
            artists,
            filter,
            stack,
        }
    }

    /// Shows the middle, and whether it did before.
    pub(super) fn show(&self, middle: Middle) {
        self.stack.set_visible_child_name(match middle {
            Middle::Titles => "titles",
            Middle::Empty => "empty",
            Middle::NoMatch => "no-match",
        });
    }

    /// Shows what goes with a library of this kind: music has artists.
    pub(super) fn show_kind(&self, kind: LibraryKind) {
        self.artists.set_visible(kind == LibraryKind::Music);
    }

    /// Shows what is filtered.
    pub(super) fn show_filter(&self, filter: &ItemFilter) {
        self.chips.show(filter);
        if filter.is_empty() {
            self.filter.remove_css_class("accent");
        } else {
            self.filter.add_css_class("accent");
        }
    }

    /// Shows whether titles are being selected.
    pub(super) fn show_selecting(&self, selecting: bool) {
        self.header.set_visible(!selecting);
        self.bars.top().set_visible(selecting);
        if let Some(content) = self.root.child().and_downcast::<adw::ToolbarView>() {
            content.set_reveal_bottom_bars(selecting);
        }
        // Going back while selecting ends it; leaving the page would lose what was chosen.
        self.root.set_can_pop(!selecting);
        self.titles.show_selecting();
    }
}

fn button(
    icon: &str,
    label: &str,
    input: &Sender<LibraryInput>,
    message: fn() -> LibraryInput,
) -> gtk::Button {
    let button = icon_button(icon, label);
    let input = input.clone();
    button.connect_clicked(move |_| input.emit(message()));
    button
}

fn empty() -> adw::StatusPage {
    adw::StatusPage::builder()
        .icon_name("reel-films-symbolic")
        .title(gettext("Nothing Here Yet"))
        .description(gettext("This library is empty, or it is still being read."))
        .build()
}

fn no_match(input: &Sender<LibraryInput>) -> adw::StatusPage {
    let clear = gtk::Button::builder()
        .label(gettext("Clear Filter"))
        .halign(gtk::Align::Center)
        .css_classes(["pill"])
        .build();
    let input = input.clone();
    clear.connect_clicked(move |_| input.emit(LibraryInput::FilterChosen(ItemFilter::default())));
    adw::StatusPage::builder()
        .icon_name("reel-filter-symbolic")
        .title(gettext("No Matching Titles"))
        .description(gettext("No title of this library passes the filter."))
        .child(&clear)
        .build()
}

/// Typing goes to a title, Escape ends selecting; Ctrl+A begins it with everything.
fn listen(content: &adw::ToolbarView, input: &Sender<LibraryInput>) {
    let keys = gtk::EventControllerKey::new();
    let input = input.clone();
    keys.connect_key_pressed(move |_, key, _, state| {
        let others =
            gdk::ModifierType::CONTROL_MASK | gdk::ModifierType::ALT_MASK | gdk::ModifierType::SUPER_MASK;
        if key == gdk::Key::Escape {
            input.emit(LibraryInput::Select(false));
            return glib::Propagation::Proceed;
        } else if state.contains(gdk::ModifierType::CONTROL_MASK) && key == gdk::Key::a {
            input.emit(LibraryInput::SelectAll);
        } else if let Some(letter) = key.to_unicode().filter(|letter| !letter.is_control())
            && !state.intersects(others)
        {
            input.emit(LibraryInput::Typed(letter));
        } else {
            return glib::Propagation::Proceed;
        }
        glib::Propagation::Stop
    });
    content.add_controller(keys);
}
