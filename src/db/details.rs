//! The table `media_details`.

use chrono::{DateTime, Utc};

use super::row::{get, ms, time};
use super::search_people;
use super::{Database, DbError, Result, execute};
use crate::models::{MediaDetails, MediaId};

/// Details of items.
#[derive(Debug)]
pub struct Details<'a>(pub(super) &'a Database);

impl Details<'_> {
    /// Stores the details of an item, and who has a part in it for the search.
    pub async fn put(&self, item: MediaId, details: &MediaDetails, change_mark: Option<&str>) -> Result<()> {
        let json = serde_json::to_string(details).map_err(|_| DbError::unreadable("details"))?;
        let sql = "INSERT INTO media_details (item_id, details, change_mark, fetched_at) VALUES (?, ?, ?, ?) \
             ON CONFLICT (item_id) DO UPDATE SET details = excluded.details, \
             change_mark = excluded.change_mark, fetched_at = excluded.fetched_at";
        let mark = change_mark.map(str::to_owned);
        let transaction = self.0.begin().await?;
        execute(&transaction, sql, [item.0.into(), json.into(), mark.into(), ms(Utc::now()).into()]).await?;
        search_people::index(&transaction, item, details).await?;
        Ok(transaction.commit().await?)
    }

    /// The stored details of an item and when they were fetched.
    pub async fn get(&self, item: MediaId) -> Result<Option<(MediaDetails, DateTime<Utc>)>> {
        let sql = "SELECT details, fetched_at FROM media_details WHERE item_id = ?";
        self.0
            .one(sql, [item.0.into()], |row| {
                let details = serde_json::from_str(&get::<String>(row, "details")?)
                    .map_err(|_| DbError::unreadable("details"))?;
                Ok((details, time(get(row, "fetched_at")?)))
            })
            .await
    }
}
