//! How often libraries are compared with their servers.

use adw::prelude::*;
use gettextrs::gettext;
use gtk::gio;

use crate::ui::settings::{SYNC_INTERVAL, Settings};

/// The choices, in minutes; 0 is never by itself, and the last.
const MINUTES: [u32; 6] = [15, 30, 60, 360, 1440, 0];

/// The group.
pub(super) fn group(settings: &Settings) -> adw::PreferencesGroup {
    let group = adw::PreferencesGroup::builder()
        .title(gettext("Synchronisation"))
        .description(gettext(
            "Servers tell of most changes by themselves. Besides, libraries are compared with them at the start and when a server is back.",
        ))
        .build();
    let choices = [
        gettext("Every 15 Minutes"),
        gettext("Every 30 Minutes"),
        gettext("Every Hour"),
        gettext("Every 6 Hours"),
        gettext("Every Day"),
        // Translators: libraries are never compared with their servers by the clock.
        gettext("Never"),
    ];
    let choices: Vec<&str> = choices.iter().map(String::as_str).collect();
    let row = adw::ComboRow::builder()
        .title(gettext("While the App Runs"))
        .subtitle(gettext("How often libraries are compared"))
        .model(&gtk::StringList::new(&choices))
        .build();
    match settings.bindable() {
        Some(settings) => bind(settings, &row),
        None => row.set_sensitive(false),
    }
    group.add(&row);
    group
}

fn bind(settings: &gio::Settings, row: &adw::ComboRow) {
    settings
        .bind(SYNC_INTERVAL, row, "selected")
        .mapping(|stored, _| Some(place(stored.get::<u32>()?).to_value()))
        .set_mapping(|selected, _| Some(minutes(selected.get::<u32>().ok()?)?.to_variant()))
        .build();
}

/// The place of a number of minutes among the choices; of one that is not among them, the next longer one's.
fn place(minutes: u32) -> u32 {
    let never = MINUTES.len() - 1;
    let place = match minutes {
        0 => never,
        _ => MINUTES.iter().position(|known| *known >= minutes).unwrap_or(never - 1),
    };
    u32::try_from(place).unwrap_or_default()
}

fn minutes(place: u32) -> Option<u32> {
    MINUTES.get(usize::try_from(place).ok()?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_interval_has_a_choice() {
        for (stored, chosen) in [(0, 0), (1, 15), (15, 15), (45, 60), (60, 60), (500, 1440), (10_080, 1440)] {
            assert_eq!(minutes(place(stored)), Some(chosen), "{stored}");
        }
        assert_eq!(minutes(6), None);
    }
}
