//! The settings that decide how servers are reached, brought to the core: at the start, and whenever they change.

use std::cell::Cell;
use std::fmt;
use std::rc::Rc;

use adw::prelude::*;
use gtk::glib;

use super::settings::Settings;
use crate::net::ProxyChoice;
use crate::services::proxy::ProxySetting;
use crate::services::{AppContext, ProxyService};

/// Brings settings to the core. Cheap to clone.
#[derive(Clone)]
pub(super) struct NetworkSettings {
    ctx: AppContext,
    settings: Settings,
    window: glib::WeakRef<adw::ApplicationWindow>,
    /// Counts readings of the proxy: only the last one holds, whichever ends last.
    reading: Rc<Cell<u64>>,
}

impl NetworkSettings {
    /// Applies what is set, and goes on doing so.
    pub(super) fn start(ctx: &AppContext, settings: &Settings, window: &adw::ApplicationWindow) -> Self {
        let this = Self {
            ctx: ctx.clone(),
            settings: settings.clone(),
            window: window.downgrade(),
            reading: Rc::default(),
        };
        // Not through the system's proxy while the password of another is read.
        ctx.http.set_proxy(without_password(&settings.proxy()));
        this.apply();
        let watching = this.clone();
        settings.watch_network(move |_| watching.apply());
        this
    }

    /// Applies what is set now.
    pub(super) fn apply(&self) {
        self.ctx.tune(self.settings.tuning());
        self.apply_proxy();
    }

    /// The proxy comes together with its password, which is not a setting: that takes a moment. Credentials that were
    /// written into the address move to where the others are.
    pub(super) fn apply_proxy(&self) {
        let number = self.reading.get() + 1;
        self.reading.set(number);
        let (this, setting) = (self.clone(), self.settings.proxy());
        glib::spawn_future_local(async move {
            let ctx = this.ctx.clone();
            let read = relm4::spawn(async move {
                let (moved, setting) = take_out(&ctx, setting).await;
                (moved, ProxyService::choice(&ctx, &setting).await)
            });
            let Ok((moved, choice)) = read.await else { return };
            if this.reading.get() != number {
                return;
            }
            if let Some(ProxySetting::Manual { address, user }) = moved {
                this.settings.store_proxy(&address, &user);
            }
            if this.ctx.http.set_proxy(choice) {
                this.look_again();
            }
        });
    }

    /// What failed through one proxy may work through another.
    fn look_again(&self) {
        if let Some(window) = self.window.upgrade() {
            ActionGroupExt::activate_action(&window, "check-all", None);
        }
    }
}

/// The setting without credentials in its address; the first is given when there were some.
async fn take_out(ctx: &AppContext, setting: ProxySetting) -> (Option<ProxySetting>, ProxySetting) {
    let ProxySetting::Manual { address, .. } = &setting else { return (None, setting) };
    match ProxyService::take_out(ctx, address).await {
        Ok(Some((address, user))) => {
            let bare = ProxySetting::Manual { address, user };
            (Some(bare.clone()), bare)
        }
        Ok(None) => (None, setting),
        Err(error) => {
            tracing::warn!(%error, "the password of the proxy stays in its address");
            (None, setting)
        }
    }
}

fn without_password(setting: &ProxySetting) -> ProxyChoice {
    match setting {
        ProxySetting::System => ProxyChoice::System,
        ProxySetting::Manual { address, .. } => ProxyChoice::Manual(address.clone()),
        ProxySetting::None => ProxyChoice::None,
    }
}

impl fmt::Debug for NetworkSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NetworkSettings")
    }
}
