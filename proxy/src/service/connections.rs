//! Connections: added, listed, changed, removed.

use std::collections::BTreeMap;
use std::sync::Arc;

use url::Url;
use zeroize::Zeroizing;

use super::{Service, ServiceError};
use crate::domain::{
    AccountPolicy, Actor, Connection, ConnectionId, Label, PhoneNumber, SessionState, Tenant,
    TenantScope, Timestamp,
};
use crate::provider::{Account, Credentials, InvalidCredential, Provider, ProviderError};
use crate::secret::Secret;
use crate::store::{Change, ConnectionUpdate};
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
    /// How long those are good.
    pub policy: AccountPolicy,
    /// The phone that may be linked; any if absent.
    pub expected_phone: Option<PhoneNumber>,
}

/// What is to be changed; what is absent stays.
pub struct ConnectionChange {
    /// What pages call it.
    pub label: Option<Label>,
    /// All of the provider's secrets, new.
    pub credentials: Option<BTreeMap<String, Secret>>,
    /// How long those are good.
    pub policy: Option<AccountPolicy>,
    /// The phone that may be linked, or that any may.
    pub expected_phone: Option<Option<PhoneNumber>>,
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
        mut new: NewConnection,
        actor: &Actor,
    ) -> Result<Connection, ServiceError> {
        let provider = self.provider_named(&new.provider)?;
        let profile = provider.profile();
        let credentials = profile.credentials_from(std::mem::take(&mut new.credentials));
        let phone = new.expected_phone.take();
        let connection = self.new_connection(new, provider.as_ref())?;
        let credentials = credentials?;
        let phone = self.expectation(&connection, phone.as_ref())?;
        let sealed = self.seal_credentials(&connection, &credentials)?;
        self.store()
            .add_connection(
                &connection,
                &sealed,
                &phone,
                Change {
                    actor,
                    at: connection.created_at,
                },
            )
            .await?;
        Ok(connection)
    }

    /// A connection as it is at first; its credentials go their own way.
    pub(super) fn new_connection(
        &self,
        new: NewConnection,
        provider: &dyn Provider,
    ) -> Result<Connection, ServiceError> {
        let profile = provider.profile();
        if let Some(address) = &new.base_url {
            self.parse_address(address)?;
        }
        let invalid_label = |_cause| ServiceError::InvalidField("label".to_owned());
        let at = self.now();
        Ok(Connection {
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
            credentials_issued_at: at,
            policy: new.policy,
            reminded: None,
            trouble: None,
            clock_skew_millis: None,
            created_at: at,
        })
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

    /// The connection of that name, whosever it is.
    pub async fn connection_named(&self, id: &ConnectionId) -> Result<Connection, ServiceError> {
        self.store()
            .connection(id)
            .await?
            .ok_or(ServiceError::NotFound)
    }

    /// Changes the label, the credentials, the policy, whose phone may be linked, or several of them.
    pub async fn update_connection(
        &self,
        connection: &Connection,
        change: ConnectionChange,
        actor: &Actor,
    ) -> Result<Connection, ServiceError> {
        let at = self.now();
        let done = Change { actor, at };
        let given = match change.credentials {
            Some(given) => Some((self.completed(connection, given).await?, at)),
            None => None,
        };
        let mut update = self.updated(connection, change.label, given, change.policy)?;
        if let Some(phone) = change.expected_phone {
            update.phone = Some(self.expectation(connection, phone.as_ref())?);
        }
        if let Some((completed, _issued_at)) = &update.credentials
            && self
                .store()
                .finish_opening(&connection.id, completed, done)
                .await?
        {
            update.credentials = None;
        }
        let is_replaced = update.credentials.is_some();
        let found = self.store().update_connections(&[update], done).await?;
        self.hint();
        if !found {
            return Err(ServiceError::NotFound);
        }
        if is_replaced && connection.trouble.is_some() {
            self.look_soon(connection.id.clone());
        }
        self.store()
            .connection(&connection.id)
            .await?
            .ok_or(ServiceError::NotFound)
    }

    /// What the store is to change, with the reminders that follow from it.
    pub(super) fn updated(
        &self,
        connection: &Connection,
        label: Option<Label>,
        credentials: Option<(BTreeMap<String, Secret>, Timestamp)>,
        policy: Option<AccountPolicy>,
    ) -> Result<ConnectionUpdate, ServiceError> {
        let (issued_at, told) = match &credentials {
            Some((_given, issued_at)) => (*issued_at, None),
            None => (connection.credentials_issued_at, connection.reminded),
        };
        let sealed = match credentials {
            Some((given, issued_at)) => {
                let profile = self.provider_of(connection)?.profile();
                let credentials = profile.credentials_from(given)?;
                Some((self.seal_credentials(connection, &credentials)?, issued_at))
            }
            None => None,
        };
        Ok(ConnectionUpdate {
            id: connection.id.clone(),
            label,
            credentials: sealed,
            policy,
            next_reminder_at: policy.unwrap_or(connection.policy).next(issued_at, told),
            phone: None,
        })
    }

    /// The credentials that are given, or those that are stored with the one that is missing.
    async fn completed(
        &self,
        connection: &Connection,
        mut given: BTreeMap<String, Secret>,
    ) -> Result<BTreeMap<String, Secret>, ServiceError> {
        if let Some(missing) = self.missing(&connection.id).await?
            && given.len() == 1
            && given.contains_key(&missing)
            && let Some((_, sealed)) = self
                .store()
                .connection_with_credentials(&connection.id)
                .await?
        {
            let opened = self.unseal(credentials_place(connection), &sealed).await?;
            given.extend(read_credentials(opened.expose())?);
        }
        Ok(given)
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

    pub(super) fn provider_named(&self, name: &str) -> Result<Arc<dyn Provider>, ServiceError> {
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
        let base_url = self.address_of(&connection, provider.as_ref())?;
        let opened = self.unseal(credentials_place(&connection), &sealed).await?;
        let credentials = provider
            .profile()
            .credentials_from(read_credentials(opened.expose())?)
            // The account may have no name here yet; see `openings`.
            .map_err(|InvalidCredential(_name)| ProviderError::Credentials)?;
        Ok((
            connection,
            provider,
            Account {
                base_url,
                credentials,
            },
        ))
    }

    /// As [`Service::account`], for everything but taking back what is alive: not with credentials that are dead.
    pub(super) async fn account_in_use(
        &self,
        id: &ConnectionId,
    ) -> Result<(Connection, Arc<dyn Provider>, Account), ServiceError> {
        let found = self.account(id).await?;
        if found.0.is_dead(self.now()) {
            return Err(ServiceError::NeedsCredentials);
        }
        let (connection, provider, account) = found;
        let provider = self.guarded(provider, id, &account);
        Ok((connection, provider, account))
    }

    /// Where the provider of a connection is. Checked again: the operator may have forbidden private addresses since the
    /// connection was added.
    pub(super) fn address_of(
        &self,
        connection: &Connection,
        provider: &dyn Provider,
    ) -> Result<Url, ServiceError> {
        let own = connection.base_url.as_deref();
        self.parse_address(own.unwrap_or(provider.profile().base_url))
    }

    fn parse_address(&self, address: &str) -> Result<Url, ServiceError> {
        let addresses = self.0.parts.addresses;
        addresses
            .parse(address)
            .map_err(|_forbidden| ServiceError::HostNotAllowed)
    }

    pub(super) fn seal_credentials(
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
        if defect!("leak-debug") {
            tracing::trace!(?lines, "seals credentials");
        }
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
