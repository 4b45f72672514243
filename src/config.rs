//! Values that the build decides. Each has a default, so that plain cargo works.

/// The application id.
pub const APP_ID: &str = match option_env!("GNOME_REEL_APP_ID") {
    Some(id) => id,
    None => "io.github.gnome_reel.Reel",
};

/// The version that is shown.
pub const VERSION: &str = match option_env!("GNOME_REEL_VERSION") {
    Some(version) => version,
    None => env!("CARGO_PKG_VERSION"),
};

/// Where translations are installed.
pub const LOCALE_DIR: &str = match option_env!("GNOME_REEL_LOCALEDIR") {
    Some(dir) => dir,
    None => "/usr/share/locale",
};

/// Domain of the translations.
pub const GETTEXT_DOMAIN: &str = "gnome-reel";

/// Whether this is a development build.
pub const IS_DEVELOPMENT: bool =
    matches!(option_env!("GNOME_REEL_PROFILE"), Some(profile) if !is_release(profile));

const fn is_release(profile: &str) -> bool {
    matches!(profile.as_bytes(), b"release")
}
