//! Seasons, episodes and Next Up.

use super::authorization::Caller;
use super::listing::{Page, lies_in, part, within};
use super::parameters::Parameters;
use super::reply::{not_found, page};
use super::state::{JellyfinState, View};
use super::wire::{Fields, items};
use crate::catalogue::{Item, ItemKind};
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::{DateTime, Utc};
use std::cmp::Reverse;
use std::sync::Arc;

/// `GET /Shows/{id}/Seasons`.
pub(crate) async fn seasons(
    State(state): State<Arc<JellyfinState>>,
    Path(id): Path<String>,
    caller: Caller,
) -> Response {
    let parameters = &caller.parameters;
    state.read(caller.user, |view| {
        let Some(series) = view.item(&id).filter(|item| item.kind == ItemKind::Series) else {
            return not_found();
        };
        let special = parameters.flag("isSpecialSeason");
        let wanted = |season: &&Item| special.is_none_or(|special| special == (season.season == Some(0)));
        let seasons: Vec<&Item> = seasons_of(view, series).filter(wanted).collect();
        let total = seasons.len();
        page(&items(view, seasons, &Fields::of(parameters)), total, 0)
    })
}

fn seasons_of<'a>(view: &View<'a>, series: &Item) -> impl Iterator<Item = &'a Item> + use<'a> {
    let view = *view;
    let children = view.catalogue.children_of(series.number).iter();
    children.filter_map(move |child| view.catalogue.item(*child)).filter(|item| item.kind == ItemKind::Season)
}

/// The episodes of a series in order of seasons, specials first.
fn episodes_of<'a>(view: &View<'a>, series: &Item) -> Vec<&'a Item> {
    let below = view.catalogue.leaves(series.number);
    below.iter().filter_map(|number| view.catalogue.item(*number)).collect()
}

/// `GET /Shows/{id}/Episodes`.
pub(crate) async fn episodes(
    State(state): State<Arc<JellyfinState>>,
    Path(id): Path<String>,
    caller: Caller,
) -> Response {
    let parameters = &caller.parameters;
    state.read(caller.user, |view| {
        let Some(series) = view.item(&id).filter(|item| item.kind == ItemKind::Series) else {
            return not_found();
        };
        let Some(found) = wanted_episodes(view, series, parameters) else { return not_found() };
        part(view, parameters, Page::of(parameters).always_counted(), found)
    })
}

/// `None` when a season or an episode is named that does not exist.
fn wanted_episodes<'a>(view: &View<'a>, series: &Item, parameters: &Parameters) -> Option<Vec<&'a Item>> {
    let mut found = match (parameters.get("seasonId"), parameters.number("season")) {
        (Some(id), _) => {
            let season = view.item(id).filter(|item| item.kind == ItemKind::Season)?;
            let children = view.catalogue.children_of(season.number).iter();
            children.filter_map(|child| view.catalogue.item(*child)).collect()
        }
        (None, Some(number)) => {
            let in_season = |item: &&Item| item.season.is_some_and(|season| season as usize == number);
            episodes_of(view, series).into_iter().filter(in_season).collect()
        }
        (None, None) => episodes_of(view, series),
    };
    if parameters.flag("isMissing") == Some(true) {
        found.clear();
    }
    let place = |id: &str, found: &[&Item]| {
        let number = view.item(id)?.number;
        found.iter().position(|item| item.number == number)
    };
    if let Some(id) = parameters.get("startItemId") {
        found = found.split_off(place(id, &found).unwrap_or_default());
    }
    if let Some(id) = parameters.get("adjacentTo") {
        let middle = place(id, &found)?;
        found = found.into_iter().take(middle + 2).skip(middle.saturating_sub(1)).collect();
    }
    if parameters.list("sortBy").iter().any(|key| key.eq_ignore_ascii_case("Random")) {
        fastrand::shuffle(&mut found);
    }
    Some(found)
}

/// `GET /Shows/NextUp`: of every series that was begun the episode after the last that was played.
pub(crate) async fn next_up(State(state): State<Arc<JellyfinState>>, caller: Caller) -> Response {
    let parameters = &caller.parameters;
    within(&state, &caller, |view, scope| {
        let only = parameters.get("seriesId");
        let only = match only.map(|id| view.item(id)) {
            Some(None) => return not_found(),
            Some(found) => found,
            None => None,
        };
        let cutoff = parameters.date("nextUpDateCutoff");
        let resumable = parameters.flag("enableResumable").unwrap_or(true);
        let series = view.catalogue.all().filter(|item| item.kind == ItemKind::Series);
        let series = series
            .filter(|item| view.may_see(item.library) && lies_in(view, item, scope))
            .filter(|item| only.is_none_or(|only| only.number == item.number));
        let mut found: Vec<(Option<DateTime<Utc>>, &Item)> =
            series.filter_map(|series| next_of(view, series, only.is_some())).collect();
        found.retain(|(at, item)| {
            let begun = view.marks().known(item.number).is_some_and(|state| !state.position.is_zero());
            (resumable || !begun) && cutoff.is_none_or(|cutoff| at.is_none_or(|at| at >= cutoff))
        });
        found.sort_by_key(|(at, item)| (Reverse(*at), item.number));
        let found = found.into_iter().map(|(_, item)| item).collect();
        part(view, parameters, Page::of(parameters).always_counted(), found)
    })
}

/// The next regular episode of a series, and when the one before was played. Of a series that was not begun the
/// first, when `from_start`.
fn next_of<'a>(
    view: &View<'a>,
    series: &Item,
    from_start: bool,
) -> Option<(Option<DateTime<Utc>>, &'a Item)> {
    let mut episodes = episodes_of(view, series);
    episodes.retain(|episode| episode.season != Some(0));
    episodes.sort_by_key(|episode| (episode.season, episode.episode));
    let state = |episode: &Item| view.marks().known(episode.number);
    let played = |episode: &Item| state(episode).is_some_and(|state| state.played);
    let last = episodes.iter().rposition(|episode| played(episode));
    let at = last.and_then(|last| state(episodes[last])?.last_played);
    let after = match last {
        Some(last) => last + 1,
        None if from_start => 0,
        None => return None,
    };
    let next = episodes.into_iter().skip(after).find(|episode| !played(episode))?;
    Some((at, next))
}
