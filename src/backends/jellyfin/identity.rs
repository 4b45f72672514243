//! Who answers at an address (`docs/protocols.md#jellyfin-identity`).
//!
//! The request carries no credential: it is asked before anything is trusted. Reading the answer is pure.

use serde_json::Value;

use super::dto::PublicInfoDto;
use super::tolerant::object;
use crate::backends::identify::{check_status, unreadable};
use crate::backends::{Identified, IdentifyError, ServerIdentity};
use crate::models::{MachineId, ServerUrl};
use crate::net::{ApiClient, Call, HttpPool, Profile, Reply};

/// The first version with all the routes in use.
pub const OLDEST_VERSION: &str = "10.9.0";

const QUESTION: &str = "/System/Info/Public";
const PRODUCT: &str = "Jellyfin Server";
/// Emby, from which Jellyfin descends, answers the same request and is still at this major version.
const EMBY_MAJOR: u32 = 4;

/// Asks who is there, and how long the answer took to begin.
///
/// # Errors
/// Tells apart everything that a person can do something about.
pub async fn identify(pool: &HttpPool, base: &ServerUrl) -> Result<Identified, IdentifyError> {
    let call = Call::get(QUESTION).profile(Profile::Probe);
    let reply = ApiClient::new(pool, base.clone()).exchange(call).await?;
    Ok(Identified::new(classify(&reply)?, &reply, base, QUESTION))
}

fn classify(reply: &Reply) -> Result<ServerIdentity, IdentifyError> {
    // While it starts or changes its database it says when to come back; a proxy without its server does not.
    if let (503, Some(retry_after)) = (reply.head.status, reply.head.retry_after) {
        return Err(IdentifyError::NotReady { retry_after: Some(retry_after) });
    }
    check_status(reply)?;
    let json: Value = reply.json().map_err(|error| unreadable(&error))?;
    let info: PublicInfoDto = object(json).ok_or(IdentifyError::NotAServer)?;
    let (Some(id), Some(version)) = (info.id.text(), info.version.text()) else {
        return Err(IdentifyError::NotAServer);
    };
    let major = numbers(version).first().copied();
    match info.product_name.text() {
        Some(PRODUCT) => {}
        None if major != Some(EMBY_MAJOR) => {}
        None => return Err(IdentifyError::Emby),
        Some(name) if name.contains("Emby") || major == Some(EMBY_MAJOR) => return Err(IdentifyError::Emby),
        Some(_) => return Err(IdentifyError::NotAServer),
    }
    if is_too_old(version) {
        return Err(IdentifyError::TooOld { version: version.to_owned() });
    }
    if info.startup_wizard_completed.0 == Some(false) {
        return Err(IdentifyError::NotReady { retry_after: None });
    }
    Ok(ServerIdentity {
        machine_id: MachineId::new(id),
        name: info.server_name.owned(),
        version: version.to_owned(),
    })
}

/// Compares by number, component by component. A version without any number is given the chance.
fn is_too_old(version: &str) -> bool {
    let numbers = numbers(version);
    !numbers.is_empty() && numbers < self::numbers(OLDEST_VERSION)
}

