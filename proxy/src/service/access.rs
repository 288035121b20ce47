//! Lets callers in.

use super::{Service, ServiceError};
use crate::domain::{
    Action, Actor, ActorKind, ApiKey, Connection, ConnectionId, EmbedGrant, Origin, RequestId,
    TokenClass,
};

/// A host's backend that was let in.
#[derive(Clone, Debug)]
pub struct Authenticated {
    /// By which key.
    pub key: ApiKey,
    /// In which request.
    pub request: RequestId,
}

impl Authenticated {
    /// In whose name it acts.
    pub fn actor(&self) -> Actor {
        Actor {
            kind: ActorKind::ApiKey,
            id: self.key.id.as_str().to_owned(),
            request: Some(self.request.clone()),
        }
    }
}

impl Service {
    /// Lets a host's backend in.
    pub async fn authenticate(
        &self,
        token: &str,
        request: RequestId,
    ) -> Result<Authenticated, ServiceError> {
        if !TokenClass::ApiKey.matches(token) {
            self.note_refusal();
            return Err(ServiceError::Unauthenticated);
        }
        let hash = self.vault().hash(TokenClass::ApiKey, token)?;
        match self.store().api_key(&hash).await? {
            Some(key) if key.revoked_at.is_none() => Ok(Authenticated { key, request }),
            Some(_) | None => {
                self.note_refusal();
                Err(ServiceError::Unauthenticated)
            }
        }
    }

    /// Finds the grant of a page's token, alive or not; the caller needs it to answer across origins at all.
    pub async fn embed_grant(&self, token: &str) -> Result<Option<EmbedGrant>, ServiceError> {
        if !TokenClass::Embed.matches(token) {
            return Ok(None);
        }
        let hash = self.vault().hash(TokenClass::Embed, token)?;
        Ok(self.store().embed_grant(&hash).await?)
    }

    /// Whether a grant lets a page do something now.
    pub fn admit(&self, grant: &EmbedGrant, action: Action) -> Result<(), ServiceError> {
        if grant.suspended {
            Err(ServiceError::TenantSuspended)
        } else if grant.revoked {
            Err(ServiceError::Unauthenticated)
        } else if !grant.is_alive(self.now()) {
            Err(ServiceError::TokenExpired)
        } else if grant.allows(action) {
            Ok(())
        } else {
            Err(ServiceError::ActionNotAllowed)
        }
    }

    /// Whether pages of that origin may be answered at all: some token was made for it.
    pub async fn knows_origin(&self, origin: &str) -> Result<bool, ServiceError> {
        let Ok(origin) = Origin::parse(origin) else {
            return Ok(false);
        };
        Ok(self.store().knows_origin(&origin, self.now()).await?)
    }

    /// Whether pages of that origin may have our page in a frame: some token opens something for them.
    pub async fn serves_origin(&self, origin: &Origin) -> Result<bool, ServiceError> {
        Ok(self.store().serves_origin(origin, self.now()).await?)
    }

    /// The connection, if the caller reaches it. One that it does not reach is as absent as one that is not there.
    pub async fn reach(
        &self,
        caller: &Authenticated,
        id: &ConnectionId,
    ) -> Result<Connection, ServiceError> {
        match self.store().connection(id).await? {
            Some(connection) if caller.key.scope.reaches(&connection.tenant) => Ok(connection),
            Some(_) | None => Err(ServiceError::NotFound),
        }
    }

    /// The connection of a page's token.
    pub async fn connection_of(&self, grant: &EmbedGrant) -> Result<Connection, ServiceError> {
        self.store()
            .connection(&grant.connection)
            .await?
            .ok_or(ServiceError::Unauthenticated)
    }
}
