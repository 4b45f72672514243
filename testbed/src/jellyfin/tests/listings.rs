//! What queries find and how it is written.

use super::*;
use crate::catalogue::sample::{EPISODE, FILM, SEASON, SERIES};
use crate::catalogue::{ItemNumber, WatchState};
use chrono::Utc;
use std::time::Duration;

fn played() -> WatchState {
    WatchState { played: true, play_count: 1, last_played: Some(Utc::now()), ..WatchState::default() }
}

fn begun() -> WatchState {
    let position = Duration::from_mins(30);
    WatchState { position, last_played: Some(Utc::now()), ..WatchState::default() }
}

#[tokio::test]
async fn a_page_is_cut_and_counted() {
    let session = Session::begin(builder()).await;
    let films = session.server.library_id(1);
    let path = format!("/Items?parentId={films}&recursive=true&sortBy=SortName&startIndex=1&limit=2");
    let page = session.get(&path).await;
    assert_eq!(names(&page["Items"]), ["Harbour", "Lantern"]);
    assert_eq!((page["TotalRecordCount"].as_u64(), page["StartIndex"].as_u64()), (Some(5), Some(1)));
    let uncounted = session.get(&format!("{path}&enableTotalRecordCount=false")).await;
    assert_eq!(uncounted["TotalRecordCount"], 2);
    let nothing = session.get(&format!("/Items?parentId={films}&limit=0")).await;
    assert_eq!((nothing["TotalRecordCount"].as_u64(), names(&nothing["Items"]).len()), (Some(5), 0));
}

#[tokio::test]
async fn orders_and_filters_work_together() {
    let session = Session::begin(builder()).await;
    session.server.set_watch_state("ana", FILM, played());
    session.server.set_watch_state(
        "ana",
        ItemNumber(1),
        WatchState { favourite: true, ..WatchState::default() },
    );
    for (query, expected) in [
        ("includeItemTypes=Movie&sortBy=DateCreated&sortOrder=Descending&limit=2", vec!["Echo", "Orbit"]),
        ("includeItemTypes=Movie&filters=IsPlayed", vec!["Harbour"]),
        (
            "includeItemTypes=Movie&isPlayed=false&sortBy=ProductionYear",
            vec!["Lantern", "Salt & <Smoke>", "Orbit", "Echo"],
        ),
        ("filters=IsFavorite", vec!["Lantern"]),
        ("searchTerm=ARB", vec!["Harbour"]),
        ("includeItemTypes=Series,Season&sortBy=SortName", vec!["Season 1", "Season 2", "Tideline"]),
        ("includeItemTypes=BoxSet", vec![]),
        ("includeItemTypes=Movie&years=2003", vec!["Salt & <Smoke>"]),
        ("includeItemTypes=Movie&genres=Comedy|Western", vec![]),
        ("includeItemTypes=Episode&isMissing=true", vec![]),
        ("includeItemTypes=Movie&minDateLastSavedForUser=2023-11-14T22:26:40Z", vec!["Orbit", "Echo"]),
    ] {
        assert_eq!(session.names(&format!("/Items?recursive=true&{query}")).await, expected, "{query}");
    }
    let everything = session.names("/Items?recursive=true&includeItemTypes=Moovie").await;
    assert_eq!(everything.len(), 12, "a misspelt type is dropped");
}

#[tokio::test]
async fn what_the_server_fails_on_fails() {
    let session = Session::begin(builder().version("10.10.7")).await;
    let saved = "/Items?recursive=true&minDateLastSaved=2020-01-01T00:00:00Z";
    let path = "/Items?recursive=true&sortBy=SortName&sortOrder=Ascending,Descending";
    assert_eq!((session.status(path).await, session.status(saved).await), (500, 500));
    assert_eq!(session.status(&format!("{saved}&minDateLastSavedForUser=2020-01-01T00:00:00Z")).await, 200);
    assert_eq!(Session::begin(builder()).await.status(saved).await, 200);
}

#[tokio::test]
async fn a_hidden_library_is_refused_and_nowhere_listed() {
    let session = Session::begin(builder()).await;
    session.server.hide_library("ana", 1, true);
    let path = format!("/Items?parentId={}", session.server.library_id(1));
    let reply = session.send(Method::GET, &path).await;
    assert_eq!(reply.status(), 401);
    assert_eq!(reply.text().await.unwrap(), "ana is not permitted to access Library Films.");
    assert_eq!(session.names("/UserViews").await, ["Series"]);
    assert!(session.names("/Items?recursive=true&includeItemTypes=Movie").await.is_empty());
    assert_eq!(session.status(&format!("/Items/{}", session.server.item_id(FILM))).await, 404);
}

