//! The short facts of a title, and the words on its buttons. Pure.

use std::time::Duration;

use gettextrs::gettext;

use crate::models::{Credit, CreditRole, ExtraKind, ImageKey, Item, ItemKind, SourceId};
use crate::ui::text;

/// People in the row of the cast: more than anybody looks through.
const MOST_PEOPLE: usize = 40;

/// A fact: what is shown, and what a screen reader says where that is more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fact {
    pub(super) shown: String,
    pub(super) said: Option<String>,
}

impl Fact {
    fn plain(shown: String) -> Self {
        Self { shown, said: None }
    }
}

/// Number, year or date, length, age rating and ratings, as far as they are known.
pub(super) fn facts(item: &Item) -> Vec<Fact> {
    let record = &item.record;
    let mut facts = Vec::new();
    if record.kind == ItemKind::Episode {
        facts.extend(text::episode_number(item).map(Fact::plain));
        let day = record.release_date.map(text::date);
        facts.extend(day.or_else(|| record.year.map(|year| year.to_string())).map(Fact::plain));
    } else {
        facts.extend(record.year.map(|year| Fact::plain(year.to_string())));
    }
    facts.extend(record.duration.map(|length| Fact::plain(text::length(length))));
    facts.extend(record.age_rating.clone().map(Fact::plain));
    facts.extend(record.rating.map(|rating| Fact {
        shown: format!("★ {rating:.1}"),
        said: Some(gettext("Rated {rating} of 10").replace("{rating}", &format!("{rating:.1}"))),
    }));
    facts.extend(record.critic_rating.map(|rating| {
        let percent = format!("{:.0}", rating * 10.0);
        Fact {
            // Translators: how many of a hundred critics liked a film
            shown: gettext("Critics {percent} %").replace("{percent}", &percent),
            said: None,
        }
    }));
    facts
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

/// How long what **Play** plays goes on from where it was left.
pub(super) fn remaining(next: &Item) -> Option<Duration> {
    let duration = next.record.duration.filter(|duration| !duration.is_zero())?;
    Some(duration.saturating_sub(next.record.watch.position))
}

/// Time left, and when it would end: `24 min left · Ends at 22:41`.
pub(super) fn time_line(next: &Item, ends_at: Option<&str>) -> String {
    let ends = ends_at.map(|time| gettext("Ends at {time}").replace("{time}", time));
    text::time_left(next).into_iter().chain(ends).collect::<Vec<_>>().join(" · ")
}

/// Somebody in the row of the cast.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Participant {
    pub(super) name: String,
    /// The portrait, and whose it is.
    pub(super) portrait: Option<(SourceId, ImageKey)>,
    /// The part, or what was done.
    pub(super) part: String,
}

/// Who is in it and who made it, as a source tells it: the cast in its order, then the crew; each person once.
pub(super) fn participants(credits: &[Credit], source: SourceId) -> Vec<Participant> {
    let mut people: Vec<Participant> = Vec::new();
    for role in [CreditRole::Actor, CreditRole::Director, CreditRole::Writer, CreditRole::Other] {
        for credit in credits.iter().filter(|credit| credit.role == role) {
            let part = match (role, &credit.character) {
                (CreditRole::Actor, Some(character)) => character.clone(),
                (CreditRole::Actor | CreditRole::Other, _) => String::new(),
                (role, _) => role_word(role),
            };
            if let Some(known) = people.iter_mut().find(|known| known.name == credit.name) {
                join(&mut known.part, &part);
            } else {
                let portrait = credit.image.clone().map(|image| (source, image));
                people.push(Participant { name: credit.name.clone(), portrait, part });
            }
        }
    }
    people.truncate(MOST_PEOPLE);
    people
}

fn join(line: &mut String, part: &str) {
    if part.is_empty() || line.split(", ").any(|known| known == part) {
        return;
    }
    if !line.is_empty() {
        line.push_str(", ");
    }
    line.push_str(part);
}

/// What somebody did.
pub(in crate::ui) fn role_word(role: CreditRole) -> String {
    match role {
        CreditRole::Actor => gettext("Actor"),
        CreditRole::Director => gettext("Director"),
        CreditRole::Writer => gettext("Writer"),
        CreditRole::Other => String::new(),
    }
}

/// What an extra is.
pub(super) fn extra_word(kind: ExtraKind) -> String {
    match kind {
        ExtraKind::Trailer => gettext("Trailer"),
        ExtraKind::BehindTheScenes => gettext("Behind the Scenes"),
        ExtraKind::DeletedScene => gettext("Deleted Scene"),
        ExtraKind::Interview => gettext("Interview"),
        ExtraKind::Scene => gettext("Scene"),
        ExtraKind::Featurette => gettext("Featurette"),
        ExtraKind::Short => gettext("Short"),
        ExtraKind::Other => gettext("Extra"),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::models::{ItemRecord, LibraryId, MediaId, RemoteId};

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

    fn credit(name: &str, role: CreditRole, character: Option<&str>) -> Credit {
        let character = character.map(str::to_owned);
        Credit { name: name.to_owned(), role, character, image: None, person: None }
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
        let shown = |item: &Item| facts(item).into_iter().map(|fact| fact.shown).collect::<Vec<_>>();
        let mut film = item(1, ItemKind::Movie);
        assert!(shown(&film).is_empty());
        film.record.year = Some(2019);
        film.record.rating = Some(7.44);
        film.record.critic_rating = Some(8.8);
        assert_eq!(shown(&film), ["2019", "★ 7.4", "Critics 88 %"]);
        assert_eq!(facts(&film)[1].said.as_deref(), Some("Rated 7.4 of 10"));
    }

    #[test]
    fn the_time_line_says_what_is_left_and_when_it_ends() {
        let mut film = item(1, ItemKind::Movie);
        assert_eq!((remaining(&film), time_line(&film, None)), (None, String::new()));
        film.record.duration = Some(Duration::from_mins(100));
        assert_eq!(time_line(&film, Some("22:41")), "Ends at 22:41");
        film.record.watch.position = Duration::from_mins(40);
        assert_eq!(remaining(&film), Some(Duration::from_hours(1)));
        assert_eq!(time_line(&film, Some("22:01")), "1 h 0 min left · Ends at 22:01");
    }

    #[test]
    fn everybody_stands_once_in_the_row() {
        let credits = [
            credit("Jo Ruiz", CreditRole::Director, None),
            credit("Jo Ruiz", CreditRole::Writer, None),
            credit("Ada Mir", CreditRole::Actor, Some("Keeper")),
            credit("Jo Ruiz", CreditRole::Actor, Some("The guest")),
            credit("Li Wen", CreditRole::Other, None),
        ];
        let people = participants(&credits, SourceId::random());
        let shown: Vec<_> =
            people.iter().map(|person| (person.name.as_str(), person.part.as_str())).collect();
        assert_eq!(
            shown,
            [("Ada Mir", "Keeper"), ("Jo Ruiz", "The guest, Director, Writer"), ("Li Wen", "")]
        );
    }
}
