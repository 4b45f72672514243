//! The quality that is usual where: at home, away, and where traffic costs money.

use adw::prelude::*;
use gettextrs::gettext;
use gtk::glib;

use crate::models::Quality;
use crate::ui::quality_settings::{QUALITY_AWAY, QUALITY_HOME, QUALITY_METERED};
use crate::ui::quality_text::quality_name;
use crate::ui::settings::Settings;

/// The group **Quality** of the page **Playback**.
pub(super) fn group(settings: &Settings) -> adw::PreferencesGroup {
    let group = adw::PreferencesGroup::builder()
        .title(gettext("Quality"))
        .description(gettext(
            "What a server may send. It converts what is larger. In the player another quality can be chosen for what plays; a Plex relay carries 2 Mbit/s at most.",
        ))
        .build();
    for (key, title, subtitle) in [
        (QUALITY_HOME, gettext("At Home"), gettext("The server is in this network.")),
        (QUALITY_AWAY, gettext("Away"), gettext("The server is reached over the internet.")),
        (
            QUALITY_METERED,
            gettext("Metered Network"),
            gettext("Over the internet, where traffic costs money."),
        ),
    ] {
        group.add(&row(settings, key, &title, &subtitle));
    }
    group
}

fn row(settings: &Settings, key: &'static str, title: &str, subtitle: &str) -> adw::ComboRow {
    let choices: Vec<Quality> = std::iter::once(Quality::Original).chain(Quality::STEPS).collect();
    let names: Vec<String> = choices.iter().map(|quality| quality_name(*quality)).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let row =
        adw::ComboRow::builder().title(title).subtitle(subtitle).model(&gtk::StringList::new(&names)).build();
    let Some(settings) = settings.bindable() else {
        row.set_sensitive(false);
        return row;
    };
    let places = choices.clone();
    settings
        .bind(key, &row, "selected")
        .mapping(move |stored, _| {
            let quality = Quality::from_kilobits(stored.get::<u32>()?);
            let place = places.iter().position(|choice| *choice == quality)?;
            Some(u32::try_from(place).ok()?.to_value())
        })
        .set_mapping(move |selected, _| {
            let place = usize::try_from(selected.get::<u32>().ok()?).ok()?;
            Some(glib::Variant::from(choices.get(place)?.kilobits()))
        })
        .build();
    row
}
