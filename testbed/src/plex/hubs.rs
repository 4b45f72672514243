//! Home rows and search: `/hubs/…`, `/library/onDeck`, `/library/recentlyAdded`, `/library/search`.

use super::call::Call;
use super::item::{Detail, Writer, tag_number};
use super::marks::Marks;
use super::page::{Page, trimmed};
use super::reply::html_error;
use super::state::PlexState;
use super::tree::Node;
use super::{file, rows};
use crate::catalogue::{Catalogue, ItemKind, ItemNumber};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;

/// Items in a row when the client does not say.
const USUAL_COUNT: usize = 16;

/// Items in a row of search results when the client does not say.
const USUAL_RESULTS: usize = 3;

/// One row before it is cut to the wanted length.
struct Row {
    identifier: String,
    title: &'static str,
    kind: &'static str,
    key: String,
    items: Vec<ItemNumber>,
}

impl Row {
    fn write(&self, writer: &Writer<'_>, count: usize) -> Node {
        let shown = &self.items[..self.items.len().min(count)];
        let context = self.identifier.split('.').take(2).collect::<Vec<_>>().join(".");
        Node::new("Hub")
            .with("hubKey", format!("/library/metadata/{}", file::rating_keys(shown)))
            .with("key", self.key.as_str())
            .with("title", self.title)
            .with("type", self.kind)
            .with("hubIdentifier", self.identifier.as_str())
            .with("context", format!("hub.{context}"))
            .with("size", shown.len())
            .with("more", shown.len() < self.items.len())
            .with("style", if self.kind == "mixed" { "hero" } else { "shelf" })
            .with("promoted", true)
            .list("Metadata", writer.items(shown))
    }
}

fn continue_row(catalogue: &Catalogue, marks: &Marks) -> Row {
    Row {
        identifier: "home.continue".to_owned(),
        title: "Continue Watching",
        kind: "mixed",
        key: "/hubs/home/continueWatching".to_owned(),
        items: rows::continue_watching(catalogue, marks),
    }
}

fn recent_rows(catalogue: &Catalogue, library: Option<u32>) -> Vec<Row> {
    let (films, series) = rows::kinds(catalogue);
    let place = library.map_or("home".to_owned(), |library| format!("section.{library}"));
    let key = |kind: u32| match library {
        Some(library) => format!("/library/sections/{library}/all?sort=addedAt:desc&type={kind}"),
        None => format!("/hubs/home/recentlyAdded?type={kind}"),
    };
    let film_row = films.then(|| Row {
        identifier: format!("{place}.movies.recent"),
        title: "Recently Added Movies",
        kind: "movie",
        key: key(1),
        items: rows::recent_films(catalogue, library, 100),
    });
    let series_row = series.then(|| Row {
        identifier: format!("{place}.television.recent"),
        title: "Recently Added TV",
        kind: "season",
        key: key(2),
        items: rows::recent_seasons(catalogue, library, 100),
    });
    film_row.into_iter().chain(series_row).collect()
}

/// Films that were not seen, the best first: a row that no client makes itself.
fn top_row(catalogue: &Catalogue, marks: &Marks) -> Row {
    let unseen = |item: &&crate::catalogue::Item| item.kind == ItemKind::Film && !marks.watched(item.number);
    let mut found: Vec<_> =
        catalogue.all().filter(unseen).filter(|item| item.critic_rating.is_some()).collect();
    found.sort_by_key(|item| (std::cmp::Reverse(item.critic_rating), item.number));
    Row {
        identifier: "movie.topunwatched.1".to_owned(),
        title: "Top Unwatched Movies",
        kind: "movie",
        key: "/library/sections/1/all?unwatched=1&sort=rating:desc".to_owned(),
        items: found.into_iter().map(|item| item.number).collect(),
    }
}

