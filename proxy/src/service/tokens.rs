//! The short-lived tokens of providers' APIs: given out from the store while they are good, renewed when they are not.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::Shared;
use tokio::sync::oneshot;

use super::{Service, ServiceError};
use crate::domain::credential::SHORTEST_LEFT_MILLIS;
use crate::domain::{Connection, ConnectionId, Content, RenewalState, Timestamp, TokenKind};
use crate::metrics;
use crate::provider::Issued;
use crate::secret::Secret;
use crate::store::{CredentialRow, HeldToken, RenewalRow};
use crate::vault::Place;

/// How often somebody else's renewal is waited for, in ticks and fractions of them.
const LOOKS_PER_TICK: u32 = 4;
/// For how many renewals of others one call waits, or is overtaken, before it gives up.
const MOST_ROUNDS: u32 = 3;
/// That a token is wanted is written down once in so long.
const ASKED_EVERY_MILLIS: i64 = 60 * 60 * 1000;

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

/// Who wants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// A program, which asks again by itself: it is told at once while the provider is left alone after a failure.
    Program,
    /// A person who waits: worth a try.
    Person,
    /// Nobody yet.
    Ahead,
}

/// The end of a renewal, for everybody of this process who waits for it.
type Landing = Shared<oneshot::Receiver<Result<ApiToken, ServiceError>>>;

/// Renewals that are on their way in this process. Among processes the store's lease counts.
#[derive(Default)]
pub(super) struct Renewals(Mutex<HashMap<ConnectionId, Landing>>);

impl Renewals {
    fn map(&self) -> std::sync::MutexGuard<'_, HashMap<ConnectionId, Landing>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many are on their way.
    pub(super) fn under_way(&self) -> usize {
        self.map().len()
    }
}

/// A renewal that is on its way, taken out when it ends, however it does.
struct Entered<'a>(&'a Service, &'a ConnectionId);

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        self.0.0.renewals.map().remove(self.1);
    }
}

impl Service {
    /// The connection's API token. One that is valid comes from the store, and the provider is not called.
    pub async fn api_token(
        &self,
        connection: &Connection,
        wanted: Freshness,
    ) -> Result<ApiToken, ServiceError> {
        self.refuse_while_observing().await?;
        self.refuse_if_suspended(connection).await?;
        self.token(connection, wanted, Wish::Program).await
    }

    /// A token that nobody has yet, for a pass.
    pub(super) async fn new_token(&self, connection: &Connection) -> Result<Issued, ServiceError> {
        let newest = self.store().renewal(&connection.id).await?;
        let serial = newest.map_or(0, |row| row.serial);
        let wanted = Freshness::NewerThan(serial);
        let token = self.token(connection, wanted, Wish::Person).await?;
        Ok(Issued {
            content: Content::Token(token.token),
            expires_at: token.expires_at,
        })
    }

    async fn token(
        &self,
        connection: &Connection,
        wanted: Freshness,
        wish: Wish,
    ) -> Result<ApiToken, ServiceError> {
        let profile = self.provider_of(connection)?.profile();
        if profile.tokens.is_none() {
            return Err(ServiceError::MethodNotOffered);
        }
        if connection.is_dead(self.now()) {
            return Err(ServiceError::NeedsCredentials);
        }
        let held = self.store().api_token(&connection.id).await?;
        let asked_at = held.as_ref().and_then(|held| held.asked_at);
        if let Some(token) = self.fitting(connection, held, wanted).await? {
            let stale = self.now().plus_millis(-ASKED_EVERY_MILLIS);
            if asked_at.is_none_or(|at| at <= stale) {
                self.store().note_asked(&connection.id, self.now()).await?;
            }
            metrics::token_served(profile.name, "store");
            return Ok(token);
        }
        for _round in 0..MOST_ROUNDS {
            // Whoever joined a renewal that somebody else wanted may get an earlier token than its own wish.
            let token = self.renewal_of(connection, wanted, wish).await?;
            if fits(token.expires_at, token.serial, wanted, self.now()) {
                metrics::token_served(profile.name, "renewal");
                return Ok(token);
            }
        }
        Err(ServiceError::Busy)
    }

