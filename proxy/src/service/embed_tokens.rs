//! Embed tokens: what a page holds.

use std::time::Duration;

use super::{Service, ServiceError};
use crate::domain::{
    Action, Actor, Connection, EmbedGrant, EmbedTokenId, Origin, Timestamp, TokenClass,
};
use crate::secret::Secret;
use crate::store::{Change, Issuer, NewEmbedToken};

/// The longest that an embed token lives.
pub const LONGEST_EMBED_TTL: Duration = Duration::from_hours(1);
const SHORTEST_EMBED_TTL: Duration = Duration::from_mins(1);
const USUAL_EMBED_TTL: Duration = Duration::from_mins(15);
const MOST_ORIGINS: usize = 10;

/// What a page is to be allowed, as it came from outside.
pub struct EmbedTokenRequest {
    /// What it may do.
    pub actions: Vec<Action>,
    /// Where it may be.
    pub origins: Vec<String>,
    /// How long.
    pub ttl: Option<Duration>,
}

/// An embed token, with the token itself: this once.
pub struct IssuedEmbedToken {
    /// The token.
    pub token: Secret,
    /// From when on it opens nothing.
    pub expires_at: Timestamp,
    /// What its page may do.
    pub actions: Vec<Action>,
}

impl Service {
    /// Makes an embed token for a host's page.
    pub async fn create_embed_token(
        &self,
        connection: &Connection,
        request: EmbedTokenRequest,
        issuer: Issuer,
        actor: &Actor,
    ) -> Result<IssuedEmbedToken, ServiceError> {
        let invalid = |field: &str| ServiceError::InvalidField(field.to_owned());
        let mut actions = request.actions;
        actions.sort_unstable();
        actions.dedup();
        if actions.is_empty() {
            return Err(invalid("actions"));
        }
        if request.origins.is_empty() || request.origins.len() > MOST_ORIGINS {
            return Err(invalid("origins"));
        }
        let origins: Result<Vec<Origin>, _> = request
            .origins
            .iter()
            .map(|text| Origin::parse(text))
            .collect();
        let origins = origins.map_err(|_cause| invalid("origins"))?;
        let ttl = request.ttl.unwrap_or(USUAL_EMBED_TTL);
        if !(SHORTEST_EMBED_TTL..=LONGEST_EMBED_TTL).contains(&ttl) {
            return Err(invalid("ttl_seconds"));
        }
        self.give_embed_token(connection, actions, origins, ttl, issuer, actor)
            .await
    }

    /// Makes an embed token out of parts that are known to be right.
    pub(super) async fn give_embed_token(
        &self,
        connection: &Connection,
        actions: Vec<Action>,
        origins: Vec<Origin>,
        ttl: Duration,
        issuer: Issuer,
        actor: &Actor,
    ) -> Result<IssuedEmbedToken, ServiceError> {
        self.refuse_if_suspended(connection).await?;
        let at = self.now();
        let token = TokenClass::Embed.random(&mut rand::rng());
        let expires_at = at.plus_millis(i64::try_from(ttl.as_millis()).unwrap_or(i64::MAX));
        let grant = EmbedGrant {
            id: EmbedTokenId::random(&mut rand::rng()),
            connection: connection.id.clone(),
            tenant: connection.tenant.clone(),
            actions: actions.clone(),
            origins,
            expires_at,
            revoked: false,
            suspended: false,
            of_share_link: matches!(issuer, Issuer::ShareLink(_)),
        };
        let hash = self.vault().hash(TokenClass::Embed, token.expose())?;
        let new = NewEmbedToken {
            grant,
            token: hash,
            issuer,
        };
        self.store()
            .add_embed_token(&new, Change { actor, at })
            .await?;
        Ok(IssuedEmbedToken {
            token,
            expires_at,
            actions,
        })
    }
}
