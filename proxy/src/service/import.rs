//! Takes in credentials that were made before they came here, with their age.

use std::collections::BTreeMap;

use super::{Service, ServiceError};
use crate::domain::{AccountPolicy, Actor, ConnectionId, Timestamp};
use crate::secret::Secret;
use crate::store::{Change, ConnectionUpdate};

/// Secrets that were made elsewhere.
pub struct ImportedCredentials {
    /// For which connection.
    pub connection: ConnectionId,
    /// All of the provider's secrets.
    pub credentials: BTreeMap<String, Secret>,
    /// When they were made.
    pub issued_at: Timestamp,
    /// How long they are good; as before if absent.
    pub policy: Option<AccountPolicy>,
}

/// Why nothing was imported.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ImportError {
    /// One of the entries, counted from 0, cannot be taken.
    #[error("entry {at} cannot be taken")]
    Entry {
        /// Which.
        at: usize,
        /// Why.
        #[source]
        error: ServiceError,
    },
    /// All can be taken, and were not.
    #[error("nothing was imported")]
    Whole(#[source] ServiceError),
}

impl Service {
    /// Takes in secrets that were made elsewhere: all of them, or none if one cannot be taken.
    pub async fn import_credentials(
        &self,
        imported: Vec<ImportedCredentials>,
        actor: &Actor,
    ) -> Result<(), ImportError> {
        let mut updates = Vec::with_capacity(imported.len());
        for (at, one) in imported.into_iter().enumerate() {
            let update = self.imported(one).await;
            updates.push(update.map_err(|error| ImportError::Entry { at, error })?);
        }
        let change = Change {
            actor,
            at: self.now(),
        };
        let all_there = self.store().update_connections(&updates, change).await;
        self.hint();
        match all_there {
            Ok(true) => Ok(()),
            // One was removed since it was looked at.
            Ok(false) => Err(ServiceError::NotFound),
            Err(error) => Err(error.into()),
        }
        .map_err(ImportError::Whole)
    }

    async fn imported(&self, one: ImportedCredentials) -> Result<ConnectionUpdate, ServiceError> {
        if one.issued_at > self.now() {
            return Err(ServiceError::InvalidField("issued_at".to_owned()));
        }
        let connection = self
            .store()
            .connection(&one.connection)
            .await?
            .ok_or(ServiceError::NotFound)?;
        let given = Some((one.credentials, one.issued_at));
        self.updated(&connection, None, given, one.policy)
    }
}
