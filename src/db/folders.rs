//! The table `folders`: what local sources are made of.

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use sea_orm::DatabaseTransaction;
use serde::Deserialize;

use super::row::{get, ms, time};
use super::{Database, DbError, Result, execute, one};
use crate::models::{Folder, FolderId, FolderNumber, LibraryKind, NewFolder, RootMark, SourceId};

/// The folders of the row of `sources` at hand, as JSON for [`parse`]; paths are any bytes.
pub(super) const OF_SOURCE: &str = "(SELECT json_group_array(json_object('id', f.id, 'number', f.number, \
    'path', hex(f.path), 'shown', f.shown, 'kind', f.kind, 'device', f.device, 'inode', f.inode, \
    'away_since', f.away_since)) FROM folders f WHERE f.source_id = sources.id)";

/// Folders.
#[derive(Debug)]
pub struct Folders<'a>(pub(super) &'a Database);

impl Folders<'_> {
    /// Adds a folder to a source.
    pub async fn add(&self, source: SourceId, folder: &NewFolder) -> Result<FolderId> {
        let transaction = self.0.begin().await?;
        let id = insert(&transaction, source, folder, false).await?;
        transaction.commit().await?;
        Ok(id)
    }

    /// Sets what it holds.
    pub async fn set_kind(&self, id: FolderId, kind: Option<LibraryKind>) -> Result<()> {
        let values = [kind.map(LibraryKind::as_str).into(), id.0.into()];
        self.changed("UPDATE folders SET kind = ? WHERE id = ?", values).await
    }

    /// Points it to another place. What the folder was to the file system says nothing of that one.
    pub async fn set_place(&self, id: FolderId, path: &Path, shown: Option<&str>) -> Result<()> {
        let sql = "UPDATE folders SET path = ?, shown = ?, device = NULL, inode = NULL, away_since = NULL \
             WHERE id = ?";
        let values = [path.as_os_str().as_bytes().to_vec().into(), shown.map(str::to_owned).into()];
        self.changed(sql, values.into_iter().chain([id.0.into()])).await
    }

    /// Notes what it was when it was read completely.
    pub async fn set_mark(&self, id: FolderId, mark: RootMark) -> Result<()> {
        let sql = "UPDATE folders SET device = ?1, inode = ?2 \
             WHERE id = ?3 AND (device IS NOT ?1 OR inode IS NOT ?2)";
        let values = [mark.device.cast_signed().into(), mark.inode.cast_signed().into(), id.0.into()];
        self.0.write(sql, values).await?;
        Ok(())
    }

    /// Notes since when it is away, or that it is there; tells whether that is news.
    pub async fn set_away(&self, id: FolderId, since: Option<DateTime<Utc>>) -> Result<bool> {
        let sql = "UPDATE folders SET away_since = ?1 \
             WHERE id = ?2 AND (away_since IS NULL) IS NOT (?1 IS NULL)";
        Ok(self.0.write(sql, [since.map(ms).into(), id.0.into()]).await? > 0)
    }

    /// Removes a folder from its source, with its libraries and everything in them.
    pub async fn remove(&self, source: SourceId, folder: &Folder) -> Result<()> {
        let transaction = self.0.begin().await?;
        let sql = format!("DELETE FROM libraries WHERE source_id = ? AND {}", of_folder("remote_id"));
        let values = [source.to_string().into(), pattern(folder.number).into()];
        execute(&transaction, &sql, values).await?;
        let removed = execute(&transaction, "DELETE FROM folders WHERE id = ?", [folder.id.0.into()]).await?;
        if removed == 0 {
            return Err(DbError::not_found("folder"));
        }
        transaction.commit().await?;
        Ok(())
    }

    async fn changed(&self, sql: &str, values: impl IntoIterator<Item = sea_orm::Value>) -> Result<()> {
        if self.0.write(sql, values).await? == 0 { Err(DbError::not_found("folder")) } else { Ok(()) }
    }
}

/// Stores a folder. The first one of a new source has no number in its ids.
pub(super) async fn insert(
    transaction: &DatabaseTransaction,
    source: SourceId,
    folder: &NewFolder,
    is_first: bool,
) -> Result<FolderId> {
    // Ids are never used twice, and so numbers are not. A negative one is out of the way until the id is known.
    let sql =
        "INSERT INTO folders (source_id, number, path, shown, kind) VALUES (?, ?, ?, ?, ?) RETURNING id";
    let values = [
        source.to_string().into(),
        (if is_first { 0_i64 } else { -1 }).into(),
        folder.path.as_os_str().as_bytes().to_vec().into(),
        folder.shown.clone().into(),
        folder.kind.map(LibraryKind::as_str).into(),
    ];
    let id = one(transaction, sql, values, |row| get::<i64>(row, "id")).await?;
    let id = id.ok_or(DbError::not_found("folder"))?;
    execute(transaction, "UPDATE folders SET number = id WHERE id = ? AND number < 0", [id.into()]).await?;
    Ok(FolderId(id))
}

/// The condition that an id of this column belongs to the folder whose [`pattern`] is the next parameter.
pub(super) fn of_folder(column: &str) -> String {
    format!("CASE WHEN instr({column}, '@') THEN substr({column}, 1, instr({column}, '@')) ELSE '' END = ?")
}

/// What ids of a folder begin with.
pub(super) fn pattern(number: FolderNumber) -> String {
    number.tag("")
}

#[derive(Deserialize)]
struct Stored {
    id: i64,
    number: u32,
    path: String,
    shown: Option<String>,
    kind: Option<String>,
    device: Option<i64>,
    inode: Option<i64>,
    away_since: Option<i64>,
}

/// Reads [`OF_SOURCE`], in the order in which the folders were added.
pub(super) fn parse(json: &str) -> Result<Vec<Folder>> {
    let unreadable = || DbError::unreadable("folders");
    let stored: Vec<Stored> = serde_json::from_str(json).map_err(|_| unreadable())?;
    let mut folders = stored
        .into_iter()
        .map(|row| {
            let mark = row.device.zip(row.inode);
            Ok(Folder {
                id: FolderId(row.id),
                number: FolderNumber(row.number),
                path: PathBuf::from(OsString::from_vec(bytes(&row.path).ok_or_else(unreadable)?)),
                shown: row.shown,
                kind: row.kind.map(|word| LibraryKind::from_word(&word)),
                mark: mark.map(|(device, inode)| RootMark {
                    device: device.cast_unsigned(),
                    inode: inode.cast_unsigned(),
                }),
                away_since: row.away_since.map(time),
            })
        })
        .collect::<Result<Vec<_>>>()?;
    folders.sort_by_key(|folder| folder.id);
    Ok(folders)
}

fn bytes(hexadecimal: &str) -> Option<Vec<u8>> {
    let digits = hexadecimal.as_bytes().chunks(2);
    digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}
