//! Connections: added, listed, changed, removed.

use std::collections::BTreeMap;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::{Service, ServiceError};
use crate::domain::{Actor, Connection, ConnectionId, Label, SessionState, Tenant, TenantScope};
use crate::provider::{Account, Credentials, InvalidCredential, Provider};
use crate::secret::Secret;
use crate::store::Change;
use crate::vault::{Place, Sealed};

/// What a connection is made of, as it came from outside.
pub struct NewConnection {
    /// The provider's name.
    pub provider: String,
    /// Whose it is.
    pub tenant: Tenant,
    /// What pages call it; the provider's name if absent.
    pub label: Option<Label>,
    /// Replaces the provider's public address.
    pub base_url: Option<String>,
    /// The provider's secrets.
    pub credentials: BTreeMap<String, Secret>,
}

/// What is to be changed; what is absent stays.
pub struct ConnectionChange {
    /// What pages call it.
    pub label: Option<Label>,
    /// All of the provider's secrets, new.
    pub credentials: Option<BTreeMap<String, Secret>>,
}

impl From<InvalidCredential> for ServiceError {
    fn from(InvalidCredential(name): InvalidCredential) -> Self {
        Self::InvalidField(format!("credentials.{name}"))
    }
}

impl Service {
    /// Adds a connection. The provider is not asked: it may not be reachable yet.
    pub async fn add_connection(
        &self,
        new: NewConnection,
        actor: &Actor,
    ) -> Result<Connection, ServiceError> {
        let provider = self.provider_named(&new.provider)?;
        let profile = provider.profile();
        if let Some(address) = &new.base_url {
            self.0
                .parts
                .addresses
                .parse(address)
                .map_err(|_forbidden| ServiceError::HostNotAllowed)?;
        }
        let credentials = profile.credentials_from(new.credentials)?;
        let invalid_label = |_cause| ServiceError::InvalidField("label".to_owned());
        let at = self.now();
        let connection = Connection {
            id: ConnectionId::random(&mut rand::rng()),
            tenant: new.tenant,
            provider: profile.name.to_owned(),
            label: new
                .label
                .map_or_else(|| Label::parse(profile.name), Ok)
                .map_err(invalid_label)?,
            base_url: new.base_url,
            session: SessionState::Unknown,
            session_checked_at: None,
            last_error: None,
            credentials_set_at: at,
            created_at: at,
        };
        let sealed = self.seal_credentials(&connection, &credentials)?;
        self.store()
            .add_connection(&connection, &sealed, Change { actor, at })
            .await?;
        Ok(connection)
    }

    /// Connections within reach, a page at a time in the order of their names.
    pub async fn connections(
        &self,
        scope: &TenantScope,
        after: Option<&ConnectionId>,
        limit: u32,
    ) -> Result<Vec<Connection>, ServiceError> {
        Ok(self.store().connections(scope, after, limit).await?)
    }

    /// Changes the label, the credentials, or both.
    pub async fn update_connection(
        &self,
        connection: &Connection,
        change: ConnectionChange,
        actor: &Actor,
    ) -> Result<Connection, ServiceError> {
        let sealed = match change.credentials {
            Some(given) => {
                let credentials = self
                    .provider_of(connection)?
                    .profile()
                    .credentials_from(given)?;
                Some(self.seal_credentials(connection, &credentials)?)
            }
            None => None,
        };
        let done = Change {
            actor,
            at: self.now(),
        };
        let found = self
            .store()
            .update_connection(&connection.id, change.label.as_ref(), sealed.as_ref(), done)
            .await?;
        self.hint();
        if !found {
            return Err(ServiceError::NotFound);
        }
        self.store()
            .connection(&connection.id)
            .await?
            .ok_or(ServiceError::NotFound)
    }

    /// Removes a connection and everything that it gave out, here at once and at the provider as soon as it answers.
    /// Twice is once.
    pub async fn remove_connection(
        &self,
        id: &ConnectionId,
        actor: &Actor,
    ) -> Result<(), ServiceError> {
        let removed = self
            .store()
            .remove_connection(
                id,
                Change {
                    actor,
                    at: self.now(),
                },
            )
            .await?;
        self.hint();
        if removed {
            self.settle_soon(id.clone());
        }
        Ok(())
    }

    /// The provider of a connection.
    pub(super) fn provider_of(
        &self,
        connection: &Connection,
    ) -> Result<Arc<dyn Provider>, ServiceError> {
        self.provider_named(&connection.provider)
    }

    fn provider_named(&self, name: &str) -> Result<Arc<dyn Provider>, ServiceError> {
        self.0
            .parts
            .registry
            .get(name)
            .ok_or_else(|| ServiceError::InvalidField("provider".to_owned()))
    }

    /// The account of a connection, its secrets opened, also if the connection was removed but something of it may be
    /// alive.
    pub(super) async fn account(
        &self,
        id: &ConnectionId,
    ) -> Result<(Connection, Arc<dyn Provider>, Account), ServiceError> {
        let (connection, sealed) = self
            .store()
            .connection_with_credentials(id)
            .await?
            .ok_or(ServiceError::NotFound)?;
        let provider = self.provider_of(&connection)?;
        let profile = provider.profile();
        let address = connection.base_url.as_deref().unwrap_or(profile.base_url);
        // Checked again: the operator may have forbidden private addresses since the connection was added.
        let base_url = self
            .0
            .parts
            .addresses
            .parse(address)
            .map_err(|_forbidden| ServiceError::HostNotAllowed)?;
        let opened = self.unseal(credentials_place(&connection), &sealed).await?;
        let credentials = profile.credentials_from(read_credentials(opened.expose())?)?;
        Ok((
            connection,
            provider,
            Account {
                base_url,
                credentials,
            },
        ))
    }

    fn seal_credentials(
        &self,
        connection: &Connection,
        credentials: &Credentials,
    ) -> Result<Sealed, ServiceError> {
        // No credential holds a white space, so lines of "name value" need no escapes.
        let lines: Vec<Zeroizing<String>> = credentials
            .iter()
            .map(|(name, secret)| Zeroizing::new(format!("{name} {}", secret.expose())))
            .collect();
        let lines: Vec<&str> = lines.iter().map(|line| line.as_str()).collect();
        let text = Secret::new(lines.join("\n"));
        Ok(self
            .vault()
            .seal(credentials_place(connection), &text, &mut rand::rng())?)
    }
}

fn credentials_place(connection: &Connection) -> Place<'_> {
    Place {
        tenant: connection.tenant.as_str(),
        table: "connections",
        row: connection.id.as_str(),
        column: "credentials",
    }
}

fn read_credentials(text: &str) -> Result<BTreeMap<String, Secret>, ServiceError> {
    text.lines()
        .map(|line| {
            line.split_once(' ')
                .map(|(name, secret)| (name.to_owned(), Secret::new(secret)))
        })
        .collect::<Option<_>>()
        .ok_or(ServiceError::Vault(crate::vault::VaultError::Sealed))
}
