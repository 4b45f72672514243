//! How servers are reached: time limits, relays, and the limits of the choice of connections.

use adw::prelude::*;
use gettextrs::gettext;
use gtk::gio;

use crate::ui::settings::Settings;

/// What the time limits can be multiplied by, in the order of the choices.
const FACTORS: [u32; 3] = [1, 2, 4];

/// The group.
pub(super) fn group(settings: &Settings) -> adw::PreferencesGroup {
    let group = adw::PreferencesGroup::builder().title(gettext("Connections")).build();
    let slow = slow_row();
    let relay = adw::SwitchRow::builder()
        .title(gettext("Allow Relays"))
        .subtitle(gettext("A relay has little bandwidth and is used only where no direct way exists."))
        .build();
    let parallel = spin_row(
        &gettext("Parallel Attempts"),
        &gettext("How many addresses of a server are tried at the same time"),
        16.0,
    );
    let stability = spin_row(
        &gettext("Stability"),
        &gettext("How often in a row another address must be clearly faster before it is used"),
        20.0,
    );
    let advanced = adw::ExpanderRow::builder().title(gettext("Advanced")).build();
    advanced.add_row(&parallel);
    advanced.add_row(&stability);
    for row in [slow.upcast_ref::<gtk::Widget>(), relay.upcast_ref(), advanced.upcast_ref()] {
        group.add(row);
    }
    let Some(settings) = settings.bindable() else {
        group.set_sensitive(false);
        group.set_description(Some(&gettext("Settings cannot be stored: their schema is not installed.")));
        return group;
    };
    bind_slow(settings, &slow);
    settings.bind("relay-allowed", &relay, "active").build();
    settings.bind("parallel-attempts", &parallel, "value").build();
    settings.bind("stability-checks", &stability, "value").build();
    group
}

fn slow_row() -> adw::ComboRow {
    let choices = [gettext("Usual"), gettext("Twice as long"), gettext("Four times as long")];
    let choices: Vec<&str> = choices.iter().map(String::as_str).collect();
    adw::ComboRow::builder()
        .title(gettext("Slow Connection"))
        .subtitle(gettext("How long to wait for servers"))
        .model(&gtk::StringList::new(&choices))
        .build()
}

fn bind_slow(settings: &gio::Settings, row: &adw::ComboRow) {
    settings
        .bind("slow-connection-factor", row, "selected")
        .mapping(|stored, _| Some(place(stored.get::<u32>()?).to_value()))
        .set_mapping(|selected, _| Some(factor(selected.get::<u32>().ok()?)?.to_variant()))
        .build();
}

/// The place of a factor among the choices; of one that is not among them, the next longer one's.
fn place(factor: u32) -> u32 {
    let place = FACTORS.iter().position(|known| *known >= factor).unwrap_or(FACTORS.len() - 1);
    u32::try_from(place).unwrap_or_default()
}

fn factor(place: u32) -> Option<u32> {
    FACTORS.get(usize::try_from(place).ok()?).copied()
}

fn spin_row(title: &str, subtitle: &str, most: f64) -> adw::SpinRow {
    let adjustment = gtk::Adjustment::new(1.0, 1.0, most, 1.0, 4.0, 0.0);
    adw::SpinRow::builder().title(title).subtitle(subtitle).adjustment(&adjustment).build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_factor_has_a_choice() {
        let places: Vec<u32> = (1..=5).map(place).collect();
        assert_eq!(places, [0, 1, 2, 2, 2]);
        assert_eq!([factor(0), factor(1), factor(2), factor(3)], [Some(1), Some(2), Some(4), None]);
    }
}
