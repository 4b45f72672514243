//! Versions of the server, and what came with which.

use std::cmp::Ordering;

/// A version as the server tells it; compared by component, as numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Version(String);

impl Version {
    pub(crate) fn new(version: &str) -> Self {
        Self(version.to_owned())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is this version or a later one.
    pub(crate) fn since(&self, major: u32, minor: u32) -> bool {
        let mut parts = self.0.split('.').map(|part| part.parse::<u32>().unwrap_or_default());
        let (own_major, own_minor) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        (own_major, own_minor).cmp(&(major, minor)) != Ordering::Less
    }

    /// `/UserViews`, `/UserItems`, `/UserPlayedItems`, `/UserFavoriteItems`.
    pub(crate) fn has_user_routes(&self) -> bool {
        self.since(10, 9)
    }

    /// `/MediaSegments`.
    pub(crate) fn has_segments(&self) -> bool {
        self.since(10, 10)
    }

    /// `minDateLastSaved` alone: its query has an unbound value before.
    pub(crate) fn can_filter_by_save_date(&self) -> bool {
        self.since(10, 11)
    }

    /// The old headers and the old name of the query parameter.
    pub(crate) fn takes_legacy_authorization(&self) -> bool {
        !self.since(12, 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_are_numbers() {
        assert!(Version::new("10.10.7").since(10, 9));
        assert!(!Version::new("10.8.13").has_user_routes());
        assert!(Version::new("12.0.0").since(10, 11));
        assert!(!Version::new("10.9.11").has_segments());
        assert!(!Version::new("12.0.0-rc5").takes_legacy_authorization());
    }
}
