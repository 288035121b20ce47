//! What Pairlink needs of a store to keep keys, and to replace them.

use async_trait::async_trait;

use super::{Change, StoreError};
use crate::domain::Timestamp;
use crate::vault::{Sealed, SealedColumn, WrappedKey};

/// A sealed value, with what says where it stands.
#[derive(Clone, Debug)]
pub struct SealedRow {
    /// The row's tenant; empty if the row is of every tenant.
    pub tenant: String,
    /// The row's name.
    pub row: String,
    /// The value.
    pub sealed: Sealed,
}

/// A value sealed anew.
#[derive(Clone, Debug)]
pub struct Resealed {
    /// The row's name.
    pub row: String,
    /// The value as it was.
    pub former: Sealed,
    /// The value from now on.
    pub sealed: Sealed,
}

/// Data keys.
#[async_trait]
pub trait KeyStore {
    /// Writes those of these data keys for whose purpose the store has none; returns the ones that it has, the oldest
    /// first.
    async fn data_keys_or(
        &self,
        new: &[WrappedKey],
        at: Timestamp,
    ) -> Result<Vec<WrappedKey>, StoreError>;
    /// The data keys, the oldest first.
    async fn data_keys(&self) -> Result<Vec<WrappedKey>, StoreError>;
    /// Adds a data key, and retires the others of its purpose.
    async fn replace_data_key(
        &self,
        new: &WrappedKey,
        change: Change<'_>,
    ) -> Result<(), StoreError>;
    /// Writes every data key as another master key wraps it, all at once. False, and nothing changes, if the store does
    /// not hold exactly the ones before.
    async fn rewrap_data_keys(
        &self,
        before: &[WrappedKey],
        after: &[WrappedKey],
        change: Change<'_>,
    ) -> Result<bool, StoreError>;
    /// Values of a column that are sealed by another data key than this, in the order of their rows' names.
    async fn sealed_by_others(
        &self,
        column: &SealedColumn,
        key: &str,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<SealedRow>, StoreError>;
    /// Writes values that were sealed anew, where nobody has changed them meanwhile. Returns how many those are.
    async fn reseal(&self, column: &SealedColumn, values: &[Resealed]) -> Result<u64, StoreError>;
    /// Removes a data key that retired before that instant, if nothing is sealed by it any more. False otherwise.
    async fn remove_data_key(
        &self,
        key: &str,
        retired_before: Timestamp,
        change: Change<'_>,
    ) -> Result<bool, StoreError>;
}
