//! Collections, playlists and hubs.

use super::*;
use crate::models::{ListedShelf, ShelfKind, ShelfRecord};

fn listed(remote: &str, title: &str, mark: &str, items: Option<&[&str]>) -> ListedShelf {
    let record =
        ShelfRecord { change_mark: Some(mark.to_owned()), ..ShelfRecord::new(RemoteId::new(remote), title) };
    ListedShelf { record, items: items.map(|items| items.iter().map(|id| RemoteId::new(*id)).collect()) }
}

impl Fixture {
    async fn shelve(&self, place: Place, kind: ShelfKind, shelves: &[ListedShelf]) -> bool {
        self.db.shelves().reconcile(place.source, kind, shelves, |_| true, minute(0)).await.unwrap()
    }

    async fn titles(&self, kind: ShelfKind) -> Vec<String> {
        let shelves = self.db.shelves().list(kind).await.unwrap();
        shelves.into_iter().map(|shelf| shelf.record.title).collect()
    }
}

#[tokio::test]
async fn a_listing_as_before_writes_nothing() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Plex).await;
    let shelves = [listed("1", "Sea", "a", Some(&["x", "y", "x"])), listed("2", "Air", "a", None)];
    assert!(fixture.shelve(place, ShelfKind::Collection, &shelves).await);
    assert!(!fixture.shelve(place, ShelfKind::Collection, &shelves).await);
    let moved = [shelves[1].clone(), shelves[0].clone()];
    assert!(fixture.shelve(place, ShelfKind::Collection, &moved).await, "the order is content");
    let other = [shelves[1].clone(), listed("1", "Sea", "a", Some(&["x"]))];
    assert!(fixture.shelve(place, ShelfKind::Collection, &other).await);
    assert_eq!(fixture.titles(ShelfKind::Collection).await, ["Air", "Sea"]);
}

#[tokio::test]
async fn what_is_not_listed_goes_where_it_may() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Local).await;
    let all = [listed("set:a", "A", "", None), listed("7@set:b", "B", "", None)];
    fixture.shelve(place, ShelfKind::Collection, &all).await;
    let away = |id: &RemoteId| !id.as_str().starts_with("7@");
    let shelves = fixture.db.shelves();
    shelves.reconcile(place.source, ShelfKind::Collection, &[], away, minute(1)).await.unwrap();
    assert_eq!(fixture.titles(ShelfKind::Collection).await, ["B"]);
    fixture.db.sources().remove(place.source).await.unwrap();
    assert_eq!(fixture.number("SELECT count(*) FROM shelves").await, 0);
}

#[tokio::test]
async fn items_are_joined_when_they_are_here() {
    let fixture = Fixture::new().await;
    let (place, other) = (fixture.place(SourceKind::Plex).await, fixture.place(SourceKind::Jellyfin).await);
    let shelf = [listed("1", "Sea", "a", Some(&["late", "here", "never", "here"]))];
    fixture.shelve(place, ShelfKind::Playlist, &shelf).await;
    // The same id at another server is another item.
    fixture.list(other, &[film("late", "Not this"), film("never", "Nor this")]).await;
    fixture.list(place, &[film("here", "Here")]).await;
    let shelves = fixture.db.shelves();
    let stored = shelves.list(ShelfKind::Playlist).await.unwrap().remove(0);
    assert_eq!((stored.known_count, stored.is_read), (2, true));
    assert_eq!(remotes(&shelves.items(stored.id, 10).await.unwrap()), ["here", "here"]);
    fixture.list(place, &[film("late", "Late")]).await;
    assert_eq!(remotes(&shelves.items(stored.id, 10).await.unwrap()), ["late", "here", "here"]);
    let item = fixture.id(place, "late").await;
    assert_eq!(shelves.of_item(item, ShelfKind::Playlist).await.unwrap().len(), 1);
    assert!(shelves.of_item(item, ShelfKind::Collection).await.unwrap().is_empty());
    let stranger = fixture.id(other, "late").await;
    assert!(shelves.of_item(stranger, ShelfKind::Playlist).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_shelf_is_due_until_it_is_read_with_its_mark() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Plex).await;
    let shelves = fixture.db.shelves();
    let due = async || {
        let due = shelves.due(place.source, ShelfKind::Collection, 10).await.unwrap();
        due.into_iter().map(|due| due.remote_id.to_string()).collect::<Vec<_>>()
    };
    let list = |mark: &str| [listed("1", "Sea", mark, None), listed("2", "Air", "a", None)];
    fixture.shelve(place, ShelfKind::Collection, &list("a")).await;
    assert_eq!(due().await, ["1", "2"]);
    let ids: Vec<_> = shelves
        .due(place.source, ShelfKind::Collection, 10)
        .await
        .unwrap()
        .iter()
        .map(|due| due.id)
        .collect();
    assert!(shelves.put_items(ids[0], &[RemoteId::new("x")], Some("a"), minute(1)).await.unwrap());
    assert_eq!(due().await, ["2"]);
    assert!(!shelves.put_items(ids[0], &[RemoteId::new("x")], Some("a"), minute(2)).await.unwrap());
    fixture.shelve(place, ShelfKind::Collection, &list("b")).await;
    assert_eq!(due().await, ["2", "1"], "the one that was never read comes first");
}