#[tokio::test]
async fn a_list_has_what_it_asks_for_and_details_have_all() {
    let session = Session::begin(builder()).await;
    let id = session.server.item_id(FILM);
    let short = session.get(&format!("/Items?ids={id}&enableUserData=false&enableImages=false")).await;
    let row = &short["Items"][0];
    assert_eq!((row["Name"].as_str(), row["Type"].as_str()), (Some("Harbour"), Some("Movie")));
    for missing in ["Overview", "MediaSources", "People", "UserData", "ImageTags", "DateCreated", "Etag"] {
        assert!(row.get(missing).is_none(), "{missing}");
    }
    let wanted = session.get(&format!("/Items?ids={id}&fields=Overview,ProviderIds,DateCreated")).await;
    let row = &wanted["Items"][0];
    assert_eq!(
        (row["Overview"].as_str(), row["ProviderIds"]["Tmdb"].as_str()),
        (Some("A summary."), Some("2"))
    );
    assert_eq!(row["DateCreated"], "2023-11-14T22:16:40.0000000Z");
    assert!(row["ImageTags"]["Primary"].is_string() && row["UserData"]["Played"] == false);
    let details = session.get(&format!("/Items/{id}")).await;
    assert_eq!(details["People"][0]["Role"], "Keeper");
    assert_eq!(details["MediaSources"][0]["MediaStreams"][2]["IsExternal"], true);
    session.server.remove_item(FILM);
    assert_eq!(session.status(&format!("/Items/{id}")).await, 404);
}

#[tokio::test]
async fn series_have_seasons_and_episodes_that_know_them() {
    let session = Session::begin(builder()).await;
    let series = session.server.item_id(SERIES);
    assert_eq!(session.names(&format!("/Shows/{series}/Seasons")).await, ["Season 1", "Season 2"]);
    let all = session.get(&format!("/Shows/{series}/Episodes?limit=1")).await;
    assert_eq!(all["TotalRecordCount"], 4);
    let episode = &all["Items"][0];
    assert_eq!(
        (episode["SeriesName"].as_str(), episode["SeasonName"].as_str()),
        (Some("Tideline"), Some("Season 1"))
    );
    assert_eq!(episode["SeasonId"], session.server.item_id(SEASON));
    assert_eq!(episode["ParentBackdropItemId"], series);
    let second = session.names(&format!("/Shows/{series}/Episodes?season=2")).await;
    assert_eq!(second, ["Part 2.1", "Part 2.2"]);
    let first = session.server.item_id(EPISODE);
    let near = session.names(&format!("/Shows/{series}/Episodes?adjacentTo={first}")).await;
    assert_eq!(near, ["Part 1.1", "Part 1.2"]);
    let film = session.server.item_id(FILM);
    assert_eq!(session.status(&format!("/Shows/{film}/Episodes")).await, 404);
}

#[tokio::test]
async fn the_rows_of_the_start_page() {
    let session = Session::begin(builder()).await;
    assert!(session.names("/Shows/NextUp").await.is_empty());
    session.server.set_watch_state("ana", EPISODE, played());
    session.server.set_watch_state("ana", FILM, begun());
    assert_eq!(session.names("/Shows/NextUp").await, ["Part 1.2"]);
    session.server.set_watch_state("ana", ItemNumber(9), begun());
    assert_eq!(session.names("/Shows/NextUp").await, ["Part 1.2"]);
    assert!(session.names("/Shows/NextUp?enableResumable=false").await.is_empty());
    assert_eq!(session.names("/UserItems/Resume?mediaTypes=Video").await, ["Part 1.2", "Harbour"]);
    let latest = session.get("/Items/Latest?limit=4").await;
    assert_eq!(names(&latest), ["Tideline", "Echo"], "three episodes are one series");
    assert_eq!(latest[0]["ChildCount"], 3);
    let similar = session.names(&format!("/Items/{}/Similar?limit=2", session.server.item_id(FILM))).await;
    assert_eq!(similar, ["Lantern", "Salt & <Smoke>"]);
}

#[tokio::test]
async fn search_people_and_counts() {
    let session = Session::begin(builder()).await;
    let hints = session.get("/Search/Hints?searchTerm=tide").await;
    assert_eq!(hints["SearchHints"][0]["Type"], "Series");
    assert_eq!(session.status("/Search/Hints?searchTerm=").await, 400);
    assert_eq!(session.names("/Persons?searchTerm=ADA").await, ["Ada Mir"]);
    let counts = session.get("/Items/Counts").await;
    let number = |name: &str| counts[name].as_u64().unwrap();
    assert_eq!((number("MovieCount"), number("SeriesCount"), number("EpisodeCount")), (5, 1, 4));
}
