//! Serves the films of a folder on this machine, with ranges, as fast as they are taken.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;

use url::Url;

/// A server that runs until the program ends.
pub struct Server {
    base: Url,
}

impl Server {
    /// Starts one.
    pub fn start(folder: &Path) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let base = Url::parse(&format!("http://{}/", listener.local_addr()?))?;
        let folder = folder.to_path_buf();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let folder = folder.clone();
                // A player that has seen enough hangs up.
                thread::spawn(move || serve(&stream, &folder).ok());
            }
        });
        Ok(Self { base })
    }

    /// Address of a file.
    pub fn url(&self, name: &str) -> anyhow::Result<Url> {
        Ok(self.base.join(name)?)
    }
}

fn serve(stream: &TcpStream, folder: &Path) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    while let Some((path, start)) = read(&mut reader, folder)? {
        let body = std::fs::read(path)?;
        let part = body.get(start..).unwrap_or_default();
        let mut writer = stream;
        write!(
            writer,
            "HTTP/1.1 206 Partial Content\r\nAccept-Ranges: bytes\r\nContent-Type: video/mp4\r\n\
             Content-Range: bytes {start}-{}/{}\r\nContent-Length: {}\r\n\r\n",
            body.len().saturating_sub(1),
            body.len(),
            part.len()
        )?;
        writer.write_all(part)?;
    }
    Ok(())
}

/// The next request: which file, from which byte.
fn read(reader: &mut impl BufRead, folder: &Path) -> std::io::Result<Option<(PathBuf, usize)>> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let path = line.split(' ').nth(1).unwrap_or_default().trim_start_matches('/').to_owned();
    let mut start = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim().split_once(':') else { break };
        if name.eq_ignore_ascii_case("range") {
            let first = value.trim().strip_prefix("bytes=").and_then(|range| range.split('-').next());
            start = first.and_then(|first| first.parse().ok()).unwrap_or_default();
        }
    }
    Ok(Some((folder.join(path), start)))
}
