//! The log of a choice is what the README shows, but for addresses, ids and times.

use std::fs;
use std::path::Path;

use reel_testbed::connection::{ConnectionPlan, Reach};
use reel_testbed::plex::PlexServer;
use reel_testbed::plex_tv::PlexTv;

use super::app::App;
use crate::support::{TOKEN, USER, films};

/// What a person sets to have a choice explained.
const LOG: &str = "gnome_reel::services::core::connection=trace";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_excerpt_in_the_readme_is_what_is_printed() {
    let plans = [("local", Reach::Local), ("remote", Reach::Remote), ("relay", Reach::Relay)];
    let mut builder = PlexServer::builder().catalogue(films(3)).user(USER, TOKEN);
    for (number, (name, reach)) in (1..).zip(plans) {
        builder = builder.connection(ConnectionPlan::new(name, reach).at([127, 0, 0, number]));
    }
    let server = builder.start().await.unwrap();
    let account = PlexTv::builder().account(USER, "canary-account").server(server.listing());
    let plex_tv = account.auto_approve(true).start().await.unwrap();
    let app = App::new(LOG).with_plex_tv(plex_tv.base_url());
    app.print(&["sources", "add", "plex"]).await;
    server.connection("local").unwrap().off();
    let done = app.run(&["sync"]).await;
    assert_eq!(done.status, 0, "{}", done.stderr);
    let printed: Vec<String> = done.stderr.lines().map(shape).collect();

    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let section = readme.split("## Why this connection?").nth(1).expect("the section is there");
    let excerpt = section.split("```").nth(1).expect("the excerpt is there");
    let shown: Vec<String> =
        excerpt.lines().skip(1).filter(|line| line.contains("gnome_reel")).map(shape).collect();
    assert!(shown.len() >= 8, "{shown:#?}");
    // A race is written down while the operation that it was for goes on: each of the two has its own order.
    let begin = printed.iter().position(|line| *line == shown[0]).unwrap_or_default();
    for in_race in [false, true] {
        let part = |lines: &[String]| -> Vec<String> {
            lines.iter().filter(|line| line.contains(" race{") == in_race).cloned().collect()
        };
        let (printed, shown) = (part(&printed[begin..]), part(&shown));
        assert!(!shown.is_empty() && printed.starts_with(&shown), "{shown:#?}\nprinted was\n{}", done.stderr);
    }
}

/// A line without what is another at every run: ids, ports, times.
fn shape(line: &str) -> String {
    let words = line.split_whitespace().map(|word| {
        let mut text = String::new();
        let mut digits = false;
        for character in without_id(word).chars() {
            let digit = character.is_ascii_digit() || (digits && character == '.');
            if !digit {
                text.push(character);
            } else if !digits {
                text.push('0');
            }
            digits = digit;
        }
        text
    });
    words.collect::<Vec<_>>().join(" ")
}

/// A word whose UUID is only a sign of one.
fn without_id(word: &str) -> String {
    const LENGTH: usize = 36;
    let is_id = |text: &str| text.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    let found = (0..word.len().saturating_sub(LENGTH - 1))
        .find(|start| word.get(*start..start + LENGTH).is_some_and(is_id));
    found.map_or_else(|| word.to_owned(), |start| format!("{}ID{}", &word[..start], &word[start + LENGTH..]))
}
