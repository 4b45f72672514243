//! Answers and refusals, in the forms that the server has for them.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};
use std::time::Duration;

/// A JSON object that leaves out what is not there.
#[derive(Debug, Clone, Default)]
pub(crate) struct Object(Map<String, Value>);

impl Object {
    pub(crate) fn put(&mut self, name: &str, value: impl Into<Value>) {
        self.0.insert(name.to_owned(), value.into());
    }

    pub(crate) fn maybe(&mut self, name: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.put(name, value);
        }
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Self::Object(object.0)
    }
}

/// 200 with JSON.
pub(crate) fn answer(value: impl Into<Value>) -> Response {
    Json(value.into()).into_response()
}

/// A list in its envelope.
pub(crate) fn page(items: &[Value], total: usize, start: usize) -> Response {
    answer(json!({ "Items": items, "TotalRecordCount": total, "StartIndex": start }))
}

/// 204.
pub(crate) fn done() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

/// 401 without a body: no token, or a dead one.
pub(crate) fn unauthorized() -> Response {
    StatusCode::UNAUTHORIZED.into_response()
}

/// 400 with problem details.
pub(crate) fn bad_request() -> Response {
    problem(StatusCode::BAD_REQUEST)
}

/// 404 with problem details.
pub(crate) fn not_found() -> Response {
    problem(StatusCode::NOT_FOUND)
}

/// 500, as for an exception that nothing caught.
pub(crate) fn server_error() -> Response {
    (StatusCode::INTERNAL_SERVER_ERROR, "Error processing request.").into_response()
}

fn problem(status: StatusCode) -> Response {
    let details = json!({
        "type": "https://tools.ietf.org/html/rfc9110#section-15.5",
        "title": status.canonical_reason().unwrap_or_default(),
        "status": status.as_u16(),
        "traceId": format!("00-{}-0000000000000001-00", super::ids::secret()),
    });
    let headers = [(header::CONTENT_TYPE, "application/problem+json; charset=utf-8")];
    (status, headers, details.to_string()).into_response()
}

/// A length in ticks of 100 ns.
pub(crate) fn ticks(length: Duration) -> u64 {
    u64::try_from(length.as_nanos() / 100).unwrap_or(u64::MAX)
}

/// Ticks of 100 ns as a length.
pub(crate) fn length(ticks: u64) -> Duration {
    Duration::from_micros(ticks / 10) + Duration::from_nanos(ticks % 10 * 100)
}

/// A date with seven digits of a second.
pub(crate) fn stamp(date: DateTime<Utc>) -> String {
    let nanos = date.to_rfc3339_opts(SecondsFormat::Nanos, true);
    // `…05.123456700Z` without its last two digits.
    nanos.get(..nanos.len() - 3).map(|text| format!("{text}Z")).unwrap_or(nanos)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_has_seven_digits_of_a_second() {
        let date = DateTime::from_timestamp(1_735_787_045, 123_456_789).unwrap_or_default();
        assert_eq!(stamp(date), "2025-01-02T03:04:05.1234567Z");
    }

    #[test]
    fn ticks_go_there_and_back() {
        let odd = Duration::from_nanos(12_345_678_900);
        assert_eq!(ticks(odd), 123_456_789);
        assert_eq!(length(123_456_789), odd);
    }
}
