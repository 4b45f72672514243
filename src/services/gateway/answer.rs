//! What the player gets for a request that is admitted.

use std::sync::Arc;

use hyper::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderName, HeaderValue,
};
use hyper::{Response, StatusCode};
use tracing::debug;

use super::body::GatewayBody;
use super::identity::Identity;
use super::playlist;
use super::range::{Plan, Span, Wanted, plan};
use super::session::{Resource, Session};
use super::transfer::Transfer;
use super::upstream::{Ask, Opened};
use crate::net::{ErrorKind, MediaHead};

/// Most bytes of a playlist: a day in parts of a second.
const MOST_PLAYLIST: usize = 16 * 1024 * 1024;

/// What the player asks.
#[derive(Debug, Clone)]
pub(super) struct Question {
    /// Which part.
    pub(super) wanted: Wanted,
    /// `If-Range`: the part only of this state of the file.
    pub(super) if_range: Option<String>,
    /// Whether only the head is wanted.
    pub(super) is_head: bool,
}

/// Answers a request.
pub(super) async fn answer(
    session: &Arc<Session>,
    resource: &Arc<Resource>,
    question: Question,
) -> Response<GatewayBody> {
    let (number, thing) = (session.number, resource.number);
    let is_head = question.is_head;
    debug!(session = number, resource = thing, wanted = ?question.wanted, "open");
    match try_answer(session, resource, question).await {
        Ok(response) if is_head => response.map(|_| GatewayBody::empty()),
        Ok(response) => response,
        Err(kind) => {
            debug!(session = number, resource = thing, ?kind, "failed");
            bare(status(kind))
        }
    }
}

async fn try_answer(
    session: &Arc<Session>,
    resource: &Arc<Resource>,
    question: Question,
) -> Result<Response<GatewayBody>, ErrorKind> {
    let mut wanted = question.wanted;
    if let (Some(asked), Some(known)) = (&question.if_range, resource.identity())
        && known.etag() != Some(asked)
    {
        wanted = Wanted::Everything;
    }
    // A playlist is written anew and given whole.
    if resource.is_playlist() {
        wanted = Wanted::Everything;
    }
    let (span, opened) = match ask(session, resource, wanted).await? {
        Answer::Nothing(total) => return Ok(nothing(total)),
        Answer::Begun(span, opened) => (span, opened),
    };
    if !is_playlist(&opened) {
        return file(session, resource, span, *opened);
    }
    resource.mark_playlist();
    if span.is_whole() {
        return playlist(session, resource, span, *opened).await;
    }
    drop(opened);
    match ask(session, resource, Wanted::Everything).await? {
        Answer::Begun(span, opened) if is_playlist(&opened) => {
            playlist(session, resource, span, *opened).await
        }
        _ => Err(ErrorKind::Decode),
    }
}

/// What the server has of it.
enum Answer {
    Begun(Span, Box<Opened>),
    Nothing(Option<u64>),
}

async fn ask(session: &Session, resource: &Resource, wanted: Wanted) -> Result<Answer, ErrorKind> {
    let ask = Ask {
        place: resource.place.clone(),
        headers: resource.headers.clone(),
        range: wanted.header(),
        if_range: None,
        fresh: false,
    };
    let opened = session.upstream.open(&ask).await?;
    match plan(wanted, &opened.head).map_err(|_| ErrorKind::Decode)? {
        Plan::Send(span) => Ok(Answer::Begun(span, Box::new(opened))),
        Plan::Nothing(total) => Ok(Answer::Nothing(total)),
    }
}

fn is_playlist(opened: &Opened) -> bool {
    let kind = opened.head.content_type.as_deref().unwrap_or_default().to_ascii_lowercase();
    kind.contains("mpegurl") || playlist::is_playlist(&opened.first)
}

