//! Questions on hot paths are answered by an index. The plans are those of a database without statistics, as
//! the app has it.

use super::*;
use crate::db::items::{self, genre, home, music, query, same, search};
use crate::db::{all, details, outbox, people, shelves};

/// The steps of the plan of a question.
pub(super) async fn plan(fixture: &Fixture, sql: &str) -> Vec<String> {
    let sql = format!("EXPLAIN QUERY PLAN {sql}");
    all(&fixture.db.reader, &sql, [], |row| Ok(row.try_get::<String>("", "detail")?)).await.unwrap()
}

/// Whether a step goes through the whole table of items, and not through an index that is made for it.
fn is_scan(step: &str) -> bool {
    ["SCAN items", "SCAN i", "SCAN e", "SCAN b", "SCAN t", "SCAN here"]
        .iter()
        .any(|scan| step == *scan || step.starts_with(&format!("{scan} ")) && !step.contains("INDEX"))
}

fn sorts(step: &str) -> bool {
    step.contains("TEMP B-TREE FOR ORDER BY") || step.contains("TEMP B-TREE FOR LAST")
}

async fn assert_indexed(fixture: &Fixture, name: &str, sql: &str) -> Vec<String> {
    let steps = plan(fixture, sql).await;
    assert!(!steps.iter().any(|step| is_scan(step)), "{name} scans: {steps:#?}");
    steps
}

#[tokio::test]
async fn the_list_of_libraries_counts_from_indexes() {
    let fixture = Fixture::new().await;
    let steps = assert_indexed(&fixture, "libraries", &crate::db::libraries::list_sql()).await;
    let counts: Vec<_> = steps.iter().filter(|step| step.contains(" i ")).collect();
    assert_eq!(counts.len(), 2, "{steps:#?}");
    assert!(counts.iter().all(|step| step.contains("COVERING INDEX")), "{counts:#?}");
}

#[tokio::test]
async fn series_and_seasons_find_what_is_in_them() {
    let fixture = Fixture::new().await;
    for (name, sql, index) in [
        ("children", query::children_sql(), "items_of_parent"),
        ("episodes", query::episodes_sql(), "items_of_series"),
        ("next episode", query::next_sql(), "items_of_series"),
        ("previous episode", query::previous_sql(), "items_of_series"),
    ] {
        let steps = assert_indexed(&fixture, name, &sql).await;
        assert!(steps.iter().any(|step| step.contains(index)), "{name}: {steps:#?}");
        assert!(name == "children" || !steps.iter().any(|step| sorts(step)), "{name} sorts: {steps:#?}");
    }
}

#[tokio::test]
async fn music_and_photos_are_found_by_what_they_lie_in() {
    let fixture = Fixture::new().await;
    for (name, sql, index) in [
        ("artists", music::artists_sql(), "items_artists"),
        ("albums", music::albums_sql(), "items_of_parent"),
        ("tracks", music::tracks_sql(), "items_of_parent"),
        ("tracks of an artist", music::artist_tracks_sql(), "items_of_series"),
        ("photos", music::photos_sql(), "items_of_parent"),
        ("photos beside", music::beside_sql(), "items_of_parent"),
        ("photos in no folder", music::loose_sql(), "items_by_title"),
    ] {
        let steps = assert_indexed(&fixture, name, &sql).await;
        assert!(steps.iter().any(|step| step.contains(index)), "{name}: {steps:#?}");
    }
    let steps = assert_indexed(&fixture, "artists", &music::artists_sql()).await;
    assert!(!steps.iter().any(|step| sorts(step)), "{steps:#?}");
}

#[tokio::test]
async fn a_mark_reads_the_episodes_of_its_series_only() {
    let fixture = Fixture::new().await;
    let indexes = ["items_of_parent", "items_of_series"];
    let one = outbox::recount_sql().into_iter().zip(indexes);
    for (sql, index) in one.chain(items::listing::recount_many_sql().into_iter().zip(indexes)) {
        let steps = plan(&fixture, &sql).await;
        for step in steps.iter().filter(|step| step.contains(" e ")) {
            assert!(step.contains(index), "{steps:#?}");
        }
    }
}

#[tokio::test]
async fn the_home_page_and_favourites_read_in_order() {
    let fixture = Fixture::new().await;
    for (name, sql, index) in [
        ("continue watching", home::continue_watching_sql(), "items_begun"),
        ("recently added", home::recent_sql(), "items_recent"),
        ("favourites", home::favourites_sql(), "items_favourite"),
    ] {
        let steps = assert_indexed(&fixture, name, &sql).await;
        assert!(steps.iter().any(|step| step.contains(index)), "{name}: {steps:#?}");
        assert!(!steps.iter().any(|step| sorts(step)), "{name} sorts: {steps:#?}");
    }
}

#[tokio::test]
async fn series_on_the_home_page_are_found_by_their_episodes() {
    let fixture = Fixture::new().await;
    let steps = assert_indexed(&fixture, "recent series", &home::recent_series_sql()).await;
    assert!(steps.iter().any(|step| step.contains("items_recent")), "{steps:#?}");
    let steps = assert_indexed(&fixture, "next up", &home::next_up_sql()).await;
    assert!(steps.iter().any(|step| step.contains("COVERING INDEX items_watched_episodes")), "{steps:#?}");
    assert!(steps.iter().any(|step| step.contains("(series_id=? AND (season,episode)>(?,?))")), "{steps:#?}");
    assert!(!steps.iter().any(|step| step.contains("TEMP B-TREE FOR GROUP BY")), "{steps:#?}");
}

