//! Descriptions, good and bad.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::fs;

use proptest::prelude::*;

use super::*;
use crate::models::CreditRole;

const MOVIE: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<movie>
  <title>Alien &amp; Co</title><originaltitle>Alien</originaltitle><sorttitle>Alien 1</sorttitle>
  <ratings>
    <rating name="metacritic" max="100"><value>89</value></rating>
    <rating name="themoviedb" max="10"><value>8.1</value></rating>
    <rating name="imdb" max="10" default="true"><value>8.5</value><votes>900000</votes></rating>
  </ratings>
  <year>1979</year><premiered>1979-05-25</premiered>
  <outline>Short.</outline><plot><![CDATA[In <space> no one…]]></plot><tagline>Scream</tagline>
  <runtime>117</runtime><genre>Horror</genre><genre>Sci-Fi / Horror</genre><mpaa>R</mpaa>
  <uniqueid type="imdb" default="true">tt0078748</uniqueid><uniqueid type="tmdb">348</uniqueid>
  <uniqueid type="tvdb">x</uniqueid>
  <director>Ridley Scott</director><credits>Dan O'Bannon</credits><studio>Brandywine</studio>
  <actor><name>Sigourney Weaver</name><role>Ripley</role><thumb>http://x/y.jpg</thumb></actor>
  <actor><role>Nobody</role></actor>
  <fileinfo><streamdetails><video><durationinseconds>7020</durationinseconds></video></streamdetails></fileinfo>
  <unknown><title>Not this</title></unknown>
</movie>
https://www.themoviedb.org/movie/348
"#;

#[test]
fn a_film_is_read() {
    let nfo = parse(MOVIE);
    assert_eq!(nfo.len(), 1);
    let nfo = &nfo[0];
    assert_eq!(nfo.kind, NfoKind::Movie);
    assert_eq!(nfo.title.as_deref(), Some("Alien & Co"));
    assert_eq!(nfo.sort_title.as_deref(), Some("Alien 1"));
    assert_eq!(nfo.year, Some(1979));
    assert_eq!(nfo.released, NaiveDate::from_ymd_opt(1979, 5, 25));
    assert_eq!(nfo.plot.as_deref(), Some("In <space> no one…"));
    assert_eq!(nfo.runtime, Some(Duration::from_mins(117)));
    assert_eq!(nfo.genres, ["Horror", "Sci-Fi"]);
    assert_eq!(nfo.rating, Some(8.5));
    assert_eq!(nfo.critic_rating, Some(8.9));
    assert_eq!(nfo.ids.imdb.as_deref(), Some("tt0078748"));
    assert_eq!(nfo.ids.tmdb.as_deref(), Some("348"));
    assert_eq!(nfo.ids.tvdb, None);
    let people: Vec<_> = nfo.credits.iter().map(|credit| (credit.name.as_str(), credit.role)).collect();
    assert_eq!(
        people,
        [
            ("Ridley Scott", CreditRole::Director),
            ("Dan O'Bannon", CreditRole::Writer),
            ("Sigourney Weaver", CreditRole::Actor)
        ]
    );
    assert_eq!(nfo.credits[2].character.as_deref(), Some("Ripley"));
}

#[test]
fn a_file_may_describe_several_episodes() {
    let nfo = parse(
        "<episodedetails><title>One</title><season>1</season><episode>1</episode></episodedetails>
         <episodedetails><title>Two</title><episode>2</episode><aired>2024-05-01</aired></episodedetails>",
    );
    let titles: Vec<_> = nfo.iter().map(|nfo| nfo.title.as_deref()).collect();
    assert_eq!(titles, [Some("One"), Some("Two")]);
    assert_eq!((nfo[0].season, nfo[1].episode, nfo[1].year), (Some(1), Some(2), Some(2024)));
}

#[test]
fn small_mistakes_are_forgiven() {
    let nfo =
        parse("<movie><title>Tom & Jerry&nbsp;&#33;</title><year>n/a</year><rating>0</rating><plot>Cat");
    assert_eq!(nfo[0].title.as_deref(), Some("Tom & Jerry&nbsp;!"));
    assert_eq!((nfo[0].year, nfo[0].rating), (None, None));
    assert_eq!(parse("<movie><rating max='5'>4,5</rating></movie>")[0].rating, Some(9.0));
}

#[test]
fn other_files_describe_nothing() {
    for text in [
        "",
        "no xml",
        "░▒▓ RELEASE <<< ▓▒░",
        "<html><title>x</title></html>",
        "<<<>>>",
        "https://imdb.com/title/tt1",
    ] {
        assert_eq!(parse(text), [], "{text}");
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.nfo");
    for content in [
        b"\xff\xfe<\0m\0o\0v\0i\0e\0>\0".to_vec(),
        b"<movie><title>\xe9</title></movie>".to_vec(),
        vec![b' '; 1024 * 1024 + 1],
    ] {
        fs::write(&file, content).unwrap();
        assert_eq!(read(&file, NfoKind::Movie), []);
    }
    assert_eq!(read(&folder.path().join("none.nfo"), NfoKind::Movie), []);
    fs::write(&file, "\u{feff}<movie><title>x</title></movie>").unwrap();
    assert_eq!(read(&file, NfoKind::Movie).len(), 1);
    assert_eq!(read(&file, NfoKind::Episode), []);
}

proptest! {
    #[test]
    fn no_text_makes_it_fail(text in "\\PC*") {
        parse(&text);
    }

    #[test]
    fn no_broken_description_makes_it_fail(cut in 0..MOVIE.len(), byte in any::<u8>()) {
        let mut bytes = MOVIE.as_bytes().to_vec();
        bytes[cut] = byte;
        parse(&String::from_utf8_lossy(&bytes));
        parse(&String::from_utf8_lossy(&MOVIE.as_bytes()[..cut]));
    }
}

#[test]
fn a_set_is_a_name_or_an_element_with_one() {
    let set = |inner: &str| parse(&format!("<movie><title>A</title>{inner}</movie>"))[0].set.clone();
    let named = |overview: Option<&str>| {
        Some(super::NfoSet { name: "Harbour".to_owned(), overview: overview.map(str::to_owned) })
    };
    assert_eq!(set("<set>Harbour</set>"), named(None));
    assert_eq!(set("<set><name>Harbour</name><overview>Ships.</overview></set>"), named(Some("Ships.")));
    assert_eq!(set("<set><overview>Ships.</overview></set>"), None);
    assert_eq!(set("<set></set>"), None);
}
