//! Bodies: decompressed and read within bounds of size and time.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use async_compression::tokio::bufread::{BrotliDecoder, GzipDecoder, ZstdDecoder};
use async_compression::zstd::DParameter;
use futures::{Stream, StreamExt as _};
use reqwest::header::{CONTENT_ENCODING, HeaderMap};
use tokio::io::{AsyncBufRead, AsyncRead, AsyncReadExt as _};
use tokio_util::bytes::Buf;
use tokio_util::io::StreamReader;

use super::stats::Counters;
use crate::net::error::{ErrorKind, NetError};

/// Compressions that are understood, as `Accept-Encoding`.
pub(in crate::net) const ACCEPTED_ENCODINGS: &str = "gzip, br, zstd";

/// Most memory that a `zstd` frame may want for its window, as a power of two: 8 MiB, what RFC 8878 section 3.1.1.1.2
/// asks of every decoder.
const ZSTD_WINDOW_LOG: u32 = 23;
/// Room that is made at once; more only as it comes.
const FIRST_ROOM: u64 = 64 * 1024;

/// How much of a body is read, and how long it may pause.
#[derive(Debug, Clone, Copy)]
pub(in crate::net) struct Bounds {
    /// Most bytes after decompression.
    pub(in crate::net) bytes: u64,
    /// Longest time without a byte.
    pub(in crate::net) pause: Duration,
}

/// Reads a body.
///
/// # Errors
/// `TooLarge` beyond the bound, `ReadTimeout` after a pause, `Reset` when it broke off, `Decode` when its compression
/// makes no sense.
pub(in crate::net) async fn read_body(
    response: reqwest::Response,
    bounds: Bounds,
    counters: &Arc<Counters>,
) -> Result<Vec<u8>, NetError> {
    let encoding = encoding(response.headers())?;
    let expected = response.content_length().unwrap_or_default();
    if encoding == Encoding::Identity && expected > bounds.bytes {
        return Err(too_large());
    }
    let counters = Arc::clone(counters);
    let received = Arc::clone(&counters);
    let chunks = response.bytes_stream().map(move |chunk| {
        let chunk = chunk.map_err(|error| NetError::from_reqwest(&error))?;
        received.received(chunk.len());
        Ok(chunk)
    });
    let body = read(encoding, chunks, expected, bounds).await?;
    counters.read(body.len());
    Ok(body)
}

/// How a body is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Identity,
    Gzip,
    Brotli,
    Zstd,
}

fn encoding(headers: &HeaderMap) -> Result<Encoding, NetError> {
    let unknown = || NetError::new(ErrorKind::Decode, "the answer is compressed in an unknown way");
    let mut found = Encoding::Identity;
    for value in headers.get_all(CONTENT_ENCODING) {
        let value = value.to_str().map_err(|_| unknown())?;
        for word in value.split(',').map(str::trim).filter(|word| !word.is_empty()) {
            let next = match word.to_ascii_lowercase().as_str() {
                "identity" => continue,
                "gzip" | "x-gzip" => Encoding::Gzip,
                "br" => Encoding::Brotli,
                "zstd" => Encoding::Zstd,
                _ => return Err(unknown()),
            };
            if found != Encoding::Identity {
                return Err(unknown());
            }
            found = next;
        }
    }
    Ok(found)
}

fn too_large() -> NetError {
    NetError::new(ErrorKind::TooLarge, "the answer is too large")
}

/// Reads chunks of a compressed body to the end.
async fn read<B: Buf + Send>(
    encoding: Encoding,
    chunks: impl Stream<Item = Result<B, NetError>> + Send,
    expected: u64,
    bounds: Bounds,
) -> Result<Vec<u8>, NetError> {
    let chunks = with_patience(chunks, bounds.pause);
    let reader = StreamReader::new(Box::pin(chunks));
    let room = expected.min(bounds.bytes).min(FIRST_ROOM);
    match encoding {
        Encoding::Identity => take(reader, room, bounds.bytes).await,
        Encoding::Gzip => take(gzip(reader), room, bounds.bytes).await,
        Encoding::Brotli => take(BrotliDecoder::new(reader), room, bounds.bytes).await,
        Encoding::Zstd => {
            let window = [DParameter::window_log_max(ZSTD_WINDOW_LOG)];
            take(ZstdDecoder::with_params(reader, &window), room, bounds.bytes).await
        }
    }
}

/// A body may be several gzip members, one after the other (RFC 1952 section 2.2).
fn gzip<R: AsyncBufRead>(reader: R) -> GzipDecoder<R> {
    let mut decoder = GzipDecoder::new(reader);
    decoder.multiple_members(true);
    decoder
}

/// Fails when a chunk takes too long. The time counts from when somebody asks for it.
fn with_patience<B: Send>(
    chunks: impl Stream<Item = Result<B, NetError>> + Send,
    pause: Duration,
) -> impl Stream<Item = io::Result<B>> + Send {
    futures::stream::unfold(Some(Box::pin(chunks)), move |chunks| async move {
        let mut chunks = chunks?;
        match tokio::time::timeout(pause, chunks.next()).await {
            Ok(None) => None,
            Ok(Some(Ok(chunk))) => Some((Ok(chunk), Some(chunks))),
            Ok(Some(Err(error))) => Some((Err(io::Error::other(error)), None)),
            Err(_) => {
                let error = NetError::new(ErrorKind::ReadTimeout, "the answer paused for too long");
                Some((Err(io::Error::other(error)), None))
            }
        }
    })
}

async fn take(reader: impl AsyncRead + Send, room: u64, limit: u64) -> Result<Vec<u8>, NetError> {
    let mut body = Vec::with_capacity(usize::try_from(room).unwrap_or_default());
    // One more than allowed, to see that there is more.
    let mut reader = Box::pin(reader.take(limit.saturating_add(1)));
    reader.read_to_end(&mut body).await.map_err(failure)?;
    if body.len() as u64 > limit { Err(too_large()) } else { Ok(body) }
}

/// The error of the transfer, if it is one, else of the compression.
fn failure(error: io::Error) -> NetError {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        return NetError::new(ErrorKind::Reset, "the answer ended too early");
    }
    match error.downcast::<NetError>() {
        Ok(error) => error,
        Err(_) => NetError::new(ErrorKind::Decode, "the answer's compression makes no sense"),
    }
}

#[cfg(test)]
mod tests;
