//! The tables `people` and `credits`: who has a part in what.
//!
//! A person is one by name within a source, and pages show those of the same name in all sources as one. The
//! credits of an item come from its details, which tell all of them; until those were read, a listing's few
//! serve.

mod found;

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult};
use serde::Serialize;

use super::row::{ITEM_COLUMNS, get, item, ms, source_id};
use super::sources::of_enabled_source;
use super::{Database, DbError, Result, execute, one};
use crate::models::{
    Credit, CreditRole, ImageKey, Item, MediaId, Person, PersonAbout, PersonRecord, RemoteId, SourceId,
    TitleOf,
};

pub use found::{FoundPerson, MOST_COUNTED};
#[cfg(test)]
pub(super) use found::{candidates_sql, shown_sql};

/// People and their titles.
#[derive(Debug)]
pub struct People<'a>(pub(super) &'a Database);

/// A part of a person in an item.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The item.
    pub item: Item,
    /// What they did.
    pub role: CreditRole,
    /// The part they play.
    pub character: Option<String>,
}

/// A credit as a statement reads it.
#[derive(Debug, Serialize)]
pub(super) struct CreditOf<'a> {
    item: i64,
    position: usize,
    name: &'a str,
    key: String,
    role: &'static str,
    character: Option<&'a str>,
    person: Option<&'a str>,
    image: Option<&'a str>,
}

/// What a name is compared by.
fn key(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// The credits of an item, as statements read them.
pub(super) fn rows(item: i64, credits: &[Credit]) -> impl Iterator<Item = CreditOf<'_>> {
    credits.iter().enumerate().map(move |(position, credit)| CreditOf {
        item,
        position,
        name: &credit.name,
        key: key(&credit.name),
        role: credit.role.as_str(),
        character: credit.character.as_deref(),
        person: credit.person.as_ref().map(RemoteId::as_str),
        image: credit.image.as_ref().map(ImageKey::as_str),
    })
}

