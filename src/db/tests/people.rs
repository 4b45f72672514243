//! People, extras, what is like a title, and which version plays.

use super::*;
use crate::models::{Credit, CreditRole, PersonAbout, PersonRecord, TitleOf};

fn credit(name: &str, role: CreditRole, character: Option<&str>) -> Credit {
    let character = character.map(str::to_owned);
    Credit { name: name.to_owned(), role, character, image: None, person: None }
}

fn extra(remote: &str, of: &str) -> ItemRecord {
    ItemRecord {
        parent: Some(RemoteId::new(of)),
        ..ItemRecord::new(RemoteId::new(remote), ItemKind::Extra, "Trailer")
    }
}

/// Titles of a person with what they did, in order.
async fn parts(fixture: &Fixture, name: &str) -> Vec<(String, CreditRole)> {
    let parts = fixture.db.people().titles(name).await.unwrap();
    parts.into_iter().map(|part| (part.item.record.title, part.role)).collect()
}

#[tokio::test]
async fn a_listing_tells_of_people_until_details_tell_all() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Plex).await;
    let listed = |mark: &str| ItemRecord {
        credits: vec![credit("Ada Mir", CreditRole::Actor, None)],
        change_mark: Some(mark.to_owned()),
        ..film("a", "Alien")
    };
    fixture.list(place, &[listed("1")]).await;
    assert_eq!(parts(&fixture, "ada  MIR").await, [("Alien".to_owned(), CreditRole::Actor)]);
    assert_eq!(fixture.db.people().search("mir", 5).await.unwrap()[0].titles, 1);

    let item = fixture.id(place, "a").await;
    let all =
        [credit("Ada Mir", CreditRole::Actor, Some("Keeper")), credit("Jo Ruiz", CreditRole::Director, None)];
    fixture.db.details().put(item, &crate::models::MediaDetails::default(), None).await.unwrap();
    fixture.db.people().put_credits(place.source, item, &all).await.unwrap();
    // The few of the next listing do not replace them.
    fixture.list(place, &[listed("2")]).await;
    let known = fixture.db.people().titles("Ada Mir").await.unwrap();
    assert_eq!(known[0].character.as_deref(), Some("Keeper"));
    assert_eq!(parts(&fixture, "Jo Ruiz").await.len(), 1);
}

#[tokio::test]
async fn listed_people_change_with_their_item() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Local).await;
    for (mark, name) in [("1", "Ada Mir"), ("2", "Jo Ruiz")] {
        let credits = vec![credit(name, CreditRole::Actor, None)];
        let change_mark = Some(mark.to_owned());
        fixture.list(place, &[ItemRecord { credits, change_mark, ..film("a", "Alien") }]).await;
    }
    assert!(parts(&fixture, "Ada Mir").await.is_empty());
    assert_eq!(parts(&fixture, "Jo Ruiz").await.len(), 1);
}

#[tokio::test]
async fn a_server_adds_titles_that_are_known_here_once() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Jellyfin).await;
    fixture.list(place, &[film("a", "Alien"), film("b", "Brazil")]).await;
    let item = fixture.id(place, "a").await;
    let people = fixture.db.people();
    let known = [credit("Ada Mir", CreditRole::Director, None)];
    people.put_credits(place.source, item, &known).await.unwrap();
    let told = ["a", "b", "elsewhere"]
        .map(|remote| TitleOf { item: RemoteId::new(remote), role: CreditRole::Other });
    for added in [1, 0] {
        assert_eq!(people.add_titles(place.source, "Ada Mir", &told).await.unwrap(), added);
    }
    let mut found = parts(&fixture, "Ada Mir").await;
    found.sort_by(|left, right| left.0.cmp(&right.0));
    let expected = [("Alien".to_owned(), CreditRole::Director), ("Brazil".to_owned(), CreditRole::Other)];
    assert_eq!(found, expected);
    // Somebody of whom only the server has told is found by name.
    people.add_titles(place.source, "Zoë Adams", &told).await.unwrap();
    assert_eq!(people.search("zoe", 5).await.unwrap()[0].titles, 2);
}

