//! Ids in public databases, from the list of the new agents or the one `guid` of the old ones
//! (`docs/protocols.md#plex-items`).

use super::dto::Metadata;
use crate::models::ExternalIds;

/// What stands before the agent's name in a `guid` of an old agent.
const OLD_AGENT: &str = "com.plexapp.agents.";

/// The ids of an item. The list wins over the single `guid`.
pub(super) fn external_ids(item: &Metadata) -> ExternalIds {
    let mut ids = ExternalIds::default();
    let listed = item.guids.0.iter().filter_map(|guid| guid.id.text()?.split_once("://"));
    for (database, id) in listed.chain(item.guid.text().and_then(of_old_agent)) {
        let slot = match database {
            "imdb" => &mut ids.imdb,
            "tmdb" => &mut ids.tmdb,
            "tvdb" => &mut ids.tvdb,
            _ => continue,
        };
        if slot.is_none() && !id.is_empty() {
            *slot = Some(id.to_owned());
        }
    }
    ids
}

/// Database and id in `com.plexapp.agents.thetvdb://81189?lang=en`. Of seasons and episodes such a text holds
/// the series' id with numbers behind it, which says nothing of the item itself: `None`.
fn of_old_agent(guid: &str) -> Option<(&str, &str)> {
    let (agent, rest) = guid.strip_prefix(OLD_AGENT)?.split_once("://")?;
    let id = rest.split('?').next().filter(|id| !id.is_empty() && !id.contains('/'))?;
    match agent {
        "imdb" => Some(("imdb", id)),
        "thetvdb" | "thetvdbdvdorder" => Some(("tvdb", id)),
        "themoviedb" => Some(("tmdb", id)),
        // `tvdb-81189`, `tmdb-603`; others name databases that are not used.
        "hama" => id.split_once('-'),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::json;

    use super::*;

    fn ids(value: serde_json::Value) -> [Option<String>; 3] {
        let item: Metadata = serde_json::from_value(value).unwrap();
        let ids = external_ids(&item);
        [ids.imdb, ids.tmdb, ids.tvdb]
    }

    #[test]
    fn the_list_is_read() {
        let found = ids(json!({"guid": "plex://movie/5d77", "Guid": [
            {"id": "imdb://tt1234567"}, {"id": "tmdb://54321"}, {"id": "tvdb://998"}, {"id": "x"}, {}, 7]}));
        assert_eq!(found, [Some("tt1234567".into()), Some("54321".into()), Some("998".into())]);
    }

    #[test]
    fn old_agents_have_one() {
        for (guid, imdb, tmdb, tvdb) in [
            ("com.plexapp.agents.imdb://tt0165832?lang=en", Some("tt0165832"), None, None),
            ("com.plexapp.agents.themoviedb://603?lang=en", None, Some("603"), None),
            ("com.plexapp.agents.thetvdb://81189?lang=en", None, None, Some("81189")),
            ("com.plexapp.agents.thetvdb://81189/1/2?lang=en", None, None, None),
            ("com.plexapp.agents.hama://tvdb-81189?lang=en", None, None, Some("81189")),
            ("com.plexapp.agents.hama://anidb-17?lang=en", None, None, None),
            ("com.plexapp.agents.none://a1b2?lang=xn", None, None, None),
            ("local://1049", None, None, None),
            ("com.plexapp.agents.imdb://", None, None, None),
        ] {
            let expected = [imdb, tmdb, tvdb].map(|id| id.map(str::to_owned));
            assert_eq!(ids(json!({"guid": guid})), expected, "{guid}");
        }
    }
}
