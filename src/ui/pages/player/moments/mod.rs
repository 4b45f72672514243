//! Moments of what plays: chapters, stretches to be skipped, what comes next, and small pictures of the way there.
//!
//! The owner finds them out while it plays already and tells [`MomentInput::Known`]. Rules are pure and have files of
//! their own ([`skip`], [`next`], [`chapters`]); [`Desk`] has them together with their widgets, and `page` does for the
//! page what comes of them.

mod chapters;
mod chapters_menu;
mod corner;
mod desk;
mod next;
mod page;
mod preview;
mod queue_menu;
mod skip;

use std::time::Duration;

use gtk::gdk;

pub(super) use self::desk::Desk;
pub use self::preview::PreviewPicture;
pub use self::skip::{SkipRules, Skipping};
use crate::models::{Chapter, Marker};

/// What is known of what plays. Its `Debug` names nothing, as messages between components are logged.
#[derive(Clone, Default)]
pub struct Moments {
    /// Chapters as they were told.
    pub chapters: Vec<Chapter>,
    /// Marked stretches as they were told.
    pub markers: Vec<Marker>,
    /// What is done with those.
    pub rules: SkipRules,
    /// Whether there are small pictures to be asked for.
    pub has_previews: bool,
    /// What comes next.
    pub next: Option<NextTitle>,
    /// Whether that may begin by itself.
    pub by_itself: bool,
    /// What comes after it, in order.
    pub upcoming: Vec<Upcoming>,
}

impl std::fmt::Debug for Moments {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { chapters, markers, upcoming, .. } = self;
        let counts = (chapters.len(), markers.len(), upcoming.len());
        f.debug_tuple("Moments").field(&counts).finish()
    }
}

/// What comes next.
#[derive(Clone)]
pub struct NextTitle {
    /// Its title; of an episode its own.
    pub title: String,
    /// Second line.
    pub subtitle: Option<String>,
    /// A picture of it, once it is there.
    pub picture: Option<gdk::Texture>,
}

/// A title that is to come.
#[derive(Clone, PartialEq, Eq)]
pub struct Upcoming {
    /// Its place in the list that plays.
    pub place: usize,
    /// Its title.
    pub title: String,
    /// Second line.
    pub subtitle: Option<String>,
}

/// What the page is asked about moments.
#[derive(Debug)]
pub enum MomentInput {
    /// This is known of what plays.
    Known(Box<Moments>),
    /// A picture of a chapter came, by its place among those that were told.
    ChapterPicture(usize, gdk::Texture),
    /// A small picture for a moment came, or there is none.
    Preview(Duration, Option<PreviewPicture>),
    /// Skip the stretch that it is in.
    SkipChosen,
    /// Play what comes next.
    PlayNowChosen,
    /// Do not play what comes next by itself.
    CancelChosen,
    /// On to the next chapter, or back.
    ChapterStepped {
        /// On.
        forward: bool,
    },
    /// To the beginning of a chapter, by its place in the menu.
    ChapterChosen(usize),
    /// The menu of chapters was opened.
    ChaptersOpened,
    /// Back to the very beginning.
    StartOverChosen,
    /// A title of the list was chosen, by its place in the list.
    TitleChosen(usize),
    /// A title is to go from the list, by its place in the list.
    TitleRemoved(usize),
    /// The pointer is over the seek bar, so many pixels from its left, or no longer.
    Pointed(Option<f64>),
}

/// What the page tells about moments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MomentOutput {
    /// Somebody looks for a place: a small picture for this moment is wanted. Answered with [`MomentInput::Preview`].
    PreviewWanted(Duration),
    /// Pictures of chapters are wanted. Answered with [`MomentInput::ChapterPicture`].
    ChapterPicturesWanted,
    /// The person wants this title of the list. What plays has stopped.
    TitleChosen(usize),
    /// The person does not want this title of the list.
    TitleRemoved(usize),
}
