//! The sections of the library.

use super::call::Call;
use super::reply::html_error;
use super::sorts;
use super::state::PlexState;
use super::tree::Node;
use crate::catalogue::{Library, LibraryKind};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::Value;
use std::sync::Arc;

/// `/library`: where the sections are.
pub(crate) async fn library(call: Call) -> Response {
    let node = Node::new("MediaContainer")
        .with("size", 1)
        .with("allowSync", false)
        .with("identifier", "com.plexapp.plugins.library")
        .with("title1", "Plex Library")
        .list(
            "Directory",
            vec![Node::new("Directory").with("key", "sections").with("title", "Library Sections")],
        );
    call.form.container(&node)
}

/// The sections that the user may see.
pub(crate) async fn sections(State(state): State<Arc<PlexState>>, call: Call) -> Response {
    let catalogue = state.catalogue();
    let sections: Vec<Node> =
        catalogue.libraries.iter().map(|library| section_node(&state, library)).collect();
    let node = Node::new("MediaContainer")
        .with("size", sections.len())
        .with("allowSync", false)
        .with("title1", "Plex Library")
        .list("Directory", sections);
    call.form.container(&node)
}

/// One section: with `includeDetails=1` its levels, orders and filters.
pub(crate) async fn section(
    State(state): State<Arc<PlexState>>,
    Path(key): Path<u32>,
    call: Call,
) -> Response {
    let catalogue = state.catalogue();
    let Some(library) = catalogue.libraries.iter().find(|library| library.number == key) else {
        return html_error(StatusCode::NOT_FOUND);
    };
    let node = Node::new("MediaContainer")
        .with("size", 1)
        .with("allowSync", false)
        .with("librarySectionID", key)
        .with("title1", library.title.as_str())
        .with("viewGroup", "secondary");
    let directory = if call.parameters.is_set("includeDetails") {
        section_node(&state, library).list("Type", sorts::types(library))
    } else {
        Node::new("Directory").with("key", "all").with("title", "All")
    };
    call.form.container(&node.list("Directory", vec![directory]))
}

fn section_node(state: &PlexState, library: &Library) -> Node {
    let updated = 1_735_780_000_u64;
    let agent = match library.kind {
        LibraryKind::Films => "tv.plex.agents.movie",
        LibraryKind::Series => "tv.plex.agents.series",
        LibraryKind::HomeVideos | LibraryKind::Photos => "com.plexapp.agents.none",
        LibraryKind::Music => "tv.plex.agents.music",
    };
    let kind = section_type(library.kind);
    let location = Node::new("Location").with("id", library.number).with("path", format!("/data/{kind}s"));
    // `allowSync` and `hidden` were seen in two types each.
    let drifted: (Value, Value) =
        if library.number.is_multiple_of(2) { ("1".into(), false.into()) } else { (true.into(), 0.into()) };
    Node::new("Directory")
        .with("allowSync", drifted.0)
        .with("art", format!("/:/resources/{kind}-fanart.jpg"))
        .with("composite", format!("/library/sections/{}/composite/{updated}", library.number))
        .with("filters", true)
        .with("refreshing", false)
        .with("thumb", format!("/:/resources/{kind}.png"))
        .with("key", library.number.to_string())
        .with("type", kind)
        .with("title", library.title.as_str())
        .with("agent", agent)
        .with("scanner", scanner(library.kind))
        .with("language", "en-US")
        .with("uuid", section_uuid(state, library))
        .with("updatedAt", updated)
        .with("createdAt", 1_600_000_000)
        .with("scannedAt", updated)
        .with("content", true)
        .with("directory", true)
        .with("contentChangedAt", state.changes())
        .with("hidden", drifted.1)
        .list("Location", vec![location])
}

fn scanner(kind: LibraryKind) -> &'static str {
    match kind {
        LibraryKind::Series => "Plex TV Series",
        LibraryKind::Music => "Plex Music",
        LibraryKind::Photos => "Plex Photo Scanner",
        LibraryKind::Films | LibraryKind::HomeVideos => "Plex Movie",
    }
}

/// The word for a section's kind.
pub(crate) fn section_type(kind: LibraryKind) -> &'static str {
    match kind {
        LibraryKind::Series => "show",
        LibraryKind::Music => "artist",
        LibraryKind::Photos => "photo",
        LibraryKind::Films | LibraryKind::HomeVideos => "movie",
    }
}

/// The stable id of a section.
pub(crate) fn section_uuid(state: &PlexState, library: &Library) -> String {
    let seed = super::item::tag_number(&state.machine_id);
    format!("e6{seed:06x}-a2ef-48ab-bb19-{:012x}", library.number)
}

/// Writes the section's name and ids on a container: items in lists do not carry them.
pub(crate) fn hoist_section(node: Node, state: &PlexState, library: &Library) -> Node {
    node.with("librarySectionID", library.number)
        .with("librarySectionTitle", library.title.as_str())
        .with("librarySectionUUID", section_uuid(state, library))
}
