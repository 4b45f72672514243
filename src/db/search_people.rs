//! People by name, with the titles that they have a part in: as far as details were read.

use std::collections::HashMap;

use sea_orm::DatabaseTransaction;
use serde::Serialize;

use super::items::words::{Wanted, fold, grams};
use super::row::get;
use super::sources::of_enabled_source;
use super::{Database, DbError, Result, execute};
use crate::models::{ImageKey, Item, MediaDetails, MediaId, SourceId};

/// People looked at for one question.
const CANDIDATES: u32 = 300;

/// A person that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundPerson {
    /// Their name.
    pub name: String,
    /// A portrait, and whose it is.
    pub portrait: Option<(SourceId, ImageKey)>,
    /// In how many titles they have a part.
    pub titles: u32,
}

/// People.
#[derive(Debug)]
pub struct SearchPeople<'a>(pub(super) &'a Database);

/// The people of a question with their titles. Bounded before anything is counted.
pub(super) fn people_sql() -> String {
    format!(
        "SELECT p.id, p.name, p.name_key, count(*) AS titles, \
         max(CASE WHEN c.image IS NULL THEN NULL ELSE t.source_id || ' ' || c.image END) AS image \
         FROM (SELECT rowid AS id FROM people_fts WHERE people_fts MATCH ?1 ORDER BY rowid DESC LIMIT ?2) AS f \
         CROSS JOIN search_people p ON p.id = f.id \
         CROSS JOIN search_credits c ON c.person_id = p.id \
         CROSS JOIN items t ON t.id = c.item_id WHERE {} GROUP BY p.id",
        of_enabled_source("t")
    )
}

impl SearchPeople<'_> {
    /// People whose names have every word of a text as the beginning of a word: exact names first, then names that
    /// begin so, then by the number of titles.
    pub async fn search(&self, text: &str, limit: u32) -> Result<Vec<FoundPerson>> {
        let Some(wanted) = Wanted::read(text, "name") else { return Ok(Vec::new()) };
        let values = [wanted.words.as_str().into(), CANDIDATES.into()];
        let mut found = self
            .0
            .all(&people_sql(), values, |row| {
                let key: String = get(row, "name_key")?;
                let tier =
                    if key == wanted.plain { 0_u8 } else { 2 - u8::from(key.starts_with(&wanted.plain)) };
                let titles = u32::try_from(get::<i64>(row, "titles")?).unwrap_or(u32::MAX);
                let portrait = get::<Option<String>>(row, "image")?.and_then(|both| portrait(&both));
                Ok((
                    (tier, u32::MAX - titles, key),
                    FoundPerson { name: get(row, "name")?, portrait, titles },
                ))
            })
            .await?;
        found.sort_by(|left, right| left.0.cmp(&right.0));
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(found.into_iter().map(|(_, person)| person).collect())
    }

    /// The titles that somebody has a part in, newest first.
    pub async fn titles(&self, name: &str, limit: u32) -> Result<Vec<Item>> {
        let sql = format!(
            "SELECT t.id AS id FROM search_people p CROSS JOIN search_credits c ON c.person_id = p.id \
             CROSS JOIN items t ON t.id = c.item_id WHERE p.name = ?1 AND {} \
             ORDER BY t.kind = 'episode', t.year DESC, t.sort_key LIMIT ?2",
            of_enabled_source("t")
        );
        let ids = self.0.all(&sql, [name.into(), limit.into()], |row| Ok(MediaId(get(row, "id")?))).await?;
        self.0.items().rows(&ids).await
    }
}

fn portrait(both: &str) -> Option<(SourceId, ImageKey)> {
    let (source, key) = both.split_once(' ')?;
    Some((source.parse().ok()?, ImageKey::new(key)))
}

#[derive(Serialize)]
struct Person<'a> {
    name: &'a str,
    key: &'a str,
    grams: String,
    image: Option<&'a str>,
}

/// Makes the people of an item those of its details.
pub(super) async fn index(
    transaction: &DatabaseTransaction,
    item: MediaId,
    details: &MediaDetails,
) -> Result<()> {
    execute(transaction, "DELETE FROM search_credits WHERE item_id = ?", [item.0.into()]).await?;
    let names = details.credits.iter().map(|credit| (credit.name.as_str(), credit.image.as_ref()));
    let mut distinct: HashMap<&str, Option<&ImageKey>> = HashMap::new();
    for (name, image) in names.filter(|(name, _)| !name.trim().is_empty()) {
        let known = distinct.entry(name).or_default();
        *known = known.or(image);
    }
    if distinct.is_empty() {
        return Ok(());
    }
    let keys: Vec<(&str, String, Option<&ImageKey>)> =
        distinct.into_iter().map(|(name, image)| (name, fold(name), image)).collect();
    let people: Vec<Person<'_>> = keys
        .iter()
        .map(|(name, key, image)| Person {
            name,
            key,
            grams: grams([key.as_str()]),
            image: image.map(ImageKey::as_str),
        })
        .collect();
    let json = serde_json::to_string(&people).map_err(|_| DbError::unreadable("people"))?;
    for sql in [
        "INSERT OR IGNORE INTO search_people (name, name_key) \
         SELECT value ->> 'name', value ->> 'key' FROM json_each(?1)",
        "DELETE FROM people_fts WHERE rowid IN (SELECT p.id FROM json_each(?1) \
         JOIN search_people p ON p.name = value ->> 'name')",
        "INSERT INTO people_fts (rowid, name, grams) SELECT p.id, p.name_key, value ->> 'grams' \
         FROM json_each(?1) JOIN search_people p ON p.name = value ->> 'name'",
    ] {
        execute(transaction, sql, [json.as_str().into()]).await?;
    }
    let sql = "INSERT OR IGNORE INTO search_credits (person_id, item_id, image) \
         SELECT p.id, ?2, value ->> 'image' FROM json_each(?1) JOIN search_people p ON p.name = value ->> 'name'";
    execute(transaction, sql, [json.into(), item.0.into()]).await?;
    Ok(())
}
