//! Jellyfin 10.9 and later: the client, what the server sends, and what the app makes of it.
//!
//! [`JellyfinBackend`] is made for one operation and dropped. What is asked before there is a source —
//! [`identity`], [`sign_in`], [`quick_connect`] — are functions of their own. Requests are built and answers read by pure
//! functions (`listing`, `map`, `playback`, `marks`, `images`), so that they are tested without a server.
//!
//! A token goes into the `Authorization` header and nowhere else. What must not come in: choosing a
//! connection, repeating a request, the database.
//!
//! A 401 for a listing may mean that the library is hidden from the user, not that the token is dead; only
//! [`MediaBackend::test_connection`] tells (`docs/protocols.md#jellyfin-errors`).

pub mod identity;
pub mod quick_connect;
pub mod sign_in;

mod around;
mod client;
mod converted;
mod dto;
mod images;
mod listing;
mod live;
mod map;
mod map_details;
mod map_music;
mod marks;
mod playback;
mod previews;
mod profile;
mod shelves;
mod tolerant;

#[cfg(test)]
mod tests;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde_json::Value;
use tracing::debug;

pub use identity::identify;
pub use images::image_request;
pub use sign_in::{PublicUser, Session};

use self::dto::{Envelope, ItemDto, PlaybackInfoDto, SegmentDto, SegmentsDto, UserDataDto, UserDto};
use super::error::While as _;
use super::{
    AuthProvider, BackendError, Delta, DeltaPage, DetailRecord, ExtraRecord, ItemPage, LibraryRecord,
    LiveStream, Location, MediaAsk, MediaBackend, MediaOpened, PageRequest, PictureReply, Rated, Result,
    ShelfListing, StreamAsk, StreamSource,
};
use super::{media, picture};
use crate::models::{
    ImageRequest, ItemKind, ItemRecord, PersonRecord, PersonRef, PlaybackReport, RemoteId, ServerUrl,
    ShelfKind, TitleOf, WatchState,
};
use crate::net::{ApiClient, Call, ErrorKind, HttpPool, NetError, Validators};

/// One user's access to one Jellyfin over one connection.
#[derive(Debug)]
pub struct JellyfinBackend {
    api: ApiClient,
    user_id: String,
    device_id: String,
    authorization: SecretString,
}

impl JellyfinBackend {
    /// Takes the credentials of a source and the connection to use. The caller has checked that the source's
    /// server is there.
    ///
    /// # Errors
    /// `Credentials` when they are those of another kind of source.
    pub fn from_auth(auth: &AuthProvider, connection: &ServerUrl, pool: &HttpPool) -> Result<Self> {
        let context = "use credentials";
        let AuthProvider::Jellyfin { token, user_id, client } = auth else {
            return Err(BackendError::new(ErrorKind::Credentials, context));
        };
        Ok(Self {
            api: client::api_client(pool, connection, client, Some(token)).context(context)?,
            user_id: user_id.clone(),
            device_id: client.device_id.clone(),
            authorization: client::authorization(client, Some(token)),
        })
    }

    async fn list(&self, call: Call, context: &'static str) -> Result<Envelope> {
        self.api.send(call).await.context(context)?.json().context(context)
    }

    /// A page of items, with the time of the server's clock.
    async fn page(&self, call: Call, kind: ItemKind, context: &'static str) -> Result<ItemPage> {
        let reply = self.api.send(call).await.context(context)?;
        let at = reply.head.date;
        Ok(ItemPage { at, ..listing::page(reply.json().context(context)?, kind) })
    }

    /// Extras of an item. They are no reason to fail for: without them the item can be shown and played.
    async fn extras(&self, item: &RemoteId, dto: &ItemDto) -> Option<Vec<ExtraRecord>> {
        let mut found = Vec::new();
        for call in around::extras_calls(&self.user_id, dto) {
            match self.api.send(call).await.and_then(|reply| reply.json::<Vec<Value>>()) {
                Ok(values) => found.extend(around::extras(item, values)),
                Err(error) => {
                    debug!(kind = ?error.kind, "no extras");
                    return None;
                }
            }
        }
        Some(found)
    }

    /// The server's id of a person: what is known, else who has the name.
    async fn person_id(&self, person: &PersonRef, context: &'static str) -> Result<RemoteId> {
        if let Some(id) = &person.remote_id {
            return Ok(id.clone());
        }
        let found = self.list(around::namesakes_call(&self.user_id, &person.name), context).await?;
        around::named(found, &person.name).ok_or_else(|| BackendError::new(ErrorKind::NotFound, context))
    }

    async fn act(&self, call: Call, context: &'static str) -> Result<()> {
        self.api.send(call).await.context(context).map(drop)
    }

