//! What lies around an item: extras, what is like it, and the people in it (`docs/protocols.md#jellyfin-details`).

use serde_json::Value;

use super::dto::{Envelope, ItemDto};
use super::images;
use super::map::{self, date, remote};
use super::tolerant::object;
use crate::backends::ExtraRecord;
use crate::models::{
    CreditRole, ExtraKind, ItemKind, ItemRecord, PersonAbout, PersonRecord, RemoteId, TitleOf,
};
use crate::net::Call;

/// As many titles of a person as anybody looks through.
const MOST_TITLES: u32 = 500;
/// What is like an item fills one row.
const MOST_SIMILAR: u32 = 24;
/// People of similar names to find the right one among.
const MOST_NAMESAKES: u32 = 20;

/// The requests for the extras of an item, those that have any: each answers a bare list.
pub(super) fn extras_calls(user_id: &str, dto: &ItemDto) -> Vec<Call> {
    let has = |count: Option<u32>| count.is_some_and(|count| count > 0);
    let calls = [
        (has(dto.local_trailer_count.count()), "/Items/{}/LocalTrailers"),
        (has(dto.special_feature_count.count()), "/Items/{}/SpecialFeatures"),
    ];
    let Some(id) = dto.id.text() else { return Vec::new() };
    calls
        .into_iter()
        .filter(|(has, _)| *has)
        .map(|(_, path)| Call::get(path).segment(id).query("userId", user_id))
        .collect()
}

/// Reads extras of an item; what cannot be read is left out.
pub(super) fn extras(parent: &RemoteId, values: Vec<Value>) -> Vec<ExtraRecord> {
    values
        .into_iter()
        .filter_map(|value| {
            let dto: ItemDto = object(value)?;
            let record = map::item(&dto)?;
            let item = ItemRecord {
                kind: ItemKind::Extra,
                parent: Some(parent.clone()),
                series: None,
                added_at: None,
                ..record
            };
            Some(ExtraRecord { kind: extra_kind(&dto), item })
        })
        .collect()
}

fn extra_kind(dto: &ItemDto) -> ExtraKind {
    match dto.extra_type.text().or_else(|| dto.kind.text()).unwrap_or_default() {
        "Trailer" => ExtraKind::Trailer,
        "BehindTheScenes" => ExtraKind::BehindTheScenes,
        "DeletedScene" => ExtraKind::DeletedScene,
        "Interview" => ExtraKind::Interview,
        "Scene" | "Clip" | "Sample" => ExtraKind::Scene,
        "Featurette" => ExtraKind::Featurette,
        "Short" => ExtraKind::Short,
        _ => ExtraKind::Other,
    }
}

/// What is like an item.
pub(super) fn similar_call(user_id: &str, item: &RemoteId) -> Call {
    Call::get("/Items/{}/Similar")
        .segment(item.as_str())
        .query("userId", user_id)
        .query("limit", MOST_SIMILAR)
        .query("enableImages", false)
        .query("enableUserData", false)
}

/// The ids in an envelope.
pub(super) fn ids(envelope: Envelope) -> Vec<RemoteId> {
    let read = |value| remote(&object::<ItemDto>(value)?.id);
    envelope.items.into_iter().filter_map(read).collect()
}

/// Everybody whose name is like this one.
pub(super) fn namesakes_call(user_id: &str, name: &str) -> Call {
    Call::get("/Persons")
        .query("userId", user_id)
        .query("searchTerm", name)
        .query("limit", MOST_NAMESAKES)
        .query("enableUserData", false)
}

/// The one of exactly this name.
pub(super) fn named(envelope: Envelope, name: &str) -> Option<RemoteId> {
    let same =
        |dto: &ItemDto| dto.name.text().is_some_and(|known| known.to_lowercase() == name.to_lowercase());
    envelope.items.into_iter().filter_map(object::<ItemDto>).find(same).and_then(|dto| remote(&dto.id))
}

