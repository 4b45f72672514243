//! Playlists of HLS (RFC 8216): every address in them becomes one of the gateway's. Pure.

/// How a playlist begins, after a mark of the byte order.
const BEGINNING: &[u8] = b"#EXTM3U";
/// The mark of the byte order in UTF-8.
const BYTE_ORDER: &[u8] = b"\xef\xbb\xbf";

/// What a playlist is answered as.
pub(super) const CONTENT_TYPE: &str = "application/vnd.apple.mpegurl";

/// Whether bytes begin like a playlist.
pub(super) fn is_playlist(bytes: &[u8]) -> bool {
    bytes.strip_prefix(BYTE_ORDER).unwrap_or(bytes).starts_with(BEGINNING)
}

/// The playlist with every address replaced by what `name` gives for it. Comments are left out: they may say anything.
pub(super) fn rewrite(text: &str, mut name: impl FnMut(&str) -> String) -> String {
    let mut rewritten = String::with_capacity(text.len());
    for line in text.trim_start_matches('\u{feff}').lines() {
        let line = line.trim();
        if line.starts_with("#EXT") {
            rewrite_tag(line, &mut name, &mut rewritten);
        } else if line.is_empty() || line.starts_with('#') {
            continue;
        } else {
            rewritten.push_str(&name(line));
        }
        rewritten.push('\n');
    }
    rewritten
}

/// A tag, in whose list of attributes those whose name ends with `URI` are addresses.
fn rewrite_tag(line: &str, name: &mut impl FnMut(&str) -> String, rewritten: &mut String) {
    let mut rest = line;
    while let Some(begin) = rest.find("URI=\"") {
        let (before, value) = rest.split_at(begin + "URI=\"".len());
        let Some((address, after)) = value.split_once('"') else { break };
        rewritten.push_str(before);
        rewritten.push_str(&name(address));
        rewritten.push('"');
        rest = after;
    }
    // What has no end is not handed on.
    rewritten.push_str(rest.find("URI=\"").map_or(rest, |begin| &rest[..begin]));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &str) -> String {
        rewrite(text, |address| format!("<{address}>"))
    }

    #[test]
    fn segments_and_variants_are_replaced() {
        let text = "#EXTM3U\r\n#EXT-X-VERSION:7\r\n#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS=\"avc1,mp4a\"\r\nmain.m3u8?x=1\r\n\
                    #EXTINF:3.0,\r\nhls1/main/0.ts\r\n\r\nhttp://host/1.ts\r\n#EXT-X-ENDLIST";
        assert_eq!(
            marked(text),
            "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS=\"avc1,mp4a\"\n<main.m3u8?x=1>\n\
             #EXTINF:3.0,\n<hls1/main/0.ts>\n<http://host/1.ts>\n#EXT-X-ENDLIST\n"
        );
    }

    #[test]
    fn addresses_in_tags_are_replaced() {
        for (line, expected) in [
            (
                "#EXT-X-KEY:METHOD=AES-128,URI=\"key\",IV=0x1",
                "#EXT-X-KEY:METHOD=AES-128,URI=\"<key>\",IV=0x1",
            ),
            ("#EXT-X-MAP:URI=\"-1.mp4\",BYTERANGE=\"7@0\"", "#EXT-X-MAP:URI=\"<-1.mp4>\",BYTERANGE=\"7@0\""),
            ("#EXT-X-MEDIA:TYPE=SUBTITLES,URI=\"s.m3u8\"", "#EXT-X-MEDIA:TYPE=SUBTITLES,URI=\"<s.m3u8>\""),
            ("#EXT-X-X:A-URI=\"a\",B-URI=\"b\"", "#EXT-X-X:A-URI=\"<a>\",B-URI=\"<b>\""),
            ("#EXT-X-KEY:METHOD=AES-128,URI=\"no end", "#EXT-X-KEY:METHOD=AES-128,"),
            ("#EXT-X-KEY:METHOD=NONE", "#EXT-X-KEY:METHOD=NONE"),
        ] {
            assert_eq!(marked(line), format!("{expected}\n"));
        }
    }

    #[test]
    fn comments_go() {
        assert_eq!(marked("\u{feff}#EXTM3U\n# token=canary\n#EXTINF:1,\na"), "#EXTM3U\n#EXTINF:1,\n<a>\n");
    }

    #[test]
    fn a_playlist_is_known_by_its_beginning() {
        assert!(is_playlist(b"#EXTM3U\n"));
        assert!(is_playlist(b"\xef\xbb\xbf#EXTM3U"));
        assert!(!is_playlist(b"\x1aE\xdf\xa3"));
        assert!(!is_playlist(b""));
    }
}
