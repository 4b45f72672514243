//! People who have a part in items.

use chrono::NaiveDate;

use super::{CreditRole, ImageKey, RemoteId, SourceId};

/// Whom a backend is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRef {
    /// Name.
    pub name: String,
    /// What the server calls them, where that is known.
    pub remote_id: Option<RemoteId>,
}

/// What a server tells of a person's life.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PersonAbout {
    /// Their life in a few sentences.
    pub biography: Option<String>,
    /// Day of birth.
    pub born: Option<NaiveDate>,
    /// Day of death.
    pub died: Option<NaiveDate>,
    /// Place of birth.
    pub birthplace: Option<String>,
}

/// A person as a backend reports them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRecord {
    /// What the server calls them.
    pub remote_id: Option<RemoteId>,
    /// Portrait.
    pub image: Option<ImageKey>,
    /// Their life.
    pub about: PersonAbout,
}

/// A person as one source knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Whose it is.
    pub source_id: SourceId,
    /// Name.
    pub name: String,
    /// What the server calls them, where that is known.
    pub remote_id: Option<RemoteId>,
    /// Portrait.
    pub image: Option<ImageKey>,
    /// Their life.
    pub about: PersonAbout,
}

/// An item that a person has a part in, as a backend reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TitleOf {
    /// The item.
    pub item: RemoteId,
    /// What they did, as far as the server tells.
    pub role: CreditRole,
}
