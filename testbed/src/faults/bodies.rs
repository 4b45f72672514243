//! Bodies that are slow, cut, too long or without end. All are streams: nothing large is ever in memory.

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use futures::stream::{self, Stream, StreamExt};
use std::convert::Infallible;
use std::io::{self, Write};
use std::time::Duration;

/// Pieces of long bodies.
const PIECE: usize = 16 * 1024;
/// What a wrong length is off by.
const OFF_BY: usize = 64;

type Piece = Result<Bytes, Infallible>;

/// The response with its body in memory. The answers that are changed are small; films are left alone.
async fn collected(response: Response) -> (Response, Bytes) {
    /// More than any page of a listing.
    const MOST: usize = 64 * 1024 * 1024;
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, MOST).await.unwrap_or_default();
    (Response::from_parts(parts, Body::empty()), bytes)
}

/// Sets a body of unknown size with a length that is only said.
fn with_stream(
    mut response: Response,
    length: Option<u64>,
    pieces: impl Stream<Item = Piece> + Send + 'static,
) -> Response {
    response.headers_mut().remove(header::CONTENT_LENGTH);
    if let Some(length) = length {
        response.headers_mut().insert(header::CONTENT_LENGTH, length.into());
    }
    *response.body_mut() = Body::from_stream(pieces);
    response
}

fn json() -> Response {
    ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], ()).into_response()
}

/// The body one byte at a time.
pub(super) async fn slow(response: Response, interval: Duration) -> Response {
    let (response, body) = collected(response).await;
    let length = body.len() as u64;
    let bytes = stream::iter(0..body.len()).then(move |place| {
        let byte = body.slice(place..=place);
        async move {
            tokio::time::sleep(interval).await;
            Ok(byte)
        }
    });
    with_stream(response, Some(length), bytes)
}

/// The first half of the body, then nothing.
pub(super) async fn stalled(response: Response) -> Response {
    let (response, body) = collected(response).await;
    let (length, half) = (body.len() as u64, body.slice(..body.len() / 2));
    with_stream(response, Some(length), stream::iter([Ok(half)]).chain(stream::pending()))
}

/// So many bytes of the body, then the connection breaks.
pub(super) fn cut(response: Response, after: u64) -> Response {
    let (parts, body) = response.into_parts();
    let pieces = body.into_data_stream().scan(after, |left, piece| {
        let piece = piece.map_err(io::Error::other).and_then(|mut piece| {
            if *left == 0 {
                return Err(io::ErrorKind::ConnectionReset.into());
            }
            piece.truncate(usize::try_from(*left).unwrap_or(usize::MAX));
            *left -= piece.len() as u64;
            Ok(piece)
        });
        std::future::ready(Some(piece))
    });
    Response::from_parts(parts, Body::from_stream(pieces))
}

/// The body with another length than it has.
pub(super) async fn wrong_length(response: Response, too_large: bool) -> Response {
    let (response, body) = collected(response).await;
    let said = if too_large { body.len() + OFF_BY } else { body.len().saturating_sub(OFF_BY).max(1) };
    // What the server would send beyond the length it said is lost on the way.
    let sent = body.slice(..body.len().min(said));
    with_stream(response, Some(said as u64), stream::iter([Ok(sent)]))
}

/// The body as gzip that ends in the middle.
pub(super) async fn truncated_gzip(response: Response) -> Response {
    let (mut response, body) = collected(response).await;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    let _ = encoder.write_all(&body);
    let packed = encoder.finish().unwrap_or_default();
    let half = Bytes::from(packed);
    let half = half.slice(..half.len() / 2);
    response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    with_stream(response, None, stream::iter([Ok(half)]))
}

/// JSON that never ends.
pub(super) fn endless() -> Response {
    let start = stream::iter([Ok(Bytes::from_static(b"{\"Items\":[0"))]);
    with_stream(json(), None, start.chain(stream::repeat(filling(PIECE)).map(Ok)))
}

/// So many bytes of JSON: one long text.
pub(super) fn huge(length: u64) -> Response {
    const START: &[u8] = b"{\"Id\":\"";
    const END: &[u8] = b"\"}";
    let middle = length.saturating_sub((START.len() + END.len()) as u64);
    let piece = Bytes::from(vec![b'x'; PIECE]);
    let pieces = middle / PIECE as u64;
    let rest = usize::try_from(middle % PIECE as u64).unwrap_or_default();
    let last = piece.slice(..rest);
    let filling = stream::unfold(pieces, move |left| {
        let piece = piece.clone();
        async move { (left > 0).then(|| (Ok(piece), left - 1)) }
    });
    let body = stream::iter([Ok(Bytes::from_static(START))])
        .chain(filling)
        .chain(stream::iter([Ok(last), Ok(Bytes::from_static(END))]));
    with_stream(json(), Some(middle + (START.len() + END.len()) as u64), body)
}

fn filling(length: usize) -> Bytes {
    Bytes::from(b",0".repeat(length / 2))
}

/// The body of a response as JSON, changed; as it is when it is no JSON.
pub(super) async fn changed(response: Response, change: impl FnOnce(&mut serde_json::Value)) -> Response {
    let (mut response, body) = collected(response).await;
    let body = match serde_json::from_slice::<serde_json::Value>(&body) {
        Ok(mut value) => {
            change(&mut value);
            Bytes::from(value.to_string())
        }
        Err(_) => body,
    };
    response.headers_mut().remove(header::CONTENT_LENGTH);
    *response.body_mut() = Body::from(body);
    response
}
