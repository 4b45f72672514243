//! Posters, backdrops and stills, whole and in other sizes.

use super::around;
use super::call::Call;
use super::file;
use super::reply::html_error;
use super::state::{PlexState, item_number, rating_key};
use crate::catalogue::{Catalogue, ItemKind, ItemNumber};
use crate::images;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// Larger pictures than this, in pixels of a side, are refused.
const LARGEST_SIDE: u32 = 4096;

/// Width and height in pixels.
type Size = (u32, u32);

/// A picture that the server has.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Picture {
    shape: Shape,
    title: String,
    seed: u64,
}

/// What a picture shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Poster,
    Backdrop,
    Still,
    Cover,
    Photo,
    Portrait,
}

impl Shape {
    /// Its size when none is asked for.
    fn full_size(self) -> Size {
        match self {
            Self::Poster => (600, 900),
            Self::Backdrop => (1280, 720),
            Self::Still => (640, 360),
            Self::Cover => (600, 600),
            Self::Photo => images::PHOTO_SIZE,
            Self::Portrait => (400, 600),
        }
    }

    /// The largest size of its shape inside a frame; with `cover` the smallest that fills the frame.
    fn within(self, frame: Size, cover: bool) -> Size {
        let (width, height) = self.full_size();
        let by_width = (frame.0, (frame.0 * height / width).max(1));
        let by_height = ((frame.1 * width / height).max(1), frame.1);
        if (by_width.1 > frame.1) == cover { by_width } else { by_height }
    }
}

impl Picture {
    /// The picture of a kind that an item has.
    fn of_item(catalogue: &Catalogue, number: ItemNumber, kind: &str) -> Option<Self> {
        let item = catalogue.item(number)?;
        let shape = match kind {
            "thumb" if item.has_poster && matches!(item.kind, ItemKind::Episode | ItemKind::Extra) => {
                Shape::Still
            }
            "thumb" if item.has_poster && matches!(item.kind, ItemKind::Artist | ItemKind::Album) => {
                Shape::Cover
            }
            "thumb" if item.has_poster && matches!(item.kind, ItemKind::PhotoAlbum | ItemKind::Photo) => {
                Shape::Photo
            }
            "thumb" if item.has_poster => Shape::Poster,
            "art" if item.has_backdrop => Shape::Backdrop,
            _ => return None,
        };
        Some(Self { shape, title: item.title.clone(), seed: u64::from(number.0) })
    }

    /// The picture behind one of the server's own paths.
    fn at(catalogue: &Catalogue, path: &str) -> Option<Self> {
        let path = path.split('?').next()?;
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        match parts.as_slice() {
            ["library", "metadata", key, kind, ..] => Self::of_item(catalogue, item_number(key)?, kind),
            ["library", "collections", key, "composite", ..] | ["playlists", key, "composite", ..] => {
                let shelf = super::shelves::shelf_at(catalogue, key)?;
                Some(Self::titled(shelf.title.clone(), u64::from(shelf.number)))
            }
            ["library", "sections", key, "composite", ..] => Self::of_section(catalogue, key.parse().ok()?),
            ["library", "parts", part, ..] => {
                Self::of_item(catalogue, file::item_of_part(part.parse().ok()?)?, "thumb")
            }
            ["library", "people", number, "thumb"] => {
                let number = number.parse().ok()?;
                let title = around::name_of(catalogue, number)?;
                Some(Self { shape: Shape::Portrait, title, seed: u64::from(number) })
            }
            ["library", "media", media, "chapterImages", _] => {
                Self::of_chapter(catalogue, media.parse().ok()?)
            }
            _ => None,
        }
    }

    fn titled(title: String, seed: u64) -> Self {
        Self { shape: Shape::Poster, title, seed }
    }

    fn of_section(catalogue: &Catalogue, key: u32) -> Option<Self> {
        let library = catalogue.libraries.iter().find(|library| library.number == key)?;
        Some(Self { shape: Shape::Poster, title: library.title.clone(), seed: u64::from(key) })
    }

    fn of_chapter(catalogue: &Catalogue, media: u32) -> Option<Self> {
        let item = catalogue.item(file::item_of_part(media)?)?;
        Some(Self { shape: Shape::Still, title: item.title.clone(), seed: u64::from(item.number.0) })
    }

