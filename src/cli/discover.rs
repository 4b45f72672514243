//! `gnome-reel discover`: the servers that answer in this network.

use std::io::{self, IsTerminal as _};
use std::pin::pin;
use std::time::Duration;

use futures::StreamExt as _;
use serde::Serialize;

use super::Result;
use super::output::{Output, say};
use crate::models::{Source, SourceId};
use crate::services::core::SourceService;
use crate::services::discovery::Discovered;
use crate::services::{AppContext, DiscoveryService};

const COLUMNS: [&str; 4] = ["TYPE", "NAME", "ADDED", "ADDRESSES"];

/// A server for machines.
#[derive(Debug, Serialize)]
struct Row {
    #[serde(rename = "type")]
    kind: &'static str,
    name: String,
    machine_id: String,
    addresses: Vec<String>,
    sender: String,
    source_ids: Vec<SourceId>,
}

impl Row {
    fn new(found: &Discovered, sources: &[Source]) -> Self {
        let is_it = |source: &&Source| {
            source.kind == found.kind && source.machine_id.as_ref() == Some(&found.machine_id)
        };
        Self {
            kind: found.kind.as_str(),
            name: found.name.clone(),
            machine_id: found.machine_id.to_string(),
            addresses: found.addresses.iter().map(ToString::to_string).collect(),
            sender: found.sender.to_string(),
            source_ids: sources.iter().filter(is_it).map(|source| source.id).collect(),
        }
    }

    fn cells(&self) -> Vec<String> {
        let added = if self.source_ids.is_empty() { "no" } else { "yes" };
        vec![self.kind.to_owned(), self.name.clone(), added.to_owned(), self.addresses.join("  ")]
    }
}

/// Looks for that many seconds and prints what has answered. Somebody who watches a terminal is told of each as it comes.
pub(super) async fn run(ctx: &AppContext, seconds: u32, output: Output) -> Result {
    let sources = SourceService::list(ctx).await?;
    let watched = io::stdout().is_terminal() && io::stderr().is_terminal() && !output.is_json();
    if watched {
        say(&format!("Looking for servers for {seconds} s…"));
    }
    let length = Duration::from_secs(seconds.into());
    let mut answers = pin!(DiscoveryService::search(ctx, length));
    let mut all: Vec<Discovered> = Vec::new();
    while let Some(found) = answers.next().await {
        let same = |known: &&mut Discovered| known.kind == found.kind && known.machine_id == found.machine_id;
        if let Some(known) = all.iter_mut().find(same) {
            *known = found;
        } else {
            if watched {
                say(&format!("{} answers", found.name));
            }
            all.push(found);
        }
    }
    // In an order that does not depend on who was quicker.
    all.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.machine_id.cmp(&b.machine_id)));
    let rows: Vec<Row> = all.iter().map(|found| Row::new(found, &sources)).collect();
    output.rows(&rows, &COLUMNS, Row::cells)
}
