//! Chaos: a real proxy is killed, starved and lied to at random while it issues, revokes, renews and reads; then
//! everything that its provider says is alive must be what it says itself. `cargo xtask chaos` runs it for longer.
//!
//! What is asked of it is asked over HTTP, so it does not matter where the store is.

mod meet;
mod oracle;
mod run;

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use pairlink_simulator::{Fault, FaultKind, wawp};
use reqwest::Method;
use serde_json::json;

use self::run::Theatre;

pub(crate) use meet::meet;
pub(crate) use run::run;

/// What a run is like.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    /// It ends after so many faults,
    pub(crate) faults: u64,
    /// or after so long.
    pub(crate) at_most: Duration,
    /// The same seed makes the same faults in the same order.
    pub(crate) seed: u64,
    /// The defect that the proxy is to have; none if it is empty.
    pub(crate) broken: &'static str,
}

/// What a run did.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    /// Faults, by kind.
    pub(crate) injected: BTreeMap<String, u64>,
    /// Requests, by what they asked and how they were answered.
    pub(crate) answers: BTreeMap<String, u64>,
    /// How often everything was held against the provider's ledger.
    pub(crate) checks: u64,
    pub(crate) took: Duration,
}

/// Something that must never be.
#[derive(Debug)]
pub(crate) struct Violation(pub(crate) String);

impl Figures {
    pub(crate) fn faults(&self) -> u64 {
        self.injected.values().sum()
    }

    fn count(&mut self, fault: impl Into<String>) {
        *self.injected.entry(fault.into()).or_default() += 1;
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            out,
            "{} faults, {} checks, {:.1} s",
            self.faults(),
            self.checks,
            self.took.as_secs_f32()
        )?;
        for (what, count) in self.injected.iter().chain(&self.answers) {
            writeln!(out, "  {count:>7}  {what}")?;
        }
        Ok(())
    }
}

#[tokio::test]
async fn a_minute_of_chaos_leaves_nothing_alive_and_unknown() {
    let plan = Plan {
        faults: 150,
        at_most: Duration::from_secs(50),
        seed: 5,
        broken: "",
    };
    let figures = run(plan).await.unwrap();
    assert!(figures.checks >= 2, "{figures}");
    assert!(figures.faults() >= 20, "{figures}");
}

#[tokio::test]
async fn no_use_that_begins_after_a_revocation_succeeds() {
    let plan = Plan {
        faults: 2_000,
        at_most: Duration::from_secs(30),
        seed: 5,
        broken: "",
    };
    let figures = meet(plan).await.unwrap();
    assert!(figures.checks >= 2, "{figures}");
}

#[tokio::test]
async fn broken_by_a_cache_a_use_is_noticed_that_meets_a_revocation() {
    let plan = Plan {
        faults: 2_000,
        at_most: Duration::from_secs(30),
        seed: 5,
        broken: "cache-validity",
    };
    let Violation(what) = meet(plan).await.expect_err("it must be noticed");
    assert_eq!(what, "used after its revocation");
}

/// As `cargo xtask chaos` starts it.
#[tokio::test]
#[ignore = "long; cargo xtask chaos"]
#[expect(clippy::print_stdout, reason = "it is run for its figures")]
async fn at_length() {
    let number = |name: &str| {
        let said = std::env::var(name).ok()?;
        Some(said.parse::<u64>().unwrap())
    };
    let plan = Plan {
        faults: number("CHAOS_FAULTS").unwrap_or(10_000),
        at_most: Duration::from_secs(60 * number("CHAOS_MINUTES").unwrap_or(60)),
        seed: number("CHAOS_SEED").unwrap_or_else(rand::random),
        broken: "",
    };
    println!("seed {}", plan.seed);
    let outcome = match number("CHAOS_RACES") {
        Some(uses) => {
            meet(Plan {
                faults: uses,
                ..plan
            })
            .await
        }
        None => run(plan).await,
    };
    match outcome {
        Ok(figures) => println!("{figures}"),
        Err(Violation(what)) => panic!("seed {}: {what}", plan.seed),
    }
}

/// Each rule, broken on purpose, must be noticed.
macro_rules! broken {
    ($($test:ident: $defect:literal, $noticed:literal;)*) => {
        $(
            #[tokio::test]
            async fn $test() {
                // Noticed within a minute where nothing else runs; only a rule that nobody looks at takes all of it.
                let plan = Plan {
                    faults: 2_000,
                    at_most: Duration::from_secs(300),
                    seed: 5,
                    broken: $defect,
                };
                let Violation(what) = run(plan).await.expect_err("it must be noticed");
                assert!(what.contains($noticed), "noticed, but not for this: {what}");
            }
        )*
    };
}

broken! {
    broken_without_an_intent_it_is_noticed: "no-intent-row", "alive and unknown";
    broken_without_settling_it_is_noticed: "no-settle", "alive and unknown";
    broken_by_reading_before_writing_it_is_noticed: "read-then-write", "after its revocation";
    broken_by_a_cache_it_is_noticed: "cache-validity", "after its revocation";
    broken_by_not_asking_the_provider_it_is_noticed: "revoke-unasked", "alive";
}

/// Random faults meet this one too seldom for a short run.
#[tokio::test]
async fn broken_by_forgetting_revocations_it_is_noticed() {
    let mut theatre = Theatre::open(Plan {
        faults: 0,
        at_most: Duration::from_secs(30),
        seed: 5,
        broken: "revoke-forgotten",
    })
    .await;
    let (connection, _account) = theatre.connections.first().unwrap();
    let path = format!("/v1/connections/{connection}/pass");
    let issue = theatre.request(Method::POST, &path);
    let issued = issue.json(&json!({ "method": "link" })).send().await;
    assert_eq!(issued.unwrap().status(), 201);
    let refusing = FaultKind::Refusal("wawp_upstream_error".to_owned());
    let refusing = Fault::before(refusing).until_cleared();
    theatre.simulator.inject(wawp::REVOKE, refusing).unwrap();
    let revoked = theatre.request(Method::DELETE, &path).send().await;
    assert_eq!(revoked.unwrap().status(), 200);
    let Violation(what) = theatre.look().await.expect_err("it must be noticed");
    assert_eq!(what, "alive and unknown");
    theatre.kill().await;
}
