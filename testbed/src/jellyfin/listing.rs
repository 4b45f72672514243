//! The query of `/Items`: where to look, for what, in which order, which page.

use super::authorization::Caller;
use super::filter::{Filter, types};
use super::ids::Named;
use super::order::Order;
use super::parameters::Parameters;
use super::reply::{not_found, page, server_error};
use super::state::{JellyfinState, View};
use super::wire::{Fields, items, type_name};
use crate::catalogue::{Item, ItemKind, ItemNumber};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// Why a query is not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The parent does not exist.
    Unknown,
    /// The user may not see the library; with the words of the server.
    Hidden(String),
    /// The server fails on it.
    Failure,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Unknown => not_found(),
            Self::Hidden(text) => (StatusCode::UNAUTHORIZED, text).into_response(),
            Self::Failure => server_error(),
        }
    }
}

/// Where a query looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    Everything,
    Library(u32),
    Below(ItemNumber),
}

impl Scope {
    /// What `parentId` names. An id that is unknown is not found; a library that the user may not see is
    /// refused with 401 and names.
    pub(crate) fn of(parameters: &Parameters, view: &View<'_>) -> Result<Self, Refusal> {
        let Some(id) = parameters.get("parentId") else { return Ok(Self::Everything) };
        let (library, scope) = match view.ids().read(id) {
            Some(Named::Library(number)) => (number, Self::Library(number)),
            Some(Named::Item(number)) => {
                let item = view.catalogue.item(number).ok_or(Refusal::Unknown)?;
                (item.library, Self::Below(number))
            }
            None => return Err(Refusal::Unknown),
        };
        let named = view.catalogue.libraries.iter().find(|known| known.number == library);
        let named = named.ok_or(Refusal::Unknown)?;
        if view.may_see(library) {
            return Ok(scope);
        }
        let (user, title) = (&view.user.name, &named.title);
        Err(Refusal::Hidden(format!("{user} is not permitted to access Library {title}.")))
    }
}

/// Which part of a result is wanted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page {
    pub(crate) start: usize,
    limit: Option<usize>,
    /// Whether the whole is counted.
    counted: bool,
}

impl Page {
    pub(crate) fn of(parameters: &Parameters) -> Self {
        let (start, limit) = (parameters.number("startIndex"), parameters.number("limit"));
        let asked = parameters.flag("enableTotalRecordCount").unwrap_or(true);
        Self {
            start: start.unwrap_or_default(),
            limit,
            counted: asked && (limit.is_some() || start.is_some()),
        }
    }

    /// Counts the whole whether the query asked for it or not.
    pub(crate) fn always_counted(self) -> Self {
        Self { counted: true, ..self }
    }

    /// The page, and the total that the answer tells.
    pub(crate) fn cut<T>(self, all: Vec<T>) -> (Vec<T>, usize) {
        let count = all.len();
        let part: Vec<T> = all.into_iter().skip(self.start).take(self.limit.unwrap_or(usize::MAX)).collect();
        let total = if self.counted { count } else { part.len() };
        (part, total)
    }
}

