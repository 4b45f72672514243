//! An item as the Media Server writes it: attributes, tags and the things that hang on it.
//!
//! Types drift as they do on a real server (`docs/protocols.md`): numbers that are strings in some rows, lists
//! that are left out, attributes that stand on the container only.

use super::listing::last_viewed;
use super::marks::Marks;
use super::state::rating_key;
use super::tree::Node;
use super::{around, file, images};
use crate::catalogue::{Catalogue, ExtraKind, Item, ItemKind, ItemNumber};
use crate::media::SampleVideos;
use serde_json::Value;
use std::time::Duration;

/// How many roles and genres an item has in a list; its details have all.
const TAGS_IN_LIST: usize = 3;

/// How much of an item is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    /// As in a list.
    List {
        /// `includeGuids=1`.
        guids: bool,
    },
    /// As in `/library/metadata/{id}`.
    Full {
        /// `includeChapters=1`.
        chapters: bool,
        /// `includeMarkers=1`.
        markers: bool,
        /// `includeExtras=1`.
        extras: bool,
    },
}

/// Writes items for one user.
#[derive(Clone, Copy)]
pub(crate) struct Writer<'a> {
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) marks: &'a Marks,
    pub(crate) videos: &'a SampleVideos,
    pub(crate) detail: Detail,
}

