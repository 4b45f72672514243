//! A picture as a whole, for those who show it large.

use gtk::{gdk, gdk_pixbuf};

use crate::backends::BackendError;
use crate::models::{ImageKey, ImageRequest, ImageSize, SourceId};
use crate::net::ErrorKind;
use crate::services::images::ImageService;
use crate::services::{AppContext, Result};
use crate::ui::pictures::texture;

/// Fetches a picture and decodes it off the main thread, no wider than asked for and the right way up.
///
/// # Errors
/// Why it could not be fetched; `Decode` when it is none.
pub(in crate::ui) async fn whole_picture(
    ctx: &AppContext,
    source: SourceId,
    key: &ImageKey,
    size: ImageSize,
) -> Result<gdk::Texture> {
    let request = ImageRequest { key: key.clone(), size };
    let file = ImageService::file(ctx, source, &request).await?;
    let width = i32::try_from(size.width()).unwrap_or(i32::MAX);
    let decoded = relm4::spawn_blocking(move || decode(&file, width)).await.ok().flatten();
    Ok(decoded.ok_or_else(|| BackendError::new(ErrorKind::Decode, "show a picture"))?)
}

/// Decodes a file no larger than a square with this side, and never larger than it is.
fn decode(file: &std::path::Path, side: i32) -> Option<gdk::Texture> {
    let (_, width, height) = gdk_pixbuf::Pixbuf::file_info(file)?;
    let side = side.min(width.max(height)).max(1);
    let pixbuf = gdk_pixbuf::Pixbuf::from_file_at_scale(file, side, side, true)
        .inspect_err(|error| tracing::debug!(%error, "a picture could not be decoded"))
        .ok()?;
    // Cameras store how they were held and not an upright picture.
    texture(&pixbuf.apply_embedded_orientation().unwrap_or(pixbuf))
}
