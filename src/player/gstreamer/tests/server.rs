//! A web server with ranges that wants a token in a header and writes down what it was asked.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use url::Url;

/// The header and its right value.
pub(super) const TOKEN: (&str, &str) = ("X-Token", "sesame-4711");

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

/// Serves the files of a folder on 127.0.0.1 until the test ends.
pub(super) struct Server {
    base: Url,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    pub(super) fn start(folder: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (folder, log) = (folder.to_path_buf(), Arc::clone(&seen));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (folder, log) = (folder.clone(), Arc::clone(&log));
                std::thread::spawn(move || serve(&stream.unwrap(), &folder, &log));
            }
        });
        Self { base, seen }
    }

    pub(super) fn url(&self, path: &str) -> Url {
        self.base.join(path).unwrap()
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

/// Answers the requests of one connection. Ends when the client goes.
fn serve(stream: &TcpStream, folder: &Path, log: &Mutex<Vec<Seen>>) {
    let mut reader = BufReader::new(stream);
    while let Some(request) = read(&mut reader) {
        log.lock().unwrap().push(request.clone());
        let mut writer = stream;
        if answer(&mut writer, &request, folder).is_err() {
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

fn answer(writer: &mut impl Write, request: &Seen, folder: &Path) -> std::io::Result<()> {
    let empty = |status: &str| format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
    if let Some(target) = request.path.strip_prefix("/away?") {
        return write!(writer, "HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n");
    }
    if request.header(TOKEN.0) != Some(TOKEN.1) {
        return writer.write_all(empty("401 Unauthorized").as_bytes());
    }
    let path: PathBuf = folder.join(request.path.trim_start_matches('/'));
    let Ok(body) = std::fs::read(path) else {
        return writer.write_all(empty("404 Not Found").as_bytes());
    };
    let start = request
        .header("range")
        .and_then(|range| range.strip_prefix("bytes=")?.split('-').next()?.parse::<usize>().ok())
        .unwrap_or(0)
        .min(body.len());
    let part = body.get(start..).unwrap_or_default();
    write!(
        writer,
        "HTTP/1.1 206 Partial Content\r\nAccept-Ranges: bytes\r\nContent-Type: video/x-matroska\r\n\
         Content-Range: bytes {start}-{}/{}\r\nContent-Length: {}\r\n\r\n",
        body.len().saturating_sub(1),
        body.len(),
        part.len()
    )?;
    writer.write_all(part)
}
