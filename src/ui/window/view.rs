//! The widgets around the pages.

use adw::prelude::*;
use gettextrs::gettext;

/// Below this width the sidebar is folded away, in scalable pixels.
const FOLD_BELOW: f64 = 760.0;

/// The widgets around the pages.
#[derive(Debug)]
pub(super) struct ShellView {
    pub(super) toasts: adw::ToastOverlay,
    /// Holds the main view and, above it, the player.
    pub(super) outer: adw::NavigationView,
    pub(super) split: adw::NavigationSplitView,
    /// The player's page.
    pub(super) player: adw::NavigationPage,
    /// Holds the page in front and, above it, details.
    pub(super) pages: adw::NavigationView,
}

impl ShellView {
    pub(super) fn build(toasts: &adw::ToastOverlay, window: &adw::ApplicationWindow) -> Self {
        let pages = adw::NavigationView::new();
        let content = adw::NavigationPage::builder().title(gettext("Library")).child(&pages).build();
        let split = adw::NavigationSplitView::builder()
            .content(&content)
            .min_sidebar_width(220.0)
            .max_sidebar_width(280.0)
            .show_content(true)
            .build();
        let outer = adw::NavigationView::new();
        let main = adw::NavigationPage::builder().title("Reel").tag("main").child(&split).build();
        outer.add(&main);
        toasts.set_child(Some(&outer));

        let narrow = adw::BreakpointCondition::new_length(
            adw::BreakpointConditionLengthType::MaxWidth,
            FOLD_BELOW,
            adw::LengthUnit::Sp,
        );
        let breakpoint = adw::Breakpoint::new(narrow);
        breakpoint.add_setter(&split, "collapsed", Some(&true.to_value()));
        window.add_breakpoint(breakpoint);
        let player = adw::NavigationPage::builder().title(gettext("Player")).tag("player").build();
        Self { toasts: toasts.clone(), outer, split, player, pages }
    }
}
