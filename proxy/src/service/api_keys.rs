//! API keys: made and revoked at the command line.

use super::{Service, ServiceError};
use crate::domain::{Actor, ApiKey, ApiKeyId, TenantScope, TokenClass};
use crate::secret::Secret;
use crate::store::Change;

/// An API key, with the key itself: this once.
pub struct NewApiKey {
    /// What is known of it from now on.
    pub key: ApiKey,
    /// The key.
    pub token: Secret,
}

impl Service {
    /// Makes an API key.
    pub async fn create_api_key(
        &self,
        scope: TenantScope,
        actor: &Actor,
    ) -> Result<NewApiKey, ServiceError> {
        let token = TokenClass::ApiKey.random(&mut rand::rng());
        let last_four = token
            .expose()
            .chars()
            .rev()
            .take(4)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect();
        let at = self.now();
        let key = ApiKey {
            id: ApiKeyId::random(&mut rand::rng()),
            scope,
            last_four,
            created_at: at,
            revoked_at: None,
        };
        if defect!("leak-key") {
            tracing::info!(api_key.id = %key.id, api_key = token.expose(), "made a key");
        }
        let hash = self.vault().hash(TokenClass::ApiKey, token.expose())?;
        self.store()
            .add_api_key(&key, &hash, Change { actor, at })
            .await?;
        Ok(NewApiKey { key, token })
    }

    /// Every API key, without the keys.
    pub async fn api_keys(&self) -> Result<Vec<ApiKey>, ServiceError> {
        Ok(self.store().api_keys().await?)
    }

    /// Revokes an API key and every embed token that it made. Twice is once.
    pub async fn revoke_api_key(&self, id: &ApiKeyId, actor: &Actor) -> Result<(), ServiceError> {
        let known = self
            .store()
            .revoke_api_key(
                id,
                Change {
                    actor,
                    at: self.now(),
                },
            )
            .await?;
        if known {
            Ok(())
        } else {
            Err(ServiceError::NotFound)
        }
    }
}