/// Answers with rows of `count` items; empty ones only with `includeEmpty=1`.
fn answer(state: &PlexState, call: &Call, make: impl FnOnce(&Catalogue, &Marks) -> Vec<Row>) -> Response {
    let catalogue = state.catalogue();
    let count = length(call, "count", USUAL_COUNT);
    state.with_marks(&call.user, |marks| {
        let writer = state.writer(&catalogue, marks, Detail::List { guids: false });
        let mut rows = make(&catalogue, marks);
        rows.retain(|row| call.parameters.is_set("includeEmpty") || !row.items.is_empty());
        container(call, rows.iter().map(|row| row.write(&writer, count)).collect())
    })
}

fn container(call: &Call, hubs: Vec<Node>) -> Response {
    let node = Node::new("MediaContainer")
        .with("size", hubs.len())
        .with("allowSync", true)
        .with("identifier", "com.plexapp.plugins.library");
    call.form.container(&node.list("Hub", hubs))
}

fn length(call: &Call, name: &str, usual: usize) -> usize {
    call.parameters.number(name).and_then(|count| usize::try_from(count).ok()).unwrap_or(usual)
}

/// `/hubs/continueWatching`.
pub(crate) async fn continue_watching(State(state): State<Arc<PlexState>>, call: Call) -> Response {
    answer(&state, &call, |catalogue, marks| vec![continue_row(catalogue, marks)])
}

/// `/hubs`, `/hubs/promoted`.
pub(crate) async fn home(State(state): State<Arc<PlexState>>, call: Call) -> Response {
    let make = |catalogue: &Catalogue, marks: &Marks| {
        let mut rows = vec![continue_row(catalogue, marks)];
        rows.extend(recent_rows(catalogue, None));
        rows.push(top_row(catalogue, marks));
        rows
    };
    answer(&state, &call, make)
}

/// `/hubs/sections/{key}`.
pub(crate) async fn of_section(
    State(state): State<Arc<PlexState>>,
    Path(key): Path<u32>,
    call: Call,
) -> Response {
    if !state.catalogue().libraries.iter().any(|library| library.number == key) {
        return html_error(StatusCode::NOT_FOUND);
    }
    answer(&state, &call, |catalogue, _| recent_rows(catalogue, Some(key)))
}

/// Items only, in pages.
fn list(
    state: &PlexState,
    call: &Call,
    find: impl FnOnce(&Catalogue, &Marks) -> Vec<ItemNumber>,
) -> Response {
    let catalogue = state.catalogue();
    state.with_marks(&call.user, |marks| {
        let items = find(&catalogue, marks);
        let page = Page::of(&call.parameters, &items);
        let writer =
            state.writer(&catalogue, marks, Detail::List { guids: call.parameters.is_set("includeGuids") });
        let node = page.on(Node::new("MediaContainer")).with("allowSync", false).with("mixedParents", true);
        let nodes = trimmed(&call.parameters, writer.items(page.rows));
        page.headers(call.form.container(&node.list("Metadata", nodes)))
    })
}

/// `/library/onDeck`, `/hubs/continueWatching/items`: the items of Continue Watching.
pub(crate) async fn on_deck(State(state): State<Arc<PlexState>>, call: Call) -> Response {
    list(&state, &call, rows::continue_watching)
}

/// `/library/recentlyAdded`, `/hubs/home/recentlyAdded?type=`.
pub(crate) async fn recently_added(State(state): State<Arc<PlexState>>, call: Call) -> Response {
    let kind = call.parameters.number("type");
    list(&state, &call, |catalogue, _| {
        let films = if kind == Some(2) { Vec::new() } else { rows::recent_films(catalogue, None, 50) };
        let seasons = if kind == Some(1) { Vec::new() } else { rows::recent_seasons(catalogue, None, 50) };
        films.into_iter().chain(seasons).collect()
    })
}

