//! Share links: Pairlink's own temporary page for any connection.
//!
//! The address opens nothing by being fetched: a person presses a button, and the browser trades the token of the
//! address for a cookie. Only a few browsers can do that with one link.

use std::time::Duration;

use super::{IssuedEmbedToken, Service, ServiceError, View};
use crate::domain::{
    Action, Actor, ActorKind, Connection, EmbedGrant, Method, Origin, RequestId, ShareLinkId,
    ShareLinkState, Timestamp, TokenClass,
};
use crate::secret::Secret;
use crate::store::{Change, Issuer, ShareLinkRow};
use crate::vault::Place;

const SHORTEST_TTL: Duration = Duration::from_mins(1);
const LONGEST_TTL: Duration = Duration::from_mins(30);
/// A link that was sent to one person is opened on a phone, and perhaps once more on a larger screen.
const MOST_VIEWERS: u32 = 3;
/// The page asks again before the end.
const PAGE_TOKEN_TTL: Duration = Duration::from_mins(5);

/// A share link that is alive.
pub struct LiveShareLink {
    /// The token of its address.
    pub token: Secret,
    /// When it was made.
    pub issued_at: Timestamp,
    /// From when on it opens nothing.
    pub expires_at: Timestamp,
}

/// A share link that was just made.
pub struct NewShareLink {
    /// The link.
    pub link: LiveShareLink,
    /// Whether an earlier one died by this.
    pub replaced: bool,
}

/// What somebody sees who holds the address, before opening it.
pub enum ViewedLink {
    /// It can be opened.
    Live {
        /// For this connection.
        connection: Box<Connection>,
        /// Until then.
        expires_at: Timestamp,
    },
    /// It was one, and opens nothing any more.
    Ended,
}

/// What became of opening a link in a browser.
pub enum Opening {
    /// It is open there now.
    Opened {
        /// What the browser shows from now on.
        cookie: Secret,
        /// As which it is let in by that.
        viewer: Box<Viewer>,
    },
    /// It was open there already.
    Again(Box<Viewer>),
    /// The account of this name needs no phone: there is nothing to open.
    NoPhone(String),
    /// It is alive, and open in as many browsers as it may be.
    TooMany,
    /// It opens nothing any more.
    Ended,
    /// It never was one.
    Unknown,
}

/// What a browser may do that opened a link.
const VIEWER_ACTIONS: [Action; 3] = [Action::Read, Action::Issue, Action::Revoke];

/// A browser that opened a link, let in by its cookie.
pub struct Viewer {
    /// The connection of the link.
    pub connection: Connection,
    /// From then on the browser has nothing.
    pub expires_at: Timestamp,
    link: ShareLinkId,
}

impl Viewer {
    /// In whose name it acts.
    pub fn actor(&self, request: RequestId) -> Actor {
        viewer_actor(&self.link, request)
    }
}

impl Service {
    /// Makes a share link; the earlier one is dead when this succeeds.
    pub async fn create_share_link(
        &self,
        connection: &Connection,
        ttl: Option<Duration>,
        actor: &Actor,
    ) -> Result<NewShareLink, ServiceError> {
        self.refuse_while_observing().await?;
        self.refuse_if_suspended(connection).await?;
        let ttl = ttl.unwrap_or(LONGEST_TTL);
        if !(SHORTEST_TTL..=LONGEST_TTL).contains(&ttl) {
            return Err(ServiceError::InvalidField("ttl_seconds".to_owned()));
        }
        let at = self.now();
        let id = ShareLinkId::random(&mut rand::rng());
        let token = TokenClass::ShareLink.random(&mut rand::rng());
        let expires_at = at.plus_millis(i64::try_from(ttl.as_millis()).unwrap_or(i64::MAX));
        let row = ShareLinkRow {
            token: Some(self.vault().seal(
                token_place(connection, &id),
                &token,
                &mut rand::rng(),
            )?),
            id,
            connection: connection.id.clone(),
            state: ShareLinkState::Live,
            issued_at: at,
            expires_at,
        };
        let hash = self.vault().hash(TokenClass::ShareLink, token.expose())?;
        let replaced = self
            .store()
            .replace_share_link(&row, &hash, Change { actor, at })
            .await?;
        self.hint();
        Ok(NewShareLink {
            link: LiveShareLink {
                token,
                issued_at: at,
                expires_at,
            },
            replaced,
        })
    }

