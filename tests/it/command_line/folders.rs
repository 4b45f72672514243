//! Folders of a source on the command line, and a disk that is plugged in and out.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::app::App;

fn film(path: &Path) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, path.to_str().unwrap()).unwrap();
}

fn column<'a>(rows: &'a Value, name: &str) -> Vec<&'a str> {
    rows.as_array().unwrap().iter().map(|row| row[name].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_folders_of_a_source_are_listed_and_changed() {
    let app = App::new("off");
    let place = |name: &str| app.folder().join(name);
    for file in ["one/Alien (1979).mkv", "two/zoo.mp4", "two/sea.mp4", "three/Ran (1985).mkv"] {
        film(&place(file));
    }
    let path = |name: &str| fs::canonicalize(place(name)).unwrap().to_str().unwrap().to_owned();
    let (one, two, three) = (path("one"), path("two"), path("three"));
    app.print(&["sources", "add", "local", &one, &two, "--name", "Home", "--kind", "auto"]).await;
    let sources = app.json(&["sources", "list"]).await;
    let id = sources[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(sources[0]["url"], format!("{one}, {two}"));
    let folders = ["sources", "folders", id.as_str()];
    let with = |more: &[&'static str]| [&folders, more].concat();
    let listed = app.json(&folders).await;
    assert_eq!(column(&listed, "path"), [one.as_str(), &two]);
    assert_eq!((column(&listed, "kind"), column(&listed, "state")), (vec!["auto"; 2], vec!["there"; 2]));
    app.print(&["sync"]).await;
    assert_eq!(column(&app.json(&["libraries"]).await, "title"), ["one", "two"]);

    let listed = app.json(&[&with(&["kind"])[..], &[&two, "films"]].concat()).await;
    assert_eq!(column(&listed, "kind"), ["auto", "films"]);
    let listed = app.json(&[&with(&["add"])[..], &[&three, "--kind", "films"]].concat()).await;
    assert_eq!(listed.as_array().unwrap().len(), 3);
    fs::rename(&one, place("moved")).unwrap();
    let moved = path("moved");
    let listed = app.json(&[&with(&["move"])[..], &[&one, &moved]].concat()).await;
    assert_eq!(column(&listed, "path"), [moved.as_str(), &two, &three]);
    let number = listed[2]["id"].to_string();
    let text = app.print(&[&with(&["remove"])[..], &[&number]].concat()).await;
    assert!(text.starts_with("ID  KIND") && !text.contains("three"), "{text}");
    app.print(&["sync"]).await;
    assert_eq!(column(&app.json(&["libraries"]).await, "kind"), ["movies", "movies"]);
    let unknown = app.run(&[&with(&["remove"])[..], &["/does/not/exist"]].concat()).await;
    assert!(unknown.stderr.contains("Home has no folder /does/not/exist"), "{}", unknown.stderr);
    let inside = app.run(&[&with(&["add"])[..], &[&moved]].concat()).await;
    assert_eq!(inside.status, 1);
}

/// Everything happens in a mount namespace of its own: two disks, plugged in at one place one after the other. After
/// each step the folders, the libraries and what was removed are printed.
const DISKS: &str = r#"
set -e
mkdir -p disks usb home
mount -t tmpfs disk disks
mkdir disks/mine
mount -t tmpfs disk disks/mine
mkdir disks/other
mount -t tmpfs disk disks/other
touch home/'Heat (1995).mkv'
touch disks/mine/'Alien (1979).mkv' disks/mine/'Aliens (1986).mkv'
touch disks/other/'Ran (1985).mkv'
show() {
    "$1" sync --json | tr -d '\n'; echo
    "$1" sources folders "$2" --json | tr -d '\n'; echo
    "$1" libraries --json | tr -d '\n'; echo
}
mount --bind disks/mine usb
"$1" sources add local "$PWD/usb" "$PWD/home" >&2
id=$("$1" sources list --json | sed -n 's/.*"id": "\(.*\)".*/\1/p')
show "$1" "$id"
umount usb
show "$1" "$id"
mount --bind disks/other usb
show "$1" "$id"
umount usb
mount --bind disks/mine usb
show "$1" "$id"
"#;

#[expect(clippy::print_stderr, reason = "a test that is left out says so")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_is_unplugged_loses_nothing() {
    let app = App::new("off");
    let may_mount = app.run_shell(&["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"]).await;
    if may_mount.status != 0 {
        eprintln!("skipped: this system lets nobody mount in a namespace: {}", may_mount.stderr.trim());
        return;
    }
    let script = format!("cd '{}'\n{DISKS}", app.folder().display());
    let binary = env!("CARGO_BIN_EXE_gnome-reel");
    let done = app.run_shell(&["unshare", "-rm", "sh", "-c", &script, "sh", binary]).await;
    assert_eq!(done.status, 0, "{}", done.stderr);
    let lines: Vec<Value> = done.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let steps: Vec<(u64, Vec<&str>, Vec<u64>)> = lines
        .chunks(3)
        .map(|step| {
            let counts = step[2].as_array().unwrap().iter().map(|row| row["item_count"].as_u64().unwrap());
            (step[0][0]["removed"].as_u64().unwrap(), column(&step[1], "state"), counts.collect())
        })
        .collect();
    let (there, away) = (vec!["there", "there"], vec!["away", "there"]);
    assert_eq!(
        steps,
        [
            (0, there.clone(), vec![2, 1]),
            // An empty mount point.
            (0, away, vec![2, 1]),
            // Another disk: what it has is shown, and what was there before is not forgotten.
            (0, there.clone(), vec![3, 1]),
            (1, there, vec![2, 1]),
        ]
    );
}
