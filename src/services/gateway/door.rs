//! The door on the loopback interface: who may ask, and what for.
//!
//! Every other program of this machine, and every web page in its browsers, can reach it. So it answers only who
//! names the secret path, at the very address, and no web page, which says where it comes from.

use std::convert::Infallible;
use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::header::{ALLOW, HOST, HeaderMap, HeaderName, HeaderValue, IF_RANGE, ORIGIN, RANGE};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use super::answer::{Question, answer, bare};
use super::body::GatewayBody;
use super::range::Wanted;
use super::session::Sessions;

/// Most connections at a time; a player needs a handful.
const MOST_CONNECTIONS: usize = 64;
/// How long a connection may take to ask for something.
const ASKS_WITHIN: Duration = Duration::from_secs(30);
/// Before accepting again when the system has no more sockets.
const OUT_OF_SOCKETS: Duration = Duration::from_millis(200);

/// Opens the door at a random port.
pub(super) async fn open() -> io::Result<(TcpListener, u16)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let port = listener.local_addr()?.port();
    Ok((listener, port))
}

/// Attends to everybody who comes, until it is dropped, and everybody with it.
pub(super) async fn attend(listener: TcpListener, port: u16, sessions: Arc<Sessions>) {
    let host: Arc<str> = format!("127.0.0.1:{port}").into();
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let mut guests = JoinSet::new();
    let mut number = 0;
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(_) = guests.join_next() => continue,
        };
        match accepted {
            Ok((stream, _)) => {
                let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
                    warn!("too many connections at a time");
                    continue;
                };
                number += 1;
                let (host, sessions) = (Arc::clone(&host), Arc::clone(&sessions));
                guests.spawn(async move {
                    serve(stream, number, &host, &sessions).await;
                    drop(place);
                });
            }
            Err(error) => {
                warn!(kind = ?error.kind(), "a connection could not be accepted");
                tokio::time::sleep(OUT_OF_SOCKETS).await;
            }
        }
    }
}

/// One connection, until it ends or what it plays does.
async fn serve(stream: TcpStream, number: u64, host: &str, sessions: &Arc<Sessions>) {
    let _unset = stream.set_nodelay(true);
    let gone = CancellationToken::new();
    let service = service_fn(|request| {
        let gone = gone.clone();
        async move { Ok::<_, Infallible>(receive(&request, number, host, sessions, &gone).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(ASKS_WITHIN)
        .serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        result = connection => if let Err(error) = result {
            debug!(is_parse = error.is_parse(), is_timeout = error.is_timeout(), "a connection ended early");
        },
        () = gone.cancelled() => {}
    }
    sessions.left(number);
}

async fn receive(
    request: &Request<Incoming>,
    guest: u64,
    host: &str,
    sessions: &Sessions,
    gone: &CancellationToken,
) -> Response<GatewayBody> {
    if let Err(status) = admit(request.headers(), host) {
        return bare(status);
    }
    let is_head = match *request.method() {
        Method::GET => false,
        Method::HEAD => true,
        _ => {
            let mut response = bare(StatusCode::METHOD_NOT_ALLOWED);
            response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            return response;
        }
    };
    let is_plain = request.uri().authority().is_none() && request.uri().query().is_none();
    let found = request
        .uri()
        .path()
        .strip_prefix('/')
        .filter(|_| is_plain)
        .and_then(|path| path.split_once('/'))
        .and_then(|(path, name)| {
            let session = sessions.visit(path, guest, gone)?;
            let resource = session.resource(name)?;
            Some((session, resource))
        });
    let Some((session, resource)) = found else { return bare(StatusCode::NOT_FOUND) };
    let text = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let question = Question {
        wanted: text(RANGE).map_or(Wanted::Everything, Wanted::parse),
        if_range: text(IF_RANGE).map(str::to_owned),
        is_head,
    };
    answer(&session, &resource, question).await
}

/// Whether somebody may ask at all: he has the right address, by which no name was made to lead here, and is no page.
fn admit(headers: &HeaderMap, host: &str) -> Result<(), StatusCode> {
    let only = |name: HeaderName| {
        let mut values = headers.get_all(name).iter();
        values.next().filter(|_| values.next().is_none())
    };
    if only(HOST).is_none_or(|named| named.as_bytes() != host.as_bytes()) {
        return Err(StatusCode::MISDIRECTED_REQUEST);
    }
    if headers.contains_key(ORIGIN) {
        return Err(StatusCode::FORBIDDEN);
    }
    Ok(())
}
