//! The form for a folder.

use std::cell::RefCell;
use std::path::PathBuf;

use adw::prelude::*;
use gettextrs::gettext;
use gtk::{gio, glib};
use relm4::ComponentSender;

use super::form::{Form, column, page};
use super::{AddSourceDialog, AddSourceInput};
use crate::models::LibraryKind;

/// Kinds that can be chosen; `None` lets the app find out.
const KINDS: [Option<LibraryKind>; 4] =
    [None, Some(LibraryKind::Movies), Some(LibraryKind::Shows), Some(LibraryKind::HomeVideos)];

/// The page.
#[derive(Debug)]
pub(super) struct FolderPage {
    page: adw::NavigationPage,
    chosen: RefCell<Option<PathBuf>>,
    folder: adw::ActionRow,
    name: adw::EntryRow,
    kind: adw::ComboRow,
    form: Form,
}

impl FolderPage {
    pub(super) fn build(sender: &ComponentSender<AddSourceDialog>) -> Self {
        let folder = adw::ActionRow::builder()
            .title(gettext("Folder"))
            .subtitle(gettext("None chosen"))
            .use_markup(false)
            .activatable(true)
            .build();
        folder.add_suffix(&gtk::Image::from_icon_name("document-open-symbolic"));
        let input = sender.input_sender().clone();
        folder.connect_activated(move |_| input.emit(AddSourceInput::ChooseFolder));
        let name = adw::EntryRow::builder().title(gettext("Name")).build();
        let words = [gettext("Find Out"), gettext("Films"), gettext("Series"), gettext("Videos")];
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let kind =
            adw::ComboRow::builder().title(gettext("Contains")).model(&gtk::StringList::new(&words)).build();
        let list = gtk::ListBox::builder()
            .selection_mode(gtk::SelectionMode::None)
            .css_classes(["boxed-list"])
            .build();
        list.append(&folder);
        list.append(&name);
        list.append(&kind);
        let input = sender.input_sender().clone();
        let form = Form::new(&gettext("Add"), move || input.emit(AddSourceInput::AddFolder));
        form.button().set_sensitive(false);
        let content = column();
        content.append(&list);
        content.append(form.widget());
        let page = page(&gettext("Add Folder"), &content);
        Self { page, chosen: RefCell::default(), folder, name, kind, form }
    }

    pub(super) fn page(&self) -> &adw::NavigationPage {
        &self.page
    }

    pub(super) fn form(&self) -> &Form {
        &self.form
    }

    pub(super) fn set_folder(&self, folder: PathBuf) {
        self.folder.set_subtitle(&folder.display().to_string());
        if let Some(name) = folder.file_name() {
            self.name.set_text(&name.to_string_lossy());
        }
        self.chosen.replace(Some(folder));
        self.form.ready();
    }

    pub(super) fn typed(&self) -> Option<(PathBuf, Option<String>, Option<LibraryKind>)> {
        let Some(folder) = self.chosen.borrow().clone() else {
            self.form.fail(&gettext("Choose a folder."));
            return None;
        };
        let name = self.name.text().trim().to_owned();
        let kind = KINDS.get(self.kind.selected() as usize).copied().flatten();
        Some((folder, (!name.is_empty()).then_some(name), kind))
    }
}

/// Lets the user choose a folder with the desktop's own dialog.
pub(super) fn choose(root: &adw::Dialog, sender: &ComponentSender<AddSourceDialog>) {
    let dialog = gtk::FileDialog::builder().title(gettext("Choose a Folder")).modal(true).build();
    let window = root.root().and_downcast::<gtk::Window>();
    let input = sender.input_sender().clone();
    glib::spawn_future_local(async move {
        match dialog.select_folder_future(window.as_ref()).await {
            Ok(file) => {
                if let Some(path) = file.path() {
                    input.emit(AddSourceInput::FolderChosen(path));
                }
            }
            Err(error) if error.matches(gtk::DialogError::Dismissed) => {}
            Err(error) if error.matches(gio::IOErrorEnum::Cancelled) => {}
            Err(error) => tracing::warn!(%error, "no folder could be chosen"),
        }
    });
}
