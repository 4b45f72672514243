//! Values that the build decides. Each has a default, so that plain cargo works.

use std::path::{Path, PathBuf};

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

/// Where translations are, when not beside the program.
const LOCALE_DIR: Option<&str> = option_env!("GNOME_REEL_LOCALEDIR");

/// Where translations are installed: `share/locale` beside the `bin` that the program is in, unless the build said
/// another place. So one program serves every prefix, and one that was moved still finds them.
pub fn locale_dir() -> PathBuf {
    let installed = std::env::current_exe().ok().and_then(|program| beside(&program));
    LOCALE_DIR.map(PathBuf::from).or(installed).unwrap_or_else(|| PathBuf::from("/usr/share/locale"))
}

fn beside(program: &Path) -> Option<PathBuf> {
    let bin = program.parent().filter(|folder| folder.ends_with("bin"))?;
    Some(bin.parent()?.join("share/locale"))
}

/// Domain of the translations.
pub const GETTEXT_DOMAIN: &str = "gnome-reel";

/// Whether this is a development build: it has an id, files, settings and credentials of its own, beside those of
/// an installed Reel, and shows what it is.
pub const IS_DEVELOPMENT: bool =
    matches!(option_env!("GNOME_REEL_PROFILE"), Some(profile) if is_development(profile));

const fn is_development(profile: &str) -> bool {
    matches!(profile.as_bytes(), b"development")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn translations_are_looked_for_in_the_prefix_of_the_program() {
        let found = |program: &str| beside(Path::new(program));
        assert_eq!(found("/app/bin/gnome-reel"), Some(PathBuf::from("/app/share/locale")));
        assert_eq!(
            found("/home/mia/.local/bin/gnome-reel"),
            Some(PathBuf::from("/home/mia/.local/share/locale"))
        );
        assert_eq!(found("/home/mia/reel/target/debug/gnome-reel"), None);
    }
}