impl Writer<'_> {
    /// Writes the items that exist.
    pub(crate) fn items(&self, numbers: &[ItemNumber]) -> Vec<Node> {
        numbers.iter().filter_map(|number| self.catalogue.item(*number)).map(|item| self.item(item)).collect()
    }

    /// Writes one item.
    pub(crate) fn item(&self, item: &Item) -> Node {
        let folder = !item.kind.is_leaf();
        let key = rating_key(item.number);
        let path = format!("/library/metadata/{key}");
        let stamp = item.updated.timestamp();
        let image = |kind: &str, exists: bool| exists.then(|| images::path(item.number, kind, stamp));
        let shown_key = if folder { format!("{path}/children") } else { path.clone() };
        let node = Node::new(tag_name(item.kind))
            .with("ratingKey", key)
            .with("key", shown_key)
            .with("guid", guid(item))
            .with("type", type_name(item.kind))
            .maybe("title", text(&item.title))
            .maybe("titleSort", (item.sort_title != item.title).then(|| text(&item.sort_title)).flatten())
            .maybe("originalTitle", item.original_title.as_deref())
            .maybe("contentRating", item.age_rating.as_deref())
            .with("summary", item.summary.as_deref().unwrap_or_default())
            .maybe("tagline", item.tagline.as_deref())
            .maybe("year", item.year.filter(|year| *year > 1))
            .maybe("originallyAvailableAt", item.released.map(|day| day.to_string()))
            .maybe("duration", item.duration.map(milliseconds))
            .maybe("rating", item.critic_rating.map(|rating| f64::from(rating) / 10.0))
            .maybe("audienceRating", item.community_rating.map(tenths))
            .maybe("userRating", self.marks.rating(item.number))
            .maybe("thumb", image("thumb", item.has_poster))
            .maybe("art", image("art", item.has_backdrop))
            .with("addedAt", item.added.timestamp())
            .with("updatedAt", stamp);
        let node = self.place(self.watched(node, item), item);
        let node = self.tags(images_of(node, item), item);
        let node = match self.detail {
            Detail::Full { extras: true, .. } => node.one("Extras", self.extras(item)),
            _ => node,
        };
        if folder { node } else { self.file(node, item) }
    }

    /// Trailers and the like of an item, as they stand in its details.
    fn extras(&self, item: &Item) -> Node {
        let writer = Writer { detail: Detail::List { guids: false }, ..*self };
        let extras = self.catalogue.extras_of(item.number);
        let nodes: Vec<Node> = extras
            .map(|(extra, kind)| {
                let subtype = if kind == ExtraKind::Trailer { "trailer" } else { "behindTheScenes" };
                writer.item(extra).with("subtype", subtype)
            })
            .collect();
        Node::new("Extras").with("size", nodes.len()).list("Metadata", nodes)
    }

    fn media(&self, item: &Item, streams: bool) -> Vec<Node> {
        let mut media = vec![file::media(item, self.videos.of(item.number), streams)];
        if self.catalogue.second_versions.contains(&item.number) {
            media.push(file::second(item, streams));
        }
        media
    }

    /// What the user did with it: of a folder, counts of what is below.
    fn watched(&self, node: Node, item: &Item) -> Node {
        let node = node.maybe("lastViewedAt", last_viewed(self.catalogue, self.marks, item));
        if item.kind.is_leaf() {
            let state = self.marks.known(item.number);
            let views = state.map(|state| state.play_count.max(u32::from(state.played)));
            return node
                .maybe("viewCount", views.filter(|views| *views > 0))
                .maybe("viewOffset", self.marks.position(item.number).map(milliseconds));
        }
        let below = self.catalogue.leaves(item.number);
        let viewed = below.iter().filter(|leaf| self.marks.watched(**leaf)).count();
        let children = self.catalogue.children.get(&item.number).map_or(0, Vec::len);
        node.with("leafCount", below.len())
            .with("viewedLeafCount", viewed)
            .maybe("childCount", (item.kind == ItemKind::Series).then_some(children))
    }

    /// Where a season or an episode belongs.
    fn place(&self, node: Node, item: &Item) -> Node {
        let parent = item.parent.and_then(|parent| self.catalogue.item(parent));
        let grandparent = parent.and_then(|parent| self.catalogue.item(parent.parent?));
        let node = match item.kind {
            ItemKind::Series => node.with("index", 1),
            ItemKind::Season => node.maybe("index", item.season),
            ItemKind::Episode | ItemKind::Track => {
                node.maybe("index", item.episode).maybe("parentIndex", item.season)
            }
            _ => node,
        };
        let node = match parent {
            Some(parent) => ancestor(node, parent, Ancestor::PARENT),
            None => node,
        };
        match grandparent {
            Some(grandparent) => ancestor(node, grandparent, Ancestor::GRANDPARENT),
            None => node,
        }
    }

    fn tags(&self, node: Node, item: &Item) -> Node {
        let full = matches!(self.detail, Detail::Full { .. });
        let most = if full { usize::MAX } else { TAGS_IN_LIST };
        let people = |job: &str, tag: &'static str| -> Vec<Node> {
            let of_job = item.people.iter().filter(|person| person.job == job);
            of_job
                .take(most)
                .map(|person| {
                    let node = Node::new(tag).with("tag", person.name.as_str());
                    if full {
                        let node = node.with("id", tag_id(&person.name, item));
                        node.maybe("role", person.role.as_deref())
                            .maybe("thumb", around::portrait(&person.name))
                    } else {
                        node
                    }
                })
                .collect()
        };
        let genres = item.genres.iter().take(most).map(|genre| {
            let node = Node::new("Genre").with("tag", genre.as_str());
            if full {
                node.with("id", tag_number(genre)).with("filter", format!("genre={}", tag_number(genre)))
            } else {
                node
            }
        });
        let node = node
            .list("Genre", genres.collect())
            .list("Director", people("Director", "Director"))
            .list("Writer", people("Writer", "Writer"))
            .list("Role", people("Actor", "Role"));
        let with_guids = full || self.detail == Detail::List { guids: true };
        if with_guids && !has_old_agent(item) { node.list("Guid", external_ids(item)) } else { node }
    }

    fn file(&self, node: Node, item: &Item) -> Node {
        let streams = matches!(self.detail, Detail::Full { .. });
        let node = node.with("chapterSource", "media").list("Media", self.media(item, streams));
        match self.detail {
            Detail::Full { chapters, markers, .. } => node
                .list("Chapter", if chapters { file::chapters(item) } else { Vec::new() })
                .list("Marker", if markers { file::markers(item) } else { Vec::new() }),
            Detail::List { .. } => node,
        }
    }
}

fn images_of(node: Node, item: &Item) -> Node {
    let stamp = item.updated.timestamp();
    let image = |kind: &'static str, name: &str| {
        let node = Node::new("Image").with("alt", item.title.as_str()).with("type", kind);
        node.with("url", images::path(item.number, name, stamp))
    };
    let mut images = Vec::new();
    if item.has_poster {
        images.push(image(if item.kind == ItemKind::Episode { "snapshot" } else { "coverPoster" }, "thumb"));
    }
    if item.has_backdrop {
        images.push(image("background", "art"));
    }
    let colours = Node::new("UltraBlurColors")
        .with("topLeft", "11333a")
        .with("topRight", "1d2721")
        .with("bottomRight", "5c451d")
        .with("bottomLeft", "372c10");
    let node = node.list("Image", images);
    // Seen as an object and as an array.
    if item.number.0.is_multiple_of(5) {
        node.list("UltraBlurColors", vec![colours])
    } else {
        node.one("UltraBlurColors", colours)
    }
}