    /// Joins the renewal of the connection that is on its way here, or starts one; it comes to its end by itself.
    pub(super) fn renewal_of(
        &self,
        connection: &Connection,
        wanted: Freshness,
        wish: Wish,
    ) -> impl Future<Output = Result<ApiToken, ServiceError>> + use<> {
        let mut map = self.0.renewals.map();
        let landing = map.get(&connection.id).cloned().unwrap_or_else(|| {
            let (done, landing) = oneshot::channel();
            let landing = landing.shared();
            map.insert(connection.id.clone(), landing.clone());
            let (service, connection) = (self.clone(), connection.clone());
            self.0.tasks.spawn(async move {
                let entered = Entered(&service, &connection.id);
                let result = service.come_by(&connection, wanted, wish).await;
                drop(entered);
                // Nobody may be waiting any more.
                drop(done.send(result));
            });
            landing
        });
        landing.map(|said| said.unwrap_or(Err(ServiceError::GivenUp)))
    }

    /// Renews, or waits for another process that does.
    async fn come_by(
        &self,
        connection: &Connection,
        wanted: Freshness,
        wish: Wish,
    ) -> Result<ApiToken, ServiceError> {
        let patience = tokio::time::sleep(super::renew::LEASE);
        tokio::pin!(patience);
        loop {
            let held = self.store().api_token(&connection.id).await?;
            if let Some(token) = self.fitting(connection, held, wanted).await? {
                return Ok(token);
            }
            self.let_by(self.store().renewal(&connection.id).await?, wish)?;
            let (now, until) = self.lease();
            if let Some(lease) = self
                .store()
                .claim_renewal(&connection.id, wish != Wish::Ahead, now, until)
                .await?
            {
                // None: it was overtaken, or the account was replaced meanwhile.
                if let Some(token) = self.renew(connection, lease, wanted).await? {
                    return Ok(token);
                }
            } else if self.store().connection(&connection.id).await?.is_none() {
                return Err(ServiceError::NotFound);
            }
            tokio::select! {
                () = &mut patience => return Err(ServiceError::Busy),
                () = tokio::time::sleep(self.pace().tick / LOOKS_PER_TICK) => {}
            }
        }
    }

    /// Whether the provider may be asked now.
    fn let_by(&self, renewal: Option<RenewalRow>, wish: Wish) -> Result<(), ServiceError> {
        let Some(row) = renewal else {
            return Ok(());
        };
        let wait = row
            .due_at
            .map_or(0, |due_at| due_at.millis_since(self.now()));
        if wait <= 0 {
            return Ok(());
        }
        match row.state {
            RenewalState::Well => Ok(()),
            RenewalState::Refused { .. } => Err(ServiceError::NeedsCredentials),
            RenewalState::Failing { error: code, .. } => match wish {
                Wish::Person => Ok(()),
                Wish::Program | Wish::Ahead => Err(ServiceError::BackingOff {
                    code,
                    retry_after: u32::try_from(wait.saturating_add(999) / 1000).unwrap_or(u32::MAX),
                }),
            },
        }
    }

    /// The token that is held, opened, if it is one that is wanted.
    pub(super) async fn fitting(
        &self,
        connection: &Connection,
        held: Option<HeldToken>,
        wanted: Freshness,
    ) -> Result<Option<ApiToken>, ServiceError> {
        let Some(held) = held else {
            return Ok(None);
        };
        // Without an end it is not an API token of ours.
        let Some(expires_at) = held.row.expires_at else {
            return Ok(None);
        };
        if !fits(expires_at, held.serial, wanted, self.now()) {
            return Ok(None);
        }
        Ok(Some(ApiToken {
            token: self.open_credential(connection, &held.row).await?,
            expires_at,
            serial: held.serial,
        }))
    }

    /// Opens a token.
    pub(super) async fn open_credential(
        &self,
        connection: &Connection,
        row: &CredentialRow,
    ) -> Result<Secret, ServiceError> {
        let name = credential_row(connection, row.kind);
        self.unseal(credential_place(connection, &name), &row.value)
            .await
    }
}

/// Whether it is a token that is wanted, and good for a while.
fn fits(expires_at: Timestamp, serial: i64, wanted: Freshness, now: Timestamp) -> bool {
    let wanted = match wanted {
        Freshness::Valid => true,
        Freshness::NewerThan(earlier) => serial > earlier,
    };
    wanted && expires_at.millis_since(now) > SHORTEST_LEFT_MILLIS
}

/// What names the row of a token, as `vault::SEALED_COLUMNS` says.
pub(super) fn credential_row(connection: &Connection, kind: TokenKind) -> String {
    format!("{}.{}", connection.id, kind.as_str())
}

pub(super) fn credential_place<'a>(connection: &'a Connection, row: &'a str) -> Place<'a> {
    Place {
        tenant: connection.tenant.as_str(),
        table: "credentials",
        row,
        column: "value",
    }
}
