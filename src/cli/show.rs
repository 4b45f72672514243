//! `gnome-reel show`: an item with its people, versions and extras.

use serde::Serialize;

use super::Result;
use super::output::{ItemRow, Output, say};
use crate::models::{
    Credit, CreditRole, ExtraKind, Item, ItemKind, MediaDetails, MediaId, MediaVersion, StreamKind,
};
use crate::services::core::{BackendService, LibraryService, PlaybackService};
use crate::services::{AppContext, ServiceError};
use crate::ui::clock::clock;
use crate::ui::error_text;

/// People of a kind on one line of the text; JSON has all of them.
const MOST_NAMES: usize = 12;

#[derive(Debug, Serialize)]
struct Shown {
    #[serde(flatten)]
    item: ItemRow,
    summary: Option<String>,
    genres: Vec<String>,
    details: Option<MediaDetails>,
    /// The version that plays, when one was chosen.
    chosen_version: Option<String>,
    extras: Vec<ShownExtra>,
    similar: Vec<ItemRow>,
    copies: Vec<ItemRow>,
    /// What lies below it: seasons, episodes, albums, tracks, photos.
    contents: Vec<ItemRow>,
}

#[derive(Debug, Serialize)]
struct ShownExtra {
    extra_kind: ExtraKind,
    #[serde(flatten)]
    item: ItemRow,
}

pub(super) async fn show(ctx: &AppContext, id: MediaId, output: Output) -> Result {
    // What the server says now, else what is known here.
    if let Err(error) = BackendService::get_details(ctx, id).await {
        if matches!(error, ServiceError::Storage(_)) {
            return Err(error.into());
        }
        say(&format!("{} Showing what is known here.", error_text::sentence(&error)));
    } else if let Err(error) = LibraryService::refresh_similar(ctx, id).await {
        // A source that cannot tell is not asked in vain: the database finds something itself.
        tracing::debug!(kind = ?error.kind(), "nothing alike");
    }
    let item = LibraryService::item(ctx, id).await?;
    let details = LibraryService::details(ctx, id).await?.map(|(details, _)| details);
    let extras = match &details {
        Some(details) => LibraryService::extras(ctx, id, details).await?,
        None => Vec::new(),
    };
    let similar = LibraryService::similar(ctx, &item).await?;
    let copies = LibraryService::elsewhere(ctx, &item).await?;
    let chosen_version = PlaybackService::chosen_version(ctx, id).await?;
    let mut lines = facts(&item);
    if let Some(details) = &details {
        lines.extend(of_details(details, chosen_version.as_deref()));
    }
    lines.extend(extras.iter().map(|(kind, extra)| extra_line(*kind, extra)));
    if !copies.is_empty() {
        let names: Vec<&str> = copies.iter().map(|(_, source)| source.name.as_str()).collect();
        lines.push(format!("Also on   {}", names.join(", ")));
    }
    if !similar.is_empty() {
        let titles: Vec<&str> = similar.iter().take(6).map(|card| card.item.record.title.as_str()).collect();
        lines.push(format!("Similar   {}", titles.join(", ")));
    }
    if let Some(summary) = &item.record.summary {
        lines.extend([String::new(), summary.clone()]);
    }
    let contents = contents(ctx, &item).await?;
    let contents: Vec<ItemRow> = contents.iter().map(ItemRow::from).collect();
    lines.extend(contents.iter().map(|below| format!("  {}", below.full_title())));
    let shown = Shown {
        item: ItemRow::from(&item),
        summary: item.record.summary.clone(),
        genres: item.record.genres.clone(),
        details,
        chosen_version,
        extras: extras
            .iter()
            .map(|(kind, item)| ShownExtra { extra_kind: *kind, item: ItemRow::from(item) })
            .collect(),
        similar: similar.iter().map(|card| ItemRow::from(&card.item)).collect(),
        copies: copies.iter().map(|(item, _)| ItemRow::from(item)).collect(),
        contents,
    };
    output.one(&shown, &lines.join("\n"))
}

