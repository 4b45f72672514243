//! The row that says what a folder holds.

use std::path::PathBuf;

use adw::prelude::*;
use gettextrs::gettext;
use gtk::glib;

use crate::models::LibraryKind;
use crate::services::AppContext;
use crate::services::core::FolderService;
use crate::ui::text;

/// Kinds that can be chosen; the first lets the app find out.
const KINDS: [Option<LibraryKind>; 6] = [
    None,
    Some(LibraryKind::Movies),
    Some(LibraryKind::Shows),
    Some(LibraryKind::HomeVideos),
    Some(LibraryKind::Music),
    Some(LibraryKind::Photos),
];

/// The row.
#[derive(Debug, Clone)]
pub(in crate::ui) struct KindRow {
    row: adw::ComboRow,
    words: gtk::StringList,
}

impl KindRow {
    /// A row with this kind chosen. What the folder seems to hold is found out and said as soon as it is known.
    pub(in crate::ui) fn new(ctx: &AppContext, folder: PathBuf, kind: Option<LibraryKind>) -> Self {
        let words: Vec<String> = KINDS.iter().map(|kind| word(*kind)).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let words = gtk::StringList::new(&words);
        let row = adw::ComboRow::builder().title(gettext("Contains")).model(&words).build();
        let this = Self { row, words };
        this.select(kind);
        let (ctx, guessed) = (ctx.clone(), this.clone());
        glib::spawn_future_local(async move {
            if let Ok(Ok(guess)) =
                relm4::spawn(async move { FolderService::guess(&ctx, &folder).await }).await
            {
                guessed.show_guess(guess);
            }
        });
        this
    }

    pub(in crate::ui) fn widget(&self) -> &adw::ComboRow {
        &self.row
    }

    /// What is chosen.
    pub(in crate::ui) fn kind(&self) -> Option<LibraryKind> {
        KINDS.get(self.row.selected() as usize).copied().flatten()
    }

    /// Chooses a kind.
    pub(in crate::ui) fn select(&self, kind: Option<LibraryKind>) {
        let place = KINDS.iter().position(|known| *known == kind).unwrap_or_default();
        self.row.set_selected(u32::try_from(place).unwrap_or_default());
    }

    /// Calls back when the user has chosen another kind.
    pub(in crate::ui) fn connect_chosen(&self, chosen: impl Fn(Option<LibraryKind>) + 'static) {
        let before = std::cell::Cell::new(self.kind());
        let this = self.clone();
        self.row.connect_selected_notify(move |_| {
            let now = this.kind();
            if before.replace(now) != now {
                chosen(now);
            }
        });
    }

    /// Says what was guessed, in the place of "find out".
    fn show_guess(&self, guess: LibraryKind) {
        if guess == LibraryKind::Mixed {
            return;
        }
        let text = gettext("{kind} (guessed)").replace("{kind}", &text::kind_title(guess));
        let selected = self.row.selected();
        self.words.splice(0, 1, &[text.as_str()]);
        self.row.set_selected(selected);
    }
}

fn word(kind: Option<LibraryKind>) -> String {
    kind.map_or_else(|| gettext("Find Out"), text::kind_title)
}
