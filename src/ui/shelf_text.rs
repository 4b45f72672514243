//! Words for collections, playlists and the servers' own rows.

use gettextrs::{gettext, ngettext};

use super::text;
use crate::models::{HubTopic, ItemKind, ShelfKind};
use crate::services::core::library::{HomeRow, HomeRowKind, HubTitle, ShelfCard};

/// The title of a row on the home page.
pub(super) fn home_row(row: &HomeRow) -> String {
    match (row.kind, &row.title) {
        (HomeRowKind::Hub(_), Some(title)) => hub(title),
        (kind, _) => text::home_row(kind),
    }
}

fn hub(title: &HubTitle) -> String {
    let about = |words: String| words.replace("{title}", &title.about);
    let by = |words: String| words.replace("{name}", &title.about);
    match title.topic {
        HubTopic::Titled => title.about.clone(),
        HubTopic::Suggestions => gettext("Suggestions"),
        HubTopic::BecauseWatched => about(gettext("Because You Watched {title}")),
        HubTopic::BecauseLiked => about(gettext("Because You Like {title}")),
        HubTopic::Director => by(gettext("Directed by {name}")),
        HubTopic::Actor => by(gettext("With {name}")),
    }
}

/// `12 titles`, `3 items`.
pub(super) fn count(kind: ShelfKind, count: u32) -> String {
    let words = match kind {
        ShelfKind::Playlist => ngettext("{n} item", "{n} items", count),
        ShelfKind::Collection | ShelfKind::Hub => ngettext("{n} title", "{n} titles", count),
    };
    words.replace("{n}", &count.to_string())
}

/// The second line of a card: how much is in it, and how long a playlist lasts.
pub(super) fn subtitle(card: &ShelfCard) -> String {
    let shelf = &card.shelf;
    let many = if shelf.is_read { card.count } else { shelf.record.item_count.unwrap_or(card.count) };
    let count = count(shelf.kind, many);
    match shelf.record.duration.filter(|_| shelf.kind == ShelfKind::Playlist) {
        Some(duration) => format!("{count} · {}", text::length(duration)),
        None => count,
    }
}

/// What a screen reader says of a card.
pub(super) fn label(card: &ShelfCard) -> String {
    format!("{}, {}", card.shelf.record.title, subtitle(card))
}

/// The heading over titles of one kind.
pub(super) fn kind(kind: ItemKind) -> String {
    match kind {
        ItemKind::Movie => gettext("Films"),
        ItemKind::Series | ItemKind::Season => gettext("Series"),
        ItemKind::Episode => gettext("Episodes"),
        ItemKind::Artist => gettext("Artists"),
        ItemKind::Album => gettext("Albums"),
        ItemKind::Track => gettext("Tracks"),
        ItemKind::PhotoAlbum | ItemKind::Photo => gettext("Photos"),
        ItemKind::Video | ItemKind::Extra | ItemKind::Other => gettext("Videos"),
    }
}
