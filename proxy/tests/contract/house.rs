//! The rules above the adapters, with a store of their own and one connection.

use std::sync::Arc;
use std::time::Duration;

use pairlink_protocol::{Action, SessionState, Timestamp};
use pairlink_proxy::clock::Clock;
use pairlink_proxy::domain::{AccountPolicy, Actor, Connection, PassRequest, Tenant};
use pairlink_proxy::provider::{AddressPolicy, Registry, Upstream, UpstreamLimits};
use pairlink_proxy::secret::Secret;
use pairlink_proxy::service::{
    Earlier, IssueOutcome, LivePass, NewConnection, Pace, Parts, Revoked, Service, ServiceError,
};
use pairlink_proxy::store::KeyStore as _;
use pairlink_proxy::store::sqlite::SqliteStore;
use pairlink_proxy::vault::{MasterKey, Vault};
use pairlink_proxy::webhook::{Courier, CourierLimits};
use tempfile::TempDir;

use super::cases::{Case, credentials};
use super::desk::{Desk, instant};

pub(crate) struct House {
    pub(crate) desk: Arc<Desk>,
    pub(crate) service: Service,
    pub(crate) connection: Connection,
    _directory: TempDir,
}

/// The simulated instant.
struct SimulatedClock(Arc<Desk>);

impl Clock for SimulatedClock {
    fn now(&self) -> Timestamp {
        self.0.now()
    }
}

impl House {
    pub(crate) async fn open(provider: &str) -> Self {
        let desk = Arc::new(Desk::open(provider).await);
        let directory = tempfile::tempdir().unwrap();
        let address = format!(
            "sqlite://{}",
            directory.path().join("pairlink.db").display()
        );
        let store = SqliteStore::open(&address).await.unwrap();
        let master = MasterKey::random(&mut rand::rng());
        let new = Vault::new_keys(&master, &mut rand::rng()).unwrap();
        let keys = store.data_keys_or(&new, desk.now()).await.unwrap();
        let addresses = AddressPolicy::AllowPrivate;
        let upstream = Upstream::new(addresses, UpstreamLimits::default()).unwrap();
        let service = Service::new(Parts {
            store: Arc::new(store),
            vault: Vault::unlock(&master, &keys).unwrap(),
            registry: Registry::builtin(&upstream),
            addresses,
            courier: Courier::new(addresses, CourierLimits::default()).unwrap(),
            clock: Arc::new(SimulatedClock(Arc::clone(&desk))),
            public_url: "http://127.0.0.1".parse().unwrap(),
            audit_head_file: None,
            pace: Pace {
                patience: Duration::from_secs(30),
                settle_again: Duration::from_millis(20),
                ..Pace::default()
            },
        });
        let credentials = credentials(provider)
            .into_iter()
            .map(|(name, text)| (name, Secret::new(text)))
            .collect();
        let new = NewConnection {
            expected_phone: None,
            provider: provider.to_owned(),
            tenant: Tenant::single(),
            label: None,
            base_url: Some(desk.simulator.base_url().to_owned()),
            credentials,
            policy: AccountPolicy::Never,
        };
        let connection = service
            .add_connection(new, &Actor::operator())
            .await
            .unwrap();
        Self {
            desk,
            service,
            connection,
            _directory: directory,
        }
    }

    pub(crate) async fn ask(
        &self,
        request: &PassRequest,
        key: Option<&str>,
    ) -> Result<LivePass, ServiceError> {
        // Providers forbid to ask again within a second.
        self.desk.simulator.advance(Duration::from_secs(2));
        let actor = Actor::operator();
        let asked =
            self.service
                .issue_pass(&self.connection, request, Earlier::Replace, key, &actor);
        match asked.await? {
            IssueOutcome::Issued { pass, .. } | IssueOutcome::Reused(pass) => Ok(pass),
            IssueOutcome::Pending => panic!("the provider keeps everybody waiting"),
        }
    }

    /// Issues one before what a test is about; not where that would go another way then, by a refresh token.
    pub(crate) async fn ask_first(&self, case: &Case) -> Option<LivePass> {
        if case.calls.len() > 1 {
            return None;
        }
        Some(self.ask(&case.request, None).await.unwrap())
    }

    pub(crate) async fn revoke(&self) -> Revoked {
        let actor = Actor::operator();
        let revoked = self.service.revoke_passes(&self.connection, &actor);
        revoked.await.unwrap()
    }

    pub(crate) async fn log_out(&self) -> Result<SessionState, ServiceError> {
        let actor = Actor::operator();
        self.service.log_out(&self.connection, &actor).await
    }

    /// The text of what is given out now.
    pub(crate) async fn shown(&self) -> Option<String> {
        let view = self.service.view(self.connection.clone(), &Action::ALL);
        let pass = view.await.unwrap().pass?;
        Some(pass.content.secret().expose().to_owned())
    }

    /// When the last of what a case made is dead at the provider.
    pub(crate) fn last_end(&self, case: &Case) -> Option<Timestamp> {
        let ends = self.desk.alive(case).into_iter();
        ends.map(|alive| instant(alive.expires_at)).max()
    }
}
