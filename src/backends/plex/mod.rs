//! A Plex Media Server, and the account service plex.tv.
//!
//! [`PlexBackend`] speaks to one server over one connection with the token of one user for that server;
//! [`identity`] asks who is behind an address; [`tv`] signs in and lists the account's servers. What they send
//! and read is written down in `docs/protocols.md#plex`. Wire types (`dto`) and their mapping (`map`,
//! `map_details`) are private: what leaves is the app's own. Errors of the server are web pages, so only
//! their status counts.
//!
//! Plex has no mark for favourites: it stays local ([`crate::models::WatchState::favourite`] is `None`).

pub mod identity;
pub mod tv;

mod around;
mod bif;
mod client;
mod convert;
mod dto;
mod external_ids;
mod images;
mod listing;
mod live;
mod map;
mod map_details;
mod map_music;
mod playback;
mod previews;
mod scalar;
mod shelves;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use secrecy::SecretString;
use tracing::debug;

use self::client::{Headers, SESSION, api_client, headers};
use self::convert::{DecisionEnvelope, Verdict, Wanted};
use self::dto::{Container, Envelope, Metadata};
use self::shelves::{ShelfContainer, ShelfEnvelope};
use super::error::While as _;
use super::{
    AuthProvider, BackendError, Delta, DeltaPage, DetailRecord, ItemPage, LibraryRecord, LiveStream,
    Location, MediaAsk, MediaBackend, MediaOpened, NotDirect, PageRequest, PictureReply, Rated, Result,
    ServerIdentity, ShelfListing, StreamAsk, StreamSource,
};
use super::{media, picture};
use crate::models::{
    ImageKey, ImageRequest, ItemKind, ItemRecord, PersonRecord, PersonRef, PlayMethod, PlaybackReport,
    PreviewIndex, RemoteId, ServerUrl, ShelfKind, TitleOf, UserRating, WatchState,
};
use crate::net::{ApiClient, Call, ErrorKind, HttpPool, Validators};

/// What is not needed to know what the user did with an item.
const NOT_WATCH_STATE: &str =
    "Media,Genre,Role,Director,Writer,Country,Collection,Guid,Image,UltraBlurColors,Chapter,Marker,Extras";

/// One server, over one connection.
#[derive(Debug)]
pub struct PlexBackend {
    client: ApiClient,
    headers: Headers,
}

impl PlexBackend {
    /// A backend for one operation.
    ///
    /// # Errors
    /// `Credentials` when these are not for Plex, `Invalid` when a value cannot be sent in a header.
    pub fn from_auth(auth: &AuthProvider, connection: &ServerUrl, pool: &HttpPool) -> Result<Self> {
        let AuthProvider::Plex { token, client } = auth else {
            return Err(BackendError::new(ErrorKind::Credentials, "use a Plex server"));
        };
        let headers = headers(client, Some(token));
        let client = api_client(pool, connection, &headers).context("use a Plex server")?;
        Ok(Self { client, headers })
    }

    /// Who the server is, with its name. Needs a valid token.
    ///
    /// # Errors
    /// `Unauthorized` when the server refuses the token, `Decode` when something else answered.
    pub async fn server_identity(&self) -> Result<ServerIdentity> {
        let doing = "check the credentials";
        let container = self.container(Call::get("/"), doing).await?;
        identity::of_container(&container).ok_or_else(|| BackendError::new(ErrorKind::Decode, doing))
    }

    async fn container(&self, call: Call, doing: &'static str) -> Result<Container> {
        Ok(self.dated(call, doing).await?.0)
    }

    /// An answer, with the time of the server's clock.
    async fn dated(&self, call: Call, doing: &'static str) -> Result<(Container, Option<DateTime<Utc>>)> {
        let reply = self.client.send(call).await.context(doing)?;
        let at = reply.head.date;
        Ok((reply.json::<Envelope>().context(doing)?.container, at))
    }

