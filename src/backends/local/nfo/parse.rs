//! From XML to descriptions.

use std::time::Duration;

use chrono::{Datelike as _, NaiveDate};
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

use super::{Nfo, NfoKind, NfoSet};
use crate::models::{Credit, CreditRole};

/// Texts beyond this are cut: nobody reads them, and a row has to hold them.
const LONGEST_TEXT: usize = 20_000;
/// More people than this are extras.
const MOST_CREDITS: usize = 200;
/// Sources of ratings in the order in which they are preferred, after the one marked as default.
const RATING_ORDER: &[&str] = &["imdb", "themoviedb", "tmdb", "tvdb", "thetvdb"];

/// Reads all descriptions of a text; what follows an error is left out, what came before stays.
pub fn parse(text: &str) -> Vec<Nfo> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.allow_dangling_amp = true;
    config.allow_unmatched_ends = true;
    config.check_end_names = false;
    config.expand_empty_elements = true;
    let mut parser = Parser::default();
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => parser.open(&start),
            Ok(Event::End(_)) => parser.close(),
            Ok(Event::Text(text)) => parser.text.push_str(&text.decode().unwrap_or_default()),
            Ok(Event::CData(text)) => parser.text.push_str(&text.decode().unwrap_or_default()),
            Ok(Event::GeneralRef(name)) => match name.resolve_char_ref() {
                Ok(Some(letter)) => parser.text.push(letter),
                _ => parser.refer(&name.decode().unwrap_or_default()),
            },
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    parser.finish()
}

/// An open element.
#[derive(Debug, Default)]
struct Element {
    name: String,
    /// `type`, `name`, `max` and `default`, where given.
    attributes: Vec<(String, String)>,
}

impl Element {
    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// One of several ratings.
#[derive(Debug)]
struct Rating {
    source: String,
    value: f32,
    default: bool,
}

#[derive(Default)]
struct Parser {
    open: Vec<Element>,
    text: String,
    current: Option<Nfo>,
    done: Vec<Nfo>,
    ratings: Vec<Rating>,
    actor: Option<Credit>,
}

impl Parser {
    fn open(&mut self, start: &BytesStart<'_>) {
        let name = String::from_utf8_lossy(start.local_name().as_ref()).to_ascii_lowercase();
        let attributes = start
            .attributes()
            .flatten()
            .map(|attribute| {
                let name = String::from_utf8_lossy(attribute.key.as_ref()).to_ascii_lowercase();
                (name, attribute.unescape_value().unwrap_or_default().to_ascii_lowercase())
            })
            .collect();
        if self.open.is_empty() {
            self.take_current();
            self.current = match name.as_str() {
                "movie" | "video" | "musicvideo" => Some(Nfo::new(NfoKind::Movie)),
                "tvshow" => Some(Nfo::new(NfoKind::Series)),
                "season" => Some(Nfo::new(NfoKind::Season)),
                "episodedetails" => Some(Nfo::new(NfoKind::Episode)),
                _ => None,
            };
        } else if name == "actor" {
            self.actor = Some(person(String::new(), CreditRole::Actor));
        }
        self.open.push(Element { name, attributes });
        self.text.clear();
    }

    /// An entity: those of XML, or as it stands (`&nbsp;` is none of them).
    fn refer(&mut self, name: &str) {
        if let Some(text) = resolve_predefined_entity(name) {
            self.text.push_str(text);
        } else {
            self.text.push('&');
            self.text.push_str(name);
            self.text.push(';');
        }
    }

    fn close(&mut self) {
        let Some(element) = self.open.pop() else { return };
        let text: String = self.text.trim().chars().take(LONGEST_TEXT).collect();
        self.text.clear();
        let path: Vec<&str> = self.open.iter().skip(1).map(|element| element.name.as_str()).collect();
        let Some(nfo) = self.current.as_mut() else { return };
        match path.as_slice() {
            [] if self.open.is_empty() => self.take_current(),
            [] if element.name == "actor" => {
                let actor = self.actor.take().filter(|actor| !actor.name.is_empty());
                nfo.credits.extend(actor);
            }
            _ if text.is_empty() => {}
            [] => take_field(nfo, &element, text, &mut self.ratings),
            ["actor"] => {
                if let Some(actor) = self.actor.as_mut() {
                    match element.name.as_str() {
                        "name" => actor.name = text,
                        "role" => actor.character = Some(text),
                        _ => {}
                    }
                }
            }
            // A set is a name, or an element with a name and more.
            ["set"] => take_set(nfo, &element.name, text),
            ["ratings", "rating"] if element.name == "value" => {
                if let Some(rating) = self.open.last() {
                    self.ratings.extend(read_rating(rating, &text));
                }
            }
            ["fileinfo", "streamdetails", "video"] if element.name == "durationinseconds" => {
                let exact = text.parse().ok().filter(|seconds| *seconds > 0).map(Duration::from_secs);
                nfo.runtime = exact.or(nfo.runtime);
            }
            _ => {}
        }
    }

