//! Search.

use super::*;
use crate::models::{Credit, CreditRole, ImageKey};

async fn found(fixture: &Fixture, text: &str) -> Vec<String> {
    let items = fixture.db.items().search(text, 50).await.unwrap();
    items.into_iter().map(|item| item.record.title).collect()
}

async fn with_titles(titles: &[&str]) -> (Fixture, Place) {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Jellyfin).await;
    let films: Vec<_> = titles.iter().enumerate().map(|(n, title)| film(&format!("f{n}"), title)).collect();
    fixture.list(place, &films).await;
    (fixture, place)
}

#[tokio::test]
async fn exact_titles_come_first_then_beginnings_then_the_rest() {
    let titles = ["The Alien Legacy", "Alien 3", "Aliens", "My Alien", "Alien", "Alien: Covenant"];
    let (fixture, place) = with_titles(&titles).await;
    let mut part = episode("show", 1, 1);
    part.title = "Alien".to_owned();
    let mut begins = episode("show", 1, 2);
    begins.title = "Alien Dawn".to_owned();
    fixture.list(place, &[part, begins]).await;
    let found = found(&fixture, " aLIEN ").await;
    assert_eq!(found[..2], ["Alien", "Alien"]);
    let mut beginnings = found[2..6].to_vec();
    assert_eq!(beginnings.pop().as_deref(), Some("Alien Dawn"), "episodes after films");
    beginnings.sort();
    assert_eq!(beginnings, ["Alien 3", "Alien: Covenant", "Aliens"]);
    let mut rest = found[6..].to_vec();
    rest.sort();
    assert_eq!(rest, ["My Alien", "The Alien Legacy"]);
    let items = fixture.db.items().search("alien", 2).await.unwrap();
    assert_eq!(items[0].record.kind, ItemKind::Movie);
    assert_eq!(items.len(), 2);
}

#[tokio::test]
async fn accents_and_case_do_not_matter_to_finding_or_rank() {
    let (fixture, _) =
        with_titles(&["Amélie Poulain", "AMÉLIE", "Mon Amélie", "Ångström", "ÉLOGE de l'amour"]).await;
    for typed in ["amelie", "Amélie", "AMÉLIE", "Ame\u{301}lie", "amèlie"] {
        assert_eq!(found(&fixture, typed).await, ["AMÉLIE", "Amélie Poulain", "Mon Amélie"], "{typed}");
    }
    assert_eq!(found(&fixture, "angstrom").await, ["Ångström"]);
    assert_eq!(found(&fixture, "éloge").await, ["ÉLOGE de l'amour"]);
}

#[tokio::test]
async fn every_word_begins_a_word_in_any_order() {
    let (fixture, _) = with_titles(&["The Lord of the Rings", "The Land Before Time"]).await;
    assert_eq!(found(&fixture, "lo ri").await, ["The Lord of the Rings"]);
    assert_eq!(found(&fixture, "rings lord").await, ["The Lord of the Rings"]);
    assert_eq!(found(&fixture, "the l").await.len(), 2);
    assert!(found(&fixture, "ord").await.is_empty());
    assert!(found(&fixture, "lord time").await.is_empty());
}

#[tokio::test]
async fn punctuation_is_typed_or_left_out() {
    let titles = ["Spider-Man", "WALL·E", "Don't Look Up", "Ocean's Eleven", "Mission: Impossible"];
    let (fixture, _) = with_titles(&titles).await;
    for (typed, title) in [
        ("spider-man", "Spider-Man"),
        ("spider man", "Spider-Man"),
        ("spi", "Spider-Man"),
        ("wall·e", "WALL·E"),
        ("don't", "Don't Look Up"),
        ("ocean's 'eleven'", "Ocean's Eleven"),
        ("mission: imp", "Mission: Impossible"),
    ] {
        assert_eq!(found(&fixture, typed).await, [title], "{typed}");
    }
}

#[tokio::test]
async fn odd_input_finds_nothing_and_fails_never() {
    let (fixture, _) = with_titles(&["Alien", "OR", "Near Dark", "東京物語", "Война и мир"]).await;
    for typed in
        ["", "   ", "\"", "*", "\"*\"", "()", "^", "-", "''", "{title}:", "\0", "\u{301}", "\u{202e}"]
    {
        assert!(found(&fixture, typed).await.is_empty(), "{typed:?}");
    }
    for typed in ["alien*", "\"alien\"", "(alien", "alien AND", "title:alien", "ali\0", "NEAR(alien dark)"] {
        fixture.db.items().search(typed, 9).await.unwrap();
    }
    assert_eq!(found(&fixture, "\"alien\"").await, ["Alien"]);
    assert_eq!(found(&fixture, "alien *").await, ["Alien"]);
    assert_eq!(found(&fixture, "or").await, ["OR"]);
    assert_eq!(found(&fixture, "near").await, ["Near Dark"]);
    assert_eq!(found(&fixture, "東京").await, ["東京物語"]);
    assert_eq!(found(&fixture, "война").await, ["Война и мир"]);
    assert!(found(&fixture, &"word ".repeat(5_000)).await.is_empty());
    assert!(found(&fixture, &"x".repeat(100_000)).await.is_empty());
}

