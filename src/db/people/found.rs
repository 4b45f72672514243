//! People by name: an index of words over `people`, kept when somebody new is stored and when somebody goes.
//!
//! What is counted and read is bounded before: one letter among the people of a hundred thousand titles costs no more
//! than a whole name.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, QueryResult};
use serde::Serialize;

use super::super::items::same::ONE_TITLE;
use super::super::items::words::{Wanted, fold, grams};
use super::super::row::{get, source_id};
use super::super::sources::of_enabled_source;
use super::super::{Result, all, execute};
use super::{People, json};
use crate::models::{ImageKey, SourceId};

/// People looked at for one question, the latest first.
const CANDIDATES: u32 = 300;
/// Titles of somebody that are counted; more are not told apart.
pub const MOST_COUNTED: u32 = 100;

/// Somebody who was found, as one person over all sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundPerson {
    /// Their name.
    pub name: String,
    /// A portrait, and whose it is.
    pub portrait: Option<(SourceId, ImageKey)>,
    /// In how many titles they have a part; [`MOST_COUNTED`] stands for that many or more.
    pub titles: u32,
}

/// Those who may be meant, with the number of their parts to rank them by.
pub(in crate::db) fn candidates_sql() -> String {
    // CROSS JOIN keeps the planner from asking the full-text index for one person after the other.
    format!(
        "SELECT p.name, p.name_key, \
         (SELECT count(*) FROM (SELECT 1 FROM credits c WHERE c.person_id = p.id LIMIT {MOST_COUNTED})) AS parts \
         FROM (SELECT rowid AS id FROM people_fts WHERE people_fts MATCH ?1 ORDER BY rowid DESC LIMIT ?2) AS f \
         CROSS JOIN people p ON p.id = f.id WHERE {}",
        of_enabled_source("p")
    )
}

/// What is shown of some names, in their order: a row for each source that has one, the first source first.
pub(in crate::db) fn shown_sql() -> String {
    let enabled = of_enabled_source("o");
    format!(
        "SELECT w.key AS place, p.name, p.source_id, p.image_key, \
         (SELECT count(DISTINCT {ONE_TITLE}) FROM (SELECT DISTINCT c.item_id AS id \
             FROM people o CROSS JOIN credits c ON c.person_id = o.id \
             WHERE o.name_key = w.value AND {enabled} LIMIT {MOST_COUNTED}) AS part \
          CROSS JOIN items i ON i.id = part.id) AS titles \
         FROM json_each(?) AS w CROSS JOIN people p ON p.name_key = w.value \
         CROSS JOIN sources s ON s.id = p.source_id WHERE s.enabled ORDER BY w.key, s.position, p.id"
    )
}

impl People<'_> {
    /// People whose names have every word of a text as the beginning of a word: exact names first, then names that
    /// begin so, then by the number of their titles. Those of the same name in several sources are one; who has no
    /// part in anything is left out.
    pub async fn search(&self, text: &str, limit: u32) -> Result<Vec<FoundPerson>> {
        let Some(wanted) = Wanted::read(text, "name") else { return Ok(Vec::new()) };
        let values = [wanted.words.as_str().into(), CANDIDATES.into()];
        let sql = candidates_sql();
        let candidates = self.0.all(&sql, values, |row| {
            Ok((get::<String>(row, "name_key")?, get::<String>(row, "name")?, get::<i64>(row, "parts")?))
        });
        let keys = ranked(&wanted, candidates.await?, limit);
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let mut found: Vec<(i64, FoundPerson)> = Vec::new();
        for (place, person) in self.0.all(&shown_sql(), [json(&keys)?.into()], shown).await? {
            match found.last_mut().filter(|(last, _)| *last == place) {
                Some((_, known)) => known.portrait = known.portrait.take().or(person.portrait),
                None => found.push((place, person)),
            }
        }
        Ok(found.into_iter().map(|(_, person)| person).collect())
    }
}

fn shown(row: &QueryResult) -> Result<(i64, FoundPerson)> {
    let image = get::<Option<String>>(row, "image_key")?.map(ImageKey::new);
    let source = source_id(row, "source_id")?;
    let person = FoundPerson {
        name: get(row, "name")?,
        portrait: image.map(|image| (source, image)),
        titles: u32::try_from(get::<i64>(row, "titles")?).unwrap_or(u32::MAX),
    };
    Ok((get(row, "place")?, person))
}

/// What the best of the candidates are compared by, each once. A candidate is its key, its name and the number of its
/// parts.
fn ranked(wanted: &Wanted, candidates: Vec<(String, String, i64)>, limit: u32) -> Vec<String> {
    let mut known: HashMap<String, (u8, i64)> = HashMap::new();
    for (key, name, parts) in candidates.into_iter().filter(|(.., parts)| *parts > 0) {
        let (_, all) = known.entry(key).or_insert_with(|| (wanted.tier(&fold(&name)), 0));
        *all -= parts;
    }
    let mut ranked: Vec<((u8, i64), String)> = known.into_iter().map(|(key, rank)| (rank, key)).collect();
    ranked.sort_unstable();
    ranked.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    ranked.into_iter().map(|(_, key)| key).collect()
}

/// Puts everybody into the index who was stored with a higher id than this.
pub(super) async fn index_after(connection: &impl ConnectionTrait, last: i64) -> Result<()> {
    #[derive(Serialize)]
    struct Words {
        id: i64,
        name: String,
        grams: String,
    }
    let sql = "SELECT id, name FROM people WHERE id > ?";
    let new = all(connection, sql, [last.into()], |row| {
        let name = fold(&get::<String>(row, "name")?);
        Ok(Words { id: get(row, "id")?, grams: grams([name.as_str()]), name })
    });
    let new = new.await?;
    if new.is_empty() {
        return Ok(());
    }
    let sql = "INSERT INTO people_fts (rowid, name, grams) \
         SELECT value ->> 'id', value ->> 'name', value ->> 'grams' FROM json_each(?)";
    execute(connection, sql, [json(&new)?.into()]).await?;
    Ok(())
}
