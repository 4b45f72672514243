//! The form for folders.

use std::cell::RefCell;
use std::rc::Rc;

use adw::prelude::*;
use gettextrs::gettext;
use gtk::glib;
use relm4::ComponentSender;

use super::form::{Form, column, page, rows};
use super::{AddSourceDialog, AddSourceInput};
use crate::models::NewFolder;
use crate::services::AppContext;
use crate::ui::dialogs::folders::{KindRow, choose_folders};

/// Height of the form in pixels: enough for two folders, and it fits on a phone.
const HEIGHT: i32 = 480;

/// A folder that was chosen.
#[derive(Debug)]
struct Chosen {
    folder: NewFolder,
    kind: KindRow,
    list: gtk::ListBox,
}

/// The page.
#[derive(Debug)]
pub(super) struct FolderPage {
    page: adw::NavigationPage,
    chosen: Rc<RefCell<Vec<Chosen>>>,
    folders: gtk::Box,
    name: adw::EntryRow,
    form: Form,
}

impl FolderPage {
    pub(super) fn build(sender: &ComponentSender<AddSourceDialog>) -> Self {
        let choose = adw::ButtonRow::builder()
            .title(gettext("Choose Folders…"))
            .start_icon_name("folder-open-symbolic")
            .build();
        let input = sender.input_sender().clone();
        choose.connect_activated(move |_| input.emit(AddSourceInput::ChooseFolder));
        let button = gtk::ListBox::builder()
            .selection_mode(gtk::SelectionMode::None)
            .css_classes(["boxed-list"])
            .build();
        button.append(&choose);
        let name = adw::EntryRow::builder().title(gettext("Name")).build();
        let input = sender.input_sender().clone();
        let form = Form::new(&gettext("Add"), move || input.emit(AddSourceInput::AddFolder));
        form.button().set_sensitive(false);
        let folders = column();
        let content = column();
        // The dialog keeps the height that it opens with.
        content.set_height_request(HEIGHT);
        content.append(&folders);
        content.append(&button);
        content.append(&rows(&[&name]));
        content.append(form.widget());
        let page = page(&gettext("Add Folder"), &content);
        Self { page, chosen: Rc::default(), folders, name, form }
    }

    pub(super) fn page(&self) -> &adw::NavigationPage {
        &self.page
    }

    pub(super) fn form(&self) -> &Form {
        &self.form
    }

    /// Adds what was chosen to the list; the source is called after the first unless the user has said otherwise.
    pub(super) fn add_folders(&self, ctx: &AppContext, folders: Vec<NewFolder>) {
        for folder in folders {
            let is_known = self.chosen.borrow().iter().any(|known| known.folder.path == folder.path);
            if is_known {
                continue;
            }
            let place = folder.shown.clone().unwrap_or_else(|| folder.path.display().to_string());
            let title = std::path::Path::new(&place).file_name();
            let title = title.map_or_else(|| place.clone(), |name| name.to_string_lossy().into_owned());
            if self.name.text().is_empty() {
                self.name.set_text(&title);
            }
            let row =
                adw::ActionRow::builder().title(&title).subtitle(&place).use_markup(false).subtitle_lines(3);
            let row = row.build();
            let kind = KindRow::new(ctx, folder.path.clone(), None);
            let list = gtk::ListBox::builder()
                .selection_mode(gtk::SelectionMode::None)
                .css_classes(["boxed-list"])
                .build();
            list.update_property(&[gtk::accessible::Property::Label(&title)]);
            row.add_suffix(&self.remove_button(&title, &folder));
            list.append(&row);
            list.append(kind.widget());
            self.folders.append(&list);
            self.chosen.borrow_mut().push(Chosen { folder, kind, list });
        }
        self.form.button().set_sensitive(!self.chosen.borrow().is_empty());
    }

    fn remove_button(&self, title: &str, folder: &NewFolder) -> gtk::Button {
        let label = gettext("Remove {name}").replace("{name}", title);
        let button = gtk::Button::builder()
            .icon_name("list-remove-symbolic")
            .tooltip_text(&label)
            .valign(gtk::Align::Center)
            .css_classes(["flat"])
            .build();
        button.update_property(&[gtk::accessible::Property::Label(&label)]);
        let (path, chosen) = (folder.path.clone(), Rc::downgrade(&self.chosen));
        let (folders, form) = (self.folders.clone(), self.form.clone());
        button.connect_clicked(move |_| {
            let Some(chosen) = chosen.upgrade() else { return };
            let mut chosen = chosen.borrow_mut();
            if let Some(place) = chosen.iter().position(|known| known.folder.path == path) {
                folders.remove(&chosen.remove(place).list);
            }
            form.button().set_sensitive(!chosen.is_empty());
        });
        button
    }

    /// The folders with what they hold, and the name; `None` when there is nothing to add.
    pub(super) fn typed(&self) -> Option<(Vec<NewFolder>, Option<String>)> {
        let with_kind = |chosen: &Chosen| NewFolder { kind: chosen.kind.kind(), ..chosen.folder.clone() };
        let folders: Vec<NewFolder> = self.chosen.borrow().iter().map(with_kind).collect();
        if folders.is_empty() {
            self.form.fail(&gettext("Choose a folder."));
            return None;
        }
        let name = self.name.text().trim().to_owned();
        Some((folders, (!name.is_empty()).then_some(name)))
    }
}

/// Lets the user choose folders with the desktop's own dialog.
pub(super) fn choose(root: &adw::Dialog, sender: &ComponentSender<AddSourceDialog>) {
    let (window, input) = (root.root().and_downcast::<gtk::Window>(), sender.input_sender().clone());
    glib::spawn_future_local(async move {
        let folders = choose_folders(window.as_ref()).await;
        let _gone = input.send(AddSourceInput::FoldersChosen(folders));
    });
}
