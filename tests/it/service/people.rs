//! People, extras, versions and what is like a title.

use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;

use chrono::Utc;
use gnome_reel::backends::Location;
use gnome_reel::models::{
    CreditRole, ExtraKind, Item, ItemKind, MediaId, NewFolder, PlayMethod, PlaybackEvent, PlaybackReport,
    SourceId,
};
use gnome_reel::services::core::library::ItemQuery;
use gnome_reel::services::core::search::SearchService;
use gnome_reel::services::core::{BackendService, LibraryService, PlaybackService, SourceService};
use reel_testbed::catalogue::generator::Recipe;
use reel_testbed::catalogue::{
    Catalogue, ExtraKind as Kind, Item as Model, ItemKind as ModelKind, ItemNumber,
};
use reel_testbed::faults::{EVERY_CONNECTION, Fault};

use crate::support::{Bed, Server, ServerKind, films, soon};

on_both!(
    details_name_people_and_servers_their_other_titles,
    extras_play_and_keep_their_place,
    extras_go_when_the_server_has_them_no_longer,
    a_chosen_version_plays_until_it_is_gone,
    the_server_is_asked_once_a_day_what_is_like_a_title,
);

const FILM: ItemNumber = ItemNumber(1);

/// A film of which the server has one trailer and a second version.
fn with_surroundings() -> Catalogue {
    let mut catalogue = films(6);
    let model = catalogue.item(FILM).unwrap().clone();
    catalogue.second_versions.insert(FILM);
    catalogue.add_extra(FILM, Kind::Trailer, |number| Model {
        number,
        title: "Loud trailer".to_owned(),
        duration: Some(Duration::from_mins(10)),
        people: Vec::new(),
        ..model
    });
    catalogue
}

async fn opened(server: &Server) -> (Bed, SourceId, MediaId) {
    let (bed, id) = Bed::synced(server).await;
    let item = bed.item(id, &server.remote_id(FILM)).await.id;
    BackendService::get_details(&bed.ctx, item).await.unwrap();
    (bed, id, item)
}

async fn extras(bed: &Bed, item: MediaId) -> Vec<(ExtraKind, Item)> {
    let (details, _) = LibraryService::details(&bed.ctx, item).await.unwrap().unwrap();
    LibraryService::extras(&bed.ctx, item, &details).await.unwrap()
}

/// Everybody's films and series in a catalogue, and somebody with several films.
fn busy_actor(catalogue: &Catalogue) -> (String, BTreeSet<String>) {
    let films = |name: &str| {
        let with = catalogue.all().filter(|item| {
            item.kind == ModelKind::Film && item.people.iter().any(|person| person.name == name)
        });
        with.map(|item| item.title.clone()).collect::<BTreeSet<_>>()
    };
    let all = catalogue.people().into_iter().map(|name| (name.to_owned(), films(name)));
    all.max_by_key(|(_, films)| films.len()).unwrap()
}

async fn details_name_people_and_servers_their_other_titles(kind: ServerKind) {
    let catalogue = Recipe { films: 60, series: 0, plain: true, ..Recipe::default() }.generate();
    let (name, titles) = busy_actor(&catalogue);
    assert!(titles.len() > 1);
    let server = Server::start(kind, catalogue).await;
    let (bed, id) = Bed::synced(&server).await;
    let one = bed.items(id).await.into_iter().find(|item| titles.contains(&item.record.title)).unwrap();
    BackendService::get_details(&bed.ctx, one.id).await.unwrap();
    let known = LibraryService::person(&bed.ctx, &name).await.unwrap();
    assert!(known.films.iter().any(|film| film.card.item.id == one.id), "{known:#?}");

    LibraryService::complete_person(&bed.ctx, &name).await.unwrap();
    let complete = LibraryService::person(&bed.ctx, &name).await.unwrap();
    let found: BTreeSet<_> = complete.films.iter().map(|film| film.card.item.record.title.clone()).collect();
    assert_eq!(found, titles);
    // Once more changes nothing.
    LibraryService::complete_person(&bed.ctx, &name).await.unwrap();
    assert_eq!(LibraryService::person(&bed.ctx, &name).await.unwrap(), complete);
    let found = SearchService::local(&bed.ctx, &name, 5).await.unwrap().people;
    assert_eq!((found[0].name.as_str(), found[0].titles as usize), (name.as_str(), titles.len()));
}

