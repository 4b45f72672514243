//! `gnome-reel items`: a part of a library, sorted and filtered.

use clap::{Args, ValueEnum};

use super::Result;
use super::items::print_items;
use super::output::Output;
use crate::models::{ItemFilter, ItemQuery, ItemScope, ItemSort, LibraryId, Resolution};
use crate::services::AppContext;
use crate::services::core::LibraryService;

/// What to list.
#[derive(Debug, Args)]
pub(super) struct Listing {
    library: LibraryId,
    /// Most items to print.
    #[arg(long, default_value_t = 50)]
    limit: u32,
    /// Items to leave out at the beginning.
    #[arg(long, default_value_t = 0)]
    offset: u32,
    /// Order.
    #[arg(long, value_enum, default_value_t = Sort::Title)]
    sort: Sort,
    /// Turn the order round.
    #[arg(long)]
    reverse: bool,
    /// The same number gives the same order by chance.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u32,
    /// Only what has this; may be given several times.
    #[arg(long, value_enum)]
    filter: Vec<Filter>,
    /// Only titles of this genre.
    #[arg(long, value_name = "NAME")]
    genre: Option<String>,
    /// Only titles of the ten years from this one.
    #[arg(long, value_name = "YEAR")]
    decade: Option<i32>,
    /// Only titles of this resolution.
    #[arg(long, value_enum)]
    resolution: Option<Class>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Sort {
    Title,
    Added,
    Released,
    Rating,
    Duration,
    Played,
    Random,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Filter {
    Unwatched,
    InProgress,
    Favourite,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Class {
    Sd,
    #[value(name = "720p")]
    Hd,
    #[value(name = "1080p")]
    FullHd,
    #[value(name = "4k")]
    Uhd,
}

impl Listing {
    fn sort(&self) -> ItemSort {
        match self.sort {
            Sort::Title => ItemSort::Title,
            Sort::Added => ItemSort::DateAdded,
            Sort::Released => ItemSort::ReleaseDate,
            Sort::Rating => ItemSort::Rating,
            Sort::Duration => ItemSort::Duration,
            Sort::Played => ItemSort::LastPlayed,
            Sort::Random => ItemSort::Random(self.seed),
        }
    }

    fn filter(&self) -> ItemFilter {
        let has = |filter| self.filter.contains(&filter);
        ItemFilter {
            unwatched: has(Filter::Unwatched),
            in_progress: has(Filter::InProgress),
            favourites: has(Filter::Favourite),
            genre: self.genre.clone(),
            decade: self.decade,
            resolution: self.resolution.map(|class| match class {
                Class::Sd => Resolution::Sd,
                Class::Hd => Resolution::Hd,
                Class::FullHd => Resolution::FullHd,
                Class::Uhd => Resolution::Uhd,
            }),
        }
    }
}

pub(super) async fn list(ctx: &AppContext, listing: &Listing, output: Output) -> Result {
    let library = LibraryService::library(ctx, listing.library).await?;
    let sort = listing.sort();
    let query = ItemQuery {
        scope: ItemScope::Library(library.id),
        kinds: library.kind.top_kinds().to_vec(),
        sort,
        descending: sort.begins_with_largest() != listing.reverse,
        filter: listing.filter(),
        limit: listing.limit,
        offset: listing.offset,
    };
    print_items(&LibraryService::items(ctx, &query).await?, output)
}
