//! What is said of a person. Pure.

use chrono::NaiveDate;
use gettextrs::gettext;

use crate::models::PersonAbout;
use crate::services::core::people::{PersonOverview, PersonTitle};
use crate::ui::pages::details::role_word;
use crate::ui::text;

/// Birth and death: `Born 4 March 1971 in Porto`.
pub(super) fn life(about: &PersonAbout) -> Vec<String> {
    let day = |day: NaiveDate| text::date(day);
    let born = match (about.born, &about.birthplace) {
        (Some(born), Some(place)) => {
            Some(gettext("Born {date} in {place}").replace("{date}", &day(born)).replace("{place}", place))
        }
        (Some(born), None) => Some(gettext("Born {date}").replace("{date}", &day(born))),
        (None, Some(place)) => Some(gettext("Born in {place}").replace("{place}", place)),
        (None, None) => None,
    };
    let died = about.died.map(|died| gettext("Died {date}").replace("{date}", &day(died)));
    born.into_iter().chain(died).collect()
}

/// What the person did in a title: the part, or the work.
pub(super) fn part(title: &PersonTitle) -> String {
    let mut words: Vec<String> = Vec::new();
    if let Some(character) = &title.character {
        // Translators: below a film, the part that an actor plays in it
        words.push(gettext("as {character}").replace("{character}", character));
    }
    let is_told = |word: &String| !word.is_empty();
    let roles = title.roles.iter().filter(|role| {
        **role != crate::models::CreditRole::Actor || title.character.is_none() && title.roles.len() > 1
    });
    words.extend(roles.map(|role| role_word(*role)).filter(is_told));
    words.join(", ")
}

/// Whether there is nothing to show but the person.
pub(super) fn has_no_titles(overview: &PersonOverview) -> bool {
    overview.films.is_empty() && overview.series.is_empty() && overview.episodes.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_life_is_told_as_far_as_it_is_known() {
        let mut about = PersonAbout::default();
        assert!(life(&about).is_empty());
        about.birthplace = Some("Porto".to_owned());
        assert_eq!(life(&about), ["Born in Porto"]);
        about.born = NaiveDate::from_ymd_opt(1971, 3, 4);
        about.died = NaiveDate::from_ymd_opt(2020, 1, 2);
        let lines = life(&about);
        assert!(lines[0].starts_with("Born ") && lines[0].ends_with(" in Porto"), "{lines:?}");
        assert_eq!(lines.len(), 2);
    }
}
