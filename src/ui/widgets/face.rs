//! The round portrait of somebody who has a part in a title: initials, and the picture over them when it comes.

use adw::prelude::*;

use super::{Artwork, Sight};
use crate::models::{ImageKey, ImageSize, SourceId};
use crate::services::AppContext;

/// A portrait of this size, in scalable pixels.
pub(in crate::ui) fn face(
    ctx: &AppContext,
    sight: &Sight,
    name: &str,
    size: i32,
    picture: Option<(SourceId, &ImageKey)>,
) -> gtk::Overlay {
    let initials = adw::Avatar::builder()
        .size(size)
        .text(name)
        .show_initials(true)
        // Whose it is stands beside it.
        .accessible_role(gtk::AccessibleRole::Presentation)
        .build();
    let root = gtk::Overlay::builder()
        .child(&initials)
        .halign(gtk::Align::Center)
        .valign(gtk::Align::Center)
        .accessible_role(gtk::AccessibleRole::Presentation)
        .build();
    if let Some((source, key)) = picture {
        let artwork = Artwork::sized("reel-blank-symbolic", size, size).within(sight);
        artwork.widget().add_css_class("face");
        artwork.show(ctx, source, Some(key), ImageSize::Small);
        root.add_overlay(artwork.widget());
    }
    root
}
