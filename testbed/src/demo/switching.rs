//! The other end of the control: what `reel-testbed switch` does.

use super::Ready;
use super::control::Switch;
use super::state::State;
use anyhow::{Context as _, bail};
use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

/// How long the control may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Lists the connections of the servers behind a ready file, or switches some and lists those.
///
/// # Errors
/// When nothing runs there, and with the words of the control when it refuses.
pub fn switch(ready_file: &Path, name: Option<&str>, state: Option<State>) -> anyhow::Result<Vec<Switch>> {
    let text = std::fs::read(ready_file)
        .with_context(|| format!("no demo is running (no {})", ready_file.display()))?;
    let ready: Ready = serde_json::from_slice(&text).context("reading the ready file")?;
    let control = ready.control_url.context("these servers have no control")?;
    let answer = match (name, state) {
        (Some(name), Some(state)) => ask(&control, "POST", &format!("/connections/{name}/{state}"))?,
        _ => ask(&control, "GET", "/connections")?,
    };
    let mut switches: Vec<Switch> = serde_json::from_str(&answer).context("reading the answer")?;
    if let (Some(name), None) = (name, state) {
        switches.retain(|switch| [switch.name.as_str(), switch.server.as_str(), "all"].contains(&name));
        if switches.is_empty() {
            bail!("there is no connection {name}");
        }
    }
    Ok(switches)
}

/// A table of switches.
pub fn table(switches: &[Switch]) -> String {
    let width = switches.iter().map(|switch| switch.name.len()).chain(["CONNECTION".len()]).max();
    let width = width.unwrap_or_default();
    let mut text = format!("{:width$}  {:10}  ADDRESS\n", "CONNECTION", "STATE");
    for switch in switches {
        let _ = writeln!(text, "{:width$}  {:10}  {}", switch.name, switch.state, switch.address);
    }
    text
}

