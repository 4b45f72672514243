//! What came and what went.

use futures::future::join_all;
use tracing::info;

use super::FolderService;
use crate::models::{Folder, Source};
use crate::services::core::connection::{Reach, set_online};
use crate::services::events::Event;
use crate::services::{AppContext, Result};

impl FolderService {
    /// Looks at the folders of a source and writes down what came and went. A folder that is back is told of, so
    /// that it is read. Gives whether any is there.
    ///
    /// Takes no longer than one folder may take to answer.
    pub async fn look(ctx: &AppContext, source: &Source) -> Result<bool> {
        let looks = source.folders.iter().map(|folder| ctx.folder_looks.look(&folder.path));
        let mut is_any_there = false;
        let mut is_any_back = false;
        for (folder, presence) in source.folders.iter().zip(join_all(looks).await) {
            is_any_there |= presence.is_there();
            is_any_back |= Self::note(ctx, source, folder, presence.is_there()).await? && presence.is_there();
        }
        Self::note_source(ctx, source, is_any_there).await?;
        if is_any_back {
            ctx.events.publish(Event::FolderBack(source.id));
        }
        Ok(is_any_there)
    }

    /// Notes whether a folder is there; tells whether that is news.
    pub(in crate::services::core) async fn note(
        ctx: &AppContext,
        source: &Source,
        folder: &Folder,
        is_there: bool,
    ) -> Result<bool> {
        let since = (!is_there).then(|| ctx.clock.now());
        let is_news = ctx.db.folders().set_away(folder.id, since).await?;
        if is_news {
            info!(source_id = %source.id, folder_id = %folder.id, is_there, "a folder came or went");
            ctx.events.publish(Event::SourceChanged(source.id));
        }
        Ok(is_news)
    }

    /// Notes whether any folder of a source is there.
    pub(in crate::services::core) async fn note_source(
        ctx: &AppContext,
        source: &Source,
        is_there: bool,
    ) -> Result<()> {
        ctx.connectivity.update(source.id, |status| {
            status.reach = if is_there { Reach::Online } else { Reach::Offline };
        });
        set_online(ctx, source.id, is_there).await
    }
}
