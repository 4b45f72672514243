//! Search over the local library and over what servers know besides.

use std::collections::HashSet;

use gnome_reel::models::{ItemKind, SourceId};
use gnome_reel::services::core::search::{Found, SearchService};
use gnome_reel::services::core::{BackendService, LibraryService, SourceService};
use reel_testbed::catalogue::generator::Recipe;
use reel_testbed::catalogue::{Item, ItemNumber};
use reel_testbed::faults::{EVERY_CONNECTION, Fault};

use crate::support::{Bed, Server, ServerKind, films};

on_both!(
    results_come_in_groups_over_all_sources_each_title_once,
    a_server_adds_what_is_not_stored_and_opening_it_stores_it,
    an_episode_that_is_not_stored_comes_with_its_series,
    who_is_in_a_film_is_found_once_its_details_were_read,
    a_server_that_is_down_is_not_missed,
);

fn titles(found: &Found, kind: ItemKind) -> Vec<&str> {
    let group = found.titles.iter().find(|group| group.kind == kind);
    group.iter().flat_map(|group| &group.cards).map(|card| card.item.record.title.as_str()).collect()
}

/// Gives an item another title.
fn rename(server: &Server, item: ItemNumber, title: &str) {
    server.change_catalogue(|catalogue| {
        let item = catalogue.items.iter_mut().flatten().find(|known| known.number == item).unwrap();
        title.clone_into(&mut item.title);
        item.sort_title = title.to_lowercase();
        (item.original_title, item.year) = (None, Some(2001));
        (item.imdb, item.tmdb) = (None, None);
    });
}

async fn results_come_in_groups_over_all_sources_each_title_once(kind: ServerKind) {
    let other = if kind == ServerKind::Plex { ServerKind::Jellyfin } else { ServerKind::Plex };
    let (first, second) = (Server::start(kind, films(6)).await, Server::start(other, films(6)).await);
    for server in [&first, &second] {
        rename(server, ItemNumber(1), "Canary Méadow");
    }
    rename(&second, ItemNumber(2), "The Last Canary");
    let bed = Bed::new().await;
    for server in [&first, &second] {
        let id = server.add_to(&bed.ctx).await.unwrap();
        bed.sync(id).await;
    }
    let found = SearchService::local(&bed.ctx, "canary", 12).await.unwrap();
    assert_eq!(titles(&found, ItemKind::Movie), ["Canary Méadow", "The Last Canary"]);
    assert_eq!(found.titles[0].cards[0].copies.len(), 1);
    assert_eq!(found.ids().len(), 3);
    let found = SearchService::local(&bed.ctx, "meadow can", 1).await.unwrap();
    assert_eq!(titles(&found, ItemKind::Movie), ["Canary Méadow"]);
    assert!(!found.titles[0].has_more, "its copy is no other title");
    assert!(SearchService::local(&bed.ctx, "canary", 1).await.unwrap().titles[0].has_more);
    let source = bed.ctx.db.sources().list().await.unwrap()[1].id;
    SourceService::set_enabled(&bed.ctx, source, false).await.unwrap();
    let found = SearchService::local(&bed.ctx, "canary", 12).await.unwrap();
    assert_eq!(titles(&found, ItemKind::Movie), ["Canary Méadow"]);
}

async fn elsewhere(bed: &Bed, id: SourceId, text: &str) -> Vec<(String, bool)> {
    let shown = SearchService::local(&bed.ctx, text, 12).await.unwrap().ids();
    let found = SearchService::elsewhere(&bed.ctx, id, text, &shown).await.unwrap();
    found.into_iter().map(|found| (found.item.record.title, found.is_stored)).collect()
}