    /// The one item of an answer, as sent.
    async fn metadata(&self, call: Call, doing: &'static str) -> Result<(Metadata, Container)> {
        let container = self.container(call, doing).await?;
        let Some(value) = container.metadata.0.first() else {
            // Gone is what the server counts as nothing; an answer that could not be read is not.
            let gone = container.size.get() == Some(0);
            return Err(BackendError::new(if gone { ErrorKind::NotFound } else { ErrorKind::Decode }, doing));
        };
        let item = map::decode(value).ok_or_else(|| BackendError::new(ErrorKind::Decode, doing))?;
        Ok((item, container))
    }
}

impl PlexBackend {
    /// How a version is to be converted; `None` when its file is played. A server that does not decide gives the file.
    async fn decide(&self, wanted: &Wanted<'_>) -> Result<Option<(PlayMethod, Vec<NotDirect>)>> {
        let doing = "decide how to play";
        let client =
            self.client.clone().with_header(SESSION, &SecretString::from(wanted.session)).context(doing)?;
        let answer = client.send(wanted.decision_call()).await;
        let decision = answer.and_then(|reply| reply.json::<DecisionEnvelope>());
        let decision = match decision {
            Ok(envelope) => envelope.container,
            Err(error) if wanted.is_unknown(error.kind) => {
                debug!(kind = ?error.kind, "the server decides nothing: the file is played");
                return Ok(None);
            }
            Err(error) => return Err(error).context(doing),
        };
        match decision.verdict(wanted) {
            Verdict::Direct => Ok(None),
            Verdict::Converted(method, reasons) => Ok(Some((method, reasons))),
            Verdict::Never => Err(BackendError::unsupported(doing)),
        }
    }

    async fn shelf_page(&self, call: Call) -> Result<ShelfContainer> {
        let doing = "list shelves";
        Ok(self.client.send(call).await.context(doing)?.json::<ShelfEnvelope>().context(doing)?.container)
    }

    /// Every page of a listing of shelves, or of what stands on one.
    async fn all_pages(&self, call: &Call) -> Result<Vec<ShelfContainer>> {
        let mut pages = Vec::new();
        let mut start: u32 = 0;
        for _ in 0..shelves::MOST_PAGES {
            let page = self.shelf_page(shelves::paged(call, start)).await?;
            let is_last = page.is_last(start);
            start = start.saturating_add(page.received());
            pages.push(page);
            if is_last {
                return Ok(pages);
            }
        }
        Err(BackendError::new(ErrorKind::Decode, "list shelves"))
    }
}

#[async_trait]
impl MediaBackend for PlexBackend {
    async fn test_connection(&self) -> Result<()> {
        self.server_identity().await.map(drop)
    }

    async fn libraries(&self) -> Result<Vec<LibraryRecord>> {
        let container = self.container(Call::get("/library/sections"), "list libraries").await?;
        Ok(container.directory.0.iter().filter_map(map::library).collect())
    }

    async fn items(&self, library: &LibraryRecord, kind: ItemKind, page: PageRequest) -> Result<ItemPage> {
        if listing::never_holds(library, kind) {
            return Ok(ItemPage { total: Some(0), ..ItemPage::default() });
        }
        let (container, at) = self.dated(listing::call(library, kind, page)?, "list items").await?;
        let page = listing::page(&container, kind, page)?;
        if page.skipped > 0 {
            debug!(skipped = page.skipped, "items of a page could not be read");
        }
        Ok(ItemPage { at, ..page })
    }

    async fn changes(
        &self,
        library: &LibraryRecord,
        kind: ItemKind,
        delta: Delta,
        page: PageRequest,
    ) -> Result<DeltaPage> {
        if listing::never_holds(library, kind) {
            return Ok(DeltaPage::nothing());
        }
        let Some(call) = listing::changes_call(library, kind, delta, page)? else {
            return Ok(DeltaPage::nothing());
        };
        let (container, at) = self.dated(call, "list changes").await?;
        let found = listing::page(&container, kind, page)?;
        let is_last = listing::is_last(&container, &found, delta, page);
        Ok(DeltaPage { page: ItemPage { at, ..found }, is_last })
    }

