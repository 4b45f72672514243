//! An item as the server writes it: always the short form, and what was asked for by `fields`.

use super::images::{self, Kind};
use super::music;
use super::parameters::Parameters;
use super::reply::{Object, stamp, ticks};
use super::sources;
use super::state::View;
use crate::catalogue::{Item, ItemKind, WatchState};
use chrono::{DateTime, NaiveDate, NaiveTime};
use serde_json::{Value, json};

/// How much of an item is written.
#[derive(Debug, Clone)]
pub(crate) struct Fields {
    everything: bool,
    names: Vec<String>,
    user_data: bool,
    images: bool,
    image_types: Vec<String>,
    image_limit: usize,
}

impl Fields {
    /// As in the details of one item.
    pub(crate) fn everything() -> Self {
        Self {
            everything: true,
            names: Vec::new(),
            user_data: true,
            images: true,
            image_types: Vec::new(),
            image_limit: usize::MAX,
        }
    }

    /// As a list asks for it.
    pub(crate) fn of(parameters: &Parameters) -> Self {
        Self {
            everything: false,
            names: parameters.list("fields"),
            user_data: parameters.flag("enableUserData").unwrap_or(true),
            images: parameters.flag("enableImages").unwrap_or(true),
            image_types: parameters.list("enableImageTypes"),
            image_limit: parameters.number("imageTypeLimit").unwrap_or(usize::MAX),
        }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.everything || self.names.iter().any(|known| known.eq_ignore_ascii_case(name))
    }

    pub(super) fn shows(&self, kind: Kind) -> bool {
        let listed = || self.image_types.iter().any(|known| known.eq_ignore_ascii_case(kind.name()));
        self.images && self.image_limit > 0 && (self.image_types.is_empty() || listed())
    }
}

/// The server's name of a kind of item.
pub(crate) fn type_name(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Film => "Movie",
        ItemKind::Series => "Series",
        ItemKind::Season => "Season",
        ItemKind::Episode => "Episode",
        ItemKind::Video | ItemKind::Extra => "Video",
        ItemKind::Artist => "MusicArtist",
        ItemKind::Album => "MusicAlbum",
        ItemKind::Track => "Audio",
        ItemKind::PhotoAlbum => "PhotoAlbum",
        ItemKind::Photo => "Photo",
        ItemKind::Unknown => "Hologram",
    }
}

fn media_type(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Track => "Audio",
        ItemKind::Photo => "Photo",
        kind if kind.is_leaf() => "Video",
        _ => "Unknown",
    }
}

/// What the user did with an item; of a folder, what is below counts.
pub(crate) fn user_data(view: &View<'_>, item: &Item) -> Value {
    let unknown = WatchState::default();
    let state = view.marks().known(item.number).unwrap_or(&unknown);
    let mut object = Object::default();
    object.put("PlaybackPositionTicks", ticks(state.position));
    object.put("PlayCount", state.play_count);
    object.put("IsFavorite", state.favourite);
    object.put("Played", view.marks().played(view.catalogue, item));
    object.put("Key", item.tmdb.map_or_else(|| view.ids().item(item.number), |id| id.to_string()));
    object.put("ItemId", view.ids().item(item.number));
    object.maybe("LastPlayedDate", state.last_played.map(stamp));
    match item.duration.filter(|length| !length.is_zero() && !state.position.is_zero()) {
        Some(length) if item.kind.is_leaf() => {
            object.put("PlayedPercentage", state.position.as_secs_f64() / length.as_secs_f64() * 100.0);
        }
        _ if !item.kind.is_leaf() => object.put("UnplayedItemCount", view.unplayed(item)),
        _ => {}
    }
    object.into()
}

/// Writes items in order.
pub(crate) fn items<'a>(
    view: &View<'_>,
    items: impl IntoIterator<Item = &'a Item>,
    fields: &Fields,
) -> Vec<Value> {
    items.into_iter().map(|found| item(view, found, fields).into()).collect()
}

