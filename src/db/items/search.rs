//! Search over titles: what equals or begins with the text by an index of folded titles, other words by full text.
//!
//! Every list of candidates is bounded for each kind, so that one letter among a hundred thousand titles costs no
//! more than a whole name. Nothing is ranked by how rare a word is: that alone would read every match.

use std::collections::{HashMap, HashSet};

use super::super::Result;
use super::super::row::get;
use super::super::sources::of_enabled_source;
use super::Items;
use super::words::{Wanted, fold};
use super::write::json;
use crate::models::{Item, ItemKind, MediaId};

/// What is searched, in the order in which results of the same rank are shown.
pub const SEARCHED: [ItemKind; 6] = [
    ItemKind::Movie,
    ItemKind::Series,
    ItemKind::Video,
    ItemKind::Episode,
    ItemKind::Artist,
    ItemKind::Album,
];

/// Columns of the full-text index that hold words.
const WORDS: &str = "{title original_title series_title}";
/// The first letter of those that are left to private use, in steps of which kinds have theirs.
const PRIVATE: u32 = 0xe000;
const STEP: u32 = 32;
/// Matches of a kind that are looked at, the latest first, besides those that begin with the text.
const CANDIDATES: u32 = 200;

/// A candidate: narrow, until it is known which are shown.
#[derive(Debug)]
struct Hit {
    id: i64,
    kind: String,
    begins: bool,
    title: String,
}

/// The place of a hit among the others: servers and folders do not agree on what to sort by, the folded title is the
/// same everywhere.
type Rank = (u8, bool, String, i64);

/// The letter of a kind in the full-text index: nobody types it.
pub(super) fn kind_letter(kind: &str) -> char {
    let first = kind.chars().next().map_or(0, u32::from);
    let length = u32::try_from(kind.chars().count()).unwrap_or_default();
    char::from_u32(PRIVATE + first * STEP + length).unwrap_or_default()
}

/// The candidates of some kinds: first by the beginning of their titles, then by words.
pub(in crate::db) fn search_sql(kinds: &[ItemKind]) -> String {
    let enabled = of_enabled_source("t");
    let narrow = "t.id AS id, t.kind AS kind, t.title AS title";
    let branches: Vec<String> = kinds
        .iter()
        .map(|kind| {
            let letter = kind_letter(kind.as_str());
            let kind = format!("'{}'", kind.as_str());
            // CROSS JOIN keeps the planner from asking the full-text index for one item after the other.
            format!(
                "SELECT * FROM (SELECT {narrow}, 1 AS begins FROM items t INDEXED BY items_search \
                 WHERE t.kind = {kind} AND t.title_key >= ?1 AND t.title_key < ?2 AND {enabled} \
                 ORDER BY t.title_key LIMIT ?3) \
                 UNION ALL SELECT {narrow}, 0 AS begins FROM (SELECT rowid AS id FROM items_fts \
                     WHERE items_fts MATCH 'kind : \"{letter}\" AND ' || ?4 \
                     ORDER BY rowid DESC LIMIT ?5) AS f \
                 CROSS JOIN items t ON t.id = f.id WHERE t.kind = {kind} AND {enabled}"
            )
        })
        .collect();
    branches.join(" UNION ALL ")
}

impl Items<'_> {
    /// Items in whose titles every word of a text begins a word, whatever its case and accents: exact titles
    /// first, then titles that begin so, then others, then those found by another title; episodes after the rest.
    pub async fn search(&self, text: &str, limit: u32) -> Result<Vec<Item>> {
        let mut items = self.search_kinds(text, &SEARCHED, limit).await?;
        items.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(items)
    }

    /// The same for some kinds, with at most so many of each.
    pub async fn search_kinds(&self, text: &str, kinds: &[ItemKind], of_each: u32) -> Result<Vec<Item>> {
        let Some(wanted) = Wanted::read(text, WORDS).filter(|_| !kinds.is_empty()) else {
            return Ok(Vec::new());
        };
        let ids = self.hits(&wanted, kinds, of_each).await?;
        self.rows(&ids).await
    }

    /// The ids of what is found, best first.
    async fn hits(&self, wanted: &Wanted, kinds: &[ItemKind], of_each: u32) -> Result<Vec<MediaId>> {
        let values = [
            wanted.plain.as_str().into(),
            wanted.end().into(),
            of_each.into(),
            wanted.words.as_str().into(),
            CANDIDATES.max(of_each).into(),
        ];
        let read = |row: &_| {
            Ok(Hit {
                id: get(row, "id")?,
                kind: get(row, "kind")?,
                begins: get(row, "begins")?,
                title: get(row, "title")?,
            })
        };
        let hits = self.0.all(&search_sql(kinds), values, read).await?;
        Ok(ranked(wanted, hits, of_each))
    }

    /// Which of some remote ids of a source are stored.
    pub async fn stored(
        &self,
        source: crate::models::SourceId,
        remote_ids: &[&str],
    ) -> Result<HashMap<String, MediaId>> {
        let sql = "SELECT id, remote_id FROM items WHERE source_id = ? \
             AND remote_id IN (SELECT value FROM json_each(?))";
        let values = [source.to_string().into(), json(&remote_ids)?.into()];
        let read = |row: &_| Ok((get::<String>(row, "remote_id")?, MediaId(get(row, "id")?)));
        Ok(self.0.all(sql, values, read).await?.into_iter().collect())
    }
}

/// Each hit once, best first, at most so many of each kind.
fn ranked(wanted: &Wanted, hits: Vec<Hit>, of_each: u32) -> Vec<MediaId> {
    let mut seen = HashSet::new();
    let mut ranked: Vec<(Rank, String)> = hits
        .into_iter()
        .filter(|hit| seen.insert(hit.id))
        .map(|hit| {
            let folded = fold(&hit.title);
            let tier = wanted.tier(&folded).min(if hit.begins { 1 } else { 3 });
            let is_late = hit.kind == ItemKind::Episode.as_str();
            ((tier, is_late, folded, hit.id), hit.kind)
        })
        .collect();
    ranked.sort_unstable();
    let mut counts: HashMap<String, u32> = HashMap::new();
    ranked.retain(|(_, kind)| {
        let count = counts.entry(kind.clone()).or_default();
        *count += 1;
        *count <= of_each
    });
    ranked.into_iter().map(|((.., id), _)| MediaId(id)).collect()
}
