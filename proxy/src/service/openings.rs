//! Connections whose account the provider opens first.
//!
//! An account is for good and nobody can be asked whether there is one, so the intent is written before the provider is
//! asked, and it is asked once. If its answer gets lost the connection stays, and says what is missing: somebody looks
//! the account's name up at the provider and completes the credentials.

use std::collections::BTreeMap;

use zeroize::Zeroizing;

use super::{NewConnection, Service, ServiceError};
use crate::domain::{Actor, Connection, ConnectionId, PhoneNumber};
use crate::provider::{Account, Credentials, Form, FormValue, InvalidCredential};
use crate::secret::Secret;
use crate::store::{BegunOpening, Change, IdempotencyKey, NewOpening};

/// A connection whose account was to be opened.
pub struct OpenedConnection {
    /// The connection.
    pub connection: Connection,
    /// The credential that is missing, because nobody knows whether the account was opened.
    pub missing: Option<String>,
    /// Whether an earlier request with the same key added it.
    pub repeated: bool,
}

impl Service {
    /// Opens an account at the provider and adds a connection to it. With a key, repeating the request never opens a
    /// second one.
    pub async fn open_connection(
        &self,
        mut new: NewConnection,
        form: BTreeMap<String, FormValue>,
        idempotency_key: Option<&str>,
        actor: &Actor,
    ) -> Result<OpenedConnection, ServiceError> {
        self.refuse_while_observing().await?;
        let provider = self.provider_named(&new.provider)?;
        let profile = provider.profile();
        let refused = || ServiceError::InvalidField("account".to_owned());
        let opening = profile.opening.ok_or_else(refused)?;
        let form = opening.form_from(form).map_err(|InvalidCredential(name)| {
            ServiceError::InvalidField(format!("account.{name}"))
        })?;
        let credentials = profile
            .credentials_without(std::mem::take(&mut new.credentials), opening.credential)?;
        let phone = new.expected_phone.take();
        let connection = self.new_connection(new, provider.as_ref())?;
        self.refuse_if_suspended(&connection).await?;
        let idempotency = match idempotency_key {
            Some(key) => {
                Some(self.opening_key(key, &connection, &credentials, &form, phone.as_ref())?)
            }
            None => None,
        };
        // Whoever repeats this waits until it has come to its end.
        let _turn = self.turn(&connection.id).await?;
        let intent = NewOpening {
            credentials: self.seal_credentials(&connection, &credentials)?,
            phone: self.expectation(&connection, phone.as_ref())?,
            connection,
            credential: opening.credential,
            idempotency,
        };
        let at = self.now();
        match self
            .store()
            .begin_opening(&intent, Change { actor, at })
            .await?
        {
            BegunOpening::Intended => {}
            BegunOpening::KeyReused => return Err(ServiceError::KeyReused),
            BegunOpening::Repeated(id) => return self.repeated_opening(&id).await,
        }
        let connection = intent.connection;
        let account = Account {
            base_url: self.address_of(&connection, provider.as_ref())?,
            credentials,
        };
        failpoint!("opening.intended");
        let opened = provider.open_account(&account, &form).await;
        failpoint!("opening.answered");
        match opened {
            Ok(name) => {
                let missing = opening.credential;
                self.complete_opening(&connection, account, missing, name, actor)
                    .await
            }
            // Nobody else can be asked, so who refuses is believed.
            Err(error) if error.is_refusal() || !error.may_have_happened() => {
                let at = self.now();
                let abandoned = self
                    .store()
                    .abandon_opening(&connection.id, Change { actor, at });
                abandoned.await?;
                Err(error.into())
            }
            Err(error) => {
                self.note_error(&connection.id, error).await;
                Ok(OpenedConnection {
                    connection,
                    missing: Some(opening.credential.to_owned()),
                    repeated: false,
                })
            }
        }
    }

    async fn complete_opening(
        &self,
        connection: &Connection,
        account: Account,
        name: &'static str,
        secret: Secret,
        actor: &Actor,
    ) -> Result<OpenedConnection, ServiceError> {
        let credentials = self.provider_of(connection)?.profile().credentials_from(
            account
                .credentials
                .iter()
                .map(|(name, secret)| (name.to_owned(), secret.clone()))
                .chain([(name.to_owned(), secret)])
                .collect(),
        )?;
        let sealed = self.seal_credentials(connection, &credentials)?;
        let at = self.now();
        let finished = self
            .store()
            .finish_opening(&connection.id, &sealed, Change { actor, at });
        finished.await?;
        Ok(OpenedConnection {
            connection: self.known(&connection.id).await?,
            missing: None,
            repeated: false,
        })
    }

    async fn repeated_opening(&self, id: &ConnectionId) -> Result<OpenedConnection, ServiceError> {
        // One that is under way comes to its end first.
        drop(self.turn(id).await?);
        Ok(OpenedConnection {
            connection: self.known(id).await?,
            missing: self.missing(id).await?,
            repeated: true,
        })
    }

    async fn known(&self, id: &ConnectionId) -> Result<Connection, ServiceError> {
        self.store()
            .connection(id)
            .await?
            .ok_or(ServiceError::NotFound)
    }

    /// The credential that a connection misses.
    pub async fn missing(&self, id: &ConnectionId) -> Result<Option<String>, ServiceError> {
        Ok(self.all_missing().await?.remove(id))
    }

    /// The credentials that connections miss.
    pub async fn all_missing(&self) -> Result<BTreeMap<ConnectionId, String>, ServiceError> {
        let unfinished = self.store().unfinished_openings().await?.into_iter();
        Ok(unfinished
            .map(|opening| (opening.connection, opening.credential))
            .collect())
    }

    /// What makes a repeated request recognisable: everything that it says.
    fn opening_key(
        &self,
        key: &str,
        connection: &Connection,
        credentials: &Credentials,
        form: &Form,
        phone: Option<&PhoneNumber>,
    ) -> Result<IdempotencyKey, ServiceError> {
        let mut request = vec![
            Secret::new(connection.provider.as_str()),
            Secret::new(connection.base_url.as_deref().unwrap_or_default()),
            Secret::new(connection.label.as_str()),
        ];
        for (name, secret) in credentials.iter() {
            request.extend([Secret::new(name), secret.clone()]);
        }
        for (name, value) in form.iter() {
            request.push(Secret::new(format!("{name} {value:?}")));
        }
        request.extend(phone.map(|phone| Secret::new(phone.digits())));
        let mut text = Zeroizing::new(String::new());
        for part in &request {
            text.push_str(part.expose());
            text.push('\0');
        }
        Ok(IdempotencyKey {
            key: self.vault().hash_named("opening_key", key)?,
            request: self.vault().hash_named("opening_request", &text)?,
        })
    }
}
