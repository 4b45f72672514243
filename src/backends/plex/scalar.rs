//! Readers of single values and lists that forgive: Plex writes numbers as text, text as numbers, booleans as
//! `1` or `"1"`, and leaves out what is empty (`docs/protocols.md#plex-json`).
//!
//! A value of a wrong type counts as absent. What cannot be missed is checked where it is mapped.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A single value that may be missing, `null`, or written as another type.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Loose<T>(Option<T>);

impl<T: Clone> Loose<T> {
    /// The value.
    pub(super) fn get(&self) -> Option<T> {
        self.0.clone()
    }
}

impl Loose<String> {
    /// The text, never blank.
    pub(super) fn text(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl Loose<bool> {
    /// Whether it is there and true.
    pub(super) fn is_true(self) -> bool {
        self.0 == Some(true)
    }
}

impl<T> Default for Loose<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'de, T: Scalar> Deserialize<'de> for Loose<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LooseVisitor(PhantomData)).map(Self)
    }
}

/// What a value can be read from. Each reader answers `None` for what makes no sense.
pub(super) trait Scalar: Sized {
    /// Reads a text; it is never blank, and has no blanks around it.
    fn from_text(text: &str) -> Option<Self>;
    /// Reads a whole number.
    fn from_integer(number: i128) -> Option<Self>;
    /// Reads a fraction.
    fn from_float(number: f64) -> Option<Self>;
    /// Reads a truth value.
    fn from_bool(_truth: bool) -> Option<Self> {
        None
    }
}

impl Scalar for String {
    /// Without control characters but line feeds and tabs: nothing can show them, and a NUL ends the text of
    /// C libraries.
    fn from_text(text: &str) -> Option<Self> {
        let shown = |letter: &char| !letter.is_control() || matches!(letter, '\n' | '\t');
        let text: Self = text.chars().filter(shown).collect();
        (!text.trim().is_empty()).then_some(text)
    }

    fn from_integer(number: i128) -> Option<Self> {
        Some(number.to_string())
    }

    fn from_float(number: f64) -> Option<Self> {
        Some(number.to_string())
    }
}

impl Scalar for bool {
    fn from_text(text: &str) -> Option<Self> {
        match text {
            "1" | "true" => Some(true),
            "0" | "false" => Some(false),
            _ => None,
        }
    }

    fn from_integer(number: i128) -> Option<Self> {
        Some(number != 0)
    }

    fn from_float(_number: f64) -> Option<Self> {
        None
    }

    fn from_bool(truth: bool) -> Option<Self> {
        Some(truth)
    }
}

impl Scalar for f64 {
    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok().and_then(Self::from_float)
    }

    #[expect(clippy::cast_precision_loss, reason = "ratings and the like are small")]
    fn from_integer(number: i128) -> Option<Self> {
        Some(number as Self)
    }

    fn from_float(number: f64) -> Option<Self> {
        number.is_finite().then_some(number)
    }
}

/// Whole numbers beyond this may have lost digits as fractions.
const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;

/// The whole part of a fraction that holds one exactly.
fn whole(number: f64) -> Option<i128> {
    #[expect(clippy::cast_possible_truncation, reason = "within bounds, and the fraction is to be dropped")]
    (number.abs() <= LARGEST_EXACT).then_some(number as i128)
}

macro_rules! integer {
    ($($name:ty),*) => {$(
        impl Scalar for $name {
            fn from_text(text: &str) -> Option<Self> {
                match text.parse() {
                    Ok(number) => Some(number),
                    Err(_) => text.parse().ok().and_then(Self::from_float),
                }
            }

            fn from_integer(number: i128) -> Option<Self> {
                number.try_into().ok()
            }

            fn from_float(number: f64) -> Option<Self> {
                whole(number).and_then(Self::from_integer)
            }
        }
    )*};
}

integer!(u32, u64, i32, i64);

struct LooseVisitor<T>(PhantomData<T>);

