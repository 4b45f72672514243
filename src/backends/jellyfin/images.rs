//! Picture keys and the requests they become (`docs/protocols.md#jellyfin-images`).
//!
//! A key is `{owner}/{type}/{index}/{tag}`. The tag changes with the picture, so that a key names one picture
//! for ever; no host and no token is in it.

use secrecy::SecretString;

use super::dto::ItemDto;
use super::previews;
use super::tolerant::Maybe;
use crate::backends::{BackendError, MediaRequest, Result};
use crate::models::{Blur, Blurs, ImageKey, ImageRequest, Images, ServerUrl};
use crate::net::{Call, ErrorKind};

/// JPEG quality: above it files grow and nobody sees why.
const QUALITY: u32 = 90;
/// The server picks the first it can make.
const ACCEPT: &str = "image/jpeg,image/png";

const PRIMARY: &str = "Primary";
const BACKDROP: &str = "Backdrop";
const LOGO: &str = "Logo";
const THUMB: &str = "Thumb";
const CHAPTER: &str = "Chapter";
/// Not a type of the server: a user's portrait has its own route.
const USER: &str = "User";

/// The pictures of an item, inherited ones included. Owner and tag of an inherited picture are a pair.
pub(super) fn of_item(dto: &ItemDto) -> Images {
    let own = dto.image_tags.0.as_ref();
    let first = |tags: &[String]| tags.first().cloned().map_or_else(Maybe::default, Maybe::from);
    let no_tag = Maybe::default();
    let own_tag = |tag: Option<&Maybe<String>>, kind| key(&dto.id, kind, tag.unwrap_or(&no_tag));
    Images {
        primary: own_tag(own.map(|tags| &tags.primary), PRIMARY),
        backdrop: key(&dto.id, BACKDROP, &first(&dto.backdrop_image_tags.0))
            .or_else(|| {
                key(&dto.parent_backdrop_item_id, BACKDROP, &first(&dto.parent_backdrop_image_tags.0))
            })
            .or_else(|| own_tag(own.map(|tags| &tags.thumb), THUMB)),
        logo: own_tag(own.map(|tags| &tags.logo), LOGO)
            .or_else(|| key(&dto.parent_logo_item_id, LOGO, &dto.parent_logo_image_tag)),
        series_poster: key(&dto.series_id, PRIMARY, &dto.series_primary_image_tag),
        blurs: Blurs {
            primary: own.and_then(|tags| blur(dto, PRIMARY, &tags.primary)),
            backdrop: [&dto.backdrop_image_tags, &dto.parent_backdrop_image_tags]
                .into_iter()
                .find_map(|tags| blur(dto, BACKDROP, &first(&tags.0))),
            series_poster: blur(dto, PRIMARY, &dto.series_primary_image_tag),
        },
    }
}

/// The cover of the album that a track is on.
pub(super) fn of_album(dto: &ItemDto) -> Option<ImageKey> {
    key(&dto.album_id, PRIMARY, &dto.album_primary_image_tag)
}

/// What stands for the picture with this tag until it is there.
fn blur(dto: &ItemDto, kind: &str, tag: &Maybe<String>) -> Option<Blur> {
    let hashes = dto.image_blur_hashes.0.as_ref()?;
    Blur::of_hash(hashes.get(kind)?.get(tag.text()?)?.as_str()?)
}

/// The portrait of a person who has a part in an item.
pub(super) fn of_person(id: &Maybe<String>, tag: &Maybe<String>) -> Option<ImageKey> {
    key(id, PRIMARY, tag)
}

/// The picture of a chapter by its place in the list.
pub(super) fn of_chapter(item: &Maybe<String>, place: u32, tag: &Maybe<String>) -> Option<ImageKey> {
    Some(ImageKey::new(format!("{}/{CHAPTER}/{place}/{}", item.text()?, tag.text()?)))
}

/// The portrait of a user of the server.
pub(super) fn of_user(id: &Maybe<String>, tag: &Maybe<String>) -> Option<ImageKey> {
    key(id, USER, tag)
}

