//! `gnome-reel libraries | show | search | stream-url`.

use secrecy::ExposeSecret as _;
use serde::Serialize;

use super::Result;
use super::output::{ItemRow, LibraryRow, Output, say};
use crate::backends::Location;
use crate::models::{CreditRole, Item, MediaDetails, MediaId, StreamKind};
use crate::services::core::{BackendService, LibraryService, PlaybackService};
use crate::services::{AppContext, ServiceError};
use crate::ui::clock::clock;
use crate::ui::error_text;

/// Takes the place of a secret.
const REDACTED: &str = "REDACTED";

pub(super) async fn libraries(ctx: &AppContext, output: Output) -> Result {
    let sources = LibraryService::sources(ctx).await?;
    let shown = sources.iter().filter(|source| source.is_shown());
    let rows: Vec<LibraryRow> =
        shown.flat_map(|source| source.libraries.iter().map(LibraryRow::from)).collect();
    output.rows(&rows, &LibraryRow::COLUMNS, LibraryRow::cells)
}

pub(super) async fn search(ctx: &AppContext, text: &str, limit: u32, output: Output) -> Result {
    let cards = LibraryService::search(ctx, text, limit).await?;
    let items: Vec<Item> = cards.into_iter().map(|card| card.item).collect();
    print_items(&items, output)
}

pub(super) fn print_items(items: &[Item], output: Output) -> Result {
    let rows: Vec<ItemRow> = items.iter().map(ItemRow::from).collect();
    output.rows(&rows, &ItemRow::COLUMNS, ItemRow::cells)
}

#[derive(Debug, Serialize)]
struct Shown {
    #[serde(flatten)]
    item: ItemRow,
    summary: Option<String>,
    genres: Vec<String>,
    details: Option<MediaDetails>,
}

pub(super) async fn show(ctx: &AppContext, id: MediaId, output: Output) -> Result {
    // What the server says now, else what is known here.
    if let Err(error) = BackendService::get_details(ctx, id).await {
        if matches!(error, ServiceError::Storage(_)) {
            return Err(error.into());
        }
        say(&format!("{} Showing what is known here.", error_text::sentence(&error)));
    }
    let item = LibraryService::item(ctx, id).await?;
    let details = LibraryService::details(ctx, id).await?.map(|(details, _)| details);
    let text = describe(&item, details.as_ref());
    let shown = Shown {
        item: ItemRow::from(&item),
        summary: item.record.summary.clone(),
        genres: item.record.genres.clone(),
        details,
    };
    output.one(&shown, &text)
}

fn describe(item: &Item, details: Option<&MediaDetails>) -> String {
    let record = &item.record;
    let mut lines = vec![match record.year {
        Some(year) => format!("{} ({year})", record.title),
        None => record.title.clone(),
    }];
    if let Some(duration) = record.duration {
        lines.push(format!("Length    {}", clock(duration)));
    }
    if !record.watch.position.is_zero() {
        lines.push(format!("Place     {}", clock(record.watch.position)));
    }
    lines.push(format!("Watched   {}", if record.watch.watched { "yes" } else { "no" }));
    if !record.genres.is_empty() {
        lines.push(format!("Genres    {}", record.genres.join(", ")));
    }
    if let Some(rating) = record.rating {
        lines.push(format!("Rating    {rating:.1}"));
    }
    if let Some(details) = details {
        let cast: Vec<&str> = details
            .credits
            .iter()
            .filter(|credit| credit.role == CreditRole::Actor)
            .map(|credit| credit.name.as_str())
            .take(6)
            .collect();
        if !cast.is_empty() {
            lines.push(format!("Cast      {}", cast.join(", ")));
        }
        for version in &details.versions {
            let streams: Vec<String> = version
                .streams
                .iter()
                .map(|stream| {
                    let kind = match stream.kind {
                        StreamKind::Video => "video",
                        StreamKind::Audio => "audio",
                        StreamKind::Subtitle => "subtitles",
                    };
                    let words = [stream.codec.as_deref(), stream.language.as_deref()];
                    let words: Vec<&str> = words.into_iter().flatten().collect();
                    format!("{kind} {}", words.join(" "))
                })
                .collect();
            let container = version.container.as_deref().unwrap_or("file");
            lines.push(format!("Version   {container}: {}", streams.join(", ")));
        }
    }
    if let Some(summary) = &record.summary {
        lines.push(String::new());
        lines.push(summary.clone());
    }
    lines.join("\n")
}

#[derive(Debug, Serialize)]
struct StreamRow {
    url: String,
    headers: Vec<(&'static str, String)>,
    container: Option<String>,
    version_id: String,
}

pub(super) async fn stream_url(ctx: &AppContext, id: MediaId, reveal: bool, output: Output) -> Result {
    let item = PlaybackService::next_to_play(ctx, id).await?;
    let stream = BackendService::get_stream_url(ctx, item.id, None).await?;
    let (url, headers) = match &stream.location {
        Location::File(path) => (path.display().to_string(), Vec::new()),
        Location::Remote(request) => {
            let show = |name: &str, value: &secrecy::SecretString| {
                let secret = name.contains("token") || name.contains("authorization");
                if secret && !reveal { REDACTED.to_owned() } else { value.expose_secret().to_owned() }
            };
            let headers = request.headers.iter().map(|(name, value)| (*name, show(name, value))).collect();
            (request.url.to_string(), headers)
        }
    };
    let text = headers
        .iter()
        .fold(url.clone(), |text, (name, value): &(&str, String)| format!("{text}\n{name}: {value}"));
    let row = StreamRow { url, headers, container: stream.container, version_id: stream.version_id };
    output.one(&row, &text)
}
