//! Widgets that several pages use.

mod artwork;
mod card;
mod item_object;
mod sight;

pub(super) use artwork::Artwork;
pub(super) use card::{CARD_PADDING, Card, CardShape, SIDE};
pub(super) use item_object::ItemObject;
pub(super) use sight::Sight;
