//! Listening on loopback: one listener for each connection of a server, all on the server's one state.

use crate::faults::{CloseConnection, Faults, misbehave};
use crate::record::{Recorder, record};
use axum::Router;
use axum::middleware::from_fn_with_state;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tower::ServiceExt;

/// How long to wait after a failed `accept` (too many open files, say).
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// One listener with its open connections. All end when it is dropped, at once, as in a power cut.
#[derive(Debug)]
pub struct RunningServer {
    base_url: String,
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl RunningServer {
    /// `http://127.0.0.1:…`, without a slash at its end.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for RunningServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Serves a router on 127.0.0.1; port 0 takes any free one. `connection` names it in the record and for
/// faults.
pub async fn serve(
    router: Router,
    connection: &str,
    port: u16,
    recorder: Recorder,
    faults: Faults,
) -> io::Result<RunningServer> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let address = listener.local_addr()?;
    let name: Arc<str> = connection.into();
    let router = router
        .layer(from_fn_with_state((faults, Arc::clone(&name)), misbehave))
        .layer(from_fn_with_state((recorder, name), record));
    let task = tokio::spawn(accept(listener, router));
    Ok(RunningServer { base_url: format!("http://{address}"), address, task })
}

async fn accept(listener: TcpListener, router: Router) {
    // Dropping the set ends every connection.
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                connections.spawn(serve_connection(stream, router.clone()));
            }
            Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn serve_connection(stream: TcpStream, router: Router) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let router = router.clone();
        async move {
            let response = match router.oneshot(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            };
            match response.extensions().get::<CloseConnection>() {
                Some(CloseConnection) => Err(io::Error::from(io::ErrorKind::ConnectionAborted)),
                None => Ok(response),
            }
        }
    });
    // An error here is the client going away or a fault that was asked for.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades()
        .await;
}
