//! Query parameters: names in any case, lists with commas or by repetition.

use axum::http::Uri;
use chrono::{DateTime, NaiveDateTime, Utc};

/// The query of a request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Parameters {
    pairs: Vec<(String, String)>,
}

impl Parameters {
    pub(crate) fn of(uri: &Uri) -> Self {
        let query = uri.query().unwrap_or_default().as_bytes();
        Self { pairs: url::form_urlencoded::parse(query).into_owned().collect() }
    }

    /// The first value that is not empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.values(name).next()
    }

    fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        let named = self.pairs.iter().filter(move |(known, _)| known.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    pub(crate) fn number(&self, name: &str) -> Option<usize> {
        self.get(name)?.parse().ok()
    }

    pub(crate) fn decimal(&self, name: &str) -> Option<f32> {
        self.get(name)?.parse().ok()
    }

    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        match self.get(name)? {
            flag if flag.eq_ignore_ascii_case("true") => Some(true),
            flag if flag.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        }
    }

    /// A list with commas.
    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        self.split(name, ',')
    }

    /// A list with bars: of what may have a comma inside.
    pub(crate) fn piped(&self, name: &str) -> Vec<String> {
        self.split(name, '|')
    }

    fn split(&self, name: &str, separator: char) -> Vec<String> {
        let parts = self.values(name).flat_map(|value| value.split(separator)).map(str::trim);
        parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }

    pub(crate) fn date(&self, name: &str) -> Option<DateTime<Utc>> {
        date(self.get(name)?)
    }
}

/// A date: ISO 8601, without a zone in UTC, or `yyyyMMddHHmmss`.
pub(crate) fn date(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(date) = DateTime::parse_from_rfc3339(text) {
        return Some(date.with_timezone(&Utc));
    }
    let naive = |format| NaiveDateTime::parse_from_str(text, format).ok();
    Some(naive("%Y-%m-%dT%H:%M:%S%.f").or_else(|| naive("%Y%m%d%H%M%S"))?.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(query: &str) -> Parameters {
        let uri = format!("/Items?{query}").parse::<Uri>();
        uri.map(|uri| Parameters::of(&uri)).unwrap_or_default()
    }

    #[test]
    fn names_have_any_case_and_lists_two_forms() {
        let read =
            parameters("ParentId=7&fields=A,B&FIELDS=C&genres=Drama|Sci-Fi%2C%20hard&isPlayed=True&limit=x");
        assert_eq!(read.get("parentId"), Some("7"));
        assert_eq!(read.list("fields"), ["A", "B", "C"]);
        assert_eq!(read.piped("genres"), ["Drama", "Sci-Fi, hard"]);
        assert_eq!((read.flag("isPlayed"), read.number("limit")), (Some(true), None));
    }

    #[test]
    fn dates_have_three_forms() {
        let expected = date("2025-01-02T03:04:05Z");
        assert!(expected.is_some());
        for same in ["2025-01-02T03:04:05.0000000", "20250102030405", "2025-01-02T04:04:05+01:00"] {
            assert_eq!(date(same), expected, "{same}");
        }
        assert_eq!(date("yesterday"), None);
    }
}