    /// The kind is what the item itself shows: a home video without a mark of its own is a film here, and
    /// only its library tells.
    async fn details(&self, item: &RemoteId) -> Result<DetailRecord> {
        let doing = "get details";
        let call = Call::get("/library/metadata/{}")
            .segment(item.as_str())
            .query("includeGuids", 1)
            .query("includeChapters", 1)
            .query("includeMarkers", 1)
            .query("includeExtras", 1)
            .query("includePreferences", 0)
            .cached();
        let (metadata, container) = self.metadata(call, doing).await?;
        let item = map::item(&metadata, &container, map::kind(&metadata));
        let item = item.ok_or_else(|| BackendError::new(ErrorKind::Decode, doing))?;
        let extras = around::extras(&metadata, &container, &item.remote_id);
        let rated = Rated::Kept(metadata.user_rating.get().and_then(UserRating::from_number));
        Ok(DetailRecord { item, details: map_details::details(&metadata), extras: Some(extras), rated })
    }

    async fn stream(&self, item: &RemoteId, ask: &StreamAsk) -> Result<StreamSource> {
        let details = self.details(item).await?.details;
        let (place, version) = playback::version(&details, ask.version.as_deref())?;
        let session = playback::new_session();
        let wanted = Wanted { item, place, version, ask, session: &session };
        let converted = if playback::has_picture(version) { self.decide(&wanted).await? } else { None };
        playback::stream_source(self.client.base(), &self.headers, &wanted, converted)
    }

    async fn keep_stream(&self, session: &str) -> Result<()> {
        self.client.send(convert::keep_call(session)).await.context("keep a playback").map(drop)
    }

    async fn end_stream(&self, session: &str) -> Result<()> {
        self.client.send(convert::end_call(session)).await.context("end a playback").map(drop)
    }

    async fn media(&self, ask: &MediaAsk) -> Result<MediaOpened> {
        media::open(&self.client, ask).await
    }

    fn image(&self, request: &ImageRequest) -> Result<Location> {
        images::image_request(self.client.base(), &self.headers, request).map(Location::Remote)
    }

    async fn picture(&self, request: &ImageRequest, known: &Validators) -> Result<PictureReply> {
        picture::fetch(&self.client, self.image(request)?, known).await
    }

    async fn preview_index(&self, file: &ImageKey) -> Result<PreviewIndex> {
        previews::index(&self.client, file).await
    }

    async fn report_playback(&self, item: &RemoteId, report: &PlaybackReport) -> Result<()> {
        let doing = "report playback";
        let client = self.client.clone();
        let client = match &report.play_session_id {
            Some(session) => {
                client.with_header(SESSION, &SecretString::from(session.as_str())).context(doing)?
            }
            None => client,
        };
        client.send(playback::timeline(item, report)).await.context(doing).map(drop)
    }

    /// The server ignores the position 0. What was left in the middle gets the mark that it had before, which takes
    /// the position away.
    async fn set_position(&self, item: &RemoteId, report: &PlaybackReport) -> Result<()> {
        let doing = "store a position";
        let call = match playback::progress(item, report) {
            Some(call) => call,
            None => match self.watch_state(item).await? {
                state if state.position.is_zero() => return Ok(()),
                state => playback::mark(item, state.play_count > 0),
            },
        };
        self.client.send(call).await.context(doing).map(drop)
    }

    /// The server takes its own time for the mark.
    async fn set_watched(&self, item: &RemoteId, watched: bool, _at: DateTime<Utc>) -> Result<()> {
        self.client.send(playback::mark(item, watched)).await.context("mark as watched").map(drop)
    }

