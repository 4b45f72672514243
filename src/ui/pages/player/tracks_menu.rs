//! The menus **Audio** and **Subtitles**.

use gettextrs::gettext;
use gtk::prelude::*;
use gtk::{gio, glib};
use relm4::Sender;

use super::messages::PlayerInput;
use super::step_row::StepRow;
use super::track_choice::KnownTrack;
use crate::player::TrackId;

/// Name of the one action of a menu.
const CHOOSE: &str = "choose";
/// Name of the place for the delay.
const DELAY: &str = "delay";
/// Name of the place for the size.
const SIZE: &str = "size";
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
    delay: StepRow,
    /// Of subtitles.
    size: Option<StepRow>,
}

impl TracksMenu {
    /// The audio tracks.
    pub fn audio(sender: &Sender<PlayerInput>) -> Self {
        let delay = delay_row(
            (&gettext("Audio earlier"), &gettext("Audio later")),
            PlayerInput::AudioDelayStepped,
            sender,
        );
        let sender = sender.clone();
        let chosen = move |id: &str| sender.emit(PlayerInput::AudioChosen(TrackId::new(id)));
        Self::new("audio", "audio-headphones-symbolic", &gettext("Audio"), None, (delay, None), chosen)
    }

    /// The subtitles, and none.
    pub fn subtitles(sender: &Sender<PlayerInput>) -> Self {
        let delay = delay_row(
            (&gettext("Subtitles earlier"), &gettext("Subtitles later")),
            PlayerInput::SubtitleDelayStepped,
            sender,
        );
        let to_page = sender.clone();
        let size = StepRow::new(
            &gettext("Size"),
            &gettext("Smaller subtitles"),
            &gettext("Larger subtitles"),
            move |step| to_page.emit(PlayerInput::SubtitleSizeStepped(step)),
        );
        let sender = sender.clone();
        let chosen = move |id: &str| {
            let track = (id != NONE).then(|| TrackId::new(id));
            sender.emit(PlayerInput::SubtitleChosen(track));
        };
        let (icon, name) = ("media-view-subtitles-symbolic", gettext("Subtitles"));
        Self::new("subtitles", icon, &name, Some(gettext("Off")), (delay, Some(size)), chosen)
    }

    fn new(
        group: &'static str,
        icon: &str,
        name: &str,
        none: Option<String>,
        (delay, size): (StepRow, Option<StepRow>),
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
        let (menu, rows, whole) = (gio::Menu::new(), gio::Menu::new(), gio::Menu::new());
        whole.append_section(None, &menu);
        whole.append_section(None, &rows);
        let button = gtk::MenuButton::builder()
            .icon_name(icon)
            .menu_model(&whole)
            .direction(gtk::ArrowType::Up)
            .tooltip_text(name)
            .css_classes(["flat", "circular"])
            .sensitive(false)
            .build();
        button.update_property(&[gtk::accessible::Property::Label(name)]);
        button.insert_action_group(group, Some(&actions));
        if let Some(popover) = button.popover().and_downcast::<gtk::PopoverMenu>() {
            for (name, row) in [(DELAY, Some(&delay)), (SIZE, size.as_ref())] {
                let Some(row) = row else { continue };
                let item = gio::MenuItem::new(None, None);
                item.set_attribute_value("custom", Some(&name.to_variant()));
                rows.append_item(&item);
                popover.add_child(row.widget(), name);
            }
        }
        Self { button, action, menu, group, none, delay, size }
    }

    /// The button itself.
    pub fn widget(&self) -> &gtk::MenuButton {
        &self.button
    }

    /// Shows the tracks there are and the one in use.
    pub(super) fn show(&self, tracks: &[KnownTrack], current: Option<&TrackId>) {
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

    /// Shows by how many milliseconds these tracks are late, and how large subtitles are, in per cent.
    pub(super) fn show_rows(&self, delay: i64, percent: u32) {
        self.delay.show(&delay_in_words(delay));
        if let Some(size) = &self.size {
            size.show(&gettext("{percent} %").replace("{percent}", &percent.to_string()));
        }
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

/// What a track is called in its menu.
pub(super) fn name(tracks: &[KnownTrack], id: &TrackId) -> String {
    let place = tracks.iter().position(|track| track.id == *id);
    place.and_then(|place| labels(tracks).into_iter().nth(place)).unwrap_or_default()
}

fn delay_row(
    (less, more): (&str, &str),
    message: fn(i8) -> PlayerInput,
    sender: &Sender<PlayerInput>,
) -> StepRow {
    let sender = sender.clone();
    StepRow::new(&gettext("Delay"), less, more, move |step| sender.emit(message(step)))
}

/// `+0.1 s`, `0 s`, `−1.5 s`.
pub(super) fn delay_in_words(milliseconds: i64) -> String {
    let tenths = milliseconds.unsigned_abs() / 100;
    let sign = match milliseconds {
        0 => return gettext("{seconds} s").replace("{seconds}", "0"),
        1.. => "+",
        _ => "−",
    };
    gettext("{seconds} s").replace("{seconds}", &format!("{sign}{}.{}", tenths / 10, tenths % 10))
}

/// Menus take an underscore for a mnemonic.
fn escape(label: &str) -> String {
    label.replace('_', "__")
}

/// A label for each track that tells it from the others.
fn labels(tracks: &[KnownTrack]) -> Vec<String> {
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

fn label(track: &KnownTrack, number: usize) -> String {
    let name = match (&track.language, &track.title) {
        (Some(language), Some(title)) if !title.contains(language.as_str()) => {
            format!("{language} — {title}")
        }
        (_, Some(title)) => title.clone(),
        (Some(language), None) => language.clone(),
        (None, None) => gettext("Track {number}").replace("{number}", &number.to_string()),
    };
    let is_named = name.to_lowercase().contains("forced");
    let kinds = [
        // Translators: subtitles for foreign parts only.
        (track.forced && !is_named, gettext("Forced")),
        // Translators: subtitles in a file beside the film.
        (track.external, gettext("External")),
    ];
    kinds.into_iter().filter(|(is, _)| *is).fold(name, |name, (_, kind)| format!("{name} — {kind}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn track(language: Option<&str>, title: Option<&str>) -> KnownTrack {
        KnownTrack {
            id: TrackId::new("x"),
            title: title.map(str::to_owned),
            language: language.map(str::to_owned),
            default: false,
            forced: false,
            external: false,
        }
    }

    #[test]
    fn delays_are_said_in_tenths() {
        let table = [(0, "0 s"), (100, "+0.1 s"), (-1_500, "−1.5 s"), (12_000, "+12.0 s")];
        for (milliseconds, words) in table {
            assert_eq!(delay_in_words(milliseconds), words);
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
            KnownTrack { forced: true, ..track(Some("German"), None) },
            KnownTrack { forced: true, ..track(Some("Polish"), Some("Forced")) },
            KnownTrack { external: true, ..track(Some("Polish"), Some("SDH")) },
        ];
        let expected = [
            "English — Stereo",
            "German (2)",
            "German (3)",
            "Track 4",
            "French (Canada)",
            "German — Forced",
            "Polish — Forced",
            "Polish — SDH — External",
        ];
        assert_eq!(labels(&tracks), expected);
    }
}
