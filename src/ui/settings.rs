//! The user's settings. Without an installed schema the defaults hold and nothing is stored.

use std::time::Duration;

use gtk::gio;
use gtk::gio::prelude::{SettingsExt as _, SettingsExtManual as _};

use super::pages::player::{SubtitleMode, TrackPreferences};
use crate::net::{ProxyAddress, SlowConnection};
use crate::player::language_in_words;
use crate::services::core::connection::Tuning;
use crate::services::proxy::ProxySetting;

/// Default width of the window, in pixels.
const WIDTH: i32 = 1100;
/// Default height of the window, in pixels.
const HEIGHT: i32 = 760;
/// Minutes between two readings of a library; 0 for never.
pub(super) const SYNC_INTERVAL: &str = "sync-interval-minutes";
/// Default time between two readings of a library, in minutes.
const SYNC_MINUTES: u32 = 60;

/// How large the cache of pictures may be, in megabytes.
pub(super) const IMAGE_CACHE: &str = "image-cache-megabytes";
/// Default of that.
const IMAGE_CACHE_MEGABYTES: u32 = 500;
/// Language to hear films in.
pub(super) const AUDIO_LANGUAGE: &str = "audio-language";
/// Language of subtitles.
pub(super) const SUBTITLE_LANGUAGE: &str = "subtitle-language";
/// Size of subtitles, in per cent.
const SUBTITLE_SIZE: &str = "subtitle-size";
/// When subtitles are shown.
pub(super) const SUBTITLES: &str = "subtitles";
/// Bytes of a megabyte, as people and disks count.
const MEGABYTE: u64 = 1_000_000;

/// What decides how servers are reached.
const NETWORK_KEYS: [&str; 7] = [
    "parallel-attempts",
    "stability-checks",
    "slow-connection-factor",
    "relay-allowed",
    "proxy-mode",
    "proxy-address",
    "proxy-user",
];

/// Reads and stores settings.
#[derive(Debug, Clone)]
pub(super) struct Settings(Option<gio::Settings>);

impl Settings {
    /// The installed settings, if there are any.
    pub(super) fn open() -> Self {
        Self(super::schema::settings())
    }

    /// Width, height and whether the window is maximised.
    pub(super) fn window(&self) -> (i32, i32, bool) {
        self.0.as_ref().map_or((WIDTH, HEIGHT, false), |settings| {
            (
                settings.int("window-width"),
                settings.int("window-height"),
                settings.boolean("window-maximized"),
            )
        })
    }

    pub(super) fn store_window(&self, width: i32, height: i32, maximized: bool) {
        let Some(settings) = &self.0 else { return };
        let mut stored = settings.set_boolean("window-maximized", maximized);
        if !maximized {
            stored = stored
                .and_then(|()| settings.set_int("window-width", width))
                .and_then(|()| settings.set_int("window-height", height));
        }
        note(stored);
    }

    /// The page that was open.
    pub(super) fn last_page(&self) -> String {
        self.0.as_ref().map(|settings| settings.string("last-page").to_string()).unwrap_or_default()
    }

    pub(super) fn store_last_page(&self, page: &str) {
        if let Some(settings) = &self.0 {
            note(settings.set_string("last-page", page));
        }
    }

    /// How far it was scrolled, in pixels.
    pub(super) fn last_scroll(&self) -> f64 {
        self.0.as_ref().map_or(0.0, |settings| settings.double("last-scroll"))
    }

    pub(super) fn store_last_scroll(&self, pixels: f64) {
        if let Some(settings) = &self.0 {
            note(settings.set_double("last-scroll", pixels.max(0.0)));
        }
    }

    /// Limits of the choice of connections.
    pub(super) fn tuning(&self) -> Tuning {
        let Some(settings) = &self.0 else { return Tuning::default() };
        Tuning {
            parallel: usize::try_from(settings.uint("parallel-attempts")).unwrap_or(usize::MAX),
            faster_checks: settings.uint("stability-checks"),
            slow: SlowConnection::from_factor(settings.uint("slow-connection-factor")),
            relay_allowed: settings.boolean("relay-allowed"),
        }
    }

