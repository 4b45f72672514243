//! Whether two answers are of the same state of a file. Pure.

use crate::net::{MediaHead, Validators};

/// What tells one state of a file from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Identity {
    validators: Validators,
    total: Option<u64>,
}

impl Identity {
    /// Of an answer, of a file with this length.
    pub(super) fn new(head: &MediaHead, total: Option<u64>) -> Self {
        Self { validators: head.validators.clone(), total }
    }

    /// Whether it is the same file. Another mark is enough to doubt it, unless time and length say otherwise: a proxy
    /// in front of one connection may make marks of its own.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let (ours, theirs) = (&self.validators, &other.validators);
        let lengths = both(self.total, other.total);
        if lengths == Some(false) {
            return false;
        }
        let marks = both(strength(ours.etag.as_deref()), strength(theirs.etag.as_deref()));
        let times = both(ours.modified.as_deref(), theirs.modified.as_deref());
        match (marks, times) {
            (Some(true), _) | (None, Some(true)) => true,
            (Some(false), Some(true)) => lengths == Some(true),
            (Some(false), _) | (None, Some(false)) => false,
            (None, None) => lengths == Some(true) || self.total.is_none() && other.total.is_none(),
        }
    }

    /// `If-Range` for the same file: a strong mark, else nothing; what comes is compared anyway.
    pub(super) fn if_range(&self) -> Option<String> {
        self.validators.etag.clone().filter(|mark| mark.starts_with('"'))
    }

    /// The mark that a player may compare with.
    pub(super) fn etag(&self) -> Option<&str> {
        self.validators.etag.as_deref()
    }
}

/// Whether two things are the same, when both are known.
fn both<T: PartialEq>(ours: Option<T>, theirs: Option<T>) -> Option<bool> {
    Some(ours? == theirs?)
}

/// A mark without its weakness.
fn strength(mark: Option<&str>) -> Option<&str> {
    mark.map(|mark| mark.strip_prefix("W/").unwrap_or(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(etag: &str, modified: &str, total: Option<u64>) -> Identity {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Identity { validators: Validators { etag: text(etag), modified: text(modified) }, total }
    }

    #[test]
    fn marks_times_and_lengths_decide() {
        let one = identity("\"a\"", "Mon", Some(7));
        for (other, same) in [
            (identity("\"a\"", "Mon", Some(7)), true),
            (identity("W/\"a\"", "", Some(7)), true),
            (identity("\"b\"", "", Some(7)), false),
            (identity("\"b\"", "Mon", Some(7)), true),
            (identity("\"b\"", "Tue", Some(7)), false),
            (identity("\"a\"", "Mon", Some(8)), false),
            (identity("", "Tue", Some(7)), false),
            (identity("", "", Some(7)), true),
            (identity("", "", None), false),
        ] {
            assert_eq!(one.is_same(&other), same, "{other:?}");
            assert_eq!(other.is_same(&one), same, "{other:?}");
        }
    }

    #[test]
    fn only_a_strong_mark_is_asked_with() {
        assert_eq!(identity("W/\"a\"", "", None).if_range(), None);
        assert_eq!(identity("\"a\"", "", None).if_range().as_deref(), Some("\"a\""));
    }
}
