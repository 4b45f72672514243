//! A file over HTTP, whole or a range of it (RFC 9110, sections 13 and 14).

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::io::SeekFrom;
use std::path::Path;
use std::time::UNIX_EPOCH;
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

/// Bytes read at once.
const BLOCK: usize = 64 * 1024;

/// Answers a GET or HEAD for a file: 200 with all of it, 206 with the range that was asked for, 416 when
/// there is nothing in that range, 404 when there is no file. Several ranges at once get the whole file.
pub async fn serve_file(method: &Method, request: &HeaderMap, path: &Path, content_type: &str) -> Response {
    let Ok(mut file) = File::open(path).await else { return StatusCode::NOT_FOUND.into_response() };
    let Ok(metadata) = file.metadata().await else { return StatusCode::NOT_FOUND.into_response() };
    let size = metadata.len();
    let modified = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let etag = format!("\"{size:x}-{:x}\"", modified.unwrap_or_default().as_nanos());
    let asked = request.get(header::RANGE).and_then(|value| value.to_str().ok());
    let still_valid = request.get(header::IF_RANGE).is_none_or(|value| value.as_bytes() == etag.as_bytes());
    let wanted = asked.filter(|_| still_valid).map_or(Wanted::Everything, |range| wanted(range, size));
    let (status, start, length) = match wanted {
        Wanted::Everything => (StatusCode::OK, 0, size),
        Wanted::Range { first, last } => (StatusCode::PARTIAL_CONTENT, first, last - first + 1),
        Wanted::Nothing => {
            let range = [(header::CONTENT_RANGE, format!("bytes */{size}"))];
            return (StatusCode::RANGE_NOT_SATISFIABLE, range).into_response();
        }
    };
    if file.seek(SeekFrom::Start(start)).await.is_err() {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    let body = if method == Method::HEAD {
        Body::empty()
    } else {
        Body::from_stream(ReaderStream::with_capacity(file.take(length), BLOCK))
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let mut put = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    };
    put(header::CONTENT_TYPE, content_type);
    put(header::CONTENT_LENGTH, &length.to_string());
    put(header::ACCEPT_RANGES, "bytes");
    put(header::ETAG, &etag);
    if status == StatusCode::PARTIAL_CONTENT {
        put(header::CONTENT_RANGE, &format!("bytes {start}-{}/{size}", start + length - 1));
    }
    response
}

/// What of the file is wanted.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    Everything,
    /// Both ends belong to it.
    Range {
        first: u64,
        last: u64,
    },
    /// A range that lies outside the file.
    Nothing,
}

/// Reads a `Range` header; one that does not follow the grammar is as good as none.
fn wanted(range: &str, size: u64) -> Wanted {
    let Some(range) = range.trim().strip_prefix("bytes=").filter(|range| !range.contains(',')) else {
        return Wanted::Everything;
    };
    let Some((first, last)) = range.split_once('-') else { return Wanted::Everything };
    let number = |text: &str| text.trim().parse::<u64>().ok();
    match (first.trim().is_empty(), number(first), last.trim().is_empty(), number(last)) {
        // The last so many bytes.
        (true, _, _, Some(0)) => Wanted::Nothing,
        (true, _, _, Some(count)) if size > 0 => {
            Wanted::Range { first: size.saturating_sub(count), last: size - 1 }
        }
        (true, _, _, Some(_)) => Wanted::Nothing,
        (_, Some(first), _, Some(last)) if last < first => Wanted::Everything,
        (_, Some(first), _, _) if first >= size => Wanted::Nothing,
        (_, Some(first), _, Some(last)) => Wanted::Range { first, last: last.min(size - 1) },
        (_, Some(first), true, None) => Wanted::Range { first, last: size - 1 },
        _ => Wanted::Everything,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use axum::body::to_bytes;

    #[test]
    fn ranges_follow_the_grammar() {
        let range = |first, last| Wanted::Range { first, last };
        let table = [
            ("bytes=0-99", range(0, 99)),
            ("bytes=900-", range(900, 999)),
            ("bytes=900-5000", range(900, 999)),
            ("bytes=-100", range(900, 999)),
            ("bytes=-5000", range(0, 999)),
            ("bytes=1000-", Wanted::Nothing),
            ("bytes=-0", Wanted::Nothing),
            ("bytes=9-5", Wanted::Everything),
            ("bytes=x-5", Wanted::Everything),
            ("bytes=5", Wanted::Everything),
            ("bytes=0-1,5-6", Wanted::Everything),
            ("seconds=0-1", Wanted::Everything),
        ];
        for (header, expected) in table {
            assert_eq!(wanted(header, 1000), expected, "{header}");
        }
    }

    async fn ask(method: Method, headers: &[(HeaderName, &str)]) -> (StatusCode, HeaderMap, Vec<u8>) {
        let path = std::env::temp_dir().join(format!("reel-serve-{}", uuid::Uuid::new_v4()));
        std::fs::write(&path, (0..=255_u8).collect::<Vec<_>>()).unwrap();
        let headers = headers.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect();
        let (parts, body) = serve_file(&method, &headers, &path, "video/mp4").await.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        std::fs::remove_file(path).unwrap();
        (parts.status, parts.headers, bytes.to_vec())
    }

    #[tokio::test]
    async fn a_range_has_its_bytes_and_says_which() {
        let (status, headers, bytes) = ask(Method::GET, &[(header::RANGE, "bytes=10-19")]).await;
        assert_eq!(status, StatusCode::PARTIAL_CONTENT);
        assert_eq!(headers[header::CONTENT_RANGE], "bytes 10-19/256");
        assert_eq!(bytes, (10..20).collect::<Vec<u8>>());
    }

    #[tokio::test]
    async fn another_version_of_the_file_is_sent_whole() {
        let old = [(header::RANGE, "bytes=10-19"), (header::IF_RANGE, "\"old\"")];
        let (status, _, bytes) = ask(Method::GET, &old).await;
        assert_eq!((status, bytes.len()), (StatusCode::OK, 256));
    }

    #[tokio::test]
    async fn head_tells_the_size_and_sends_nothing() {
        let (status, headers, bytes) = ask(Method::HEAD, &[]).await;
        assert_eq!((status, bytes.len()), (StatusCode::OK, 0));
        assert_eq!(headers[header::CONTENT_LENGTH], "256");
        assert_eq!(headers[header::ACCEPT_RANGES], "bytes");
    }
}
