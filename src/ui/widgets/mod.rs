//! Widgets that several pages use.

mod artwork;
mod avatar;
mod beacon;
mod card;
mod face;
mod focus;
mod item_grid;
mod item_object;
mod long_text;
mod mark_icon;
mod more_actions;
mod network_servers;
mod notice;
mod portrait;
mod shelf;
mod sight;
mod whole_picture;
mod windowed;

pub(super) use artwork::Artwork;
pub(super) use avatar::avatar;
pub(super) use beacon::Beacon;
pub(super) use card::{CARD_PADDING, Card, CardShape, SIDE};
pub(super) use face::face;
pub(super) use focus::focus_when_shown;
pub(super) use item_grid::ItemGrid;
pub(super) use item_object::ItemObject;
pub(super) use long_text::LongText;
pub(super) use mark_icon::MarkIcon;
pub(super) use more_actions::more_actions;
pub(super) use network_servers::{Nearby, NetworkServers};
pub(super) use notice::{show_notice, toast};
pub(super) use portrait::portrait;
pub(super) use shelf::Shelf;
pub(super) use sight::Sight;
pub(super) use whole_picture::whole_picture;
pub(super) use windowed::{ItemList, ItemView, PAGE, POSTER_WIDTH, Splice, ViewEvent, condensed, splices};