    /// Marked stretches of an item. Servers before 10.10 have none, and a plugin that fails must not cost the
    /// details: only a server that did not answer is a failure.
    async fn segments(&self, item: &RemoteId) -> Result<Vec<SegmentDto>, NetError> {
        let call = Call::get("/MediaSegments/{}")
            .segment(item.as_str())
            .query("includeSegmentTypes", "Intro")
            .query("includeSegmentTypes", "Outro")
            .query("includeSegmentTypes", "Recap")
            .query("includeSegmentTypes", "Preview")
            .query("includeSegmentTypes", "Commercial");
        match self.api.send(call).await.and_then(|reply| reply.json::<SegmentsDto>()) {
            Ok(segments) => Ok(segments.items.0),
            Err(error) if error.status.is_some() => {
                debug!(kind = ?error.kind, "no media segments");
                Ok(Vec::new())
            }
            Err(error) => Err(error),
        }
    }
}

impl JellyfinBackend {
    /// All collections or playlists.
    async fn list_shelves(&self, kind: ShelfKind) -> Result<ShelfListing> {
        let context = "list shelves";
        let mut listing = ShelfListing::none();
        let mut start = 0;
        for _ in 0..shelves::MOST_PAGES {
            let page = self.list(shelves::page_call(&self.user_id, kind, start), context).await?;
            let total = page.total_record_count.count();
            for entry in page.items.iter().map(shelves::shelf) {
                listing.is_complete &= entry.is_some();
                listing.shelves.extend(entry);
            }
            let received = count(page.items.len());
            start = start.saturating_add(received);
            if received == 0 || total.is_none_or(|total| start >= total) {
                listing.is_complete &= total == Some(start);
                return Ok(listing);
            }
        }
        Ok(ShelfListing { is_complete: false, ..listing })
    }

    /// What the server recommends. A server that has no such thing, or fails on it, must not cost the others: only
    /// one that did not answer is a failure.
    async fn hubs(&self) -> Result<ShelfListing> {
        let mut listing = ShelfListing::none();
        let recommended = self.api.send(shelves::recommendations_call(&self.user_id)).await;
        match recommended.and_then(|reply| reply.json::<Vec<shelves::RecommendationDto>>()) {
            Ok(hubs) => listing.shelves.extend(hubs.iter().filter_map(shelves::recommendation)),
            Err(error) => listing.is_complete = tolerated(error)?,
        }
        let suggested = self.api.send(shelves::suggestions_call(&self.user_id)).await;
        match suggested.and_then(|reply| reply.json::<Envelope>()) {
            Ok(envelope) => listing.shelves.extend(shelves::suggestions(&envelope)),
            Err(error) => listing.is_complete &= tolerated(error)?,
        }
        Ok(listing)
    }
}

/// Whether a listing of hubs may still count as complete after this: a server that knows no such thing has none.
fn tolerated(error: NetError) -> Result<bool> {
    if error.status.is_none() {
        return Err(error).context("list hubs");
    }
    debug!(kind = ?error.kind, "no hubs");
    Ok(error.kind == ErrorKind::NotFound)
}

/// Whether stretches of it may be marked.
fn has_segments(kind: ItemKind) -> bool {
    kind.is_playable() && !kind.is_music()
}

#[async_trait]
impl MediaBackend for JellyfinBackend {
    async fn test_connection(&self) -> Result<()> {
        let context = "check sign-in";
        let reply = self.api.send(Call::get("/Users/Me")).await.context(context)?;
        let user: UserDto = reply.json().context(context)?;
        match user.id.text() {
            Some(_) => Ok(()),
            None => Err(BackendError::new(ErrorKind::Decode, context)),
        }
    }

    async fn libraries(&self) -> Result<Vec<LibraryRecord>> {
        let envelope = self.list(listing::libraries_call(&self.user_id), "list libraries").await?;
        Ok(listing::libraries(envelope))
    }

    async fn items(&self, library: &LibraryRecord, kind: ItemKind, page: PageRequest) -> Result<ItemPage> {
        let context = "list items";
        if map::type_names(kind).is_empty() {
            return Err(BackendError::unsupported(context));
        }
        self.page(listing::page_call(&self.user_id, library, kind, page), kind, context).await
    }

    async fn changes(
        &self,
        library: &LibraryRecord,
        kind: ItemKind,
        delta: Delta,
        page: PageRequest,
    ) -> Result<DeltaPage> {
        let context = "list changes";
        if map::type_names(kind).is_empty() {
            return Err(BackendError::unsupported(context));
        }
        let call = listing::changes_call(&self.user_id, library, kind, delta, page);
        let found = self.page(call, kind, context).await?;
        Ok(DeltaPage { is_last: listing::is_last(&found, delta, page), page: found })
    }

    async fn details(&self, item: &RemoteId) -> Result<DetailRecord> {
        let context = "get details";
        let call = Call::get("/Items/{}").segment(item.as_str()).query("userId", &self.user_id).cached();
        let dto: ItemDto = self.api.send(call).await.context(context)?.json().context(context)?;
        let record = map::item(&dto).ok_or_else(|| BackendError::new(ErrorKind::Decode, context))?;
        let segments =
            if has_segments(record.kind) { self.segments(item).await.context(context)? } else { Vec::new() };
        let extras = self.extras(item, &dto).await;
        Ok(DetailRecord {
            item: record,
            details: map_details::details(&dto, &segments),
            extras,
            rated: Rated::NotKept,
        })
    }

