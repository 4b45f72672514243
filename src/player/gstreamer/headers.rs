//! Credentials on their way to the server: as request headers, to the media's own origin, and nowhere else. And the
//! user's word about its certificate.

use gst::glib;
use gst::prelude::*;
use secrecy::ExposeSecret;
use tracing::warn;
use url::Url;

use crate::backends::{Location, MediaRequest};
use crate::net::Trust;

/// What the app calls itself where the request has no name of its own.
const USER_AGENT: &str = concat!("gnome-reel/", env!("CARGO_PKG_VERSION"));

/// Not a proxy: makes the source connect directly, whatever the environment or the desktop says. Which
/// way a server is reached is decided where connections are chosen.
const NO_PROXY: &str = "direct://";

/// Gives the source elements of `playbin` what the request asks for.
pub(super) fn attach(playbin: &gst::Element, location: &Location, trust: &Trust) {
    let (location, trust) = (location.clone(), trust.clone());
    playbin.connect("source-setup", false, move |values| {
        let source = values.get(1).and_then(|value| value.get::<gst::Element>().ok());
        if let Some(source) = source {
            set_up(&source, &location, &trust);
        }
        None
    });
}

/// Sets up one source element; a file source has none of these properties and stays as it is.
pub(super) fn set_up(source: &gst::Element, location: &Location, trust: &Trust) {
    let Location::Remote(request) = location else { return };
    if source.find_property("location").is_none_or(|property| property.value_type() != glib::Type::STRING) {
        return;
    }
    let address = source.property::<Option<String>>("location").and_then(|text| Url::parse(&text).ok());
    if address.is_none_or(|address| !belongs_to(&address, request)) {
        return;
    }
    if source.find_property("extra-headers").is_none() {
        warn!("the network source takes no headers");
        return;
    }
    let mut headers = gst::Structure::new_empty("extra-headers");
    let mut user_agent = USER_AGENT;
    for (name, value) in &request.headers {
        if name.eq_ignore_ascii_case("user-agent") {
            user_agent = value.expose_secret();
        } else {
            headers.set(*name, value.expose_secret());
        }
    }
    source.set_property("user-agent", user_agent);
    if headers.n_fields() > 0 {
        source.set_property("extra-headers", headers);
        // A redirect would carry the headers to wherever it points.
        set_if_present(source, "automatic-redirect", "false");
        // The source's own request log shows headers.
        set_if_present(source, "http-log-level", "none");
    }
    accept_certificates(source, request, trust);
    set_if_present(source, "proxy", NO_PROXY);
    set_if_present(source, "iradio-mode", "false");
}

/// Where the system does not trust the server, what the user has accepted for this source decides.
fn accept_certificates(source: &gst::Element, request: &MediaRequest, trust: &Trust) {
    let known = glib::subclass::SignalId::lookup("accept-certificate", source.type_()).is_some();
    let Some(host) = request.url.host_str().map(str::to_owned) else { return };
    if !known || trust.is_platform_only() {
        return;
    }
    let trust = trust.clone();
    source.connect("accept-certificate", false, move |values| {
        let certificate = values.get(1).and_then(|value| value.get::<glib::Object>().ok());
        let der = certificate
            .and_then(|certificate| certificate.property::<Option<glib::ByteArray>>("certificate"));
        Some(der.is_some_and(|der| trust.accepts(&host, &der)).to_value())
    });
}

fn set_if_present(source: &gst::Element, property: &str, value: &str) {
    if source.find_property(property).is_some() {
        source.set_property_from_str(property, value);
    }
}

/// Whether a source that reads from `address` may be given the headers: only at the very origin of the request.
fn belongs_to(address: &Url, request: &MediaRequest) -> bool {
    request.url.origin() == address.origin()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn headers_stay_with_their_origin() {
        let request =
            MediaRequest { url: Url::parse("http://attic:32400/parts/1").unwrap(), headers: Vec::new() };
        let belongs = |url: &str| belongs_to(&Url::parse(url).unwrap(), &request);
        assert!(belongs("http://attic:32400/other"));
        for stranger in [
            "http://attic:32401/parts/1",
            "https://attic:32400/parts/1",
            "http://evil.example/parts/1",
            "http://attic.evil.example:32400/parts/1",
        ] {
            assert!(!belongs(stranger), "{stranger}");
        }
    }
}
