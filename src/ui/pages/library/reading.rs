//! What the page reads, and how what was read gets into the list.

use std::sync::Arc;

use adw::prelude::*;
use relm4::ComponentSender;

use super::messages::Listed;
use super::view::Middle;
use super::{LibraryCommand, LibraryOutput, LibraryPage, words};
use crate::models::{Item, ItemQuery, ItemSort, LibraryId, LibraryView, MediaId, SourceKind};
use crate::services::core::{BrowseService, LibraryService, SourceService};
use crate::services::{AppContext, ServiceError};
use crate::ui::text;
use crate::ui::widgets::{PAGE, condensed, splices};

/// A list with these choices.
pub(super) fn query(id: LibraryId, view: &LibraryView) -> ItemQuery {
    let (sort, descending) = (view.sort, view.descending);
    ItemQuery { sort, descending, filter: view.filter.clone(), ..ItemQuery::library(id) }
}

/// What has to be read.
#[derive(Debug)]
struct Wanted {
    question: u32,
    /// The choices; those that are stored, the first time.
    view: Option<LibraryView>,
    base: Arc<[MediaId]>,
    /// What is on the screen.
    held: Vec<MediaId>,
    /// Another question: the list begins anew.
    is_fresh: bool,
}

async fn read(ctx: &AppContext, id: LibraryId, wanted: Wanted) -> Result<Listed, ServiceError> {
    let library = LibraryService::library(ctx, id).await?;
    let source = SourceService::get(ctx, library.source_id).await?;
    let view = match wanted.view {
        Some(view) => view,
        None => BrowseService::view(ctx, id).await?,
    };
    let ids: Arc<[MediaId]> = BrowseService::ids(ctx, &query(id, &view)).await?.into();
    let first = ids.len().min(PAGE as usize);
    let looked_at = if wanted.is_fresh { &ids[..first] } else { &wanted.held };
    let rows = BrowseService::rows(ctx, looked_at).await?;
    let (base, new) = (wanted.base.clone(), ids.clone());
    // Comparing long lists is no work for a thread that others wait for.
    let found = tokio::task::spawn_blocking(move || splices(&base, &new)).await;
    let Wanted { question, base, .. } = wanted;
    Ok(Listed { question, library, source, view, ids, base, splices: found.unwrap_or_default(), rows })
}

impl LibraryPage {
    /// Reads the list anew; changes come while it is being read, so that another reading may follow.
    pub(super) fn reload(&mut self, sender: &ComponentSender<Self>) {
        if self.reading {
            self.again = true;
            return;
        }
        self.ask(false, sender);
    }

    /// Asks another question: the list begins anew.
    pub(super) fn ask_another(&mut self, sender: &ComponentSender<Self>) {
        self.question += 1;
        self.ask(true, sender);
    }

    fn ask(&mut self, is_fresh: bool, sender: &ComponentSender<Self>) {
        (self.reading, self.again) = (true, false);
        let wanted = Wanted {
            question: self.question,
            view: self.choices.clone(),
            base: self.list.ids(),
            held: self.list.held(),
            is_fresh: is_fresh || self.choices.is_none(),
        };
        let (ctx, id) = (self.ctx.clone(), self.id);
        sender.oneshot_command(async move { LibraryCommand::Listed(Box::new(read(&ctx, id, wanted).await)) });
    }

    /// Takes in a list.
    pub(super) fn listed(&mut self, listed: Result<Listed, ServiceError>, sender: &ComponentSender<Self>) {
        let listed = match listed {
            Ok(listed) => listed,
            Err(error) => {
                tracing::debug!(%error, "the library is gone");
                let _closed = sender.output(LibraryOutput::Gone);
                return;
            }
        };
        if listed.question != self.question {
            return;
        }
        self.reading = false;
        let folder = listed.source.kind == SourceKind::Local;
        self.name = text::library_title(&listed.library, folder);
        self.view.root.set_title(&self.name);
        self.view.show_kind(listed.library.kind);
        let is_complete = listed.library.complete;
        self.show_source(listed.source, sender);
        let is_first = self.choices.is_none();
        if is_first {
            self.choices = Some(listed.view);
            self.show_choices();
        }
        let is_another = self.shown != Some(self.question);
        self.replace(&listed.ids, &listed.base, listed.splices, listed.rows, is_another, sender);
        if is_first {
            self.view.titles.grab_focus();
            let _closed = sender.output(LibraryOutput::Populated);
            if !is_complete {
                let _closed = sender.output(LibraryOutput::Incomplete(self.id));
            }
        }
        if self.again {
            self.ask(false, sender);
        }
    }

