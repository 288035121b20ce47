//! Bringing a schema up to date.

use sqlx::migrate::{Migrate, Migrator};

use super::StoreError;

/// Applies what is missing. Of several processes that start at once, one does it while the others wait.
///
/// What a newer version has applied is left alone: while it takes over, this one goes on beside it, and by the rule for
/// migrations nothing that this one needs is gone.
pub(super) async fn run(
    mut migrator: Migrator,
    database: &mut impl Migrate,
) -> Result<(), StoreError> {
    migrator.set_ignore_missing(true);
    migrator
        .run_direct(None, database, false)
        .await
        .map_err(StoreError::Migration)
}
