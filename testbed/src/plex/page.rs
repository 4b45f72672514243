//! `/library/sections/{key}/all`, and how lists are cut into pages and trimmed.

use super::call::{Call, Parameters};
use super::item::Detail;
use super::library::hoist_section;
use super::listing::{Filters, Order};
use super::reply::html_error;
use super::sorts;
use super::state::PlexState;
use super::tree::Node;
use crate::catalogue::{ItemNumber, LibraryKind};
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use serde_json::Value;
use std::sync::Arc;

/// `/library/sections/{key}/all`: one page of a level of the section.
pub(crate) async fn all(State(state): State<Arc<PlexState>>, Path(key): Path<u32>, call: Call) -> Response {
    let catalogue = state.catalogue();
    let Some(library) = catalogue.libraries.iter().find(|library| library.number == key) else {
        return html_error(StatusCode::NOT_FOUND);
    };
    let parameters = &call.parameters;
    let usual = match library.kind {
        LibraryKind::Series => 2,
        LibraryKind::Music => 8,
        LibraryKind::Photos => 14,
        LibraryKind::Films | LibraryKind::HomeVideos => 1,
    };
    let order = Order {
        section: key,
        level: parameters.number("type").unwrap_or(usual),
        sort: parameters.get("sort").filter(|sort| !sort.is_empty()).unwrap_or("titleSort").to_owned(),
    };
    let filters = Filters::read(parameters, state.ignores_date_filters);
    state.with_marks(&call.user, |marks| {
        let sorted = if order.depends_on_marks() {
            Arc::new(order.sort(&catalogue, marks))
        } else {
            state.ordered(&order, || order.sort(&catalogue, marks))
        };
        let kept: Vec<ItemNumber>;
        let rows: &[ItemNumber] = if filters.is_empty() {
            &sorted
        } else {
            let keep = |number: &&ItemNumber| {
                catalogue.item(**number).is_some_and(|item| filters.keep(&catalogue, marks, item))
            };
            kept = sorted.iter().filter(keep).copied().collect();
            &kept
        };
        let writer =
            state.writer(&catalogue, marks, Detail::List { guids: parameters.is_set("includeGuids") });
        let page = Page::of(parameters, rows);
        let node = Node::new("MediaContainer").with("allowSync", true).with("title1", library.title.as_str());
        let node = page.on(hoist_section(node, &state, library));
        let node =
            if parameters.is_set("includeMeta") { node.one("Meta", sorts::meta(library)) } else { node };
        page.headers(
            call.form.container(&node.list("Metadata", trimmed(parameters, writer.items(page.rows)))),
        )
    })
}

/// Leaves out what the client does not want: `excludeElements`, `excludeFields`.
pub(crate) fn trimmed(parameters: &Parameters, nodes: Vec<Node>) -> Vec<Node> {
    let (elements, fields) = (parameters.list("excludeElements"), parameters.list("excludeFields"));
    if elements.is_empty() && fields.is_empty() {
        return nodes;
    }
    nodes.into_iter().map(|node| node.without(&elements, &fields)).collect()
}

/// A part of a list, as `X-Plex-Container-Start` and `-Size` ask for it.
pub(crate) struct Page<'a> {
    pub(crate) rows: &'a [ItemNumber],
    start: usize,
    total: usize,
    paged: bool,
}

impl<'a> Page<'a> {
    /// Cuts the page out of all rows.
    pub(crate) fn of(parameters: &Parameters, rows: &'a [ItemNumber]) -> Self {
        let number = |name| parameters.plex(name).and_then(|value| value.parse::<usize>().ok());
        let limit = parameters.number("limit").and_then(|limit| usize::try_from(limit).ok());
        let rows = &rows[..rows.len().min(limit.unwrap_or(usize::MAX))];
        let size = number("X-Plex-Container-Size");
        let start = number("X-Plex-Container-Start").unwrap_or(0).min(rows.len());
        let end = start.saturating_add(size.unwrap_or(usize::MAX)).min(rows.len());
        Self { rows: &rows[start..end], start, total: rows.len(), paged: size.is_some() || start > 0 }
    }

    /// Writes `size`, and of a paged reply `offset` and `totalSize`.
    pub(crate) fn on(&self, node: Node) -> Node {
        // Text in pages that do not begin at the start: seen in both types.
        let size: Value =
            if self.start > 0 { self.rows.len().to_string().into() } else { self.rows.len().into() };
        let node = node.with("size", size);
        if self.paged { node.with("offset", self.start).with("totalSize", self.total) } else { node }
    }

    /// Adds the headers that tell the same.
    pub(crate) fn headers(&self, mut response: Response) -> Response {
        if self.paged {
            let headers = response.headers_mut();
            headers.insert("X-Plex-Container-Start", HeaderValue::from(self.start));
            headers.insert("X-Plex-Container-Total-Size", HeaderValue::from(self.total));
        }
        response
    }
}
