//! What a picture is called on disk.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::models::{ImageRequest, SourceId};

/// The name of a picture: its source, and a digest of its key with its width. Says nothing of host, token or title.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PictureName {
    /// Whose it is.
    pub source: SourceId,
    /// What its file is called.
    pub(super) file: String,
    /// Whether another picture would have another name.
    pub(super) is_fixed: bool,
}

impl PictureName {
    /// The name of a picture at a size.
    pub fn new(source: SourceId, request: &ImageRequest) -> Self {
        let digest = Sha256::digest(request.key.as_str());
        let mut file = digest.iter().take(16).fold(String::with_capacity(40), |mut name, byte| {
            let _infallible = write!(name, "{byte:02x}");
            name
        });
        let _infallible = write!(file, "-{}", request.size.width());
        Self { source, file, is_fixed: request.key.is_fixed() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::{ImageKey, ImageSize};

    #[test]
    fn a_name_says_nothing_but_which_picture() {
        let source = SourceId::random();
        let request = |size| ImageRequest { key: ImageKey::new("https://host.example/canary?a=1"), size };
        let name = PictureName::new(source, &request(ImageSize::Medium));
        assert!(name.file.ends_with("-480"));
        assert!(name.file.trim_end_matches("-480").chars().all(|letter| letter.is_ascii_hexdigit()));
        assert_ne!(name, PictureName::new(source, &request(ImageSize::Small)));
        assert_eq!(name.file, PictureName::new(SourceId::random(), &request(ImageSize::Medium)).file);
    }
}
