//! By which files the items of folders are known again when they have other names.

use serde::Serialize;

use super::super::row::get;
use super::super::{DbError, Result, execute};
use super::Items;
use super::write::json;
use crate::models::{FileMark, LibraryId, MediaId, RemoteId, SourceId};

/// An item of a folder, and by what it is known again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownItem {
    /// The item.
    pub id: MediaId,
    /// What it is called in its folder.
    pub remote_id: RemoteId,
    /// The season that it is in.
    pub parent: Option<RemoteId>,
    /// The series that it is of.
    pub series: Option<RemoteId>,
    /// Its file, when it has one and that was seen.
    pub file: Option<FileMark>,
}

#[derive(Serialize)]
struct FileRow<'a> {
    remote_id: &'a str,
    inode: i64,
    size: i64,
    modified: i64,
}

#[derive(Serialize)]
struct Name<'a> {
    id: i64,
    remote_id: &'a str,
    library: i64,
}

impl Items<'_> {
    /// Every item of a source with its file.
    pub async fn known_files(&self, source: SourceId) -> Result<Vec<KnownItem>> {
        let sql = "SELECT i.id, i.remote_id, i.parent_remote, i.series_remote, f.inode, f.size, f.modified \
             FROM items i LEFT JOIN item_files f ON f.item_id = i.id WHERE i.source_id = ?";
        self.0
            .all(sql, [source.to_string().into()], |row| {
                let remote =
                    |column: &str| Ok::<_, DbError>(get::<Option<String>>(row, column)?.map(RemoteId::new));
                let number = |column: &str| get::<Option<i64>>(row, column);
                let file = number("inode")?.zip(number("size")?).zip(number("modified")?);
                Ok(KnownItem {
                    id: MediaId(get(row, "id")?),
                    remote_id: RemoteId::new(get::<String>(row, "remote_id")?),
                    parent: remote("parent_remote")?,
                    series: remote("series_remote")?,
                    file: file.map(|((inode, size), modified)| FileMark {
                        inode: inode.cast_unsigned(),
                        size: size.cast_unsigned(),
                        modified,
                    }),
                })
            })
            .await
    }

    /// The item whose file this is, in any folder.
    pub async fn of_file(&self, file: &FileMark) -> Result<Option<MediaId>> {
        let sql = "SELECT item_id FROM item_files WHERE inode = ? AND size = ? AND modified = ? LIMIT 1";
        let values = [file.inode.cast_signed().into(), file.size.cast_signed().into(), file.modified.into()];
        self.0.one(sql, values, |row| Ok(MediaId(get(row, "item_id")?))).await
    }

    /// Notes the files of items.
    pub async fn put_files(&self, source: SourceId, files: &[(RemoteId, FileMark)]) -> Result<()> {
        let rows: Vec<FileRow<'_>> = files
            .iter()
            .map(|(remote_id, file)| FileRow {
                remote_id: remote_id.as_str(),
                inode: file.inode.cast_signed(),
                size: file.size.cast_signed(),
                modified: file.modified,
            })
            .collect();
        let sql = "INSERT INTO item_files (item_id, inode, size, modified) \
             SELECT i.id, value ->> 'inode', value ->> 'size', value ->> 'modified' FROM json_each(?1) \
             JOIN items i ON i.source_id = ?2 AND i.remote_id = value ->> 'remote_id' WHERE true \
             ON CONFLICT (item_id) DO UPDATE SET \
             inode = excluded.inode, size = excluded.size, modified = excluded.modified \
             WHERE inode <> excluded.inode OR size <> excluded.size OR modified <> excluded.modified";
        self.0.write(sql, [json(&rows)?.into(), source.to_string().into()]).await?;
        Ok(())
    }

    /// Gives items other names in a library; they keep everything, and the next listing writes what else is new.
    /// The names may be ones that others of these items have now.
    pub async fn rename(&self, names: &[(MediaId, RemoteId, LibraryId)]) -> Result<()> {
        if names.is_empty() {
            return Ok(());
        }
        let rows: Vec<Name<'_>> = names
            .iter()
            .map(|(id, remote, library)| Name { id: id.0, remote_id: remote.as_str(), library: library.0 })
            .collect();
        let rows = json(&rows)?;
        let transaction = self.0.begin().await?;
        // Out of each other's way first: no id of a source begins with a space.
        let sql = "UPDATE items SET remote_id = ' ' || id \
             WHERE id IN (SELECT value ->> 'id' FROM json_each(?))";
        execute(&transaction, sql, [rows.as_str().into()]).await?;
        // Listings are counted by library: what was seen in another one says nothing in this.
        let sql = "UPDATE items SET remote_id = n.remote_id, library_id = n.library, hash = 0, seen_in_sync = 0 \
             FROM (SELECT value ->> 'id' AS id, value ->> 'remote_id' AS remote_id, \
                 value ->> 'library' AS library FROM json_each(?)) AS n \
             WHERE items.id = n.id";
        execute(&transaction, sql, [rows.as_str().into()]).await?;
        transaction.commit().await?;
        Ok(())
    }
}
