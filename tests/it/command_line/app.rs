//! Starting the binary.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use crate::support::soon;

/// The binary with folders of its own, and no keyring, display or language of whoever runs the tests.
pub struct App {
    folder: TempDir,
    log: &'static str,
    plex_tv: String,
    discovery: String,
    proxy: Option<String>,
}

/// What a run of it did.
pub struct Done {
    /// Exit status.
    pub status: i32,
    /// What was asked for.
    pub stdout: String,
    /// Everything else.
    pub stderr: String,
}

impl App {
    /// An app that was never used. Every line of the log is written when `log` is `trace`.
    pub fn new(log: &'static str) -> Self {
        // Nothing listens there: no test may reach the real one.
        Self {
            folder: tempfile::tempdir().unwrap(),
            log,
            plex_tv: "http://127.0.0.1:9".to_owned(),
            discovery: "off".to_owned(),
            proxy: None,
        }
    }

    /// Looks for servers there.
    pub fn with_discovery(mut self, audience: &str) -> Self {
        audience.clone_into(&mut self.discovery);
        self
    }

    /// Has the environment name a proxy.
    pub fn with_proxy(mut self, url: &str) -> Self {
        self.proxy = Some(url.to_owned());
        self
    }

    /// Uses another plex.tv.
    pub fn with_plex_tv(mut self, url: &str) -> Self {
        url.clone_into(&mut self.plex_tv);
        self
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file with a secret.
    pub fn secret_file(&self, name: &str, secret: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, format!("{secret}\n")).unwrap();
        path
    }

    /// Runs a command and kills it after a time, if it still runs.
    pub async fn run_and_kill(&self, arguments: &[&str], after: Duration) {
        let mut child = self.command(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        tokio::time::sleep(after).await;
        child.kill().await.unwrap();
    }

    /// Runs another program in the app's surroundings.
    pub async fn run_shell(&self, command: &[&str]) -> Done {
        let mut shell = self.command(&[]);
        let mut program = Command::new(command[0]);
        program.args(&command[1..]).kill_on_drop(true).stdin(Stdio::null());
        for (name, value) in shell.as_std_mut().get_envs() {
            match value {
                Some(value) => program.env(name, value),
                None => program.env_remove(name),
            };
        }
        finish(soon(program.output()).await.unwrap())
    }

    /// Runs a command with something on its standard input.
    pub async fn run_with(&self, arguments: &[&str], stdin: &str) -> Done {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // Whoever wants no secret closes its end early: that is no failure of the test.
        let _closed = child.stdin.take().unwrap().write_all(stdin.as_bytes()).await;
        finish(soon(child.wait_with_output()).await.unwrap())
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let folder = |name: &str| self.folder.path().join(name);
        let mut command = Command::new(env!("CARGO_BIN_EXE_gnome-reel"));
        command.args(arguments).stdin(Stdio::null());
        command.env("HOME", folder("home")).env("XDG_DATA_HOME", folder("data"));
        command.env("XDG_CACHE_HOME", folder("cache")).env("XDG_CONFIG_HOME", folder("config"));
        command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus").env("LC_ALL", "C");
        command.env("RUST_LOG", self.log).env("GNOME_REEL_PLEX_TV_URL", &self.plex_tv);
        command.env("GNOME_REEL_DISCOVERY", &self.discovery);
        command.envs(self.proxy.iter().map(|proxy| ("http_proxy", proxy)));
        command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").env_remove("LANGUAGE").kill_on_drop(true);
        command
    }

    /// Runs a command.
    pub async fn run(&self, arguments: &[&str]) -> Done {
        self.run_with(arguments, "").await
    }

    /// Runs a command that must succeed; gives what it printed.
    pub async fn print(&self, arguments: &[&str]) -> String {
        let done = self.run(arguments).await;
        assert_eq!(done.status, 0, "{arguments:?}: {}", done.stderr);
        done.stdout
    }

    /// Runs a command that must succeed, and reads its JSON.
    pub async fn json(&self, arguments: &[&str]) -> Value {
        let text = self.print(&[arguments, &["--json"]].concat()).await;
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {text}"))
    }
}

fn finish(output: Output) -> Done {
    Done {
        status: output.status.code().expect("it ended by itself"),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Fails unless there are rows and each has these members.
pub fn assert_rows(rows: &Value, members: &[&str]) {
    let rows = rows.as_array().expect("an array");
    assert!(!rows.is_empty());
    for row in rows {
        for member in members {
            assert!(row.get(member).is_some(), "{member} is missing in {row}");
        }
    }
}
