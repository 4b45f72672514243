//! The bare loop: the same pages downloaded and read, and the same tables, indexes and full-text index filled, without
//! any of our own work. The rows come from a database that is filled already.

use std::path::Path;
use std::time::{Duration, Instant};

use futures::stream::{self, StreamExt as _};
use gnome_reel::db::Database;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, Row as _, SqliteConnection,
};
use serde::Deserialize;

use crate::server::Seen;

/// Pages that are on their way at a time, as in our own listing.
const IN_FLIGHT: usize = 3;

/// What a page must hold at least to be of use; reading it costs what reading costs.
#[derive(Deserialize)]
struct Page {
    #[serde(alias = "Items")]
    #[serde(default)]
    items: Vec<Entry>,
    #[serde(rename = "MediaContainer")]
    container: Option<Container>,
}

#[derive(Deserialize)]
struct Container {
    #[serde(rename = "Metadata", default)]
    metadata: Vec<Entry>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "read to be read")]
struct Entry {
    #[serde(alias = "Id", alias = "ratingKey")]
    id: String,
    #[serde(alias = "Name")]
    title: String,
    #[serde(alias = "SortName", alias = "titleSort")]
    sort_title: Option<String>,
    #[serde(alias = "Overview")]
    summary: Option<String>,
    #[serde(alias = "ProductionYear")]
    year: Option<i32>,
    #[serde(alias = "PremiereDate", alias = "originallyAvailableAt")]
    released: Option<String>,
    #[serde(alias = "RunTimeTicks")]
    duration: Option<i64>,
    #[serde(alias = "Genres")]
    genres: Option<Vec<String>>,
    #[serde(alias = "UserData")]
    user: Option<serde_json::Map<String, serde_json::Value>>,
}

/// A request as it was seen, asked again.
pub fn again(client: &reqwest::Client, url: &str, seen: &Seen) -> reqwest::RequestBuilder {
    let kept = seen.headers.iter().filter(|(name, _)| !matches!(name.as_str(), "host" | "accept-encoding"));
    kept.fold(client.get(format!("{url}{}", seen.path)), |request, (name, value)| request.header(name, value))
}

/// Downloads the pages and fills a new database from `full`, page by page, each page a transaction. Gives the time
/// that it took, without making the empty tables.
pub async fn fill(url: &str, pages: &[Seen], full: &Path, fresh: &Path) -> anyhow::Result<Duration> {
    drop(Database::open(fresh).await?);
    let options = SqliteConnectOptions::new()
        .filename(fresh)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let mut db = options.connect().await?;
    let attach = format!("ATTACH '{}' AS full", full.display());
    db.execute(AssertSqlSafe(attach)).await?;
    for table in ["sources", "libraries", "genres"] {
        db.execute(AssertSqlSafe(format!("INSERT INTO main.{table} SELECT * FROM full.{table}"))).await?;
    }
    let items = columns(&mut db).await?;
    let client = reqwest::Client::new();
    let begin = Instant::now();
    let mut answers = stream::iter(pages)
        .map(|seen| {
            let request = again(&client, url, seen);
            tokio::spawn(async move {
                let bytes = request.send().await?.error_for_status()?.bytes().await?;
                anyhow::Ok(serde_json::from_slice::<Page>(&bytes)?)
            })
        })
        .buffered(IN_FLIGHT);
    let mut written = 0;
    while let Some(page) = answers.next().await {
        let page = page??;
        let count = page.items.len() + page.container.map_or(0, |container| container.metadata.len());
        write(&mut db, &items, written, written + count).await?;
        written += count;
    }
    drop(answers);
    let took = begin.elapsed();
    db.close().await?;
    Ok(took)
}

/// Writes the rows of a page: the database that is filled already has them in the order of the listing.
async fn write(db: &mut SqliteConnection, items: &str, from: usize, to: usize) -> anyhow::Result<()> {
    let range = |id: &str| format!("{id} > {from} AND {id} <= {to}");
    let mut page = db.begin().await?;
    for sql in [
        format!("INSERT INTO main.items ({items}) SELECT {items} FROM full.items WHERE {}", range("id")),
        format!("INSERT INTO main.item_genres SELECT * FROM full.item_genres WHERE {}", range("item_id")),
        format!(
            "INSERT INTO main.items_fts (rowid, title, original_title, series_title, grams, kind) \
             SELECT id, title_key, lower(original_title), lower(series_title), '', kind FROM full.items \
             WHERE title_key IS NOT NULL AND {}",
            range("id")
        ),
    ] {
        page.execute(AssertSqlSafe(sql)).await?;
    }
    page.commit().await?;
    Ok(())
}

/// The columns of the table of items that are stored.
async fn columns(db: &mut SqliteConnection) -> anyhow::Result<String> {
    let rows = db.fetch_all("SELECT name FROM pragma_table_info('items')").await?;
    let names: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    Ok(names.join(", "))
}