/// Names of the attributes that point at a parent or grandparent.
#[derive(Clone, Copy)]
struct Ancestor {
    rating_key: &'static str,
    key: &'static str,
    guid: &'static str,
    title: &'static str,
    thumb: &'static str,
    art: Option<&'static str>,
}

impl Ancestor {
    const PARENT: Self = Self {
        rating_key: "parentRatingKey",
        key: "parentKey",
        guid: "parentGuid",
        title: "parentTitle",
        thumb: "parentThumb",
        art: None,
    };
    const GRANDPARENT: Self = Self {
        rating_key: "grandparentRatingKey",
        key: "grandparentKey",
        guid: "grandparentGuid",
        title: "grandparentTitle",
        thumb: "grandparentThumb",
        art: Some("grandparentArt"),
    };
}

fn ancestor(node: Node, item: &Item, names: Ancestor) -> Node {
    let path = format!("/library/metadata/{}", rating_key(item.number));
    let stamp = item.updated.timestamp();
    let node = node
        .with(names.rating_key, rating_key(item.number))
        .with(names.key, path.as_str())
        .with(names.guid, guid(item))
        .maybe(names.title, text(&item.title))
        .maybe(names.thumb, item.has_poster.then(|| images::path(item.number, "thumb", stamp)));
    match names.art {
        Some(art) => node.maybe(art, item.has_backdrop.then(|| images::path(item.number, "art", stamp))),
        None => node,
    }
}

/// The element in XML.
fn tag_name(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Track => "Track",
        ItemKind::Photo => "Photo",
        kind if kind.is_leaf() => "Video",
        _ => "Directory",
    }
}

/// The word for a level in `type`.
pub(crate) fn type_name(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Film | ItemKind::Video => "movie",
        ItemKind::Series => "show",
        ItemKind::Season => "season",
        ItemKind::Episode => "episode",
        ItemKind::Artist => "artist",
        ItemKind::Album => "album",
        ItemKind::Track => "track",
        // A folder of photos is told by where its key leads.
        ItemKind::PhotoAlbum | ItemKind::Photo => "photo",
        ItemKind::Extra => "clip",
        ItemKind::Unknown => "hologram",
    }
}

/// Some films were matched by an agent of the old kind, which has no `Guid` list.
fn has_old_agent(item: &Item) -> bool {
    item.kind == ItemKind::Film && item.imdb.is_some() && item.number.0 % 50 == 17
}

fn guid(item: &Item) -> String {
    match (item.kind, &item.imdb) {
        (ItemKind::Video | ItemKind::Unknown, _) => {
            format!("com.plexapp.agents.none://{:040x}?lang=xn", item.number.0)
        }
        (_, Some(imdb)) if has_old_agent(item) => format!("com.plexapp.agents.imdb://{imdb}?lang=en"),
        (kind, _) => format!("plex://{}/5d77{:020x}", type_name(kind), item.number.0),
    }
}

fn external_ids(item: &Item) -> Vec<Node> {
    let imdb = item.imdb.as_ref().map(|id| format!("imdb://{id}"));
    let tmdb = item.tmdb.map(|id| format!("tmdb://{id}"));
    imdb.into_iter().chain(tmdb).map(|id| Node::new("Guid").with("id", id)).collect()
}

/// A number for a tag, the same for the same words.
pub(crate) fn tag_number(tag: &str) -> u32 {
    tag.bytes().fold(7_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte))) % 900_000 + 1
}

/// The id of a person: a number in some items, a string in others.
fn tag_id(tag: &str, item: &Item) -> Value {
    let number = tag_number(tag);
    if item.number.0.is_multiple_of(3) { number.to_string().into() } else { number.into() }
}

fn text(words: &str) -> Option<&str> {
    (!words.is_empty()).then_some(words)
}

fn tenths(rating: f32) -> f64 {
    (f64::from(rating) * 10.0).round() / 10.0
}

/// A length or a position as Plex writes it.
pub(crate) fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
