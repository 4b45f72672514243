//! Lists of any order and filter are read from one index, in order, without a row of the table.

use super::plans::plan;
use super::*;
use crate::db::items::{facets, grid};
use crate::models::{ItemFilter, ItemQuery, ItemScope, ItemSort, Resolution};

const SORTS: [ItemSort; 7] = [
    ItemSort::Title,
    ItemSort::DateAdded,
    ItemSort::ReleaseDate,
    ItemSort::Rating,
    ItemSort::Duration,
    ItemSort::LastPlayed,
    ItemSort::Random(1),
];

fn filters() -> Vec<ItemFilter> {
    let none = ItemFilter::default();
    vec![
        none.clone(),
        ItemFilter { unwatched: true, ..none.clone() },
        ItemFilter { in_progress: true, ..none.clone() },
        ItemFilter { favourites: true, ..none.clone() },
        ItemFilter { genre: Some("Drama".to_owned()), ..none.clone() },
        ItemFilter { decade: Some(1980), ..none.clone() },
        ItemFilter { resolution: Some(Resolution::Uhd), ..none },
        ItemFilter {
            unwatched: true,
            in_progress: true,
            favourites: true,
            genre: Some("Drama".to_owned()),
            decade: Some(1980),
            resolution: Some(Resolution::Uhd),
        },
    ]
}

fn queries() -> Vec<ItemQuery> {
    let mut queries = Vec::new();
    for sort in SORTS {
        for descending in [false, true] {
            for filter in filters() {
                for kinds in [vec![], vec![ItemKind::Movie], vec![ItemKind::Episode]] {
                    let filter = filter.clone();
                    let library = ItemQuery::library(LibraryId(1));
                    queries.push(ItemQuery { kinds, sort, descending, filter, ..library });
                }
            }
        }
    }
    queries
}

/// Whether a plan sorts, or reads rows of items besides the index of the order.
fn is_costly(step: &str) -> bool {
    let of_items = step.starts_with("SEARCH i ") || step.starts_with("SCAN i");
    step.contains("TEMP B-TREE FOR ORDER BY") || of_items && !step.contains("INDEX items_by_")
}

#[tokio::test]
async fn every_order_and_filter_is_one_index_in_order() {
    let fixture = Fixture::new().await;
    for query in queries() {
        let conditions = grid::Conditions::of(&query);
        let steps = plan(&fixture, &grid::ids_sql(&query, &conditions)).await;
        assert!(!steps.iter().any(|step| is_costly(step)), "{query:?}: {steps:#?}");
        let begun = query.filter.in_progress;
        let covered = steps.iter().any(|step| step.contains("USING COVERING INDEX items_by_"));
        assert!(covered || begun, "{query:?}: {steps:#?}");
    }
}

#[tokio::test]
async fn counts_letters_and_facets_read_indexes_only() {
    let fixture = Fixture::new().await;
    let index = "SEARCH i USING COVERING INDEX items_by_";
    for query in queries().into_iter().filter(|query| !query.filter.in_progress) {
        let conditions = grid::Conditions::of(&query);
        for sql in [
            grid::count_sql(&query, &conditions),
            facets::letters_sql(&query, &conditions),
            facets::before_sql(&query, &conditions),
            facets::genres_sql(&query, &conditions),
            facets::groups_sql(&query, &conditions, facets::DECADE),
            facets::groups_sql(&query, &conditions, facets::RESOLUTION),
        ] {
            let steps = plan(&fixture, &sql).await;
            assert!(steps.iter().any(|step| step.starts_with(index)), "{sql}: {steps:#?}");
        }
        if query.sort == ItemSort::ReleaseDate {
            let steps = plan(&fixture, &facets::years_sql(&query, &conditions)).await;
            assert!(steps.iter().any(|step| step.starts_with(index)), "years of {query:?}: {steps:#?}");
        }
    }
}

#[tokio::test]
async fn rows_are_looked_up_and_favourites_have_their_index() {
    let fixture = Fixture::new().await;
    let steps = plan(&fixture, &grid::rows_sql()).await;
    assert!(steps.iter().any(|step| step.contains("SEARCH i USING INTEGER PRIMARY KEY")), "{steps:#?}");
    let query = ItemQuery::of(ItemScope::Favourites);
    let steps = plan(&fixture, &grid::ids_sql(&query, &grid::Conditions::of(&query))).await;
    assert!(steps.iter().any(|step| step.contains("items_favourite")), "{steps:#?}");
}
