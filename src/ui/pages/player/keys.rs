//! Keys of the player: one table, which the shortcuts window shows too.

use gettextrs::gettext;
use gtk::gdk;

use super::messages::PlayerInput;
use super::moments::MomentInput;

/// Seconds that the arrow keys go.
const KEY_SEEK: i64 = 10;
/// Seconds that they go together with Shift.
const KEY_SEEK_FAR: i64 = 60;
/// Stands before the name of a key that is meant with Shift.
const SHIFT: &str = "<Shift>";

/// One thing that keys do.
struct Binding {
    /// What the shortcuts window says; none for what only goes with another row.
    title: Option<fn() -> String>,
    /// Keys by their names, those with Shift after `<Shift>`.
    keys: &'static [&'static str],
    /// What they mean.
    message: fn(gdk::Key) -> PlayerInput,
    /// How the keys are shown, where that is not their names.
    shown: Option<&'static str>,
}

impl Binding {
    const fn new(
        title: fn() -> String,
        keys: &'static [&'static str],
        message: fn(gdk::Key) -> PlayerInput,
    ) -> Self {
        Self { title: Some(title), keys, message, shown: None }
    }

    /// The same keys of a remote or a keyboard's upper row, which the shortcuts window does not show.
    const fn silent(keys: &'static [&'static str], message: fn(gdk::Key) -> PlayerInput) -> Self {
        Self { title: None, keys, message, shown: None }
    }
}

/// All keys of the player.
const BINDINGS: &[Binding] = &[
    Binding::new(|| gettext("Play or Pause"), &["space", "k"], |_| PlayerInput::PlayToggled),
    Binding::silent(&["AudioPlay", "AudioPause"], |_| PlayerInput::PlayToggled),
    Binding::new(|| gettext("Back 10 Seconds"), &["Left"], |_| PlayerInput::SeekStepped(-KEY_SEEK)),
    Binding::new(|| gettext("Forward 10 Seconds"), &["Right"], |_| PlayerInput::SeekStepped(KEY_SEEK)),
    Binding::silent(&["KP_Left", "AudioRewind"], |_| PlayerInput::SeekStepped(-KEY_SEEK)),
    Binding::silent(&["KP_Right", "AudioForward"], |_| PlayerInput::SeekStepped(KEY_SEEK)),
    Binding::new(|| gettext("Back a Minute"), &["<Shift>Left"], |_| PlayerInput::SeekStepped(-KEY_SEEK_FAR)),
    Binding::new(
        || gettext("Forward a Minute"),
        &["<Shift>Right"],
        |_| PlayerInput::SeekStepped(KEY_SEEK_FAR),
    ),
    Binding::new(
        || gettext("To the Beginning"),
        &["Home"],
        |_| PlayerInput::SeekChosen(std::time::Duration::ZERO),
    ),
    Binding::new(|| gettext("To the End"), &["End"], |_| PlayerInput::EndChosen),
    Binding {
        title: Some(|| gettext("To a Tenth")),
        keys: &[
            "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "KP_0", "KP_1", "KP_2", "KP_3", "KP_4", "KP_5",
            "KP_6", "KP_7", "KP_8", "KP_9",
        ],
        message: |key| PlayerInput::TenthChosen(digit(key)),
        shown: Some("0...9"),
    },
    Binding::new(|| gettext("Louder"), &["Up"], |_| PlayerInput::VolumeStepped(1)),
    Binding::silent(&["KP_Up"], |_| PlayerInput::VolumeStepped(1)),
    Binding::new(|| gettext("Quieter"), &["Down"], |_| PlayerInput::VolumeStepped(-1)),
    Binding::silent(&["KP_Down"], |_| PlayerInput::VolumeStepped(-1)),
    Binding::new(|| gettext("Mute"), &["m"], |_| PlayerInput::MuteToggled),
    Binding::new(|| gettext("Next Subtitles"), &["c"], |_| PlayerInput::SubtitleStepped),
    Binding::new(|| gettext("Next Audio Track"), &["a"], |_| PlayerInput::AudioStepped),
    Binding::new(|| gettext("Slower"), &["bracketleft"], |_| PlayerInput::RateStepped(-1)),
    Binding::new(|| gettext("Faster"), &["bracketright"], |_| PlayerInput::RateStepped(1)),
    Binding::new(|| gettext("Next Picture, While Paused"), &["period"], |_| PlayerInput::FrameStepped),
    Binding::new(
        || gettext("Previous Chapter"),
        &["less"],
        |_| PlayerInput::Moment(MomentInput::ChapterStepped { forward: false }),
    ),
    Binding::new(
        || gettext("Next Chapter"),
        &["greater"],
        |_| PlayerInput::Moment(MomentInput::ChapterStepped { forward: true }),
    ),
    Binding::new(
        || gettext("Skip Intro or Credits"),
        &["s"],
        |_| PlayerInput::Moment(MomentInput::SkipChosen),
    ),
    Binding::new(|| gettext("Technical Information"), &["i"], |_| PlayerInput::InformationToggled),
    Binding::new(|| gettext("Previous"), &["p"], |_| PlayerInput::PreviousChosen),
    Binding::silent(&["AudioPrev"], |_| PlayerInput::PreviousChosen),
    Binding::new(|| gettext("Next"), &["n"], |_| PlayerInput::NextChosen),
    Binding::silent(&["AudioNext"], |_| PlayerInput::NextChosen),
    Binding::new(|| gettext("Full Screen"), &["f", "F11"], |_| PlayerInput::FullscreenToggled),
    Binding::new(|| gettext("Leave Full Screen, or the Player"), &["Escape"], |_| PlayerInput::Escaped),
    Binding::silent(&["AudioStop"], |_| PlayerInput::BackChosen),
];

