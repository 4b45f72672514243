//! Readers that forgive: servers that speak the same protocol differ in types.
//!
//! A field of the wrong type counts as absent, a broken entry of a list is dropped. What cannot be missed is
//! checked where it is mapped.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A field that may be missing, `null`, or of another type than documented. Numbers in quotes are read as
/// numbers, bare numbers as texts where a text is due.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Maybe<T>(pub(super) Option<T>);

impl<T> Default for Maybe<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> From<T> for Maybe<T> {
    fn from(value: T) -> Self {
        Self(Some(value))
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Maybe<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(|value| Self(read(value)))
    }
}

impl Maybe<String> {
    /// The text, unless it is empty or blank.
    pub(super) fn text(&self) -> Option<&str> {
        self.0.as_deref().map(str::trim).filter(|text| !text.is_empty())
    }

    /// The text as an own value, unless it is empty or blank.
    pub(super) fn owned(&self) -> Option<String> {
        self.text().map(str::to_owned)
    }
}

impl Maybe<bool> {
    /// Whether it is there and true.
    pub(super) fn is_true(&self) -> bool {
        self.0 == Some(true)
    }
}

impl Maybe<i64> {
    /// The number, when it is one that counts something.
    pub(super) fn count(&self) -> Option<u32> {
        self.0.and_then(|number| u32::try_from(number).ok())
    }
}

/// A list of which every readable entry counts; anything but a list is an empty one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entries<T>(pub(super) Vec<T>);

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Value::deserialize(deserializer)? {
            Value::Array(values) => Self(values.into_iter().filter_map(read).collect()),
            _ => Self::default(),
        })
    }
}

/// Reads an object. Anything else is refused, also a list of the right length, which would fit by place.
pub(super) fn object<T: DeserializeOwned>(value: Value) -> Option<T> {
    value.is_object().then(|| T::deserialize(value).ok()).flatten()
}

/// A text without control characters but line feeds and tabs: nothing can show them, and a NUL ends the text of C
/// libraries.
fn shown(value: Value) -> Value {
    let is_shown = |letter: &char| !letter.is_control() || matches!(letter, '\n' | '\t');
    match value {
        Value::String(text) if text.chars().any(|letter| !is_shown(&letter)) => {
            Value::String(text.chars().filter(is_shown).collect())
        }
        value => value,
    }
}

/// Reads a value as it is or, failing that, in its other spelling.
fn read<T: DeserializeOwned>(value: Value) -> Option<T> {
    let value = shown(value);
    if value.is_null() {
        return None;
    }
    T::deserialize(&value).ok().or_else(|| {
        let other = match &value {
            Value::String(text) => serde_json::from_str::<Value>(text).ok()?,
            Value::Number(number) => Value::String(number.to_string()),
            _ => return None,
        };
        T::deserialize(other).ok()
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct Sample {
        number: Maybe<i64>,
        text: Maybe<String>,
        list: Entries<i64>,
    }

    #[test]
    fn wrong_types_count_as_absent_or_are_converted() {
        for (value, number, text) in [
            (json!({}), None, None),
            (json!({"number": null, "text": null}), None, None),
            (json!({"number": "12", "text": 7}), Some(12), Some("7")),
            (json!({"number": "twelve", "text": ["x"]}), None, None),
            (json!({"number": {"a": 1}, "text": "  "}), None, None),
        ] {
            let sample: Sample = serde_json::from_value(value.clone()).unwrap();
            assert_eq!(sample.number.0, number, "{value}");
            assert_eq!(sample.text.text(), text, "{value}");
        }
    }

    #[test]
    fn control_characters_are_dropped() {
        let sample: Sample = serde_json::from_value(json!({"text": "Salt\u{0} & \u{7}Pepper\n"})).unwrap();
        assert_eq!(sample.text.0.as_deref(), Some("Salt & Pepper\n"));
    }

    #[test]
    fn a_broken_entry_is_dropped_alone() {
        let sample: Sample = serde_json::from_value(json!({"list": [1, "x", null, 4]})).unwrap();
        assert_eq!(sample.list.0, [1, 4]);
        let sample: Sample = serde_json::from_value(json!({"list": "none"})).unwrap();
        assert!(sample.list.0.is_empty());
    }
}
