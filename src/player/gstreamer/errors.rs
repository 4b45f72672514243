//! GStreamer's errors as kinds.

use gst::glib;
use gst::prelude::*;

use crate::player::{EngineError, EngineErrorKind};

/// A decoder that is not installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MissingDecoder {
    /// What it would decode, in words.
    pub(super) name: String,
    /// Whether it is for the picture, without which there is nothing to watch.
    pub(super) video: bool,
}

impl MissingDecoder {
    /// Reads GStreamer's message of a missing plugin; `None` for other messages.
    pub(super) fn from_message(structure: &gst::StructureRef) -> Option<Self> {
        if structure.name() != "missing-plugin" || structure.get::<&str>("type").ok()? != "decoder" {
            return None;
        }
        let caps = structure.get::<gst::Caps>("detail").ok();
        let format = caps.as_ref().and_then(|caps| caps.structure(0)).map_or("", |caps| caps.name().as_str());
        let name = structure.get::<&str>("name").unwrap_or(format);
        Some(Self { name: name.to_owned(), video: format.starts_with("video/") })
    }
}

impl From<MissingDecoder> for EngineError {
    fn from(missing: MissingDecoder) -> Self {
        let detail = missing.name.clone();
        Self::new(EngineErrorKind::DecoderMissing(missing.name), detail)
    }
}

/// The kind of an error that stopped a pipeline.
pub(super) fn classify(error: &gst::message::Error, remote: bool) -> EngineError {
    let status = error.details().and_then(|details| details.get::<u32>("http-status-code").ok());
    // A broken connection is told as a broken stream, by the source itself.
    let from_server = remote && comes_from_source(error);
    let error = error.error();
    EngineError::new(kind(&error, status, remote, from_server), error.message().to_owned())
}

fn comes_from_source(error: &gst::message::Error) -> bool {
    let element = error.src().and_then(|object| object.downcast_ref::<gst::Element>());
    element
        .and_then(ElementExt::factory)
        .is_some_and(|factory| factory.has_type(gst::ElementFactoryType::SRC))
}

fn kind(error: &glib::Error, status: Option<u32>, remote: bool, from_server: bool) -> EngineErrorKind {
    match status {
        Some(401 | 403) => return EngineErrorKind::Unauthorized,
        Some(404 | 410) => return EngineErrorKind::NotFound,
        Some(300..) => return EngineErrorKind::Network,
        _ => {}
    }
    match (error.kind::<gst::ResourceError>(), error.kind::<gst::StreamError>()) {
        // A server that cannot be found at all is told as a missing resource without a status.
        (Some(gst::ResourceError::NotFound), _) if !remote => EngineErrorKind::NotFound,
        (Some(gst::ResourceError::NotAuthorized), _) => EngineErrorKind::Unauthorized,
        (Some(gst::ResourceError::OpenRead), _) if !remote => EngineErrorKind::Unauthorized,
        (Some(_), _) if remote => EngineErrorKind::Network,
        _ if from_server => EngineErrorKind::Network,
        (_, Some(gst::StreamError::CodecNotFound)) => EngineErrorKind::DecoderMissing(String::new()),
        (_, Some(_)) => EngineErrorKind::Corrupt,
        _ => EngineErrorKind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_have_kinds() {
        let resource = |error| glib::Error::new::<gst::ResourceError>(error, "x");
        let stream = |error| glib::Error::new::<gst::StreamError>(error, "x");
        let table = [
            (resource(gst::ResourceError::NotFound), None, false, EngineErrorKind::NotFound),
            (resource(gst::ResourceError::NotFound), None, true, EngineErrorKind::Network),
            (resource(gst::ResourceError::NotFound), Some(404), true, EngineErrorKind::NotFound),
            (resource(gst::ResourceError::NotAuthorized), Some(401), true, EngineErrorKind::Unauthorized),
            (resource(gst::ResourceError::OpenRead), Some(403), true, EngineErrorKind::Unauthorized),
            (resource(gst::ResourceError::OpenRead), Some(503), true, EngineErrorKind::Network),
            (resource(gst::ResourceError::OpenRead), None, false, EngineErrorKind::Unauthorized),
            (resource(gst::ResourceError::Read), None, true, EngineErrorKind::Network),
            (stream(gst::StreamError::TypeNotFound), None, true, EngineErrorKind::Corrupt),
            (stream(gst::StreamError::Demux), None, false, EngineErrorKind::Corrupt),
        ];
        for (error, status, remote, expected) in table {
            assert_eq!(kind(&error, status, remote, false), expected, "{error:?} {status:?}");
        }
        let broken = stream(gst::StreamError::Failed);
        assert_eq!(kind(&broken, None, true, true), EngineErrorKind::Network);
    }
}
