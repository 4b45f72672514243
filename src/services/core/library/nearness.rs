//! Which copy of a title is nearest.

use std::collections::{HashMap, HashSet};

use crate::models::{FolderNumber, Item, Source, SourceId, SourceKind, Tier};

/// What is added for a copy that cannot be reached.
const OUT_OF_REACH: u8 = 10;

/// How near the copies of a title are.
#[derive(Debug, Default)]
pub(super) struct Nearness {
    pub(super) sources: HashMap<SourceId, u8>,
    /// Folders that are away, of sources of which others are there.
    pub(super) away: HashSet<(SourceId, FolderNumber)>,
}

impl Nearness {
    /// Of these sources as they stand now.
    pub(super) fn of(sources: &[Source]) -> Self {
        let away = sources.iter().flat_map(|source| {
            let away = source.folders.iter().filter(|folder| folder.away_since.is_some());
            away.map(|folder| (source.id, folder.number))
        });
        Self {
            sources: sources.iter().map(|source| (source.id, nearness_of(source))).collect(),
            away: away.collect(),
        }
    }

    /// Whether the source or folder of a copy is there, as far as is known.
    pub(super) fn is_in_reach(&self, copy: &Item) -> bool {
        self.copy(copy) < OUT_OF_REACH
    }

    /// Of one copy: less is nearer.
    pub(super) fn copy(&self, copy: &Item) -> u8 {
        let place = self.sources.get(&copy.source_id).copied().unwrap_or(u8::MAX);
        let folder = FolderNumber::split(copy.record.remote_id.as_str()).0;
        if self.away.contains(&(copy.source_id, folder)) { place.max(OUT_OF_REACH) } else { place }
    }
}

fn nearness_of(source: &Source) -> u8 {
    if source.kind == SourceKind::Local {
        return if source.is_online { 0 } else { OUT_OF_REACH };
    }
    let tier = source
        .connections
        .connections
        .iter()
        .find(|connection| Some(&connection.uri) == source.connection_url.as_ref())
        .map_or(Tier::Remote, crate::models::ServerConnection::tier);
    let place = match tier {
        Tier::Local => 1,
        Tier::Remote => 2,
        Tier::Relay => 3,
    };
    if source.is_online { place } else { place + OUT_OF_REACH }
}
