//! Keys of the viewer.

use gtk::gdk;

use super::ViewerInput;
use super::zoom::STEP;

/// What a key means. With Control only zoom is the viewer's; Alt and Super belong to the window.
pub(super) fn meaning(key: gdk::Key, modifiers: gdk::ModifierType) -> Option<ViewerInput> {
    if modifiers.intersects(gdk::ModifierType::ALT_MASK | gdk::ModifierType::SUPER_MASK) {
        return None;
    }
    match key.to_lower() {
        gdk::Key::plus | gdk::Key::equal | gdk::Key::KP_Add => return Some(ViewerInput::ZoomedBy(STEP)),
        gdk::Key::minus | gdk::Key::KP_Subtract => return Some(ViewerInput::ZoomedBy(1.0 / STEP)),
        gdk::Key::_0 | gdk::Key::KP_0 => return Some(ViewerInput::Fitted),
        _ => {}
    }
    if modifiers.contains(gdk::ModifierType::CONTROL_MASK) {
        return None;
    }
    match key.to_lower() {
        gdk::Key::Left | gdk::Key::KP_Left | gdk::Key::Page_Up => Some(ViewerInput::Stepped(-1)),
        gdk::Key::Right | gdk::Key::KP_Right | gdk::Key::Page_Down | gdk::Key::space => {
            Some(ViewerInput::Stepped(1))
        }
        gdk::Key::f | gdk::Key::F11 => Some(ViewerInput::FullscreenToggled),
        gdk::Key::i => Some(ViewerInput::InformationToggled),
        gdk::Key::Escape => Some(ViewerInput::Escaped),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_mean_what_viewers_teach() {
        let plain = |key| meaning(key, gdk::ModifierType::empty());
        assert!(matches!(plain(gdk::Key::Left), Some(ViewerInput::Stepped(-1))));
        assert!(matches!(plain(gdk::Key::Right), Some(ViewerInput::Stepped(1))));
        assert!(matches!(plain(gdk::Key::F11), Some(ViewerInput::FullscreenToggled)));
        assert!(matches!(plain(gdk::Key::Escape), Some(ViewerInput::Escaped)));
        let control = gdk::ModifierType::CONTROL_MASK;
        assert!(matches!(meaning(gdk::Key::_0, control), Some(ViewerInput::Fitted)));
        assert!(meaning(gdk::Key::f, control).is_none(), "the window's search");
        assert!(meaning(gdk::Key::Left, gdk::ModifierType::ALT_MASK).is_none(), "the window's way back");
    }
}