#[tokio::test]
async fn a_life_is_kept() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Jellyfin).await;
    fixture.list(place, &[film("a", "Alien")]).await;
    let item = fixture.id(place, "a").await;
    let people = fixture.db.people();
    people.put_credits(place.source, item, &[credit("Ada Mir*", CreditRole::Actor, None)]).await.unwrap();
    let about = PersonAbout { born: chrono::NaiveDate::from_ymd_opt(1971, 3, 4), ..PersonAbout::default() };
    let record = PersonRecord { remote_id: None, image: None, about: about.clone() };
    people.put(place.source, "Ada Mir*", &record).await.unwrap();
    assert_eq!(people.named("ada mir*").await.unwrap()[0].about, about);
}

#[tokio::test]
async fn extras_are_in_no_list_and_go_with_their_title() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Jellyfin).await;
    fixture.list(place, &[film("a", "Alien"), film("b", "Brazil")]).await;
    let items = fixture.db.items();
    items.upsert_some(place.source, place.library, &[extra("t1", "a"), extra("t2", "a")]).await.unwrap();
    let item = fixture.id(place, "a").await;
    assert!(items.search("trailer", 10).await.unwrap().is_empty());
    assert!(items.children(item).await.unwrap().is_empty());
    assert_eq!(items.count(place.library).await.unwrap(), 2);

    // A listing does not hold them, and does not miss them.
    let (_, listing) = fixture.listing(place, &[film("a", "Alien"), film("b", "Brazil")]).await;
    assert_eq!(items.remove_unseen(&listing).await.unwrap(), 0);
    assert_eq!(fixture.db.details().extras(item).await.unwrap().len(), 2);
    fixture.db.details().keep_extras(item, &[RemoteId::new("t2")]).await.unwrap();
    assert_eq!(remotes(&fixture.db.details().extras(item).await.unwrap()), ["t2"]);

    let (_, listing) = fixture.listing(place, &[film("b", "Brazil")]).await;
    items.remove_unseen(&listing).await.unwrap();
    assert_eq!(fixture.number("SELECT count(*) FROM items").await, 1);
}

#[tokio::test]
async fn a_mark_on_a_film_is_none_on_its_trailer() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Jellyfin).await;
    fixture.list(place, &[film("a", "Alien")]).await;
    let items = fixture.db.items();
    items.upsert_some(place.source, place.library, &[extra("t1", "a")]).await.unwrap();
    let item = fixture.id(place, "a").await;
    let change = crate::models::OutboxChange::Watched { watched: true, at: minute(1) };
    fixture.db.outbox().apply_change(item, &change, minute(1)).await.unwrap();
    assert!(fixture.item(place, "a").await.record.watch.watched);
    assert!(!fixture.item(place, "t1").await.record.watch.watched);
}

#[tokio::test]
async fn likeness_is_people_before_genres() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Local).await;
    let with = |remote: &str, genres: &[&str], names: &[&str]| ItemRecord {
        genres: genres.iter().map(|genre| (*genre).to_owned()).collect(),
        credits: names.iter().map(|name| credit(name, CreditRole::Actor, None)).collect(),
        ..film(remote, remote)
    };
    let list = [
        with("here", &["Drama", "War"], &["Ada Mir"]),
        with("genre", &["Drama", "War"], &[]),
        with("person", &[], &["Ada Mir"]),
        with("neither", &["Comedy"], &["Jo Ruiz"]),
    ];
    fixture.list(place, &list).await;
    let here = fixture.id(place, "here").await;
    let alike = fixture.db.details().alike(here, 10).await.unwrap();
    assert_eq!(remotes(&alike), ["person", "genre"]);
}

#[tokio::test]
async fn what_a_server_calls_similar_keeps_its_order() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Plex).await;
    fixture.list(place, &[film("a", "A"), film("b", "B"), film("c", "C")]).await;
    let item = fixture.id(place, "a").await;
    let details = fixture.db.details();
    assert_eq!(details.similar_fetched_at(item).await.unwrap(), None);
    let told = ["c", "not here", "b"].map(RemoteId::new);
    details.put_similar(item, &told).await.unwrap();
    assert_eq!(remotes(&details.similar(item).await.unwrap()), ["c", "b"]);
    assert!(details.similar_fetched_at(item).await.unwrap().is_some());
}
