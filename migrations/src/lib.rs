//! The database schema of Reel, step by step.
//!
//! A migration that was released is never edited; a change is a new one. Each runs in a transaction.

mod m20261121_000001_sources;
mod m20261121_000002_library;
mod m20261121_000003_search;
mod m20261121_000004_outbox;
mod m20261121_000005_trust;
mod m20261121_000006_folders;
mod m20261121_000007_sync;
mod m20261121_000008_people;
mod m20261121_000009_shelves;
mod m20261121_000010_music;
mod m20261121_000011_grid;
mod m20261121_000012_search;
mod m20261121_000013_clocks;
mod m20261121_000014_lean_orders;
mod m20261121_000015_play_choices;
mod m20261121_000019_people_search;
mod m20261121_000020_ratings;
mod m20261121_000021_opened_files;

use sea_orm_migration::prelude::*;

pub use sea_orm_migration::MigratorTrait;

/// All migrations, oldest first.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261121_000001_sources::Migration),
            Box::new(m20261121_000002_library::Migration),
            Box::new(m20261121_000003_search::Migration),
            Box::new(m20261121_000004_outbox::Migration),
            Box::new(m20261121_000005_trust::Migration),
            Box::new(m20261121_000006_folders::Migration),
            Box::new(m20261121_000007_sync::Migration),
            Box::new(m20261121_000008_people::Migration),
            Box::new(m20261121_000009_shelves::Migration),
            Box::new(m20261121_000010_music::Migration),
            Box::new(m20261121_000011_grid::Migration),
            Box::new(m20261121_000012_search::Migration),
            Box::new(m20261121_000013_clocks::Migration),
            Box::new(m20261121_000014_lean_orders::Migration),
            Box::new(m20261121_000015_play_choices::Migration),
            Box::new(m20261121_000019_people_search::Migration),
            Box::new(m20261121_000020_ratings::Migration),
            Box::new(m20261121_000021_opened_files::Migration),
        ]
    }
}

/// Runs the statements of a migration one after the other.
async fn run(manager: &SchemaManager<'_>, statements: &[&str]) -> Result<(), DbErr> {
    for statement in statements {
        manager.get_connection().execute_unprepared(statement).await?;
    }
    Ok(())
}

/// Declares a migration made of SQL statements, with one transaction around it (`SQLite` does not get one by
/// itself).
macro_rules! migration {
    ($up:expr) => {
        /// The migration of this file.
        #[derive(DeriveMigrationName)]
        pub(crate) struct Migration;

        #[async_trait::async_trait]
        impl MigrationTrait for Migration {
            fn use_transaction(&self) -> Option<bool> {
                Some(true)
            }

            async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
                crate::run(manager, $up).await
            }
        }
    };
}
pub(crate) use migration;
