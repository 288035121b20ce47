//! Every column of the store that holds sealed values.
//!
//! The one list of them: the vault seals for no other place, and a rotation of the data key walks through exactly
//! these. A new sealed column is one line here.

use super::Place;

/// A column that holds sealed values, and how a row's place is told from the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealedColumn {
    /// Which table.
    pub table: &'static str,
    /// Which column.
    pub column: &'static str,
    /// What names the row, in SQL that PostgreSQL takes too: unique within the table, never null.
    pub row: &'static str,
    /// Where the row's tenant stands.
    pub tenant: TenantOf,
}

/// Where a row's tenant stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TenantOf {
    /// In its column `tenant`; null stands for every tenant.
    Row,
    /// In the connection that its column `connection` names.
    Connection,
}

/// All of them.
pub const SEALED_COLUMNS: &[SealedColumn] = &[
    column("connections", "credentials", TenantOf::Row),
    SealedColumn {
        table: "credentials",
        column: "value",
        row: "connection || '.' || kind",
        tenant: TenantOf::Connection,
    },
    SealedColumn {
        table: "expected_phones",
        column: "phone",
        row: "connection",
        tenant: TenantOf::Connection,
    },
    column("passes", "content", TenantOf::Connection),
    column("share_links", "token", TenantOf::Connection),
    column("webhooks", "secret", TenantOf::Row),
    column("webhooks", "url", TenantOf::Row),
];

/// A column of a table whose rows are named by `id`.
const fn column(table: &'static str, column: &'static str, tenant: TenantOf) -> SealedColumn {
    SealedColumn {
        table,
        column,
        row: "id",
        tenant,
    }
}

/// Whether a place is in a column of the list.
pub(super) fn is_listed(place: Place<'_>) -> bool {
    SEALED_COLUMNS
        .iter()
        .any(|listed| listed.table == place.table && listed.column == place.column)
}
