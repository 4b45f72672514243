//! Whether somebody uses a screen reader, as the desktop says it.

use gtk::gio;
use gtk::prelude::*;
use relm4::Sender;

use super::messages::PlayerInput;

/// The service for assistive technologies.
const SERVICE: &str = "org.a11y.Bus";
/// Its object.
const OBJECT: &str = "/org/a11y/bus";
/// Where it tells what is in use.
const INTERFACE: &str = "org.a11y.Status";
/// Its property for a screen reader.
const PROPERTY: &str = "ScreenReaderEnabled";

/// Tells the page whether there is one, now and when that changes. Without such a service nothing is told.
pub(super) fn watch(sender: &Sender<PlayerInput>) {
    let sender = sender.clone();
    gtk::glib::spawn_future_local(async move {
        let proxy = gio::DBusProxy::for_bus_future(
            gio::BusType::Session,
            gio::DBusProxyFlags::DO_NOT_AUTO_START,
            None,
            SERVICE,
            OBJECT,
            INTERFACE,
        );
        let proxy = match proxy.await {
            Ok(proxy) => proxy,
            Err(error) => return tracing::debug!(%error, "nobody tells of screen readers"),
        };
        tell(&proxy, &sender);
        // The proxy lives as long as somebody listens to it: as long as the page.
        let told = sender.clone();
        let kept = proxy.clone();
        proxy.connect_local("g-properties-changed", false, move |_| {
            tell(&kept, &told);
            None
        });
    });
}

fn tell(proxy: &gio::DBusProxy, sender: &Sender<PlayerInput>) {
    let enabled = proxy.cached_property(PROPERTY).and_then(|value| value.get::<bool>()).unwrap_or_default();
    // The page may be gone.
    let _gone = sender.send(PlayerInput::ScreenReaderChanged(enabled));
}