    fn replace(
        &mut self,
        ids: &Arc<[MediaId]>,
        base: &Arc<[MediaId]>,
        found: Vec<crate::ui::widgets::Splice>,
        rows: Vec<Item>,
        is_another: bool,
        sender: &ComponentSender<Self>,
    ) {
        let old = self.list.ids();
        let same = *old == **ids;
        // Compared with another list than the one that is shown: only when two readings have crossed.
        let found = if Arc::ptr_eq(&old, base) { found } else { splices(&old, ids) };
        if is_another {
            // Everything is elsewhere: nothing has to stay.
            let whole = condensed(&found, &(u32::MAX..u32::MAX));
            self.list.replace(ids, &whole, rows);
            self.view.titles.jump_to(0, gtk::ListScrollFlags::NONE);
        } else {
            self.list.replace(ids, &condensed(&found, &self.view.titles.sight()), Vec::new());
            self.list.fill(rows);
        }
        self.shown = Some(self.question);
        tracing::trace!(target: "gnome_reel::sight", titles = ids.len(), "rows shown");
        let count = u32::try_from(ids.len()).unwrap_or(u32::MAX);
        self.view.title.set_title(&self.name);
        self.view.title.set_subtitle(&words::count(count));
        self.view.show(self.middle(count));
        if self.list.is_selecting() {
            if count == 0 { self.select(false) } else { self.show_selected() }
        }
        if !same || is_another {
            self.read_letters(sender);
        }
    }

    fn middle(&self, count: u32) -> Middle {
        let filtered = self.choices.as_ref().is_some_and(|view| !view.filter.is_empty());
        match (count, filtered) {
            (0, false) => Middle::Empty,
            (0, true) => Middle::NoMatch,
            _ => Middle::Titles,
        }
    }

    /// Has titles read that are looked at.
    pub(super) fn read_rows(&self, ids: Vec<MediaId>, sender: &ComponentSender<Self>) {
        let ctx = self.ctx.clone();
        sender.oneshot_command(async move { LibraryCommand::Rows(BrowseService::rows(&ctx, &ids).await) });
    }

    pub(super) fn rows_read(&self, rows: Result<Vec<Item>, ServiceError>) {
        match rows {
            Ok(rows) => self.list.fill(rows),
            Err(error) => tracing::warn!(%error, "titles of the library could not be read"),
        }
    }

    /// Has the strip at the edge read: letters or years, by the order of the list.
    fn read_letters(&self, sender: &ComponentSender<Self>) {
        let sorts = [ItemSort::Title, ItemSort::ReleaseDate];
        let Some(view) = self.choices.as_ref().filter(|view| sorts.contains(&view.sort)) else {
            return self.view.letters.show(Vec::new());
        };
        let (ctx, query, question) = (self.ctx.clone(), query(self.id, view), self.question);
        sender.oneshot_command(async move {
            LibraryCommand::Letters(
                question,
                if query.sort == ItemSort::Title {
                    BrowseService::letters(&ctx, &query).await
                } else {
                    BrowseService::years(&ctx, &query).await.map(|years| words::years(&years))
                },
            )
        });
    }

    pub(super) fn letters_read(&self, question: u32, letters: Result<Vec<(String, u32)>, ServiceError>) {
        match letters {
            Ok(letters) if question == self.question => self.view.letters.show(letters),
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "the letters of the library could not be read"),
        }
    }
}
