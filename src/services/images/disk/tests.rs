//! The disk cache on real files.

#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::models::{ImageKey, ImageRequest, ImageSize};

struct Place {
    disk: DiskCache,
    folder: tempfile::TempDir,
    source: SourceId,
}

const PICTURE: &[u8] = b"\xff\xd8\xff\xe0 a small picture";

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { disk: DiskCache::new(&folder.path().join("images")), folder, source: SourceId::random() }
    }

    fn name(&self, key: &str) -> PictureName {
        PictureName::new(self.source, &ImageRequest { key: ImageKey::new(key), size: ImageSize::Small })
    }

    fn keep(&self, key: &str, bytes: &[u8]) -> PictureName {
        let name = self.name(key);
        self.disk.keep(&name, bytes, &Validators::default(), at(0)).unwrap();
        name
    }

    /// Makes a picture look as if it was used so long ago.
    fn used(&self, name: &PictureName, ago: Duration) {
        let file = File::open(self.disk.path(name)).unwrap();
        file.set_times(FileTimes::new().set_modified(SystemTime::now() - ago)).unwrap();
    }

    fn is_there(&self, name: &PictureName) -> bool {
        self.disk.path(name).exists()
    }
}

fn at(days: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000, 0).unwrap() + TimeDelta::days(days)
}

fn bytes_of(kept: Kept) -> Option<Vec<u8>> {
    match kept {
        Kept::Picture { bytes, .. } => Some(bytes),
        Kept::Absent | Kept::Nothing => None,
    }
}

#[test]
fn a_picture_comes_back_as_it_came() {
    let place = Place::new();
    assert_eq!(place.disk.read(&place.name("a/Primary/0/t"), at(0)), Kept::Nothing);
    let name = place.keep("a/Primary/0/t", PICTURE);
    assert_eq!(bytes_of(place.disk.read(&name, at(400))).unwrap(), PICTURE);
    let other = place.keep("a/Primary/0/t", b"\x89PNG another");
    assert_eq!(bytes_of(place.disk.read(&other, at(0))).unwrap(), b"\x89PNG another");
    // A program that opens the file sees a picture.
    assert!(fs::read(place.disk.path(&name)).unwrap().starts_with(b"\x89PNG another"));
}

#[test]
fn what_was_harmed_is_thrown_away() {
    let place = Place::new();
    for harm in [
        |content: &mut Vec<u8>| content.truncate(7),
        |content: &mut Vec<u8>| content[5] ^= 1,
        |content: &mut Vec<u8>| content.clear(),
        |content: &mut Vec<u8>| *content = PICTURE.to_vec(),
    ] {
        let name = place.keep("harmed/Primary/0/t", PICTURE);
        let mut content = fs::read(place.disk.path(&name)).unwrap();
        harm(&mut content);
        fs::write(place.disk.path(&name), content).unwrap();
        assert_eq!(place.disk.read(&name, at(0)), Kept::Nothing);
        assert!(!place.is_there(&name));
    }
}

#[test]
fn that_there_is_none_is_believed_for_a_day() {
    let place = Place::new();
    let name = place.keep("none/Primary/0/t", b"");
    assert_eq!(place.disk.read(&name, at(0)), Kept::Absent);
    assert_eq!(place.disk.read(&name, at(1)), Kept::Nothing);
    // A clock that was put back.
    assert_eq!(place.disk.read(&name, at(-30)), Kept::Nothing);
}

#[test]
fn only_a_picture_without_a_tag_is_asked_about_again() {
    let place = Place::new();
    let is_due = |name: &PictureName, days| match place.disk.read(name, at(days)) {
        Kept::Picture { is_due, .. } => is_due,
        Kept::Absent | Kept::Nothing => panic!("it is kept"),
    };
    let tagged = place.keep("a/Primary/0/t", PICTURE);
    let untagged = place.keep("/:/resources/movie.png", PICTURE);
    assert!(!is_due(&tagged, 1000));
    assert!(!is_due(&untagged, 6));
    assert!(is_due(&untagged, 7));
}

#[test]
fn what_was_not_used_for_the_longest_time_goes_first() {
    let place = Place::new();
    let large = vec![0xff; 10_000];
    let names: Vec<PictureName> = (0..10).map(|n| place.keep(&format!("{n}/Primary/0/t"), &large)).collect();
    for (name, hours) in names.iter().zip([9, 1, 8, 2, 7, 3, 6, 4, 5, 0]) {
        place.used(name, Duration::from_hours(hours + 2));
    }
    // Read now, which is written down.
    assert!(bytes_of(place.disk.read(&names[0], at(0))).is_some());
    place.disk.0.limit.store(60_000, Ordering::Relaxed);
    place.disk.sweep();
    let left: Vec<usize> = (0..10).filter(|n| place.is_there(&names[*n])).collect();
    // Five fit into nine tenths of the limit.
    assert_eq!(left, [0, 1, 3, 5, 9]);
    assert!(place.disk.measure() <= 54_000);
}

#[test]
fn a_smaller_limit_is_kept_without_anybody_waiting() {
    let place = Place::new();
    let large = vec![0xff; 10_000];
    for n in 0..10 {
        place.keep(&format!("{n}/Primary/0/t"), &large);
    }
    while place.disk.0.sweeping.load(Ordering::Acquire) {
        std::thread::yield_now();
    }
    assert!(place.disk.measure() > 100_000);
    place.disk.set_limit(50_000);
    while place.disk.0.sweeping.load(Ordering::Acquire) {
        std::thread::yield_now();
    }
    assert!(place.disk.measure() <= 45_000);
}

#[test]
fn what_a_crash_has_left_is_removed_and_never_read() {
    let place = Place::new();
    let name = place.keep("a/Primary/0/t", PICTURE);
    let folder = place.disk.path(&name).parent().unwrap().to_owned();
    let (old, young) = (folder.join("x.1.new"), folder.join("y.2.new"));
    for file in [&old, &young] {
        fs::write(file, b"half a pict").unwrap();
    }
    let day_ago = FileTimes::new().set_modified(SystemTime::now() - Duration::from_hours(24));
    File::open(&old).unwrap().set_times(day_ago).unwrap();
    place.disk.sweep();
    assert!(!old.exists());
    assert!(young.exists(), "somebody may be writing it");
    assert!(place.is_there(&name));
}

#[test]
fn a_source_goes_with_its_pictures_and_everything_can_go() {
    let place = Place::new();
    let name = place.keep("a/Primary/0/t", PICTURE);
    let other = PictureName { source: SourceId::random(), ..name.clone() };
    place.disk.keep(&other, PICTURE, &Validators::default(), at(0)).unwrap();
    place.disk.forget(place.source).unwrap();
    assert!(!place.is_there(&name) && place.is_there(&other));
    place.disk.clear().unwrap();
    assert_eq!(place.disk.measure(), 0);
    place.disk.clear().unwrap();
    // Goes on.
    assert!(place.is_there(&place.keep("a/Primary/0/t", PICTURE)));
    assert!(place.folder.path().join("images").exists());
}
