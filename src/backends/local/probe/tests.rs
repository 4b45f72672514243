//! Real videos, made when the tests run.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::fs;

use super::*;
use crate::backends::local::path::RelativePath;
use crate::backends::local::stamp::Stamp;
use crate::backends::local::test_video;
use crate::models::StreamKind;

#[test]
fn a_video_tells_its_length_and_streams() {
    let folder = tempfile::tempdir().unwrap();
    let video = folder.path().join("Ünï cödé #1?.mkv");
    test_video::make(&video);
    let facts = facts(&video, fs::metadata(&video).unwrap().len());
    assert_eq!(facts.outcome, Outcome::Good);
    assert_eq!(facts.container.as_deref(), Some("mkv"));
    let length = facts.duration.unwrap();
    assert!((Duration::from_millis(1500)..Duration::from_millis(2600)).contains(&length), "{length:?}");
    assert!(facts.bitrate.unwrap() > 0);
    let kinds: Vec<_> = facts.streams.iter().map(|stream| stream.kind).collect();
    assert_eq!(kinds, [StreamKind::Video, StreamKind::Audio]);
    assert_eq!((facts.streams[0].width, facts.streams[0].height), (Some(320), Some(180)));
    assert_eq!(facts.streams[0].codec.as_deref(), Some("theora"));
    assert_eq!(facts.streams[1].codec.as_deref(), Some("vorbis"));
    assert_eq!(facts.streams[1].channels, Some(2));
}

#[test]
fn a_video_gives_a_picture() {
    let folder = tempfile::tempdir().unwrap();
    let video = folder.path().join("a.mkv");
    test_video::make(&video);
    let target = folder.path().join("thumbnails/a.jpg");
    // On a machine that is busy with other things the time limit of one try may not be enough.
    let made = |at| (0..4).any(|_| thumbnail(&video, at, &target));
    assert!(made(Some(Duration::from_secs(2))));
    let picture = fs::read(&target).unwrap();
    assert_eq!(&picture[..3], b"\xff\xd8\xff");
    assert!(made(None));
    assert_ne!(fs::read(&target).unwrap(), picture, "the first frame is another than that at a tenth");
}

#[test]
fn damaged_and_empty_files_are_no_videos() {
    let folder = tempfile::tempdir().unwrap();
    let video = folder.path().join("a.mkv");
    for content in [Vec::new(), vec![7_u8; 4096], b"#!/bin/sh\necho no\n".to_vec()] {
        fs::write(&video, &content).unwrap();
        let facts = facts(&video, content.len() as u64);
        // Of some damaged files the discoverer sometimes hears no error, and gives up when its time is over.
        assert!(matches!(facts.outcome, Outcome::Broken | Outcome::Slow), "{facts:?}");
        assert_eq!(facts.duration, None);
        assert!(!thumbnail(&video, None, &folder.path().join("t.jpg")));
    }
    test_video::make(&video);
    let mut content = fs::read(&video).unwrap();
    content.truncate(content.len() / 2);
    content[200..].fill(0);
    fs::write(&video, &content).unwrap();
    assert_eq!(facts(&video, content.len() as u64).duration.filter(|length| length.as_secs() > 60), None);
}

#[test]
fn answers_are_kept_until_the_file_changes() {
    let (folder, cache) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let path = RelativePath::decode("a.mkv").unwrap();
    let video = path.in_folder(folder.path());
    test_video::make(&video);
    let stamp = Stamp::of(&fs::metadata(&video).unwrap());
    let first = ProbeCache::new(cache.path(), folder.path());
    assert_eq!(first.recall(&path, stamp), None);
    let known = first.facts(&path, stamp);
    let key = first.thumbnail(&path, stamp).unwrap();

    // The file cannot be asked again: what is known comes from the cache.
    fs::remove_file(&video).unwrap();
    let second = ProbeCache::new(cache.path(), folder.path());
    assert_eq!(second.recall(&path, stamp), Some(known.clone()));
    assert_eq!(second.facts(&path, stamp), known);
    assert_eq!(second.thumbnail(&path, stamp), Some(key));
    let changed = Stamp { size: stamp.size + 1, ..stamp };
    assert_eq!(second.facts(&path, changed).outcome, Outcome::Broken);
    assert_eq!(second.thumbnail(&path, changed), None);

    // What a complete scan does not find is forgotten, its thumbnail too.
    let thumbnails = || fs::read_dir(thumbnail_folder(cache.path(), folder.path())).unwrap().count();
    second.tidy(std::iter::once(&path));
    assert_eq!(thumbnails(), 1);
    second.tidy(std::iter::empty());
    assert_eq!(thumbnails(), 0);
    assert_eq!(second.recall(&path, changed), None);
}

