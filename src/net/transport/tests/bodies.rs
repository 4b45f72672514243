//! Bodies of servers that misbehave.

use std::sync::atomic::Ordering;

use super::server::{Answer, Server, Then};
use super::{client, get, pool};
use crate::net::{Call, ErrorKind, Profile};

const MIB: usize = 1024 * 1024;

#[tokio::test]
async fn an_identity_of_a_gigabyte_stops_at_its_bound() {
    for head in [
        "HTTP/1.1 200 OK\r\ncontent-length: 1073741824\r\n\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n",
    ] {
        let part = if head.contains("chunked") {
            [&b"10000\r\n"[..], &vec![b'x'; 65536], b"\r\n"].concat()
        } else {
            vec![b'x'; 65536]
        };
        let server = Server::http(move |_| Answer::raw(head, Then::Endless(part.clone()))).await;
        let call = Call::get("/identity").profile(Profile::Probe);
        let pool = pool();
        let error = client(&pool, &server.url()).exchange(call).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::TooLarge, "{head}");
        assert!(pool.stats().bytes_received < MIB as u64, "{:?}", pool.stats());
        // What the kernel buffers on both sides, and no gigabyte.
        assert!(server.sent.load(Ordering::SeqCst) < 64 * MIB);
    }
}

#[tokio::test]
async fn a_wrong_length_is_an_answer_that_broke_off() {
    let server = Server::http(|_| {
        Answer::raw("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"half\":", Then::Close)
    })
    .await;
    assert_eq!(get(&pool(), &server.url()).await.unwrap_err().kind, ErrorKind::Reset);
    let server = Server::http(|_| {
        Answer::raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\n{\"half\":", Then::Close)
    })
    .await;
    assert_eq!(get(&pool(), &server.url()).await.unwrap_err().kind, ErrorKind::Reset);
}

#[tokio::test]
async fn a_truncated_gzip_is_an_answer_that_broke_off() {
    // The head of a gzip file and nothing more.
    let body = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\x56";
    let server = Server::http(move |_| Answer::new(200, "content-encoding: gzip\r\n", body)).await;
    assert_eq!(get(&pool(), &server.url()).await.unwrap_err().kind, ErrorKind::Reset);
}

#[tokio::test]
async fn compression_is_offered_and_counted_but_not_for_pictures() {
    // `{}` as gzip.
    let body = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\xae\x05\x00\x43\xbf\xa6\xa3\x02\x00\x00\x00";
    let server = Server::http(move |head| {
        if head.contains("accept-encoding: gzip, br, zstd\r\n") {
            Answer::new(200, "content-encoding: gzip\r\n", body)
        } else {
            Answer::ok()
        }
    })
    .await;
    let pool = pool();
    assert_eq!(get(&pool, &server.url()).await.unwrap().body, b"{}");
    let stats = pool.stats();
    assert_eq!((stats.bytes_received, stats.bytes_read), (body.len() as u64, 2));
    client(&pool, &server.url()).exchange(Call::get("/p").profile(Profile::Image)).await.unwrap();
    assert!(!server.heads()[1].contains("accept-encoding"));
}