#[tokio::test]
async fn titles_are_found_by_beginnings_of_words_without_accents() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Plex).await;
    let shelves = [listed("1", "Écume des mers", "", None), listed("2", "Sea", "", None)];
    fixture.shelve(place, ShelfKind::Collection, &shelves).await;
    fixture.shelve(place, ShelfKind::Hub, &[listed("3", "Ecumenical", "", None)]).await;
    let found = async |text: &str| {
        let found = fixture.db.shelves().search(ShelfKind::Collection, text, 9).await.unwrap();
        found.into_iter().map(|shelf| shelf.record.remote_id.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(found("ecu mer").await, ["1"]);
    assert_eq!(found("ÉCUME").await, ["1"]);
    assert!(found("cume").await.is_empty() && found("*\"").await.is_empty());
    let more =
        [listed("4", "The Sea", "", None), listed("5", "Seaside", "", None), listed("2", "Sea", "", None)];
    fixture.shelve(fixture.place(SourceKind::Jellyfin).await, ShelfKind::Collection, &more).await;
    assert_eq!(found("sea").await, ["2", "2", "5", "4"], "exact, of both sources, then beginnings");
    let one = fixture.db.shelves().search(ShelfKind::Collection, "sea", 1).await.unwrap();
    assert_eq!(one.len(), 2, "one title, of both sources");
    let renamed = [listed("1", "Foam", "", None), listed("2", "Sea", "", None)];
    fixture.shelve(place, ShelfKind::Collection, &renamed).await;
    assert!(found("ecume").await.is_empty());
    assert_eq!(found("foam").await, ["1"]);
    fixture.db.sources().set_enabled(place.source, false).await.unwrap();
    assert!(found("foam").await.is_empty());
    assert_eq!(fixture.titles(ShelfKind::Collection).await.len(), more.len(), "those of the other source");
}

#[tokio::test]
async fn copies_of_a_title_lead_to_each_other() {
    let fixture = Fixture::new().await;
    let (a, b) = (fixture.place(SourceKind::Plex).await, fixture.place(SourceKind::Jellyfin).await);
    let with = |mut record: ItemRecord, imdb: Option<&str>, tmdb: Option<&str>| {
        record.external_ids.imdb = imdb.map(str::to_owned);
        record.external_ids.tmdb = tmdb.map(str::to_owned);
        record
    };
    let mut here = whole_series("Show", 1, &[2]);
    here.extend([with(film("f", "Lantern"), Some("tt1"), None), film("g", "Same Title"), film("h", "Alone")]);
    fixture.list(a, &here).await;
    let mut there = whole_series("Show", 1, &[2]);
    there.extend([with(film("x", "Laterne"), Some("tt1"), Some("7")), film("y", "same title")]);
    fixture.list(b, &there).await;
    let items = fixture.db.items();
    let alike = async |remote: &str| {
        let found = items.alike(fixture.id(a, remote).await).await.unwrap();
        found.iter().filter(|item| item.source_id == b.source).count()
    };
    assert_eq!((alike("f").await, alike("g").await, alike("h").await), (1, 1, 0));
    let series = fixture.id(b, "Show").await;
    let episode = fixture.id(a, "Show/1/2").await;
    let found = items.at_same_place(episode, series).await.unwrap();
    assert_eq!(remotes(&found), ["Show/1/2"]);
    assert_eq!(found[0].source_id, b.source);
}
