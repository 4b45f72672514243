//! Pictures: their keys, and the requests for them (`docs/protocols.md#plex-images`).

use url::Url;

use super::client::Headers;
use super::previews;
use crate::backends::{BackendError, MediaRequest, Result};
use crate::models::{ImageKey, ImageRequest, ServerUrl};
use crate::net::{Call, ErrorKind};

/// The query parameter that must not be part of a key.
const TOKEN_PARAMETER: &str = "x-plex-token";

/// The key for a path on the server or an address elsewhere, without a token. A path ends in the time of the
/// picture's last change, so it changes with the picture.
pub(super) fn image_key(path: &str) -> ImageKey {
    let Some((address, query)) = path.split_once('?') else { return ImageKey::new(path) };
    let is_token =
        |pair: &&str| pair.split('=').next().is_some_and(|name| name.eq_ignore_ascii_case(TOKEN_PARAMETER));
    let kept: Vec<&str> = query.split('&').filter(|pair| !is_token(pair)).collect();
    ImageKey::new(if kept.is_empty() { address.to_owned() } else { format!("{address}?{}", kept.join("&")) })
}

/// How to fetch a picture: from the server, resized by it; from elsewhere, as it is and without headers, so
/// that no credential reaches another host.
pub(super) fn image_request(
    base: &ServerUrl,
    headers: &Headers,
    request: &ImageRequest,
) -> Result<MediaRequest> {
    if let Some(request) = previews::picture_request(base, headers, &request.key) {
        return Ok(request);
    }
    let key = request.key.as_str();
    if let Some(url) = elsewhere(base, key)? {
        return Ok(MediaRequest { url, headers: Vec::new() });
    }
    let path = path_on_server(key)?;
    let width = request.size.width();
    // With `minSize` the frame is covered: everything that is not wider than 16:9 gets exactly this width.
    let call = Call::get("/photo/:/transcode")
        .query("url", path)
        .query("width", width)
        .query("height", width * 9 / 16)
        .query("minSize", 1)
        .query("upscale", 0)
        .query("quality", 85)
        .query("format", "jpeg");
    Ok(MediaRequest { url: call.url(base), headers: headers.clone() })
}

/// The address of a key that is one, unless it is of this server.
fn elsewhere(base: &ServerUrl, key: &str) -> Result<Option<Url>> {
    if key.starts_with('/') {
        return Ok(None);
    }
    let url = Url::parse(key).map_err(|_| invalid())?;
    let known_scheme = matches!(url.scheme(), "http" | "https");
    if !known_scheme || !url.username().is_empty() || url.password().is_some() {
        return Err(invalid());
    }
    Ok((url.origin() != base.join("").origin()).then_some(url))
}

/// The path and query of a key on this server.
fn path_on_server(key: &str) -> Result<String> {
    if key.starts_with('/') {
        return Ok(key.to_owned());
    }
    let url = Url::parse(key).map_err(|_| invalid())?;
    Ok(url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path())))
}

fn invalid() -> BackendError {
    BackendError::new(ErrorKind::Invalid, "find a picture")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use secrecy::SecretString;

    use super::*;
    use crate::backends::plex::client::TOKEN;
    use crate::models::ImageSize;

    fn request(key: &str) -> Result<MediaRequest> {
        let base = "https://192-168-1-20.0123.plex.direct:32400".parse().unwrap();
        let headers = vec![(TOKEN, SecretString::from("Hg7F"))];
        let request = ImageRequest { key: ImageKey::new(key), size: ImageSize::Medium };
        image_request(&base, &headers, &request)
    }

    #[test]
    fn keys_hold_no_token() {
        for (path, key) in [
            ("/library/metadata/1049/thumb/1735700000", "/library/metadata/1049/thumb/1735700000"),
            ("/a?X-Plex-Token=Hg7F", "/a"),
            ("/a?width=4&x-plex-token=Hg7F&b", "/a?width=4&b"),
            ("https://i.example.org/p.jpg?s=1", "https://i.example.org/p.jpg?s=1"),
        ] {
            assert_eq!(image_key(path).as_str(), key);
        }
    }

    #[test]
    fn pictures_of_the_server_are_resized_with_the_token_in_a_header() {
        let request = request("/library/sections/1/composite/17?width=4&height=4").unwrap();
        assert_eq!(
            request.url.as_str(),
            "https://192-168-1-20.0123.plex.direct:32400/photo/:/transcode?url=%2Flibrary%2Fsections%2F1%2F\
             composite%2F17%3Fwidth%3D4%26height%3D4&width=480&height=270&minSize=1&upscale=0&quality=85&format=jpeg"
        );
        assert_eq!(request.headers.len(), 1);
    }

    #[test]
    fn other_hosts_get_no_token() {
        let request = request("https://metadata-static.plex.tv/people/1.jpg").unwrap();
        assert_eq!(request.url.as_str(), "https://metadata-static.plex.tv/people/1.jpg");
        assert!(request.headers.is_empty());
        // The same host on another port is another server.
        let neighbour = self::request("https://192-168-1-20.0123.plex.direct/p.jpg").unwrap();
        assert!(neighbour.headers.is_empty());
    }

    #[test]
    fn an_absolute_address_of_the_server_itself_is_a_path() {
        let request =
            request("https://192-168-1-20.0123.plex.direct:32400/library/metadata/1/thumb/2").unwrap();
        assert!(request.url.as_str().contains("url=%2Flibrary%2Fmetadata%2F1%2Fthumb%2F2&"));
        assert_eq!(request.headers.len(), 1);
    }

    #[test]
    fn nonsense_is_refused() {
        for key in ["", "file:///etc/passwd", "ftp://host/x", "https://ana:pw@host/x", "thumb"] {
            assert_eq!(request(key).unwrap_err().kind(), ErrorKind::Invalid, "{key}");
        }
    }
}
