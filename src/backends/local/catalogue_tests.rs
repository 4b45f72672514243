//! Whole trees, sorted.

use super::super::ids::LocalId;
use super::*;

impl Catalogue {
    /// The id of every item that plays, with the files of it.
    pub fn files(&self) -> impl Iterator<Item = (LocalId, RelativePath)> + '_ {
        let of = |id: LocalId, folder: &RelativePath, versions: &[Version]| {
            let first = versions.first().and_then(Version::first).map(|file| folder.child(file));
            first.map(|path| (id, path))
        };
        let films = self.films.iter().filter_map(move |film| {
            of(LocalId::Movie(film.place.clone()), &film.place.folder, &film.versions)
        });
        let episodes = self.episodes.iter().filter_map(move |episode| {
            of(LocalId::Episode(episode.place.clone()), &episode.place.folder, &episode.versions)
        });
        let clips =
            self.clips.iter().map(|clip| (LocalId::Video(clip.place()), clip.folder.child(&clip.file)));
        films.chain(episodes).chain(clips)
    }
}

fn tree(files: &[&str]) -> Tree {
    let mut tree = Tree::default();
    tree.folders.entry(RelativePath::root()).or_default();
    for file in files {
        let mut path = RelativePath::root();
        let parts: Vec<_> = file.split('/').collect();
        for part in &parts[..parts.len() - 1] {
            let parent = tree.folders.entry(path.clone()).or_default();
            if !parent.folders.iter().any(|known| known == part) {
                parent.folders.push((*part).into());
            }
            path = path.child(OsStr::new(part));
            tree.folders.entry(path.clone()).or_default();
        }
        tree.folders.entry(path).or_default().files.push(parts[parts.len() - 1].into());
    }
    tree
}

fn sorted(files: &[&str], kind: Option<LibraryKind>) -> Vec<String> {
    let catalogue = Catalogue::of_tree(&tree(files), "Root", kind);
    catalogue.files().map(|(id, _)| id.remote().to_string()).collect()
}

#[test]
fn films_series_and_videos_sort_themselves_out() {
    let files = [
        "Films/Alien (1979)/Alien (1979).mkv",
        "Films/Aliens (1986).mkv",
        "Films/Odd One.mkv",
        "TV/Dark/Season 1/S01E01.mkv",
    ];
    assert_eq!(
        sorted(&files, None),
        [
            "movie:Films/aliens%20(1986)",
            "movie:Films/odd%20one",
            "movie:Films/Alien%20(1979)/",
            "episode:TV/Dark/Season%201/s01e01",
        ]
    );
    assert_eq!(
        sorted(&["IMG_1.mp4", "IMG_2.mp4", "Alien (1979).mkv"], None),
        ["movie:alien%20(1979)", "video:IMG_1.mp4", "video:IMG_2.mp4"]
    );
}

#[test]
fn what_the_user_said_decides() {
    let files = ["a S01E01.mkv", "b.mkv"];
    assert_eq!(sorted(&files, Some(LibraryKind::HomeVideos)), ["video:a%20S01E01.mkv", "video:b.mkv"]);
    assert_eq!(sorted(&files, Some(LibraryKind::Movies)), ["movie:a%20s01e01", "movie:b"]);
    assert_eq!(sorted(&files, Some(LibraryKind::Shows)), ["episode:b.mkv", "episode:a%20s01e01"]);
}

#[test]
fn extras_and_samples_are_left_out() {
    let files = [
        "Films/Alien (1979)/Alien (1979).mkv",
        "Films/Alien (1979)/Alien (1979)-trailer.mkv",
        "Films/Alien (1979)/sample.mkv",
        "Films/Alien (1979)/Extras/Making of.mkv",
        "Films/Alien (1979)/Other/Talk.mkv",
        "Other/Beach (2020).mp4",
        "Dark/Season 1/S01E01.mkv",
        "Dark/Interviews/Baran.mkv",
    ];
    assert_eq!(
        sorted(&files, None),
        ["movie:Films/Alien%20(1979)/", "movie:Other/beach%20(2020)", "episode:Dark/Season%201/s01e01"]
    );
}

#[test]
fn a_series_gathers_its_seasons_from_all_folders() {
    let files = [
        "Dark/Season 1/S01E01-E02.mkv",
        "Dark/Season 1/S01E03 - 1080p.mkv",
        "Dark/Season 1/S01E03 - 4K.mkv",
        "Dark/Season 2/S02E01.mkv",
        "Downloads/1899.S01E01.1080p-X/1899.S01E01.mkv",
        "Downloads/1899.S01E02.1080p-X/1899.S01E02.mkv",
    ];
    let catalogue = Catalogue::of_tree(&tree(&files), "Root", None);
    let series: Vec<_> = catalogue.series.iter().map(|one| (one.name.title.as_str(), one.episodes)).collect();
    assert_eq!(series, [("Dark", 3), ("1899", 2)]);
    let seasons: Vec<_> = catalogue
        .seasons
        .iter()
        .map(|season| (season.number, season.episodes, season.folder.is_some()))
        .collect();
    assert_eq!(seasons, [(1, 2, true), (2, 1, true), (1, 2, false)]);
    assert_eq!(catalogue.episodes[0].last, Some(2));
    let labels: Vec<_> =
        catalogue.episodes[1].versions.iter().map(|version| version.label.as_deref()).collect();
    assert_eq!(labels, [Some("4K"), Some("1080p")]);
}

#[test]
fn an_item_is_the_same_when_only_its_folder_is_read() {
    let all = tree(&[
        "Films/Alien (1979).mkv",
        "Films/Odd One.mkv",
        "Clips/a.mp4",
        "Dark/Season 1/S01E01.mkv",
        "Box (2010)/x.mkv",
    ]);
    let whole = Catalogue::of_tree(&all, "Root", None);
    for (id, path) in whole.files() {
        let folder = path.parent().unwrap_or_default();
        let mut part = all.clone();
        part.folders.retain(|path, _| folder.is_below(path));
        let found = Catalogue::of_part(&part, "Root", None);
        let as_film = |clip: &LocalId| matches!(clip, LocalId::Video(_));
        assert!(as_film(&id) || found.files().any(|(other, _)| other == id), "{id:?}");
    }
}
