//! What lies around an item: extras, what is like it, and the people in it (`docs/protocols.md#plex-details`).
//!
//! A person is a tag, and a tag has another number in each list of tags: an actor who directs has two. So titles
//! are found by name: the search tells in which sections there are which tags of that name.

use super::dto::{Container, Metadata};
use super::listing::LEFT_OUT;
use super::map;
use crate::backends::ExtraRecord;
use crate::models::{CreditRole, ExtraKind, ItemKind, ItemRecord, RemoteId, TitleOf};
use crate::net::Call;

/// As many titles of a person in one section as anybody looks through.
const MOST_TITLES: u32 = 300;
/// What is like an item fills one row.
const MOST_SIMILAR: u32 = 24;
/// Namesakes in a list of people that was searched.
const MOST_NAMESAKES: u32 = 30;

/// The extras of an item; what cannot be read is left out.
pub(super) fn extras(item: &Metadata, shared: &Container, parent: &RemoteId) -> Vec<ExtraRecord> {
    let values = item.extras.0.iter().flat_map(|extras| &extras.metadata.0);
    values
        .filter_map(|value| {
            let extra = map::decode(value)?;
            let record = map::item(&extra, shared, ItemKind::Extra)?;
            let item = ItemRecord { parent: Some(parent.clone()), added_at: None, ..record };
            Some(ExtraRecord { kind: extra_kind(&extra), item })
        })
        .collect()
}

fn extra_kind(extra: &Metadata) -> ExtraKind {
    match extra.subtype.text().unwrap_or_default() {
        "trailer" => ExtraKind::Trailer,
        "behindTheScenes" => ExtraKind::BehindTheScenes,
        "deletedScene" => ExtraKind::DeletedScene,
        "interview" => ExtraKind::Interview,
        "sceneOrSample" => ExtraKind::Scene,
        "featurette" => ExtraKind::Featurette,
        "short" => ExtraKind::Short,
        _ => ExtraKind::Other,
    }
}

/// What is like an item.
pub(super) fn similar_call(item: &RemoteId) -> Call {
    Call::get("/library/metadata/{}/similar").segment(item.as_str()).query("count", MOST_SIMILAR)
}

/// The ids of all items of an answer.
pub(super) fn ids(container: &Container) -> Vec<RemoteId> {
    let items = container.metadata.0.iter().filter_map(map::decode);
    items.filter_map(|item| item.rating_key.get()).map(RemoteId::new).collect()
}

/// The search for people of a name.
pub(super) fn namesakes_call(name: &str) -> Call {
    Call::get("/hubs/search").query("query", name).query("limit", MOST_NAMESAKES)
}

/// The requests for all titles with a person of exactly this name, one for each section and thing that they do.
pub(super) fn titles_calls(found: &Container, name: &str) -> Vec<(CreditRole, Call)> {
    let tags = found.hub.0.iter().flat_map(|hub| &hub.directory.0);
    tags.filter(|tag| tag.tag.text().is_some_and(|known| known.to_lowercase() == name.to_lowercase()))
        .filter_map(|tag| titles_call(tag.key.text()?))
        .collect()
}

/// The request for a key like `/library/sections/1/all?actor=49`. The server says only which section and which tag:
/// the request is one of our own.
fn titles_call(key: &str) -> Option<(CreditRole, Call)> {
    let (path, query) = key.split_once('?')?;
    let section = path.strip_prefix("/library/sections/")?.strip_suffix("/all")?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
    let tag = |name: &str| {
        let value = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        value.filter(|value| is_number(value))
    };
    let (filter, role, tag) =
        [("actor", CreditRole::Actor), ("director", CreditRole::Director), ("writer", CreditRole::Writer)]
            .into_iter()
            .find_map(|(filter, role)| Some((filter, role, tag(filter)?)))?;
    let call = Call::get("/library/sections/{}/all").segment(Some(section).filter(|key| is_number(key))?);
    let call = call
        .query(filter, tag)
        .query("excludeElements", LEFT_OUT)
        .query("X-Plex-Container-Start", 0)
        .query("X-Plex-Container-Size", MOST_TITLES);
    Some((role, call))
}

/// The parts of a person in the items of an answer.
pub(super) fn titles(container: &Container, role: CreditRole) -> Vec<TitleOf> {
    ids(container).into_iter().map(|item| TitleOf { item, role }).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn extras_belong_to_their_title() {
        let item: Metadata = serde_json::from_value(json!({"ratingKey": "7", "type": "movie", "Extras": {
            "size": 2, "Metadata": [
                {"ratingKey": "71", "type": "clip", "subtype": "trailer", "title": "Trailer", "duration": 90_000,
                 "addedAt": 1_700_000_000, "thumb": "/library/metadata/71/thumb/1"},
                {"ratingKey": 72, "type": "clip", "subtype": "hologram", "title": "Else"},
                {"type": "clip", "title": "without an id"}]}}))
        .unwrap();
        let parent = RemoteId::new("7");
        let found = extras(&item, &Container::default(), &parent);
        let kinds: Vec<_> = found.iter().map(|extra| (extra.item.remote_id.as_str(), extra.kind)).collect();
        assert_eq!(kinds, [("71", ExtraKind::Trailer), ("72", ExtraKind::Other)]);
        let first = &found[0].item;
        assert_eq!((first.kind, first.parent.as_ref()), (ItemKind::Extra, Some(&parent)));
        assert_eq!((first.added_at, first.duration.unwrap().as_secs()), (None, 90));
    }

    #[test]
    fn titles_are_asked_for_by_the_tags_of_exactly_that_name() {
        let found: Container = serde_json::from_value(json!({"Hub": [
            {"type": "actor", "Directory": [
                {"key": "/library/sections/1/all?actor=49", "tag": "Ada Mir", "type": "tag"},
                {"key": "/library/sections/2/all?actor=49", "tag": "ada mir", "type": "tag"},
                {"key": "/library/sections/1/all?actor=50", "tag": "Ada Mirren", "type": "tag"},
                {"key": "https://elsewhere.example.org/all?actor=49", "tag": "Ada Mir"},
                {"key": "/library/sections/1/all?actor=4%2F9", "tag": "Ada Mir"}]},
            {"type": "director", "Directory": [
                {"key": "/library/sections/1/all?director=51", "tag": "Ada Mir", "type": "tag"}]}]}))
        .unwrap();
        let base = "http://host:32400".parse().unwrap();
        let calls: Vec<_> = titles_calls(&found, "Ada Mir")
            .into_iter()
            .map(|(role, call)| {
                let url = call.url(&base);
                let filter = url.query().unwrap_or_default().split('&').next().unwrap().to_owned();
                (role, format!("{}?{filter}", url.path()))
            })
            .collect();
        assert_eq!(
            calls,
            [
                (CreditRole::Actor, "/library/sections/1/all?actor=49".to_owned()),
                (CreditRole::Actor, "/library/sections/2/all?actor=49".to_owned()),
                (CreditRole::Director, "/library/sections/1/all?director=51".to_owned()),
            ]
        );
    }
}
