//! `gnome-reel libraries | search | stream-url`.

use secrecy::ExposeSecret as _;
use serde::Serialize;

use super::Result;
use super::output::{ItemRow, LibraryRow, Output};
use crate::backends::Location;
use crate::models::{Item, MediaId, Quality};
use crate::services::AppContext;
use crate::services::core::streaming::Wishes;
use crate::services::core::{LibraryService, PlaybackService};

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
struct StreamRow {
    url: String,
    headers: Vec<(&'static str, String)>,
    container: Option<String>,
    version_id: String,
    method: &'static str,
    reasons: Vec<&'static str>,
}

/// Prints how an item is played: as it is, or converted. Nothing is converted before somebody reads from there.
pub(super) async fn stream_url(
    ctx: &AppContext,
    id: MediaId,
    quality: Option<Quality>,
    reveal: bool,
    output: Output,
) -> Result {
    #[cfg(feature = "ui")]
    ctx.streams.detect_with(crate::player::detect_decoders);
    let item = PlaybackService::next_to_play(ctx, id).await?;
    let wishes = Wishes { quality, ..Wishes::default() };
    let stream = PlaybackService::stream(ctx, item.id, &wishes).await?;
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
    let delivery = &stream.delivery;
    let row = StreamRow {
        url,
        headers,
        container: stream.container,
        version_id: stream.version_id,
        method: delivery.method.as_str(),
        reasons: delivery.reasons.iter().map(|reason| reason.as_str()).collect(),
    };
    output.one(&row, &text)
}
