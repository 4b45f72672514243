//! `gnome-reel sources …`.

use anyhow::bail;
use serde::Serialize;

use super::arguments::{AddSource, SourceAction};
use super::output::{Output, say};
use super::{Result, secrets};
use crate::models::{AuthStatus, Source, SourceId};
use crate::services::core::{AuthService, SourceService};
use crate::services::{AppContext, ServiceError, SignInProblem};
use crate::ui::error_text;

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
        let folder = source.folder.as_ref().map(|folder| folder.display().to_string());
        Self {
            id: source.id.to_string(),
            name: source.name.clone(),
            kind: source.kind.as_str(),
            state: match (source.auth_status, source.is_online) {
                (AuthStatus::SignInNeeded, _) => "sign_in_needed",
                (_, true) => "online",
                (_, false) => "offline",
            },
            user: source.user.as_ref().map(|user| user.name.clone()),
            url: source.connection_url.as_ref().map(ToString::to_string).or(folder),
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
            for id in add(ctx, source).await? {
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
        SourceAction::AddAddress { id, address } => {
            SourceService::add_address(ctx, id, &address).await?;
            let source = SourceService::get(ctx, id).await?;
            output.one(&Row::from(&source), &format!("{} is looked for at {address} too", source.name))
        }
        SourceAction::Rename { id, name } => {
            SourceService::rename(ctx, id, &name).await?;
            let source = SourceService::get(ctx, id).await?;
            output.one(&Row::from(&source), &format!("Renamed to {}", source.name))
        }
    }
}

async fn add(ctx: &AppContext, source: AddSource) -> Result<Vec<SourceId>> {
    let mut said_file = ctx.events.subscribe();
    let added = match source {
        AddSource::Jellyfin { url, username, password_file } => {
            let password = secrets::read(&password_file, "Password")?;
            vec![AuthService::add_jellyfin(ctx, &url, &username, &password).await?]
        }
        AddSource::Plex { url: Some(url), token_file: Some(file), .. } => {
            let token = secrets::read(&file, "Token")?;
            vec![AuthService::add_plex_by_token(ctx, &url, &token).await?]
        }
        AddSource::Plex { server, .. } => add_plex_account(ctx, server.as_deref()).await?,
        AddSource::Local { folder, name } => {
            vec![SourceService::add_folder(ctx, &folder, name.as_deref(), None).await?]
        }
    };
    while let Ok(event) = said_file.try_recv() {
        if event == crate::services::events::Event::CredentialsInFile {
            say(&error_text::credentials_in_file());
        }
    }
    Ok(added)
}

async fn add_plex_account(ctx: &AppContext, wanted: Option<&str>) -> Result<Vec<SourceId>> {
    let tv = AuthService::plex_tv(ctx);
    let pin = tv.create_pin().await.map_err(ServiceError::from)?;
    say(&format!("Open this page and confirm the code {}:\n{}", pin.code, tv.auth_page(&pin)));
    let token = AuthService::wait_for_pin(&tv, &pin).await?;
    let account = AuthService::plex_account(ctx, &token).await?;
    let mut added = Vec::new();
    for server in account.servers.iter().filter(|server| wanted.is_none_or(|name| server.name == name)) {
        match AuthService::add_plex_server(ctx, &account, server).await {
            Ok(id) => added.push(id),
            Err(error @ ServiceError::Duplicate(_)) => {
                say(&format!("{}: {}", server.name, error_text::sentence(&error)));
            }
            Err(error) => bail!(error),
        }
    }
    if account.servers.is_empty() || (added.is_empty() && wanted.is_some()) {
        bail!(ServiceError::SignIn(SignInProblem::NoServer));
    }
    Ok(added)
}
