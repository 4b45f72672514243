//! Words for what cannot be played.

use gettextrs::gettext;

use crate::player::{EngineError, EngineErrorKind};

/// Title of the page that stands in place of the picture.
pub fn title(error: &EngineError) -> String {
    match &error.kind {
        EngineErrorKind::NotFound => gettext("File Not Found"),
        EngineErrorKind::Unauthorized => gettext("Not Allowed to Play This"),
        EngineErrorKind::Network => gettext("Connection Lost"),
        EngineErrorKind::DecoderMissing(_) => gettext("Format Not Supported"),
        EngineErrorKind::Corrupt => gettext("File Is Damaged"),
        EngineErrorKind::PartMissing(_) => gettext("Player Not Complete"),
        EngineErrorKind::SoundLost | EngineErrorKind::Other => gettext("Cannot Play This"),
    }
}

/// The sentence below it: what happened and what can be done.
pub fn sentence(error: &EngineError) -> String {
    match &error.kind {
        EngineErrorKind::NotFound => {
            gettext("The file is no longer where it was. Synchronise the source and try again.")
        }
        EngineErrorKind::Unauthorized => {
            gettext("The source does not let you read this file. You may have to sign in again.")
        }
        EngineErrorKind::Network => gettext("The server did not answer, or the connection broke off."),
        EngineErrorKind::DecoderMissing(name) if name.is_empty() => {
            gettext("The decoder for this format is not installed.")
        }
        EngineErrorKind::DecoderMissing(name) => {
            gettext("The decoder for “{format}” is not installed.").replace("{format}", name)
        }
        EngineErrorKind::Corrupt => gettext("The file is empty or damaged, or holds no video."),
        EngineErrorKind::PartMissing(name) => {
            gettext("A part of the system that playing needs is not installed: {part}.")
                .replace("{part}", name)
        }
        EngineErrorKind::SoundLost => gettext("The sound device is gone."),
        EngineErrorKind::Other => gettext("The player stopped: {reason}").replace("{reason}", &error.detail),
    }
}

/// The sentence for a part that does not work while the film goes on.
pub fn notice(error: &EngineError) -> String {
    match &error.kind {
        EngineErrorKind::DecoderMissing(name) => {
            gettext("Playing without “{format}”: its decoder is not installed").replace("{format}", name)
        }
        EngineErrorKind::SoundLost => gettext("The sound device is gone: playing without sound"),
        EngineErrorKind::NotFound => gettext("These subtitles are no longer there"),
        EngineErrorKind::Unauthorized => gettext("The source does not let you read these subtitles"),
        EngineErrorKind::Network => gettext("The subtitles could not be fetched"),
        _ => gettext("These subtitles could not be read"),
    }
}
