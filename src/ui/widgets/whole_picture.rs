//! A picture as a whole, for those who show it large.

use gtk::gdk;

use crate::backends::BackendError;
use crate::models::{ImageKey, ImageRequest, ImageSize, SourceId};
use crate::net::ErrorKind;
use crate::services::images::ImageService;
use crate::services::{AppContext, Result};
use crate::ui::pictures::{Fit, decode_file};

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
    let side = i32::try_from(size.width()).unwrap_or(i32::MAX);
    let decoded = relm4::spawn_blocking(move || decode_file(&file, Fit::Within(side))).await.ok().flatten();
    Ok(decoded.ok_or_else(|| BackendError::new(ErrorKind::Decode, "show a picture"))?)
}
