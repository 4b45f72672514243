//! Paths inside the folder, as text that ids and keys can hold.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};

/// What stays as it is: enough to read a path, and nothing that separates parts of an id or key.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'(')
    .remove(b')')
    .remove(b'\'');

/// A path relative to the folder of the source: any bytes, only plain components, none of them hidden.
/// Empty for the folder itself.
///
/// It cannot lead out of the folder by itself. Where the user put a link into the folder it is followed, as
/// the scan does.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct RelativePath(PathBuf);

impl RelativePath {
    /// The folder itself.
    pub fn root() -> Self {
        Self::default()
    }

    /// Whether it is the folder itself.
    pub fn is_root(&self) -> bool {
        self.0.as_os_str().is_empty()
    }

    /// The path of an entry of this folder.
    pub fn child(&self, name: &OsStr) -> Self {
        Self(self.0.join(name))
    }

    /// The folder it lies in; `None` for the folder of the source.
    pub fn parent(&self) -> Option<Self> {
        self.0.parent().map(|parent| Self(parent.to_owned()))
    }

    /// Its last component.
    pub fn name(&self) -> Option<&OsStr> {
        self.0.file_name()
    }

    /// Its last component as text, as well as it can be shown.
    pub fn shown_name(&self) -> Option<String> {
        self.name().map(|name| name.to_string_lossy().into_owned())
    }

    /// It and all folders above, the nearest first, the folder of the source last.
    pub fn ancestors(&self) -> impl Iterator<Item = Self> + use<'_> {
        self.0.ancestors().map(|path| Self(path.to_owned()))
    }

    /// Whether it is `folder` or lies below.
    pub fn is_below(&self, folder: &Self) -> bool {
        self.0.starts_with(&folder.0)
    }

    /// The path on this machine.
    pub fn in_folder(&self, root: &Path) -> PathBuf {
        if self.is_root() { root.to_owned() } else { root.join(&self.0) }
    }

    /// As text.
    pub fn encode(&self) -> String {
        encode(self.0.as_os_str())
    }

    /// Reads what [`RelativePath::encode`] wrote. `None` for anything that could lead out of the folder or
    /// to something hidden: the text comes from outside.
    pub fn decode(text: &str) -> Option<Self> {
        let mut path = PathBuf::new();
        if text.is_empty() {
            return Some(Self(path));
        }
        for part in text.split('/') {
            let name = decode(part);
            let bytes = name.as_bytes();
            if bytes.is_empty() || bytes[0] == b'.' || bytes.contains(&b'/') || bytes.contains(&0) {
                return None;
            }
            path.push(name);
        }
        Some(Self(path))
    }
}

/// A name or path as text.
pub fn encode(name: &OsStr) -> String {
    percent_encode(name.as_bytes(), ESCAPED).to_string()
}

/// Reads what [`encode`] wrote.
pub fn decode(text: &str) -> OsString {
    OsString::from_vec(percent_decode_str(text).collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ways_out_are_refused() {
        for text in
            ["..", "../x", "a/../../x", "/etc/passwd", "a//b", "%2e%2e/x", "a%2Fb", "x%00", ".hidden/a", "a/"]
        {
            assert_eq!(RelativePath::decode(text), None, "{text}");
        }
        assert!(RelativePath::decode("").unwrap().is_root());
    }

    proptest! {
        #[test]
        fn any_name_survives(bytes in proptest::collection::vec(any::<u8>(), 1..40)) {
            let name = OsString::from_vec(bytes.clone());
            prop_assert_eq!(decode(&encode(&name)), name.clone());
            let plain = bytes[0] != b'.' && !bytes.contains(&b'/') && !bytes.contains(&0);
            if plain {
                let path = RelativePath::root().child(OsStr::new("folder")).child(&name);
                prop_assert_eq!(RelativePath::decode(&path.encode()), Some(path));
            }
        }

        #[test]
        fn no_text_leads_out(text in "[a-z./%0-9A-F]*") {
            if let Some(path) = RelativePath::decode(&text) {
                prop_assert!(path.in_folder(Path::new("/media")).starts_with("/media"));
            }
        }
    }
}
