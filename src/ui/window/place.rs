//! Where the user is: which pages lie above the one in front, and how far that is scrolled. Kept between two starts.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use adw::prelude::*;
use gtk::glib;
use relm4::ComponentSender;

use super::{Destination, Shell, ShellCommand};
use crate::models::{MediaId, ShelfId, ShelfKind};
use crate::services::AppContext;
use crate::services::core::LibraryService;

/// Pages above the one in front that are remembered: more is a way that nobody walks back.
const MOST_STEPS: usize = 4;
/// Between two looks whether a page is long enough to be scrolled to where it was.
const LOOK: Duration = Duration::from_millis(40);
/// Looks until that is given up: two seconds.
const LOOKS: u32 = 50;

/// A page above the one in front.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) enum Step {
    /// Details.
    Item(MediaId),
    /// A collection.
    Collection(ShelfId),
    /// A playlist.
    Playlist(ShelfId),
}

impl Step {
    fn word(self) -> String {
        match self {
            Self::Item(id) => format!("item:{id}"),
            Self::Collection(id) => format!("collection:{id}"),
            Self::Playlist(id) => format!("playlist:{id}"),
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        let (kind, id) = word.split_once(':')?;
        match kind {
            "item" => id.parse().ok().map(Self::Item),
            "collection" => id.parse().ok().map(Self::Collection),
            "playlist" => id.parse().ok().map(Self::Playlist),
            _ => None,
        }
    }

    /// Notes on a page which it is.
    pub(super) fn mark(self, page: &adw::NavigationPage) {
        page.set_widget_name(&self.word());
    }

    /// Whether what the page shows is still there.
    async fn is_there(self, ctx: &AppContext) -> bool {
        match self {
            Self::Item(id) => LibraryService::item(ctx, id).await.is_ok(),
            Self::Collection(id) => LibraryService::collection(ctx, id).await.is_ok(),
            Self::Playlist(id) => LibraryService::playlist(ctx, id).await.is_ok(),
        }
    }
}

/// The word for a place and the pages above it.
fn written(place: Destination, steps: &[Step]) -> String {
    steps.iter().fold(place.word(), |word, step| format!("{word}/{}", step.word()))
}

/// The place and the pages above it for a stored word.
pub(super) fn read(word: &str) -> (Destination, Vec<Step>) {
    let mut parts = word.split('/');
    let place = Destination::from_word(parts.next().unwrap_or_default());
    (place, parts.map_while(Step::from_word).take(MOST_STEPS).collect())
}

impl Shell {
    /// Stores where the user is.
    pub(super) fn store_place(&self) {
        let stack = self.view.pages.navigation_stack();
        let names = stack.iter::<adw::NavigationPage>().filter_map(Result::ok).skip(1);
        let steps: Vec<Step> = names.map_while(|page| Step::from_word(&page.widget_name())).collect();
        self.init.settings.store_last_page(&written(self.destination, &steps));
    }

    /// Stores how far the page in front is scrolled.
    pub(super) fn store_scroll(&self) {
        let page = self.view.pages.visible_page();
        let scroller = page.and_then(|page| scroller(page.upcast_ref()));
        self.init.settings.store_last_scroll(scroller.map_or(0.0, |scroller| scroller.vadjustment().value()));
    }

    /// Finds out which of the pages that lay above the first are still to be had.
    pub(super) fn look_for_steps(&self, steps: Vec<Step>, sender: &ComponentSender<Self>) {
        let ctx = self.ctx.clone();
        sender.oneshot_command(async move {
            let mut found = Vec::new();
            for step in steps {
                if !step.is_there(&ctx).await {
                    break;
                }
                found.push(step);
            }
            ShellCommand::Returned(found)
        });
    }

    /// Shows the pages that lay above the first, and scrolls the last of them to where it was.
    pub(super) fn return_to(&mut self, steps: &[Step], sender: &ComponentSender<Self>) {
        let animates = self.view.pages.is_animate_transitions();
        self.view.pages.set_animate_transitions(false);
        for step in steps {
            match *step {
                Step::Item(id) => self.open_item(id, sender),
                Step::Collection(id) => self.open_shelf(id, ShelfKind::Collection, sender),
                Step::Playlist(id) => self.open_shelf(id, ShelfKind::Playlist, sender),
            }
        }
        self.view.pages.set_animate_transitions(animates);
        if let Some(page) = self.view.pages.visible_page() {
            scroll_to(&page, self.init.settings.last_scroll());
        }
    }
}

/// Scrolls a page to where it was, as soon as it is long enough; not when the user was faster.
fn scroll_to(page: &adw::NavigationPage, value: f64) {
    if value <= 0.0 {
        return;
    }
    let (page, looks) = (page.downgrade(), Rc::new(Cell::new(0)));
    glib::timeout_add_local(LOOK, move || {
        looks.set(looks.get() + 1);
        let Some(page) = page.upgrade().filter(|_| looks.get() <= LOOKS) else {
            return glib::ControlFlow::Break;
        };
        let Some(scroller) = scroller(page.upcast_ref()) else { return glib::ControlFlow::Continue };
        let adjustment = scroller.vadjustment();
        if adjustment.value() > 0.0 {
            return glib::ControlFlow::Break;
        }
        let room = adjustment.upper() - adjustment.page_size();
        // At the last look what there is will do: the page may be shorter than it was.
        if room >= value || looks.get() == LOOKS && room > 0.0 {
            adjustment.set_value(value.min(room));
            return glib::ControlFlow::Break;
        }
        glib::ControlFlow::Continue
    });
}

/// What scrolls a page up and down: the outermost.
fn scroller(widget: &gtk::Widget) -> Option<gtk::ScrolledWindow> {
    if let Some(scroller) = widget.downcast_ref::<gtk::ScrolledWindow>()
        && scroller.vscrollbar_policy() != gtk::PolicyType::Never
        && scroller.is_mapped()
    {
        return Some(scroller.clone());
    }
    let children = std::iter::successors(widget.first_child(), WidgetExt::next_sibling);
    children.into_iter().find_map(|child| scroller(&child))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::LibraryId;

    #[test]
    fn places_survive_a_restart() {
        let steps = [Step::Collection(ShelfId(4)), Step::Item(MediaId(12)), Step::Playlist(ShelfId(1))];
        for place in [Destination::Home, Destination::Library(LibraryId(7)), Destination::Collections] {
            assert_eq!(read(&written(place, &steps)), (place, steps.to_vec()));
            assert_eq!(read(&written(place, &[])), (place, Vec::new()));
        }
    }

    #[test]
    fn what_cannot_be_read_ends_the_way() {
        assert_eq!(read("home/item:3/moon:4/item:5"), (Destination::Home, vec![Step::Item(MediaId(3))]));
        assert_eq!(read("moon/item:x"), (Destination::Home, Vec::new()));
        assert_eq!(read(""), (Destination::Home, Vec::new()));
        let long = format!("home{}", "/item:1".repeat(30));
        assert_eq!(read(&long).1.len(), MOST_STEPS);
    }
}
