//! Pictures of items and libraries, and their tags.

use super::around;
use super::ids::{Named, hash};
use super::parameters::Parameters;
use super::reply::{not_found, server_error};
use super::state::JellyfinState;
use crate::catalogue::{Item, ItemKind, ItemNumber};
use crate::images;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// Larger pictures than this, in pixels of a side, are not drawn.
const LARGEST_SIDE: u32 = 4096;

/// Digits of a number to the base 83, as a `BlurHash` has them.
const DIGITS: &[u8; 83] =
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";

/// Kinds of pictures that items have here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Primary,
    Backdrop,
    Thumb,
    Chapter,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Primary => "Primary",
            Self::Backdrop => "Backdrop",
            Self::Thumb => "Thumb",
            Self::Chapter => "Chapter",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        let kinds = [Self::Primary, Self::Backdrop, Self::Thumb, Self::Chapter];
        kinds.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(name))
    }

    fn is_had_by(self, item: &Item) -> bool {
        match self {
            Self::Primary => item.has_poster,
            Self::Backdrop => item.has_backdrop,
            Self::Thumb => item.has_backdrop && matches!(item.kind, ItemKind::Film | ItemKind::Series),
            Self::Chapter => item.kind.is_video(),
        }
    }
}

/// The tag of an item's picture; `None` when it has none. Another one after a change.
pub(crate) fn tag(item: &Item, kind: Kind) -> Option<String> {
    kind.is_had_by(item).then(|| hash(&[kind.name(), &etag(item)]))
}

/// A mark of an item that changes with it.
pub(crate) fn etag(item: &Item) -> String {
    hash(&["etag", &item.number.0.to_string(), &item.updated.timestamp_micros().to_string()])
}

/// Width by height of the primary picture.
pub(crate) fn aspect_ratio(item: &Item) -> f64 {
    let (width, height) = Shape::primary(item).full_size();
    f64::from(width) / f64::from(height)
}

/// A `BlurHash` of one component: the average colour.
pub(crate) fn blur_hash(item: &Item) -> String {
    let [red, green, blue] = images::colour(u64::from(item.number.0)).map(usize::from);
    let colour = (red << 16) + (green << 8) + blue;
    let digit = |power: u32| char::from(DIGITS[colour / 83_usize.pow(power) % 83]);
    ['0', '0'].into_iter().chain((0..4).rev().map(digit)).collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Poster,
    Backdrop,
    Still,
    Cover,
    Photo,
    Portrait,
}

impl Shape {
    pub(crate) fn primary(item: &Item) -> Self {
        match item.kind {
            ItemKind::Episode | ItemKind::Video | ItemKind::Extra => Self::Still,
            ItemKind::Artist | ItemKind::Album | ItemKind::Track => Self::Cover,
            ItemKind::PhotoAlbum | ItemKind::Photo => Self::Photo,
            _ => Self::Poster,
        }
    }

    /// The size of the source: nothing is enlarged beyond it.
    pub(crate) fn full_size(self) -> (u32, u32) {
        match self {
            Self::Poster => (1000, 1500),
            Self::Backdrop => (1920, 1080),
            Self::Still => (1280, 720),
            Self::Cover => (1000, 1000),
            Self::Photo => (2400, 1600),
            Self::Portrait => (400, 600),
        }
    }
}

#[derive(Debug)]
struct Picture {
    shape: Shape,
    title: String,
    seed: u64,
}

/// `GET /Items/{id}/Images/{type}`.
pub(crate) async fn first(
    State(state): State<Arc<JellyfinState>>,
    Path((id, kind)): Path<(String, String)>,
    uri: Uri,
) -> Response {
    image(&state, &id, &kind, 0, &uri).await
}

/// `GET /Items/{id}/Images/{type}/{index}`.
pub(crate) async fn numbered(
    State(state): State<Arc<JellyfinState>>,
    Path((id, kind, index)): Path<(String, String, u64)>,
    uri: Uri,
) -> Response {
    image(&state, &id, &kind, index, &uri).await
}

async fn image(state: &JellyfinState, id: &str, kind: &str, index: u64, uri: &Uri) -> Response {
    let parameters = Parameters::of(uri);
    let Some(picture) = Kind::parse(kind).and_then(|kind| picture(state, id, kind, index)) else {
        return not_found();
    };
    let (width, height) = size(picture.shape.full_size(), &parameters);
    let draw = move || match picture.shape {
        Shape::Poster => images::poster(&picture.title, picture.seed, width, height),
        Shape::Backdrop => images::backdrop(&picture.title, picture.seed, width, height),
        Shape::Still => images::still(&picture.title, picture.seed, width, height),
        Shape::Cover => images::cover(&picture.title, picture.seed, width, height),
        Shape::Photo => images::photo(&picture.title, picture.seed, width, height),
        Shape::Portrait => images::portrait(&picture.title, picture.seed, width, height),
    };
    let Ok(bytes) = tokio::task::spawn_blocking(draw).await else { return server_error() };
    let headers = [
        (header::CONTENT_TYPE, "image/png"),
        (header::CONTENT_DISPOSITION, "attachment"),
        (header::VARY, "Accept"),
    ];
    let mut response = (headers, bytes).into_response();
    if parameters.get("tag").is_some() {
        let forever = HeaderValue::from_static("public, max-age=31536000");
        response.headers_mut().insert(header::CACHE_CONTROL, forever);
    }
    response
}