/// `/hubs/search`: one row per kind of item that was found, and the people.
pub(crate) async fn search(State(state): State<Arc<PlexState>>, call: Call) -> Response {
    let Some(words) = call.parameters.get("query").map(str::to_owned).filter(|words| !words.is_empty())
    else {
        return html_error(StatusCode::BAD_REQUEST);
    };
    let section = call.parameters.number("sectionId").and_then(|key| u32::try_from(key).ok());
    let count = length(&call, "limit", USUAL_RESULTS);
    let catalogue = state.catalogue();
    let kinds = [
        ("movie", "Movies", ItemKind::Film),
        ("show", "TV Shows", ItemKind::Series),
        ("season", "Seasons", ItemKind::Season),
        ("episode", "Episodes", ItemKind::Episode),
    ];
    state.with_marks(&call.user, |marks| {
        let writer = state.writer(&catalogue, marks, Detail::List { guids: false });
        let rows = kinds.map(|(kind, title, item_kind)| Row {
            identifier: kind.to_owned(),
            title,
            kind,
            key: format!("/library/search?type={kind}"),
            items: rows::found(&catalogue, &words, section, &[item_kind], 200),
        });
        let mut hubs: Vec<Node> = rows.iter().map(|row| row.write(&writer, count)).collect();
        for (kind, title, job) in [
            ("actor", "Actors", "Actor"),
            ("director", "Directors", "Director"),
            ("writer", "Writers", "Writer"),
        ] {
            let people = people(&catalogue, &words, (kind, job), count);
            let hub = Node::new("Hub").with("title", title).with("type", kind).with("hubIdentifier", kind);
            hubs.push(hub.with("size", people.len()).with("more", false).list("Directory", people));
        }
        container(&call, hubs)
    })
}

/// `/library/search`: items and people with a score each.
pub(crate) async fn library_search(State(state): State<Arc<PlexState>>, call: Call) -> Response {
    let Some(words) = call.parameters.get("query").filter(|words| !words.is_empty()) else {
        return html_error(StatusCode::BAD_REQUEST);
    };
    let catalogue = state.catalogue();
    let limit = length(&call, "limit", 30);
    let types = call.parameters.list("searchTypes");
    let wants = |kind: &str| types.is_empty() || types.contains(&kind);
    let mut kinds = Vec::new();
    if wants("movies") {
        kinds.push(ItemKind::Film);
    }
    if wants("tv") {
        kinds.extend([ItemKind::Series, ItemKind::Episode]);
    }
    state.with_marks(&call.user, |marks| {
        let writer = state.writer(&catalogue, marks, Detail::List { guids: false });
        let items = writer.items(&rows::found(&catalogue, words, None, &kinds, limit));
        let items =
            items.into_iter().map(|node| Node::new("SearchResult").with("score", 0.93).one("Metadata", node));
        let actors = ("actor", "Actor");
        let people = if wants("people") { people(&catalogue, words, actors, limit) } else { Vec::new() };
        let people = people
            .into_iter()
            .map(|node| Node::new("SearchResult").with("score", 0.4).one("Directory", node));
        let results: Vec<Node> = items.chain(people).take(limit).collect();
        let node = Node::new("MediaContainer").with("size", results.len()).list("SearchResult", results);
        call.form.container(&node)
    })
}

/// People who do something, once for each library in which they do it.
fn people(catalogue: &Catalogue, words: &str, (filter, job): (&str, &str), count: usize) -> Vec<Node> {
    let words = words.to_lowercase();
    let names = catalogue.all().flat_map(|item| {
        item.people.iter().filter(|person| person.job == job).map(|person| (&person.name, item.library))
    });
    let mut found: Vec<_> = names.filter(|(name, _)| name.to_lowercase().contains(&words)).collect();
    found.sort();
    found.dedup();
    let people = found.into_iter().take(count).map(|(name, library)| {
        Node::new("Directory")
            .with("key", format!("/library/sections/{library}/all?{filter}={}", tag_number(name)))
            .with("librarySectionID", library)
            .with("tag", name.as_str())
            .with("type", "tag")
            .with("tagType", 6)
            .with("id", tag_number(name))
    });
    people.collect()
}
