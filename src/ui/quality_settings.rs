//! What the user has set about the quality of streams, brought to the core: at the start, and whenever it changes.

use gtk::gio::prelude::SettingsExt as _;

use super::settings::Settings;
use crate::models::{Quality, UsualQuality};
use crate::player::detect_decoders;
use crate::services::AppContext;

/// Most kilobits per second from a server in the same network; 0 for the original, as in the next two.
pub(super) const QUALITY_HOME: &str = "quality-home";
/// The same over the internet.
pub(super) const QUALITY_AWAY: &str = "quality-away";
/// The same where traffic costs money.
pub(super) const QUALITY_METERED: &str = "quality-metered";

/// Applies what is set, and goes on doing so. Before the first playback this machine's decoders are looked up.
pub(super) fn start(ctx: &AppContext, settings: &Settings) {
    ctx.streams.detect_with(detect_decoders);
    let Some(settings) = settings.bindable() else { return };
    apply(ctx, settings);
    let ctx = ctx.clone();
    settings.connect_changed(None, move |settings, key| {
        if [QUALITY_HOME, QUALITY_AWAY, QUALITY_METERED].contains(&key) {
            apply(&ctx, settings);
        }
    });
}

fn apply(ctx: &AppContext, settings: &gtk::gio::Settings) {
    let quality = |key| Quality::from_kilobits(settings.uint(key));
    ctx.streams.set_usual(UsualQuality {
        home: quality(QUALITY_HOME),
        away: quality(QUALITY_AWAY),
        metered: quality(QUALITY_METERED),
    });
}