    /// The proxy to use. An address that is none is as good as the system's setting, and is said in the log.
    pub(super) fn proxy(&self) -> ProxySetting {
        let Some(settings) = &self.0 else { return ProxySetting::System };
        match settings.string("proxy-mode").as_str() {
            "none" => ProxySetting::None,
            "manual" => match settings.string("proxy-address").parse() {
                Ok(address) => {
                    ProxySetting::Manual { address, user: settings.string("proxy-user").to_string() }
                }
                Err(problem) => {
                    tracing::warn!(%problem, "the system's proxy is used");
                    ProxySetting::System
                }
            },
            _ => ProxySetting::System,
        }
    }

    /// Stores where the proxy is; its credentials are no setting.
    pub(super) fn store_proxy(&self, address: &ProxyAddress, user: &str) {
        if let Some(settings) = &self.0 {
            let stored = settings.set_string("proxy-address", address.as_str());
            note(stored.and_then(|()| settings.set_string("proxy-user", user)));
        }
    }

    /// The settings themselves, for controls that are bound to them; none without an installed schema.
    pub(super) fn bindable(&self) -> Option<&gio::Settings> {
        self.0.as_ref()
    }

    /// Calls back whenever one of those may have changed.
    pub(super) fn watch_network(&self, changed: impl Fn(&Self) + 'static) {
        let Some(settings) = &self.0 else { return };
        let this = self.clone();
        settings.connect_changed(None, move |_, key| {
            if NETWORK_KEYS.contains(&key) {
                changed(&this);
            }
        });
    }

    /// Calls back whenever that may have changed.
    pub(super) fn watch_sync_interval(&self, changed: impl Fn(Duration) + 'static) {
        let Some(settings) = &self.0 else { return };
        let this = self.clone();
        settings.connect_changed(Some(SYNC_INTERVAL), move |_, _| changed(this.sync_interval()));
    }

    /// How often libraries are to be read; zero for never.
    pub(super) fn sync_interval(&self) -> Duration {
        let minutes = self.0.as_ref().map_or(SYNC_MINUTES, |settings| settings.uint(SYNC_INTERVAL));
        Duration::from_mins(minutes.into())
    }

    /// What was searched for, the latest first.
    pub(super) fn recent_searches(&self) -> Vec<String> {
        let kept = self.0.as_ref().map(|settings| settings.strv("recent-searches"));
        kept.map(|kept| kept.iter().map(ToString::to_string).collect()).unwrap_or_default()
    }

    pub(super) fn store_recent_searches(&self, recent: &[String]) {
        if let Some(settings) = &self.0 {
            note(settings.set_strv("recent-searches", recent));
        }
    }

    /// Bytes that pictures may take on disk.
    pub(super) fn image_cache_bytes(&self) -> u64 {
        let megabytes = self.0.as_ref().map_or(IMAGE_CACHE_MEGABYTES, |settings| settings.uint(IMAGE_CACHE));
        u64::from(megabytes) * MEGABYTE
    }

    /// Calls back when that is another.
    pub(super) fn watch_image_cache(&self, changed: impl Fn(&Self) + 'static) {
        let Some(settings) = &self.0 else { return };
        let this = self.clone();
        settings.connect_changed(Some(IMAGE_CACHE), move |_, _| changed(&this));
    }

    /// Which tracks are preferred.
    pub(super) fn track_preferences(&self) -> TrackPreferences {
        let Some(settings) = &self.0 else { return TrackPreferences::default() };
        let language = |key| language_in_words(&settings.string(key));
        let mode = match settings.string(SUBTITLES).as_str() {
            "off" => SubtitleMode::Off,
            "always" => SubtitleMode::Always,
            _ => SubtitleMode::Forced,
        };
        let subtitle_percent = Some(settings.uint(SUBTITLE_SIZE));
        TrackPreferences {
            audio: language(AUDIO_LANGUAGE),
            subtitle: language(SUBTITLE_LANGUAGE),
            mode,
            subtitle_percent,
        }
    }

    pub(super) fn store_subtitle_size(&self, percent: u32) {
        if let Some(settings) = &self.0 {
            note(settings.set_uint(SUBTITLE_SIZE, percent));
        }
    }

    /// Volume of the player, 0 to 1.
    pub(super) fn volume(&self) -> f64 {
        self.0.as_ref().map_or(1.0, |settings| settings.double("volume"))
    }

    pub(super) fn store_volume(&self, volume: f64) {
        if let Some(settings) = &self.0 {
            note(settings.set_double("volume", volume));
        }
    }
}

fn note(stored: Result<(), gtk::glib::BoolError>) {
    if let Err(error) = stored {
        tracing::warn!(%error, "a setting was not stored");
    }
}
