//! Adding sources and signing in to them again.

use std::path::Path;

use anyhow::bail;

use super::super::arguments::{AddSource, AddUser, PlexWanted, SignIn};
use super::super::output::say;
use super::super::{Result, secrets};
use super::{FolderKind, NO_SERVER};
use crate::backends::plex::tv::PlexServer;
use crate::models::{NewFolder, Source, SourceId, SourceKind};
use crate::services::core::auth::{FoundServer, LINK_PAGE, PlexAccount, QuickConnect};
use crate::services::core::{AuthService, SourceService};
use crate::services::events::Event;
use crate::services::{AddressProblem, AppContext, ServiceError};
use crate::ui::error_text;

/// Adds what was asked for; gives the new sources.
pub(super) async fn add(ctx: &AppContext, source: AddSource) -> Result<Vec<SourceId>> {
    let mut said_file = ctx.events.subscribe();
    let added = match source {
        AddSource::Jellyfin { url, username: Some(username), password_file, accept_certificate, .. } => {
            let password = secrets::read(&password_file, "Password")?;
            let server = find(ctx, SourceKind::Jellyfin, &url, accept_certificate.as_deref()).await?;
            vec![AuthService::sign_in_jellyfin(ctx, &server, &username, &password).await?]
        }
        AddSource::Jellyfin { url, accept_certificate, .. } => {
            let server = find(ctx, SourceKind::Jellyfin, &url, accept_certificate.as_deref()).await?;
            let code = AuthService::start_quick_connect(ctx, &server).await?;
            vec![approved(ctx, &code).await?]
        }
        AddSource::Plex { url: Some(url), token_file: Some(file), accept_certificate, .. } => {
            let token = secrets::read(&file, "Token")?;
            let server = find(ctx, SourceKind::Plex, &url, accept_certificate.as_deref()).await?;
            vec![AuthService::add_found_plex(ctx, &server, &token).await?]
        }
        AddSource::Plex { wanted, .. } => add_plex_account(ctx, &wanted).await?,
        AddSource::Local { folders, name, kind } => {
            let kind = kind.and_then(FolderKind::wanted);
            let folder = |path| NewFolder { kind, ..NewFolder::new(path) };
            let folders: Vec<NewFolder> = folders.into_iter().map(folder).collect();
            vec![SourceService::add_folders(ctx, &folders, name.as_deref()).await?]
        }
    };
    while let Ok(event) = said_file.try_recv() {
        if event == Event::CredentialsInFile {
            say(&error_text::credentials_in_file());
        }
    }
    Ok(added)
}

/// The server at an address; with the certificate of this fingerprint, should nothing else vouch for it.
async fn find(ctx: &AppContext, kind: SourceKind, url: &str, wanted: Option<&str>) -> Result<FoundServer> {
    let error = match AuthService::find_server(ctx, kind, url).await {
        Ok(server) => return Ok(server),
        Err(error) => error,
    };
    let ServiceError::Address(AddressProblem::Certificate(facts)) = &error else { bail!(error) };
    if wanted.is_some_and(|wanted| same_fingerprint(wanted, &facts.fingerprint)) {
        return Ok(AuthService::find_server_trusting(ctx, kind, url, std::slice::from_ref(&**facts)).await?);
    }
    let (sentence, fingerprint) = (error_text::sentence(&error), &facts.fingerprint);
    bail!(
        "{sentence} Its fingerprint (SHA-256) is {fingerprint}; if that is your server's, \
         add --accept-certificate {fingerprint}"
    )
}

/// Whether two fingerprints are the same, with colons or without, in any case.
fn same_fingerprint(one: &str, other: &str) -> bool {
    let digits = |text: &str| {
        let digits = text.chars().filter(|character| *character != ':' && !character.is_whitespace());
        digits.collect::<String>().to_ascii_lowercase()
    };
    digits(one) == digits(other)
}

/// Signs in to a source again, in the way of its kind.
pub(super) async fn again(ctx: &AppContext, wanted: SignIn) -> Result {
    let source = SourceService::get(ctx, wanted.id).await?;
    match source.kind {
        SourceKind::Local => bail!("a folder needs no sign-in"),
        SourceKind::Jellyfin if wanted.quick_connect => {
            let code = AuthService::start_quick_connect_again(ctx, source.id).await?;
            approved(ctx, &code).await?;
        }
        SourceKind::Jellyfin => {
            let name = wanted.username.or(source.user.map(|user| user.name)).unwrap_or_default();
            let password = secrets::read(&wanted.password_file, "Password")?;
            AuthService::sign_in_again_jellyfin(ctx, source.id, &name, &password).await?;
        }
        SourceKind::Plex => {
            if let Some(file) = wanted.token_file {
                let token = secrets::read(&file, "Token")?;
                AuthService::sign_in_again_plex_token(ctx, source.id, &token).await?;
            } else {
                let account = link_account(ctx).await?;
                let account = as_user_of(ctx, account, &source, wanted.home_pin_file.as_deref()).await?;
                AuthService::sign_in_again_plex(ctx, source.id, &account).await?;
            }
        }
    }
    Ok(())
}

