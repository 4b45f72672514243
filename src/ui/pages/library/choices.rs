//! How the library is shown: order, filter, layout. What is chosen is kept for the next time.

use relm4::ComponentSender;

use super::filters::Filters;
use super::reading::query;
use super::{LibraryCommand, LibraryPage};
use crate::models::{ItemFacets, ItemFilter, ItemSort, Layout, LibraryView};
use crate::services::ServiceError;
use crate::services::core::BrowseService;
use crate::ui::widgets::POSTER_WIDTH;

/// Width of a poster, in pixels.
fn width(view: &LibraryView) -> i32 {
    view.poster_width.and_then(|width| i32::try_from(width).ok()).unwrap_or(POSTER_WIDTH)
}

impl LibraryPage {
    /// Shows what is chosen.
    pub(super) fn show_choices(&self) {
        let Some(view) = &self.choices else { return };
        self.view.sort.show(view.sort, view.descending);
        self.view.layout.show(view.layout, width(view));
        self.view.show_filter(&view.filter);
        self.view.titles.show(view.layout, width(view));
    }

    /// Changes what is chosen; nothing happens when it was so before.
    fn choose(&mut self, change: impl FnOnce(&mut LibraryView), sender: &ComponentSender<Self>) -> bool {
        let Some(view) = &mut self.choices else { return false };
        let before = view.clone();
        change(view);
        if *view == before {
            return false;
        }
        let (ctx, id, view) = (self.ctx.clone(), self.id, view.clone());
        sender.oneshot_command(async move {
            LibraryCommand::Stored(BrowseService::set_view(&ctx, id, &view).await)
        });
        self.show_choices();
        true
    }

    pub(super) fn sort_chosen(&mut self, sort: ItemSort, sender: &ComponentSender<Self>) {
        let change = |view: &mut LibraryView| {
            view.sort = sort;
            view.descending = sort.begins_with_largest();
        };
        if self.choose(change, sender) {
            self.ask_another(sender);
        }
    }

    pub(super) fn turned(&mut self, is_reversed: bool, sender: &ComponentSender<Self>) {
        let change = |view: &mut LibraryView| {
            view.descending = is_reversed != view.sort.begins_with_largest();
        };
        if self.choose(change, sender) {
            self.ask_another(sender);
        }
    }

    pub(super) fn filter_chosen(&mut self, filter: ItemFilter, sender: &ComponentSender<Self>) {
        if filter.is_empty()
            && let Some(filters) = &self.filters
        {
            filters.clear();
        }
        if self.choose(|view| view.filter = filter, sender) {
            self.ask_another(sender);
        }
    }

    pub(super) fn filter_edited(&mut self, sender: &ComponentSender<Self>) {
        if let Some(filter) = self.filters.as_ref().map(Filters::filter) {
            self.filter_chosen(filter, sender);
        }
    }

    pub(super) fn layout_chosen(&mut self, layout: Layout, sender: &ComponentSender<Self>) {
        self.choose(|view| view.layout = layout, sender);
    }

    pub(super) fn width_chosen(&mut self, width: i32, sender: &ComponentSender<Self>) {
        self.choose(|view| view.poster_width = u32::try_from(width).ok(), sender);
    }

    /// Shows the dialog of filters; what can be chosen comes a moment later.
    pub(super) fn open_filters(&mut self, sender: &ComponentSender<Self>) {
        let Some(view) = &self.choices else { return };
        let filters = Filters::new(&view.filter, sender.input_sender());
        filters.present(&self.view.root);
        self.filters = Some(filters);
        let (ctx, query) = (self.ctx.clone(), query(self.id, view));
        sender.oneshot_command(
            async move { LibraryCommand::Facets(BrowseService::facets(&ctx, &query).await) },
        );
    }

    pub(super) fn facets_read(&self, facets: Result<ItemFacets, ServiceError>) {
        let (Some(filters), Some(view)) = (&self.filters, &self.choices) else { return };
        match facets {
            Ok(facets) => filters.fill(&facets, &view.filter),
            Err(error) => tracing::warn!(%error, "what can be filtered by could not be read"),
        }
    }
}