/// The leading numbers of a version: `12.0-rc5` is 12, 0. Zeros at the end count for nothing.
fn numbers(version: &str) -> Vec<u32> {
    let release = version.split(['-', '+', ' ']).next().unwrap_or_default();
    let mut numbers: Vec<u32> = release.split('.').map_while(|part| part.parse().ok()).collect();
    while numbers.last() == Some(&0) {
        numbers.pop();
    }
    numbers
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::net::ReplyHead;

    const ATTIC: &str = r#"{"LocalAddress":"http://192.168.1.20:8096","ServerName":"attic","Version":"10.11.4",
        "ProductName":"Jellyfin Server","OperatingSystem":"","Id":"4f3a","StartupWizardCompleted":true}"#;

    fn reply(status: u16, content_type: &str, body: &str) -> Reply {
        let head = ReplyHead {
            status,
            content_type: Some(content_type.to_owned()),
            date: None,
            retry_after: None,
            redirect_host: (300..400).contains(&status).then(|| "login.example.org".to_owned()),
            address: None,
            latency: Duration::ZERO,
            timings: crate::net::Timings::default(),
            validators: crate::net::Validators::default(),
        };
        Reply { head, body: body.as_bytes().to_vec() }
    }

    fn info(json: &str) -> Result<ServerIdentity, IdentifyError> {
        classify(&reply(200, "application/json", json))
    }

    fn word(result: &Result<ServerIdentity, IdentifyError>) -> String {
        match result {
            Ok(_) => "ok".to_owned(),
            Err(IdentifyError::WebPage) => "page".to_owned(),
            Err(IdentifyError::NotAServer) => "other".to_owned(),
            Err(IdentifyError::Emby) => "emby".to_owned(),
            Err(IdentifyError::TooOld { version }) => format!("old {version}"),
            Err(IdentifyError::NotReady { .. }) => "setup".to_owned(),
            Err(IdentifyError::RedirectedTo { host }) => format!("to {host}"),
            Err(IdentifyError::Net(error)) => format!("{:?}", error.kind),
        }
    }

    #[test]
    fn a_jellyfin_is_known() {
        let identity = info(ATTIC).unwrap();
        assert_eq!(identity.machine_id, MachineId::new("4f3a"));
        assert_eq!(identity.name.as_deref(), Some("attic"));
        assert_eq!(identity.version, "10.11.4");
    }

    #[test]
    fn bodies_are_told_apart() {
        for (json, expected) in [
            (ATTIC, "ok"),
            (r#"{"Id":"4f3a","Version":"12.0.0"}"#, "ok"),
            (
                r#"{"Id":"4f3a","Version":"10.11.0","ProductName":"Jellyfin Server","StartupWizardCompleted":false}"#,
                "setup",
            ),
            (r#"{"Id":"4f3a","Version":"10.8.13","ProductName":"Jellyfin Server"}"#, "old 10.8.13"),
            (r#"{"Id":"4f3a","Version":"4.8.10.0","ServerName":"attic"}"#, "emby"),
            (r#"{"Id":"4f3a","Version":"4.9.0.1","ProductName":"Emby Server"}"#, "emby"),
            (r#"{"Id":"4f3a","Version":"1.2","ProductName":"Kettle"}"#, "other"),
            (r#"{"Id":"","Version":"10.11.4"}"#, "other"),
            (r#"{"MediaContainer":{"size":0}}"#, "other"),
            (r#"["4f3a", "attic", "10.11.4", "Jellyfin Server", true]"#, "other"),
            (r#""Jellyfin Server""#, "other"),
            ("", "other"),
            ("<!DOCTYPE html><title>Sign in</title>", "page"),
        ] {
            assert_eq!(word(&info(json)), expected, "{json}");
        }
    }

    #[test]
    fn statuses_are_told_apart() {
        for (status, content_type, expected) in [
            (302, "text/html", "to login.example.org"),
            (404, "text/html", "page"),
            (404, "text/plain", "other"),
            (401, "text/html", "page"),
            (401, "application/json", "other"),
            (403, "text/html", "page"),
            (503, "text/html", "Server"),
            (511, "text/html", "CaptivePortal"),
        ] {
            assert_eq!(word(&classify(&reply(status, content_type, ""))), expected, "{status}");
        }
    }

    #[test]
    fn versions_compare_by_number() {
        for (version, too_old) in [
            ("10.8.13", true),
            ("9.99", true),
            ("10.9", false),
            ("10.9.0", false),
            ("10.10.7", false),
            ("10.11.0-rc1", false),
            ("12.0-rc5", false),
            ("100.0", false),
            ("unstable", false),
        ] {
            assert_eq!(is_too_old(version), too_old, "{version}");
        }
    }
}
