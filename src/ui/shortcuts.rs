//! The keys of the window, in the table that binds them and that the shortcuts window shows.

#![expect(deprecated, reason = "what replaces this window is newer than the lowest platform")]

use adw::prelude::*;
use gettextrs::gettext;

use super::pages::player;

/// One action of the window or the app, and the keys for it.
struct Shortcut {
    /// What the shortcuts window says.
    title: fn() -> String,
    /// The action with its scope; none where a widget binds the keys itself.
    action: Option<&'static str>,
    /// Keys, as GTK writes them.
    keys: &'static [&'static str],
}

impl Shortcut {
    const fn action(title: fn() -> String, action: &'static str, keys: &'static [&'static str]) -> Self {
        Self { title, action: Some(action), keys }
    }

    const fn widget(title: fn() -> String, keys: &'static [&'static str]) -> Self {
        Self { title, action: None, keys }
    }
}

/// The action that shows the shortcuts window.
const SHOW: &str = "shortcuts";

/// All keys but the player's.
const SHORTCUTS: &[Shortcut] = &[
    Shortcut::action(|| gettext("Search"), "win.search", &["<Control>f"]),
    Shortcut::action(|| gettext("Home"), "win.home", &["<Alt>Home"]),
    Shortcut::widget(|| gettext("Go Back"), &["<Alt>Left"]),
    Shortcut::widget(|| gettext("Select All Titles of a Library"), &["<Control>a"]),
    Shortcut::widget(|| gettext("Menu of a Title"), &["Menu", "<Shift>F10"]),
    Shortcut::action(|| gettext("Synchronize Now"), "win.sync", &["<Control>r"]),
    Shortcut::action(|| gettext("Sources"), "win.sources", &["<Control><Shift>s"]),
    Shortcut::action(|| gettext("Add a Source"), "win.add-source", &["<Control>n"]),
    Shortcut::widget(|| gettext("Move a Source Up or Down"), &["<Alt>Up", "<Alt>Down"]),
    Shortcut::action(|| gettext("Preferences"), "win.preferences", &["<Control>comma"]),
    Shortcut::action(|| gettext("Keyboard Shortcuts"), "win.shortcuts", &["<Control>question"]),
    Shortcut::action(|| gettext("Close the Window"), "window.close", &["<Control>w"]),
    Shortcut::action(|| gettext("Quit"), "app.quit", &["<Control>q"]),
];

/// Binds the keys of all actions, and adds the one that shows them.
pub(super) fn bind(window: &adw::ApplicationWindow, application: &gtk::Application) {
    for shortcut in SHORTCUTS {
        if let Some(action) = shortcut.action {
            application.set_accels_for_action(action, shortcut.keys);
        }
    }
    let show = gtk::gio::SimpleAction::new(SHOW, None);
    let parent = window.downgrade();
    show.connect_activate(move |_, _| {
        let shortcuts = build();
        shortcuts.set_transient_for(parent.upgrade().as_ref());
        shortcuts.present();
    });
    window.add_action(&show);
}

/// The shortcuts window.
fn build() -> gtk::ShortcutsWindow {
    let general = SHORTCUTS.iter().map(|shortcut| ((shortcut.title)(), shortcut.keys.join(" ")));
    let section = gtk::ShortcutsSection::builder().section_name("shortcuts").visible(true).build();
    section.add_group(&group(&gettext("General"), general));
    section.add_group(&group(&gettext("Player"), player::shortcuts()));
    let window = gtk::ShortcutsWindow::builder().modal(true).destroy_with_parent(true).build();
    window.add_section(&section);
    window
}

fn group(title: &str, rows: impl Iterator<Item = (String, String)>) -> gtk::ShortcutsGroup {
    let group = gtk::ShortcutsGroup::builder().title(title).build();
    for (title, keys) in rows {
        group.add_shortcut(&gtk::ShortcutsShortcut::builder().title(title).accelerator(keys).build());
    }
    group
}

#[cfg(test)]
mod tests {
    use super::*;

    #[gtk::test]
    fn the_shortcuts_window_shows_only_keys_that_exist() {
        adw::init().ok();
        let keys = SHORTCUTS.iter().flat_map(|shortcut| shortcut.keys).map(|key| (*key).to_owned());
        let players = player::shortcuts().flat_map(|(_, keys)| {
            keys.split(' ').filter(|key| !key.contains("...")).map(str::to_owned).collect::<Vec<_>>()
        });
        for key in keys.chain(players) {
            assert!(gtk::accelerator_parse(&key).is_some(), "{key}");
        }
        build().destroy();
    }
}
