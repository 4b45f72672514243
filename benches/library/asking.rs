//! Questions of pages to a database with the large library, as one types, sorts and filters.

use std::time::Instant;

use futures::TryStreamExt as _;
use gnome_reel::services::core::LibraryService;
use gnome_reel::services::core::library::{ItemFilter, ItemQuery, ItemScope, ItemSort};
use sea_orm::sqlx::sqlite::SqliteConnectOptions;
use sea_orm::sqlx::{ConnectOptions as _, Executor as _, Row as _};

use crate::figures::{Figures, jitter, median, ms, percentile};
use crate::syncing::{App, database};

/// What is typed, letter by letter.
const TYPED: [&str; 6] = ["the silent river", "lantern", "q", "of the", "a", "winter gar"];
/// The most for the results of a letter, in milliseconds, above the bare question.
const MOST_SEARCH_MS: f64 = 10.0;
/// The most from another order or filter to its first rows, in milliseconds.
const MOST_SORT_MS: f64 = 50.0;
/// Rows of a first page.
const ROWS: u32 = 100;
/// Runs of each.
const RUNS: usize = 7;

/// Measures all of it.
pub async fn measure(figures: &mut Figures, app: &App) -> anyhow::Result<()> {
    search(figures, app).await?;
    sort(figures, app).await
}

async fn search(figures: &mut Figures, app: &App) -> anyhow::Result<()> {
    let mut bare_db = SqliteConnectOptions::new().filename(database(app)).read_only(true).connect().await?;
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for typed in TYPED {
        for end in 1..=typed.len() {
            let text = &typed[..end];
            if text.ends_with(' ') {
                continue;
            }
            let words: Vec<String> = text.split(' ').map(|word| format!("\"{word}\"*")).collect();
            let begin = Instant::now();
            let rows: Vec<_> = bare_db
                .fetch(
                    sea_orm::sqlx::query(
                        "SELECT rowid FROM items_fts WHERE items_fts MATCH ? ORDER BY rank LIMIT 60",
                    )
                    .bind(words.join(" ")),
                )
                .map_ok(|row| row.get::<i64, _>(0))
                .try_collect()
                .await?;
            std::hint::black_box(rows);
            bare.push(ms(begin.elapsed()));
            let begin = Instant::now();
            std::hint::black_box(LibraryService::search(&app.ctx, text, 60).await?);
            ours.push(ms(begin.elapsed()));
        }
    }
    let (limit, slow) = (percentile(&bare, 0.99), percentile(&ours, 0.99));
    figures.add(
        "search, each letter: p99",
        "ms",
        vec![slow],
        limit,
        MOST_SEARCH_MS.max(limit + jitter(&bare)),
    );
    figures.add("search, each letter: median", "ms", ours, median(&bare), MOST_SEARCH_MS);
    Ok(())
}

async fn sort(figures: &mut Figures, app: &App) -> anyhow::Result<()> {
    let library = app.ctx.db.libraries().list(None).await?[0].id;
    let sorts = [
        ("title", ItemSort::Title),
        ("date added", ItemSort::DateAdded),
        ("release date", ItemSort::ReleaseDate),
        ("rating", ItemSort::Rating),
        ("duration", ItemSort::Duration),
        ("last played", ItemSort::LastPlayed),
    ];
    for unwatched in [false, true] {
        for (name, sort) in sorts {
            let query = ItemQuery {
                scope: ItemScope::Library(library),
                kinds: Vec::new(),
                sort,
                descending: sort != ItemSort::Title,
                filter: ItemFilter { unwatched, ..ItemFilter::default() },
                limit: ROWS,
                offset: 0,
            };
            let mut times = Vec::new();
            for _ in 0..RUNS {
                let begin = Instant::now();
                std::hint::black_box(LibraryService::count(&app.ctx, &query).await?);
                std::hint::black_box(LibraryService::items(&app.ctx, &query).await?);
                times.push(ms(begin.elapsed()));
            }
            let filter = if unwatched { ", unwatched" } else { "" };
            figures.add(&format!("sort by {name}{filter}"), "ms", times, 0.0, MOST_SORT_MS);
        }
    }
    Ok(())
}
