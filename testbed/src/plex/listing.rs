//! The query engine of `/library/sections/{key}/all`: level, filters and orders.
//!
//! Pure: works on the catalogue and one user's marks. Parameters it does not know are ignored, as the real
//! server does.

use super::call::Parameters;
use super::item::tag_number;
use super::marks::Marks;
use crate::catalogue::{Catalogue, Item, ItemKind, ItemNumber};
use chrono::NaiveTime;
use std::cmp::Ordering;

/// The number of a level, as `type=` has it: film 1, show 2, season 3, episode 4; artist 8, album 9, track 10; photo 13,
/// folder of photos 14.
pub(crate) fn level(kind: ItemKind) -> u64 {
    match kind {
        ItemKind::Film | ItemKind::Video | ItemKind::Unknown => 1,
        ItemKind::Series => 2,
        ItemKind::Season => 3,
        ItemKind::Episode => 4,
        ItemKind::Artist => 8,
        ItemKind::Album => 9,
        ItemKind::Track => 10,
        ItemKind::Photo => 13,
        ItemKind::PhotoAlbum => 14,
        ItemKind::Extra => 12,
    }
}

/// The items of one section and level in one order: the key under which a sorted list is remembered.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Order {
    pub(crate) section: u32,
    pub(crate) level: u64,
    pub(crate) sort: String,
}

/// One field of a `sort=` list.
struct SortField<'a> {
    name: &'a str,
    descending: bool,
    nulls_last: bool,
}

/// What an item is compared by. Missing values are the smallest, as a database has them.
#[derive(Debug, PartialEq, PartialOrd)]
enum SortValue {
    Missing,
    Number(f64),
    Text(String),
}

impl Order {
    /// Whether one user's marks change it; such an order is never remembered.
    pub(crate) fn depends_on_marks(&self) -> bool {
        fields(&self.sort).any(|field| {
            matches!(field.name, "lastViewedAt" | "viewCount" | "viewOffset" | "userRating" | "random")
        })
    }

    /// The items in this order.
    pub(crate) fn sort(&self, catalogue: &Catalogue, marks: &Marks) -> Vec<ItemNumber> {
        let wanted: Vec<_> = fields(&self.sort).collect();
        let mut rows: Vec<(Vec<SortValue>, ItemNumber)> = catalogue
            .all()
            .filter(|item| item.library == self.section && level(item.kind) == self.level)
            .map(|item| {
                let values = wanted.iter().map(|field| value(catalogue, marks, item, field.name)).collect();
                (values, item.number)
            })
            .collect();
        rows.sort_by(|(left, _), (right, _)| {
            let pairs = wanted.iter().zip(left.iter().zip(right));
            pairs
                .map(|(field, (left, right))| field.compare(left, right))
                .fold(Ordering::Equal, Ordering::then)
        });
        rows.into_iter().map(|(_, number)| number).collect()
    }
}

impl SortField<'_> {
    fn compare(&self, left: &SortValue, right: &SortValue) -> Ordering {
        let missing = (*left == SortValue::Missing, *right == SortValue::Missing);
        if self.nulls_last && missing.0 != missing.1 {
            return missing.0.cmp(&missing.1);
        }
        let order = left.partial_cmp(right).unwrap_or(Ordering::Equal);
        if self.descending { order.reverse() } else { order }
    }
}

/// Reads `titleSort,addedAt:desc,movie.year:nullsLast`.
fn fields(sort: &str) -> impl Iterator<Item = SortField<'_>> {
    sort.split(',').filter(|part| !part.is_empty()).map(|part| {
        let mut words = part.split(':');
        let name = words.next().unwrap_or_default();
        let name = name.rsplit_once('.').map_or(name, |(_, name)| name);
        let (mut descending, mut nulls_last) = (false, false);
        for word in words {
            descending |= word == "desc";
            nulls_last |= word == "nullsLast";
        }
        SortField { name, descending, nulls_last }
    })
}

fn value(catalogue: &Catalogue, marks: &Marks, item: &Item, field: &str) -> SortValue {
    let number = |value: Option<f64>| value.map_or(SortValue::Missing, SortValue::Number);
    let seconds = |value: i64| f64::from(i32::try_from(value).unwrap_or(i32::MAX));
    match field {
        "addedAt" => number(Some(seconds(item.added.timestamp()))),
        "updatedAt" => number(Some(seconds(item.updated.timestamp()))),
        "originallyAvailableAt" => {
            number(item.released.map(|day| seconds(day.and_time(NaiveTime::MIN).and_utc().timestamp())))
        }
        "year" => number(item.year.filter(|year| *year > 1).map(f64::from)),
        "rating" => number(item.critic_rating.map(f64::from)),
        "audienceRating" => number(item.community_rating.map(f64::from)),
        "userRating" => number(marks.rating(item.number)),
        "duration" => number(item.duration.map(|length| length.as_secs_f64())),
        "index" => number(item.episode.or(item.season).map(f64::from)),
        "viewCount" => number(marks.known(item.number).map(|state| f64::from(state.play_count))),
        "viewOffset" => number(marks.position(item.number).map(|position| position.as_secs_f64())),
        "lastViewedAt" => number(last_viewed(catalogue, marks, item).map(seconds)),
        "random" => number(Some(fastrand::f64())),
        "titleSort" | "title" => {
            let title = if item.sort_title.is_empty() { &item.title } else { &item.sort_title };
            SortValue::Text(title.to_lowercase())
        }
        _ => SortValue::Missing,
    }
}

