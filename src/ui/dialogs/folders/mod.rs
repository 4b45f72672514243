//! The folders of a source: which are there, what they hold, where they are.

mod choose;
mod kind;
mod row;

use adw::prelude::*;
use gettextrs::gettext;
use gtk::glib;
use relm4::{Component, ComponentParts, ComponentSender};
use tokio::sync::broadcast::error::RecvError;

use crate::models::{Folder, FolderId, LibraryKind, NewFolder, Source, SourceId, folder_names};
use crate::services::core::SourceService;
use crate::services::events::Event;
use crate::services::{AppContext, ServiceError};
use crate::ui::error_text;
use row::FolderRows;

pub(in crate::ui) use choose::choose_folders;
pub(in crate::ui) use kind::KindRow;

/// Messages to the dialog.
#[derive(Debug)]
pub(in crate::ui) enum FoldersInput {
    /// Choose folders to add.
    ChooseNew,
    /// Add these.
    Add(Vec<NewFolder>),
    /// Choose where a folder is now.
    ChoosePlace(FolderId),
    /// It is there.
    Move(FolderId, NewFolder),
    /// It holds this.
    SetKind(FolderId, Option<LibraryKind>),
    /// Ask whether to remove a folder.
    AskRemove(Folder),
    /// Remove it.
    Remove(FolderId),
    /// Read everything anew.
    Rescan,
}

/// What came of it.
#[derive(Debug)]
pub(in crate::ui) enum FoldersOutput {
    /// Read a source anew.
    Rescan(SourceId),
    /// Say a sentence.
    Say(String),
}

/// Results of what the dialog had done in the background.
#[derive(Debug)]
pub(in crate::ui) enum FoldersCommand {
    /// Something changed: read the source.
    Changed,
    /// The source was read.
    Loaded(Box<Result<Source, ServiceError>>),
    /// A change was made, or not.
    Done(Result<(), ServiceError>),
}

/// The dialog.
#[derive(Debug)]
pub(in crate::ui) struct FoldersDialog {
    ctx: AppContext,
    id: SourceId,
    folders: gtk::Box,
    problem: adw::Banner,
    rows: Vec<FolderRows>,
}

impl Component for FoldersDialog {
    type Init = (AppContext, SourceId);
    type Input = FoldersInput;
    type Output = FoldersOutput;
    type CommandOutput = FoldersCommand;
    type Root = adw::Dialog;
    type Widgets = ();

    fn init_root() -> Self::Root {
        adw::Dialog::builder().title(gettext("Folders")).content_width(460).content_height(560).build()
    }

    fn init((ctx, id): Self::Init, root: Self::Root, sender: ComponentSender<Self>) -> ComponentParts<Self> {
        let folders = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(18).build();
        let problem = adw::Banner::builder().use_markup(false).build();
        root.set_child(Some(&page(&folders, &problem, &sender)));
        let model = Self { ctx, id, folders, problem, rows: Vec::new() };
        model.load(&sender);
        model.listen(&sender);
        ComponentParts { model, widgets: () }
    }

    fn update(&mut self, message: FoldersInput, sender: ComponentSender<Self>, root: &Self::Root) {
        match message {
            FoldersInput::ChooseNew => choose_new(root, &sender),
            FoldersInput::Add(folders) => self.add(folders, &sender),
            FoldersInput::ChoosePlace(id) => choose_place(id, root, &sender),
            FoldersInput::Move(id, place) => self.move_to(id, place, &sender),
            FoldersInput::SetKind(id, kind) => self.set_kind(id, kind, &sender),
            FoldersInput::AskRemove(folder) => ask_remove(&folder, root, &sender),
            FoldersInput::Remove(id) => self.remove(id, &sender),
            FoldersInput::Rescan => self.rescan(&sender),
        }
    }

    fn update_cmd(&mut self, command: FoldersCommand, sender: ComponentSender<Self>, root: &Self::Root) {
        match command {
            FoldersCommand::Changed => self.load(&sender),
            FoldersCommand::Loaded(loaded) => match *loaded {
                Ok(source) => self.show(&source, &sender),
                // The source was removed meanwhile.
                Err(_) => root.force_close(),
            },
            FoldersCommand::Done(Ok(())) => self.problem.set_revealed(false),
            FoldersCommand::Done(Err(error)) => {
                let sentence = error_text::sentence(&error);
                self.folders.announce(&sentence, gtk::AccessibleAnnouncementPriority::High);
                self.problem.set_title(&sentence);
                self.problem.set_revealed(true);
                // What could not be changed is shown as it is.
                self.rows.clear();
                self.load(&sender);
            }
        }
    }
}

impl FoldersDialog {
    fn load(&self, sender: &ComponentSender<Self>) {
        let (ctx, id) = (self.ctx.clone(), self.id);
        sender.oneshot_command(async move {
            FoldersCommand::Loaded(Box::new(SourceService::get(&ctx, id).await))
        });
    }

    /// Reads the source anew whenever it is another, as long as the dialog is there.
    fn listen(&self, sender: &ComponentSender<Self>) {
        let (mut events, id) = (self.ctx.events.subscribe(), self.id);
        sender.command(move |out, shutdown| {
            shutdown
                .register(async move {
                    loop {
                        match events.recv().await {
                            Ok(Event::SourceChanged(changed) | Event::SourceRemoved(changed))
                                if changed == id => {}
                            Err(RecvError::Lagged(_)) => {}
                            Err(RecvError::Closed) => return,
                            Ok(_) => continue,
                        }
                        if out.send(FoldersCommand::Changed).is_err() {
                            return;
                        }
                    }
                })
                .drop_on_shutdown()
        });
    }

