//! A server that says who it is, and nothing else, under any path: a stand-in for many servers at once.
//!
//! It runs in a process of its own, so that what it costs is not counted as ours.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv6Addr, SocketAddr};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::Context as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What the server says its id is.
pub const MACHINE: &str = "bench0000000000000000000000000001";

/// The server's process, ended when dropped.
pub struct IdentityServer {
    process: Child,
    /// Where it listens.
    pub port: u16,
}

impl IdentityServer {
    /// Starts it.
    pub fn start() -> anyhow::Result<Self> {
        let mut process =
            Command::new(std::env::current_exe()?).arg("serve").stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        BufReader::new(process.stdout.take().context("no output")?).read_line(&mut line)?;
        Ok(Self { process, port: line.trim().parse()? })
    }
}

impl Drop for IdentityServer {
    fn drop(&mut self) {
        let _ended = self.process.kill().and_then(|()| self.process.wait());
    }
}

/// The other end of [`IdentityServer::start`].
pub async fn serve_for_ever() -> anyhow::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    writeln!(std::io::stdout(), "{}", listener.local_addr()?.port())?;
    answer_all(listener, Duration::ZERO).await;
    Ok(())
}

/// A connection of a scenario.
pub struct Address {
    /// Its base address.
    pub url: String,
    /// Keeps the port.
    serving: Serving,
}

enum Serving {
    /// Accepts by the kernel only.
    BlackHole(#[expect(dead_code, reason = "held open")] std::net::TcpListener),
    Answering(tokio::task::JoinHandle<()>),
}

impl Drop for Address {
    fn drop(&mut self) {
        if let Serving::Answering(task) = &self.serving {
            task.abort();
        }
    }
}

impl Address {
    /// Answers after `delay`, which stands for three round trips.
    pub async fn answering(delay: Duration) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let url = format!("http://{}", listener.local_addr()?);
        Ok(Self { url, serving: Serving::Answering(tokio::spawn(answer_all(listener, delay))) })
    }

    /// Takes connections and never answers.
    pub fn black_hole() -> anyhow::Result<Self> {
        Self::black_hole_at("127.0.0.1:0".parse()?)
    }

    /// The same on IPv6.
    pub fn black_hole_v6() -> anyhow::Result<Self> {
        Self::black_hole_at((Ipv6Addr::LOCALHOST, 0).into())
    }

    fn black_hole_at(address: SocketAddr) -> anyhow::Result<Self> {
        let listener = std::net::TcpListener::bind(address)?;
        let url = format!("http://{}", listener.local_addr()?);
        Ok(Self { url, serving: Serving::BlackHole(listener) })
    }
}

async fn answer_all(listener: TcpListener, delay: Duration) {
    loop {
        if let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream, delay));
        }
    }
}

async fn answer(mut stream: TcpStream, delay: Duration) -> std::io::Result<()> {
    let body = format!(
        r#"{{"Id":"{MACHINE}","Version":"10.11.4","ProductName":"Jellyfin Server","ServerName":"bench","StartupWizardCompleted":true}}"#
    );
    let reply = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut request = Vec::new();
    let mut buffer = [0; 2048];
    loop {
        let count = stream.read(&mut buffer).await?;
        if count == 0 {
            return Ok(());
        }
        request.extend_from_slice(&buffer[..count]);
        while let Some(end) = request.windows(4).position(|part| part == b"\r\n\r\n") {
            request.drain(..end + 4);
            tokio::time::sleep(delay).await;
            stream.write_all(reply.as_bytes()).await?;
        }
    }
}