    /// Makes a share link for a page that may issue passes: for a visitor whose browser cannot run the element.
    ///
    /// The page behind a share link gets none: it would never have to end.
    pub async fn create_share_link_for_page(
        &self,
        grant: &EmbedGrant,
        ttl: Option<Duration>,
        actor: &Actor,
    ) -> Result<NewShareLink, ServiceError> {
        self.admit(grant, Action::Issue)?;
        if grant.of_share_link {
            return Err(ServiceError::ActionNotAllowed);
        }
        let connection = self.connection_of(grant).await?;
        self.create_share_link(&connection, ttl, actor).await
    }

    /// The connection's share link, if it has one; changes nothing.
    pub async fn share_link(
        &self,
        connection: &Connection,
    ) -> Result<Option<LiveShareLink>, ServiceError> {
        let Some(row) = self.store().share_link(&connection.id, self.now()).await? else {
            return Ok(None);
        };
        let Some(sealed) = &row.token else {
            return Ok(None);
        };
        let token = self
            .unseal(token_place(connection, &row.id), sealed)
            .await?;
        Ok(Some(LiveShareLink {
            token,
            issued_at: row.issued_at,
            expires_at: row.expires_at,
        }))
    }

    /// Revokes the connection's share link, and every page that was opened with it. Twice is once.
    pub async fn revoke_share_link(
        &self,
        connection: &Connection,
        actor: &Actor,
    ) -> Result<(), ServiceError> {
        self.store()
            .revoke_share_link(
                &connection.id,
                Change {
                    actor,
                    at: self.now(),
                },
            )
            .await?;
        self.hint();
        Ok(())
    }

    /// What an address leads to; changes nothing. None if it never was one.
    pub async fn look_at_share_link(
        &self,
        token: &str,
    ) -> Result<Option<ViewedLink>, ServiceError> {
        let Some(row) = self.share_link_row(token).await? else {
            return Ok(None);
        };
        let connection = self.connection_of_link(&row, self.now()).await?;
        Ok(Some(match connection {
            Some(connection) => ViewedLink::Live {
                connection: Box::new(connection),
                expires_at: row.expires_at,
            },
            None => ViewedLink::Ended,
        }))
    }

    /// Opens a share link in one more browser, unless that has opened it before.
    pub async fn open_share_link(
        &self,
        token: &str,
        known: Option<&str>,
        request: RequestId,
    ) -> Result<Opening, ServiceError> {
        let Some(row) = self.share_link_row(token).await? else {
            return Ok(Opening::Unknown);
        };
        let at = self.now();
        let Some(connection) = self.connection_of_link(&row, at).await? else {
            return Ok(Opening::Ended);
        };
        if self.viewer_methods(&connection)?.is_empty() {
            return Ok(Opening::NoPhone(connection.label.as_str().to_owned()));
        }
        let viewer = Box::new(Viewer {
            connection,
            expires_at: row.expires_at,
            link: row.id.clone(),
        });
        if let Some(known) = known
            && let Some(opened) = self.row_of_viewer(known).await?
            && opened.id == row.id
        {
            return Ok(Opening::Again(viewer));
        }
        let cookie = TokenClass::Viewer.random(&mut rand::rng());
        let hash = self.vault().hash(TokenClass::Viewer, cookie.expose())?;
        let actor = viewer.actor(request);
        let change = Change { actor: &actor, at };
        let added = self
            .store()
            .add_viewer(&row.id, &hash, MOST_VIEWERS, change)
            .await?;
        if added {
            return Ok(Opening::Opened { cookie, viewer });
        }
        let now = self.share_link_row(token).await?;
        let alive = now.is_some_and(|row| row.state == ShareLinkState::Live && at < row.expires_at);
        Ok(if alive {
            Opening::TooMany
        } else {
            Opening::Ended
        })
    }