async fn extras_play_and_keep_their_place(kind: ServerKind) {
    let server = Server::start(kind, with_surroundings()).await;
    let (bed, id, film) = opened(&server).await;
    let found = extras(&bed, film).await;
    let [(ExtraKind::Trailer, trailer)] = found.as_slice() else { panic!("{found:#?}") };
    assert_eq!((trailer.record.kind, trailer.parent_id), (ItemKind::Extra, Some(film)));
    assert!(bed.items(id).await.iter().all(|item| item.id != trailer.id));
    assert!(LibraryService::search(&bed.ctx, "loud trailer", 5).await.unwrap().is_empty());

    let playable = PlaybackService::prepare(&bed.ctx, trailer.id, None, false).await.unwrap();
    assert!(matches!(playable.source.location, Location::Remote(_)));
    let report = PlaybackReport {
        event: PlaybackEvent::Stopped,
        position: Duration::from_mins(4),
        duration: None,
        at: Utc::now(),
        version_id: None,
        play_session_id: None,
        method: PlayMethod::Direct,
    };
    PlaybackService::report(&bed.ctx, trailer.id, report).await.unwrap();
    // Neither a whole listing nor the details take it away.
    bed.a_day_passes(id).await;
    bed.sync(id).await;
    BackendService::get_details(&bed.ctx, film).await.unwrap();
    let again = extras(&bed, film).await;
    assert_eq!(again[0].1.id, trailer.id);
    assert_eq!(again[0].1.record.watch.position, Duration::from_mins(4));
    assert!(
        LibraryService::home(&bed.ctx)
            .await
            .unwrap()
            .iter()
            .all(|row| { row.cards.iter().all(|card| card.item.id != trailer.id) })
    );
}

async fn extras_go_when_the_server_has_them_no_longer(kind: ServerKind) {
    let server = Server::start(kind, with_surroundings()).await;
    let (bed, id, film) = opened(&server).await;
    if kind == ServerKind::Jellyfin {
        // They are asked for on their own, and a failure says nothing of them.
        let path = format!("/Items/{}/LocalTrailers", server.remote_id(FILM));
        let fault = Fault::Status { code: 500, headers: Vec::new(), body: String::new() };
        server.faults().add(EVERY_CONNECTION, &path, fault);
        BackendService::get_details(&bed.ctx, film).await.unwrap();
        assert_eq!(extras(&bed, film).await.len(), 1);
        server.come_back();
    }
    server.change_catalogue(|catalogue| {
        catalogue.extras.clear();
        if let Some(item) = catalogue.items[0].as_mut() {
            item.updated = Utc::now();
        }
    });
    BackendService::get_details(&bed.ctx, film).await.unwrap();
    assert!(extras(&bed, film).await.is_empty());
    assert!(bed.ctx.db.details().extras(film).await.unwrap().is_empty());
    assert_eq!(bed.items(id).await.len(), 6);
}

async fn a_chosen_version_plays_until_it_is_gone(kind: ServerKind) {
    let server = Server::start(kind, with_surroundings()).await;
    let (bed, _, film) = opened(&server).await;
    let (details, _) = LibraryService::details(&bed.ctx, film).await.unwrap().unwrap();
    assert_eq!(details.versions.len(), 2);
    let video = &details.versions[0].streams[0];
    assert_eq!((video.width, video.range.as_deref()), (Some(3840), Some("HDR10")));
    let plays = async || {
        let playable = PlaybackService::prepare(&bed.ctx, film, None, false).await.unwrap();
        (playable.source.version_id, playable.source.container.unwrap())
    };
    let mut containers = Vec::new();
    for version in &details.versions {
        PlaybackService::choose_version(&bed.ctx, film, Some(&version.id)).await.unwrap();
        let (id, container) = plays().await;
        assert_eq!(id, version.id);
        containers.push(container);
    }
    assert_ne!(containers[0], containers[1]);
    let first = &details.versions[0].id;
    PlaybackService::choose_version(&bed.ctx, film, Some(first)).await.unwrap();
    server.change_catalogue(|catalogue| catalogue.second_versions.clear());
    // Nobody has noticed yet that it is gone.
    assert_eq!(plays().await.0, details.versions[1].id);
    BackendService::get_details(&bed.ctx, film).await.unwrap();
    assert_eq!(PlaybackService::chosen_version(&bed.ctx, film).await.unwrap(), None);
}

async fn the_server_is_asked_once_a_day_what_is_like_a_title(kind: ServerKind) {
    let catalogue = Recipe { films: 40, series: 0, plain: true, ..Recipe::default() }.generate();
    let server = Server::start(kind, catalogue).await;
    let (bed, id, film) = opened(&server).await;
    for _ in 0..2 {
        LibraryService::refresh_similar(&bed.ctx, film).await.unwrap();
    }
    let asked =
        |request: &reel_testbed::record::RecordedRequest| request.path.to_lowercase().ends_with("/similar");
    assert_eq!(server.recorder().requests().iter().filter(|request| asked(request)).count(), 1);
    let item = LibraryService::item(&bed.ctx, film).await.unwrap();
    let similar = LibraryService::similar(&bed.ctx, &item).await.unwrap();
    assert!(!similar.is_empty());
    let genres = |item: &Item| item.record.genres.iter().cloned().collect::<BTreeSet<_>>();
    for card in &similar {
        assert_ne!(card.item.id, film);
        assert_eq!(card.item.source_id, id);
    }
    assert!(!genres(&similar[0].item).is_disjoint(&genres(&item)));
}

