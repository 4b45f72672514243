//! A web server with ranges, as the gateway is one, that writes down what it was asked.
//!
//! Below `gated/` it holds back most of a file until it is told otherwise, below `broken/` it breaks off in the
//! middle and has no more of it, below `busy/` it never answers but with an excuse, below
//! `locked/` it lets nobody in.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex};

use url::Url;

/// One request.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) path: String,
    pub(super) headers: Vec<(String, String)>,
}

impl Seen {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// Holds back what comes after the first part of a file.
type Gate = Arc<(Mutex<bool>, Condvar)>;

/// Serves the files of a folder on 127.0.0.1 until the test ends.
pub(super) struct Server {
    base: Url,
    seen: Arc<Mutex<Vec<Seen>>>,
    gate: Gate,
}

impl Server {
    pub(super) fn start(folder: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let gate = Gate::default();
        let (folder, log, held) = (folder.to_path_buf(), Arc::clone(&seen), Arc::clone(&gate));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (folder, log, gate) = (folder.clone(), Arc::clone(&log), Arc::clone(&held));
                std::thread::spawn(move || serve(&stream.unwrap(), &folder, &log, &gate));
            }
        });
        Self { base, seen, gate }
    }

    pub(super) fn url(&self, path: &str) -> Url {
        self.base.join(path).unwrap()
    }

    /// Gives all of the gated files.
    pub(super) fn open_gate(&self) {
        *self.gate.0.lock().unwrap() = true;
        self.gate.1.notify_all();
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

/// Answers the requests of one connection. Ends when the client goes.
fn serve(stream: &TcpStream, folder: &Path, log: &Mutex<Vec<Seen>>, gate: &Gate) {
    let mut reader = BufReader::new(stream);
    while let Some(request) = read(&mut reader) {
        log.lock().unwrap().push(request.clone());
        let mut writer = stream;
        if answer(&mut writer, &request, folder, gate).is_err() {
            return;
        }
    }
}

fn read(reader: &mut impl BufRead) -> Option<Seen> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|length| *length > 0)?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((key, value)) = line.trim().split_once(':') else { break };
        headers.push((key.to_owned(), value.trim().to_owned()));
    }
    Some(Seen { path, headers })
}

fn answer(writer: &mut impl Write, request: &Seen, folder: &Path, gate: &Gate) -> std::io::Result<()> {
    let empty = |status: &str| format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
    if let Some(target) = request.path.strip_prefix("/away?") {
        return write!(writer, "HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n");
    }
    let asked = request.path.trim_start_matches('/');
    if asked.starts_with("locked/") {
        return writer.write_all(empty("403 Forbidden").as_bytes());
    }
    if asked.starts_with("busy/") {
        return writer.write_all(empty("503 Service Unavailable").as_bytes());
    }
    let (gated, broken) = (asked.strip_prefix("gated/"), asked.strip_prefix("broken/"));
    let path: PathBuf = folder.join(gated.or(broken).unwrap_or(asked));
    let Ok(body) = std::fs::read(path) else {
        return writer.write_all(empty("404 Not Found").as_bytes());
    };
    let start = request
        .header("range")
        .and_then(|range| range.strip_prefix("bytes=")?.split('-').next()?.parse::<usize>().ok())
        .unwrap_or(0)
        .min(body.len());
    let part = body.get(start..).unwrap_or_default();
    // What of the file is given without more ado.
    let given = match (gated, broken) {
        (Some(_), _) => body.len() * 35 / 100,
        (_, Some(_)) if start >= body.len() / 2 => {
            return writer.write_all(empty("503 Service Unavailable").as_bytes());
        }
        (_, Some(_)) => body.len() / 2,
        _ => body.len(),
    };
    write!(
        writer,
        "HTTP/1.1 206 Partial Content\r\nAccept-Ranges: bytes\r\nContent-Type: video/x-matroska\r\n\
         Content-Range: bytes {start}-{}/{}\r\nContent-Length: {}\r\n\r\n",
        body.len().saturating_sub(1),
        body.len(),
        part.len()
    )?;
    let (first, rest) = part.split_at(given.saturating_sub(start).min(part.len()));
    writer.write_all(first)?;
    if broken.is_some() {
        return Err(std::io::ErrorKind::ConnectionAborted.into());
    }
    if !rest.is_empty() {
        let (open, opened) = &**gate;
        drop(opened.wait_while(open.lock().unwrap(), |open| !*open).unwrap());
    }
    writer.write_all(rest)
}
