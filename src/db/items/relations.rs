//! What hangs on the rows of items that were written: genres and the search index.

use std::collections::{HashMap, HashSet};

use sea_orm::{DatabaseTransaction, Value};

use super::super::people::{self, CreditOf};
use super::super::row::get;
use super::super::{Result, all, execute};
use super::record_row::Row;
use super::search::kind_letter;
use super::words::{fold, grams};
use super::write::{Written, json};
use crate::models::SourceId;

/// Rows of genres that one statement stores.
const ROWS_OF_A_STATEMENT: usize = 500;

/// Stores genres and search index of rows that were written.
pub(super) async fn write_relations(
    transaction: &DatabaseTransaction,
    source: SourceId,
    rows: &[(&Row<'_>, i64)],
    written: &Written,
) -> Result<()> {
    let ids: Vec<i64> = written.ids.values().copied().collect();
    let old: Vec<i64> = ids.iter().copied().filter(|id| *id <= written.last_before).collect();
    if !old.is_empty() {
        let old = json(&old)?;
        for table in ["item_genres WHERE item_id", "items_fts WHERE rowid"] {
            let sql = format!("DELETE FROM {table} IN (SELECT value FROM json_each(?))");
            execute(transaction, &sql, [old.as_str().into()]).await?;
        }
    }
    write_genres(transaction, rows, &written.ids).await?;
    write_words(transaction, rows, &written.ids).await?;
    let credits: Vec<CreditOf<'_>> = rows
        .iter()
        .filter_map(|(row, _)| Some((*written.ids.get(row.remote_id)?, row.credits.0)))
        .flat_map(|(item, credits)| people::rows(item, credits))
        .collect();
    people::write_listed(transaction, source, &credits).await
}

/// Fills the search index with those that are found by their own title.
async fn write_words(
    transaction: &DatabaseTransaction,
    rows: &[(&Row<'_>, i64)],
    ids: &HashMap<String, i64>,
) -> Result<()> {
    let values: Vec<[Value; 6]> = rows
        .iter()
        .filter_map(|(row, _)| {
            let (id, title) = (*ids.get(row.remote_id)?, row.title_key.as_deref()?);
            let original = row.original_title.map(fold).unwrap_or_default();
            let series = row.series_title.map(fold).unwrap_or_default();
            let grams = grams([title, &original, &series]);
            let kind = kind_letter(row.kind).to_string();
            Some([id.into(), title.into(), original.into(), series.into(), grams.into(), kind.into()])
        })
        .collect();
    for values in values.chunks(ROWS_OF_A_STATEMENT) {
        let row = vec!["(?,?,?,?,?,?)"; values.len()].join(",");
        let sql = format!(
            "INSERT INTO items_fts (rowid, title, original_title, series_title, grams, kind) VALUES {row}"
        );
        execute(transaction, &sql, values.iter().flatten().cloned()).await?;
    }
    Ok(())
}

async fn write_genres(
    transaction: &DatabaseTransaction,
    rows: &[(&Row<'_>, i64)],
    ids: &HashMap<String, i64>,
) -> Result<()> {
    let names: HashSet<&str> = rows.iter().flat_map(|(row, _)| row.genres).map(String::as_str).collect();
    if names.is_empty() {
        return Ok(());
    }
    let names = json(&names)?;
    let sql = "INSERT OR IGNORE INTO genres (name) SELECT value FROM json_each(?)";
    execute(transaction, sql, [names.as_str().into()]).await?;
    let sql = "SELECT id, name FROM genres WHERE name IN (SELECT value FROM json_each(?))";
    let read = |row: &_| Ok((get::<String>(row, "name")?, get::<i64>(row, "id")?));
    let genres: HashMap<String, i64> =
        all(transaction, sql, [names.into()], read).await?.into_iter().collect();
    let mut values: Vec<[i64; 3]> = Vec::new();
    for (row, _) in rows {
        let Some(item) = ids.get(row.remote_id) else { continue };
        let known = row.genres.iter().filter_map(|name| genres.get(name));
        values.extend(known.zip(0..).map(|(genre, place)| [*item, place, *genre]));
    }
    for values in values.chunks(ROWS_OF_A_STATEMENT) {
        let row = vec!["(?,?,?)"; values.len()].join(",");
        let sql = format!("INSERT INTO item_genres (item_id, place, genre_id) VALUES {row}");
        execute(transaction, &sql, values.iter().flatten().copied().map(Value::from)).await?;
    }
    Ok(())
}
