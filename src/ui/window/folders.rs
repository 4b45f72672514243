//! Folders in the window: the dialog of a source's folders, and what tells that one has to be read.

use adw::prelude::*;
use relm4::{Component as _, ComponentController as _, ComponentSender};

use super::{Shell, ShellInput};
use crate::models::{SourceId, SourceKind};
use crate::ui::dialogs::{FoldersDialog, FoldersOutput};
use crate::workers::{FolderInput, MountMonitor};

impl Shell {
    /// Shows the folders of a source.
    pub(super) fn open_folders(&mut self, id: SourceId, sender: &ComponentSender<Self>) {
        let dialog =
            FoldersDialog::builder().launch((self.ctx.clone(), id)).forward(sender.input_sender(), |out| {
                match out {
                    FoldersOutput::Rescan(id) => ShellInput::Rescan(id),
                    FoldersOutput::Say(text) => ShellInput::Say(text),
                }
            });
        dialog.widget().present(Some(&self.init.window));
        self.folders_dialog = Some(dialog);
    }

    /// The list of sources is another: their folders are to be watched. Disks are watched from the first folder on.
    pub(super) fn follow_folders(&mut self) {
        self.folders.emit(FolderInput::Sources(self.sources.clone()));
        let has_folders = self.sources.iter().any(|source| source.kind == SourceKind::Local);
        if has_folders && self.mounts.is_none() {
            let folders = self.folders.sender().clone();
            self.mounts = Some(MountMonitor::start(move || folders.emit(FolderInput::Look)));
        }
    }
}