    async fn stream(&self, item: &RemoteId, ask: &StreamAsk) -> Result<StreamSource> {
        let context = "play item";
        let call = playback::info_call(&self.user_id, item, ask);
        let info: PlaybackInfoDto = self.api.send(call).await.context(context)?.json().context(context)?;
        let asker = playback::Asker {
            base: self.api.base(),
            device_id: &self.device_id,
            authorization: &self.authorization,
        };
        playback::source(&asker, item, ask, &info)
    }

    async fn keep_stream(&self, session: &str) -> Result<()> {
        self.act(converted::keep_call(session), "keep a playback").await
    }

    async fn end_stream(&self, session: &str) -> Result<()> {
        self.act(converted::end_call(&self.device_id, session), "end a playback").await
    }

    async fn media(&self, ask: &MediaAsk) -> Result<MediaOpened> {
        media::open(&self.api, ask).await
    }

    fn image(&self, request: &ImageRequest) -> Result<Location> {
        let mut found = image_request(self.api.base(), request)?;
        // Unlike other pictures, sheets of small ones are for users only.
        if previews::is_sheet(&request.key) {
            found.headers.push((client::AUTHORIZATION, self.authorization.clone()));
        }
        Ok(Location::Remote(found))
    }

    async fn picture(&self, request: &ImageRequest, known: &Validators) -> Result<PictureReply> {
        picture::fetch(&self.api, self.image(request)?, known).await
    }

    async fn report_playback(&self, item: &RemoteId, report: &PlaybackReport) -> Result<()> {
        self.act(playback::report_call(item, report), "report playback").await
    }

    async fn set_position(&self, item: &RemoteId, report: &PlaybackReport) -> Result<()> {
        self.act(marks::position_call(&self.user_id, item, report), "set position").await
    }

    async fn set_watched(&self, item: &RemoteId, watched: bool, at: DateTime<Utc>) -> Result<()> {
        self.act(marks::watched_call(&self.user_id, item, watched, at), "set watched").await
    }

    async fn set_favourite(&self, item: &RemoteId, favourite: bool) -> Result<()> {
        self.act(marks::favourite_call(&self.user_id, item, favourite), "set favourite").await
    }

    async fn watch_state(&self, item: &RemoteId) -> Result<WatchState> {
        let context = "get watch state";
        let call = marks::state_call(&self.user_id, item);
        let dto: UserDataDto = self.api.send(call).await.context(context)?.json().context(context)?;
        Ok(map::watch_state(&dto))
    }

    async fn items_by_id(&self, ids: &[RemoteId]) -> Result<ItemPage> {
        let context = "list items by id";
        let reply = self.api.send(live::items_call(&self.user_id, ids)).await.context(context)?;
        let at = reply.head.date;
        Ok(ItemPage { at, ..listing::page_of_any(reply.json().context(context)?) })
    }

    async fn live(&self) -> Result<LiveStream> {
        let socket =
            self.api.open_socket(&live::call(&self.device_id)).await.context("follow what happens")?;
        Ok(LiveStream::new(self.api.base(), socket, live::JellyfinLive::new(&self.user_id)))
    }

    async fn search(&self, text: &str, limit: u32) -> Result<Vec<ItemRecord>> {
        if text.trim().is_empty() {
            return Ok(Vec::new());
        }
        let call = listing::search_call(&self.user_id, text.trim(), limit);
        Ok(listing::found(self.list(call, "search").await?))
    }

    async fn shelves(&self, kind: ShelfKind, _libraries: &[LibraryRecord]) -> Result<ShelfListing> {
        if kind == ShelfKind::Hub { self.hubs().await } else { self.list_shelves(kind).await }
    }

    async fn shelf_items(&self, kind: ShelfKind, shelf: &RemoteId) -> Result<Vec<RemoteId>> {
        let context = "list a shelf";
        let mut found = Vec::new();
        let mut start = 0;
        for _ in 0..shelves::MOST_PAGES {
            let call = shelves::items_call(&self.user_id, kind, shelf, start);
            let page = self.list(call, context).await?;
            let received = count(page.items.len());
            found.extend(shelves::ids(&page.items));
            start = start.saturating_add(received);
            if received == 0 || page.total_record_count.count().is_none_or(|total| start >= total) {
                return Ok(found);
            }
        }
        Err(BackendError::new(ErrorKind::Decode, context))
    }

    async fn person(&self, person: &PersonRef) -> Result<PersonRecord> {
        let context = "get a person";
        let id = self.person_id(person, context).await?;
        let call = around::person_call(&self.user_id, &id);
        let dto: ItemDto = self.api.send(call).await.context(context)?.json().context(context)?;
        Ok(around::person(&dto))
    }

    async fn titles_of(&self, person: &PersonRef) -> Result<Vec<TitleOf>> {
        let context = "list titles of a person";
        let id = self.person_id(person, context).await?;
        Ok(around::titles(self.list(around::titles_call(&self.user_id, &id), context).await?))
    }

    async fn similar(&self, item: &RemoteId) -> Result<Vec<RemoteId>> {
        let call = around::similar_call(&self.user_id, item);
        Ok(around::ids(self.list(call, "find similar items").await?))
    }
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
