//! How the user rates titles, in half stars from 1 to 10. Apart from the items: few have a rating, and the rows that
//! lists read stay as they are.

use sea_orm_migration::prelude::*;

crate::migration!(&["CREATE TABLE user_ratings (
        item_id INTEGER PRIMARY KEY NOT NULL REFERENCES items (id) ON DELETE CASCADE,
        rating INTEGER NOT NULL
    ) STRICT"]);
