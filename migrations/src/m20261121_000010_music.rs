//! Music and photos: who plays a track, and the indexes of the questions that their pages ask. Discs and track numbers
//! are seasons and episodes to the database.

use sea_orm_migration::prelude::*;

crate::migration!(&[
    "ALTER TABLE items ADD COLUMN artist TEXT",
    "CREATE INDEX items_artists ON items (library_id, sort_key, id) WHERE kind = 'artist'",
    "CREATE INDEX items_photos ON items (library_id, parent_id) WHERE kind IN ('photo', 'photo_album')",
]);