    async fn set_favourite(&self, _item: &RemoteId, _favourite: bool) -> Result<()> {
        Err(BackendError::unsupported("mark as favourite"))
    }

    async fn set_rating(&self, item: &RemoteId, rating: Option<UserRating>) -> Result<()> {
        self.client.send(playback::rate(item, rating)).await.context("rate").map(drop)
    }

    async fn watch_state(&self, item: &RemoteId) -> Result<WatchState> {
        let call = Call::get("/library/metadata/{}")
            .segment(item.as_str())
            .query("excludeElements", NOT_WATCH_STATE);
        let (metadata, _) = self.metadata(call, "get the watch state").await?;
        Ok(map::watch_state(&metadata, map::kind(&metadata)))
    }

    async fn items_by_id(&self, ids: &[RemoteId]) -> Result<ItemPage> {
        match self.dated(listing::by_id_call(ids), "list items by id").await {
            Ok((container, at)) => Ok(ItemPage { at, ..listing::page_of_any(&container) }),
            // None of them is there.
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(ItemPage::default()),
            Err(error) => Err(error),
        }
    }

    async fn live(&self) -> Result<LiveStream> {
        let [usual, other] = live::calls();
        let socket = match self.client.open_socket(&usual).await {
            Err(error) if error.kind == ErrorKind::NotFound => self.client.open_socket(&other).await,
            opened => opened,
        };
        Ok(LiveStream::new(self.client.base(), socket.context("follow what happens")?, live::PlexLive))
    }

    async fn search(&self, text: &str, limit: u32) -> Result<Vec<ItemRecord>> {
        let text = text.trim();
        if text.is_empty() || limit == 0 {
            return Ok(Vec::new());
        }
        let call = Call::get("/hubs/search").query("query", text).query("limit", limit);
        match self.container(call, "search").await {
            Ok(container) => Ok(map::found(&container, limit)),
            // There is nothing that could be searched.
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    async fn shelves(&self, kind: ShelfKind, libraries: &[LibraryRecord]) -> Result<ShelfListing> {
        let mut listing = ShelfListing::none();
        for call in shelves::list_calls(kind, libraries) {
            if kind == ShelfKind::Hub {
                listing.shelves.extend(self.shelf_page(call).await?.hubs());
                continue;
            }
            match self.all_pages(&call).await {
                Ok(pages) => {
                    for entry in pages.iter().flat_map(ShelfContainer::shelves) {
                        listing.is_complete &= entry.is_some();
                        listing.shelves.extend(entry);
                    }
                }
                // Not known here, or not for this user: says nothing about what is there.
                Err(error) if error.kind() == ErrorKind::NotFound => listing.is_complete = false,
                Err(error) => return Err(error),
            }
        }
        Ok(listing)
    }

    async fn shelf_items(&self, kind: ShelfKind, shelf: &RemoteId) -> Result<Vec<RemoteId>> {
        let pages = self.all_pages(&shelves::items_call(kind, shelf)?).await?;
        Ok(pages.iter().flat_map(ShelfContainer::ids).collect())
    }

    /// A server tells names and portraits, which come with the details of items.
    async fn person(&self, _person: &PersonRef) -> Result<PersonRecord> {
        Err(BackendError::unsupported("get a person"))
    }

    async fn titles_of(&self, person: &PersonRef) -> Result<Vec<TitleOf>> {
        let doing = "list titles of a person";
        let found = self.container(around::namesakes_call(&person.name), doing).await?;
        let mut titles = Vec::new();
        for (role, call) in around::titles_calls(&found, &person.name) {
            titles.extend(around::titles(&self.container(call, doing).await?, role));
        }
        Ok(titles)
    }

    async fn similar(&self, item: &RemoteId) -> Result<Vec<RemoteId>> {
        let container = self.container(around::similar_call(item), "find similar items").await?;
        Ok(around::ids(&container))
    }
}

#[cfg(test)]
mod tests;
