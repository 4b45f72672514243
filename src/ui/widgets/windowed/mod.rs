//! Long lists of titles, as a grid of posters or as rows.
//!
//! [`ItemList`] is the model: it knows the ids of all titles and has the rows of the few that are looked at read
//! when they are. [`ItemView`] shows it. Who uses them asks the database, off the main thread: for the ids with
//! `BrowseService::ids`, and for rows as the list wants them. A list becomes another one by [`splices`], so that
//! what is looked at stays where it is.

mod cell;
mod course;
mod crew;
mod hands;
mod list;
mod row;
mod selection;
mod splices;
mod view;

pub(in crate::ui) use list::{ItemList, PAGE};
pub(in crate::ui) use splices::{Splice, condensed, splices};
pub(in crate::ui) use view::{ItemView, POSTER_WIDTH, ViewEvent};