impl<'de, T: Scalar> Visitor<'de> for LooseVisitor<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        let text = text.trim();
        Ok(if text.is_empty() { None } else { T::from_text(text) })
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(T::from_integer(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(T::from_integer(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(T::from_float(number))
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Self::Value, E> {
        Ok(T::from_bool(truth))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

/// A list. A missing key is an empty one, a single object a list of one; entries that cannot be read are
/// dropped. Of `Value`, every entry can be read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Many<T>(pub(super) Vec<T>);

impl<T> Default for Many<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let entries = match Value::deserialize(deserializer)? {
            Value::Array(entries) => entries,
            object @ Value::Object(_) => vec![object],
            _ => Vec::new(),
        };
        Ok(Self(entries.into_iter().filter_map(|entry| T::deserialize(entry).ok()).collect()))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn read<T: Scalar>(value: Value) -> Option<T> {
        serde_json::from_value::<Loose<T>>(value).unwrap().0
    }

    #[test]
    fn text_is_text_however_it_is_written() {
        for (value, text) in [
            (json!("1049"), Some("1049")),
            (json!(1049), Some("1049")),
            (json!(-1), Some("-1")),
            (json!(2.35), Some("2.35")),
            (json!("  Attic "), Some("Attic")),
            (json!("   "), None),
            (json!("a\r\nb\u{0}\u{7}"), Some("a\nb")),
            (json!("\u{0}"), None),
            (json!(null), None),
            (json!(true), None),
            (json!(["x"]), None),
            (json!({"a": [1]}), None),
        ] {
            assert_eq!(read::<String>(value.clone()).as_deref(), text, "{value}");
        }
    }

    #[test]
    fn truth_is_truth_however_it_is_written() {
        for (value, truth) in [
            (json!(true), Some(true)),
            (json!(1), Some(true)),
            (json!("1"), Some(true)),
            (json!("true"), Some(true)),
            (json!(2), Some(true)),
            (json!(false), Some(false)),
            (json!(0), Some(false)),
            (json!("0"), Some(false)),
            (json!("yes"), None),
            (json!(null), None),
        ] {
            assert_eq!(read::<bool>(value.clone()), truth, "{value}");
        }
    }

    #[test]
    fn numbers_out_of_range_are_absent() {
        assert_eq!(read::<u32>(json!(-1)), None);
        assert_eq!(read::<u32>(json!("-1")), None);
        assert_eq!(read::<u32>(json!(4_294_967_296_u64)), None);
        assert_eq!(read::<u32>(json!("2.0")), Some(2));
        assert_eq!(read::<i64>(json!(1e300)), None);
        assert_eq!(read::<f64>(json!("nan")), None);
        assert_eq!(read::<f64>(json!("inf")), None);
        assert_eq!(read::<f64>(json!(8)), Some(8.0));
    }

    #[test]
    fn lists_forgive() {
        let list = |value| serde_json::from_value::<Many<u64>>(value).unwrap().0;
        assert_eq!(list(json!([1, "x", null, 4])), [1, 4]);
        assert!(list(json!(null)).is_empty());
        assert!(list(json!("none")).is_empty());
        let one: Many<Value> = serde_json::from_value(json!({"tag": "Drama"})).unwrap();
        assert_eq!(one.0, [json!({"tag": "Drama"})]);
    }

    proptest! {
        #[test]
        fn a_number_and_its_text_read_alike(number in any::<i64>()) {
            prop_assert_eq!(read::<i64>(json!(number)), Some(number));
            prop_assert_eq!(read::<i64>(json!(number.to_string())), Some(number));
            prop_assert_eq!(read::<String>(json!(number)), Some(number.to_string()));
            prop_assert_eq!(read::<u32>(json!(number)), u32::try_from(number).ok());
        }

        #[test]
        fn a_fraction_and_its_text_read_alike(number in -1e9..1e9_f64) {
            prop_assert_eq!(read::<f64>(json!(number)), Some(number));
            prop_assert_eq!(read::<f64>(json!(number.to_string())), Some(number));
        }

        #[test]
        fn no_text_breaks_a_reader(text in ".*") {
            read::<i32>(json!(&text));
            read::<f64>(json!(&text));
            read::<bool>(json!(&text));
            let read = read::<String>(json!(&text)).unwrap_or_default();
            prop_assert!(text.contains(char::is_control) || read == text.trim());
        }
    }
}