/// Stores what a listing tells of credits; items whose details were read keep theirs.
pub(super) async fn write_listed(
    transaction: &DatabaseTransaction,
    source: SourceId,
    credits: &[CreditOf<'_>],
) -> Result<()> {
    if credits.is_empty() {
        return Ok(());
    }
    let credits = json(credits)?;
    let sql = "DELETE FROM credits WHERE item_id IN (SELECT value ->> 'item' FROM json_each(?)) \
         AND item_id NOT IN (SELECT item_id FROM media_details)";
    execute(transaction, sql, [credits.as_str().into()]).await?;
    write(transaction, source, &credits).await
}

/// Adds people and credits; where an item has a credit in a place already, that stays.
async fn write(connection: &impl ConnectionTrait, source: SourceId, credits: &str) -> Result<()> {
    let sql = "INSERT INTO people (source_id, name, name_key, remote_id, image_key) \
         SELECT ?2, value ->> 'name', value ->> 'key', value ->> 'person', value ->> 'image' \
         FROM json_each(?1) WHERE value ->> 'key' <> '' \
         ON CONFLICT (source_id, name_key) DO UPDATE SET \
         remote_id = coalesce(excluded.remote_id, remote_id), image_key = coalesce(excluded.image_key, image_key) \
         WHERE coalesce(excluded.remote_id, remote_id) IS NOT remote_id \
         OR coalesce(excluded.image_key, image_key) IS NOT image_key";
    let last = last(connection).await?;
    execute(connection, sql, [credits.into(), source.to_string().into()]).await?;
    found::index_after(connection, last).await?;
    let sql = "INSERT OR IGNORE INTO credits (item_id, position, person_id, role, character) \
         SELECT value ->> 'item', value ->> 'position', p.id, value ->> 'role', value ->> 'character' \
         FROM json_each(?1) JOIN people p ON p.source_id = ?2 AND p.name_key = value ->> 'key'";
    execute(connection, sql, [credits.into(), source.to_string().into()]).await?;
    Ok(())
}

/// The highest id that is given: who comes later has a higher one.
async fn last(connection: &impl ConnectionTrait) -> Result<i64> {
    let sql = "SELECT coalesce(max(id), 0) AS id FROM people";
    Ok(one(connection, sql, [], |row| get(row, "id")).await?.unwrap_or_default())
}

pub(super) fn titles_sql() -> String {
    format!(
        "SELECT {ITEM_COLUMNS}, c.role AS credit_role, c.character AS credit_character \
         FROM people p CROSS JOIN credits c ON c.person_id = p.id CROSS JOIN items i ON i.id = c.item_id \
         WHERE p.name_key = ? AND {} ORDER BY i.year DESC, i.series_id, i.season, i.episode, i.id",
        of_enabled_source("i")
    )
}

pub(super) fn named_sql() -> String {
    format!(
        "SELECT p.* FROM people p JOIN sources s ON s.id = p.source_id \
         WHERE p.name_key = ? AND {} ORDER BY s.position, p.id",
        of_enabled_source("p")
    )
}

pub(super) fn portraits_sql() -> String {
    format!(
        "SELECT p.name_key, p.source_id, p.image_key FROM json_each(?) AS wanted \
         CROSS JOIN people p ON p.name_key = wanted.value \
         WHERE p.image_key IS NOT NULL AND {} ORDER BY p.id",
        of_enabled_source("p")
    )
}

impl People<'_> {
    /// Stores the credits that the details of an item tell, which are all.
    pub async fn put_credits(&self, source: SourceId, item: MediaId, credits: &[Credit]) -> Result<()> {
        let rows: Vec<CreditOf<'_>> = rows(item.0, credits).collect();
        let transaction = self.0.begin().await?;
        execute(&transaction, "DELETE FROM credits WHERE item_id = ?", [item.0.into()]).await?;
        write(&transaction, source, &json(&rows)?).await?;
        Ok(transaction.commit().await?)
    }

    /// Everybody of this name, the first source first; those of sources that are switched off left out.
    pub async fn named(&self, name: &str) -> Result<Vec<Person>> {
        self.0.all(&named_sql(), [key(name).into()], person).await
    }

    /// A portrait of each of these people, as any source has one; by name as given.
    pub async fn portraits(&self, names: &[&str]) -> Result<HashMap<String, (SourceId, ImageKey)>> {
        let keys: Vec<String> = names.iter().map(|name| key(name)).collect();
        let sql = portraits_sql();
        let found = self.0.all(&sql, [json(&keys)?.into()], |row| {
            let image = ImageKey::new(get::<String>(row, "image_key")?);
            Ok((get::<String>(row, "name_key")?, (source_id(row, "source_id")?, image)))
        });
        let found: HashMap<String, (SourceId, ImageKey)> = found.await?.into_iter().rev().collect();
        let named = names.iter().zip(keys);
        Ok(named.filter_map(|(name, key)| Some(((*name).to_owned(), found.get(&key)?.clone()))).collect())
    }

    /// Stores what a server tells of a person.
    pub async fn put(&self, source: SourceId, name: &str, record: &PersonRecord) -> Result<()> {
        let about = &record.about;
        let sql = "UPDATE people SET remote_id = coalesce(?3, remote_id), image_key = coalesce(?4, image_key), \
             biography = ?5, born = ?6, died = ?7, birthplace = ?8, fetched_at = ?9 \
             WHERE source_id = ?1 AND name_key = ?2";
        let values = [
            source.to_string().into(),
            key(name).into(),
            record.remote_id.as_ref().map(|id| id.as_str().to_owned()).into(),
            record.image.as_ref().map(|image| image.as_str().to_owned()).into(),
            about.biography.clone().into(),
            about.born.map(|day| day.to_string()).into(),
            about.died.map(|day| day.to_string()).into(),
            about.birthplace.clone().into(),
            ms(chrono::Utc::now()).into(),
        ];
        self.0.write(sql, values).await?;
        Ok(())
    }

    /// Stores parts in items that are known here; an item with a part of this person already keeps what it has.
    /// Gives how many are new.
    pub async fn add_titles(&self, source: SourceId, name: &str, titles: &[TitleOf]) -> Result<u64> {
        #[derive(Serialize)]
        struct Title<'a> {
            remote: &'a str,
            role: &'static str,
        }
        if titles.is_empty() {
            return Ok(0);
        }
        let titles: Vec<Title<'_>> = titles
            .iter()
            .map(|title| Title { remote: title.item.as_str(), role: title.role.as_str() })
            .collect();
        let sql = "INSERT OR IGNORE INTO credits (item_id, position, person_id, role) \
             SELECT i.id, 1 + coalesce((SELECT max(c.position) FROM credits c WHERE c.item_id = i.id), -1), \
                 p.id, min(value ->> 'role') \
             FROM json_each(?1) JOIN items i ON i.source_id = ?2 AND i.remote_id = value ->> 'remote' \
             JOIN people p ON p.source_id = ?2 AND p.name_key = ?3 \
             WHERE NOT EXISTS (SELECT 1 FROM credits c WHERE c.item_id = i.id AND c.person_id = p.id) \
             GROUP BY i.id";
        let transaction = self.0.begin().await?;
        let last = last(&transaction).await?;
        let add = "INSERT OR IGNORE INTO people (source_id, name, name_key) VALUES (?, ?, ?)";
        execute(&transaction, add, [source.to_string().into(), name.into(), key(name).into()]).await?;
        found::index_after(&transaction, last).await?;
        let values = [json(&titles)?.into(), source.to_string().into(), key(name).into()];
        let added = execute(&transaction, sql, values).await?;
        transaction.commit().await?;
        Ok(added)
    }

    /// The items that everybody of this name has a part in, the newest first.
    pub async fn titles(&self, name: &str) -> Result<Vec<Part>> {
        self.0
            .all(&titles_sql(), [key(name).into()], |row| {
                Ok(Part {
                    item: item(row)?,
                    role: CreditRole::from_word(&get::<String>(row, "credit_role")?),
                    character: get(row, "credit_character")?,
                })
            })
            .await
    }
}

fn person(row: &QueryResult) -> Result<Person> {
    let day = |column: &str| {
        let text = get::<Option<String>>(row, column)?;
        Ok::<_, DbError>(text.and_then(|text| text.parse().ok()))
    };
    Ok(Person {
        source_id: source_id(row, "source_id")?,
        name: get(row, "name")?,
        remote_id: get::<Option<String>>(row, "remote_id")?.map(RemoteId::new),
        image: get::<Option<String>>(row, "image_key")?.map(ImageKey::new),
        about: PersonAbout {
            biography: get(row, "biography")?,
            born: day("born")?,
            died: day("died")?,
            birthplace: get(row, "birthplace")?,
        },
    })
}

fn json<T: Serialize + ?Sized>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|_| DbError::unreadable("credits"))
}
