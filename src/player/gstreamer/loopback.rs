//! The network source of a pipeline. It reads from the app's own gateway on this machine, which knows servers,
//! credentials, trust and repetition; here none of that is decided a second time.

use gst::prelude::*;

/// Not a proxy: makes the source connect directly, whatever the environment or the desktop says.
const NO_PROXY: &str = "direct://";
/// Seconds of silence before the source gives up: longer than the gateway looks for another way to the server.
const PATIENCE: &str = "120";

/// Sets up the source elements of `playbin`.
pub(super) fn attach(playbin: &gst::Element) {
    playbin.connect("source-setup", false, |values| {
        if let Some(source) = values.get(1).and_then(|value| value.get::<gst::Element>().ok()) {
            set_up(&source);
        }
        None
    });
}

/// Sets up one source element; a file source has none of these properties and stays as it is.
pub(super) fn set_up(source: &gst::Element) {
    for (property, value) in [
        ("proxy", NO_PROXY),
        ("iradio-mode", "false"),
        ("automatic-redirect", "false"),
        ("retries", "0"),
        ("timeout", PATIENCE),
        // The path to the gateway is a secret, if a short-lived one.
        ("http-log-level", "none"),
    ] {
        if source.find_property(property).is_some() {
            source.set_property_from_str(property, value);
        }
    }
}
