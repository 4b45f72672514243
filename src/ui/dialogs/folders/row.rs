//! One folder in the dialog: where it is, whether it is there, what it holds.

use adw::prelude::*;
use gettextrs::gettext;
use gtk::gio;

use super::FoldersInput;
use super::kind::KindRow;
use crate::models::Folder;
use crate::services::AppContext;
use crate::ui::standing::moment;
use crate::ui::widgets::more_actions;

/// The rows of a folder, in a list of their own.
#[derive(Debug)]
pub(super) struct FolderRows {
    list: gtk::ListBox,
    folder: Folder,
    row: adw::ActionRow,
    icon: gtk::Image,
    kind: KindRow,
}

impl FolderRows {
    /// Rows of a folder. The only one of its source cannot be removed.
    pub(super) fn build(
        ctx: &AppContext,
        folder: &Folder,
        name: &str,
        is_only: bool,
        input: &relm4::Sender<FoldersInput>,
    ) -> Self {
        let row = adw::ActionRow::builder().title(name).use_markup(false).subtitle_lines(4).build();
        let icon = gtk::Image::new();
        row.add_prefix(&icon);
        let actions = gio::SimpleActionGroup::new();
        let add = |action: &str, enabled: bool, message: fn(Folder) -> FoldersInput| {
            let action = gio::SimpleAction::new(action, None);
            action.set_enabled(enabled);
            let (input, folder) = (input.clone(), folder.clone());
            action.connect_activate(move |_, _| input.emit(message(folder.clone())));
            actions.add_action(&action);
        };
        add("move", true, |folder| FoldersInput::ChoosePlace(folder.id));
        add("remove", !is_only, FoldersInput::AskRemove);
        row.insert_action_group("folder", Some(&actions));
        let menu = gio::Menu::new();
        menu.append(Some(&gettext("_Change Location…")), Some("folder.move"));
        menu.append(Some(&gettext("R_emove")), Some("folder.remove"));
        row.add_suffix(&more_actions(&menu));
        let kind = KindRow::new(ctx, folder.path.clone(), folder.kind);
        let (chosen, id) = (input.clone(), folder.id);
        kind.connect_chosen(move |kind| chosen.emit(FoldersInput::SetKind(id, kind)));
        let list = gtk::ListBox::builder()
            .selection_mode(gtk::SelectionMode::None)
            .css_classes(["boxed-list"])
            .build();
        list.update_property(&[gtk::accessible::Property::Label(name)]);
        list.append(&row);
        list.append(kind.widget());
        let this = Self { list, folder: folder.clone(), row, icon, kind };
        this.show(folder);
        this
    }

    pub(super) fn widget(&self) -> &gtk::ListBox {
        &self.list
    }

    /// Whether these are the rows of this folder, but for what [`Self::show`] shows.
    pub(super) fn is_of(&self, folder: &Folder) -> bool {
        let lasting = |folder: &Folder| Folder { away_since: None, mark: None, kind: None, ..folder.clone() };
        lasting(&self.folder) == lasting(folder)
    }

    /// Shows how it stands and what it holds.
    pub(super) fn show(&self, folder: &Folder) {
        let (state, icon, class) = match folder.away_since {
            None => (gettext("There"), "folder-videos-symbolic", None),
            Some(since) => {
                let text = gettext("Away since {time}").replace("{time}", &moment(since));
                (text, "reel-offline-symbolic", Some("error"))
            }
        };
        self.row.set_subtitle(&format!("{state}\n{}", folder.place()));
        self.icon.set_icon_name(Some(icon));
        self.icon.set_css_classes(class.as_slice());
        self.kind.select(folder.kind);
    }
}
