//! How the clocks of servers differ from this machine's: what times of both are compared by.

use chrono::TimeDelta;

use super::row::get;
use super::{Result, Sources};
use crate::models::SourceId;

impl Sources<'_> {
    /// By how much the clock here is ahead of that of a source's server.
    pub async fn clock_offset(&self, id: SourceId) -> Result<TimeDelta> {
        let sql = "SELECT clock_offset_ms AS ms FROM sources WHERE id = ?";
        let found = self.0.one(sql, [id.to_string().into()], |row| get::<i64>(row, "ms")).await?;
        Ok(TimeDelta::milliseconds(found.unwrap_or_default()))
    }

    /// Stores that.
    pub async fn set_clock_offset(&self, id: SourceId, offset: TimeDelta) -> Result<()> {
        let sql = "UPDATE sources SET clock_offset_ms = ?1 WHERE id = ?2 AND clock_offset_ms <> ?1";
        self.0.write(sql, [offset.num_milliseconds().into(), id.to_string().into()]).await?;
        Ok(())
    }
}
