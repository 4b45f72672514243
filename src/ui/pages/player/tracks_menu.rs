//! The menus **Audio** and **Subtitles**.

use gettextrs::gettext;
use gtk::prelude::*;
use gtk::{gio, glib};
use relm4::Sender;

use super::messages::PlayerInput;
use crate::player::{Track, TrackId};

/// Name of the one action of a menu.
const CHOOSE: &str = "choose";
/// The action's state for no subtitles; no track has this id.
const NONE: &str = "";

/// A button with a menu of tracks, one of which is chosen.
#[derive(Debug)]
pub struct TracksMenu {
    button: gtk::MenuButton,
    action: gio::SimpleAction,
    menu: gio::Menu,
    group: &'static str,
    none: Option<String>,
}

impl TracksMenu {
    /// The audio tracks.
    pub fn audio(sender: &Sender<PlayerInput>) -> Self {
        let sender = sender.clone();
        Self::new("audio", "audio-headphones-symbolic", &gettext("Audio"), None, move |id| {
            sender.emit(PlayerInput::AudioChosen(TrackId::new(id)));
        })
    }

    /// The subtitles, and none.
    pub fn subtitles(sender: &Sender<PlayerInput>) -> Self {
        let sender = sender.clone();
        let none = Some(gettext("None"));
        Self::new("subtitles", "media-view-subtitles-symbolic", &gettext("Subtitles"), none, move |id| {
            let track = (id != NONE).then(|| TrackId::new(id));
            sender.emit(PlayerInput::SubtitleChosen(track));
        })
    }

    fn new(
        group: &'static str,
        icon: &str,
        name: &str,
        none: Option<String>,
        chosen: impl Fn(&str) + 'static,
    ) -> Self {
        let text = glib::VariantTy::STRING;
        let action = gio::SimpleAction::new_stateful(CHOOSE, Some(text), &NONE.to_variant());
        action.connect_activate(move |_, parameter| {
            if let Some(id) = parameter.and_then(glib::Variant::str) {
                chosen(id);
            }
        });
        let actions = gio::SimpleActionGroup::new();
        actions.add_action(&action);
        let menu = gio::Menu::new();
        let button = gtk::MenuButton::builder()
            .icon_name(icon)
            .menu_model(&menu)
            .direction(gtk::ArrowType::Up)
            .tooltip_text(name)
            .css_classes(["flat", "circular"])
            .sensitive(false)
            .build();
        button.update_property(&[gtk::accessible::Property::Label(name)]);
        button.insert_action_group(group, Some(&actions));
        Self { button, action, menu, group, none }
    }

    /// The button itself.
    pub fn widget(&self) -> &gtk::MenuButton {
        &self.button
    }

    /// Shows the tracks there are and the one in use.
    pub fn show(&self, tracks: &[Track], current: Option<&TrackId>) {
        let mut entries: Vec<(String, String)> =
            self.none.iter().map(|none| (NONE.to_owned(), none.clone())).collect();
        let labels = labels(tracks);
        entries.extend(tracks.iter().zip(labels).map(|(track, label)| (track.id.as_str().to_owned(), label)));
        if entries != self.entries() {
            self.menu.remove_all();
            for (id, label) in &entries {
                let item = gio::MenuItem::new(Some(&escape(label)), None);
                let action = format!("{}.{CHOOSE}", self.group);
                item.set_action_and_target_value(Some(&action), Some(&id.to_variant()));
                self.menu.append_item(&item);
            }
        }
        self.button.set_sensitive(!tracks.is_empty());
        let state = current.map_or(NONE, TrackId::as_str);
        self.action.set_state(&state.to_variant());
    }

    /// What the menu holds now: ids and labels.
    fn entries(&self) -> Vec<(String, String)> {
        (0..self.menu.n_items())
            .filter_map(|index| {
                let text = |name: &str| {
                    self.menu
                        .item_attribute_value(index, name, Some(glib::VariantTy::STRING))?
                        .get::<String>()
                };
                Some((text("target")?, text("label")?.replace("__", "_")))
            })
            .collect()
    }
}

/// Menus take an underscore for a mnemonic.
fn escape(label: &str) -> String {
    label.replace('_', "__")
}

/// A label for each track that tells it from the others.
fn labels(tracks: &[Track]) -> Vec<String> {
    let plain: Vec<String> =
        tracks.iter().enumerate().map(|(index, track)| label(track, index + 1)).collect();
    let is_twice = |label: &String| plain.iter().filter(|other| *other == label).count() > 1;
    plain
        .iter()
        .enumerate()
        .map(
            |(index, label)| if is_twice(label) { format!("{label} ({})", index + 1) } else { label.clone() },
        )
        .collect()
}

fn label(track: &Track, number: usize) -> String {
    match (&track.language, &track.title) {
        (Some(language), Some(title)) if !title.contains(language.as_str()) => {
            format!("{language} — {title}")
        }
        (_, Some(title)) => title.clone(),
        (Some(language), None) => language.clone(),
        (None, None) => gettext("Track {number}").replace("{number}", &number.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn track(language: Option<&str>, title: Option<&str>) -> Track {
        Track {
            id: TrackId::new("x"),
            title: title.map(str::to_owned),
            language: language.map(str::to_owned),
        }
    }

    #[test]
    fn tracks_can_be_told_apart() {
        let tracks = [
            track(Some("English"), Some("Stereo")),
            track(Some("German"), None),
            track(Some("German"), None),
            track(None, None),
            track(Some("French"), Some("French (Canada)")),
        ];
        let expected = ["English — Stereo", "German (2)", "German (3)", "Track 4", "French (Canada)"];
        assert_eq!(labels(&tracks), expected);
    }
}
