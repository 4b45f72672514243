//! Below the buttons: which version plays, where else there is a copy, and the episodes before and after.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use adw::prelude::*;
use gettextrs::gettext;
use relm4::ComponentSender;

use super::content::Content;
use super::media_words::version_names;
use super::{DetailsInput, DetailsOutput, DetailsPage, media, menu};
use crate::models::{Item, MediaId};
use crate::ui::text;

/// The line.
#[derive(Debug)]
pub(super) struct Aside {
    root: adw::WrapBox,
    versions: gtk::DropDown,
    names: RefCell<Vec<String>>,
    media: gtk::Button,
    copies: gtk::MenuButton,
    previous: Neighbour,
    next: Neighbour,
    /// Set while the code, and not the user, moves the switch.
    showing: Rc<Cell<bool>>,
}

/// A button to an episode.
#[derive(Debug)]
struct Neighbour {
    button: gtk::Button,
    id: Rc<Cell<Option<MediaId>>>,
}

impl Aside {
    pub(super) fn build(sender: &ComponentSender<DetailsPage>) -> Self {
        let showing = Rc::new(Cell::new(false));
        let versions = gtk::DropDown::from_strings(&[]);
        let label = gettext("Version");
        versions.set_tooltip_text(Some(&label));
        // Its name is what is chosen.
        versions.update_property(&[gtk::accessible::Property::Description(&label)]);
        let (input, quiet) = (sender.input_sender().clone(), Rc::clone(&showing));
        versions.connect_selected_notify(move |choice| {
            if !quiet.get() && choice.selected() != gtk::INVALID_LIST_POSITION {
                input.emit(DetailsInput::VersionChosen(choice.selected()));
            }
        });
        let media = gtk::Button::builder()
            .label(gettext("Media Information"))
            .action_name(format!("{}.media", menu::GROUP))
            .build();
        let copies = gtk::MenuButton::builder().build();
        let previous = Neighbour::build(&gettext("Previous Episode"), sender);
        let next = Neighbour::build(&gettext("Next Episode"), sender);
        let root = adw::WrapBox::builder().child_spacing(6).line_spacing(6).build();
        root.append(&versions);
        root.append(&copies);
        root.append(&previous.button);
        root.append(&next.button);
        root.append(&media);
        Self { root, versions, names: RefCell::default(), media, copies, previous, next, showing }
    }

    pub(super) fn widget(&self) -> &adw::WrapBox {
        &self.root
    }

    pub(super) fn show(&self, content: &Content) {
        self.show_versions(content);
        self.media.set_visible(media::is_known(content));
        self.show_copies(content);
        self.previous.show(content.previous_episode.as_ref());
        self.next.show(content.next_episode.as_ref());
        let shown = self.versions.get_visible()
            || self.media.get_visible()
            || self.copies.get_visible()
            || self.previous.button.get_visible()
            || self.next.button.get_visible();
        self.root.set_visible(shown);
    }

    fn show_versions(&self, content: &Content) {
        self.showing.set(true);
        let versions = content.details.iter().flat_map(|details| &details.versions);
        let chosen = versions.clone().position(|version| Some(&version.id) == content.version.as_ref());
        self.versions.set_visible(versions.count() > 1);
        let names = content.details.as_ref().map(version_names).unwrap_or_default();
        if *self.names.borrow() != names {
            let list: Vec<&str> = names.iter().map(String::as_str).collect();
            self.versions.set_model(Some(&gtk::StringList::new(&list)));
            self.names.replace(names);
        }
        let place = chosen.and_then(|place| u32::try_from(place).ok()).unwrap_or(0);
        if self.versions.selected() != place {
            self.versions.set_selected(place);
        }
        self.showing.set(false);
    }

    fn show_copies(&self, content: &Content) {
        let names: Vec<&str> = content.copies.iter().map(|(_, source)| source.name.as_str()).collect();
        self.copies.set_visible(!names.is_empty());
        if names.is_empty() {
            return;
        }
        let label = gettext("Also on {sources}").replace("{sources}", &names.join(", "));
        if self.copies.label().as_deref() != Some(label.as_str()) {
            self.copies.set_label(&label);
            self.copies.set_menu_model(Some(&menu::copies(content)));
        }
    }
}

impl Neighbour {
    fn build(label: &str, sender: &ComponentSender<DetailsPage>) -> Self {
        let button = gtk::Button::builder().label(label).build();
        let id = Rc::new(Cell::new(None));
        let (output, target) = (sender.output_sender().clone(), Rc::clone(&id));
        button.connect_clicked(move |_| {
            if let Some(id) = target.get() {
                output.emit(DetailsOutput::Open(id));
            }
        });
        Self { button, id }
    }

    fn show(&self, episode: Option<&Item>) {
        self.id.set(episode.map(|episode| episode.id));
        self.button.set_visible(episode.is_some());
        self.button.set_tooltip_text(episode.map(text::card_subtitle).as_deref());
    }
}