/// A part of a file, or all of it.
fn file(
    session: &Arc<Session>,
    resource: &Arc<Resource>,
    span: Span,
    opened: Opened,
) -> Result<Response<GatewayBody>, ErrorKind> {
    if !resource.agrees(&Identity::new(&opened.head, span.total)) {
        debug!(session = session.number, resource = resource.number, "the file is another one now");
        return Err(ErrorKind::Decode);
    }
    let head = opened.head.clone();
    let mut response = Response::new(GatewayBody::flow(Transfer::new(session, resource, span, opened)));
    *response.status_mut() = if span.is_part { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK };
    describe(&mut response, &head, span);
    Ok(response)
}

fn describe(response: &mut Response<GatewayBody>, head: &MediaHead, span: Span) {
    let Span { first, end, total, is_part, .. } = span;
    let has_ranges = total.is_some() && !head.refuses_ranges;
    put(response, ACCEPT_RANGES, if has_ranges { "bytes" } else { "none" });
    put(response, CACHE_CONTROL, "no-store");
    if let Some(kind) = &head.content_type {
        put(response, CONTENT_TYPE, kind);
    }
    if let Some(mark) = &head.validators.etag {
        put(response, ETAG, mark);
    }
    let Some(end) = end else { return };
    put(response, CONTENT_LENGTH, &(end - first).to_string());
    if is_part {
        let total = total.map_or_else(|| "*".to_owned(), |total| total.to_string());
        put(response, CONTENT_RANGE, &format!("bytes {first}-{}/{total}", end.saturating_sub(1)));
    }
}

/// A playlist whose addresses are the gateway's.
async fn playlist(
    session: &Arc<Session>,
    resource: &Arc<Resource>,
    span: Span,
    opened: Opened,
) -> Result<Response<GatewayBody>, ErrorKind> {
    let (url, connection) = (opened.url.clone(), opened.connection.clone());
    let mut transfer = Transfer::new(session, resource, span, opened);
    let mut bytes = Vec::new();
    while let Some(part) = transfer.next().await {
        bytes.extend_from_slice(&part?);
        if bytes.len() > MOST_PLAYLIST {
            return Err(ErrorKind::TooLarge);
        }
    }
    let text = String::from_utf8(bytes).map_err(|_| ErrorKind::Decode)?;
    let mut refused = 0;
    let rewritten = playlist::rewrite(&text, |address| {
        if address.starts_with("data:") {
            return address.to_owned();
        }
        let part = session.add_part(address, &url, &connection, &resource.headers);
        part.map_or_else(
            || {
                refused += 1;
                // A name that nothing has.
                "refused".to_owned()
            },
            |part| part.name.clone(),
        )
    });
    if refused > 0 {
        debug!(session = session.number, refused, "addresses of a playlist lie elsewhere");
    }
    let mut response = Response::new(GatewayBody::whole(rewritten));
    put(&mut response, CONTENT_TYPE, playlist::CONTENT_TYPE);
    put(&mut response, CACHE_CONTROL, "no-store");
    put(&mut response, ACCEPT_RANGES, "none");
    Ok(response)
}

fn nothing(total: Option<u64>) -> Response<GatewayBody> {
    let mut response = bare(StatusCode::RANGE_NOT_SATISFIABLE);
    if let Some(total) = total {
        put(&mut response, CONTENT_RANGE, &format!("bytes */{total}"));
    }
    response
}

/// A status and nothing else.
pub(super) fn bare(status: StatusCode) -> Response<GatewayBody> {
    let mut response = Response::new(GatewayBody::empty());
    *response.status_mut() = status;
    response
}

fn put(response: &mut Response<GatewayBody>, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// What a failure is to the player. Never 401, which would make it ask for a password.
fn status(kind: ErrorKind) -> StatusCode {
    match kind {
        ErrorKind::NotFound => StatusCode::NOT_FOUND,
        ErrorKind::Unauthorized | ErrorKind::Forbidden | ErrorKind::Credentials => StatusCode::FORBIDDEN,
        ErrorKind::Offline | ErrorKind::ReadTimeout | ErrorKind::ConnectTimeout => {
            StatusCode::GATEWAY_TIMEOUT
        }
        _ => StatusCode::BAD_GATEWAY,
    }
}
