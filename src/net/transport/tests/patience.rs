//! How long a request waits, by what the user has set.

use std::time::Duration;

use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;
use tokio::time::{self, Instant};

use crate::net::{ApiClient, Call, ErrorKind, Profile, SlowConnection};

/// How long a request waits for a server that takes it and never answers.
async fn waits(slow: SlowConnection) -> Duration {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut head = [0; 1024];
        assert!(stream.read(&mut head).await.unwrap() > 0);
        // From here on only timers are waited for.
        time::pause();
        std::future::pending::<()>().await;
    });
    let pool = super::pool();
    pool.set_slow(slow);
    let begin = Instant::now();
    let failure = ApiClient::new(&pool, base).exchange(Call::get("/")).await.unwrap_err();
    let waited = begin.elapsed();
    time::resume();
    assert_eq!(failure.kind, ErrorKind::ReadTimeout);
    waited
}

#[tokio::test]
async fn a_slow_connection_is_given_more_time() {
    for slow in [SlowConnection::No, SlowConnection::Slow, SlowConnection::VerySlow] {
        let limit = Profile::Interactive.read_timeout(SlowConnection::No) * slow.factor();
        let waited = waits(slow).await;
        assert!(waited >= limit && waited < limit * 3 / 2, "{slow:?}: {waited:?}");
    }
}
