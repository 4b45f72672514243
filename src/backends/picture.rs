//! Fetching a picture, or hearing that the one that is known still holds.

use std::path::PathBuf;

use super::error::While as _;
use super::{BackendError, Location, MediaRequest, Result};
use crate::models::ServerUrl;
use crate::net::{ApiClient, Call, ErrorKind, HttpPool, NetError, Profile, Validators};

const DOING: &str = "fetch a picture";
/// What was asked about still holds.
const NOT_MODIFIED: u16 = 304;

/// Where a picture is now.
#[derive(Debug)]
pub enum PictureReply {
    /// A file of this machine.
    File(PathBuf),
    /// It came: as the server sent it, with what to ask later.
    Fresh {
        /// The file's content.
        bytes: Vec<u8>,
        /// What to ask with later.
        validators: Validators,
    },
    /// On a host that is not the server's: to be fetched without anything of the source, see [`download`].
    Elsewhere(MediaRequest),
    /// What is known still holds.
    Unchanged,
}

/// Fetches a picture of a server. With `known` it is asked whether that still holds.
///
/// # Errors
/// A network kind, or `Decode` when what came is no picture.
pub(super) async fn fetch(
    server: &ApiClient,
    location: Location,
    known: &Validators,
) -> Result<PictureReply> {
    match location {
        Location::File(file) => Ok(PictureReply::File(file)),
        Location::Remote(request) if request.url.origin() == server.base().join("").origin() => {
            download(server.pool(), &request, known).await
        }
        Location::Remote(request) => Ok(PictureReply::Elsewhere(request)),
    }
}

/// The same for a request to any host, through a pool.
///
/// # Errors
/// As those of a picture of a server.
pub async fn download(pool: &HttpPool, request: &MediaRequest, known: &Validators) -> Result<PictureReply> {
    let client = client(pool, request).context(DOING)?;
    let call = Call::at(&request.url).profile(Profile::Image).unless(known);
    let reply = client.exchange(call).await.context(DOING)?;
    match reply.head.status {
        200..=299 if is_picture(&reply.body) => {
            Ok(PictureReply::Fresh { bytes: reply.body, validators: reply.head.validators })
        }
        200..=299 => Err(BackendError::new(ErrorKind::Decode, DOING)),
        NOT_MODIFIED if !known.is_empty() => Ok(PictureReply::Unchanged),
        status => Err(NetError::from_status(status, reply.head.retry_after)).context(DOING),
    }
}

fn client(pool: &HttpPool, request: &MediaRequest) -> Result<ApiClient, NetError> {
    let mut base = request.url.clone();
    base.set_path("");
    base.set_query(None);
    let base =
        ServerUrl::try_from(base).map_err(|_| NetError::new(ErrorKind::Invalid, "not a web address"))?;
    let client = ApiClient::new(pool, base);
    request.headers.iter().try_fold(client, |client, (name, value)| client.with_header(name, value))
}

/// Whether bytes begin like a picture that the toolkit reads.
pub fn is_picture(bytes: &[u8]) -> bool {
    let webp = bytes.len() > 12 && bytes.starts_with(b"RIFF") && &bytes[8..12] == b"WEBP";
    let avif = bytes.len() > 12 && &bytes[4..8] == b"ftyp";
    webp || avif
        || [b"\xff\xd8\xff".as_slice(), b"\x89PNG", b"GIF8", b"<svg", b"<?xml", b"BM"]
            .iter()
            .any(|magic| bytes.starts_with(magic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_no_pictures() {
        assert!(is_picture(b"\xff\xd8\xff\xe0rest"));
        assert!(is_picture(b"RIFF\0\0\0\0WEBPVP8 "));
        assert!(!is_picture(b"<!DOCTYPE html>"));
        assert!(!is_picture(b""));
    }
}
