//! Tells the core what the system says about the network, and when the machine has woken up.
//!
//! Lives on the main thread, where GIO's signals come; each costs microseconds. What follows from them is decided in
//! [`crate::net`] and in the services.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant, SystemTime};

use gtk::gio::prelude::*;
use gtk::{gio, glib};
use tracing::debug;

use crate::net::{ClockGap, NetworkConnectivity, NetworkState, NetworkWatch};

/// How often the clocks are compared, for systems where nobody tells of sleep.
const CLOCK_INTERVAL: Duration = Duration::from_secs(30);
/// Monitors of GIO that test the way to the internet. The others only look for a default route, and a network without
/// one may have every server that a person wants.
const TESTING_MONITORS: [&str; 2] = ["GNetworkMonitorNM", "GNetworkMonitorPortal"];

const LOGIND: &str = "org.freedesktop.login1";
const LOGIND_PATH: &str = "/org/freedesktop/login1";
const LOGIND_MANAGER: &str = "org.freedesktop.login1.Manager";

/// Watches the network until it is dropped.
#[derive(Debug)]
pub struct NetworkMonitor {
    monitor: gio::NetworkMonitor,
    signals: Vec<glib::SignalHandlerId>,
    clock: Option<glib::SourceId>,
    sleep: Rc<RefCell<Option<gio::SignalSubscription>>>,
}

impl NetworkMonitor {
    /// Begins to watch. To be called on the main thread.
    pub fn start(watch: &NetworkWatch) -> Self {
        let monitor = gio::NetworkMonitor::default();
        watch.set(state(&monitor));
        let clocks = Rc::new(RefCell::new(ClockGap::new(SystemTime::now(), Instant::now())));
        let sleep = Rc::default();
        glib::spawn_future_local(follow_sleep(watch.clone(), Rc::clone(&clocks), Rc::clone(&sleep)));
        Self { signals: follow(&monitor, watch), clock: Some(follow_clocks(watch, clocks)), monitor, sleep }
    }
}

impl Drop for NetworkMonitor {
    fn drop(&mut self) {
        for signal in self.signals.drain(..) {
            self.monitor.disconnect(signal);
        }
        if let Some(clock) = self.clock.take() {
            clock.remove();
        }
        self.sleep.take();
    }
}

fn follow(monitor: &gio::NetworkMonitor, watch: &NetworkWatch) -> Vec<glib::SignalHandlerId> {
    let changed = watch.clone();
    let connectivity = watch.clone();
    let metered = watch.clone();
    vec![
        monitor.connect_network_changed(move |monitor, _| {
            changed.set(state(monitor));
            // An address or a route is another one, even when all that is said of it is the same.
            changed.note_change();
        }),
        monitor.connect_connectivity_notify(move |monitor| connectivity.set(state(monitor))),
        monitor.connect_network_metered_notify(move |monitor| metered.set(state(monitor))),
    ]
}

fn state(monitor: &gio::NetworkMonitor) -> NetworkState {
    if !TESTING_MONITORS.contains(&monitor.type_().name()) {
        return NetworkState { metered: monitor.is_network_metered(), ..NetworkState::default() };
    }
    NetworkState {
        available: monitor.is_network_available(),
        connectivity: match monitor.connectivity() {
            gio::NetworkConnectivity::Local => NetworkConnectivity::Local,
            gio::NetworkConnectivity::Limited => NetworkConnectivity::Limited,
            gio::NetworkConnectivity::Portal => NetworkConnectivity::Portal,
            _ => NetworkConnectivity::Full,
        },
        metered: monitor.is_network_metered(),
    }
}

fn follow_clocks(watch: &NetworkWatch, clocks: Rc<RefCell<ClockGap>>) -> glib::SourceId {
    let watch = watch.clone();
    glib::timeout_add_local(CLOCK_INTERVAL, move || {
        if clocks.borrow_mut().look(SystemTime::now(), Instant::now()) {
            watch.note_resume();
        }
        glib::ControlFlow::Continue
    })
}

/// Listens to logind, where there is one.
async fn follow_sleep(
    watch: NetworkWatch,
    clocks: Rc<RefCell<ClockGap>>,
    subscription: Rc<RefCell<Option<gio::SignalSubscription>>>,
) {
    let bus = match gio::bus_get_future(gio::BusType::System).await {
        Ok(bus) => bus,
        Err(error) => return debug!(code = ?error.kind::<gio::IOErrorEnum>(), "no system bus"),
    };
    if Rc::strong_count(&subscription) == 1 {
        return;
    }
    let awake = move |signal: gio::DBusSignalRef<'_>| {
        if signal.parameters.child_value(0).get::<bool>() == Some(false) {
            // The clocks need not tell the same again.
            clocks.borrow_mut().look(SystemTime::now(), Instant::now());
            watch.note_resume();
        }
    };
    *subscription.borrow_mut() = Some(bus.subscribe_to_signal(
        Some(LOGIND),
        Some(LOGIND_MANAGER),
        Some("PrepareForSleep"),
        Some(LOGIND_PATH),
        None,
        gio::DBusSignalFlags::NONE,
        awake,
    ));
}
