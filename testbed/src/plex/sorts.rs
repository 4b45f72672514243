//! What a section tells about its levels: orders, filters and their operators.

use super::library::section_type;
use super::tree::Node;
use crate::catalogue::{Library, LibraryKind};

/// The orders of every level: key, title, whether the usual direction is descending.
const SORTS: [(&str, &str, bool); 11] = [
    ("titleSort", "Title", false),
    ("year", "Year", true),
    ("originallyAvailableAt", "Release Date", true),
    ("rating", "Critic Rating", true),
    ("audienceRating", "Audience Rating", true),
    ("userRating", "Rating", true),
    ("duration", "Duration", true),
    ("viewOffset", "Progress", true),
    ("viewCount", "Plays", true),
    ("addedAt", "Date Added", true),
    ("lastViewedAt", "Date Viewed", true),
];

/// The filters of every level: key, title, type.
const FILTERS: [(&str, &str, &str); 5] = [
    ("title", "Title", "string"),
    ("unwatched", "Unplayed", "boolean"),
    ("inProgress", "In Progress", "boolean"),
    ("year", "Year", "integer"),
    ("addedAt", "Date Added", "date"),
];

/// The operators of a type of filter.
const OPERATORS: [(&str, &[(&str, &str)]); 4] = [
    ("string", &[("=", "contains"), ("!=", "does not contain"), ("==", "is")]),
    ("boolean", &[("=", "is true"), ("!=", "is false")]),
    ("integer", &[("=", "is"), ("!=", "is not"), (">>=", "is greater than"), ("<<=", "is less than")]),
    ("date", &[("<<=", "is before"), (">>=", "is after")]),
];

/// The levels of a section with their orders and filters.
pub(crate) fn types(library: &Library) -> Vec<Node> {
    let levels: &[(u32, &'static str, &'static str)] = match library.kind {
        LibraryKind::Series => {
            &[(2, "show", "TV Shows"), (3, "season", "Seasons"), (4, "episode", "Episodes")]
        }
        LibraryKind::Films | LibraryKind::HomeVideos => &[(1, "movie", "Movies")],
        LibraryKind::Music => &[(8, "artist", "Artists"), (9, "album", "Albums"), (10, "track", "Tracks")],
        LibraryKind::Photos => &[(14, "photoalbum", "Albums"), (13, "photo", "Photos")],
    };
    levels
        .iter()
        .enumerate()
        .map(|(index, (number, kind, title))| level(library, index == 0, *number, kind, title))
        .collect()
}

fn level(library: &Library, active: bool, number: u32, kind: &'static str, title: &'static str) -> Node {
    // Filters of a level below the first carry its name: `episode.unwatched`.
    let name = |key: &str| {
        if kind == section_type(library.kind) { key.to_owned() } else { format!("{kind}.{key}") }
    };
    let filters = FILTERS.iter().filter(|(_, _, sort)| *sort == "boolean").map(|(key, title, sort)| {
        Node::new("Filter")
            .with("filter", *key)
            .with("filterType", *sort)
            .with("key", format!("/library/sections/{}/{key}", library.number))
            .with("title", *title)
            .with("type", "filter")
    });
    let fields = FILTERS.iter().map(|(key, title, sort)| {
        Node::new("Field").with("key", name(key)).with("title", *title).with("type", *sort)
    });
    let sorts = SORTS.iter().map(|(key, title, descending)| {
        Node::new("Sort")
            .maybe("default", (*key == "titleSort").then_some("asc"))
            .with("defaultDirection", if *descending { "desc" } else { "asc" })
            .with("descKey", format!("{key}:desc"))
            .with("key", *key)
            .with("title", *title)
    });
    Node::new("Type")
        .with("key", format!("/library/sections/{}/all?type={number}", library.number))
        .with("type", kind)
        .with("title", title)
        .with("active", active)
        .list("Filter", filters.collect())
        .list("Sort", sorts.collect())
        .list("Field", fields.collect())
}

/// `Meta` of a listing: levels, and the operators of every type of filter.
pub(crate) fn meta(library: &Library) -> Node {
    let operators = OPERATORS.iter().map(|(kind, operators)| {
        let operators = operators
            .iter()
            .map(|(key, title)| Node::new("Operator").with("key", *key).with("title", *title));
        Node::new("FieldType").with("type", *kind).list("Operator", operators.collect())
    });
    Node::new("Meta").list("Type", types(library)).list("FieldType", operators.collect())
}

/// `Meta` of the list of collections.
pub(crate) fn collection_meta(library: &Library) -> Node {
    let key = format!("/library/sections/{}/collections?type=18", library.number);
    let kind = Node::new("Type").with("key", key).with("type", "collection").with("title", "Collections");
    Node::new("Meta").list("Type", vec![kind.with("active", false)])
}
