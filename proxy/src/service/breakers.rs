//! Leaves providers alone that fail, or that ask for it: one connection of theirs, or all of them.
//!
//! Only what can wait is held back: issuing, and looking at a login. What takes back and what finds out what is alive
//! always gets by, at its own pace; API tokens have a rule of their own, in the store. A replica counts for itself: it
//! costs a provider a few calls more, and nobody depends on it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use super::Service;
use crate::domain::{
    Breaker, BreakerPosition, BreakerScope, CallOutcome, ConnectionId, LeftAlone, LeftAloneFor,
    LinkedPhone, Method, PassRequest, SessionState, Timestamp,
};
use crate::metrics;
use crate::provider::{
    Account, Addressed, ApiPath, Current, Issued, NotAddressed, Profile, Provider, ProviderError,
    Renewal, Renewed,
};
use crate::secret::Secret;

/// How long a breaker stays open at first, in the pauses that settling makes.
const FIRST_PAUSE: u32 = 5;

/// Whose breaker.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Whose {
    Connection(ConnectionId),
    /// Everybody's at that address: a provider that a tenant names an address for is another one.
    Provider(String),
}

impl Whose {
    const fn scope(&self) -> BreakerScope {
        match self {
            Self::Connection(_) => BreakerScope::Connection,
            Self::Provider(_) => BreakerScope::Provider,
        }
    }
}

