//! Gives a pass that is alive instead of a new one, if the caller said that it will do.

use super::{LivePass, Service, ServiceError};
use crate::domain::{Connection, Method, PassRequest};
use crate::provider::{Account, Current, Issued, Provider, ProviderError};

impl Service {
    /// The live pass of the method, if the provider confirms it or cannot be asked.
    pub(super) async fn reusable(
        &self,
        connection: &Connection,
        provider: &dyn Provider,
        request: &PassRequest,
    ) -> Result<Option<LivePass>, ServiceError> {
        let rows = self.store().live_passes(&connection.id, self.now()).await?;
        let method = request.method();
        let Some(row) = rows.into_iter().find(|row| row.method == method) else {
            return Ok(None);
        };
        if let PassRequest::Code(phone) = request {
            // A code for another phone would be of no use.
            let phone = self.vault().hash_named("phone", phone.digits())?;
            if !self.store().is_code_for(&row.id, &phone).await? {
                return Ok(None);
            }
        }
        let Some(pass) = self.open_pass(connection, &row).await? else {
            return Ok(None);
        };
        let (_, _, account) = self.account(&connection.id).await?;
        let current = self.patiently(|| provider.current(&account, method, self.now()));
        Ok(match current.await? {
            Current::Alive(issued) => {
                let same = issued.content.secret().expose() == pass.content.secret().expose();
                same.then_some(pass)
            }
            Current::Nothing => None,
            Current::Untold => Some(pass),
        })
    }

    /// What the provider says is alive, whoever made it.
    pub(super) async fn found(
        &self,
        provider: &dyn Provider,
        account: &Account,
        method: Method,
    ) -> Result<Option<Issued>, ProviderError> {
        let current = self.patiently(|| provider.current(account, method, self.now()));
        Ok(match current.await? {
            Current::Alive(issued) => Some(issued),
            Current::Nothing | Current::Untold => None,
        })
    }
}