    /// The browser that has this cookie; none if the cookie opens nothing.
    pub async fn viewer(&self, viewer: &str) -> Result<Option<Viewer>, ServiceError> {
        let Some(row) = self.row_of_viewer(viewer).await? else {
            return Ok(None);
        };
        let connection = self.store().connection(&row.connection).await?;
        Ok(connection.map(|connection| Viewer {
            connection,
            expires_at: row.expires_at,
            link: row.id,
        }))
    }

    /// The ways in which whoever opens a link can connect a phone; none where the account needs no phone.
    pub fn viewer_methods(&self, connection: &Connection) -> Result<Vec<Method>, ServiceError> {
        self.methods(connection, &VIEWER_ACTIONS)
    }

    /// What a browser sees that opened a link; changes nothing.
    pub async fn viewer_view(&self, connection: Connection) -> Result<View, ServiceError> {
        self.view(connection, &VIEWER_ACTIONS).await
    }

    /// Makes an embed token for the page that a browser's cookie opens.
    pub async fn viewer_embed_token(
        &self,
        viewer: &str,
        request: RequestId,
    ) -> Result<IssuedEmbedToken, ServiceError> {
        let viewer = self
            .viewer(viewer)
            .await?
            .ok_or(ServiceError::Unauthenticated)?;
        let actor = viewer.actor(request);
        // No page outlives the link that opened it.
        let left = u64::try_from(viewer.expires_at.millis_since(self.now())).unwrap_or(0);
        self.give_embed_token(
            &viewer.connection,
            VIEWER_ACTIONS.to_vec(),
            vec![Origin::of(self.public_url())],
            PAGE_TOKEN_TTL.min(Duration::from_millis(left)),
            Issuer::ShareLink(viewer.link),
            &actor,
        )
        .await
    }

    /// What the link leads to; none if it opens nothing any more.
    async fn connection_of_link(
        &self,
        row: &ShareLinkRow,
        at: Timestamp,
    ) -> Result<Option<Connection>, ServiceError> {
        let alive = row.state == ShareLinkState::Live && at < row.expires_at;
        if !alive || self.0.ground.is_clock_suspect() {
            return Ok(None);
        }
        Ok(self.store().connection(&row.connection).await?)
    }

    async fn share_link_row(&self, token: &str) -> Result<Option<ShareLinkRow>, ServiceError> {
        if !TokenClass::ShareLink.matches(token) {
            return Ok(None);
        }
        let hash = self.vault().hash(TokenClass::ShareLink, token)?;
        Ok(self.store().share_link_by_token(&hash).await?)
    }

    async fn row_of_viewer(&self, viewer: &str) -> Result<Option<ShareLinkRow>, ServiceError> {
        if !TokenClass::Viewer.matches(viewer) || self.0.ground.is_clock_suspect() {
            return Ok(None);
        }
        let hash = self.vault().hash(TokenClass::Viewer, viewer)?;
        Ok(self.store().share_link_of_viewer(&hash, self.now()).await?)
    }
}

fn viewer_actor(link: &ShareLinkId, request: RequestId) -> Actor {
    Actor {
        kind: ActorKind::ShareLink,
        id: link.as_str().to_owned(),
        request: Some(request),
    }
}

fn token_place<'a>(connection: &'a Connection, id: &'a ShareLinkId) -> Place<'a> {
    Place {
        tenant: connection.tenant.as_str(),
        table: "share_links",
        row: id.as_str(),
        column: "token",
    }
}