#[tokio::test]
async fn the_same_person_and_title_of_two_sources_are_one() {
    let (plex, jellyfin) = (
        Server::start(ServerKind::Plex, films(8)).await,
        Server::start(ServerKind::Jellyfin, films(8)).await,
    );
    let bed = Bed::new().await;
    let mut first = Vec::new();
    for server in [&plex, &jellyfin] {
        let id = server.add_to(&bed.ctx).await.unwrap();
        soon(bed.sync(id)).await;
        first.push(bed.item(id, &server.remote_id(FILM)).await);
    }
    for item in &first {
        BackendService::get_details(&bed.ctx, item.id).await.unwrap();
    }
    let name = films(8).item(FILM).unwrap().people[0].name.clone();
    let person = LibraryService::person(&bed.ctx, &name).await.unwrap();
    let title = person
        .films
        .iter()
        .find(|title| title.card.item.id == first[0].id || title.card.copies.contains(&first[0].id));
    let title = title.unwrap();
    assert_eq!(title.card.copies.len(), 1);
    assert!(title.roles.contains(&CreditRole::Director), "{title:?}");
    for (here, there) in [(0, 1), (1, 0)] {
        let copies = LibraryService::elsewhere(&bed.ctx, &first[here]).await.unwrap();
        let ids: Vec<_> = copies.iter().map(|(item, source)| (item.id, source.id)).collect();
        assert_eq!(ids, [(first[there].id, first[there].source_id)]);
        let similar = LibraryService::similar(&bed.ctx, &first[here]).await.unwrap();
        assert!(similar.iter().all(|card| first.iter().all(|item| card.item.id != item.id)));
    }
}

const NFO: &str = "<movie><title>Alien</title><year>1979</year><director>Ridley Scott</director>\
    <actor><name>Sigourney Weaver</name><role>Ripley</role></actor><genre>Horror</genre></movie>";

#[tokio::test]
async fn a_folder_has_people_and_extras() {
    let bed = Bed::new().await;
    let root = bed.folder.path().join("films");
    let film = root.join("Alien (1979)");
    fs::create_dir_all(film.join("Behind the Scenes")).unwrap();
    for file in ["Alien (1979).mkv", "Alien (1979)-trailer.mkv", "Behind the Scenes/The set.mkv"] {
        fs::write(film.join(file), file).unwrap();
    }
    fs::write(film.join("Alien (1979).nfo"), NFO).unwrap();
    let folders = [NewFolder::new(&root)];
    let id = SourceService::add_folders(&bed.ctx, &folders, None).await.unwrap();
    soon(bed.sync(id)).await;

    // A folder's listing tells all people: nothing has to be opened for them.
    let person = LibraryService::person(&bed.ctx, "sigourney weaver").await.unwrap();
    assert_eq!((person.name.as_str(), person.films.len()), ("Sigourney Weaver", 1));
    assert_eq!(person.films[0].character.as_deref(), Some("Ripley"));
    let item = person.films[0].card.item.id;

    BackendService::get_details(&bed.ctx, item).await.unwrap();
    let found = extras(&bed, item).await;
    let shown: Vec<_> = found.iter().map(|(kind, extra)| (*kind, extra.record.title.as_str())).collect();
    assert_eq!(shown, [(ExtraKind::Trailer, "Trailer"), (ExtraKind::BehindTheScenes, "The set")]);
    for ((_, extra), file) in found.iter().zip(["Alien (1979)-trailer.mkv", "Behind the Scenes/The set.mkv"])
    {
        let playable = PlaybackService::prepare(&bed.ctx, extra.id, None, false).await.unwrap();
        let Location::File(path) = playable.source.location else { panic!("a folder's extra is a file") };
        assert_eq!(path, fs::canonicalize(film.join(file)).unwrap());
    }
    // What is read again finds everything as it was.
    soon(bed.sync(id)).await;
    assert_eq!(extras(&bed, item).await.len(), 2);
    let library = bed.ctx.db.libraries().list(Some(id)).await.unwrap()[0].id;
    let query = ItemQuery::library(library);
    assert_eq!(LibraryService::count(&bed.ctx, &query).await.unwrap(), 1);
}
