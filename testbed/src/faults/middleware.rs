//! The layer that makes the faults happen.

use super::{Fault, Faults, bodies, json, refusals};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

/// Marks a response that does not reach the client as a response should.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Ending {
    /// The connection is closed instead.
    Close,
    /// The connection is reset instead.
    Reset,
    /// It is written one byte at a time.
    Trickle(Duration),
}

/// Middleware; the state is the rules and the name of the connection.
pub(crate) async fn misbehave(
    State((faults, connection)): State<(Faults, Arc<str>)>,
    request: Request,
    next: Next,
) -> Response {
    let (delay, fault) = faults.meet(&connection, request.method(), request.uri());
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    match fault {
        None | Some(Fault::Delay(_)) => next.run(request).await,
        Some(Fault::Status { code, headers, body }) => {
            let mut response = Response::new(Body::from(body));
            *response.status_mut() = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            with_headers(response, headers)
        }
        Some(Fault::Headers(headers)) => with_headers(next.run(request).await, headers),
        Some(Fault::Garbage) => json_text("{\"Items\":[{\"Name\":\"Ga".to_owned()),
        Some(Fault::Html) => {
            ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], refusals::page()).into_response()
        }
        Some(Fault::Nested(depth)) => json_text(json::nested(depth)),
        Some(Fault::WrongTypes) => bodies::changed(next.run(request).await, json::wrong_types).await,
        Some(Fault::BadItem) => bodies::changed(next.run(request).await, json::one_bad_item).await,
        Some(Fault::Silence) => std::future::pending().await,
        Some(Fault::Stall) => bodies::stalled(next.run(request).await).await,
        Some(Fault::Cut(after)) => bodies::cut(next.run(request).await, after),
        Some(Fault::SlowAnswer(interval)) => ending(next.run(request).await, Ending::Trickle(interval)),
        Some(Fault::SlowBody(interval)) => bodies::slow(next.run(request).await, interval).await,
        Some(Fault::TruncatedGzip) => bodies::truncated_gzip(next.run(request).await).await,
        Some(Fault::LengthTooLarge) => bodies::wrong_length(next.run(request).await, true).await,
        Some(Fault::LengthTooSmall) => bodies::wrong_length(next.run(request).await, false).await,
        Some(Fault::Endless) => bodies::endless(),
        Some(Fault::Huge(length)) => bodies::huge(length),
        Some(Fault::Stranger(machine_id)) => stranger(&request, &machine_id),
        Some(Fault::Close) => ending(StatusCode::BAD_GATEWAY.into_response(), Ending::Close),
        Some(Fault::Reset) => ending(StatusCode::BAD_GATEWAY.into_response(), Ending::Reset),
    }
}

fn ending(mut response: Response, ending: Ending) -> Response {
    response.extensions_mut().insert(ending);
    response
}

fn json_text(text: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], text).into_response()
}

fn with_headers(mut response: Response, headers: Vec<(String, String)>) -> Response {
    for (name, value) in headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

/// What another server of the same kind answers: everybody may know who it is, nobody of ours may come in.
fn stranger(request: &Request, machine_id: &str) -> Response {
    let path = request.uri().path();
    if request.method() == Method::GET && path.ends_with("/identity") {
        let identity = json!({ "MediaContainer": {
            "size": 0, "claimed": true, "machineIdentifier": machine_id, "version": "1.43.3.10828-0a1b2c3d4",
        }});
        return json_text(identity.to_string());
    }
    if request.method() == Method::GET && path.ends_with("/System/Info/Public") {
        let info = json!({
            "LocalAddress": "http://127.0.0.1:8096", "ServerName": "Somebody else's", "Version": "10.11.4",
            "ProductName": "Jellyfin Server", "OperatingSystem": "", "Id": machine_id,
            "StartupWizardCompleted": true,
        });
        return json_text(info.to_string());
    }
    StatusCode::UNAUTHORIZED.into_response()
}
