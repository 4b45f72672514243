//! Keys of the player.

use gtk::gdk;

use super::messages::PlayerInput;
use super::moments::MomentInput;

/// Seconds that the arrow keys go.
pub const KEY_SEEK: i64 = 10;

/// What a key means; nothing with Control, Alt or Super, which belong to the window.
pub fn meaning(key: gdk::Key, modifiers: gdk::ModifierType) -> Option<PlayerInput> {
    let taken = gdk::ModifierType::CONTROL_MASK | gdk::ModifierType::ALT_MASK | gdk::ModifierType::SUPER_MASK;
    if modifiers.intersects(taken) {
        return None;
    }
    match key.to_lower() {
        gdk::Key::space | gdk::Key::k | gdk::Key::AudioPlay | gdk::Key::AudioPause => {
            Some(PlayerInput::PlayToggled)
        }
        gdk::Key::Left | gdk::Key::KP_Left => Some(PlayerInput::SeekStepped(-KEY_SEEK)),
        gdk::Key::Right | gdk::Key::KP_Right => Some(PlayerInput::SeekStepped(KEY_SEEK)),
        gdk::Key::Up | gdk::Key::KP_Up => Some(PlayerInput::VolumeStepped(1)),
        gdk::Key::Down | gdk::Key::KP_Down => Some(PlayerInput::VolumeStepped(-1)),
        gdk::Key::n | gdk::Key::AudioNext => Some(PlayerInput::NextChosen),
        gdk::Key::p | gdk::Key::AudioPrev => Some(PlayerInput::PreviousChosen),
        gdk::Key::s => Some(PlayerInput::Moment(MomentInput::SkipChosen)),
        gdk::Key::less => Some(PlayerInput::Moment(MomentInput::ChapterStepped { forward: false })),
        gdk::Key::greater => Some(PlayerInput::Moment(MomentInput::ChapterStepped { forward: true })),
        gdk::Key::f | gdk::Key::F11 => Some(PlayerInput::FullscreenToggled),
        gdk::Key::m => Some(PlayerInput::MuteToggled),
        gdk::Key::Escape => Some(PlayerInput::Escaped),
        _ => None,
    }
}

#[cfg(test)]
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
        assert!(plain(gdk::Key::q).is_none());
        assert!(meaning(gdk::Key::Left, gdk::ModifierType::ALT_MASK).is_none());
    }
}