/// Reads as the caller, within what `parentId` names; refuses as the server does.
pub(crate) fn within(
    state: &JellyfinState,
    caller: &Caller,
    read: impl FnOnce(&View<'_>, Scope) -> Response,
) -> Response {
    state.read(caller.user, |view| match Scope::of(&caller.parameters, view) {
        Ok(scope) => read(view, scope),
        Err(refusal) => refusal.into_response(),
    })
}

/// The wanted part of what was found, in its envelope.
pub(crate) fn part(view: &View<'_>, parameters: &Parameters, wanted: Page, found: Vec<&Item>) -> Response {
    let (found, total) = wanted.cut(found);
    page(&items(view, found, &Fields::of(parameters)), total, wanted.start)
}

/// A whole query.
#[derive(Debug)]
pub(crate) struct Query {
    scope: Scope,
    recursive: bool,
    types: Vec<&'static str>,
    ids: Option<Vec<ItemNumber>>,
    order: Order,
    filter: Filter,
}

impl Query {
    pub(crate) fn of(parameters: &Parameters, view: &View<'_>) -> Result<Self, Refusal> {
        let types = types(parameters, "includeItemTypes");
        let mut filter = Filter::of(parameters);
        if let Some(saved) = parameters.date("minDateLastSaved") {
            // Before 10.11 the query names the value of the other parameter, which is then missing.
            if filter.saved_since.is_none() && !view.state.setup.version.can_filter_by_save_date() {
                return Err(Refusal::Failure);
            }
            filter.saved_since = Some(filter.saved_since.map_or(saved, |other| other.max(saved)));
        }
        let ids = parameters.get("ids").map(|_| {
            let named = parameters.list("ids").into_iter().filter_map(|id| view.ids().read(&id));
            let items = named.filter_map(|named| match named {
                Named::Item(number) => view.catalogue.item(number).map(|item| item.number),
                Named::Library(_) => None,
            });
            items.collect()
        });
        Ok(Self {
            scope: Scope::of(parameters, view)?,
            recursive: parameters.flag("recursive").unwrap_or(false)
                || parameters.get("searchTerm").is_some(),
            types,
            ids,
            order: Order::of(parameters).map_err(|_| Refusal::Failure)?,
            filter,
        })
    }

    /// The artists within what `parentId` names; the parameters have no types.
    pub(crate) fn of_artists(parameters: &Parameters, view: &View<'_>) -> Result<Self, Refusal> {
        let query = Self::of(parameters, view)?;
        Ok(Self { recursive: true, types: vec![type_name(ItemKind::Artist)], ..query })
    }

    /// Whether it asks for what lies in no library: the libraries themselves.
    pub(crate) fn asks_for_libraries(&self) -> bool {
        self.scope == Scope::Everything && !self.recursive && self.ids.is_none() && self.types.is_empty()
    }

    /// Everything that it finds, in order.
    pub(crate) fn run<'a>(&self, view: &View<'a>) -> Vec<&'a Item> {
        let sorted = || {
            let mut numbers = self.candidates(view);
            self.order.sort(view, &mut numbers);
            numbers
        };
        let kept =
            |number: &ItemNumber| view.catalogue.item(*number).filter(|item| self.filter.keeps(view, item));
        if self.ids.is_some() || !self.order.is_lasting() {
            return sorted().iter().filter_map(kept).collect();
        }
        let name = format!("{:?} {} {:?} {:?}", self.scope, self.recursive, self.types, self.order);
        view.state.ordered(name, sorted).iter().filter_map(kept).collect()
    }

    fn candidates(&self, view: &View<'_>) -> Vec<ItemNumber> {
        let of_type = |item: &Item| self.types.is_empty() || self.types.contains(&type_name(item.kind));
        let numbers = match (&self.ids, self.scope) {
            (Some(ids), _) => ids.clone(),
            (None, Scope::Below(parent)) if self.recursive => below(view, parent),
            (None, Scope::Below(parent)) => view.catalogue.children_of(parent).to_vec(),
            (None, Scope::Library(number)) => {
                let here = |item: &&Item| item.library == number && (self.recursive || item.parent.is_none());
                return view
                    .catalogue
                    .all()
                    .filter(here)
                    .filter(|item| of_type(item))
                    .map(number_of)
                    .collect();
            }
            (None, Scope::Everything) => {
                let here = |item: &&Item| self.recursive || item.parent.is_none();
                return view
                    .catalogue
                    .all()
                    .filter(here)
                    .filter(|item| of_type(item))
                    .map(number_of)
                    .collect();
            }
        };
        let exists = |number: &ItemNumber| view.catalogue.item(*number).is_some_and(of_type);
        numbers.into_iter().filter(exists).collect()
    }
}

fn number_of(item: &Item) -> ItemNumber {
    item.number
}

/// Whether an item lies in a scope.
pub(crate) fn lies_in(view: &View<'_>, item: &Item, scope: Scope) -> bool {
    match scope {
        Scope::Everything => true,
        Scope::Library(number) => item.library == number,
        Scope::Below(parent) => {
            std::iter::successors(Some(item), |item| view.parent(item)).any(|item| item.number == parent)
        }
    }
}

fn below(view: &View<'_>, parent: ItemNumber) -> Vec<ItemNumber> {
    let children = view.catalogue.children_of(parent).iter();
    children.flat_map(|child| std::iter::once(*child).chain(below(view, *child))).collect()
}
