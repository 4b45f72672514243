//! The installed settings schema, looked at before it is used.
//!
//! `GLib` ends the program when a schema, or a key in it, is asked for that is not installed. Both happen: after an
//! interrupted update, or when another version of the app was installed into the same prefix.

use gtk::gio;

use crate::config::APP_ID;

/// The schema that this program was built with. Meson changes its id for a development build, nothing else.
const WRITTEN: &str = include_str!("../../data/io.github.gnome_reel.Reel.gschema.xml");

/// The settings; none without an installed schema that has every key of this version.
pub(super) fn settings() -> Option<gio::Settings> {
    let Some(schema) = gio::SettingsSchemaSource::default().and_then(|source| source.lookup(APP_ID, true))
    else {
        tracing::info!("no settings schema: defaults are used");
        return None;
    };
    if let Some((key, _)) = keys(WRITTEN).find(|(key, kind)| !has(&schema, key, *kind)) {
        tracing::warn!(key, "the settings schema is of another version: defaults are used");
        return None;
    }
    Some(gio::Settings::new(APP_ID))
}

fn has(schema: &gio::SettingsSchema, key: &str, kind: Option<&str>) -> bool {
    schema.has_key(key) && kind.is_none_or(|kind| schema.key(key).value_type().as_str() == kind)
}

/// Names of the keys in a schema file, each with its type where the file says one.
fn keys(schema: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    schema.split("<key ").skip(1).filter_map(|key| {
        let tag = key.split('>').next()?;
        Some((attribute(tag, "name")?, attribute(tag, "type")))
    })
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, after) = tag.split_once(&format!("{name}=\""))?;
    after.split('"').next()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn keys_and_their_types_are_read_from_the_file() {
        let text =
            r#"<schema id="x"><key name="a" type="i"><default>1</default></key><key type="as" name="b"/>"#;
        assert_eq!(keys(text).collect::<Vec<_>>(), [("a", Some("i")), ("b", Some("as"))]);
    }

    #[test]
    fn every_key_of_the_file_is_found() {
        assert_eq!(keys(WRITTEN).count(), WRITTEN.matches("</key>").count());
        assert!(keys(WRITTEN).any(|key| key == ("volume", Some("d"))));
    }
}
