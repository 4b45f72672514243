//! Before the machine sleeps: what plays is paused, and its place stored, while logind waits for it.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use gettextrs::gettext;
use gtk::prelude::*;
use gtk::{gio, glib};
use relm4::ComponentController as _;
use relm4::Sender;
use tracing::debug;

use super::{Shell, ShellInput};
use crate::ui::pages::player::PlayerInput;

const LOGIND: &str = "org.freedesktop.login1";
const LOGIND_PATH: &str = "/org/freedesktop/login1";
const LOGIND_MANAGER: &str = "org.freedesktop.login1.Manager";
/// The machine is never held up for longer: storing a place takes milliseconds.
const LONGEST_DELAY: Duration = Duration::from_secs(1);

/// Listens to logind, where there is one, and holds a lock that lets sleep begin a moment later.
#[derive(Debug, Default)]
pub(super) struct SleepWatch {
    kept: Rc<RefCell<Kept>>,
    /// The machine is about to sleep, and waits for us.
    is_awaited: bool,
}

#[derive(Debug, Default)]
struct Kept {
    subscription: Option<gio::SignalSubscription>,
    /// Closing it lets the machine sleep.
    lock: Option<gio::UnixFDList>,
}

impl SleepWatch {
    /// Begins to listen.
    pub(super) fn start(input: &Sender<ShellInput>) -> Self {
        let kept = Rc::<RefCell<Kept>>::default();
        glib::spawn_future_local(follow(input.clone(), Rc::clone(&kept)));
        Self { kept, is_awaited: false }
    }

    fn let_sleep(&mut self) {
        self.is_awaited = false;
        self.kept.borrow_mut().lock = None;
    }
}

async fn follow(input: Sender<ShellInput>, kept: Rc<RefCell<Kept>>) {
    let bus = match gio::bus_get_future(gio::BusType::System).await {
        Ok(bus) => bus,
        Err(error) => return debug!(code = ?error.kind::<gio::IOErrorEnum>(), "no system bus"),
    };
    let (again, weak) = (bus.clone(), Rc::downgrade(&kept));
    let subscription = bus.subscribe_to_signal(
        Some(LOGIND),
        Some(LOGIND_MANAGER),
        Some("PrepareForSleep"),
        Some(LOGIND_PATH),
        None,
        gio::DBusSignalFlags::NONE,
        move |signal| match signal.parameters.child_value(0).get::<bool>() {
            Some(true) => input.emit(ShellInput::Sleeping),
            Some(false) => {
                if let Some(kept) = weak.upgrade() {
                    glib::spawn_future_local(take_lock(again.clone(), kept));
                }
            }
            None => {}
        },
    );
    kept.borrow_mut().subscription = Some(subscription);
    take_lock(bus, kept).await;
}

async fn take_lock(bus: gio::DBusConnection, kept: Rc<RefCell<Kept>>) {
    let why = gettext("Keeps the place in what plays");
    let arguments = ("sleep", "Reel", why.as_str(), "delay").to_variant();
    let answer = bus
        .call_with_unix_fd_list_future(
            Some(LOGIND),
            LOGIND_PATH,
            LOGIND_MANAGER,
            "Inhibit",
            Some(&arguments),
            None,
            gio::DBusCallFlags::NONE,
            -1,
            gio::UnixFDList::NONE,
        )
        .await;
    match answer {
        Ok((_, lock)) => kept.borrow_mut().lock = lock,
        Err(error) => debug!(code = ?error.kind::<gio::IOErrorEnum>(), "sleep is not delayed"),
    }
}

impl Shell {
    /// The machine is about to sleep.
    pub(super) fn fall_asleep(&mut self, sender: &relm4::ComponentSender<Self>) {
        self.sleep.is_awaited = true;
        self.player.emit(PlayerInput::Suspended);
        let input = sender.input_sender().clone();
        glib::timeout_add_local_once(LONGEST_DELAY, move || {
            let _gone = input.send(ShellInput::LetSleep);
        });
    }

    /// Everything is stored, or has had its time.
    pub(super) fn let_sleep(&mut self) {
        if self.sleep.is_awaited {
            self.sleep.let_sleep();
        }
    }
}