/// What is told of a person's life.
pub(super) fn person(dto: &ItemDto) -> PersonRecord {
    PersonRecord {
        remote_id: remote(&dto.id),
        image: images::of_item(dto).primary,
        about: PersonAbout {
            biography: dto.overview.owned(),
            born: date(&dto.premiere_date).map(|day| day.date_naive()),
            died: date(&dto.end_date).map(|day| day.date_naive()),
            birthplace: dto.production_locations.0.iter().find(|place| !place.trim().is_empty()).cloned(),
        },
    }
}

/// Films, series and episodes with a person, the newest first. The answer does not tell what they did.
pub(super) fn titles_call(user_id: &str, person: &RemoteId) -> Call {
    Call::get("/Items")
        .query("userId", user_id)
        .query("recursive", true)
        .query("personIds", person)
        .query("includeItemTypes", "Movie,Series,Episode,Video")
        .query("sortBy", "ProductionYear,SortName")
        .query("sortOrder", "Descending")
        .query("limit", MOST_TITLES)
        .query("enableImages", false)
        .query("enableUserData", false)
        .query("enableTotalRecordCount", false)
}

/// The parts of a person in these items.
pub(super) fn titles(envelope: Envelope) -> Vec<TitleOf> {
    ids(envelope).into_iter().map(|item| TitleOf { item, role: CreditRole::Other }).collect()
}

/// The request for a person.
pub(super) fn person_call(user_id: &str, person: &RemoteId) -> Call {
    Call::get("/Items/{}").segment(person.as_str()).query("userId", user_id).cached()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_extras_that_are_counted_are_asked_for() {
        let calls = |trailers, features| {
            let dto = json!({"Id": "0a1b", "LocalTrailerCount": trailers, "SpecialFeatureCount": features});
            extras_calls("u1", &serde_json::from_value(dto).unwrap()).len()
        };
        assert_eq!([calls(0, 0), calls(1, 0), calls(2, 3)], [0, 1, 2]);
    }

    #[test]
    fn extras_belong_to_their_title() {
        let parent = RemoteId::new("0a1b");
        let sent = vec![
            json!({"Id": "e1", "Name": "Trailer", "Type": "Trailer", "RunTimeTicks": 600_000_000}),
            json!({"Id": "e2", "Name": "The set", "Type": "Video", "ExtraType": "BehindTheScenes"}),
            json!({"Name": "without an id"}),
            json!("broken"),
        ];
        let found = extras(&parent, sent);
        let kinds: Vec<_> = found.iter().map(|extra| (extra.item.remote_id.as_str(), extra.kind)).collect();
        assert_eq!(kinds, [("e1", ExtraKind::Trailer), ("e2", ExtraKind::BehindTheScenes)]);
        let is_its_own = |extra: &ExtraRecord| extra.item.parent.as_ref() == Some(&parent);
        assert!(found.iter().all(|extra| extra.item.kind == ItemKind::Extra && is_its_own(extra)));
    }

    #[test]
    fn a_person_is_found_by_the_whole_name() {
        let envelope: Envelope = serde_json::from_value(json!({"Items": [
            {"Id": "p1", "Name": "Ada Mirren"}, {"Id": "p2", "Name": "ada mir"}
        ]}))
        .unwrap();
        assert_eq!(named(envelope, "Ada Mir"), Some(RemoteId::new("p2")));
    }

    #[test]
    fn a_life_is_read() {
        let dto = json!({"Id": "p1", "Type": "Person", "Overview": "Born by the sea.",
            "PremiereDate": "1971-03-04T00:00:00.0000000Z", "EndDate": "0001-01-01T00:00:00.0000000Z",
            "ProductionLocations": ["", "Porto"], "ImageTags": {"Primary": "99aa"}});
        let record = person(&serde_json::from_value(dto).unwrap());
        assert_eq!(record.image.unwrap().as_str(), "p1/Primary/0/99aa");
        assert_eq!(record.about.born.unwrap().to_string(), "1971-03-04");
        assert_eq!((record.about.died, record.about.birthplace.as_deref()), (None, Some("Porto")));
    }
}
