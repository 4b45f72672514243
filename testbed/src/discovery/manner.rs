//! How a responder answers.

use super::Announcement;

/// The largest datagram that IPv4 can carry, in bytes.
pub const LARGEST_DATAGRAM: usize = 65_507;

/// How a responder answers a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Manner {
    /// As it should.
    #[default]
    Proper,
    /// Not at all.
    Silent,
    /// With bytes that mean nothing, with halves of answers, with answers of other services, with what is not UTF-8
    /// and with nothing; and then as it should.
    Garbage,
    /// With a datagram of the largest size that begins like an answer; and then as it should.
    Huge,
    /// With this many servers, each with an id of its own and new ones each time; and then as it should.
    Many(u16),
    /// As another server.
    WrongId,
}

/// The id of a server that is another one.
const WRONG_ID: &str = "ffffffffffffffffffffffffffffffff";

impl Manner {
    /// What is sent, one after the other.
    pub(super) fn datagrams(self, announcement: &Announcement) -> Vec<Vec<u8>> {
        let proper = announcement.answer();
        match self {
            Self::Proper => vec![proper],
            Self::Silent => Vec::new(),
            Self::Garbage => {
                let half = proper[..proper.len() / 2].to_vec();
                let mut datagrams = garbage();
                datagrams.extend([half, proper]);
                datagrams
            }
            Self::Huge => {
                let mut huge = proper.clone();
                huge.resize(LARGEST_DATAGRAM, b' ');
                vec![huge, proper]
            }
            Self::Many(count) => {
                let other = |_| announcement.with_id(&uuid::Uuid::new_v4().simple().to_string()).answer();
                (0..count).map(other).chain([proper]).collect()
            }
            Self::WrongId => vec![announcement.with_id(WRONG_ID).answer()],
        }
    }
}

/// What else may arrive at a socket.
fn garbage() -> Vec<Vec<u8>> {
    let noise: Vec<u8> = (0..1400).map(|_| fastrand::u8(..)).collect();
    let texts = [
        "",
        "\0\0\0\0",
        "null",
        "[]",
        "{}",
        "[[[[[[[[[[[[[[[[",
        r#"{"Address":"http://127.0.0.1:8096"}"#,
        r#"{"Address":"javascript:alert(1)","Id":"a","Name":"a"}"#,
        r#"{"Address":["http://127.0.0.1:8096"],"Id":{"a":1},"Name":7}"#,
        "HTTP/1.0 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nST: urn:schemas-upnp-org:device:MediaServer:1\r\nLocation: http://127.0.0.1/\r\n\r\n",
        "HTTP/1.0 200 OK\r\nContent-Type: plex/media-player\r\nPort: 32500\r\nResource-Identifier: tv\r\n\r\n",
        "HTTP/1.0 200 OK\r\nContent-Type: plex/media-server\r\nPort: 99999\r\nResource-Identifier: a\r\n\r\n",
        "M-SEARCH * HTTP/1.1\r\n\r\n",
        "who is JellyfinServer?",
    ];
    let texts = texts.iter().map(|text| text.as_bytes().to_vec());
    texts.chain([noise, b"HTTP/1.0 200 OK\r\nName: \xff\xfe\xfd\r\nPort: 1\r\n".to_vec()]).collect()
}
