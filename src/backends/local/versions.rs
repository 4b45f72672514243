//! Several files of one title: versions, and parts of a version.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ffi::OsString;

use super::naming::{height, stem};

/// One version of a title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// What tells it from the others.
    pub label: Option<String>,
    /// Its files in order: more than one when it comes in parts. Never empty; the first one plays.
    pub files: Vec<OsString>,
}

impl Version {
    /// The file that plays.
    pub fn first(&self) -> Option<&OsString> {
        self.files.first()
    }

    fn height(&self) -> u32 {
        let name = self.first().and_then(|name| stem(name)).unwrap_or_default();
        height(name).max(height(self.label.as_deref().unwrap_or_default()))
    }
}

/// A file with what its name says of version and part.
#[derive(Debug, Clone)]
pub struct VersionFile {
    /// Its name.
    pub name: OsString,
    /// What tells its version from others.
    pub label: Option<String>,
    /// Number of the part.
    pub part: Option<u32>,
}

/// Puts the files of one title together: the sharpest version first, then by name.
pub fn collect(files: Vec<VersionFile>) -> Vec<Version> {
    let mut whole = Vec::new();
    let mut parted: BTreeMap<Option<String>, Vec<(u32, OsString)>> = BTreeMap::new();
    for file in files {
        match file.part {
            Some(part) => parted.entry(file.label).or_default().push((part, file.name)),
            None => whole.push(Version { label: file.label, files: vec![file.name] }),
        }
    }
    whole.extend(parted.into_iter().map(|(label, mut files)| {
        files.sort();
        Version { label, files: files.into_iter().map(|(_, name)| name).collect() }
    }));
    whole.sort_by_cached_key(|version| (Reverse(version.height()), version.files.clone()));
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, label: Option<&str>, part: Option<u32>) -> VersionFile {
        VersionFile { name: name.into(), label: label.map(str::to_owned), part }
    }

    #[test]
    fn the_sharpest_comes_first_and_parts_are_one() {
        let versions = collect(vec![
            file("b cd2.mkv", None, Some(2)),
            file("a.720p.mkv", Some("720p"), None),
            file("b cd1.mkv", None, Some(1)),
            file("a.mkv", Some("4K"), None),
        ]);
        let first: Vec<_> = versions.iter().map(|version| version.files.join(" ".as_ref())).collect();
        assert_eq!(first, ["a.mkv", "a.720p.mkv", "b cd1.mkv b cd2.mkv"]);
    }
}
