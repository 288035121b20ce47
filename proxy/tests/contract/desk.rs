//! An adapter, the simulated provider that it speaks to, and an account there.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use pairlink_protocol::{Method, Timestamp};
use pairlink_proxy::domain::{Content, PassRequest, TokenSource};
use pairlink_proxy::provider::{
    Account, AddressPolicy, Issued, Offer, Provider, ProviderError, Registry, Renewal, Renewed,
    Upstream, UpstreamLimits,
};
use pairlink_proxy::secret::Secret;
use pairlink_simulator::{Alive, Clock, Options, Simulator, green_api, wawp};
use time::OffsetDateTime;

use super::cases::Case;

/// Providers forbid to ask again within a second.
const BETWEEN_CALLS: Duration = Duration::from_secs(2);

pub(crate) struct Desk {
    pub(crate) simulator: Simulator,
    pub(crate) adapter: Arc<dyn Provider>,
    pub(crate) account: Account,
}

impl Desk {
    /// With limits that a slow machine does not meet.
    pub(crate) async fn open(provider: &str) -> Self {
        let long = Duration::from_secs(30);
        Self::open_with(provider, long, long).await
    }

    pub(crate) async fn open_with(
        provider: &str,
        deadline: Duration,
        slow_deadline: Duration,
    ) -> Self {
        super::log::keep();
        // The second and later times it is there already.
        drop(rustls::crypto::ring::default_provider().install_default());
        let clock = Clock::manual(OffsetDateTime::from_unix_timestamp(1_781_895_600).unwrap());
        let options = Options {
            clock,
            ..Options::default()
        };
        let simulator = Simulator::start_with(options).await.unwrap();
        let limits = UpstreamLimits {
            deadline,
            slow_deadline,
            ..UpstreamLimits::default()
        };
        let upstream = Upstream::new(AddressPolicy::AllowPrivate, limits).unwrap();
        let adapter = Registry::builtin(&upstream).get(provider).unwrap();
        let account = account(
            adapter.as_ref(),
            &simulator,
            &super::cases::credentials(provider),
        );
        Self {
            simulator,
            adapter,
            account,
        }
    }

    /// The account as it would be with this credential.
    pub(crate) fn account_with(&self, name: &str, text: &str) -> Account {
        let mut given = super::cases::credentials(self.adapter.profile().name);
        given.insert(name.to_owned(), text.to_owned());
        account(self.adapter.as_ref(), &self.simulator, &given)
    }

    pub(crate) fn now(&self) -> Timestamp {
        instant(self.simulator.now())
    }

    pub(crate) fn offer(&self, method: Method) -> &'static Offer {
        self.adapter.profile().offer(method).unwrap()
    }

    pub(crate) async fn issue(&self, case: &Case) -> Result<Issued, ProviderError> {
        self.simulator.advance(BETWEEN_CALLS);
        self.issue_as(&self.account, case).await
    }

    pub(crate) async fn issue_as(
        &self,
        account: &Account,
        case: &Case,
    ) -> Result<Issued, ProviderError> {
        match self.adapter.profile().tokens {
            Some(source) if matches!(case.request, PassRequest::Token) => {
                let token = self.buy(account, source).await?;
                Ok(Issued {
                    content: Content::Token(token.token),
                    expires_at: token.expires_at,
                })
            }
            Some(_) | None => {
                let issued = self.adapter.issue(account, &case.request, self.now());
                issued.await
            }
        }
    }

    /// Every call that a token takes, with nothing kept from earlier ones.
    async fn buy(&self, account: &Account, source: TokenSource) -> Result<Renewed, ProviderError> {
        let minted = self.adapter.renew(account, Renewal::Mint, self.now());
        let minted = minted.await?;
        match source {
            TokenSource::Minted => Ok(minted),
            TokenSource::Exchanged => {
                let by = Renewal::Exchange(&minted.token);
                self.adapter.renew(account, by, self.now()).await
            }
        }
    }

    /// Lets a phone link the account.
    pub(crate) fn link(&self) {
        match self.adapter.profile().name {
            "green-api" => self
                .simulator
                .green_api()
                .scan(green_api::DEMO_ID_INSTANCE)
                .unwrap(),
            "wawp" => self.simulator.wawp().scan(wawp::DEMO_INSTANCE_ID).unwrap(),
            other => panic!("no phone is ever linked at {other}"),
        }
    }

    /// Whether a phone is linked.
    pub(crate) fn is_linked(&self) -> bool {
        match self.adapter.profile().name {
            "green-api" => {
                let state = self
                    .simulator
                    .green_api()
                    .state(green_api::DEMO_ID_INSTANCE);
                state.unwrap() == green_api::InstanceState::Authorized
            }
            "wawp" => {
                let state = self.simulator.wawp().session_state(wawp::DEMO_INSTANCE_ID);
                state.unwrap() == wawp::SessionState::Working
            }
            other => panic!("no phone is ever linked at {other}"),
        }
    }

    /// What of a case is alive at the provider.
    pub(crate) fn alive(&self, case: &Case) -> Vec<Alive> {
        let ledger = self.simulator.ledger().into_iter();
        ledger.filter(|alive| alive.kind == case.kind).collect()
    }

    pub(crate) fn calls(&self, call: &str) -> u64 {
        self.simulator.calls(call).unwrap()
    }

    /// Every text that nobody may read in an error or in the log.
    pub(crate) fn secrets(&self) -> Vec<String> {
        let credentials = self.account.credentials.iter();
        let credentials = credentials.map(|(_name, secret)| secret.expose().to_owned());
        let issued = self.simulator.ledger().into_iter();
        credentials
            .chain(issued.map(|alive| alive.secret))
            .collect()
    }
}

fn account(
    adapter: &dyn Provider,
    simulator: &Simulator,
    given: &BTreeMap<String, String>,
) -> Account {
    let given = given
        .iter()
        .map(|(name, text)| (name.clone(), Secret::new(text.as_str())))
        .collect();
    Account {
        base_url: simulator.base_url().parse().unwrap(),
        credentials: adapter.profile().credentials_from(given).unwrap(),
    }
}

pub(crate) fn instant(at: OffsetDateTime) -> Timestamp {
    let millis = at.unix_timestamp_nanos() / 1_000_000;
    Timestamp::from_unix_millis(i64::try_from(millis).unwrap())
}
