//! People: what is known of them, and their titles in all sources.
//!
//! A person is shown at once from the database. Servers complete it: listings tell few of the people of a title or
//! none, so a server is asked for everything that it has with somebody of that name.

use std::collections::HashMap;

use futures::future::join_all;
use tracing::debug;

use super::backend::{BackendService, Purpose, run};
use super::library::{Card, LibraryService};
use crate::db::Part;
use crate::models::{
    Credit, CreditRole, ImageKey, Item, ItemKind, MediaId, PersonAbout, PersonRef, Source, SourceId,
    SourceKind,
};
use crate::net::ErrorKind;
use crate::services::{AppContext, Result};

/// A person over all sources.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PersonOverview {
    /// Name.
    pub name: String,
    /// Portrait, and whose it is.
    pub portrait: Option<(SourceId, ImageKey)>,
    /// Their life, as the first source that knows anything tells it.
    pub about: PersonAbout,
    /// Films and videos, the newest first.
    pub films: Vec<PersonTitle>,
    /// Series, the newest first.
    pub series: Vec<PersonTitle>,
    /// Episodes, the newest first.
    pub episodes: Vec<PersonTitle>,
}

/// A title that a person has a part in.
#[derive(Debug, Clone, PartialEq)]
pub struct PersonTitle {
    /// The title.
    pub card: Card,
    /// What they did; empty where nobody says.
    pub roles: Vec<CreditRole>,
    /// The part they play.
    pub character: Option<String>,
}

impl LibraryService {
    /// What is known here of the people of a name, as of one person.
    pub async fn person(ctx: &AppContext, name: &str) -> Result<PersonOverview> {
        let people = ctx.db.people();
        let known = people.named(name).await?;
        let mut titles = titles(ctx, people.titles(name).await?).await?;
        let mut of_kinds = |kinds: &[ItemKind]| {
            let is = |title: &mut PersonTitle| kinds.contains(&title.card.item.record.kind);
            titles.extract_if(.., is).collect::<Vec<_>>()
        };
        let told = known.iter().find(|person| person.about != PersonAbout::default());
        Ok(PersonOverview {
            name: known.first().map_or_else(|| name.to_owned(), |person| person.name.clone()),
            portrait: known.iter().find_map(|person| Some((person.source_id, person.image.clone()?))),
            about: told.map(|person| person.about.clone()).unwrap_or_default(),
            films: of_kinds(&[ItemKind::Movie, ItemKind::Video]),
            series: of_kinds(&[ItemKind::Series]),
            episodes: of_kinds(&[ItemKind::Episode]),
        })
    }

    /// Asks every server for a person of this name and stores what is new. A server that does not answer costs
    /// nothing but what it knows.
    pub async fn complete_person(ctx: &AppContext, name: &str) -> Result<()> {
        let known = ctx.db.people().named(name).await?;
        let sources = ctx.db.sources().list().await?;
        let asked: Vec<&Source> =
            sources.iter().filter(|source| source.enabled && source.kind != SourceKind::Local).collect();
        let answers = asked.iter().map(|source| {
            let of_source = known.iter().find(|person| person.source_id == source.id);
            let remote_id = of_source.and_then(|person| person.remote_id.clone());
            complete(ctx, source, PersonRef { name: name.to_owned(), remote_id })
        });
        for (source, answer) in asked.iter().zip(join_all(answers).await) {
            if let Err(error) = answer {
                debug!(source_id = %source.id, kind = ?error.kind(), "nothing new of a person");
            }
        }
        Ok(())
    }

    /// Portraits for those of some people whose own source has none, by name.
    pub async fn portraits(
        ctx: &AppContext,
        credits: &[Credit],
    ) -> Result<HashMap<String, (SourceId, ImageKey)>> {
        let without = credits.iter().filter(|credit| credit.image.is_none());
        let names: Vec<&str> = without.map(|credit| credit.name.as_str()).collect();
        if names.is_empty() {
            return Ok(HashMap::new());
        }
        Ok(ctx.db.people().portraits(&names).await?)
    }
}

/// Stores what one server tells of a person: titles first, so that there is a row to say more of.
async fn complete(ctx: &AppContext, source: &Source, person: PersonRef) -> Result<()> {
    let titles = BackendService::titles_of(ctx, source.id, person.clone()).await?;
    ctx.db.people().add_titles(source.id, &person.name, &titles).await?;
    let asked = person.clone();
    let record = run(ctx, source.id, Purpose::Interactive, move |backend| {
        let person = asked.clone();
        async move { backend.person(&person).await }
    });
    match record.await {
        Ok(record) => Ok(ctx.db.people().put(source.id, &person.name, &record).await?),
        Err(error) if error.kind() == ErrorKind::Unsupported => Ok(()),
        Err(error) => Err(error),
    }
}

/// One entry for each title, with everything that the person did in any copy of it.
async fn titles(ctx: &AppContext, parts: Vec<Part>) -> Result<Vec<PersonTitle>> {
    let mut roles: HashMap<MediaId, (Vec<CreditRole>, Option<String>)> = HashMap::new();
    let mut items: Vec<Item> = Vec::new();
    for part in parts {
        let known = roles.entry(part.item.id).or_insert_with(|| {
            items.push(part.item);
            Default::default()
        });
        if part.role != CreditRole::Other && !known.0.contains(&part.role) {
            known.0.push(part.role);
        }
        known.1 = known.1.take().or(part.character);
    }
    let cards = LibraryService::cards(ctx, items).await?;
    Ok(cards
        .into_iter()
        .map(|card| {
            let copies = std::iter::once(card.item.id).chain(card.copies.iter().copied());
            let mut title = PersonTitle { card: card.clone(), roles: Vec::new(), character: None };
            for (done, character) in copies.filter_map(|id| roles.remove(&id)) {
                let new: Vec<_> = done.into_iter().filter(|role| !title.roles.contains(role)).collect();
                title.roles.extend(new);
                title.character = title.character.take().or(character);
            }
            title
        })
        .collect())
}
