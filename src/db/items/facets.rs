//! What a list can be filtered by, and where its letters or years begin.

use super::super::Result;
use super::super::row::get;
use super::Items;
use super::grid::{Conditions, index};
use crate::models::{ItemFacets, ItemFilter, ItemQuery, ItemSort, Resolution, sort_key};

/// What stands for everything before the letters: digits and signs.
const BEFORE_LETTERS: &str = "#";
/// What stands for writing without letters that could be listed.
const OTHER_WRITING: &str = "…";
/// Behind every letter, in the order of the list.
const LAST: char = char::MAX;

/// The whole list of a question, in the order of titles.
fn unfiltered(query: &ItemQuery) -> ItemQuery {
    let filter = ItemFilter::default();
    ItemQuery { filter, sort: ItemSort::Title, ..query.clone() }
}

pub(in crate::db) fn genres_sql(query: &ItemQuery, conditions: &Conditions) -> String {
    format!(
        "SELECT g.name, c.n FROM (SELECT ig.genre_id AS id, count(*) AS n FROM items i {} \
         CROSS JOIN item_genres ig ON ig.item_id = i.id WHERE {} GROUP BY ig.genre_id) AS c \
         JOIN genres g ON g.id = c.id ORDER BY c.n DESC, g.name",
        index(&query.scope, query.sort),
        conditions.sql(),
    )
}

/// Counts by a value that the index has.
pub(in crate::db) fn groups_sql(query: &ItemQuery, conditions: &Conditions, value: &str) -> String {
    format!(
        "SELECT {value} AS value, count(*) AS n FROM items i {} WHERE {} AND {value} IS NOT NULL \
         GROUP BY value ORDER BY value DESC",
        index(&query.scope, query.sort),
        conditions.sql(),
    )
}

pub(in crate::db) const DECADE: &str = "i.year / 10 * 10";
pub(in crate::db) const RESOLUTION: &str = "i.resolution";

pub(in crate::db) fn letters_sql(query: &ItemQuery, conditions: &Conditions) -> String {
    format!(
        "SELECT substr(i.sort_key, 1, 1) AS letter, count(*) AS n FROM items i {} WHERE {} \
         GROUP BY letter ORDER BY letter",
        index(&query.scope, ItemSort::Title),
        conditions.sql(),
    )
}

pub(in crate::db) fn years_sql(query: &ItemQuery, conditions: &Conditions) -> String {
    format!(
        "SELECT coalesce(substr(i.release_date, 1, 4), '') AS began, count(*) AS n FROM items i {} WHERE {} \
         GROUP BY began ORDER BY began",
        index(&query.scope, ItemSort::ReleaseDate),
        conditions.sql(),
    )
}

pub(in crate::db) fn before_sql(query: &ItemQuery, conditions: &Conditions) -> String {
    let compare = if query.descending { ">" } else { "<" };
    format!(
        "SELECT count(*) AS n FROM items i {} WHERE {} AND i.sort_key {compare} ?",
        index(&query.scope, ItemSort::Title),
        conditions.sql(),
    )
}

fn count(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl Items<'_> {
    /// What a list can be filtered by, whatever it is filtered by now.
    pub async fn facets(&self, query: &ItemQuery) -> Result<ItemFacets> {
        let query = unfiltered(query);
        let values = || Conditions::of(&query).values;
        let conditions = Conditions::of(&query);
        let sql = genres_sql(&query, &conditions);
        let genres = self
            .0
            .all(&sql, values(), |row| Ok((get::<String>(row, "name")?, count(get(row, "n")?))))
            .await?;
        let sql = groups_sql(&query, &conditions, DECADE);
        let decades =
            self.0.all(&sql, values(), |row| Ok((get::<i32>(row, "value")?, count(get(row, "n")?)))).await?;
        let sql = groups_sql(&query, &conditions, RESOLUTION);
        let lines = self
            .0
            .all(&sql, values(), |row| Ok((count(get::<i64>(row, "value")?), count(get(row, "n")?))))
            .await?;
        let resolutions = lines
            .into_iter()
            .filter_map(|(lines, count)| Some((Resolution::from_lines(lines)?, count)))
            .collect();
        Ok(ItemFacets { genres, decades, resolutions })
    }

    /// The letters that titles of a list begin with, in the order of the list, each with the place of its first
    /// title. Only for a list in the order of titles.
    pub async fn letters(&self, query: &ItemQuery) -> Result<Vec<(String, u32)>> {
        let conditions = Conditions::of(query);
        let sql = letters_sql(query, &conditions);
        let groups = self
            .0
            .all(&sql, conditions.values, |row| Ok((get::<String>(row, "letter")?, count(get(row, "n")?))))
            .await?;
        Ok(places(groups, query.descending, name_of))
    }

    /// The years of a list in the order of release, each with the place of its first title; `None` for what has no
    /// date. Only for a list in that order.
    pub async fn years(&self, query: &ItemQuery) -> Result<Vec<(Option<i32>, u32)>> {
        let conditions = Conditions::of(query);
        let sql = years_sql(query, &conditions);
        let groups = self
            .0
            .all(&sql, conditions.values, |row| Ok((get::<String>(row, "began")?, count(get(row, "n")?))))
            .await?;
        Ok(places(groups, query.descending, |year| year.parse().ok()))
    }

    /// The place of the first title of a list that begins with a text, or else of the one after it. Only for a list
    /// in the order of titles.
    pub async fn place_of(&self, query: &ItemQuery, text: &str) -> Result<u32> {
        let conditions = Conditions::of(query);
        let sql = before_sql(query, &conditions);
        let mut bound = sort_key(text);
        if query.descending {
            bound.push(LAST);
        }
        let values = conditions.values.into_iter().chain([bound.into()]);
        Ok(count(self.0.one(&sql, values, |row| get::<i64>(row, "n")).await?.unwrap_or_default()))
    }
}

/// The name of a first letter.
fn name_of(letter: &str) -> String {
    match letter.chars().next() {
        None => BEFORE_LETTERS.to_owned(),
        Some(first) if !first.is_alphabetic() && first <= 'z' => BEFORE_LETTERS.to_owned(),
        Some(first) if first.is_lowercase() => first.to_uppercase().collect(),
        Some(_) => OTHER_WRITING.to_owned(),
    }
}

/// Adds counts up to places. Neighbours of the same name are one.
fn places<N: PartialEq>(
    mut groups: Vec<(String, u32)>,
    descending: bool,
    name_of: impl Fn(&str) -> N,
) -> Vec<(N, u32)> {
    if descending {
        groups.reverse();
    }
    let mut names: Vec<(N, u32)> = Vec::new();
    let mut place = 0;
    for (group, count) in groups {
        let name = name_of(&group);
        if names.last().is_none_or(|(last, _)| *last != name) {
            names.push((name, place));
        }
        place += count;
    }
    names
}

#[cfg(test)]
mod tests {
    use super::{name_of, places};

    #[test]
    fn letters_have_the_places_where_they_begin() {
        let groups = || {
            [("", 1), ("1", 2), ("a", 3), ("b", 1), ("ж", 2), ("千", 4), ("灯", 1)]
                .map(|(letter, count)| (letter.to_owned(), count))
                .to_vec()
        };
        let named = |descending| {
            let found = places(groups(), descending, name_of);
            found.into_iter().map(|(name, place)| format!("{name}{place}")).collect::<Vec<_>>()
        };
        assert_eq!(named(false), ["#0", "A3", "B6", "Ж7", "…9"]);
        assert_eq!(named(true), ["…0", "Ж5", "B7", "A8", "#11"]);
    }
}
