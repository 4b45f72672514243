//! What is skipped, what begins by itself, and where a title goes on.

use adw::prelude::*;
use gettextrs::gettext;
use gtk::gio;

use crate::ui::moment_settings::{AUTOPLAY_NEXT, RESUME, RESUMING, SKIP_CREDITS, SKIP_INTRO, SKIPPING};
use crate::ui::settings::Settings;

/// The group with its controls bound to the settings.
pub(super) fn group(settings: &Settings) -> adw::PreferencesGroup {
    let group = adw::PreferencesGroup::builder().title(gettext("While Playing")).build();
    let next = adw::SwitchRow::builder()
        .title(gettext("Play Next Episode"))
        .subtitle(gettext("Begins by itself a moment after it was announced."))
        .build();
    // Translators: what is done with an intro: a button is offered, it is skipped, or it is played.
    let skipping = || [gettext("Ask"), gettext("Automatically"), gettext("Never")];
    let intro = choice(&gettext("Skip Intros"), &gettext("Recaps and commercials too."), &skipping());
    let credits =
        choice(&gettext("Skip Credits"), &gettext("What comes after them is always played."), &skipping());
    // Translators: whether a title goes on where it was left.
    let resuming = [gettext("Always"), gettext("Ask"), gettext("Never")];
    let resume = choice(&gettext("Resume"), &gettext("Goes on where a title was left."), &resuming);
    let rows: [&gtk::Widget; 4] =
        [resume.upcast_ref(), next.upcast_ref(), intro.upcast_ref(), credits.upcast_ref()];
    for row in rows {
        group.add(row);
        row.set_sensitive(settings.bindable().is_some());
    }
    if let Some(settings) = settings.bindable() {
        settings.bind(AUTOPLAY_NEXT, &next, "active").build();
        bind_words(settings, SKIP_INTRO, &intro, &SKIPPING);
        bind_words(settings, SKIP_CREDITS, &credits, &SKIPPING);
        bind_words(settings, RESUME, &resume, &RESUMING);
    }
    group
}

fn choice(title: &str, subtitle: &str, choices: &[String; 3]) -> adw::ComboRow {
    let choices: Vec<&str> = choices.iter().map(String::as_str).collect();
    adw::ComboRow::builder().title(title).subtitle(subtitle).model(&gtk::StringList::new(&choices)).build()
}

/// Binds a choice to a setting that holds one of these words.
fn bind_words(settings: &gio::Settings, key: &str, row: &adw::ComboRow, words: &'static [&'static str]) {
    settings
        .bind(key, row, "selected")
        .mapping(move |value, _| {
            let word = value.str()?;
            let place = words.iter().position(|known| *known == word).unwrap_or_default();
            Some(u32::try_from(place).ok()?.to_value())
        })
        .set_mapping(move |value, _| {
            let place = usize::try_from(value.get::<u32>().ok()?).ok()?;
            words.get(place).map(ToVariant::to_variant)
        })
        .build();
}