/// When the item, or anything below it, was last played: Unix seconds.
pub(crate) fn last_viewed(catalogue: &Catalogue, marks: &Marks, item: &Item) -> Option<i64> {
    catalogue
        .leaves(item.number)
        .into_iter()
        .filter_map(|leaf| marks.known(leaf)?.last_played)
        .max()
        .map(|moment| moment.timestamp())
}

/// The filters of one request.
#[derive(Debug, Default)]
pub(crate) struct Filters {
    unwatched: Option<bool>,
    in_progress: Option<bool>,
    title: Option<String>,
    genre: Option<String>,
    year: Option<u32>,
    /// What somebody did, and the number of their tag.
    person: Option<(&'static str, u64)>,
    cutoffs: Vec<Cutoff>,
}

/// `addedAt>>=1700000000`: keeps what is later than a moment, in Unix seconds.
#[derive(Debug)]
struct Cutoff {
    field: String,
    after: i64,
}

impl Filters {
    /// Reads the filters. With `ignore_cutoffs` every `field>>=` is ignored without a word, as a 1.43.3 server
    /// was seen to do.
    pub(crate) fn read(parameters: &Parameters, ignore_cutoffs: bool) -> Self {
        let flag = |name: &str| parameters.get(name).map(|value| value == "1" || value == "true");
        let cutoffs = parameters.all().filter_map(|(key, value)| {
            let value: i64 = value.parse().ok()?;
            let at_least = key.strip_suffix('>')?;
            let (field, after) = match at_least.strip_suffix('>') {
                Some(field) => (field, value),
                None => (at_least, value - 1),
            };
            Some(Cutoff { field: plain(field).to_owned(), after })
        });
        let mut filters = Self {
            unwatched: flag("unwatched"),
            in_progress: flag("inProgress"),
            title: parameters.get("title").map(str::to_lowercase),
            genre: parameters.get("genre").map(str::to_owned),
            year: parameters.number("year").and_then(|year| u32::try_from(year).ok()),
            person: [("actor", "Actor"), ("director", "Director"), ("writer", "Writer")]
                .into_iter()
                .find_map(|(filter, job)| Some((job, parameters.number(filter)?))),
            cutoffs: if ignore_cutoffs { Vec::new() } else { cutoffs.collect() },
        };
        for (key, value) in parameters.all() {
            match plain(key) {
                "unwatched" if key.contains('.') => filters.unwatched = Some(value == "1"),
                "inProgress" if key.contains('.') => filters.in_progress = Some(value == "1"),
                "title" if key.contains('.') => filters.title = Some(value.to_lowercase()),
                "year" if key.contains('.') => filters.year = value.parse().ok(),
                _ => {}
            }
        }
        filters
    }

    /// Whether they keep everything.
    pub(crate) fn is_empty(&self) -> bool {
        self.unwatched.is_none()
            && self.in_progress.is_none()
            && self.title.is_none()
            && self.genre.is_none()
            && self.year.is_none()
            && self.person.is_none()
            && self.cutoffs.is_empty()
    }

    /// Whether they keep this item.
    pub(crate) fn keep(&self, catalogue: &Catalogue, marks: &Marks, item: &Item) -> bool {
        let unwatched =
            |wanted| catalogue.leaves(item.number).iter().any(|leaf| !marks.watched(*leaf)) == wanted;
        let in_progress = |wanted| {
            catalogue.leaves(item.number).iter().any(|leaf| marks.position(*leaf).is_some()) == wanted
        };
        self.unwatched.is_none_or(unwatched)
            && self.in_progress.is_none_or(in_progress)
            && self.title.as_ref().is_none_or(|title| item.title.to_lowercase().contains(title.as_str()))
            && self.genre.as_ref().is_none_or(|genre| item.genres.contains(genre))
            && self.year.is_none_or(|year| item.year == Some(year))
            && self.person.is_none_or(|(job, tag)| {
                let is_it = |name: &str| u64::from(tag_number(name)) == tag;
                item.people.iter().any(|person| person.job == job && is_it(&person.name))
            })
            && self.cutoffs.iter().all(|cutoff| cutoff.keeps(catalogue, marks, item))
    }
}

impl Cutoff {
    fn keeps(&self, catalogue: &Catalogue, marks: &Marks, item: &Item) -> bool {
        let value = match self.field.as_str() {
            "addedAt" => Some(item.added.timestamp()),
            "updatedAt" => Some(item.updated.timestamp()),
            "lastViewedAt" => last_viewed(catalogue, marks, item),
            "year" => item.year.map(i64::from),
            _ => return true,
        };
        value.is_some_and(|value| value > self.after)
    }
}

/// A field without the level before it: `movie.year` is `year`.
fn plain(field: &str) -> &str {
    field.rsplit_once('.').map_or(field, |(_, name)| name)
}
