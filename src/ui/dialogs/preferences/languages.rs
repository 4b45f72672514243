//! In which language films are heard, and when subtitles are shown.

use adw::prelude::*;
use gettextrs::gettext;
use gtk::gio;

use crate::player::languages;
use crate::ui::settings::{AUDIO_LANGUAGE, SUBTITLE_LANGUAGE, SUBTITLES, Settings};

/// The words of the settings for when subtitles are shown, in the order of the choices.
const MODES: [&str; 3] = ["off", "forced", "always"];

/// The group.
pub(super) fn group(settings: &Settings) -> adw::PreferencesGroup {
    let group = adw::PreferencesGroup::builder()
        .title(gettext("Languages"))
        .description(gettext("What is chosen while a series plays holds for that series."))
        .build();
    let languages = languages();
    let audio = language_row(&gettext("Audio"), &gettext("As the Film Has It"), &languages);
    let modes = [gettext("Off"), gettext("For Foreign Parts Only"), gettext("Always")];
    let modes: Vec<&str> = modes.iter().map(String::as_str).collect();
    let mode = adw::ComboRow::builder()
        .title(gettext("Show Subtitles"))
        .model(&gtk::StringList::new(&modes))
        .build();
    let subtitle = language_row(&gettext("Subtitles"), &gettext("As the Audio"), &languages);
    for row in [&audio, &mode, &subtitle] {
        group.add(row);
    }
    let Some(settings) = settings.bindable() else {
        group.set_sensitive(false);
        return group;
    };
    let codes: Vec<String> = languages.into_iter().map(|(code, _)| code).collect();
    bind_language(settings, AUDIO_LANGUAGE, &audio, &codes);
    bind_language(settings, SUBTITLE_LANGUAGE, &subtitle, &codes);
    settings
        .bind(SUBTITLES, &mode, "selected")
        .mapping(|stored, _| {
            let place = MODES.iter().position(|word| Some(*word) == stored.str());
            Some(u32::try_from(place?).ok()?.to_value())
        })
        .set_mapping(|selected, _| {
            let place = usize::try_from(selected.get::<u32>().ok()?).ok()?;
            Some(MODES.get(place)?.to_variant())
        })
        .build();
    group
}

/// A row with a choice that is none and all languages.
fn language_row(title: &str, none: &str, languages: &[(String, String)]) -> adw::ComboRow {
    let names = gtk::StringList::new(&[none]);
    for (_, name) in languages {
        names.append(name);
    }
    let expression =
        gtk::PropertyExpression::new(gtk::StringObject::static_type(), gtk::Expression::NONE, "string");
    adw::ComboRow::builder().title(title).model(&names).enable_search(true).expression(&expression).build()
}

/// Binds a row to the code of a language; no code is the first choice.
fn bind_language(settings: &gio::Settings, key: &str, row: &adw::ComboRow, codes: &[String]) {
    let (known, chosen) = (codes.to_vec(), codes.to_vec());
    settings
        .bind(key, row, "selected")
        .mapping(move |stored, _| Some(place(&known, stored.str().unwrap_or_default()).to_value()))
        .set_mapping(move |selected, _| Some(code(&chosen, selected.get::<u32>().ok()?).to_variant()))
        .build();
}

/// The place of a code among the choices; of one that nobody knows the first.
fn place(codes: &[String], code: &str) -> u32 {
    let place = codes.iter().position(|known| known == code).map_or(0, |place| place + 1);
    u32::try_from(place).unwrap_or_default()
}

fn code(codes: &[String], place: u32) -> &str {
    let place = usize::try_from(place).unwrap_or_default();
    place.checked_sub(1).and_then(|place| codes.get(place)).map_or("", String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_and_its_place_lead_to_each_other() {
        let codes = ["de".to_owned(), "en".to_owned()];
        for known in ["", "de", "en"] {
            assert_eq!(code(&codes, place(&codes, known)), known);
        }
        assert_eq!(place(&codes, "tlh"), 0);
        assert_eq!(code(&codes, 99), "");
    }

    #[gtk::test]
    fn languages_can_be_looked_for() {
        gst::init().ok();
        let all = languages();
        assert!(all.len() > 100, "{}", all.len());
        assert!(all.iter().any(|(code, name)| code == "de" && name.contains("German")));
        assert!(all.is_sorted_by_key(|(_, name)| name.to_lowercase()));
    }
}
