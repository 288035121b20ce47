//! Uses that meet a revocation: many read a link while it is revoked.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use pairlink_simulator::{Fault, FaultKind, wawp};
use reqwest::Method;
use serde_json::{Value, json};

use super::run::Theatre;
use super::{Figures, Plan, Violation};
use crate::harness::in_time;

/// So many read at a time, over and over.
const READERS: usize = 16;
/// What each reads once it knows of the revocation.
const MORE: u32 = 2;

/// Revokes links under the eyes of many until there were so many uses. A use that began after the revocation's commit
/// and got the link is a violation; the provider's side says when the commit was, because it is asked after it.
#[expect(
    clippy::disallowed_methods,
    reason = "a run is measured by the real clock"
)]
pub(crate) async fn meet(plan: Plan) -> Result<Figures, Violation> {
    let begun = Instant::now();
    let mut theatre = Theatre::open(plan).await;
    let (uses, met) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    while uses.load(Ordering::Relaxed) < plan.faults && begun.elapsed() < plan.at_most {
        revoke_before_all(&theatre, &uses, &met).await?;
        theatre.figures.checks += 1;
    }
    let answers = &mut theatre.figures.answers;
    answers.insert("uses".to_owned(), uses.load(Ordering::Relaxed));
    let met = met.load(Ordering::Relaxed);
    answers.insert("uses on their way at the commit".to_owned(), met);
    theatre.kill().await;
    theatre.figures.took = begun.elapsed();
    Ok(theatre.figures)
}

async fn revoke_before_all(
    theatre: &Theatre,
    uses: &Arc<AtomicU64>,
    met: &Arc<AtomicU64>,
) -> Result<(), Violation> {
    let (connection, _account) = theatre.connections.first().unwrap();
    let path = format!("/v1/connections/{connection}/pass");
    let issue = theatre.request(Method::POST, &path);
    let issued = issue.json(&json!({ "method": "link" })).send().await;
    let issued: Value = issued.unwrap().json().await.unwrap();
    assert!(!issued["pass"].is_null(), "{issued}");
    let revoked = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> = (0..READERS)
        .map(|_| {
            let (revoked, uses, met) = (Arc::clone(&revoked), Arc::clone(uses), Arc::clone(met));
            let request = theatre.request(Method::GET, &path);
            tokio::spawn(async move {
                let mut more = MORE;
                while more > 0 {
                    let before = revoked.load(Ordering::SeqCst);
                    more -= u32::from(before);
                    let answer = request.try_clone().unwrap().send().await.unwrap();
                    assert_eq!(answer.status(), 200, "whoever is turned away uses nothing");
                    let seen: Value = answer.json().await.unwrap();
                    let got_one = !seen["pass"].is_null();
                    uses.fetch_add(1, Ordering::Relaxed);
                    // Nothing was issued since: whichever it got was revoked.
                    if before && got_one {
                        return Err(Violation("used after its revocation".to_owned()));
                    }
                    if !before && revoked.load(Ordering::SeqCst) {
                        met.fetch_add(1, Ordering::Relaxed);
                    }
                }
                Ok(())
            })
        })
        .collect();
    let hold = Fault::before(FaultKind::Hold);
    theatre.simulator.inject(wawp::REVOKE, hold).unwrap();
    let asked = tokio::spawn(theatre.request(Method::DELETE, &path).send());
    // The provider is asked after the commit.
    let held = theatre.simulator.held(wawp::REVOKE);
    in_time("the provider is asked", held).await.unwrap();
    revoked.store(true, Ordering::SeqCst);
    theatre.simulator.release();
    asked.await.unwrap().unwrap();
    for reader in readers {
        reader.await.unwrap()?;
    }
    Ok(())
}
