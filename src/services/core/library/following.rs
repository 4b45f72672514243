//! What is played after what: the episodes around one, and what playing several titles means.

use super::LibraryService;
use crate::models::{Item, ItemKind, MediaId};
use crate::services::{AppContext, Result};

impl LibraryService {
    /// The episodes of the series of an episode, in the order in which they are watched: after the last one of a season
    /// comes the first one of the next. Specials follow specials only, as they stand outside of the story. Nothing for
    /// what is no episode of a series.
    pub async fn episodes_around(ctx: &AppContext, episode: &Item) -> Result<Vec<Item>> {
        let Some(series) = episode.series_id.filter(|_| episode.record.kind == ItemKind::Episode) else {
            return Ok(Vec::new());
        };
        Ok(run_of(ctx.db.items().episodes(series).await?, episode))
    }

    /// The items that play when these are played one after the other: of a series or season its episodes, of an album
    /// or artist its tracks. What is gone, and what does not play, is left out.
    pub async fn played_as(ctx: &AppContext, titles: &[MediaId]) -> Result<Vec<MediaId>> {
        let mut played = Vec::with_capacity(titles.len());
        for id in titles {
            let Ok(item) = ctx.db.items().get(*id).await else { continue };
            let below = match item.record.kind {
                ItemKind::Series => with_specials_last(ctx.db.items().episodes(*id).await?),
                ItemKind::Season => ctx.db.items().children(*id).await?,
                ItemKind::Album | ItemKind::Artist => Self::tracks_of(ctx, &item).await?,
                kind if kind.is_playable() => vec![item],
                _ => Vec::new(),
            };
            played
                .extend(below.into_iter().filter(|item| item.record.kind.is_playable()).map(|item| item.id));
        }
        Ok(played)
    }
}

fn is_special(item: &Item) -> bool {
    item.record.season == Some(0)
}

/// The regular episodes, then the specials.
fn with_specials_last(mut episodes: Vec<Item>) -> Vec<Item> {
    episodes.sort_by_key(is_special);
    episodes
}

/// Those that an episode stands among, each place once: a second file of the same episode is another copy of it.
fn run_of(episodes: Vec<Item>, episode: &Item) -> Vec<Item> {
    let place = |item: &Item| (item.record.season, item.record.episode);
    let mut run: Vec<Item> = Vec::with_capacity(episodes.len());
    for item in episodes.into_iter().filter(|item| is_special(item) == is_special(episode)) {
        match run.last_mut() {
            Some(last) if item.record.episode.is_some() && place(last) == place(&item) => {
                if item.id == episode.id {
                    *last = item;
                }
            }
            _ => run.push(item),
        }
    }
    run
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::{ItemRecord, LibraryId, RemoteId, SourceId};

    fn episode(id: i64, season: u32, number: u32) -> Item {
        let mut record = ItemRecord::new(RemoteId::new(id.to_string()), ItemKind::Episode, "Part");
        record.season = Some(season);
        record.episode = Some(number);
        Item {
            id: MediaId(id),
            source_id: SourceId::random(),
            library_id: LibraryId(1),
            parent_id: None,
            series_id: Some(MediaId(100)),
            record,
        }
    }

    fn all() -> Vec<Item> {
        [(1, 0, 1), (2, 0, 2), (3, 1, 1), (4, 1, 2), (5, 1, 2), (6, 2, 1)]
            .map(|(id, season, number)| episode(id, season, number))
            .to_vec()
    }

    fn ids(items: &[Item]) -> Vec<i64> {
        items.iter().map(|item| item.id.0).collect()
    }

    #[test]
    fn seasons_follow_each_other_and_specials_only_specials() {
        let around = |id| {
            let all = all();
            let episode = all.iter().find(|item| item.id.0 == id).cloned();
            episode.map(|episode| ids(&run_of(all, &episode))).unwrap_or_default()
        };
        assert_eq!(around(3), [3, 4, 6]);
        assert_eq!(around(5), [3, 5, 6], "the copy that plays stands for its place");
        assert_eq!(around(1), [1, 2]);
    }

    #[test]
    fn a_whole_series_ends_with_its_specials() {
        assert_eq!(ids(&with_specials_last(all())), [3, 4, 5, 6, 1, 2]);
    }
}
