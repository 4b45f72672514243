//! The short facts of a title, and the words on its buttons. Pure.

use gettextrs::gettext;

use crate::models::{CreditRole, Item, ItemKind, MediaDetails, StreamKind};
use crate::ui::text;

/// Names of people in one line.
const MOST_NAMES: usize = 12;

/// Year, length, age rating, rating and picture size, as far as they are known.
pub(super) fn chips(item: &Item, details: Option<&MediaDetails>) -> Vec<String> {
    let record = &item.record;
    let mut chips = Vec::new();
    if item.record.kind == ItemKind::Episode
        && let Some(number) = text::episode_number(item)
    {
        chips.push(number);
    }
    chips.extend(record.year.map(|year| year.to_string()));
    chips.extend(record.duration.map(text::length));
    chips.extend(record.age_rating.clone());
    chips.extend(record.rating.map(|rating| format!("★ {rating:.1}")));
    chips.extend(details.and_then(picture));
    chips
}

/// `4K`, `1080p`, … of the best version.
fn picture(details: &MediaDetails) -> Option<String> {
    let streams = &details.versions.first()?.streams;
    let video = streams.iter().find(|stream| stream.kind == StreamKind::Video)?;
    let (width, height) = (video.width?, video.height?);
    Some(match (width, height) {
        (3000.., _) => "4K".to_owned(),
        (1800.., _) | (_, 1000..) => "1080p".to_owned(),
        (1200.., _) | (_, 700..) => "720p".to_owned(),
        _ => format!("{height}p"),
    })
}

/// The words on the main button: what it will play.
pub(super) fn play_label(item: &Item, next: Option<&Item>) -> String {
    let next = next.unwrap_or(item);
    let resumes = !next.record.watch.position.is_zero();
    let number = (item.id != next.id).then(|| text::episode_number(next)).flatten();
    match (resumes, number) {
        (true, Some(number)) => gettext("Resume {episode}").replace("{episode}", &number),
        (true, None) => gettext("Resume"),
        (false, Some(number)) => gettext("Play {episode}").replace("{episode}", &number),
        (false, None) => gettext("Play"),
    }
}

/// Lines of people by what they did.
pub(super) fn people(details: &MediaDetails) -> Vec<(String, String)> {
    let names = |role: CreditRole| {
        let names: Vec<&str> = details
            .credits
            .iter()
            .filter(|credit| credit.role == role)
            .map(|credit| credit.name.as_str())
            .take(MOST_NAMES)
            .collect();
        names.join(", ")
    };
    [
        (gettext("Cast"), names(CreditRole::Actor)),
        (gettext("Director"), names(CreditRole::Director)),
        (gettext("Writer"), names(CreditRole::Writer)),
        (gettext("Studio"), details.studios.join(", ")),
    ]
    .into_iter()
    .filter(|(_, names)| !names.is_empty())
    .collect()
}

/// Lines about the files: one a version.
pub(super) fn versions(details: &MediaDetails) -> Vec<String> {
    details
        .versions
        .iter()
        .map(|version| {
            let mut parts: Vec<String> = version.name.iter().chain(&version.container).cloned().collect();
            for stream in &version.streams {
                let words = [stream.codec.clone(), stream.language.clone()];
                let words: Vec<String> = words.into_iter().flatten().collect();
                if !words.is_empty() {
                    parts.push(words.join(" "));
                }
            }
            parts.join(" · ")
        })
        .filter(|line| !line.is_empty())
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::models::{ItemRecord, LibraryId, MediaId, RemoteId, SourceId};

    fn item(id: i64, kind: ItemKind) -> Item {
        Item {
            id: MediaId(id),
            source_id: SourceId::random(),
            library_id: LibraryId(1),
            parent_id: None,
            series_id: None,
            record: ItemRecord::new(RemoteId::new("x"), kind, "X"),
        }
    }

    #[test]
    fn the_button_says_what_it_plays() {
        let mut film = item(1, ItemKind::Movie);
        assert_eq!(play_label(&film, Some(&film)), "Play");
        film.record.watch.position = Duration::from_mins(5);
        assert_eq!(play_label(&film, Some(&film)), "Resume");
        let series = item(2, ItemKind::Series);
        let mut episode = item(3, ItemKind::Episode);
        episode.record.season = Some(2);
        episode.record.episode = Some(4);
        assert_eq!(play_label(&series, Some(&episode)), "Play S2 E4");
        assert_eq!(play_label(&series, None), "Play");
    }

    #[test]
    fn unknown_facts_are_left_out() {
        let mut film = item(1, ItemKind::Movie);
        assert!(chips(&film, None).is_empty());
        film.record.year = Some(2019);
        film.record.rating = Some(7.44);
        assert_eq!(chips(&film, None), ["2019", "★ 7.4"]);
    }
}
