//! Full-text search.

use super::super::Result;
use super::super::row::{ITEM_COLUMNS, item};
use super::super::sources::of_enabled_source;
use super::Items;
use crate::models::Item;

/// Words looked at; more say nothing new.
const MOST_WORDS: usize = 8;

pub(in crate::db) fn search_sql() -> String {
    // First the few hits, from narrow rows; then everything of these. CROSS JOIN keeps the planner from asking
    // the index for one item after the other.
    format!(
        "SELECT {ITEM_COLUMNS} FROM (SELECT t.id AS id, t.kind = 'episode' AS late, \
             CASE WHEN t.id NOT IN (SELECT rowid FROM items_fts WHERE items_fts MATCH ?2) THEN 2 \
                 ELSE length(t.title) <> length(?3) END AS tier, \
             bm25(items_fts, 10.0, 8.0, 2.0) AS rank, t.sort_key AS sort_key \
             FROM items_fts CROSS JOIN items t ON t.id = items_fts.rowid \
             WHERE items_fts MATCH ?1 AND t.kind IN ('movie', 'series', 'episode', 'video') \
             AND {} ORDER BY tier, late, rank, t.sort_key, t.id LIMIT ?4) AS hit \
         JOIN items i ON i.id = hit.id ORDER BY hit.tier, hit.late, hit.rank, hit.sort_key, hit.id",
        of_enabled_source("t")
    )
}

impl Items<'_> {
    /// Items in whose titles every word of a text begins a word, whatever its case and accents: exact titles
    /// first, then titles that begin so, then the others; episodes after films and series.
    pub async fn search(&self, text: &str, limit: u32) -> Result<Vec<Item>> {
        let words = words(text);
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let plain = words.join(" ");
        let values = [every_word(&words).into(), beginning(&plain).into(), plain.into(), limit.into()];
        self.0.all(&search_sql(), values, item).await
    }
}

/// What a person typed, as words without what means something to FTS5. Punctuation inside a word stays: the
/// index takes it apart as it took the titles apart.
pub(in crate::db) fn words(text: &str) -> Vec<String> {
    text.split_whitespace()
        .filter(|word| word.contains(char::is_alphanumeric))
        .take(MOST_WORDS)
        .map(|word| word.replace(['"', '\0'], ""))
        .collect()
}

/// The FTS5 expression for titles in which every word begins a word.
pub(in crate::db) fn every_word(words: &[String]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"*")).collect();
    quoted.join(" ")
}

/// The FTS5 expression for titles that begin with a text.
fn beginning(plain: &str) -> String {
    format!("title : ^ \"{plain}\" *")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anything_typed_is_a_safe_expression() {
        for (typed, expression) in [
            ("the lan", "\"the\"* \"lan\"*"),
            ("\"OR* NEAR(", "\"OR*\"* \"NEAR(\"*"),
            ("spider-man", "\"spider-man\"*"),
            ("東京 物語", "\"東京\"* \"物語\"*"),
            (" *\"' \0 - ", ""),
        ] {
            assert_eq!(every_word(&words(typed)), expression);
        }
        assert_eq!(beginning("the la"), "title : ^ \"the la\" *");
    }
}