    fn take_current(&mut self) {
        let ratings = std::mem::take(&mut self.ratings);
        let Some(mut nfo) = self.current.take() else { return };
        let is_critics =
            |rating: &&Rating| rating.source.contains("metacritic") || rating.source.contains("tomato");
        let rank = |rating: &&Rating| {
            let known = RATING_ORDER.iter().position(|source| *source == rating.source);
            (!rating.default, known.unwrap_or(RATING_ORDER.len()))
        };
        let public = ratings.iter().filter(|rating| !is_critics(rating)).min_by_key(rank);
        nfo.rating = public.map(|rating| rating.value).or(nfo.rating);
        nfo.critic_rating = ratings.iter().find(is_critics).map(|rating| rating.value).or(nfo.critic_rating);
        nfo.credits.truncate(MOST_CREDITS);
        nfo.set = nfo.set.filter(|set| !set.name.is_empty());
        nfo.year = nfo.year.or(nfo.released.map(|date| date.year()));
        self.done.push(nfo);
    }

    fn finish(mut self) -> Vec<Nfo> {
        self.take_current();
        self.done
    }
}

fn take_field(nfo: &mut Nfo, element: &Element, text: String, ratings: &mut Vec<Rating>) {
    match element.name.as_str() {
        "title" => nfo.title = Some(text),
        "originaltitle" => nfo.original_title = Some(text),
        "sorttitle" => nfo.sort_title = Some(text),
        "year" => nfo.year = text.get(..4).and_then(|year| year.parse().ok()).filter(|year| *year > 1800),
        "premiered" | "aired" | "releasedate" => nfo.released = nfo.released.or_else(|| read_date(&text)),
        "plot" => nfo.plot = Some(text),
        "outline" => nfo.plot = nfo.plot.take().or(Some(text)),
        "tagline" => nfo.tagline = Some(text),
        "runtime" => nfo.runtime = nfo.runtime.or_else(|| read_minutes(&text)),
        "genre" => extend_unique(&mut nfo.genres, text.split(['/', ',']).map(str::trim)),
        "mpaa" | "certification" => nfo.age_rating = nfo.age_rating.take().or(Some(text)),
        "rating" => ratings.extend(read_rating(element, &text)),
        "criticrating" => nfo.critic_rating = read_number(&text).map(|value| (value / 10.0).clamp(0.0, 10.0)),
        "uniqueid" => take_id(nfo, element.attribute("type").unwrap_or_default(), text),
        "id" if text.starts_with("tt") => nfo.ids.imdb = nfo.ids.imdb.take().or(Some(text)),
        "imdbid" | "imdb_id" => take_id(nfo, "imdb", text),
        "tmdbid" => take_id(nfo, "tmdb", text),
        "tvdbid" => take_id(nfo, "tvdb", text),
        "director" => nfo.credits.push(person(text, CreditRole::Director)),
        "credits" | "writer" => nfo.credits.push(person(text, CreditRole::Writer)),
        "studio" => extend_unique(&mut nfo.studios, std::iter::once(text.as_str())),
        "set" => take_set(nfo, "name", text),
        "season" | "seasonnumber" => nfo.season = text.parse().ok(),
        "episode" => nfo.episode = text.parse().ok(),
        _ => {}
    }
}

fn take_set(nfo: &mut Nfo, element: &str, text: String) {
    let set = nfo.set.get_or_insert_with(|| NfoSet { name: String::new(), overview: None });
    match element {
        "name" => set.name = text,
        "overview" => set.overview = Some(text),
        _ => {}
    }
}

fn person(name: String, role: CreditRole) -> Credit {
    Credit { name, role, character: None, image: None, person: None }
}

fn extend_unique<'a>(list: &mut Vec<String>, more: impl Iterator<Item = &'a str>) {
    for text in more.filter(|text| !text.is_empty()) {
        if !list.iter().any(|known| known == text) {
            list.push(text.to_owned());
        }
    }
}

fn take_id(nfo: &mut Nfo, kind: &str, text: String) {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    match kind {
        "imdb" if text.starts_with("tt") => nfo.ids.imdb = Some(text),
        "tmdb" if is_number => nfo.ids.tmdb = Some(text),
        "tvdb" if is_number => nfo.ids.tvdb = Some(text),
        _ => {}
    }
}

fn read_date(text: &str) -> Option<NaiveDate> {
    text.get(..10)?.parse().ok().filter(|date: &NaiveDate| date.year() > 1800)
}

/// `136`, `136 min`; a length of nothing is no length.
fn read_minutes(text: &str) -> Option<Duration> {
    let digits: String = text.chars().take_while(char::is_ascii_digit).take(5).collect();
    digits.parse().ok().filter(|minutes| *minutes > 0).map(Duration::from_mins)
}

fn read_number(text: &str) -> Option<f32> {
    text.replace(',', ".").parse().ok().filter(|value: &f32| value.is_finite())
}

/// A rating on a scale from 0 to 10; 0 means that nobody voted.
fn read_rating(element: &Element, text: &str) -> Option<Rating> {
    let most = element.attribute("max").and_then(read_number).filter(|most| *most > 0.0).unwrap_or(10.0);
    let value = read_number(text).filter(|value| *value > 0.0)? * 10.0 / most;
    Some(Rating {
        source: element.attribute("name").unwrap_or_default().to_owned(),
        value: value.clamp(0.0, 10.0),
        default: element.attribute("default") == Some("true"),
    })
}
