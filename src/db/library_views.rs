//! How the user wants to see each library: columns of the table `libraries` that no server knows.

use super::row::get;
use super::{DbError, Libraries, Result};
use crate::models::{ItemSort, Layout, LibraryId, LibraryView};

impl Libraries<'_> {
    /// How a library is shown. What was never chosen is as usual.
    pub async fn view(&self, id: LibraryId) -> Result<LibraryView> {
        let sql = "SELECT view_sort, view_descending, view_filter, view_layout, view_poster_width \
             FROM libraries WHERE id = ?";
        let found = self.0.one(sql, [id.0.into()], |row| {
            let text = |column: &str| get::<Option<String>>(row, column);
            let sort = text("view_sort")?.map_or(ItemSort::default(), |word| ItemSort::from_word(&word));
            // A filter of a version that knows more is no reason not to show the library.
            let filter = text("view_filter")?.and_then(|filter| serde_json::from_str(&filter).ok());
            Ok(LibraryView {
                sort,
                descending: get::<Option<bool>>(row, "view_descending")?.unwrap_or_default(),
                filter: filter.unwrap_or_default(),
                layout: text("view_layout")?.map_or(Layout::default(), |word| Layout::from_word(&word)),
                poster_width: get::<Option<i64>>(row, "view_poster_width")?
                    .and_then(|width| u32::try_from(width).ok()),
            })
        });
        found.await?.ok_or(DbError::not_found("library"))
    }

    /// Stores how a library is shown.
    pub async fn set_view(&self, id: LibraryId, view: &LibraryView) -> Result<()> {
        let sql = "UPDATE libraries SET view_sort = ?, view_descending = ?, view_filter = ?, view_layout = ?, \
             view_poster_width = ? WHERE id = ?";
        let filter = serde_json::to_string(&view.filter).map_err(|_| DbError::unreadable("filter"))?;
        let values = [
            view.sort.word().into(),
            view.descending.into(),
            filter.into(),
            view.layout.as_str().into(),
            view.poster_width.into(),
            id.0.into(),
        ];
        self.0.write(sql, values).await?;
        Ok(())
    }
}
