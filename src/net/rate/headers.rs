//! What servers say about their limits. Nonsense is ignored, field by field.

use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, RETRY_AFTER};

/// Larger numbers in a reset field are seconds since 1970, smaller ones are seconds from now.
const EPOCH_FROM: f64 = 1e9;
/// No limit lasts longer; a reset after that is a number in another unit.
const LONGEST_RESET: Duration = Duration::from_hours(24);

/// The limits that an answer names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LimitHeaders {
    /// Requests that are left until the reset.
    pub remaining: Option<u64>,
    /// The time until the reset.
    pub reset: Option<Duration>,
    /// `Retry-After`.
    pub retry_after: Option<Duration>,
}

impl LimitHeaders {
    /// Reads `Retry-After`, `X-RateLimit-*`, and `RateLimit` in the forms that drafts of the IETF have given it
    /// (<https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/>): `RateLimit-Remaining` with
    /// `RateLimit-Reset`, `remaining=5, reset=30`, and `"policy";r=5;t=30`. `now` is the wall clock.
    pub fn read(headers: &HeaderMap, now: SystemTime) -> Self {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let mut limits = Self {
            retry_after: text(RETRY_AFTER.as_str()).and_then(|value| parse_retry_after(value, now)),
            ..Self::default()
        };
        if let Some((remaining, reset)) = text("ratelimit").and_then(|value| parse_combined(value, now)) {
            limits.remaining = Some(remaining);
            limits.reset = reset;
        }
        for prefix in ["ratelimit", "x-ratelimit", "x-rate-limit"] {
            let field = |name: &str| text(&format!("{prefix}-{name}"));
            limits.remaining = limits.remaining.or_else(|| field("remaining").and_then(parse_count));
            limits.reset = limits.reset.or_else(|| field("reset").and_then(|value| parse_reset(value, now)));
        }
        limits
    }

    /// Whether the answer tells of a limit on the number of requests.
    pub fn is_limited(&self) -> bool {
        self.remaining.is_some()
    }
}

/// Reads `Retry-After`: seconds or a date (RFC 9110, section 10.2.3). Nonsense and dates in the past give `None`.
pub(in crate::net) fn parse_retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return value.parse().ok().map(Duration::from_secs);
    }
    httpdate::parse_http_date(value).ok()?.duration_since(now).ok()
}

fn parse_count(value: &str) -> Option<u64> {
    let value = value.trim();
    value.bytes().all(|byte| byte.is_ascii_digit()).then(|| value.parse().ok()).flatten()
}

fn parse_reset(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    // Excludes what Rust reads as a number besides: `inf`, `nan`, exponents, signs.
    if !value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    let number: f64 = value.parse().ok()?;
    let given = Duration::try_from_secs_f64(number).ok()?;
    let reset = if number > EPOCH_FROM {
        SystemTime::UNIX_EPOCH.checked_add(given)?.duration_since(now).ok()?
    } else {
        given
    };
    (reset <= LONGEST_RESET).then_some(reset)
}

/// Reads a `RateLimit` field with several policies as that of which the least is left.
fn parse_combined(value: &str, now: SystemTime) -> Option<(u64, Option<Duration>)> {
    let parameters = |item: &str, separator: char, remaining: &str, reset: &str| {
        let mut found = (None, None);
        for (name, value) in item.split(separator).filter_map(|part| part.trim().split_once('=')) {
            if name == remaining {
                found.0 = parse_count(value);
            } else if name == reset {
                found.1 = parse_reset(value, now);
            }
        }
        found.0.map(|remaining| (remaining, found.1))
    };
    parameters(value, ',', "remaining", "reset").or_else(|| {
        value
            .split(',')
            .filter_map(|item| parameters(item, ';', "r", "t"))
            .min_by_key(|(remaining, reset)| (*remaining, std::cmp::Reverse(*reset)))
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;

    const NOON: u64 = 1_750_000_000;

    fn noon() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(NOON)
    }

    fn read(fields: &[(&'static str, &str)]) -> LimitHeaders {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        LimitHeaders::read(&headers, noon())
    }

    #[test]
    fn retry_after_reads_seconds_dates_and_refuses_nonsense() {
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        let parse = |value| parse_retry_after(value, now);
        assert_eq!(parse(" 005 "), Some(Duration::from_secs(5)));
        assert_eq!(parse("Sun, 06 Nov 1994 08:50:37 GMT"), Some(Duration::from_mins(1)));
        assert_eq!(parse("Sun, 06 Nov 1994 08:00:00 GMT"), None);
        let far = parse("Tue, 01 Dec 2099 00:00:00 GMT").unwrap();
        assert!(far > Duration::from_hours(24 * 365 * 100));
        for nonsense in ["", "soon", "-1", "-3", "+5", "1.5", "∞", "inf", "NaN", "99999999999999999999"] {
            assert_eq!(parse(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn resets_are_seconds_from_now_or_since_1970() {
        let reset = |value: &str| read(&[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", value)]).reset;
        assert_eq!(reset("30"), Some(Duration::from_secs(30)));
        assert_eq!(reset("0.5"), Some(Duration::from_millis(500)));
        assert_eq!(reset(&(NOON + 90).to_string()), Some(Duration::from_secs(90)));
        assert_eq!(reset(&(NOON - 1).to_string()), None, "in the past");
        assert_eq!(reset("1750000090000"), None, "milliseconds");
        for nonsense in ["", "-5", "soon", "inf", "1e3", "90000", ".", "1.2.3", "99999999999999999999999"] {
            assert_eq!(reset(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn every_spelling_is_understood() {
        let expected =
            LimitHeaders { remaining: Some(4), reset: Some(Duration::from_secs(30)), retry_after: None };
        for fields in [
            &[("x-ratelimit-remaining", "4"), ("x-ratelimit-reset", "30")][..],
            &[("ratelimit-remaining", "4"), ("ratelimit-reset", "30")],
            &[("x-rate-limit-remaining", "4"), ("x-rate-limit-reset", "30")],
            &[("ratelimit", "limit=10, remaining=4, reset=30")],
            &[("ratelimit", "\"day\";r=400;t=30000, \"burst\";r=4;t=30")],
        ] {
            assert_eq!(read(fields), expected, "{fields:?}");
        }
    }

    #[test]
    fn an_answer_without_limits_has_none() {
        assert!(!read(&[]).is_limited());
        assert!(!read(&[("x-ratelimit-remaining", "many"), ("ratelimit", "r")]).is_limited());
        assert!(!read(&[("retry-after", "5")]).is_limited());
        assert_eq!(read(&[("retry-after", "5")]).retry_after, Some(Duration::from_secs(5)));
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_trouble(value in "[ -~]{0,40}") {
            for name in ["ratelimit", "ratelimit-reset", "x-ratelimit-remaining", "retry-after"] {
                let limits = read(&[(name, &value)]);
                prop_assert!(limits.reset.is_none_or(|reset| reset <= LONGEST_RESET));
            }
        }
    }
}
