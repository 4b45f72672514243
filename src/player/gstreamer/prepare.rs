//! What is looked up before the first film: GStreamer itself, its parts, a sound output.
//!
//! Reading the plugin registry and opening a sound server take time, so this runs on a thread of its own.

use gst::prelude::*;
use tracing::{info, warn};

use crate::player::{EngineError, EngineErrorKind};

/// Elements without which nothing can be played, and what a person would install.
const NEEDED: [(&str, &str); 3] = [
    ("playbin3", "GStreamer Base Plugins"),
    ("fakesink", "GStreamer Core Elements"),
    ("gtk4paintablesink", "GStreamer GTK 4 Plugin"),
];

/// What this machine plays with.
#[derive(Debug, Clone)]
pub(super) struct Equipment {
    /// Factory of the sound output that opened; `None` when there is no sound device.
    audio: Option<String>,
}

impl Equipment {
    /// Finds out. Blocks.
    ///
    /// # Errors
    /// `PartMissing` when GStreamer does not start or an element is not installed.
    pub(super) fn find() -> Result<Self, EngineError> {
        gst::init().map_err(|error| {
            EngineError::new(EngineErrorKind::PartMissing("GStreamer".to_owned()), error.to_string())
        })?;
        // The sink of the system, where it has one, is not replaced.
        #[cfg(feature = "bundled-sink")]
        if gst::ElementFactory::find("gtk4paintablesink").is_none()
            && let Err(error) = gstgtk4::plugin_register_static()
        {
            warn!(%error, "the bundled sink cannot be used");
        }
        for (element, package) in NEEDED {
            if gst::ElementFactory::find(element).is_none() {
                let kind = EngineErrorKind::PartMissing(package.to_owned());
                return Err(EngineError::new(kind, format!("no element “{element}”")));
            }
        }
        let audio = working_audio_sink();
        if let Some(sink) = &audio {
            info!(sink, "sound output found");
        } else {
            warn!("no sound device: playing without sound");
        }
        Ok(Self { audio })
    }

    /// Without a sound device.
    pub(super) fn silent() -> Self {
        Self { audio: None }
    }

    /// With a sound output of a test's choice.
    #[cfg(test)]
    pub(super) fn with_sound(factory: &str) -> Self {
        Self { audio: Some(factory.to_owned()) }
    }

    /// Whether there is a sound device. Without one it is worth looking again next time.
    pub(super) fn has_sound(&self) -> bool {
        self.audio.is_some()
    }

    /// A new sound output. Without a device one that is silent but keeps time, so that the film runs.
    pub(super) fn audio_sink(&self) -> Result<gst::Element, EngineError> {
        let builder = match &self.audio {
            Some(factory) => gst::ElementFactory::make(factory),
            None => gst::ElementFactory::make("fakesink").property("sync", true),
        };
        let sink =
            builder.build().map_err(|error| EngineError::new(EngineErrorKind::Other, error.to_string()))?;
        // Tells how far it came where a stream breaks off; sound outputs do not keep it unasked.
        if sink.find_property("enable-last-sample").is_some() {
            sink.set_property("enable-last-sample", true);
        }
        Ok(sink)
    }
}

/// The sound output that the system prefers and that opens.
fn working_audio_sink() -> Option<String> {
    let automatic = gst::ElementFactory::make("autoaudiosink").build().ok()?;
    let opened = automatic.set_state(gst::State::Ready).is_ok();
    let chosen = automatic
        .downcast_ref::<gst::Bin>()
        .and_then(|bin| bin.iterate_sinks().into_iter().flatten().next())
        .and_then(|sink| sink.factory())
        .map(|factory| factory.name().to_string())
        .filter(|name| opened && !name.starts_with("fake"));
    if automatic.set_state(gst::State::Null).is_err() {
        warn!("the sound output did not close");
    }
    chosen
}