fn ask(control: &str, method: &str, path: &str) -> anyhow::Result<String> {
    let address = control.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).context("the demo is not running any more")?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").context("the demo answered nothing")?;
    if head.split(' ').nth(1) != Some("200") {
        bail!("{}", if body.is_empty() { head } else { body });
    }
    Ok(body.to_owned())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::{DemoPorts, Services};
    use super::*;
    use crate::connection::Link;

    /// A demo with its ready file.
    async fn demo() -> (Services, std::path::PathBuf) {
        let services = Services::demo(DemoPorts::default(), 0).await.unwrap();
        let file = std::env::temp_dir().join(format!("reel-switch-{}.json", uuid::Uuid::new_v4()));
        services.ready().write(&file).unwrap();
        (services, file)
    }

    async fn ask(file: &Path, name: &str, state: State) -> anyhow::Result<Vec<(String, State)>> {
        let (file, name) = (file.to_owned(), name.to_owned());
        let switched =
            tokio::task::spawn_blocking(move || switch(&file, Some(&name), Some(state))).await.unwrap()?;
        Ok(switched.into_iter().map(|switch| (switch.name, switch.state)).collect())
    }

    #[tokio::test]
    async fn connections_of_a_running_demo_are_switched_by_its_file() {
        let (services, file) = demo().await;
        let (jellyfin, plex) = (services.jellyfin_server().unwrap(), services.plex_server().unwrap());
        let link = |name: &str| jellyfin.connection(name).or(plex.connection(name)).unwrap().link();

        let off = ask(&file, "jellyfin-lan", State::Off).await.unwrap();
        assert_eq!(off, [("jellyfin-lan".to_owned(), State::Off)]);
        assert_eq!((link("jellyfin-lan"), link("jellyfin-wan")), (Link::Refused, Link::Up));
        ask(&file, "jellyfin-lan", State::On).await.unwrap();
        assert_eq!(link("jellyfin-lan"), Link::Up);

        let relayed = ask(&file, "plex", State::RelayOnly).await.unwrap();
        let states: Vec<State> = relayed.iter().map(|(_, state)| *state).collect();
        assert_eq!(states, [State::Off, State::Off, State::On]);
        assert_eq!((link("plex-local"), link("plex-relay")), (Link::Refused, Link::Up));

        ask(&file, "all", State::Silent).await.unwrap();
        assert_eq!((link("plex-relay"), link("jellyfin-wan")), (Link::Silent, Link::Silent));
        assert_eq!(services.plex_tv().unwrap().connection().link(), Link::Silent);
        let shown = tokio::task::spawn_blocking({
            let file = file.clone();
            move || switch(&file, None, None)
        });
        assert!(shown.await.unwrap().unwrap().iter().all(|switch| switch.state == State::Silent));
        std::fs::remove_file(file).unwrap();
    }

    #[tokio::test]
    async fn certificates_are_changed_where_there_are_some() {
        let (services, file) = demo().await;
        let shown = || services.jellyfin_server().unwrap().connection("jellyfin-tls").unwrap().certificate();
        let good = shown();
        let switched = ask(&file, "jellyfin", State::SelfSigned).await.unwrap();
        let states: Vec<State> = switched.iter().map(|(_, state)| *state).collect();
        assert_eq!(states, [State::On, State::On, State::SelfSigned]);
        let own = shown();
        ask(&file, "jellyfin-tls", State::ChangedCertificate).await.unwrap();
        assert!(own != good && shown() != own && shown() != good);
        ask(&file, "jellyfin-tls", State::SelfSigned).await.unwrap();
        assert_eq!(shown(), own, "the same key as before");
        ask(&file, "jellyfin-tls", State::On).await.unwrap();
        assert_eq!(shown(), good);
        let refused = ask(&file, "plex", State::SelfSigned).await.unwrap_err().to_string();
        assert_eq!(refused, "plex has no TLS");
        std::fs::remove_file(file).unwrap();
    }

    #[tokio::test]
    async fn a_server_signs_its_user_out() {
        let (services, file) = demo().await;
        let token = super::super::PLEX_TOKEN;
        let client = reqwest::Client::new();
        let plex = services.plex_server().unwrap();
        let url = format!("{}/library/sections?X-Plex-Token={token}", plex.base_url());
        assert_eq!(client.get(&url).send().await.unwrap().status(), 200);
        ask(&file, "plex", State::SignOut).await.unwrap();
        assert_eq!(client.get(&url).send().await.unwrap().status(), 401);
        ask(&file, "jellyfin", State::SignOut).await.unwrap();
        assert!(services.jellyfin_server().unwrap().tokens().is_empty());
        std::fs::remove_file(file).unwrap();
    }

    #[tokio::test]
    async fn the_control_is_the_person_at_the_browser() {
        let (services, file) = demo().await;
        let (client, tv) = (reqwest::Client::new(), services.plex_tv().unwrap());
        let account = async |what: &str| {
            let url = format!("{}/account/{what}", services.ready().control_url.as_deref().unwrap());
            client.post(url).send().await.unwrap().status()
        };
        let pin = async |path: &str| {
            let request = client.request(
                if path.is_empty() { reqwest::Method::POST } else { reqwest::Method::GET },
                format!("{}/api/v2/pins{path}", tv.base_url()),
            );
            let request =
                request.header("X-Plex-Client-Identifier", "one").header("Accept", "application/json");
            request.send().await.unwrap().json::<serde_json::Value>().await.unwrap()
        };
        assert_eq!(account("hold").await, 200);
        let path = format!("/{}", pin("").await["id"]);
        assert!(pin(&path).await["authToken"].is_null());
        assert_eq!(account("approve").await, 200);
        assert_eq!(pin(&path).await["authToken"], super::super::PLEX_ACCOUNT_TOKEN);
        assert_eq!(account("dance").await, 400);
        std::fs::remove_file(file).unwrap();
    }

    #[tokio::test]
    async fn what_cannot_be_is_refused_in_words() {
        let (_services, file) = demo().await;
        let words = async |name, state| ask(&file, name, state).await.unwrap_err().to_string();
        assert!(words("nowhere", State::Off).await.contains("jellyfin-lan, "));
        assert!(words("plex-local", State::SignOut).await.contains("is for a server"));
        assert!(words("jellyfin", State::RelayOnly).await.contains("no relay"));
        std::fs::remove_file(&file).unwrap();
        assert!(words("plex", State::On).await.contains("no demo is running"));
    }
}