/// The picture of an item or a library, which needs no token and therefore no user.
fn picture(state: &JellyfinState, id: &str, kind: Kind, index: u64) -> Option<Picture> {
    let catalogue = state.catalogue();
    if let Some(shelf) = state.ids.read_shelf(id).and_then(|number| catalogue.shelf(number)) {
        let picture =
            Picture { shape: Shape::Poster, title: shelf.title.clone(), seed: u64::from(shelf.number) };
        return (kind == Kind::Primary && index == 0).then_some(picture);
    }
    let Some(named) = state.ids.read(id) else {
        let name = around::name_of(state, &catalogue, id).filter(|_| kind == Kind::Primary && index == 0)?;
        around::portrait_tag(&name)?;
        return Some(Picture { shape: Shape::Portrait, seed: around::seed(&name), title: name });
    };
    match named {
        Named::Library(number) => {
            let library = catalogue.libraries.iter().find(|library| library.number == number)?;
            let title = library.title.clone();
            (kind == Kind::Primary && index == 0).then_some(Picture {
                shape: Shape::Backdrop,
                title,
                seed: u64::from(number),
            })
        }
        Named::Item(number) => {
            let item = catalogue.item(number).filter(|item| kind.is_had_by(item))?;
            let shape = match kind {
                Kind::Primary => Shape::primary(item),
                Kind::Backdrop | Kind::Thumb => Shape::Backdrop,
                Kind::Chapter => Shape::Still,
            };
            let last = if kind == Kind::Chapter { super::sources::chapters(item).len() } else { 1 };
            let exists = usize::try_from(index).is_ok_and(|index| index < last);
            let title = shown_title(&catalogue, item);
            exists.then_some(Picture { shape, title, seed: u64::from(number.0) + index })
        }
    }
}

/// A season has the title of its series on its poster.
fn shown_title(catalogue: &crate::catalogue::Catalogue, item: &Item) -> String {
    let series = |parent: ItemNumber| catalogue.item(parent);
    let named = item.parent.filter(|_| item.kind == ItemKind::Season).and_then(series).unwrap_or(item);
    named.title.clone()
}

/// The size that is asked for: exact, filling a frame (cut), or inside a frame; never larger than the source.
fn size((width, height): (u32, u32), parameters: &Parameters) -> (u32, u32) {
    let pixels = |name| {
        let pixels = parameters.number(name).and_then(|pixels| u32::try_from(pixels).ok());
        pixels.filter(|pixels| (1..=LARGEST_SIDE).contains(pixels))
    };
    let by_width = |wanted: u32| (wanted, (wanted * height / width).max(1));
    let by_height = |wanted: u32| ((wanted * width / height).max(1), wanted);
    let found = match (pixels("width"), pixels("height")) {
        (Some(wanted), None) => by_width(wanted),
        (None, Some(wanted)) => by_height(wanted),
        (Some(wide), Some(high)) => (wide, high),
        (None, None) => match (pixels("fillWidth"), pixels("fillHeight")) {
            (Some(wide), Some(high)) => (wide, high),
            (Some(wanted), None) => by_width(wanted),
            (None, Some(wanted)) => by_height(wanted),
            (None, None) => {
                let frame = (pixels("maxWidth").unwrap_or(width), pixels("maxHeight").unwrap_or(height));
                if by_width(frame.0).1 <= frame.1 { by_width(frame.0) } else { by_height(frame.1) }
            }
        },
    };
    if found.0 > width || found.1 > height { shrunk(found, (width, height)) } else { found }
}

/// The largest size of the same shape that the source can fill.
fn shrunk(wanted: (u32, u32), source: (u32, u32)) -> (u32, u32) {
    let by_width = (source.0, (source.0 * wanted.1 / wanted.0).max(1));
    if by_width.1 <= source.1 { by_width } else { ((source.1 * wanted.0 / wanted.1).max(1), source.1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sized(query: &str) -> (u32, u32) {
        let uri = format!("/?{query}").parse::<Uri>().unwrap_or_default();
        size((1000, 1500), &Parameters::of(&uri))
    }

    #[test]
    fn sizes_fit_fill_and_never_grow() {
        assert_eq!(sized(""), (1000, 1500));
        assert_eq!(sized("maxWidth=240"), (240, 360));
        assert_eq!(sized("maxWidth=300&maxHeight=300"), (200, 300));
        assert_eq!(sized("fillWidth=300&fillHeight=300"), (300, 300));
        assert_eq!(sized("height=300"), (200, 300));
        assert_eq!(sized("maxWidth=4000"), (1000, 1500));
        assert_eq!(sized("width=2000&height=2000"), (1000, 1000));
        assert_eq!(sized("maxWidth=none"), (1000, 1500));
    }
}