/// Adds another user of a source's server; gives the new source.
pub(super) async fn another(ctx: &AppContext, wanted: AddUser) -> Result<SourceId> {
    let source = SourceService::get(ctx, wanted.id).await?;
    let added = match source.kind {
        SourceKind::Local => bail!("a folder has no users"),
        SourceKind::Jellyfin => {
            let server = AuthService::find_server_of(ctx, source.id).await?;
            match wanted.username {
                Some(name) => {
                    let password = secrets::read(&wanted.password_file, "Password")?;
                    AuthService::sign_in_jellyfin(ctx, &server, &name, &password).await?
                }
                None => approved(ctx, &AuthService::start_quick_connect(ctx, &server).await?).await?,
            }
        }
        SourceKind::Plex => {
            let account = match &wanted.home_user {
                Some(name) => {
                    let account = AuthService::plex_account_of(ctx, source.id).await?;
                    let is_wanted = |_: &str, known: &str| known == name;
                    as_home_user(ctx, &account, is_wanted, wanted.home_pin_file.as_deref()).await?
                }
                None => link_account(ctx).await?,
            };
            AuthService::add_plex_user(ctx, source.id, &account).await?
        }
    };
    if wanted.switch {
        SourceService::stand_in(ctx, added, source.id).await?;
    }
    Ok(added)
}

/// Shows a code and waits until it is approved.
async fn approved(ctx: &AppContext, code: &QuickConnect) -> Result<SourceId> {
    say(&format!("Confirm the code {} in Quick Connect where you are signed in.", code.code()));
    Ok(AuthService::wait_for_quick_connect(ctx, code).await?)
}

/// The account of whoever agrees in the browser, or with the code.
async fn link_account(ctx: &AppContext) -> Result<PlexAccount> {
    let link = AuthService::start_plex_link(ctx).await?;
    say(&format!(
        "Open this page:\n{}\nor enter the code {} at https://{LINK_PAGE}.",
        link.page(),
        link.code()
    ));
    Ok(AuthService::wait_for_plex_link(ctx, &link, |_| ()).await?)
}

/// The account as the user of its Home who is wanted.
async fn as_home_user(
    ctx: &AppContext,
    account: &PlexAccount,
    is_wanted: impl Fn(&str, &str) -> bool,
    pin_file: Option<&Path>,
) -> Result<PlexAccount> {
    let users = AuthService::plex_home_users(ctx, account).await?;
    let Some(user) = users.iter().find(|user| is_wanted(&user.uuid, &user.name)) else {
        let names: Vec<&str> = users.iter().map(|user| user.name.as_str()).collect();
        bail!("the Home has no such user; it has: {}", names.join(", "));
    };
    let pin = pin_file.map(|file| secrets::read(file, "PIN")).transpose()?;
    Ok(AuthService::switch_plex_user(ctx, account, user, pin.as_ref()).await?)
}

/// The account as the user that a source belongs to, when that is one of its Home.
async fn as_user_of(
    ctx: &AppContext,
    account: PlexAccount,
    source: &Source,
    pin_file: Option<&Path>,
) -> Result<PlexAccount> {
    match &source.user {
        Some(user) if user.id != account.id && account.home => {
            as_home_user(ctx, &account, |uuid, _| uuid == user.id, pin_file).await
        }
        _ => Ok(account),
    }
}

async fn add_plex_account(ctx: &AppContext, wanted: &PlexWanted) -> Result<Vec<SourceId>> {
    let mut account = link_account(ctx).await?;
    if let Some(name) = &wanted.home_user {
        let is_wanted = |_: &str, known: &str| known == name;
        account = as_home_user(ctx, &account, is_wanted, wanted.home_pin_file.as_deref()).await?;
    }
    let servers = chosen(&account.servers, wanted)?;
    let mut added = Vec::new();
    for (server, outcome) in servers.iter().zip(AuthService::add_plex_servers(ctx, &account, &servers).await?)
    {
        match outcome {
            Ok(id) => added.push(id),
            Err(error @ ServiceError::Duplicate(_)) if servers.len() > 1 => {
                say(&format!("{}: {}", server.name, error_text::sentence(&error)));
            }
            Err(error) => bail!(error),
        }
    }
    Ok(added)
}

/// The servers to add: those that are named, every one, or those that are the account's or its Home's.
fn chosen(servers: &[PlexServer], wanted: &PlexWanted) -> Result<Vec<PlexServer>> {
    for name in &wanted.server {
        if servers.iter().all(|server| server.name != *name) {
            bail!(NO_SERVER);
        }
    }
    let has_own = servers.iter().any(|server| server.owned || server.home);
    let is_chosen = |server: &&PlexServer| match wanted.server.as_slice() {
        [] => wanted.all || !has_own || server.owned || server.home,
        names => names.contains(&server.name),
    };
    Ok(servers.iter().filter(is_chosen).cloned().collect())
}