/// Writes one item.
pub(crate) fn item(view: &View<'_>, item: &Item, fields: &Fields) -> Object {
    let mut object = Object::default();
    let leaf = item.kind.is_leaf();
    object.maybe("Name", text(&item.title));
    object.put("ServerId", view.state.setup.machine_id.as_str());
    object.put("Id", view.ids().item(item.number));
    object.put("Type", type_name(item.kind));
    object.put("IsFolder", !leaf);
    object.put("MediaType", media_type(item.kind));
    object.put("LocationType", "FileSystem");
    object.put("ChannelId", Value::Null);
    object.maybe("ProductionYear", item.year);
    object.maybe("PremiereDate", premiere(item));
    object.maybe("OfficialRating", item.age_rating.as_deref());
    object.maybe("CommunityRating", item.community_rating.map(tenths));
    object.maybe("CriticRating", item.critic_rating);
    object.maybe("RunTimeTicks", item.duration.map(ticks));
    if item.kind.is_video() {
        object.put("VideoType", "VideoFile");
        object.put("HasSubtitles", true);
    }
    if leaf && item.kind != ItemKind::Photo {
        object.put("Container", view.state.videos.of_item(item).container.extension());
    }
    if item.kind == ItemKind::Series {
        object.put("Status", "Ended");
        object.put("AirDays", json!([]));
    }
    if fields.user_data {
        object.put("UserData", user_data(view, item));
    }
    place(&mut object, view, item, fields);
    music::place(&mut object, view, item, fields);
    if fields.images {
        pictures(&mut object, item, fields);
    }
    wanted(&mut object, view, item, fields);
    if fields.everything {
        super::around::counts(&mut object, view, item);
    }
    if leaf {
        file(&mut object, view, item, fields);
    }
    object
}

/// Numbers, season and series.
fn place(object: &mut Object, view: &View<'_>, item: &Item, fields: &Fields) {
    match item.kind {
        ItemKind::Season => object.maybe("IndexNumber", item.season),
        ItemKind::Episode => {
            object.maybe("IndexNumber", item.episode);
            object.maybe("ParentIndexNumber", item.season);
            object.maybe("IndexNumberEnd", item.episode_end);
            if let Some(season) = view.parent(item).filter(|parent| parent.kind == ItemKind::Season) {
                object.put("SeasonId", view.ids().item(season.number));
                object.maybe("SeasonName", text(&season.title));
            }
        }
        _ => return,
    }
    let Some(series) = view.series(item) else { return };
    let id = view.ids().item(series.number);
    object.put("SeriesId", id.as_str());
    object.maybe("SeriesName", text(&series.title));
    if fields.shows(Kind::Primary) {
        object.maybe("SeriesPrimaryImageTag", images::tag(series, Kind::Primary));
    }
    if let Some(tag) = images::tag(series, Kind::Backdrop).filter(|_| fields.shows(Kind::Backdrop)) {
        object.put("ParentBackdropItemId", id.as_str());
        object.put("ParentBackdropImageTags", json!([tag]));
    }
    if let Some(tag) = images::tag(series, Kind::Thumb).filter(|_| fields.shows(Kind::Thumb)) {
        object.put("ParentThumbItemId", id);
        object.put("ParentThumbImageTag", tag);
    }
}

fn pictures(object: &mut Object, item: &Item, fields: &Fields) {
    let (mut tags, mut hashes) = (Object::default(), Object::default());
    for kind in [Kind::Primary, Kind::Thumb] {
        if let Some(tag) = images::tag(item, kind).filter(|_| fields.shows(kind)) {
            hashes.put(kind.name(), json!({ tag.as_str(): images::blur_hash(item) }));
            tags.put(kind.name(), tag);
        }
    }
    let backdrop = images::tag(item, Kind::Backdrop).filter(|_| fields.shows(Kind::Backdrop));
    if let Some(tag) = &backdrop {
        hashes.put("Backdrop", json!({ tag.as_str(): images::blur_hash(item) }));
    }
    object.put("ImageTags", tags);
    object.put("BackdropImageTags", backdrop.into_iter().collect::<Vec<String>>());
    object.put("ImageBlurHashes", hashes);
    if fields.has("PrimaryImageAspectRatio") && item.has_poster {
        object.put("PrimaryImageAspectRatio", images::aspect_ratio(item));
    }
}