#[test]
fn a_damaged_cache_is_as_good_as_none() {
    let (folder, cache) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let path = RelativePath::decode("a.mkv").unwrap();
    fs::write(path.in_folder(folder.path()), b"").unwrap();
    let stamp = Stamp { size: 0, modified: 1 };
    ProbeCache::new(cache.path(), folder.path()).facts(&path, stamp);
    let file = fs::read_dir(cache.path().join("probe")).unwrap().next().unwrap().unwrap().path();
    let mut content = fs::read(&file).unwrap();
    content.extend(b"{\"path\": \xff\xfe half a li");
    fs::write(&file, content).unwrap();
    let again = ProbeCache::new(cache.path(), folder.path());
    assert_eq!(again.recall(&path, stamp).map(|facts| facts.outcome), Some(Outcome::Broken));
}

/// An audio file in an MP4 container, which keeps its tags around the sound; with a cover.
fn make_song(path: &std::path::Path, cover: &std::path::Path) {
    use gst::prelude::*;
    gst::init().unwrap();
    let run = |description: String| {
        let pipeline = gst::parse::launch(&description).unwrap();
        pipeline.set_state(gst::State::Playing).unwrap();
        let end = [gst::MessageType::Eos, gst::MessageType::Error];
        let message = pipeline.bus().unwrap().timed_pop_filtered(gst::ClockTime::from_seconds(60), &end);
        pipeline.set_state(gst::State::Null).unwrap();
        assert_eq!(message.unwrap().type_(), gst::MessageType::Eos, "{description}");
    };
    run(format!(
        "videotestsrc num-buffers=1 ! video/x-raw,width=64,height=64 ! jpegenc ! filesink location={}",
        cover.display()
    ));
    let picture = gst::Buffer::from_slice(fs::read(cover).unwrap());
    let caps = gst::Caps::builder("image/jpeg").build();
    let picture = gst::Sample::builder().buffer(&picture).caps(&caps).build();
    let mut tags = gst::TagList::new();
    {
        let tags = tags.get_mut().unwrap();
        let mode = gst::TagMergeMode::Replace;
        tags.add::<gst::tags::Title>(&"Salt Wind", mode);
        tags.add::<gst::tags::Artist>(&"Ana & Bea", mode);
        tags.add::<gst::tags::Album>(&"Low Water", mode);
        tags.add::<gst::tags::AlbumArtist>(&"The Ferries", mode);
        tags.add::<gst::tags::TrackNumber>(&7, mode);
        tags.add::<gst::tags::AlbumVolumeNumber>(&2, mode);
        tags.add::<gst::tags::Image>(&picture, mode);
    }
    let pipeline = gst::parse::launch(&format!(
        "audiotestsrc num-buffers=40 ! audioconvert ! avenc_aac ! aacparse ! mp4mux name=mux \
         ! filesink location={}",
        path.display()
    ))
    .unwrap()
    .downcast::<gst::Pipeline>()
    .unwrap();
    let mux = pipeline.by_name("mux").unwrap().dynamic_cast::<gst::TagSetter>().unwrap();
    mux.merge_tags(&tags, gst::TagMergeMode::ReplaceAll);
    pipeline.set_state(gst::State::Playing).unwrap();
    let end = [gst::MessageType::Eos, gst::MessageType::Error];
    let message = pipeline.bus().unwrap().timed_pop_filtered(gst::ClockTime::from_seconds(60), &end);
    pipeline.set_state(gst::State::Null).unwrap();
    assert_eq!(message.unwrap().type_(), gst::MessageType::Eos);
}

#[test]
fn an_audio_file_tells_its_tags_and_has_a_cover() {
    let folder = tempfile::tempdir().unwrap();
    let (song, picture) = (folder.path().join("a.m4a"), folder.path().join("front.jpg"));
    make_song(&song, &picture);
    let facts = facts(&song, fs::metadata(&song).unwrap().len());
    assert_eq!(facts.outcome, Outcome::Good);
    assert_eq!(facts.streams.iter().map(|stream| stream.kind).collect::<Vec<_>>(), [StreamKind::Audio]);
    let tags = facts.tags;
    let words = [tags.title, tags.artist, tags.album, tags.album_artist];
    let words: Vec<_> = words.iter().map(Option::as_deref).collect();
    assert_eq!(words, [Some("Salt Wind"), Some("Ana & Bea"), Some("Low Water"), Some("The Ferries")]);
    assert_eq!((tags.disc, tags.track), (Some(2), Some(7)));
    let target = folder.path().join("thumbnails/a.jpg");
    assert!(cover(&song, &target));
    assert_eq!(fs::read(&target).unwrap(), fs::read(&picture).unwrap());
}