/// What a key means; nothing with Control, Alt or Super, which belong to the window.
pub fn meaning(key: gdk::Key, modifiers: gdk::ModifierType) -> Option<PlayerInput> {
    let taken = gdk::ModifierType::CONTROL_MASK | gdk::ModifierType::ALT_MASK | gdk::ModifierType::SUPER_MASK;
    if modifiers.intersects(taken) {
        return None;
    }
    let key = key.to_lower();
    // Of keys that write something Shift is part of what they write.
    let shifted = modifiers.contains(gdk::ModifierType::SHIFT_MASK) && key.to_unicode().is_none();
    let binding = BINDINGS.iter().find(|binding| {
        binding.keys.iter().any(|name| {
            let plain = name.strip_prefix(SHIFT);
            plain.is_some() == shifted && gdk::Key::from_name(plain.unwrap_or(name)) == Some(key)
        })
    })?;
    Some((binding.message)(key))
}

/// Title and keys of each row of the shortcuts window.
pub fn shortcuts() -> impl Iterator<Item = (String, String)> {
    BINDINGS.iter().filter_map(|binding| {
        let keys = binding.shown.map_or_else(|| binding.keys.join(" "), str::to_owned);
        Some((binding.title?(), keys))
    })
}

fn digit(key: gdk::Key) -> u8 {
    let digit = key.to_unicode().and_then(|letter| letter.to_digit(10)).unwrap_or_default();
    u8::try_from(digit).unwrap_or_default()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn keys_mean_what_players_teach() {
        let plain = |key| meaning(key, gdk::ModifierType::empty());
        assert!(matches!(plain(gdk::Key::space), Some(PlayerInput::PlayToggled)));
        assert!(matches!(plain(gdk::Key::K), Some(PlayerInput::PlayToggled)));
        assert!(matches!(plain(gdk::Key::Left), Some(PlayerInput::SeekStepped(-10))));
        assert!(matches!(plain(gdk::Key::F11), Some(PlayerInput::FullscreenToggled)));
        assert!(matches!(plain(gdk::Key::Escape), Some(PlayerInput::Escaped)));
        assert!(matches!(plain(gdk::Key::_7), Some(PlayerInput::TenthChosen(7))));
        assert!(matches!(plain(gdk::Key::KP_3), Some(PlayerInput::TenthChosen(3))));
        assert!(plain(gdk::Key::q).is_none());
        assert!(meaning(gdk::Key::Left, gdk::ModifierType::ALT_MASK).is_none());
        let shift = |key| meaning(key, gdk::ModifierType::SHIFT_MASK);
        assert!(matches!(shift(gdk::Key::Left), Some(PlayerInput::SeekStepped(-60))));
        assert!(matches!(shift(gdk::Key::K), Some(PlayerInput::PlayToggled)));
        assert!(shift(gdk::Key::Up).is_none());
    }

    #[test]
    fn every_key_of_the_table_exists_and_stands_there_once() {
        let names: Vec<&str> = BINDINGS.iter().flat_map(|binding| binding.keys).copied().collect();
        for (index, name) in names.iter().enumerate() {
            assert!(gdk::Key::from_name(name.trim_start_matches(SHIFT)).is_some(), "{name}");
            assert!(!names[..index].contains(name), "{name} has two meanings");
        }
        assert!(shortcuts().any(|(_, keys)| keys == "space k"));
    }
}
