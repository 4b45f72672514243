//! What goes wrong on this machine: the keyring, the disk, another instance of the app.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use gnome_reel::models::OutboxChange;
use gnome_reel::net::ErrorKind;
use gnome_reel::services::core::{BackendService, OutboxService};
use gnome_reel::services::credentials::{
    CredentialError, CredentialKey, CredentialStore, FileStore, Secrets,
};
use gnome_reel::services::events::Event;
use gnome_reel::ui::error_text;
use reel_testbed::catalogue::ItemNumber;
use sea_orm::ConnectionTrait as _;
use secrecy::SecretString;

use crate::command_line::app::App;
use crate::support::{Bed, PASSWORD, Scene, Server, ServerKind, TOKEN, USER, drain, films};

on_both!(
    keyring_absent_works_and_is_said_once,
    keyring_locked_goes_on_with_what_is_in_memory,
    keyring_silent_is_given_up_in_time,
    database_locked_by_another_instance_loses_nothing,
    disk_full_loses_nothing,
);

/// A keyring that only fails, after a time.
struct Broken(CredentialError, Duration);

#[async_trait]
impl CredentialStore for Broken {
    async fn get(&self, _key: &CredentialKey) -> Result<Option<SecretString>, CredentialError> {
        tokio::time::sleep(self.1).await;
        Err(self.0.clone())
    }

    async fn set(&self, _key: &CredentialKey, _token: &SecretString) -> Result<(), CredentialError> {
        tokio::time::sleep(self.1).await;
        Err(self.0.clone())
    }

    async fn remove(&self, _key: &CredentialKey) -> Result<(), CredentialError> {
        Err(self.0.clone())
    }

    fn name(&self) -> &'static str {
        "broken"
    }
}

/// A bed whose keyring is broken so.
async fn bed_with(keyring: Broken) -> Bed {
    let mut bed = Bed::new().await;
    let file = FileStore::new(bed.folder.path().join("credentials.json"));
    bed.ctx.secrets = Secrets::with_stores(Arc::new(keyring), Arc::new(file), bed.ctx.events.clone());
    bed
}

