//! Hints while typing, and people.

use super::around::portrait_tag;
use super::authorization::Caller;
use super::filter::{Filter, types};
use super::images::{Kind, tag};
use super::listing::Page;
use super::reply::{Object, answer, bad_request, page, ticks};
use super::state::{JellyfinState, View};
use super::wire::type_name;
use crate::catalogue::Item;
use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;

/// `GET /Search/Hints`.
pub(crate) async fn hints(State(state): State<Arc<JellyfinState>>, caller: Caller) -> Response {
    let parameters = &caller.parameters;
    if parameters.get("searchTerm").is_none_or(|term| term.trim().is_empty()) {
        return bad_request();
    }
    let (types, filter) = (types(parameters, "includeItemTypes"), Filter::of(parameters));
    state.read(caller.user, |view| {
        let found = view
            .catalogue
            .all()
            .filter(|item| types.is_empty() || types.contains(&type_name(item.kind)))
            .filter(|item| filter.keeps(view, item));
        let (found, total) = Page::of(parameters).always_counted().cut(found.collect());
        let hints: Vec<Value> = found.into_iter().map(|item| hint(view, item)).collect();
        answer(json!({ "SearchHints": hints, "TotalRecordCount": total }))
    })
}

fn hint(view: &View<'_>, item: &Item) -> Value {
    let id = view.ids().item(item.number);
    let series = view.series(item).map(|series| series.title.as_str());
    let mut object = Object::default();
    object.put("ItemId", id.as_str());
    object.put("Id", id);
    object.put("Name", item.title.as_str());
    object.put("Type", type_name(item.kind));
    object.put("MediaType", if item.kind.is_leaf() { "Video" } else { "Unknown" });
    object.maybe("ProductionYear", item.year);
    object.maybe("Series", series);
    object.maybe("PrimaryImageTag", tag(item, Kind::Primary));
    object.maybe("ThumbImageTag", tag(item, Kind::Thumb));
    object.maybe("RunTimeTicks", item.duration.map(ticks));
    object.into()
}

/// `GET /Persons`.
pub(crate) async fn persons(State(state): State<Arc<JellyfinState>>, caller: Caller) -> Response {
    let parameters = &caller.parameters;
    let term = parameters.get("searchTerm").unwrap_or_default().to_lowercase();
    state.read(caller.user, |view| {
        let items = view.catalogue.all().filter(|item| view.may_see(item.library));
        let names = items.flat_map(|item| &item.people).map(|person| person.name.as_str());
        let names: BTreeSet<&str> = names.filter(|name| name.to_lowercase().contains(&term)).collect();
        let wanted = Page::of(parameters).always_counted();
        let (names, total) = wanted.cut(names.into_iter().collect());
        let persons: Vec<Value> = names.into_iter().map(|name| {
            json!({
                "Name": name, "Id": view.ids().name("person", name), "Type": "Person", "IsFolder": false,
                "ServerId": view.state.setup.machine_id, "MediaType": "Unknown", "LocationType": "FileSystem",
                "ChannelId": null, "BackdropImageTags": [],
                "ImageTags": portrait_tag(name).map_or(json!({}), |tag| json!({ "Primary": tag })),
            })
        }).collect();
        page(&persons, total, wanted.start)
    })
}
