//! A server on this machine that records what it is asked.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{RootCertStore, ServerConfig};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// What is done after an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Then {
    /// The next request is awaited.
    #[default]
    KeepAlive,
    /// The connection is closed.
    Close,
    /// These bytes are sent until nobody takes them any more.
    Endless(Vec<u8>),
    /// Bytes go to and fro between the client and another server.
    Tunnel(SocketAddr),
}

/// An answer.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) bytes: Vec<u8>,
    pub(super) then: Then,
}

impl Answer {
    /// An answer with these lines of a head, and a body of the right length.
    pub(super) fn new(status: u16, headers: &str, body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n{headers}\r\n", body.len());
        Self { bytes: [head.as_bytes(), body].concat(), then: Then::KeepAlive }
    }

    pub(super) fn raw(bytes: impl Into<Vec<u8>>, then: Then) -> Self {
        Self { bytes: bytes.into(), then }
    }

    pub(super) fn ok() -> Self {
        Self::new(200, "content-type: application/json\r\n", "{}")
    }
}

type Respond = Arc<dyn Fn(&str) -> Answer + Send + Sync>;

/// The server.
pub(super) struct Server {
    pub(super) address: SocketAddr,
    pub(super) sent: Arc<AtomicUsize>,
    connections: Arc<AtomicUsize>,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(super) async fn http(respond: impl Fn(&str) -> Answer + Send + Sync + 'static) -> Self {
        Self::start(None, Arc::new(respond)).await
    }

    /// One that answers in clear before it is asked.
    pub(super) async fn chatty() -> Self {
        let server = Self::unheard().await;
        let listener = server.1;
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
                let _until_closed = read_head(&mut stream).await;
            }
        });
        server.0
    }

    async fn unheard() -> (Self, TcpListener) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server =
            Self { address, sent: Arc::default(), connections: Arc::default(), heads: Arc::default() };
        (server, listener)
    }

    pub(super) async fn https(
        tls: Arc<ServerConfig>,
        respond: impl Fn(&str) -> Answer + Send + Sync + 'static,
    ) -> Self {
        Self::start(Some(tls), Arc::new(respond)).await
    }

    async fn start(tls: Option<Arc<ServerConfig>>, respond: Respond) -> Self {
        let (server, listener) = Self::unheard().await;
        let (heads, sent) = (Arc::clone(&server.heads), Arc::clone(&server.sent));
        let connections = Arc::clone(&server.connections);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                connections.fetch_add(1, Ordering::SeqCst);
                let (heads, sent) = (Arc::clone(&heads), Arc::clone(&sent));
                let (tls, respond) = (tls.clone(), Arc::clone(&respond));
                tokio::spawn(async move {
                    match tls {
                        None => serve(stream, &respond, &heads, &sent).await,
                        Some(tls) => {
                            let Ok(stream) = TlsAcceptor::from(tls).accept(stream).await else { return };
                            if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
                                serve_http2(stream, &heads).await;
                            } else {
                                serve(stream, &respond, &heads, &sent).await;
                            }
                        }
                    }
                });
            }
        });
        server
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address with another name for this machine.
    pub(super) fn tls_url(&self, host: &str) -> String {
        format!("https://{host}:{}", self.address.port())
    }

    pub(super) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// The heads of all requests.
    pub(super) fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

async fn serve(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    respond: &Respond,
    heads: &Mutex<Vec<String>>,
    sent: &AtomicUsize,
) {
    while let Some(head) = read_head(&mut stream).await {
        heads.lock().unwrap().push(head.clone());
        let respond = Arc::clone(respond);
        // Some answers wait for something.
        let answer = tokio::task::spawn_blocking(move || respond(&head)).await.unwrap();
        if stream.write_all(&answer.bytes).await.is_err() || stream.flush().await.is_err() {
            return;
        }
        match answer.then {
            Then::KeepAlive => {}
            Then::Close => {
                let _closed = stream.shutdown().await;
                return;
            }
            Then::Endless(bytes) => {
                while stream.write_all(&bytes).await.is_ok() {
                    sent.fetch_add(bytes.len(), Ordering::SeqCst);
                }
                return;
            }
            Then::Tunnel(address) => {
                let mut other = TcpStream::connect(address).await.unwrap();
                let _ended = tokio::io::copy_bidirectional(&mut stream, &mut other).await;
                return;
            }
        }
    }
}

async fn read_head(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    Some(String::from_utf8_lossy(&head).to_lowercase())
}

async fn serve_http2(stream: impl AsyncRead + AsyncWrite + Unpin, heads: &Mutex<Vec<String>>) {
    let Ok(mut connection) = h2::server::handshake(stream).await else { return };
    while let Some(Ok((request, mut respond))) = connection.accept().await {
        heads.lock().unwrap().push(format!("{:?} {}", request.version(), request.uri()));
        let mut body = respond.send_response(http::Response::new(()), false).unwrap();
        body.send_data("{}".into(), true).unwrap();
    }
}

/// Somebody who signs certificates.
pub(super) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: CertificateDer<'static>,
}

impl Authority {
    pub(super) fn new() -> Self {
        Self::named("Somebody")
    }

    pub(super) fn named(name: &str) -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap().der().clone();
        Self { issuer: Issuer::new(params, key), certificate }
    }

    /// A store that trusts it.
    pub(super) fn roots(&self) -> RootCertStore {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.clone()).unwrap();
        roots
    }

    /// A server's certificate for a name.
    pub(super) fn signs(&self, name: &str, change: impl FnOnce(&mut CertificateParams)) -> Identity {
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap().der().clone();
        Identity { certificate, key }
    }
}

/// A certificate with its key.
pub(super) struct Identity {
    pub(super) certificate: CertificateDer<'static>,
    pub(super) key: KeyPair,
}

impl Identity {
    pub(super) fn self_signed(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new([name.to_owned()]).unwrap();
        Self { certificate: params.self_signed(&key).unwrap().der().clone(), key }
    }

    /// A server that shows this certificate and speaks these protocols inside TLS.
    pub(super) fn config(&self, protocols: &[&[u8]]) -> Arc<ServerConfig> {
        let key = PrivateKeyDer::try_from(self.key.serialize_der()).unwrap();
        let key = aws_lc_rs::sign::any_supported_type(&key).unwrap();
        let shown = CertifiedKey::new(vec![self.certificate.clone()], key);
        let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(SingleCertAndKey::from(shown)));
        config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
        Arc::new(config)
    }
}
