//! Files of small pictures: which part has one, and the requests for its index and for one picture
//! (`docs/protocols.md#plex-previews`).

use secrecy::SecretString;

use super::bif;
use super::client::Headers;
use super::dto::Part;
use crate::backends::error::While as _;
use crate::backends::{BackendError, MediaRequest, Result};
use crate::models::{ImageKey, PreviewIndex, Previews, ServerUrl};
use crate::net::{ApiClient, Call, ErrorKind, Profile};

/// What is asked for first, in bytes: the index of a film of four hours with a picture every two seconds.
const FIRST: u64 = 64 * 1024;
const RANGE: &str = "range";
const DOING: &str = "find previews";

/// The file of a part, when the server has made one. The time in the part's key tells a file from its successor; the
/// server does not look at it.
pub(super) fn of_part(part: &Part) -> Option<Previews> {
    let has_one = part.indexes.text()?.split(',').any(|index| index.trim() == "sd");
    let id = part.id.get().filter(|id| has_one && id.bytes().all(|digit| digit.is_ascii_digit()))?;
    let stamp = part.key.text().and_then(|key| key.rsplit('/').nth(1)).unwrap_or_default();
    Some(Previews::Indexed(ImageKey::new(format!("/library/parts/{id}/indexes/sd?of={stamp}"))))
}

/// Asks for the index of a file.
///
/// # Errors
/// `NotFound` when the server has none any more, `Decode` when what came is none.
pub(super) async fn index(client: &ApiClient, key: &ImageKey) -> Result<PreviewIndex> {
    let broken = || BackendError::new(ErrorKind::Decode, DOING);
    let mut bytes = first_bytes(client, key, FIRST).await?;
    let length = bif::length_of_index(&bytes).ok_or_else(broken)?;
    if usize::try_from(length).is_ok_and(|length| length > bytes.len()) {
        bytes = first_bytes(client, key, length).await?;
    }
    let frames = bif::frames(&bytes).ok_or_else(broken)?;
    Ok(PreviewIndex { key: key.clone(), frames })
}

/// The beginning of a file; of a server that knows no ranges the whole of it, within the bound of an answer.
async fn first_bytes(client: &ApiClient, key: &ImageKey, count: u64) -> Result<Vec<u8>> {
    let client = client.clone().with_header(RANGE, &range(0, count)).context(DOING)?;
    let call = Call::at(&client.base().join(path(key.as_str()))).profile(Profile::Image);
    Ok(client.send(call).await.context(DOING)?.body)
}

/// The request for one picture of a file; `None` for the keys of other pictures.
pub(super) fn picture_request(base: &ServerUrl, headers: &Headers, key: &ImageKey) -> Option<MediaRequest> {
    let (file, start, end) = PreviewIndex::split(key)?;
    let mut headers = headers.clone();
    headers.push((RANGE, range(start, end)));
    Some(MediaRequest { url: base.join(path(file)), headers })
}

/// Of a range its first byte and the one behind its last.
fn range(start: u64, end: u64) -> SecretString {
    SecretString::from(format!("bytes={start}-{}", end.saturating_sub(1)))
}

fn path(key: &str) -> &str {
    key.split('?').next().unwrap_or_default()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use secrecy::ExposeSecret as _;
    use serde_json::json;

    use super::*;

    fn found(part: serde_json::Value) -> Option<String> {
        match of_part(&serde_json::from_value(part).unwrap()) {
            Some(Previews::Indexed(key)) => Some(key.as_str().to_owned()),
            _ => None,
        }
    }

    #[test]
    fn a_part_says_whether_it_has_previews() {
        let key = "/library/parts/827/1710015000/file.mkv";
        let file = "/library/parts/827/indexes/sd?of=1710015000";
        assert_eq!(found(json!({ "id": 827, "key": key, "indexes": "sd" })).unwrap(), file);
        assert_eq!(found(json!({ "id": "827", "key": key, "indexes": "hd, sd" })).unwrap(), file);
        for without in [
            json!({ "id": 827, "key": key }),
            json!({ "id": 827, "key": key, "indexes": "hd" }),
            json!({ "key": key, "indexes": "sd" }),
            json!({ "id": "../1", "key": key, "indexes": "sd" }),
        ] {
            assert_eq!(found(without.clone()), None, "{without}");
        }
    }

    #[test]
    fn a_picture_is_a_range_of_the_file() {
        let base = "http://10.0.0.2:32400".parse().unwrap();
        let key = ImageKey::new("/library/parts/827/indexes/sd?of=17#bytes=96-196");
        let request = picture_request(&base, &Vec::new(), &key).unwrap();
        assert_eq!(request.url.as_str(), "http://10.0.0.2:32400/library/parts/827/indexes/sd");
        let [(name, value)] = request.headers.as_slice() else { panic!("one header") };
        assert_eq!((*name, value.expose_secret()), ("range", "bytes=96-195"));
        assert!(picture_request(&base, &Vec::new(), &ImageKey::new("/library/metadata/1/thumb/2")).is_none());
    }
}