#[tokio::test]
async fn original_and_series_titles_are_found_as_well_but_not_seasons() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Plex).await;
    let mut records = whole_series("Severance", 1, &[1]);
    let mut foreign = film("f", "Spirited Away");
    foreign.original_title = Some("Sen to Chihiro no Kamikakushi".to_owned());
    records.push(foreign);
    fixture.list(place, &records).await;
    assert_eq!(found(&fixture, "chihiro").await, ["Spirited Away"]);
    assert_eq!(found(&fixture, "severance").await, ["Severance", "Episode 1"]);
    assert!(found(&fixture, "season").await.is_empty());
}

#[tokio::test]
async fn two_letters_in_the_middle_of_a_title_without_spaces_are_found() {
    let titles = ["東京物語", "君の名は。", "ガンダム", "기생충", "Tokyo 東京 Story", "京都"];
    let (fixture, place) = with_titles(&titles).await;
    for (typed, expected) in [
        ("京物", vec!["東京物語"]),
        ("物語", vec!["東京物語"]),
        ("の名", vec!["君の名は。"]),
        ("ンダ", vec!["ガンダム"]),
        ("生충", vec![]),
        ("생충", vec!["기생충"]),
        ("語", vec!["東京物語"]),
        ("京物語", vec!["東京物語"]),
        ("京語", vec![]),
    ] {
        assert_eq!(found(&fixture, typed).await, expected, "{typed}");
    }
    assert_eq!(found(&fixture, "東京").await, ["東京物語", "Tokyo 東京 Story"]);
    assert_eq!(found(&fixture, "tokyo東京").await, ["Tokyo 東京 Story"]);
    let mut foreign = film("f0", "Tokyo Story");
    foreign.original_title = Some("東京物語".to_owned());
    fixture.list(place, &[foreign]).await;
    assert_eq!(
        found(&fixture, "京物").await,
        ["Tokyo Story"],
        "by its original title, and no longer by the old one"
    );
}

#[tokio::test]
async fn what_is_renamed_or_gone_is_found_so() {
    let (fixture, place) = with_titles(&["Metropolis", "Nosferatu"]).await;
    fixture.list(place, &[film("f0", "Metropolis Restored"), film("f1", "Nosferatu")]).await;
    assert_eq!(found(&fixture, "restored").await, ["Metropolis Restored"]);
    fixture.list(place, &[film("f0", "Gone"), film("f1", "Nosferatu")]).await;
    assert!(found(&fixture, "metropolis").await.is_empty());
    assert!(found(&fixture, "m").await.is_empty());
    fixture.db.sources().remove(place.source).await.unwrap();
    assert!(found(&fixture, "nos").await.is_empty());
    assert_eq!(fixture.number("SELECT count(*) FROM items_fts").await, 0);
}

#[tokio::test]
async fn no_kind_takes_the_place_of_another() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Plex).await;
    let mut records = whole_series("Lantern", 1, &[300]);
    records.extend((0..300).map(|number| film(&format!("f{number}"), &format!("Lantern {number:03}"))));
    records.push(film("other", "The Last Lantern"));
    fixture.list(place, &records).await;
    let items = fixture.db.items().search_kinds("lan", &crate::db::SEARCHED, 5).await.unwrap();
    let of = |kind| items.iter().filter(|item| item.record.kind == kind).count();
    assert_eq!([of(ItemKind::Movie), of(ItemKind::Series), of(ItemKind::Episode)], [5, 1, 5]);
    let all = fixture.db.items().search_kinds("lan", &[ItemKind::Movie], 1000).await.unwrap();
    assert_eq!(all.len(), 301);
    assert_eq!(all[300].record.title, "The Last Lantern");
}

#[tokio::test]
async fn what_belongs_to_a_source_that_is_off_is_not_found() {
    let (fixture, place) = with_titles(&["Alien", "The Alien"]).await;
    fixture.db.sources().set_enabled(place.source, false).await.unwrap();
    assert!(found(&fixture, "alien").await.is_empty());
    fixture.db.sources().set_enabled(place.source, true).await.unwrap();
    assert_eq!(found(&fixture, "alien").await.len(), 2);
}

fn credit(name: &str) -> Credit {
    let image = Some(ImageKey::new(format!("/people/{name}")));
    Credit { name: name.to_owned(), role: CreditRole::Actor, character: None, image, person: None }
}

