//! The picture inside of an audio file.

use std::path::Path;

use gst_pbutils::Discoverer;
use tracing::debug;

use super::discover::{TIME_LIMIT, tag_lists};
use crate::backends::local::disk::write_whole;

/// Writes the front cover as it is.
pub fn write(audio: &Path, target: &Path) -> bool {
    let Some(picture) = picture(audio) else { return false };
    let written = write_whole(target, &picture);
    if let Err(error) = &written {
        debug!(error = %error.kind(), "a cover cannot be stored");
    }
    written.is_ok()
}

fn picture(audio: &Path) -> Option<Vec<u8>> {
    let uri = gst::init().and_then(|()| gst::glib::filename_to_uri(audio, None)).ok()?;
    let info = Discoverer::new(TIME_LIMIT).ok()?.discover_uri(&uri).ok()?;
    tag_lists(&info).find_map(|list| {
        let image = list.get::<gst::tags::Image>().map(|value| value.get());
        let image = image.or_else(|| list.get::<gst::tags::PreviewImage>().map(|value| value.get()))?;
        let map = image.buffer()?.map_readable().ok()?;
        Some(map.as_slice().to_vec()).filter(|bytes| !bytes.is_empty())
    })
}
