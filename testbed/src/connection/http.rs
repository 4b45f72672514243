//! HTTP on an accepted socket, with or without TLS.

use super::{Gate, Serve};
use crate::faults::{Ending, Faults, misbehave};
use crate::record::{Recorder, record};
use crate::tls::Tls;
use axum::Router;
use axum::http::Version;
use axum::middleware::from_fn_with_state;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use std::io;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};
use tower::ServiceExt;

/// Serves a router, with record and faults.
pub(super) fn service(
    router: Router,
    name: Arc<str>,
    recorder: Recorder,
    faults: Faults,
    tls: Option<Tls>,
) -> Serve {
    let router = router
        .layer(from_fn_with_state((faults, Arc::clone(&name)), misbehave))
        .layer(from_fn_with_state((recorder, name), record));
    Box::new(move |wire| {
        let (router, acceptor) = (router.clone(), tls.as_ref().and_then(Tls::acceptor));
        Box::pin(async move {
            let gate = wire.gate();
            match acceptor {
                None => serve(wire, gate, router).await,
                // A handshake fails when the client does not like the certificate: its own matter.
                Some(acceptor) => {
                    if let Ok(stream) = acceptor.accept(wire).await {
                        serve(stream, gate, router).await;
                    }
                }
            }
        })
    })
}

async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    gate: Arc<Gate>,
    router: Router,
) {
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let (router, gate) = (router.clone(), Arc::clone(&gate));
        let shared = request.version() == Version::HTTP_2;
        async move {
            let response = match router.oneshot(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            };
            match response.extensions().get::<Ending>() {
                Some(Ending::Close) if !shared => {
                    return Err(io::Error::from(io::ErrorKind::ConnectionAborted));
                }
                // In HTTP/2 an error ends its stream only.
                Some(Ending::Close | Ending::Reset) => {
                    gate.cut();
                    return Err(io::Error::from(io::ErrorKind::ConnectionReset));
                }
                Some(Ending::Trickle(interval)) => gate.trickle(*interval),
                None => {}
            }
            Ok(response)
        }
    });
    // An error here is the client going away or a fault that was asked for.
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new());
    let _ = builder.serve_connection_with_upgrades(TokioIo::new(stream), service).await;
}