async fn cast(fixture: &Fixture, place: Place, remote: &str, names: &[&str]) {
    let credits: Vec<Credit> = names.iter().map(|name| credit(name)).collect();
    let item = fixture.id(place, remote).await;
    fixture.db.people().put_credits(place.source, item, &credits).await.unwrap();
}

async fn people(fixture: &Fixture, text: &str) -> Vec<(String, u32)> {
    let found = fixture.db.people().search(text, 9).await.unwrap();
    found.into_iter().map(|person| (person.name, person.titles)).collect()
}

fn named(name: &str, titles: u32) -> (String, u32) {
    (name.to_owned(), titles)
}

#[tokio::test]
async fn people_are_found_with_their_titles() {
    let (fixture, place) = with_titles(&["One", "Two", "Three"]).await;
    cast(&fixture, place, "f0", &["Ada Mir", "Zoë Adams"]).await;
    cast(&fixture, place, "f1", &["Ada Mir", "Ada Mir"]).await;
    cast(&fixture, place, "f2", &["三船敏郎"]).await;
    assert_eq!(people(&fixture, "ada").await, [named("Ada Mir", 2), named("Zoë Adams", 1)]);
    let found = fixture.db.people().search("ada mir", 9).await.unwrap();
    assert_eq!(found[0].portrait, Some((place.source, ImageKey::new("/people/Ada Mir"))));
    assert_eq!(people(&fixture, "ZOE").await, [named("Zoë Adams", 1)]);
    assert_eq!(people(&fixture, "船敏").await, [named("三船敏郎", 1)]);
    assert!(people(&fixture, "da").await.is_empty() && people(&fixture, " *").await.is_empty());
    // Another cast: who has no part in anything is not found.
    cast(&fixture, place, "f0", &[]).await;
    assert_eq!(people(&fixture, "ada").await, [named("Ada Mir", 1)]);
    fixture.db.sources().set_enabled(place.source, false).await.unwrap();
    assert!(people(&fixture, "ada").await.is_empty());
    fixture.db.sources().remove(place.source).await.unwrap();
    assert_eq!(fixture.number("SELECT count(*) FROM people_fts").await, 0);
}

#[tokio::test]
async fn a_person_of_two_sources_is_one_and_a_title_of_both_counts_once() {
    let (fixture, place) = with_titles(&["Lantern", "Harbour"]).await;
    let other = fixture.place(SourceKind::Plex).await;
    fixture.list(other, &[film("x", "Lantern"), film("y", "Meadow")]).await;
    for (place, remote) in [(place, "f0"), (place, "f1"), (other, "x"), (other, "y")] {
        cast(&fixture, place, remote, &["Ada Mir"]).await;
    }
    cast(&fixture, other, "x", &["ada  mir"]).await;
    fixture.db.sources().set_enabled(place.source, false).await.unwrap();
    assert_eq!(people(&fixture, "ada").await, [named("Ada Mir", 2)]);
    fixture.db.sources().set_enabled(place.source, true).await.unwrap();
    let years = "UPDATE items SET year = 1990";
    fixture.db.write(years, []).await.unwrap();
    assert_eq!(people(&fixture, "ada").await, [named("Ada Mir", 3)]);
}

#[tokio::test]
async fn names_rank_like_titles_and_counting_ends_somewhere() {
    let titles: Vec<String> = (0..120).map(|number| format!("Film {number}")).collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let (fixture, place) = with_titles(&titles).await;
    for number in 0..120 {
        let names: &[&str] =
            if number < 2 { &["Jo", "Jo Ruiz", "Ana Jo", "Joan"] } else { &["Ana Jo", "Joan"] };
        cast(&fixture, place, &format!("f{number}"), names).await;
    }
    let most = crate::db::MOST_COUNTED;
    let expected = [named("Jo", 2), named("Joan", most), named("Jo Ruiz", 2), named("Ana Jo", most)];
    assert_eq!(people(&fixture, "jo").await, expected);
    let two = fixture.db.people().search("jo", 2).await.unwrap();
    assert_eq!(two.iter().map(|person| person.name.as_str()).collect::<Vec<_>>(), ["Jo", "Joan"]);
}

#[tokio::test]
async fn artists_and_albums_are_found_as_titles_are() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Jellyfin).await;
    let of = |remote: &str, kind, title: &str| ItemRecord::new(RemoteId::new(remote), kind, title);
    let records = [
        of("a", ItemKind::Artist, "Sigur Rós"),
        of("b", ItemKind::Album, "Ágætis byrjun"),
        of("c", ItemKind::Track, "Svefn-g-englar"),
        of("d", ItemKind::Album, "東京事変"),
    ];
    fixture.list(place, &records).await;
    for (typed, title) in [("sigur ros", "Sigur Rós"), ("byr", "Ágætis byrjun"), ("京事", "東京事変")]
    {
        assert_eq!(found(&fixture, typed).await, [title], "{typed}");
    }
    assert!(found(&fixture, "svefn").await.is_empty());
}
