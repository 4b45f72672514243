//! `gnome-reel sources folders …`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::{Subcommand, ValueEnum};
use serde::Serialize;

use super::super::Result;
use super::super::output::Output;
use crate::models::{Folder, LibraryKind, NewFolder, SourceId};
use crate::services::AppContext;
use crate::services::core::SourceService;

/// What to do with the folders of a source. A folder is named by its path or its id.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum FolderAction {
    /// List the folders.
    List,
    /// Add a folder.
    Add {
        folder: PathBuf,
        /// What it holds; found out when not given.
        #[arg(long, value_enum)]
        kind: Option<FolderKind>,
    },
    /// Remove a folder with the places in it; its files stay.
    Remove { folder: PathBuf },
    /// Point a folder to where its files are now; places are kept.
    Move { folder: PathBuf, new: PathBuf },
    /// Say what a folder holds; places are kept.
    Kind {
        folder: PathBuf,
        #[arg(value_enum)]
        kind: FolderKind,
    },
}

/// What a folder holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum FolderKind {
    /// Found out from the names of the files.
    Auto,
    Films,
    Series,
    Videos,
    Music,
    Photos,
}

impl FolderKind {
    /// As folders are stored.
    pub(in crate::cli) fn wanted(self) -> Option<LibraryKind> {
        match self {
            Self::Auto => None,
            Self::Films => Some(LibraryKind::Movies),
            Self::Series => Some(LibraryKind::Shows),
            Self::Videos => Some(LibraryKind::HomeVideos),
            Self::Music => Some(LibraryKind::Music),
            Self::Photos => Some(LibraryKind::Photos),
        }
    }

    fn of(kind: Option<LibraryKind>) -> &'static str {
        match kind {
            Some(LibraryKind::Movies) => "films",
            Some(LibraryKind::Shows) => "series",
            Some(LibraryKind::HomeVideos) => "videos",
            Some(LibraryKind::Music) => "music",
            Some(LibraryKind::Photos) => "photos",
            _ => "auto",
        }
    }
}

#[derive(Debug, Serialize)]
struct Row {
    id: i64,
    path: String,
    kind: &'static str,
    state: &'static str,
    away_since: Option<String>,
}

impl From<&Folder> for Row {
    fn from(folder: &Folder) -> Self {
        Self {
            id: folder.id.0,
            path: folder.place(),
            kind: FolderKind::of(folder.kind),
            state: if folder.away_since.is_some() { "away" } else { "there" },
            away_since: folder.away_since.map(|at| at.to_rfc3339()),
        }
    }
}

pub(super) async fn run(ctx: &AppContext, id: SourceId, action: FolderAction, output: Output) -> Result {
    match action {
        FolderAction::List => {}
        FolderAction::Add { folder, kind } => {
            let kind = kind.and_then(FolderKind::wanted);
            SourceService::add_folder_to(ctx, id, &NewFolder { kind, ..NewFolder::new(folder) }).await?;
        }
        FolderAction::Remove { folder } => {
            let folder = find(ctx, id, &folder).await?;
            SourceService::remove_folder(ctx, id, folder.id).await?;
        }
        FolderAction::Move { folder, new } => {
            let folder = find(ctx, id, &folder).await?;
            SourceService::move_folder(ctx, id, folder.id, &NewFolder::new(new)).await?;
        }
        FolderAction::Kind { folder, kind } => {
            let folder = find(ctx, id, &folder).await?;
            SourceService::set_folder_kind(ctx, id, folder.id, kind.wanted()).await?;
        }
    }
    list(ctx, id, output).await
}

async fn list(ctx: &AppContext, id: SourceId, output: Output) -> Result {
    let rows: Vec<Row> = SourceService::get(ctx, id).await?.folders.iter().map(Row::from).collect();
    output.rows(&rows, &["ID", "KIND", "STATE", "PATH"], |row| {
        vec![row.id.to_string(), row.kind.to_owned(), row.state.to_owned(), row.path.clone()]
    })
}

/// The folder that is called so: by its path as shown or typed otherwise, or by its id.
async fn find(ctx: &AppContext, id: SourceId, wanted: &Path) -> Result<Folder> {
    let source = SourceService::get(ctx, id).await?;
    // One that is away has no real path.
    let real = fs::canonicalize(wanted).unwrap_or_else(|_| wanted.to_owned());
    let is_wanted = |folder: &&Folder| {
        [wanted, &real].contains(&folder.path.as_path())
            || wanted.to_str().is_some_and(|text| text == folder.place() || text == folder.id.to_string())
    };
    match source.folders.iter().find(is_wanted) {
        Some(folder) => Ok(folder.clone()),
        None => bail!("{} has no folder {}", source.name, wanted.display()),
    }
}
