//! `.nfo` files, in the XML that media centres agree on.

use super::titles::{FolderFilm, SERIES_GENRES, SERIES_MINUTES, SERIES_SUMMARY, SERIES_TITLE, SERIES_YEAR};
use std::fmt::Write as _;

/// Of a film.
pub(super) fn film(film: &FolderFilm) -> String {
    let mut inner = String::new();
    element(&mut inner, "title", film.title);
    element(&mut inner, "year", &film.year.to_string());
    element(&mut inner, "plot", film.summary);
    element(&mut inner, "runtime", &film.minutes.to_string());
    for genre in film.genres {
        element(&mut inner, "genre", genre);
    }
    element(&mut inner, "director", film.director);
    for (name, part) in film.cast {
        let _ = writeln!(inner, "  <actor><name>{name}</name><role>{part}</role></actor>");
    }
    if let Some((imdb, tmdb)) = film.ids {
        let _ = writeln!(inner, "  <uniqueid type=\"imdb\" default=\"true\">{imdb}</uniqueid>");
        let _ = writeln!(inner, "  <uniqueid type=\"tmdb\">{tmdb}</uniqueid>");
    }
    if let Some(set) = film.set {
        inner.push_str("  <set>\n");
        element(&mut inner, "name", set);
        inner.push_str("  </set>\n");
    }
    document("movie", &inner)
}

/// Of the series.
pub(super) fn series() -> String {
    let mut inner = String::new();
    element(&mut inner, "title", SERIES_TITLE);
    element(&mut inner, "year", &SERIES_YEAR.to_string());
    element(&mut inner, "plot", SERIES_SUMMARY);
    element(&mut inner, "runtime", &SERIES_MINUTES.to_string());
    for genre in SERIES_GENRES {
        element(&mut inner, "genre", genre);
    }
    document("tvshow", &inner)
}

/// Of an episode of its first season.
pub(super) fn episode(number: usize, title: &str, summary: &str) -> String {
    let mut inner = String::new();
    element(&mut inner, "title", title);
    element(&mut inner, "showtitle", SERIES_TITLE);
    element(&mut inner, "season", "1");
    element(&mut inner, "episode", &number.to_string());
    element(&mut inner, "plot", summary);
    element(&mut inner, "runtime", &SERIES_MINUTES.to_string());
    element(&mut inner, "aired", &format!("{SERIES_YEAR}-03-{:02}", number * 7));
    document("episodedetails", &inner)
}

fn document(root: &str, inner: &str) -> String {
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<{root}>\n{inner}</{root}>\n")
}

fn element(into: &mut String, name: &str, text: &str) {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let _ = writeln!(into, "  <{name}>{text}</{name}>");
}
