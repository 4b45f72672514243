//! Answers that are remembered.

use secrecy::SecretString;

use super::pool;
use super::server::{Answer, Server};
use crate::models::SourceId;
use crate::net::{ApiClient, Call, HttpPool, Reply};

async fn server() -> Server {
    Server::http(|head| {
        if head.contains("if-none-match: \"one\"") {
            Answer::raw("HTTP/1.1 304 Not Modified\r\netag: \"one\"\r\n\r\n", super::server::Then::KeepAlive)
        } else {
            Answer::new(200, "etag: \"one\"\r\ncontent-type: application/json\r\n", "{\"a\":1}")
        }
    })
    .await
}

async fn ask(pool: &HttpPool, server: &Server, token: &str, call: Call) -> Reply {
    let client = ApiClient::new(pool, server.url().parse().unwrap());
    let client = client.with_header("x-token", &SecretString::from(token)).unwrap();
    let reply = client.send(call).await.unwrap();
    assert_eq!(reply.body, b"{\"a\":1}");
    assert_eq!(reply.head.content_type.as_deref(), Some("application/json"));
    reply
}

fn conditional(server: &Server) -> Vec<bool> {
    server.heads().iter().map(|head| head.contains("if-none-match")).collect()
}

#[tokio::test]
async fn a_remembered_answer_is_asked_about_and_used() {
    let (server, pool, source) = (server().await, pool(), SourceId::random());
    let pool = pool.for_source(source);
    let call = || Call::get("/thing").cached();
    ask(&pool, &server, "ana", call()).await;
    let again = ask(&pool, &server, "ana", call()).await;
    assert_eq!(again.head.status, 200, "callers see no difference");
    ask(&pool, &server, "bo", call()).await;
    ask(&pool.for_source(SourceId::random()), &server, "ana", call()).await;
    ask(&pool, &server, "ana", Call::get("/thing")).await;
    ask(&pool, &server, "ana", Call::get("/thing").query("x", 1).cached()).await;
    assert_eq!(conditional(&server), [false, true, false, false, false, false]);
    assert_eq!(pool.stats().not_modified, 1);
}

#[tokio::test]
async fn signing_out_forgets_and_a_new_generation_does_not() {
    let (server, pool, source) = (server().await, pool(), SourceId::random());
    let pool = pool.for_source(source);
    let call = || Call::get("/thing").cached();
    ask(&pool, &server, "ana", call()).await;
    pool.renew_generation(crate::net::Renewal::NetworkChanged);
    ask(&pool, &server, "ana", call()).await;
    pool.forget_answers(source);
    ask(&pool, &server, "ana", call()).await;
    assert_eq!(conditional(&server), [false, true, false]);
}

#[tokio::test]
async fn without_a_source_nothing_is_remembered() {
    let (server, pool) = (server().await, pool());
    ask(&pool, &server, "ana", Call::get("/thing").cached()).await;
    ask(&pool, &server, "ana", Call::get("/thing").cached()).await;
    assert_eq!(conditional(&server), [false, false]);
}