    /// Shows the folders; their rows are built anew only when they are others, so that the focus stays.
    fn show(&mut self, source: &Source, sender: &ComponentSender<Self>) {
        let folders = &source.folders;
        let is_same = self.rows.len() == folders.len()
            && self.rows.iter().zip(folders).all(|(rows, folder)| rows.is_of(folder));
        if !is_same {
            while let Some(child) = self.folders.first_child() {
                self.folders.remove(&child);
            }
            let is_only = folders.len() == 1;
            let named = folders.iter().zip(folder_names(folders));
            let rows = named.map(|(folder, name)| {
                FolderRows::build(&self.ctx, folder, &name, is_only, sender.input_sender())
            });
            self.rows = rows.collect();
            for rows in &self.rows {
                self.folders.append(rows.widget());
            }
        }
        for (rows, folder) in self.rows.iter().zip(folders) {
            rows.show(folder);
        }
    }

    /// Has a change made.
    fn change<F>(sender: &ComponentSender<Self>, change: F)
    where
        F: Future<Output = Result<(), ServiceError>> + Send + 'static,
    {
        sender.oneshot_command(async move { FoldersCommand::Done(change.await) });
    }

    fn add(&self, folders: Vec<NewFolder>, sender: &ComponentSender<Self>) {
        let (ctx, id) = (self.ctx.clone(), self.id);
        Self::change(sender, async move {
            for folder in &folders {
                SourceService::add_folder_to(&ctx, id, folder).await?;
            }
            Ok(())
        });
    }

    fn move_to(&self, folder: FolderId, place: NewFolder, sender: &ComponentSender<Self>) {
        let (ctx, id) = (self.ctx.clone(), self.id);
        Self::change(sender, async move { SourceService::move_folder(&ctx, id, folder, &place).await });
    }

    fn set_kind(&self, folder: FolderId, kind: Option<LibraryKind>, sender: &ComponentSender<Self>) {
        let (ctx, id) = (self.ctx.clone(), self.id);
        Self::change(sender, async move { SourceService::set_folder_kind(&ctx, id, folder, kind).await });
    }

    fn remove(&self, folder: FolderId, sender: &ComponentSender<Self>) {
        let (ctx, id) = (self.ctx.clone(), self.id);
        Self::change(sender, async move { SourceService::remove_folder(&ctx, id, folder).await });
    }

    fn rescan(&self, sender: &ComponentSender<Self>) {
        // Nobody listens any more: the window is going.
        let _gone = sender.output(FoldersOutput::Rescan(self.id));
        let _gone = sender.output(FoldersOutput::Say(gettext("The folders are being read.")));
    }
}

fn page(
    folders: &gtk::Box,
    problem: &adw::Banner,
    sender: &ComponentSender<FoldersDialog>,
) -> adw::ToolbarView {
    let buttons =
        gtk::ListBox::builder().selection_mode(gtk::SelectionMode::None).css_classes(["boxed-list"]).build();
    let button = |title: &str, icon: &str, message: fn() -> FoldersInput| {
        let row = adw::ButtonRow::builder().title(title).start_icon_name(icon).build();
        let input = sender.input_sender().clone();
        row.connect_activated(move |_| input.emit(message()));
        buttons.append(&row);
    };
    button(&gettext("Add Folder…"), "list-add-symbolic", || FoldersInput::ChooseNew);
    button(&gettext("Scan Now"), "view-refresh-symbolic", || FoldersInput::Rescan);
    let column = gtk::Box::builder()
        .orientation(gtk::Orientation::Vertical)
        .spacing(18)
        .margin_top(18)
        .margin_bottom(18)
        .margin_start(18)
        .margin_end(18)
        .build();
    column.append(folders);
    column.append(&buttons);
    let scroller = gtk::ScrolledWindow::builder()
        .hscrollbar_policy(gtk::PolicyType::Never)
        .propagate_natural_height(true)
        .child(&adw::Clamp::builder().maximum_size(420).child(&column).build())
        .build();
    let view = adw::ToolbarView::new();
    view.add_top_bar(&adw::HeaderBar::new());
    view.add_top_bar(problem);
    view.set_content(Some(&scroller));
    view
}

fn choose_new(root: &adw::Dialog, sender: &ComponentSender<FoldersDialog>) {
    let (window, input) = (root.root().and_downcast::<gtk::Window>(), sender.input_sender().clone());
    glib::spawn_future_local(async move {
        let folders = choose_folders(window.as_ref()).await;
        if !folders.is_empty() {
            let _gone = input.send(FoldersInput::Add(folders));
        }
    });
}

fn choose_place(id: FolderId, root: &adw::Dialog, sender: &ComponentSender<FoldersDialog>) {
    let (window, input) = (root.root().and_downcast::<gtk::Window>(), sender.input_sender().clone());
    glib::spawn_future_local(async move {
        if let Some(place) = choose::choose_folder(window.as_ref()).await {
            let _gone = input.send(FoldersInput::Move(id, place));
        }
    });
}

fn ask_remove(folder: &Folder, root: &adw::Dialog, sender: &ComponentSender<FoldersDialog>) {
    let heading = gettext("Remove “{name}”?").replace("{name}", &folder.name());
    let body =
        gettext("Its titles, with their places and watched marks, are forgotten here. No file is deleted.");
    let dialog = adw::AlertDialog::new(Some(&heading), Some(&body));
    dialog.add_responses(&[("cancel", &gettext("_Cancel")), ("remove", &gettext("_Remove"))]);
    dialog.set_response_appearance("remove", adw::ResponseAppearance::Destructive);
    dialog.set_default_response(Some("cancel"));
    dialog.set_close_response("cancel");
    let (input, id) = (sender.input_sender().clone(), folder.id);
    dialog.connect_response(Some("remove"), move |_, _| input.emit(FoldersInput::Remove(id)));
    dialog.present(Some(root));
}
