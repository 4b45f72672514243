//! Widgets that several pages use.

mod artwork;
mod card;
mod item_object;

pub(super) use artwork::Artwork;
pub(super) use card::{Card, CardShape};
pub(super) use item_object::ItemObject;