    /// Draws it, off the threads that answer requests.
    async fn answer(self, (width, height): Size) -> Response {
        let draw = move || match self.shape {
            Shape::Poster => images::poster(&self.title, self.seed, width, height),
            Shape::Backdrop => images::backdrop(&self.title, self.seed, width, height),
            Shape::Still => images::still(&self.title, self.seed, width, height),
            Shape::Cover => images::cover(&self.title, self.seed, width, height),
            Shape::Photo => images::photo(&self.title, self.seed, width, height),
            Shape::Portrait => images::portrait(&self.title, self.seed, width, height),
        };
        match tokio::task::spawn_blocking(draw).await {
            Ok(bytes) => {
                let headers =
                    [(header::CONTENT_TYPE, "image/png"), (header::CACHE_CONTROL, "max-age=2592000")];
                (headers, bytes).into_response()
            }
            Err(_) => html_error(StatusCode::INTERNAL_SERVER_ERROR),
        }
    }
}

async fn whole(picture: Option<Picture>) -> Response {
    match picture {
        Some(picture) => {
            let size = picture.shape.full_size();
            picture.answer(size).await
        }
        None => html_error(StatusCode::NOT_FOUND),
    }
}

/// A poster with a title, of something that has both.
pub(crate) async fn whole_titled(found: Option<(String, u64)>) -> Response {
    whole(found.map(|(title, seed)| Picture::titled(title, seed))).await
}

/// The file of a photo.
pub(crate) async fn whole_photo(state: &PlexState, number: ItemNumber) -> Response {
    let picture = Picture::of_item(&state.catalogue(), number, "thumb");
    whole(picture).await
}

/// `/library/metadata/{id}/{kind}/{stamp}`.
pub(crate) async fn of_item(
    State(state): State<Arc<PlexState>>,
    Path((id, kind, _)): Path<(String, String, String)>,
    _: Call,
) -> Response {
    let picture = item_number(&id).and_then(|number| Picture::of_item(&state.catalogue(), number, &kind));
    whole(picture).await
}

/// `/library/sections/{key}/composite/{stamp}`.
pub(crate) async fn of_section(
    State(state): State<Arc<PlexState>>,
    Path((key, _)): Path<(u32, String)>,
    _: Call,
) -> Response {
    let picture = Picture::of_section(&state.catalogue(), key);
    whole(picture).await
}

/// `/library/media/{media}/chapterImages/{index}`.
pub(crate) async fn of_chapter(
    State(state): State<Arc<PlexState>>,
    Path((media, _)): Path<(u32, u32)>,
    _: Call,
) -> Response {
    let picture = Picture::of_chapter(&state.catalogue(), media);
    whole(picture).await
}

/// `/photo/:/transcode?url=…&width=…&height=…`: inside the frame, or with `minSize=1` filling it.
pub(crate) async fn transcoded(State(state): State<Arc<PlexState>>, call: Call) -> Response {
    let parameters = &call.parameters;
    let pixels = |name| {
        let pixels = parameters.number(name).and_then(|pixels| u32::try_from(pixels).ok());
        pixels.filter(|pixels| (1..=LARGEST_SIDE).contains(pixels))
    };
    let (Some(width), Some(height), Some(url)) = (pixels("width"), pixels("height"), parameters.get("url"))
    else {
        return html_error(StatusCode::BAD_REQUEST);
    };
    let picture = Picture::at(&state.catalogue(), url);
    match picture {
        Some(picture) => {
            let size = picture.shape.within((width, height), parameters.is_set("minSize"));
            picture.answer(size).await
        }
        None => html_error(StatusCode::NOT_FOUND),
    }
}

/// The path of an item's picture, as `thumb` and `art` have it.
pub(crate) fn path(item: ItemNumber, kind: &str, stamp: i64) -> String {
    format!("/library/metadata/{}/{kind}/{stamp}", rating_key(item))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_poster_fits_the_frame_or_fills_it() {
        assert_eq!(Shape::Poster.within((480, 720), false), (480, 720));
        assert_eq!(Shape::Poster.within((300, 300), false), (200, 300));
        assert_eq!(Shape::Poster.within((300, 300), true), (300, 450));
        assert_eq!(Shape::Still.within((160, 160), false), (160, 90));
    }
}
