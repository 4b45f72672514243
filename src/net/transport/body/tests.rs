//! Bodies that are too long, too slow, broken off or not what they say.
#![allow(clippy::unwrap_used, reason = "tests")]

use async_compression::tokio::write::{BrotliEncoder, GzipEncoder, ZstdEncoder};
use futures::stream;
use tokio::io::{AsyncWrite, AsyncWriteExt as _};
use tokio::time::{Instant, sleep};

use super::*;

const BOUNDS: Bounds = Bounds { bytes: 64 * 1024, pause: Duration::from_secs(3) };

async fn compress<W: AsyncWrite + Unpin>(
    mut encoder: W,
    body: &[u8],
    finish: impl FnOnce(W) -> Vec<u8>,
) -> Vec<u8> {
    encoder.write_all(body).await.unwrap();
    encoder.shutdown().await.unwrap();
    finish(encoder)
}

async fn gzipped(body: &[u8]) -> Vec<u8> {
    compress(GzipEncoder::new(Vec::new()), body, GzipEncoder::into_inner).await
}

/// Reads bytes that come in small chunks.
async fn read_bytes(encoding: Encoding, bytes: &[u8]) -> Result<Vec<u8>, NetError> {
    let chunks: Vec<_> = bytes.chunks(1000).map(Ok).collect();
    read(encoding, stream::iter(chunks), bytes.len() as u64, BOUNDS).await
}

async fn kind(encoding: Encoding, bytes: &[u8]) -> ErrorKind {
    read_bytes(encoding, bytes).await.unwrap_err().kind
}

#[tokio::test]
async fn every_accepted_compression_is_understood() {
    let body: Vec<u8> = (0..50_000_u32).flat_map(u32::to_le_bytes).take(60_000).collect();
    let brotli = compress(BrotliEncoder::new(Vec::new()), &body, BrotliEncoder::into_inner).await;
    let zstd = compress(ZstdEncoder::new(Vec::new()), &body, ZstdEncoder::into_inner).await;
    let parts = [gzipped(&body[..100]).await, gzipped(&body[100..]).await].concat();
    for (encoding, bytes) in [
        (Encoding::Identity, body.clone()),
        (Encoding::Gzip, gzipped(&body).await),
        (Encoding::Gzip, parts),
        (Encoding::Brotli, brotli),
        (Encoding::Zstd, zstd),
    ] {
        assert!(read_bytes(encoding, &bytes).await.unwrap() == body, "{encoding:?}");
    }
}

#[tokio::test]
async fn a_bomb_is_stopped_at_the_bound() {
    let bomb = gzipped(&vec![0; 50_000_000]).await;
    assert!(bomb.len() < 64 * 1024, "small on the wire");
    assert_eq!(kind(Encoding::Gzip, &bomb).await, ErrorKind::TooLarge);
    let exact = gzipped(&vec![0; 64 * 1024]).await;
    assert_eq!(read_bytes(Encoding::Gzip, &exact).await.unwrap().len(), 64 * 1024);
}

#[tokio::test]
async fn broken_compression_has_its_kind() {
    let whole = gzipped(&(0..20_000_u32).flat_map(u32::to_le_bytes).take(60_000).collect::<Vec<_>>()).await;
    assert_eq!(kind(Encoding::Gzip, &whole[..whole.len() / 2]).await, ErrorKind::Reset, "broken off");
    assert_eq!(kind(Encoding::Gzip, &whole[..5]).await, ErrorKind::Reset);
    for encoding in [Encoding::Gzip, Encoding::Zstd] {
        assert_eq!(kind(encoding, b"<html>no compression at all</html>").await, ErrorKind::Decode);
    }
    let mut damaged = whole.clone();
    let end = damaged.len() - 6;
    damaged[end] ^= 0xff;
    assert_eq!(kind(Encoding::Gzip, &damaged).await, ErrorKind::Decode, "the check at the end");
}

#[tokio::test(start_paused = true)]
async fn the_pause_counts_between_chunks_and_not_over_all() {
    let chunk = |seconds: u64| async move {
        sleep(Duration::from_secs(seconds)).await;
        Ok::<_, NetError>(&b"x"[..])
    };
    let begin = Instant::now();
    let steady = stream::iter(vec![2, 2, 2, 2]).then(chunk);
    assert_eq!(read(Encoding::Identity, steady, 0, BOUNDS).await.unwrap(), b"xxxx");
    assert_eq!(begin.elapsed(), Duration::from_secs(8));
    let begin = Instant::now();
    let stalling = stream::iter(vec![1, 1, 1000]).then(chunk);
    assert_eq!(read(Encoding::Identity, stalling, 0, BOUNDS).await.unwrap_err().kind, ErrorKind::ReadTimeout);
    assert_eq!(begin.elapsed(), Duration::from_secs(5));
}

#[tokio::test]
async fn the_error_of_the_transfer_is_not_taken_for_one_of_the_compression() {
    let whole = gzipped(b"hello").await;
    let chunks = vec![Ok(&whole[..8]), Err(NetError::new(ErrorKind::Unreachable, "gone"))];
    let error = read(Encoding::Gzip, stream::iter(chunks), 0, BOUNDS).await.unwrap_err();
    assert_eq!((error.kind, error.detail()), (ErrorKind::Unreachable, "gone"));
}

#[test]
fn encodings_are_read_and_unknown_ones_refused() {
    let of = |values: &[&'static str]| {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(CONTENT_ENCODING, reqwest::header::HeaderValue::from_static(value));
        }
        encoding(&headers).map_err(|error| error.kind)
    };
    assert_eq!(of(&[]), Ok(Encoding::Identity));
    assert_eq!(of(&["Identity, GZIP"]), Ok(Encoding::Gzip));
    assert_eq!(of(&["x-gzip"]), Ok(Encoding::Gzip));
    assert_eq!(of(&["br"]), Ok(Encoding::Brotli));
    for values in [&["gzip, br"][..], &["gzip", "gzip"], &["compress"], &["\t~"]] {
        assert_eq!(of(values), Err(ErrorKind::Decode), "{values:?}");
    }
}