#[tokio::test]
async fn search_reads_the_rows_of_its_hits() {
    let fixture = Fixture::new().await;
    let steps = assert_indexed(&fixture, "search", &search::search_sql(&[ItemKind::Movie])).await;
    // The index is asked once for the hits, and their rows are looked up; not the other way round.
    let of = |table: &str| steps.iter().position(|step| step.contains(table));
    let (index, rows) = (of("SCAN items_fts VIRTUAL TABLE INDEX"), of("SEARCH t USING INTEGER PRIMARY KEY"));
    assert!(index.is_some() && index < rows, "{steps:#?}");
    assert!(!steps.iter().any(|step| step.contains(":=M")), "{steps:#?}");
    // What begins with the text is read in order, and no further than wanted.
    let begins = "SEARCH t USING INDEX items_search (kind=? AND title_key>? AND title_key<?)";
    assert!(steps.iter().any(|step| step.contains(begins)), "{steps:#?}");
    assert!(!steps.iter().any(|step| sorts(step)), "{steps:#?}");
}

#[tokio::test]
async fn people_are_found_by_name_and_counted_by_their_titles() {
    let fixture = Fixture::new().await;
    let steps = assert_indexed(&fixture, "people", &people::candidates_sql()).await;
    let of = |table: &str| steps.iter().position(|step| step.contains(table));
    let (index, rows) = (of("SCAN people_fts VIRTUAL TABLE INDEX"), of("SEARCH p USING INTEGER PRIMARY KEY"));
    assert!(index.is_some() && index < rows, "{steps:#?}");
    let counted = "SEARCH c USING COVERING INDEX credits_of_person (person_id=?)";
    assert!(steps.iter().any(|step| step.contains(counted)), "{steps:#?}");
    let steps = assert_indexed(&fixture, "people shown", &people::shown_sql()).await;
    for step in [
        "SEARCH p USING INDEX people_by_name (name_key=?)",
        "SEARCH o USING INDEX people_by_name (name_key=?)",
        "SEARCH i USING INTEGER PRIMARY KEY",
        counted,
    ] {
        assert!(steps.iter().any(|found| found.contains(step)), "{step}: {steps:#?}");
    }
}

#[tokio::test]
async fn a_details_page_looks_up_what_it_shows() {
    let fixture = Fixture::new().await;
    for (name, sql) in [
        ("titles of a person", people::titles_sql()),
        ("people of a name", people::named_sql()),
        ("portraits", people::portraits_sql()),
        ("similar", details::similar_sql()),
        ("alike", details::alike_sql()),
        ("extras", details::extras_sql()),
        ("titles of a genre", genre::of_genre_sql()),
    ] {
        let steps = assert_indexed(&fixture, name, &sql).await;
        let whole = |step: &&String| {
            let tables = ["p", "c", "own", "other", "ig", "g"];
            tables.iter().any(|table| **step == format!("SCAN {table}"))
        };
        assert_eq!(steps.iter().find(whole), None, "{name} scans: {steps:#?}");
    }
}

#[tokio::test]
async fn the_outbox_finds_what_is_due() {
    let fixture = Fixture::new().await;
    let steps = plan(&fixture, &outbox::lease_sql()).await;
    assert!(!steps.iter().any(|step| step.starts_with("SCAN")), "{steps:#?}");
}

#[tokio::test]
async fn shelves_and_copies_are_found_by_indexes() {
    let fixture = Fixture::new().await;
    for (name, sql) in [
        ("shelves", shelves::list_sql()),
        ("titles of shelves to search", shelves::titles_sql()),
        ("shelves that were found", shelves::some_sql()),
        ("hubs", shelves::hubs_sql()),
        ("whether there are any", shelves::any_sql()),
        ("titles of shelves", shelves::count_sql()),
        ("items of a shelf", shelves::items_sql()),
        ("shelves of an item", shelves::of_item_sql()),
        ("copies", same::same_sql()),
        ("copies of an episode", same::same_place_sql()),
    ] {
        let steps = assert_indexed(&fixture, name, &sql).await;
        let whole = |step: &&String| step.starts_with("SCAN") && !step.contains("INDEX");
        let scanned: Vec<_> = steps.iter().filter(whole).collect();
        assert!(
            scanned.iter().all(|step| [
                "SCAN l",
                "SCAN o",
                "SCAN k VIRTUAL TABLE INDEX 1:",
                "SCAN CONSTANT ROW"
            ]
            .contains(&step.as_str())),
            "{name}: {steps:#?}"
        );
    }
    let steps = plan(&fixture, &same::same_sql()).await;
    for index in ["items_by_imdb", "items_by_tmdb", "items_by_tvdb", "items_by_title"] {
        assert!(steps.iter().any(|step| step.contains(index)), "{index}: {steps:#?}");
    }
}
