//! A pretended HTTP proxy: tunnels (`CONNECT`) and requests in absolute form, with a password when wanted.
//!
//! It goes where it is told, which is only ever loopback: a name can be given an address of the testbed. Its
//! connection is switched like that of a server; off is a proxy that is down.

mod head;

use crate::connection::{Connection, ConnectionPlan, Reach, RunningConnection, Wire};
use crate::faults::Faults;
use crate::record::Recorder;
use head::Head;
use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::io::{AsyncWriteExt, copy_bidirectional};
use tokio::net::TcpStream;

/// Name of its connection.
const NAME: &str = "proxy";

/// What a client asked the proxy for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxiedRequest {
    /// `CONNECT` or the method of a request in absolute form.
    pub method: String,
    /// Host and port to go to.
    pub target: String,
    /// `Proxy-Authorization`, when it was sent.
    pub authorization: Option<String>,
    /// What the proxy said: 200 stands for passing it on.
    pub status: u16,
}

/// A running proxy.
#[derive(Debug)]
pub struct Proxy {
    running: RunningConnection,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    password: Option<String>,
    hosts: Mutex<HashMap<String, SocketAddr>>,
    requests: Mutex<Vec<ProxiedRequest>>,
}

impl Proxy {
    /// A proxy for everybody.
    pub fn open() -> io::Result<Self> {
        Self::start(None)
    }

    /// A proxy that wants Basic authentication.
    pub fn with_password(user: &str, password: &str) -> io::Result<Self> {
        Self::start(Some(head::basic(user, password)))
    }

    fn start(password: Option<String>) -> io::Result<Self> {
        let shared = Arc::new(Shared { password, hosts: Mutex::default(), requests: Mutex::default() });
        let passing = Arc::clone(&shared);
        let serve = Box::new(move |wire| -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>> {
            let shared = Arc::clone(&passing);
            // An error is one of the two sides going away.
            Box::pin(async move { drop(pass(wire, &shared).await) })
        });
        let plan = ConnectionPlan::new(NAME, Reach::Local);
        let running = RunningConnection::open(&plan, serve, None, &Recorder::default(), &Faults::default())?;
        Ok(Self { running, shared })
    }

    /// `http://127.0.0.1:…`.
    pub fn uri(&self) -> &str {
        self.connection().uri()
    }

    /// Its connection, to be switched. HTTP faults do not apply.
    pub fn connection(&self) -> &Connection {
        self.running.handle()
    }

    /// Says where a name leads, on any port. Names without this are resolved as usual.
    pub fn resolve(&self, host: &str, address: SocketAddr) {
        lock(&self.shared.hosts).insert(host.to_owned(), address);
    }

    /// What it was asked for, oldest first.
    pub fn requests(&self) -> Vec<ProxiedRequest> {
        lock(&self.shared.requests).clone()
    }
}

impl Shared {
    async fn connect(&self, target: &str) -> io::Result<TcpStream> {
        let host = target.rsplit_once(':').map_or(target, |(host, _)| host);
        let known = lock(&self.hosts).get(host).copied();
        match known {
            Some(address) => TcpStream::connect(address).await,
            None => TcpStream::connect(target).await,
        }
    }

    fn record(&self, head: &Head, status: u16) {
        lock(&self.requests).push(ProxiedRequest {
            method: head.method.clone(),
            target: head.target.clone(),
            authorization: head.authorization().map(str::to_owned),
            status,
        });
    }
}

/// Passes one request, or one tunnel, on.
async fn pass(mut client: Wire, shared: &Shared) -> io::Result<()> {
    let Some(head) = Head::read(&mut client).await? else { return Ok(()) };
    if shared.password.is_some() && head.authorization() != shared.password.as_deref() {
        shared.record(&head, 407);
        let refusal = "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"testbed\"\r\n\
            Content-Length: 0\r\nConnection: close\r\n\r\n";
        client.write_all(refusal.as_bytes()).await?;
        return client.shutdown().await;
    }
    let Ok(mut server) = shared.connect(&head.target).await else {
        shared.record(&head, 502);
        let refusal = "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        client.write_all(refusal.as_bytes()).await?;
        return client.shutdown().await;
    };
    shared.record(&head, 200);
    if head.is_tunnel() {
        client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await?;
    } else {
        server.write_all(head.for_server().as_bytes()).await?;
    }
    server.write_all(&head.rest).await?;
    copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::plex::PlexServer;
    use reqwest::Client;

    fn client(proxy: &str) -> Client {
        Client::builder().proxy(reqwest::Proxy::all(proxy).unwrap()).build().unwrap()
    }

    #[tokio::test]
    async fn a_request_in_absolute_form_reaches_the_server_without_its_password() {
        let server = PlexServer::builder().start().await.unwrap();
        let proxy = Proxy::with_password("ana", "secret").unwrap();
        let url = format!("{}/identity", server.base_url());
        let refused = client(proxy.uri()).get(&url).send().await.unwrap();
        assert_eq!(refused.status(), 407);
        assert_eq!(server.recorder().count("/"), 0);
        let with_password = proxy.uri().replace("//", "//ana:secret@");
        let client = client(&with_password);
        for _ in 0..2 {
            assert_eq!(client.get(&url).send().await.unwrap().status(), 200);
        }
        let seen = server.recorder().requests();
        assert_eq!(seen.len(), 2);
        assert!(seen.iter().all(|request| request.credentials().is_empty()), "{seen:?}");
        let statuses: Vec<u16> = proxy.requests().iter().map(|request| request.status).collect();
        assert_eq!(statuses, [407, 200, 200]);
        assert!(proxy.requests()[1].authorization.as_deref().unwrap().starts_with("Basic "));
    }

    #[tokio::test]
    async fn a_tunnel_leads_to_a_server_with_tls_by_a_name_that_only_the_proxy_knows() {
        let plan = ConnectionPlan::new("lan", Reach::Local).tls().host("media.example.invalid");
        let server = PlexServer::builder().connection(plan).start().await.unwrap();
        let proxy = Proxy::open().unwrap();
        proxy.resolve("media.example.invalid", server.connection("lan").unwrap().address());
        let authority = reqwest::Certificate::from_pem(server.authority().unwrap().pem().as_bytes()).unwrap();
        let client = || {
            let client = Client::builder().proxy(reqwest::Proxy::all(proxy.uri()).unwrap());
            client.tls_certs_only([authority.clone()]).build().unwrap()
        };
        let url = format!("{}/identity", server.base_url());
        assert!(url.starts_with("https://media.example.invalid:"), "{url}");
        assert_eq!(client().get(&url).send().await.unwrap().status(), 200);
        assert_eq!(proxy.requests()[0].method, "CONNECT");
        proxy.connection().off();
        assert!(client().get(&url).send().await.unwrap_err().is_connect());
    }

    #[tokio::test]
    async fn a_target_that_refuses_is_a_bad_gateway() {
        let server = PlexServer::builder().local("lan").start().await.unwrap();
        server.connection("lan").unwrap().off();
        let proxy = Proxy::open().unwrap();
        let answer = client(proxy.uri()).get(server.base_url()).send().await.unwrap();
        assert_eq!(answer.status(), 502);
    }
}
