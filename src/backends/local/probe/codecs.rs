//! `GStreamer`'s names of formats, in the words that the servers use too.

/// The container of these caps.
pub fn container(caps: &gst::Caps) -> Option<String> {
    let structure = caps.structure(0)?;
    let name = match structure.name().as_str() {
        "video/x-matroska" => "mkv",
        "video/webm" | "audio/webm" => "webm",
        "video/quicktime" => match structure.get::<&str>("variant") {
            Ok("apple") => "mov",
            _ => "mp4",
        },
        "video/mpegts" => "ts",
        "video/x-msvideo" => "avi",
        "video/x-flv" => "flv",
        "video/x-ms-asf" | "application/x-asf" => "asf",
        "application/ogg" | "video/ogg" => "ogg",
        "video/mpeg" => "mpg",
        _ => return None,
    };
    Some(name.to_owned())
}

/// The codec of these caps.
pub fn codec(caps: &gst::Caps) -> Option<String> {
    let structure = caps.structure(0)?;
    let version = structure.get::<i32>("mpegversion").ok();
    let name = match structure.name().as_str() {
        "video/x-h264" => "h264",
        "video/x-h265" => "hevc",
        "video/x-av1" => "av1",
        "video/x-vp8" => "vp8",
        "video/x-vp9" => "vp9",
        "video/mpeg" => match version {
            Some(1) => "mpeg1video",
            Some(4) => "mpeg4",
            _ => "mpeg2video",
        },
        "video/x-divx" | "video/x-xvid" => "mpeg4",
        "video/x-theora" => "theora",
        "video/x-wmv" => "wmv",
        "audio/mpeg" => match (version, structure.get::<i32>("layer").ok()) {
            (Some(1), Some(3)) => "mp3",
            (Some(1), _) => "mp2",
            _ => "aac",
        },
        "audio/x-ac3" => "ac3",
        "audio/x-eac3" => "eac3",
        "audio/x-dts" => "dts",
        "audio/x-true-hd" => "truehd",
        "audio/x-opus" => "opus",
        "audio/x-vorbis" => "vorbis",
        "audio/x-flac" => "flac",
        "audio/x-alac" => "alac",
        "audio/x-wma" => "wma",
        "audio/x-raw" => "pcm",
        "text/x-raw" | "application/x-subtitle" => "srt",
        "application/x-ass" => "ass",
        "application/x-ssa" => "ssa",
        "application/x-subtitle-vtt" => "vtt",
        "application/x-subtitle-unknown" => return None,
        "subpicture/x-pgs" => "pgs",
        "subpicture/x-dvd" => "vobsub",
        "subpicture/x-dvb" => "dvbsub",
        other => other.rsplit('/').next()?.trim_start_matches("x-"),
    };
    Some(name.to_owned())
}
