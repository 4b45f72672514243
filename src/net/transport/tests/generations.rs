//! Sockets: used again within a generation, never across one; and how long opening them took.

use std::sync::mpsc;
use std::sync::{Arc, Mutex};

use super::server::{Answer, Server};
use super::{get, pool};
use crate::net::Renewal;

#[tokio::test]
async fn a_socket_is_used_again_until_the_generation_ends() {
    let server = Server::http(|_| Answer::ok()).await;
    let pool = pool();
    let begin = pool.generation();
    get(&pool, &server.url()).await.unwrap();
    get(&pool, &server.url()).await.unwrap();
    assert_eq!(server.connections(), 1);
    assert_eq!(pool.renew_generation(Renewal::NetworkChanged), begin + 1);
    get(&pool, &server.url()).await.unwrap();
    assert_eq!(server.connections(), 2, "the old socket may be dead");
    let stats = pool.stats();
    assert_eq!((stats.answers, stats.reused, stats.opened, stats.http1), (3, 1, 2, 3));
    assert_eq!(stats.generation, begin + 1);
}

#[tokio::test]
async fn views_that_were_made_before_follow_to_the_new_generation() {
    let server = Server::http(|_| Answer::ok()).await;
    let pool = pool();
    let before = super::client(&pool, &server.url());
    before.exchange(crate::net::Call::get("/")).await.unwrap();
    pool.renew_generation(Renewal::Resumed);
    before.exchange(crate::net::Call::get("/")).await.unwrap();
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_request_under_way_ends_on_its_old_client() {
    let (begun, has_begun) = tokio::sync::oneshot::channel();
    let begun = Mutex::new(Some(begun));
    let (go, wait) = mpsc::channel::<()>();
    let wait = Arc::new(Mutex::new(wait));
    let server = Server::http(move |_| {
        let first = begun.lock().unwrap().take();
        if let Some(begun) = first {
            begun.send(()).unwrap();
            wait.lock().unwrap().recv().unwrap();
        }
        Answer::ok()
    })
    .await;
    let pool = pool();
    let url = server.url();
    let (under_way, ()) = tokio::join!(get(&pool, &url), async {
        has_begun.await.unwrap();
        pool.renew_generation(Renewal::NetworkChanged);
        get(&pool, &url).await.unwrap();
        go.send(()).unwrap();
    });
    assert_eq!(under_way.unwrap().head.status, 200);
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn fresh_requests_open_a_socket_each() {
    let server = Server::http(|_| Answer::ok()).await;
    let fresh = pool().fresh();
    get(&fresh, &server.url()).await.unwrap();
    get(&fresh, &server.url()).await.unwrap();
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn timings_say_what_was_waited_for() {
    let server = Server::http(|_| Answer::ok()).await;
    let pool = pool();
    let url = format!("http://localhost:{}", server.address.port());
    let first = get(&pool, &url).await.unwrap().head.timings;
    assert!(first.dns.is_some() && first.connect.is_some(), "{first:?}");
    assert!(first.ttfb >= first.connect.unwrap() + first.dns.unwrap());
    let second = get(&pool, &url).await.unwrap().head.timings;
    assert_eq!((second.dns, second.connect), (None, None), "the connection stood already");
    let by_address = get(&pool.fresh(), &server.url()).await.unwrap().head.timings;
    assert!(by_address.dns.is_none() && by_address.connect.is_some(), "no name, nothing to resolve");
}
