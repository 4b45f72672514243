//! `gnome-reel sources …`.

mod folders;
mod sign_in;

use serde::Serialize;

use super::Result;
use super::arguments::SourceAction;
use super::output::{Output, say};
use crate::models::{AuthStatus, Folder, Source, SourceId};
use crate::services::core::{AuthService, SourceService};
use crate::services::{AppContext, ServiceError, SignInProblem};
use crate::ui::error_text;

pub(in crate::cli) use folders::{FolderAction, FolderKind};

const NO_SERVER: ServiceError = ServiceError::SignIn(SignInProblem::NoServer);

#[derive(Debug, Serialize)]
struct Row {
    id: String,
    name: String,
    #[serde(rename = "type")]
    kind: &'static str,
    state: &'static str,
    user: Option<String>,
    url: Option<String>,
}

impl From<&Source> for Row {
    fn from(source: &Source) -> Self {
        let folders: Vec<String> = source.folders.iter().map(Folder::place).collect();
        let folders = (!folders.is_empty()).then(|| folders.join(", "));
        Self {
            id: source.id.to_string(),
            name: source.name.clone(),
            kind: source.kind.as_str(),
            state: match (source.auth_status, source.is_online) {
                _ if !source.enabled => "off",
                (AuthStatus::SignInNeeded, _) => "sign_in_needed",
                (_, true) => "online",
                (_, false) => "offline",
            },
            user: source.user.as_ref().map(|user| user.name.clone()),
            url: source.connection_url.as_ref().map(ToString::to_string).or(folders),
        }
    }
}

pub(super) async fn run(ctx: &AppContext, action: SourceAction, output: Output) -> Result {
    match action {
        SourceAction::List => {
            let rows: Vec<Row> = SourceService::list(ctx).await?.iter().map(Row::from).collect();
            output.rows(&rows, &["ID", "TYPE", "STATE", "USER", "NAME", "ADDRESS"], |row| {
                vec![
                    row.id.clone(),
                    row.kind.to_owned(),
                    row.state.to_owned(),
                    row.user.clone().unwrap_or_default(),
                    row.name.clone(),
                    row.url.clone().unwrap_or_default(),
                ]
            })
        }
        SourceAction::Add { source } => {
            for id in sign_in::add(ctx, source).await? {
                let source = SourceService::get(ctx, id).await?;
                output.one(&Row::from(&source), &format!("Added {} ({id})", source.name))?;
            }
            Ok(())
        }
        SourceAction::Remove { id } => {
            let source = SourceService::get(ctx, id).await?;
            SourceService::remove(ctx, id).await?;
            output.one(&Row::from(&source), &format!("Removed {}", source.name))
        }
        SourceAction::Rename { id, name } => {
            SourceService::rename(ctx, id, &name).await?;
            let source = SourceService::get(ctx, id).await?;
            output.one(&Row::from(&source), &format!("Renamed to {}", source.name))
        }
        SourceAction::Folders { id, action } => {
            folders::run(ctx, id, action.unwrap_or(FolderAction::List), output).await
        }
        SourceAction::SignIn(wanted) => {
            let id = wanted.id;
            sign_in::again(ctx, wanted).await?;
            let source = SourceService::get(ctx, id).await?;
            output.one(&Row::from(&source), &format!("Signed in to {} again", source.name))
        }
        SourceAction::AddUser(wanted) => {
            let id = sign_in::another(ctx, wanted).await?;
            let source = SourceService::get(ctx, id).await?;
            output.one(&Row::from(&source), &format!("Added {} ({id})", source.name))
        }
        SourceAction::Enable { id } => switch(ctx, id, true, output).await,
        SourceAction::Disable { id } => switch(ctx, id, false, output).await,
        SourceAction::Move { id, place } => {
            SourceService::move_to(ctx, id, place.saturating_sub(1)).await?;
            let source = SourceService::get(ctx, id).await?;
            output.one(&Row::from(&source), &format!("{} is at place {}", source.name, source.position))
        }
        SourceAction::Refresh => refresh(ctx, output).await,
    }
}

/// Switches a source and says so.
async fn switch(ctx: &AppContext, id: SourceId, enabled: bool, output: Output) -> Result {
    SourceService::set_enabled(ctx, id, enabled).await?;
    let source = SourceService::get(ctx, id).await?;
    let done = if enabled { "takes part again" } else { "takes part in nothing now" };
    output.one(&Row::from(&source), &format!("{} {done}", source.name))
}

#[derive(Debug, Serialize)]
struct Refreshed {
    changed: Vec<String>,
    missing: Vec<String>,
    unlisted: Vec<String>,
}

async fn refresh(ctx: &AppContext, output: Output) -> Result {
    let summary = AuthService::refresh_plex_resources(ctx).await?;
    for id in &summary.missing {
        let source = SourceService::get(ctx, *id).await?;
        say(&format!("{}: {}", source.name, error_text::sentence(&NO_SERVER)));
    }
    for id in &summary.unlisted {
        let source = SourceService::get(ctx, *id).await?;
        say(&format!("{}: added by its address, plex.tv is not asked for it", source.name));
    }
    for failure in &summary.failures {
        say(&error_text::sentence(failure));
    }
    let ids = |ids: &[SourceId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
    let refreshed = Refreshed {
        changed: ids(&summary.changed),
        missing: ids(&summary.missing),
        unlisted: ids(&summary.unlisted),
    };
    output.one(&refreshed, &format!("{} sources changed", refreshed.changed.len()))?;
    match summary.failures.into_iter().next() {
        Some(failure) => Err(failure.into()),
        None => Ok(()),
    }
}