/// The breakers that are not as new ones are.
#[derive(Default)]
pub(super) struct Breakers(Mutex<HashMap<Whose, (&'static str, Breaker)>>);

impl Breakers {
    fn map(&self) -> MutexGuard<'_, HashMap<Whose, (&'static str, Breaker)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a call by if nobody's breaker says no.
    fn admit(&self, guarded: &Guarded, now: Timestamp) -> Result<(), LeftAlone> {
        let mut map = self.map();
        let mut let_by: Vec<&Whose> = Vec::new();
        for whose in &guarded.whose {
            let Some((_, breaker)) = map.get_mut(whose) else {
                continue;
            };
            match breaker.admit(now) {
                Ok(()) => let_by.push(whose),
                Err(left_alone) => {
                    for earlier in let_by {
                        if let Some((_, breaker)) = map.get_mut(earlier) {
                            breaker.forgo();
                        }
                    }
                    return Err(left_alone);
                }
            }
        }
        tell(&map, guarded.provider());
        Ok(())
    }

    fn note(&self, guarded: &Guarded, outcome: CallOutcome, now: Timestamp, pause_millis: i64) {
        let mut map = self.map();
        for whose in &guarded.whose {
            if outcome == CallOutcome::Answered && !map.contains_key(whose) {
                continue;
            }
            let (_, breaker) = map
                .entry(whose.clone())
                .or_insert_with(|| (guarded.provider(), Breaker::new(whose.scope())));
            let before = breaker.position();
            breaker.note(outcome, &guarded.connection, now, pause_millis);
            let after = breaker.position();
            if before == BreakerPosition::Closed && after == BreakerPosition::Open {
                tracing::warn!(connection.id = %guarded.connection, connection.provider = guarded.provider(), scope = whose.scope().as_str(), "leaves a provider alone for a while");
            }
            if breaker.is_untouched() {
                map.remove(whose);
            }
        }
        tell(&map, guarded.provider());
    }
}

/// Tells operators how a provider's breakers are.
fn tell(map: &HashMap<Whose, (&'static str, Breaker)>, provider: &'static str) {
    for scope in [BreakerScope::Connection, BreakerScope::Provider] {
        let count = |position| {
            map.iter()
                .filter(|(whose, (of, breaker))| {
                    *of == provider && whose.scope() == scope && breaker.position() == position
                })
                .count()
        };
        metrics::breakers(
            provider,
            scope,
            count(BreakerPosition::Open),
            count(BreakerPosition::HalfOpen),
        );
    }
}

/// A provider, as one connection may call it now.
struct Guarded {
    service: Service,
    provider: Arc<dyn Provider>,
    connection: ConnectionId,
    whose: [Whose; 2],
}

impl Service {
    /// The provider, behind the breakers of a connection to it.
    pub(super) fn guarded(
        &self,
        provider: Arc<dyn Provider>,
        connection: &ConnectionId,
        account: &Account,
    ) -> Arc<dyn Provider> {
        let address = account.base_url.origin().ascii_serialization();
        let everybody = format!("{} {address}", provider.profile().name);
        Arc::new(Guarded {
            service: self.clone(),
            provider,
            connection: connection.clone(),
            whose: [
                Whose::Connection(connection.clone()),
                Whose::Provider(everybody),
            ],
        })
    }
}

impl Guarded {
    fn provider(&self) -> &'static str {
        self.provider.profile().name
    }

    /// Makes a call, unless the provider is left alone.
    async fn call<T>(
        &self,
        call: impl Future<Output = Result<T, ProviderError>>,
    ) -> Result<T, ProviderError> {
        let breakers = &self.service.0.breakers;
        breakers
            .admit(self, self.service.now())
            .map_err(|left| ProviderError::LeftAlone {
                asked: left.why == LeftAloneFor::Asked,
                retry_after: left.retry_after,
            })?;
        let result = call.await;
        let outcome = match &result {
            Ok(_) => CallOutcome::Answered,
            Err(error) => outcome(*error),
        };
        let pause = (self.service.pace().settle_again * FIRST_PAUSE).as_millis();
        let pause = i64::try_from(pause).unwrap_or(i64::MAX);
        breakers.note(self, outcome, self.service.now(), pause);
        result
    }
}

const fn outcome(error: ProviderError) -> CallOutcome {
    match error {
        ProviderError::RateLimited { retry_after } => CallOutcome::AskedToWait(retry_after),
        ProviderError::Status(_)
        | ProviderError::Unreachable
        | ProviderError::Broken
        | ProviderError::Timeout => CallOutcome::Failed,
        ProviderError::Credentials
        | ProviderError::Token
        | ProviderError::Refused(_)
        | ProviderError::Malformed
        | ProviderError::AlreadyConnected
        | ProviderError::NotReady { .. }
        | ProviderError::LeftAlone { .. }
        | ProviderError::NotOffered => CallOutcome::Answered,
    }
}

#[async_trait]
impl Provider for Guarded {
    fn profile(&self) -> &'static Profile {
        self.provider.profile()
    }

    async fn issue(
        &self,
        account: &Account,
        request: &PassRequest,
        now: Timestamp,
    ) -> Result<Issued, ProviderError> {
        self.call(self.provider.issue(account, request, now)).await
    }

    async fn renew(
        &self,
        account: &Account,
        by: Renewal<'_>,
        now: Timestamp,
    ) -> Result<Renewed, ProviderError> {
        self.provider.renew(account, by, now).await
    }

    async fn current(
        &self,
        account: &Account,
        method: Method,
        now: Timestamp,
    ) -> Result<Current, ProviderError> {
        self.provider.current(account, method, now).await
    }

    async fn revoke(&self, account: &Account) -> Result<(), ProviderError> {
        self.provider.revoke(account).await
    }

    async fn session(&self, account: &Account) -> Result<SessionState, ProviderError> {
        self.call(self.provider.session(account)).await
    }

    fn address(
        &self,
        account: &Account,
        path: &ApiPath,
        token: Option<&Secret>,
    ) -> Result<Addressed, NotAddressed> {
        self.provider.address(account, path, token)
    }

    fn refuses_token(&self, status: u16, beginning: &[u8]) -> bool {
        self.provider.refuses_token(status, beginning)
    }

    async fn log_out(&self, account: &Account) -> Result<(), ProviderError> {
        self.provider.log_out(account).await
    }

    /// Lets by whoever finds out the wrong phone.
    async fn linked_phone(&self, account: &Account) -> Result<Option<LinkedPhone>, ProviderError> {
        self.provider.linked_phone(account).await
    }

    fn hints_at_login(&self, account: &Account, body: &[u8]) -> bool {
        self.provider.hints_at_login(account, body)
    }
}
