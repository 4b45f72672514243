//! Where the picture goes.

use gst::prelude::*;
use gtk::gdk;

use crate::player::{EngineError, EngineErrorKind};

/// Kind of picture output.
#[derive(Debug, Clone, Copy)]
pub(super) enum VideoOutput {
    /// A paintable for GTK.
    Paintable,
    /// Nowhere, but in time: for tests without a display.
    #[cfg(test)]
    Nowhere,
}

/// A picture output ready to be given to a pipeline.
pub(super) struct VideoSink {
    /// The element.
    pub(super) element: gst::Element,
    /// What takes the pictures in it.
    pub(super) sink: gst::Element,
    /// What shows the picture.
    pub(super) paintable: Option<gdk::Paintable>,
}

impl VideoOutput {
    /// Makes the element. On the main thread.
    pub(super) fn make(self) -> Result<VideoSink, EngineError> {
        match self {
            Self::Paintable => paintable_sink(),
            #[cfg(test)]
            Self::Nowhere => {
                let element = element(gst::ElementFactory::make("fakesink").property("sync", true))?;
                Ok(VideoSink { sink: element.clone(), element, paintable: None })
            }
        }
    }
}

fn paintable_sink() -> Result<VideoSink, EngineError> {
    let sink = element(gst::ElementFactory::make("gtk4paintablesink"))?;
    let paintable = sink.property::<gdk::Paintable>("paintable");
    // With GL the frames stay in graphics memory; without it the sink takes them from main memory.
    let gl = paintable.property::<Option<gdk::GLContext>>("gl-context").is_some();
    let element = if gl && gst::ElementFactory::find("glsinkbin").is_some() {
        element(gst::ElementFactory::make("glsinkbin").property("sink", &sink))?
    } else {
        sink.clone()
    };
    Ok(VideoSink { element, sink, paintable: Some(paintable) })
}

fn element(builder: gst::element_factory::ElementBuilder<'_>) -> Result<gst::Element, EngineError> {
    builder.build().map_err(|error| EngineError::new(EngineErrorKind::Other, error.to_string()))
}