fn key(owner: &Maybe<String>, kind: &str, tag: &Maybe<String>) -> Option<ImageKey> {
    let (owner, tag) = (owner.text()?, tag.text()?);
    Some(ImageKey::new(format!("{owner}/{kind}/0/{tag}")))
}

/// How to fetch a picture. Needs no credential, hence sends none: it works before a sign-in as well.
///
/// # Errors
/// `NotFound` for a key that is not one of this backend's.
pub fn image_request(base: &ServerUrl, request: &ImageRequest) -> Result<MediaRequest> {
    let call = call(request).ok_or_else(|| BackendError::new(ErrorKind::NotFound, "find picture"))?;
    Ok(MediaRequest { url: call.url(base), headers: vec![("accept", SecretString::from(ACCEPT))] })
}

fn call(request: &ImageRequest) -> Option<Call> {
    let mut parts = request.key.as_str().rsplitn(4, '/');
    let (tag, index, kind, owner) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let index: u32 = index.parse().ok()?;
    if [tag, kind, owner].iter().any(|part| part.is_empty()) {
        return None;
    }
    if kind == USER {
        return Some(Call::get("/UserImage").query("userId", owner).query("tag", tag));
    }
    if let Some(call) = previews::sheet_call(owner, kind, index) {
        return Some(call);
    }
    let call = Call::get("/Items/{}/Images/{}/{}").segment(owner).segment(kind).segment(index.to_string());
    Some(call.query("tag", tag).query("maxWidth", request.size.width()).query("quality", QUALITY))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::models::ImageSize;

    fn url(key: &str) -> Option<String> {
        let base: ServerUrl = "https://media.example.org/jellyfin".parse().unwrap();
        let request = ImageRequest { key: ImageKey::new(key), size: ImageSize::Medium };
        image_request(&base, &request).ok().map(|request| request.url.to_string())
    }

    #[test]
    fn a_key_becomes_an_address() {
        assert_eq!(
            url("0a1b/Backdrop/0/dd44").unwrap(),
            "https://media.example.org/jellyfin/Items/0a1b/Images/Backdrop/0?tag=dd44&maxWidth=480&quality=90"
        );
        assert_eq!(
            url("9f0e/User/0/1c9d").unwrap(),
            "https://media.example.org/jellyfin/UserImage?userId=9f0e&tag=1c9d"
        );
    }

    #[test]
    fn foreign_keys_are_not_found() {
        for key in ["", "/library/metadata/5/thumb/17", "0a1b/Primary/x/aa11", "0a1b/Primary/0/", "a/b"] {
            assert_eq!(url(key), None, "{key}");
        }
    }

    #[test]
    fn no_credential_is_sent() {
        let base: ServerUrl = "http://10.0.0.2:8096".parse().unwrap();
        let request = ImageRequest { key: ImageKey::new("a/Primary/0/t"), size: ImageSize::Small };
        let names: Vec<_> = image_request(&base, &request).unwrap().headers.iter().map(|(n, _)| *n).collect();
        assert_eq!(names, ["accept"]);
    }

    #[test]
    fn inherited_pictures_are_taken_as_pairs() {
        let dto: ItemDto = serde_json::from_value(json!({
            "Id": "ep1", "ImageTags": {"Primary": "still"}, "BackdropImageTags": [],
            "ParentBackdropItemId": "show", "ParentBackdropImageTags": ["wide"],
            "ParentLogoItemId": "show", "SeriesId": "show", "SeriesPrimaryImageTag": "poster",
            "ImageBlurHashes": {"Primary": {"still": "L00001", "poster": "L00002"}, "Backdrop": 7}
        }))
        .unwrap();
        let images = of_item(&dto);
        assert_eq!(images.primary.unwrap().as_str(), "ep1/Primary/0/still");
        assert_eq!(images.backdrop.unwrap().as_str(), "show/Backdrop/0/wide");
        assert_eq!(images.logo, None, "an id without its tag is no picture");
        assert_eq!(images.series_poster.unwrap().as_str(), "show/Primary/0/poster");
        assert_eq!(images.blurs.primary.unwrap().hash(), Some("L00001"));
        assert_eq!(images.blurs.series_poster.unwrap().hash(), Some("L00002"));
        assert_eq!(images.blurs.backdrop, None);
    }
}
