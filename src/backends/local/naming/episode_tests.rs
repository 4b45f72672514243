//! Tables of episode names.
#![allow(clippy::panic, reason = "tests")]

use super::*;

type Row = (&'static str, Option<&'static str>, Option<u32>, u32, Option<u32>, Option<&'static str>);

fn check(context: Context, rows: &[Row]) {
    for (name, series, season, first, last, title) in rows {
        let Some(parsed) = parse(name, context) else { panic!("{name} is no episode") };
        assert_eq!(parsed.numbering, Numbering::Number(*first, *last), "{name}");
        assert_eq!(parsed.season, *season, "{name}");
        assert_eq!(parsed.series.as_deref(), *series, "{name}");
        assert_eq!(parsed.title.as_deref(), *title, "{name}");
    }
}

#[test]
fn clear_names() {
    let show = Some("Some Show");
    check(
        Context::Anywhere,
        &[
            ("S01E02", None, Some(1), 2, None, None),
            ("Some Show S01E02", show, Some(1), 2, None, None),
            ("Some Show - S01E02 - The Title", show, Some(1), 2, None, Some("The Title")),
            ("Some.Show.S01E02.The.Title.1080p.WEB-DL.x264-GRP", show, Some(1), 2, None, Some("The Title")),
            ("Some.Show.S01E02.WEB.x264", show, Some(1), 2, None, None),
            ("Some.Show.S01E02.1080p", show, Some(1), 2, None, None),
            ("some show s1e2", Some("some show"), Some(1), 2, None, None),
            ("Some Show S01 E02", show, Some(1), 2, None, None),
            ("Some Show S01.Ep02", show, Some(1), 2, None, None),
            ("Some Show 1x02", show, Some(1), 2, None, None),
            ("1x02 - The Title", None, Some(1), 2, None, Some("The Title")),
            ("Some Show S00E01", show, Some(0), 1, None, None),
            ("Some Show S01E01-E02", show, Some(1), 1, Some(2), None),
            ("Some Show S01E01E02", show, Some(1), 1, Some(2), None),
            ("Some Show S01E01-E02-E03 - Long One", show, Some(1), 1, Some(3), Some("Long One")),
            ("Some Show S01E01-03", show, Some(1), 1, Some(3), None),
            ("Some Show 1x01x02", show, Some(1), 1, Some(2), None),
            ("Some.Show.S01E01-1080p", show, Some(1), 1, None, None),
            ("Some Show S01E05-04", show, Some(1), 5, None, Some("04")),
            ("Some Show Season 1 Episode 2", show, Some(1), 2, None, None),
            ("Some.Show.S2024E101", show, Some(2024), 101, None, None),
            ("[Group] Some Show S01E02 [1080p]", show, Some(1), 2, None, None),
        ],
    );
}

#[test]
fn a_year_belongs_to_the_series() {
    let parsed = parse("Some Show (2005) - S01E02", Context::Anywhere);
    let parsed = parsed.map(|name| (name.series, name.year));
    assert_eq!(parsed, Some((Some("Some Show".to_owned()), Some(2005))));
}

#[test]
fn films_and_clips_are_no_episodes() {
    for name in [
        "Alien (1979)",
        "2001.A.Space.Odyssey.1968",
        "Clip 1920x1080",
        "x264",
        "S1mone (2002)",
        "Apollo 13",
        "2024-05-01 Birthday",
        "IMG_0001",
        "Se7en",
        "",
        "S",
        "16x9",
    ] {
        assert_eq!(parse(name, Context::Anywhere), None, "{name}");
    }
}

#[test]
fn numbers_count_in_the_folder_of_a_series() {
    let show = Some("Some Show");
    check(
        Context::InShow,
        &[
            ("02", None, None, 2, None, None),
            ("02 - The Title", None, None, 2, None, Some("The Title")),
            ("02. The Title", None, None, 2, None, Some("The Title")),
            ("Some Show - 012", show, None, 12, None, None),
            ("[Group] Some Show - 12 [1080p]", show, None, 12, None, None),
            ("Some Show - 12v2", show, None, 12, None, None),
            ("Some Show 12", show, None, 12, None, None),
            ("Episode 2", None, None, 2, None, None),
            ("Some Show Ep02 - The Title", show, None, 2, None, Some("The Title")),
            ("E05", None, None, 5, None, None),
        ],
    );
    for name in ["The Title", "Some Show 1999", ""] {
        assert_eq!(parse(name, Context::InShow), None, "{name}");
    }
}

#[test]
fn dates_count_in_the_folder_of_a_series() {
    let day = NaiveDate::from_ymd_opt(2024, 5, 1);
    for name in ["Daily Show 2024-05-01", "Daily.Show.2024.05.01.Some.Guest.1080p", "2024_05_01"] {
        let parsed = parse(name, Context::InShow).map(|parsed| parsed.numbering);
        assert_eq!(parsed, day.map(Numbering::Date), "{name}");
    }
    let guest = parse("Daily.Show.2024.05.01.Some.Guest.1080p", Context::InShow);
    let guest = guest.and_then(|parsed| parsed.title);
    assert_eq!(guest.as_deref(), Some("Some Guest"));
}
