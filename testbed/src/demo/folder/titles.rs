//! What the folder holds.

use crate::media::Container;

/// A film of the folder.
pub(super) struct FolderFilm {
    pub(super) title: &'static str,
    pub(super) year: u32,
    pub(super) minutes: u32,
    pub(super) genres: &'static [&'static str],
    pub(super) director: &'static str,
    /// Actors with their parts.
    pub(super) cast: &'static [(&'static str, &'static str)],
    pub(super) summary: &'static str,
    /// Ids at the Internet Movie Database and The Movie Database.
    pub(super) ids: Option<(&'static str, u32)>,
    pub(super) container: Container,
    pub(super) beside: Beside,
    /// The set that its `.nfo` names.
    pub(super) set: Option<&'static str>,
}

/// What lies beside a film.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beside {
    /// Pictures and an `.nfo`.
    Everything,
    /// As [`Everything`](Self::Everything), and English subtitles.
    Subtitles,
    /// Pictures alone: what is known of the film is in its name.
    Pictures,
    /// Nothing at all.
    Nothing,
}

pub(super) const FILMS: [FolderFilm; 6] = [
    FolderFilm {
        title: "Winter Orchard",
        year: 2017,
        minutes: 109,
        genres: &["Drama"],
        director: "Mihai Stanescu",
        cast: &[("Ada Mir", "Vera"), ("Tomas Wehr", "Lukas"), ("Clara Benedek", "Anna")],
        summary: "Three siblings return to the orchard that their mother left to a stranger, for one last harvest under snow.",
        ids: Some(("tt9001518", 900_341)),
        container: Container::Matroska,
        beside: Beside::Everything,
        set: None,
    },
    FolderFilm {
        title: "The Tide Table",
        year: 2020,
        minutes: 104,
        genres: &["Drama", "Mystery"],
        director: "Jo Ruiz",
        cast: &[("Ada Mir", "The clerk"), ("Piet Voss", "The harbour master")],
        summary: "A harbour clerk finds that the printed tides have been wrong on the same night each year, and stays up for it.",
        ids: Some(("tt9200001", 920_001)),
        container: Container::Mp4,
        beside: Beside::Subtitles,
        set: Some("By the Sea"),
    },
    FolderFilm {
        title: "Kite Weather",
        year: 2023,
        minutes: 92,
        genres: &["Family", "Adventure"],
        director: "Yuki Amano",
        cast: &[("Mei Tachibana", "Nao")],
        summary: "Two cousins build a kite large enough for one of them, and have until the autumn storms to agree which.",
        ids: Some(("tt9200002", 920_002)),
        container: Container::Matroska,
        beside: Beside::Everything,
        set: None,
    },
    FolderFilm {
        title: "The Long Platform",
        year: 2011,
        minutes: 117,
        genres: &["Thriller"],
        director: "Viktor Lund",
        cast: &[],
        summary: "Snow closes the line with eleven passengers at a station that is on no timetable.",
        ids: None,
        container: Container::Matroska,
        beside: Beside::Everything,
        set: None,
    },
    FolderFilm {
        title: "Tin & Tinsel",
        year: 2008,
        minutes: 98,
        genres: &["Comedy", "Romance"],
        director: "Dana Kessler",
        cast: &[],
        summary: "A scrap dealer and a window dresser bid for the same broken carousel.",
        ids: None,
        container: Container::Mp4,
        beside: Beside::Pictures,
        set: None,
    },
    FolderFilm {
        title: "Old Film Found in a Drawer",
        year: 1964,
        minutes: 88,
        genres: &[],
        director: "",
        cast: &[],
        summary: "",
        ids: None,
        container: Container::Matroska,
        beside: Beside::Nothing,
        set: None,
    },
];

pub(super) const SERIES_TITLE: &str = "The Ferry Bureau";
pub(super) const SERIES_YEAR: u32 = 2021;
pub(super) const SERIES_MINUTES: u32 = 44;
pub(super) const SERIES_GENRES: &[&str] = &["Comedy", "Drama"];
pub(super) const SERIES_SUMMARY: &str =
    "Four clerks keep the timetable of a ferry that has not run since the bridge was built.";

/// Episodes of the only season: title, summary, and whether there is an `.nfo`.
pub(super) const EPISODES: [(&str, &str, bool); 3] = [
    ("Departures", "A passenger turns up with a valid ticket.", true),
    ("The Other Shore", "Somebody has to explain the bridge to the ministry.", true),
    ("Ballast", "The bureau inherits a boat.", false),
];
