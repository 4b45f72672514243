//! The rules of the repository that the compiler does not know.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Longest file.
const MOST_LINES: usize = 400;

/// Each layer with the ones that it may name; window and command line stand side by side. `config` and `logging`
/// may be named by all.
const LAYERS: [(&str, &[&str]); 9] = [
    ("models", &[]),
    ("net", &["models"]),
    ("db", &["models"]),
    ("backends", &["models", "net"]),
    ("services", &["models", "net", "db", "backends"]),
    ("player", &["models", "net", "db", "backends", "services"]),
    ("workers", &["models", "net", "db", "backends", "services", "player"]),
    ("ui", &["models", "net", "db", "backends", "services", "player", "workers", "cli"]),
    ("cli", &["models", "net", "db", "backends", "services", "player", "workers", "ui"]),
];

/// Crates with the only places that may name them.
const OWNERS: [(&str, &[&str]); 12] = [
    ("sea_orm", &["src/db/", "migrations/"]),
    ("sea_orm_migration", &["src/db/", "migrations/"]),
    ("reqwest", &["src/net/"]),
    ("hyper", &["src/net/", "src/services/gateway/"]),
    ("hyper_util", &["src/net/", "src/services/gateway/"]),
    ("rustls", &["src/net/"]),
    ("keyring", &["src/services/credentials/"]),
    ("clap", &["src/cli/"]),
    ("gtk", &["src/ui/", "src/player/", "src/workers/"]),
    ("adw", &["src/ui/"]),
    ("relm4", &["src/ui/", "src/workers/"]),
    ("gst", &["src/player/", "src/ui/", "src/backends/local/"]),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below a folder of the repository, as a path from its root, with its text.
fn sources(folder: &str) -> Vec<(String, String)> {
    walkdir::WalkDir::new(root().join(folder))
        .sort_by_file_name()
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "rs"))
        .map(|entry| {
            let name = entry.path().strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(entry.path()).unwrap())
        })
        .collect()
}

fn all_sources() -> Vec<(String, String)> {
    ["src", "migrations/src", "testbed/src", "tests", "build.rs"].into_iter().flat_map(sources).collect()
}

/// The code of a line, without what a comment says.
fn code(line: &str) -> &str {
    line.split("//").next().unwrap_or_default()
}

/// Whether code names something as a path's beginning: `word::`, `use word;`, `word as`.
fn names(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(place, _)| {
        let before = code[..place].chars().next_back();
        let after = &code[place + word.len()..];
        let starts =
            !before.is_some_and(|before| before.is_alphanumeric() || matches!(before, '_' | ':' | '"'));
        starts && after.starts_with("::") || code.trim() == format!("use {word};")
    })
}

/// The parts of the crate that a file names after `crate::`, also inside braces.
fn crate_parts(text: &str) -> BTreeSet<String> {
    let text: String = text.lines().map(code).collect::<Vec<_>>().join("\n");
    let mut parts = BTreeSet::new();
    for (place, _) in text.match_indices("crate::") {
        let rest = &text[place + "crate::".len()..];
        let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        match rest.strip_prefix('{') {
            None => {
                parts.insert(word(rest));
            }
            Some(list) => {
                let mut depth = 0_i32;
                let mut part = String::new();
                for c in list.chars() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => parts.extend([word(std::mem::take(&mut part).trim())]),
                        _ if depth == 0 => part.push(c),
                        _ => {}
                    }
                }
                parts.insert(word(part.trim()));
            }
        }
    }
    parts
}

