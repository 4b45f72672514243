//! Questions and decisions, by field.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::HashMap;
use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::models::{Quality, ServerUrl};

fn version() -> MediaVersion {
    MediaVersion { id: "827".to_owned(), bitrate: Some(10_000_000), ..MediaVersion::default() }
}

fn asked(ask: &StreamAsk) -> HashMap<String, String> {
    let (item, version) = (RemoteId::new("1049"), version());
    let wanted = Wanted { item: &item, place: 1, version: &version, ask, session: "s-1" };
    let base: ServerUrl = "http://attic:32400".parse().unwrap();
    let (question, start) = (wanted.decision_call().url(&base), wanted.start_call().url(&base));
    assert_eq!(question.query(), start.query(), "the server knows a decision again by its parameters");
    assert_eq!(start.path(), "/video/:/transcode/universal/start.m3u8");
    question.query_pairs().into_owned().collect()
}

fn verdict(ask: &StreamAsk, container: &Value) -> Verdict {
    let (item, version) = (RemoteId::new("1049"), version());
    let envelope: DecisionEnvelope = serde_json::from_value(json!({ "MediaContainer": container })).unwrap();
    envelope.container.verdict(&Wanted { item: &item, place: 0, version: &version, ask, session: "s-1" })
}

fn part(decision: &str, streams: &[(u32, &str)]) -> Value {
    let streams: Vec<Value> = streams
        .iter()
        .map(|(kind, decision)| json!({ "id": "1", "streamType": kind, "decision": decision }))
        .collect();
    json!([{ "Media": [{ "id": "5", "selected": true, "Part": [{ "id": "7", "decision": decision, "Stream": streams }] }] }])
}

#[test]
fn an_original_is_asked_for_with_what_this_machine_plays() {
    let asked = asked(&StreamAsk { start: Duration::from_secs(90), ..StreamAsk::default() });
    for (name, value) in [
        ("path", "/library/metadata/1049"),
        ("mediaIndex", "1"),
        ("partIndex", "0"),
        ("directPlay", "1"),
        ("directStream", "1"),
        ("offset", "90"),
        ("session", "s-1"),
        ("transcodeSessionId", "s-1"),
        ("location", "lan"),
        ("subtitles", "none"),
    ] {
        assert_eq!(asked[name], value, "{name}");
    }
    assert!(!asked.contains_key("maxVideoBitrate"));
    let profile = &asked["X-Plex-Client-Profile-Extra"];
    assert!(profile.contains("add-direct-play-profile(type=videoProfile&container=mkv&videoCodec=h264,"));
    assert!(profile.contains("name=video.bitDepth&value=8"));
}

#[test]
fn a_limit_that_the_file_exceeds_forbids_direct_play() {
    let asked = asked(&StreamAsk {
        quality: Quality::from_kilobits(4000),
        way: Some(Way::Relay),
        audio_stream: Some("31".to_owned()),
        subtitle_stream: Some("41".to_owned()),
        ..StreamAsk::default()
    });
    for (name, value) in [
        ("directPlay", "0"),
        ("directStream", "1"),
        ("maxVideoBitrate", "4000"),
        ("videoResolution", "1280x720"),
        ("location", "wan"),
        ("audioStreamID", "31"),
        ("subtitleStreamID", "41"),
        ("subtitles", "burn"),
    ] {
        assert_eq!(asked[name], value, "{name}");
    }
}

#[test]
fn what_could_not_be_played_is_converted_altogether() {
    let asked = asked(&StreamAsk { force_transcode: true, ..StreamAsk::default() });
    assert_eq!((asked["directPlay"].as_str(), asked["directStream"].as_str()), ("0", "0"));
}

#[test]
fn decisions_are_understood() {
    use NotDirect::{AudioCodec, Bitrate, Container, Failed, Subtitles, VideoCodec};
    use Verdict::{Converted, Direct, Never};
    let plain = StreamAsk::default();
    let limited = StreamAsk { quality: Quality::from_kilobits(4000), ..StreamAsk::default() };
    let forced = StreamAsk { force_transcode: true, ..StreamAsk::default() };
    let converted =
        |streams| json!({ "generalDecisionCode": "1001", "Metadata": part("transcode", streams) });
    for (ask, container, expected) in [
        (&plain, json!({ "generalDecisionCode": 1000, "Metadata": part("directplay", &[]) }), Direct),
        (&plain, json!({ "directPlayDecisionCode": 1000, "Metadata": part("", &[]) }), Direct),
        (&plain, converted(&[(1, "copy"), (2, "copy")]), Converted(PlayMethod::Remux, vec![Container])),
        (&plain, converted(&[(1, "copy"), (2, "transcode")]), Converted(PlayMethod::Remux, vec![AudioCodec])),
        (
            &plain,
            converted(&[(1, "transcode"), (2, "copy")]),
            Converted(PlayMethod::Transcode, vec![VideoCodec]),
        ),
        (
            &plain,
            converted(&[(1, "copy"), (2, "copy"), (3, "burn")]),
            Converted(PlayMethod::Transcode, vec![Subtitles]),
        ),
        (
            &limited,
            converted(&[(1, "transcode"), (2, "copy")]),
            Converted(PlayMethod::Transcode, vec![Bitrate]),
        ),
        // A server that gives the file all the same is not believed.
        (
            &forced,
            json!({ "generalDecisionCode": 1000, "Metadata": part("directplay", &[]) }),
            Converted(PlayMethod::Transcode, vec![Failed]),
        ),
        (&plain, json!({ "generalDecisionCode": 2001, "Metadata": part("directplay", &[]) }), Never),
        (
            &plain,
            json!({ "generalDecisionCode": 1001, "transcodeDecisionCode": 4000, "Metadata": part("transcode", &[]) }),
            Never,
        ),
        (&plain, json!({}), Never),
    ] {
        assert_eq!(verdict(ask, &container), expected, "{container}");
    }
}
