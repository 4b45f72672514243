//! The portrait of a person in a list: initials, and the picture when it comes.

use adw::prelude::*;
use gtk::glib;

use super::portrait;
use crate::backends::MediaRequest;
use crate::net::HttpPool;
use crate::services::images::ImageService;

/// Pixels for each pixel of the portrait, so that it is sharp on a display with twice as many.
const SHARP: i32 = 2;

/// A portrait of this size, in scalable pixels. Its picture is fetched and decoded off the main thread; without
/// one the initials stay. The fetching ends with the widget.
pub(in crate::ui) fn avatar(
    pool: &HttpPool,
    name: &str,
    size: i32,
    picture: Option<MediaRequest>,
) -> adw::Avatar {
    let avatar = adw::Avatar::builder()
        .size(size)
        .text(name)
        .show_initials(true)
        .valign(gtk::Align::Center)
        // Whose it is stands beside it.
        .accessible_role(gtk::AccessibleRole::Presentation)
        .build();
    let Some(picture) = picture else { return avatar };
    let pool = pool.clone();
    let load = relm4::spawn(async move {
        let bytes = ImageService::passing(&pool, &picture).await?;
        relm4::spawn_blocking(move || portrait(bytes, size * SHARP)).await.ok().flatten()
    });
    let end = load.abort_handle();
    avatar.connect_destroy(move |_| end.abort());
    let shown = avatar.downgrade();
    glib::spawn_future_local(async move {
        let texture = load.await.ok().flatten();
        if let (Some(avatar), Some(texture)) = (shown.upgrade(), texture) {
            avatar.set_custom_image(Some(&texture));
        }
    });
    avatar
}
