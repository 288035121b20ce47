//! The short-lived tokens of providers' APIs, for backends.

use super::{Service, ServiceError};
use crate::domain::{Connection, Content, PassRequest, Timestamp};
use crate::provider::ProviderError;
use crate::secret::Secret;

/// A token of a provider's API, presented as `Bearer`.
#[derive(Clone)]
pub struct ApiToken {
    /// The token.
    pub token: Secret,
    /// From when on it is dead.
    pub expires_at: Timestamp,
    /// Which renewal made it; a later one has a greater number.
    pub serial: i64,
}

/// Which token is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// Any that is valid.
    Valid,
    /// One that is newer than this serial: the provider refused that one.
    NewerThan(i64),
}

impl Service {
    /// The connection's API token.
    pub async fn api_token(
        &self,
        connection: &Connection,
        _wanted: Freshness,
    ) -> Result<ApiToken, ServiceError> {
        self.refuse_while_observing().await?;
        let (_, provider, account) = self.account(&connection.id).await?;
        let issued = provider
            .issue(&account, &PassRequest::Token, self.now())
            .await?;
        match issued.content {
            Content::Token(token) => Ok(ApiToken {
                token,
                expires_at: issued.expires_at,
                serial: 0,
            }),
            Content::Link(_) | Content::Qr(_) | Content::Code(_) => {
                Err(ProviderError::Malformed.into())
            }
        }
    }
}
