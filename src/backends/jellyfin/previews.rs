//! Sheets of small pictures (`docs/protocols.md#jellyfin-segments`): what the server says of them, and their addresses.

use std::time::Duration;

use super::dto::{ItemDto, TrickplayDto};
use super::tolerant::object;
use crate::models::{ImageKey, PreviewSheets, Previews};
use crate::net::Call;

/// The width that is wanted, in pixels: about as wide as a preview is shown.
const WIDTH: u32 = 320;
/// In the place of a type of pictures; width and version follow.
const SHEET: &str = "Trickplay-";

/// The sheets of a version: of several widths the one next to what is shown.
pub(super) fn of_version(item: &ItemDto, version: &str, tag: Option<&str>) -> Option<Previews> {
    let widths = item.trickplay.0.as_ref()?.get(version)?.as_object()?;
    let known = widths.values().filter_map(|value| object::<TrickplayDto>(value.clone()));
    let id = item.id.text()?;
    let sheets = known.filter_map(|dto| sheets(id, version, tag, &dto));
    sheets.min_by_key(|sheets| sheets.width.abs_diff(WIDTH)).map(Previews::Sheets)
}

fn sheets(item: &str, version: &str, tag: Option<&str>, dto: &TrickplayDto) -> Option<PreviewSheets> {
    let width = dto.width.count()?;
    let (count, interval) = (dto.thumbnail_count.count()?, dto.interval.count()?);
    let sheets = PreviewSheets {
        key: format!("{item}/{SHEET}{width}-{version}"),
        // Made anew with another interval they are others, though the file is the same.
        tag: format!("{}-{count}-{interval}", tag.unwrap_or_default().replace('/', "_")),
        width,
        height: dto.height.count()?,
        columns: dto.tile_width.count()?,
        rows: dto.tile_height.count()?,
        count,
        interval: Duration::from_millis(interval.into()),
    };
    sheets.place(Duration::ZERO).map(|_| sheets)
}

/// Whether a key is that of a sheet.
pub(super) fn is_sheet(key: &ImageKey) -> bool {
    key.as_str().rsplit('/').nth(2).is_some_and(|kind| kind.starts_with(SHEET))
}

/// The request for a sheet, of a key's owner, kind and number; `None` for other kinds.
pub(super) fn sheet_call(owner: &str, kind: &str, number: u32) -> Option<Call> {
    let (width, version) = kind.strip_prefix(SHEET)?.split_once('-')?;
    let width: u32 = width.parse().ok()?;
    let call = Call::get("/Videos/{}/Trickplay/{}/{}").segment(owner).segment(width.to_string());
    Some(call.segment(format!("{number}.jpg")).query("mediaSourceId", version))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::json;

    use super::super::images::image_request;
    use super::*;
    use crate::models::{ImageRequest, ImageSize};

    fn found(trickplay: &serde_json::Value) -> Option<PreviewSheets> {
        let item: ItemDto = serde_json::from_value(json!({ "Id": "0a1b", "Trickplay": trickplay })).unwrap();
        match of_version(&item, "5e7c", Some("c4ca")) {
            Some(Previews::Sheets(sheets)) => Some(sheets),
            _ => None,
        }
    }

    fn of_width(width: u32) -> serde_json::Value {
        json!({ "Width": width, "Height": width / 2, "TileWidth": 10, "TileHeight": 10,
                "ThumbnailCount": 684, "Interval": 10_000, "Bandwidth": 20_520 })
    }

    #[test]
    fn of_several_widths_the_one_that_is_shown_is_taken() {
        let sheets =
            found(&json!({ "5e7c": { "160": of_width(160), "320": of_width(320), "640": of_width(640) } }));
        let sheets = sheets.unwrap();
        assert_eq!((sheets.width, sheets.count, sheets.interval), (320, 684, Duration::from_secs(10)));
        let place = sheets.place(Duration::from_mins(20)).unwrap();
        assert!(is_sheet(&place.key));
        let base = "https://media.example.org/jellyfin".parse().unwrap();
        let request = ImageRequest { key: place.key, size: ImageSize::Full };
        assert_eq!(
            image_request(&base, &request).unwrap().url.as_str(),
            "https://media.example.org/jellyfin/Videos/0a1b/Trickplay/320/1.jpg?mediaSourceId=5e7c"
        );
    }

    #[test]
    fn what_cannot_be_used_is_none() {
        for broken in [
            json!({}),
            json!(null),
            json!({ "other": { "320": of_width(320) } }),
            json!({ "5e7c": [] }),
            json!({ "5e7c": { "320": { "Width": 320, "Height": 180, "TileWidth": 0, "TileHeight": 10,
                                       "ThumbnailCount": 5, "Interval": 10_000 } } }),
            json!({ "5e7c": { "320": { "Width": 320, "Height": 180, "TileWidth": 10, "TileHeight": 10,
                                       "ThumbnailCount": 5, "Interval": 0 } } }),
        ] {
            assert_eq!(found(&broken), None, "{broken}");
        }
    }

    #[test]
    fn other_pictures_are_no_sheets() {
        assert!(!is_sheet(&ImageKey::new("0a1b/Primary/0/aa11")));
        assert!(!is_sheet(&ImageKey::new("x")));
        assert!(sheet_call("0a1b", "Trickplay-wide-5e7c", 0).is_none());
    }
}