async fn keyring_absent_works_and_is_said_once(kind: ServerKind) {
    let server = Server::start(kind, films(3)).await;
    let bed = bed_with(Broken(CredentialError::Absent, Duration::ZERO)).await;
    let mut events = bed.ctx.events.subscribe();
    let id = server.add_to(&bed.ctx).await.unwrap();
    bed.sync(id).await;
    BackendService::test_connection(&bed.ctx, id).await.unwrap();
    let said = drain(&mut events).iter().filter(|event| **event == Event::CredentialsInFile).count();
    assert_eq!(said, 1);
    let mode = fs::metadata(bed.folder.path().join("credentials.json")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

async fn keyring_locked_goes_on_with_what_is_in_memory(kind: ServerKind) {
    let scene = Scene::start(kind).await;
    let token = scene.bed.ctx.secrets.get(scene.id).await.unwrap().unwrap();
    let locked = bed_with(Broken(CredentialError::NoAnswer, Duration::ZERO)).await;
    let mut ctx = scene.bed.ctx.clone();
    ctx.secrets = locked.ctx.secrets.clone();
    // Nothing in memory: said as what it is, and the source stays signed in.
    let error = BackendService::test_connection(&ctx, scene.id).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert!(error_text::sentence(&error).contains("keyring"), "{}", error_text::sentence(&error));
    let source = ctx.db.sources().get(scene.id).await.unwrap();
    assert_eq!(source.auth_status, gnome_reel::models::AuthStatus::SignedIn);
    assert!(source.is_online, "a locked keyring says nothing of the server");
    // In memory: works, and no file is made.
    assert!(ctx.secrets.set(scene.id, &token).await.is_err());
    BackendService::test_connection(&ctx, scene.id).await.unwrap();
    assert!(!locked.folder.path().join("credentials.json").exists());
}

async fn keyring_silent_is_given_up_in_time(kind: ServerKind) {
    // The time limit is the store's; a token in memory does not wait for it.
    let scene = Scene::start(kind).await;
    let token = scene.bed.ctx.secrets.get(scene.id).await.unwrap().unwrap();
    let silent = bed_with(Broken(CredentialError::NoAnswer, Duration::from_secs(5))).await;
    let mut ctx = scene.bed.ctx.clone();
    ctx.secrets = silent.ctx.secrets.clone();
    let begin = Instant::now();
    assert!(BackendService::test_connection(&ctx, scene.id).await.is_err());
    assert!(begin.elapsed() < Duration::from_secs(5) * 2, "{:?}", begin.elapsed());
    let (stored, works) = tokio::join!(ctx.secrets.set(scene.id, &token), async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let begin = Instant::now();
        BackendService::test_connection(&ctx, scene.id).await.unwrap();
        begin.elapsed()
    });
    assert_eq!(stored, Err(CredentialError::NoAnswer));
    assert!(works < Duration::from_secs(4), "the app waited for the keyring: {works:?}");
}

async fn database_locked_by_another_instance_loses_nothing(kind: ServerKind) {
    let scene = Scene::start(kind).await;
    let file = scene.bed.folder.path().join("data/reel.db");
    let other = sea_orm::Database::connect(format!("sqlite://{}", file.display())).await.unwrap();
    other.execute_unprepared("BEGIN IMMEDIATE").await.unwrap();
    let item = scene.bed.item(scene.id, &scene.server.remote_id(ItemNumber(3))).await;
    let at = scene.bed.ctx.clock.now();
    let change = OutboxChange::Watched { watched: true, at };
    let db = scene.bed.ctx.db.clone();
    let waiting = tokio::spawn(async move { db.outbox().apply_change(item.id, &change, at).await });
    // Reading goes on meanwhile.
    assert_eq!(scene.bed.items(scene.id).await.len(), 6);
    tokio::time::sleep(Duration::from_millis(300)).await;
    other.execute_unprepared("COMMIT").await.unwrap();
    waiting.await.unwrap().unwrap();
    assert_eq!(OutboxService::drain(&scene.bed.ctx, scene.id).await.unwrap().delivered, 1);
    assert!(scene.server.watch_state(ItemNumber(3)).played);
}

/// On a file system of three megabytes, made for this test where the kernel allows it.
async fn disk_full_loses_nothing(kind: ServerKind) {
    if !Command::new("unshare").args(["-Urm", "true"]).status().is_ok_and(|status| status.success()) {
        return;
    }
    let server = Server::start(kind, films(1200)).await;
    let app = App::new("off");
    let secret = app.secret_file("secret", if kind == ServerKind::Plex { TOKEN } else { PASSWORD });
    let add = match kind {
        ServerKind::Plex => format!("plex --url {} --token-file {}", server.url(), secret.display()),
        ServerKind::Jellyfin => {
            let user = format!("--username {USER} --password-file {}", secret.display());
            format!("jellyfin --url {} {user}", server.url())
        }
    };
    let reel = env!("CARGO_BIN_EXE_gnome-reel");
    let script = format!(
        "mkdir -p \"$XDG_DATA_HOME\"; mount -t tmpfs -o size=3m none \"$XDG_DATA_HOME\"; set -u
         {reel} sources add {add} || exit 1
         dd if=/dev/zero of=\"$XDG_DATA_HOME/filler\" bs=4k 2>/dev/null
         {reel} sync && exit 2
         rm \"$XDG_DATA_HOME/filler\"; mount -o remount,size=60m \"$XDG_DATA_HOME\"
         {reel} sync || exit 4
         {reel} items 1 --limit 5000 --json | grep -c remote_id"
    );
    let done = app.run_shell(&["unshare", "-Urm", "sh", "-c", &script]).await;
    assert_eq!(done.status, 0, "{}{}", done.stdout, done.stderr);
    assert!(done.stdout.trim().ends_with("1200"), "{}", done.stdout);
    let said = done.stderr.lines().find(|line| line.starts_with("gnome-reel:")).unwrap_or_default();
    assert!(said.ends_with("The disk is full."), "{}", done.stderr);
}
