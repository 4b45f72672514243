//! Small pictures of what plays: where they are, and one of them.

use std::path::PathBuf;
use std::time::Duration;

use super::backend::BackendService;
use crate::models::{
    ImageRequest, ImageSize, PreviewIndex, PreviewPlace, PreviewSheets, Previews, SourceId, Tier,
};
use crate::services::images::ImageService;
use crate::services::{AppContext, Result};

/// Where the small picture for each moment is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PreviewPlan {
    /// On pictures with many of them.
    Sheets(PreviewSheets),
    /// In a file.
    Indexed(PreviewIndex),
    /// Nowhere: they are not to be had, or not now.
    Nowhere,
}

impl PreviewPlan {
    /// The place of the one for a moment.
    pub fn place(&self, at: Duration) -> Option<PreviewPlace> {
        match self {
            Self::Sheets(sheets) => sheets.place(at),
            Self::Indexed(index) => index.place(at),
            Self::Nowhere => None,
        }
    }
}

/// Finds and fetches previews.
pub struct PreviewService;

impl PreviewService {
    /// Where the previews of a version are; asks its server where only that knows. Nowhere over a relay, which has
    /// room for the film at best.
    pub async fn plan(ctx: &AppContext, source: SourceId, previews: &Previews) -> Result<PreviewPlan> {
        if ctx.connectivity.status(source).tier == Some(Tier::Relay) {
            return Ok(PreviewPlan::Nowhere);
        }
        Ok(match previews {
            Previews::Sheets(sheets) => PreviewPlan::Sheets(sheets.clone()),
            Previews::Indexed(key) => {
                PreviewPlan::Indexed(BackendService::preview_index(ctx, source, key).await?)
            }
        })
    }

    /// The file with the picture that a place names, fetched when it is not there yet.
    pub async fn file(ctx: &AppContext, source: SourceId, place: &PreviewPlace) -> Result<PathBuf> {
        // Taken as they are: the size is only part of their name.
        let request = ImageRequest { key: place.key.clone(), size: ImageSize::Full };
        ImageService::file(ctx, source, &request).await
    }
}
