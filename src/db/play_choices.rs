//! The table `play_choices`: what was chosen while a film or a series played.

use sea_orm::QueryResult;
use serde::de::DeserializeOwned;

use super::items::json;
use super::row::get;
use super::{Database, Result};
use crate::models::{MediaId, PlayChoices};

/// Choices of films and series.
#[derive(Debug)]
pub struct PlayChoicesOf<'a>(pub(super) &'a Database);

impl PlayChoicesOf<'_> {
    /// What was chosen for an item. What cannot be read any more counts as not chosen.
    pub async fn get(&self, item: MediaId) -> Result<PlayChoices> {
        let sql = "SELECT rate, audio, subtitle FROM play_choices WHERE item_id = ?";
        let found = self.0.one(sql, [item.0.into()], |row| {
            Ok(PlayChoices {
                rate: get(row, "rate")?,
                audio: read(row, "audio")?,
                subtitle: read(row, "subtitle")?,
            })
        });
        Ok(found.await?.unwrap_or_default())
    }

    /// Stores that.
    pub async fn put(&self, item: MediaId, choices: &PlayChoices) -> Result<()> {
        let audio = choices.audio.as_ref().map(json).transpose()?;
        let subtitle = choices.subtitle.as_ref().map(json).transpose()?;
        let sql = "INSERT INTO play_choices (item_id, rate, audio, subtitle) VALUES (?, ?, ?, ?) \
             ON CONFLICT (item_id) DO UPDATE SET rate = excluded.rate, audio = excluded.audio, \
             subtitle = excluded.subtitle";
        self.0.write(sql, [item.0.into(), choices.rate.into(), audio.into(), subtitle.into()]).await?;
        Ok(())
    }
}

fn read<T: DeserializeOwned>(row: &QueryResult, column: &str) -> Result<Option<T>> {
    let text = get::<Option<String>>(row, column)?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}
