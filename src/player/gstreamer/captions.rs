//! Subtitles from beside the video: read once, then shown by position.
//!
//! They do not go through the video's pipeline: `playbin3` with a second address sometimes begins with the
//! subtitles alone, and could change them only by beginning again.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use gst::prelude::*;
use gtk::{glib, pango};

use super::loopback;
use super::opening::uri;
use crate::backends::Location;
use crate::player::{EngineError, EngineErrorKind};

/// How long reading a subtitle file may take.
const READS_WITHIN: gst::ClockTime = gst::ClockTime::from_seconds(30);
/// More lines than this are no subtitles of a film.
const MOST_CUES: usize = 50_000;

/// Text with the time it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Cue {
    start: Duration,
    end: Duration,
    markup: String,
}

/// All lines of a subtitle file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Captions {
    cues: Vec<Cue>,
}

impl Captions {
    /// Reads them. Blocks.
    ///
    /// # Errors
    /// With the kinds of a video: not found, refused, not understood.
    pub(super) fn read(location: &Location) -> Result<Self, EngineError> {
        let pipeline = gst::Pipeline::new();
        let cues = Arc::new(Mutex::new(Vec::new()));
        let outcome = build(&pipeline, location, &cues).and_then(|()| run(&pipeline, location));
        let closed = pipeline.set_state(gst::State::Null);
        outcome.and(closed.map(|_| ()).map_err(|error| other(&error)))?;
        let mut cues = cues.lock().map(|mut cues| std::mem::take(&mut *cues)).unwrap_or_default();
        if cues.is_empty() {
            return Err(EngineError::new(EngineErrorKind::Corrupt, "no text in it"));
        }
        cues.sort_by_key(|cue: &Cue| cue.start);
        Ok(Self { cues })
    }

    /// What is to be seen at a position, as Pango markup.
    pub(super) fn at(&self, position: Duration) -> Option<String> {
        let begun = self.cues.partition_point(|cue| cue.start <= position);
        let lines: Vec<&str> = self
            .cues
            .iter()
            .take(begun)
            .filter(|cue| position < cue.end)
            .map(|cue| cue.markup.as_str())
            .collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }
}

fn other(error: &dyn std::error::Error) -> EngineError {
    EngineError::new(EngineErrorKind::Other, error.to_string())
}

/// A source, whatever decodes it, and a sink that hands over the texts.
fn build(
    pipeline: &gst::Pipeline,
    location: &Location,
    cues: &Arc<Mutex<Vec<Cue>>>,
) -> Result<(), EngineError> {
    let source = gst::Element::make_from_uri(gst::URIType::Src, &uri(location)?, None)
        .map_err(|error| other(&error))?;
    loopback::set_up(&source);
    let decoder = gst::ElementFactory::make("decodebin").build().map_err(|error| other(&error))?;
    let sink = gst::ElementFactory::make("fakesink")
        .property("sync", false)
        .property("signal-handoffs", true)
        .build()
        .map_err(|error| other(&error))?;
    pipeline.add_many([&source, &decoder, &sink]).map_err(|error| other(&error))?;
    source.link(&decoder).map_err(|error| other(&error))?;

    let cues = Arc::clone(cues);
    sink.connect("handoff", false, move |values| {
        let buffer = values.get(1).and_then(|value| value.get::<gst::Buffer>().ok());
        let pad = values.get(2).and_then(|value| value.get::<gst::Pad>().ok());
        if let (Some(cue), Ok(mut cues)) = (buffer.and_then(|buffer| cue(&buffer, pad.as_ref())), cues.lock())
            && cues.len() < MOST_CUES
        {
            cues.push(cue);
        }
        None
    });
    let sink = sink.downgrade();
    decoder.connect_pad_added(move |_, pad| {
        let is_text = pad
            .current_caps()
            .is_some_and(|caps| caps.structure(0).is_some_and(|caps| caps.name().starts_with("text/")));
        let target = sink.upgrade().and_then(|sink| sink.static_pad("sink"));
        // A pad that stays alone ends the pipeline with an error, which is what is to happen.
        if let Some(target) = target.filter(|target| is_text && !target.is_linked()) {
            pad.link(&target).ok();
        }
    });
    Ok(())
}

fn run(pipeline: &gst::Pipeline, location: &Location) -> Result<(), EngineError> {
    let bus = pipeline.bus().ok_or_else(|| EngineError::new(EngineErrorKind::Other, "no bus"))?;
    let started = pipeline.set_state(gst::State::Playing);
    let wait = if started.is_ok() { READS_WITHIN } else { gst::ClockTime::ZERO };
    let message = bus.timed_pop_filtered(wait, &[gst::MessageType::Eos, gst::MessageType::Error]);
    match message.as_deref().map(gst::MessageRef::view) {
        Some(gst::MessageView::Eos(_)) => Ok(()),
        Some(gst::MessageView::Error(error)) => {
            Err(super::errors::classify(error, matches!(location, Location::Remote(_))))
        }
        _ => Err(EngineError::new(EngineErrorKind::Network, "no subtitles in time")),
    }
}

fn cue(buffer: &gst::Buffer, pad: Option<&gst::Pad>) -> Option<Cue> {
    let start = Duration::from(buffer.pts()?);
    let length = buffer.duration().map_or(Duration::from_secs(5), Duration::from);
    let bytes = buffer.map_readable().ok()?;
    let text = String::from_utf8_lossy(bytes.as_slice());
    let text = text.trim_end_matches(['\0', '\n', '\r']).trim();
    let is_markup = pad.and_then(gst::prelude::PadExt::current_caps).is_some_and(|caps| {
        caps.structure(0).is_some_and(|caps| caps.get::<&str>("format") == Ok("pango-markup"))
    });
    (!text.is_empty()).then(|| Cue { start, end: start + length, markup: markup(text, is_markup) })
}

/// The text as markup that Pango accepts.
fn markup(text: &str, is_markup: bool) -> String {
    if is_markup && pango::parse_markup(text, '\0').is_ok() {
        text.to_owned()
    } else {
        glib::markup_escape_text(text).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cue(start: u64, end: u64, markup: &str) -> Cue {
        Cue { start: Duration::from_secs(start), end: Duration::from_secs(end), markup: markup.to_owned() }
    }

    #[test]
    fn lines_are_shown_in_their_time() {
        let captions = Captions { cues: vec![cue(1, 9, "sign"), cue(2, 4, "one"), cue(6, 8, "two")] };
        let at = |seconds| captions.at(Duration::from_secs(seconds));
        assert_eq!(at(0), None);
        assert_eq!(at(1).as_deref(), Some("sign"));
        assert_eq!(at(3).as_deref(), Some("sign\none"));
        assert_eq!(at(4).as_deref(), Some("sign"));
        assert_eq!(at(9), None);
    }

    #[test]
    fn broken_markup_becomes_text() {
        assert_eq!(markup("<i>so</i>", true), "<i>so</i>");
        assert_eq!(markup("<i>so", true), "&lt;i&gt;so");
        assert_eq!(markup("a & b", false), "a &amp; b");
    }
}