/// What is written only when it is asked for.
fn wanted(object: &mut Object, view: &View<'_>, item: &Item, fields: &Fields) {
    let ids = view.ids();
    let mut when = |name: &str, value: &dyn Fn() -> Option<Value>| {
        if fields.has(name) {
            object.maybe(name, value());
        }
    };
    let child_count = || view.catalogue.children_of(item.number).len();
    let names = |kind: &'static str| move |name: &String| json!({ "Name": name, "Id": ids.name(kind, name) });
    let folder = !item.kind.is_leaf();
    when("SortName", &|| text(&item.sort_title).map(Value::from));
    when("OriginalTitle", &|| item.original_title.clone().map(Value::from));
    when("DateCreated", &|| Some(stamp(item.added).into()));
    when("Etag", &|| Some(images::etag(item).into()));
    when("Overview", &|| item.summary.clone().map(Value::from));
    when("Taglines", &|| Some(item.tagline.iter().cloned().collect()));
    when("Tags", &|| Some(json!([])));
    when("Genres", &|| Some(item.genres.iter().cloned().collect()));
    when("ProviderIds", &|| Some(provider_ids(item)));
    when("People", &|| Some(people(view, item)));
    when("Studios", &|| Some(json!([])));
    when("RemoteTrailers", &|| Some(json!([])));
    when("CanDelete", &|| Some(false.into()));
    when("CanDownload", &|| Some((!folder).into()));
    when("ParentId", &|| {
        Some(item.parent.map_or_else(|| ids.library(item.library), |parent| ids.item(parent)).into())
    });
    when("ChildCount", &|| folder.then(|| child_count().into()));
    when("RecursiveItemCount", &|| folder.then(|| view.catalogue.leaves(item.number).len().into()));
    if fields.has("Genres") {
        object.put("GenreItems", item.genres.iter().map(names("genre")).collect::<Vec<Value>>());
    }
}

/// What is known of the file of an item.
fn file(object: &mut Object, view: &View<'_>, item: &Item, fields: &Fields) {
    let video = view.state.videos.of_item(item);
    if item.kind == ItemKind::Photo {
        return music::photo(object, item, fields);
    }
    if fields.has("Path") {
        object.put("Path", sources::path(item, video.container));
    }
    if fields.has("MediaSources") {
        object.put("MediaSources", sources::all(view, item, ""));
    }
    if fields.has("MediaStreams") {
        object.put("MediaStreams", sources::streams(view, item, ""));
    }
    if fields.has("MediaSourceCount") {
        object.put("MediaSourceCount", sources::all(view, item, "").len());
    }
    if fields.has("Chapters") {
        object.put("Chapters", sources::chapters(item));
    }
    if item.kind == ItemKind::Track {
        return;
    }
    let (width, height) = item.picture_size().unzip();
    if fields.has("Width") {
        object.maybe("Width", width);
    }
    if fields.has("Height") {
        object.maybe("Height", height);
    }
    if fields.has("Trickplay") {
        object.put("Trickplay", super::trickplay::of_item(item, &view.ids().item(item.number)));
    }
}

fn provider_ids(item: &Item) -> Value {
    let mut object = Object::default();
    object.maybe("Imdb", item.imdb.as_deref());
    object.maybe("Tmdb", item.tmdb.map(|id| id.to_string()));
    object.into()
}

fn people(view: &View<'_>, item: &Item) -> Value {
    let people = item.people.iter().map(|person| {
        let mut object = Object::default();
        object.put("Name", person.name.as_str());
        object.put("Id", view.ids().name("person", &person.name));
        object.maybe("Role", person.role.as_deref());
        object.put("Type", person.job);
        object.maybe("PrimaryImageTag", super::around::portrait_tag(&person.name));
        Value::from(object)
    });
    people.collect()
}

/// The day it was first shown; the year 0001 stands for an unknown one.
fn premiere(item: &Item) -> Option<String> {
    let day = match item.year {
        Some(1) => NaiveDate::from_ymd_opt(1, 1, 1),
        _ => item.released,
    };
    day.map(|day| stamp(DateTime::from_naive_utc_and_offset(day.and_time(NaiveTime::MIN), chrono::Utc)))
}

/// A rating without the noise of its binary form.
fn tenths(rating: f32) -> f64 {
    (f64::from(rating) * 10.0).round() / 10.0
}

fn text(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}