async fn contents(ctx: &AppContext, item: &Item) -> Result<Vec<Item>> {
    Ok(match item.record.kind {
        ItemKind::Series | ItemKind::Season => LibraryService::children(ctx, item.id).await?,
        ItemKind::Artist => LibraryService::albums_of(ctx, item.id).await?,
        ItemKind::Album => LibraryService::tracks_of(ctx, item).await?,
        ItemKind::PhotoAlbum => LibraryService::photos_in(ctx, item.id).await?,
        _ => Vec::new(),
    })
}

/// The lines about the item itself.
fn facts(item: &Item) -> Vec<String> {
    let record = &item.record;
    let mut lines = vec![match record.year {
        Some(year) => format!("{} ({year})", record.title),
        None => record.title.clone(),
    }];
    if let (true, Some(artist)) = (record.kind.is_music(), &record.series_title) {
        lines.push(format!("By        {artist}"));
    }
    if let Some(date) = record.release_date.filter(|_| record.kind.is_photo()) {
        lines.push(format!("Taken     {date}"));
    }
    if let Some(duration) = record.duration {
        lines.push(format!("Length    {}", clock(duration)));
    }
    if !record.watch.position.is_zero() {
        lines.push(format!("Place     {}", clock(record.watch.position)));
    }
    if !record.kind.is_photo() {
        lines.push(format!("Watched   {}", if record.watch.watched { "yes" } else { "no" }));
    }
    if !record.genres.is_empty() {
        lines.push(format!("Genres    {}", record.genres.join(", ")));
    }
    if let Some(rating) = record.rating {
        lines.push(format!("Rating    {rating:.1}"));
    }
    lines
}

/// The lines about people and files.
fn of_details(details: &MediaDetails, chosen: Option<&str>) -> Vec<String> {
    let people = [
        ("Cast     ", CreditRole::Actor),
        ("Director ", CreditRole::Director),
        ("Writer   ", CreditRole::Writer),
    ];
    let mut lines: Vec<String> = people
        .into_iter()
        .filter_map(|(name, role)| Some(format!("{name} {}", names(&details.credits, role)?)))
        .collect();
    lines.extend(details.versions.iter().map(|version| {
        let mark = if chosen == Some(version.id.as_str()) { " (chosen)" } else { "" };
        format!("Version   {}{mark}", version_line(version))
    }));
    lines
}

fn names(credits: &[Credit], role: CreditRole) -> Option<String> {
    let names: Vec<String> = credits
        .iter()
        .filter(|credit| credit.role == role)
        .take(MOST_NAMES)
        .map(|credit| match &credit.character {
            Some(character) => format!("{} ({character})", credit.name),
            None => credit.name.clone(),
        })
        .collect();
    (!names.is_empty()).then(|| names.join(", "))
}

fn version_line(version: &MediaVersion) -> String {
    let streams: Vec<String> = version
        .streams
        .iter()
        .map(|stream| {
            let kind = match stream.kind {
                StreamKind::Video => "video",
                StreamKind::Audio => "audio",
                StreamKind::Subtitle => "subtitles",
            };
            let words = [stream.codec.as_deref(), stream.range.as_deref(), stream.language.as_deref()];
            let words: Vec<&str> = words.into_iter().flatten().collect();
            format!("{kind} {}", words.join(" "))
        })
        .collect();
    let name = version.name.as_deref().map(|name| format!("{name}, ")).unwrap_or_default();
    let container = version.container.as_deref().unwrap_or("file");
    format!("{name}{container}: {}", streams.join(", "))
}

fn extra_line(kind: ExtraKind, extra: &Item) -> String {
    let word = match kind {
        ExtraKind::Trailer => "trailer",
        ExtraKind::BehindTheScenes => "behind the scenes",
        ExtraKind::DeletedScene => "deleted scene",
        ExtraKind::Interview => "interview",
        ExtraKind::Scene => "scene",
        ExtraKind::Featurette => "featurette",
        ExtraKind::Short => "short",
        ExtraKind::Other => "other",
    };
    let length = extra.record.duration.map(|length| format!(", {}", clock(length))).unwrap_or_default();
    format!("Extra     {} {} ({word}{length})", extra.id, extra.record.title)
}
