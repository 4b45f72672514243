//! The folders of local sources: which there are ([`edit`]), and which are there ([`look`]).
//!
//! A source of folders is there when one of its folders is. Each folder comes and goes by itself; what is away
//! keeps its items, and is read when it is back.

mod edit;
mod look;

/// Looks after the folders of local sources.
pub struct FolderService;