#[test]
fn imports_point_down() {
    let layer_names: Vec<&str> = LAYERS.iter().map(|(layer, _)| *layer).collect();
    let mut wrong = Vec::new();
    for (layer, below) in LAYERS {
        for (file, text) in sources(&format!("src/{layer}")) {
            let upward = crate_parts(&text).into_iter().filter(|part| {
                layer_names.contains(&part.as_str()) && part != layer && !below.contains(&part.as_str())
            });
            wrong.extend(upward.map(|part| format!("{file} names crate::{part}")));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn crates_stay_in_their_layer() {
    let mut wrong = Vec::new();
    for (file, text) in sources("src").into_iter().chain(sources("migrations/src")) {
        for (name, owners) in OWNERS {
            if owners.iter().any(|owner| file.starts_with(owner)) {
                continue;
            }
            let lines = text.lines().enumerate().filter(|(_, line)| names(code(line), name));
            wrong.extend(lines.map(|(number, _)| format!("{file}:{} names {name}", number + 1)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn wire_types_stay_in_their_backend() {
    let public = |line: &str| {
        let code = code(line).trim();
        code.starts_with("pub") && ["mod dto", "dto::"].iter().any(|name| code.contains(name))
    };
    let wrong: Vec<String> = sources("src/backends")
        .into_iter()
        .filter(|(_, text)| text.lines().any(public))
        .map(|(file, _)| file)
        .collect();
    assert!(wrong.is_empty(), "{wrong:?} make wire types public");
}

/// The files in which a module may be declared: of `a/b.rs` and `a/b/mod.rs`, `a/mod.rs`, `a.rs`, and at the top
/// `lib.rs` and `main.rs`.
fn parents_of(file: &Path) -> (String, Vec<PathBuf>) {
    let is_folder = file.file_name().is_some_and(|name| name == "mod.rs");
    let module = if is_folder { file.parent().unwrap() } else { file };
    let name = module.file_stem().unwrap().to_str().unwrap().to_owned();
    let folder = module.parent().unwrap();
    let names = ["mod.rs", "lib.rs", "main.rs"];
    (name, names.into_iter().map(|name| folder.join(name)).chain([folder.with_extension("rs")]).collect())
}

/// Whether a file beside this one declares it as `#[path = "…"] mod …`.
fn is_named_by_path(file: &Path) -> bool {
    let wanted = format!("#[path = \"{}\"]", file.file_name().unwrap().to_str().unwrap());
    fs::read_dir(file.parent().unwrap()).unwrap().any(|entry| {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap_or_default();
        text.lines().any(|line| code(line).trim() == wanted)
    })
}

#[test]
fn every_file_is_a_module() {
    let mut orphans = Vec::new();
    for folder in ["src", "migrations/src", "testbed/src", "tests/it"] {
        for (file, _) in sources(folder) {
            let path = root().join(&file);
            if path.file_name().is_some_and(|name| name == "main.rs" || name == "lib.rs") {
                continue;
            }
            let (name, parents) = parents_of(&path);
            let declares = |parent: &PathBuf| {
                let text = fs::read_to_string(parent).unwrap_or_default();
                text.lines().any(|line| code(line).trim_end().ends_with(&format!("mod {name};")))
            };
            if !parents.iter().any(declares) && !is_named_by_path(&path) {
                orphans.push(file);
            }
        }
    }
    assert!(orphans.is_empty(), "nobody declares {orphans:#?}");
}

#[test]
fn files_are_short() {
    let long: Vec<String> = all_sources()
        .into_iter()
        .map(|(file, text)| (file, text.lines().count()))
        .filter(|(_, lines)| *lines > MOST_LINES)
        .map(|(file, lines)| format!("{file}: {lines} lines"))
        .collect();
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn every_module_says_what_it_is() {
    let silent: Vec<String> = all_sources()
        .into_iter()
        .filter(|(_, text)| !text.starts_with("//!"))
        .map(|(file, _)| file)
        .collect();
    assert!(silent.is_empty(), "{silent:#?}");
}

#[test]
fn nothing_is_global() {
    let holds_data = |line: &str| {
        let code = code(line).trim_start();
        let declared = code.split_once("static ").is_some_and(|(before, _)| {
            before.is_empty() || before.starts_with("pub") && before.trim_end().split(' ').count() == 1
        });
        declared || ["lazy_static!", "thread_local!"].iter().any(|name| code.contains(name))
    };
    // Tests live in a process of their own each.
    let is_shipped = |file: &str| !file.ends_with("/tests.rs") && !file.contains("/tests/");
    let wrong: Vec<String> = sources("src")
        .into_iter()
        .filter(|(file, _)| is_shipped(file))
        .flat_map(|(file, text)| {
            let lines = text.lines().enumerate().filter(|(_, line)| holds_data(line));
            lines.map(|(number, line)| format!("{file}:{}: {}", number + 1, line.trim())).collect::<Vec<_>>()
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_rules_see_what_they_forbid() {
    assert!(names("use reqwest::Client;", "reqwest"));
    assert!(names("    let x = gtk::Label::new(None);", "gtk"));
    assert!(!names("my_gtk::x()", "gtk"));
    assert!(!names("crate::backends::local::gst::x", "gst"));
    let parts = crate_parts("use crate::{models::{A, B}, db};\nuse crate::net::X; // crate::ui");
    assert_eq!(parts.into_iter().collect::<Vec<_>>(), ["db", "models", "net"]);
    let (name, parents) = parents_of(Path::new("src/net/mod.rs"));
    assert_eq!((name.as_str(), parents[1].as_path()), ("net", Path::new("src/lib.rs")));
}