async fn a_server_adds_what_is_not_stored_and_opening_it_stores_it(kind: ServerKind) {
    let server = Server::start(kind, films(4)).await;
    rename(&server, ItemNumber(1), "Canary One");
    let (bed, id) = Bed::synced(&server).await;
    server.change_catalogue(|catalogue| {
        let like = catalogue.item(ItemNumber(1)).unwrap().clone();
        catalogue.add(|number| Item { number, title: "Canary Two".to_owned(), ..like })
    });
    assert_eq!(elsewhere(&bed, id, "canary").await, [("Canary Two".to_owned(), false)]);
    // Stored under a title that does not match any more: found by the server, opened from here.
    rename(&server, ItemNumber(2), "Canary Three");
    let mut found = elsewhere(&bed, id, "canary").await;
    found.sort();
    assert_eq!(found, [("Canary Three".to_owned(), true), ("Canary Two".to_owned(), false)]);

    let found = SearchService::elsewhere(&bed.ctx, id, "canary two", &HashSet::new()).await.unwrap();
    let stored = SearchService::store(&bed.ctx, id, &found[0].item.record).await.unwrap();
    assert_eq!(bed.ctx.db.items().get(stored).await.unwrap().record.title, "Canary Two");
    BackendService::get_details(&bed.ctx, stored).await.unwrap();
    let found = SearchService::local(&bed.ctx, "canary two", 12).await.unwrap();
    assert_eq!(titles(&found, ItemKind::Movie), ["Canary Two"]);
    assert!(elsewhere(&bed, id, "canary two").await.is_empty());
}

async fn an_episode_that_is_not_stored_comes_with_its_series(kind: ServerKind) {
    let catalogue = Recipe { films: 0, series: 1, plain: true, ..Recipe::default() }.generate();
    let episode = catalogue.all().find(|item| item.episode.is_some()).unwrap().number;
    let server = Server::start(kind, catalogue).await;
    rename(&server, episode, "Canary Episode");
    let (bed, id) = Bed::with(&server).await;
    // The libraries are known, and nothing in them.
    server.faults().add(EVERY_CONNECTION, &server.listing_path(1), Fault::Close);
    assert!(bed.try_sync(id).await.is_err());
    server.come_back();
    assert_eq!(bed.ctx.db.items().search("canary", 9).await.unwrap().len(), 0);
    let found = SearchService::elsewhere(&bed.ctx, id, "canary episode", &HashSet::new()).await.unwrap();
    let stored = SearchService::store(&bed.ctx, id, &found[0].item.record).await.unwrap();
    let item = bed.ctx.db.items().get(stored).await.unwrap();
    assert_eq!(item.record.title, "Canary Episode");
    assert!(item.parent_id.is_some() && item.series_id.is_some(), "it has its season and its series");
}

async fn who_is_in_a_film_is_found_once_its_details_were_read(kind: ServerKind) {
    let server = Server::start(kind, films(6)).await;
    let (bed, id) = Bed::synced(&server).await;
    let name = server.change_catalogue(|catalogue| {
        let with_people = catalogue.all().find(|item| !item.people.is_empty()).unwrap();
        (with_people.number, with_people.people[0].name.clone())
    });
    let film = bed.item(id, &server.remote_id(name.0)).await;
    BackendService::get_details(&bed.ctx, film.id).await.unwrap();
    let found = SearchService::local(&bed.ctx, &name.1.to_uppercase(), 12).await.unwrap();
    assert_eq!(found.people[0].name, name.1);
    let theirs = LibraryService::person(&bed.ctx, &found.people[0].name).await.unwrap();
    assert!(theirs.films.iter().any(|title| title.card.item.id == film.id));
}

async fn a_server_that_is_down_is_not_missed(kind: ServerKind) {
    let server = Server::start(kind, films(4)).await;
    rename(&server, ItemNumber(1), "Canary One");
    let (bed, id) = Bed::synced(&server).await;
    for connection in server.connections() {
        connection.off();
    }
    assert!(SearchService::elsewhere(&bed.ctx, id, "canary", &HashSet::new()).await.is_err());
    assert!(SearchService::servers(&bed.ctx).await.unwrap().is_empty(), "not asked again");
    let found = SearchService::local(&bed.ctx, "canary", 12).await.unwrap();
    assert_eq!(titles(&found, ItemKind::Movie), ["Canary One"]);
}
