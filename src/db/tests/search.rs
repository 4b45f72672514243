//! Search.

use super::*;

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
