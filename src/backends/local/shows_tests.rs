//! Episodes by their place in a tree.

use super::super::tree::Folder;
use super::*;

/// A tree with these files.
fn tree(files: &[&str]) -> Tree {
    let mut tree = Tree::default();
    for file in files {
        let (folder, name) = file.rsplit_once('/').unwrap_or(("", file));
        let mut path = RelativePath::root();
        tree.folders.entry(path.clone()).or_default();
        for part in folder.split('/').filter(|part| !part.is_empty()) {
            let parent: &mut Folder = tree.folders.entry(path.clone()).or_default();
            if !parent.folders.iter().any(|known| known == part) {
                parent.folders.push(part.into());
            }
            path = path.child(OsStr::new(part));
            tree.folders.entry(path.clone()).or_default();
        }
        tree.folders.entry(path).or_default().files.push(name.into());
    }
    tree
}

/// Every video of the tree as `path -> series id SxEy`.
fn placed(files: &[&str], only_shows: bool) -> Vec<String> {
    let tree = tree(files);
    let mut result = Vec::new();
    for (path, folder) in &tree.folders {
        let around = Surroundings::of(&tree, path);
        for file in folder.files.iter().filter(|file| super::super::naming::is_video(file)) {
            let Some(found) = around.place(path, file, only_shows, "My Root") else {
                result.push("no".to_owned());
                continue;
            };
            let series = match &found.series {
                SeriesKey::Folder(path) => format!("{}/", path.shown_name().unwrap_or_default()),
                SeriesKey::Named(name) => format!("={name}"),
            };
            let number = found.number.map_or("-".to_owned(), |number| number.to_string());
            result.push(format!("{series} {} {}x{number}", found.series_name.title, found.season));
        }
    }
    result
}

#[test]
fn series_in_folders() {
    for (file, expected) in [
        ("TV/Dark/Season 01/S01E02.mkv", "Dark/ Dark 1x2"),
        ("TV/Dark (2017)/Season 01/Dark - S01E02.mkv", "Dark (2017)/ Dark 1x2"),
        ("TV/Dark/Staffel 2/02 - Titel.mkv", "Dark/ Dark 2x2"),
        ("TV/Dark/Season 1/102.mkv", "Dark/ Dark 1x2"),
        ("TV/Dark/Season 1/Interlude.mkv", "Dark/ Dark 1x-"),
        ("TV/Dark/Specials/S00E01.mkv", "Dark/ Dark 0x1"),
        ("TV/Dark/Specials/Making of.mkv", "Dark/ Dark 0x-"),
        ("TV/Dark/1/S01E02.mkv", "Dark/ Dark 1x2"),
        ("TV/Dark/S01E02.mkv", "Dark/ Dark 1x2"),
        ("TV/Dark/Dark.S01E02.1080p.WEB.mkv", "Dark/ Dark 1x2"),
        ("TV/Dark (2017)/dk - S01E02.mkv", "Dark (2017)/ Dark 1x2"),
        ("TV/Dark/Dark.S01.1080p/Dark.S01E02.mkv", "Dark/ Dark 1x2"),
        ("TV/Dark/Dark.S01E02.1080p-GRP/grp-dark.mkv", "Dark/ Dark 1x2"),
        ("Season 1/S01E02.mkv", "/ My Root 1x2"),
        ("S01E02.mkv", "/ My Root 1x2"),
    ] {
        assert_eq!(placed(&[file], false), [expected], "{file}");
    }
}

#[test]
fn series_known_from_names_only() {
    for (file, expected) in [
        ("Dark.S01E02.mkv", "=dark Dark 1x2"),
        ("Downloads/Dark.S01E02.mkv", "=dark Dark 1x2"),
        ("Downloads/Dark.S01.1080p/Dark.S01E02.mkv", "=dark Dark 1x2"),
        ("Downloads/Dark.S01E02.1080p-GRP/grp-dark.mkv", "=dark Dark 1x2"),
        ("Dark (2017) - S01E02.mkv", "=dark 2017 Dark 1x2"),
    ] {
        assert_eq!(placed(&[file], false), [expected], "{file}");
    }
}

#[test]
fn a_description_names_the_folder() {
    let files = ["Dark/tvshow.nfo", "Dark/Part One/Other.Name.S01E02.mkv", "Dark/Clip 7.mkv"];
    assert_eq!(placed(&files, false), ["Dark/ Dark 1x7", "Dark/ Dark 1x2"]);
}

#[test]
fn films_and_clips_are_left_to_others() {
    for file in
        ["Alien (1979).mkv", "Alien (1979)/Alien.mkv", "2024/2024-05-01 Birthday.mp4", "24/clip 7.mp4"]
    {
        assert_eq!(placed(&[file], false), ["no"], "{file}");
    }
}

#[test]
fn everything_is_an_episode_where_only_series_are() {
    for (file, expected) in [
        ("Fullmetal/FMA - 07.mkv", "Fullmetal/ Fullmetal 1x7"),
        ("Daily/Daily 2024-05-01.mkv", "Daily/ Daily 2024x501"),
        ("24/S01E02.mkv", "24/ 24 1x2"),
        ("Dark/Pilot.mkv", "Dark/ Dark 0x-"),
        ("Pilot.mkv", "/ My Root 0x-"),
    ] {
        assert_eq!(placed(&[file], true), [expected], "{file}");
    }
}
