//! The table `user_ratings`: how the user rates titles.

use sea_orm::DatabaseTransaction;

use super::row::get;
use super::{Database, Result, execute, one};
use crate::models::{MediaId, UserRating};

/// Ratings of the user. They are changed through [`super::Outbox`].
#[derive(Debug)]
pub struct Ratings<'a>(pub(super) &'a Database);

impl Ratings<'_> {
    /// The rating of an item; `None` when it has none.
    pub async fn get(&self, item: MediaId) -> Result<Option<UserRating>> {
        let sql = "SELECT rating FROM user_ratings WHERE item_id = ?";
        let found = self.0.one(sql, [item.0.into()], |row| get::<i64>(row, "rating")).await?;
        Ok(found.and_then(|stars| UserRating::from_half_stars(u8::try_from(stars).ok()?)))
    }

    /// Takes in what a server says. A rating that waits for the server, or that it refused, stays.
    pub async fn take_in(&self, item: MediaId, rating: Option<UserRating>) -> Result<()> {
        if self.get(item).await? == rating {
            return Ok(());
        }
        let transaction = self.0.begin().await?;
        let sql = "SELECT 1 AS n FROM outbox WHERE item_id = ? AND kind = 'rating'";
        let waits = one(&transaction, sql, [item.0.into()], |row| get::<i64>(row, "n")).await?;
        if waits.is_none() {
            write_rating(&transaction, item, rating).await?;
        }
        Ok(transaction.commit().await?)
    }
}

/// Stores a rating, or takes it away. Of an item that is gone nothing is stored.
pub(super) async fn write_rating(
    transaction: &DatabaseTransaction,
    item: MediaId,
    rating: Option<UserRating>,
) -> Result<()> {
    match rating {
        Some(rating) => {
            let sql = "INSERT INTO user_ratings (item_id, rating) SELECT id, ? FROM items WHERE id = ? \
                 ON CONFLICT (item_id) DO UPDATE SET rating = excluded.rating";
            execute(transaction, sql, [rating.half_stars().into(), item.0.into()]).await?
        }
        None => execute(transaction, "DELETE FROM user_ratings WHERE item_id = ?", [item.0.into()]).await?,
    };
    Ok(())
}
