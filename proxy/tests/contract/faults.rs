//! The provider does what it should not, on either side of the effect of every call.

use std::time::Duration;

use pairlink_proxy::provider::ProviderError;
use pairlink_simulator::{Fault, FaultKind, HeaderValue, StatusCode};
use serde_json::json;

use super::cases::{Case, cases, logins};
use super::desk::Desk;
use super::log;

/// What goes wrong, and what an adapter makes of it.
fn faults(elsewhere: &str) -> Vec<(FaultKind, ProviderError)> {
    let mut faults = vec![
        (FaultKind::Malformed, ProviderError::Malformed),
        (FaultKind::Html, ProviderError::Malformed),
        (FaultKind::Empty, ProviderError::Malformed),
        (FaultKind::Huge, ProviderError::Malformed),
        (FaultKind::Json(json!({})), ProviderError::Malformed),
        (FaultKind::Json(json!([])), ProviderError::Malformed),
        (FaultKind::Json(json!(null)), ProviderError::Malformed),
        (FaultKind::Disconnect, ProviderError::Broken),
        (FaultKind::Truncate, ProviderError::Broken),
        (
            FaultKind::Redirect {
                status: StatusCode::TEMPORARY_REDIRECT,
                location: HeaderValue::try_from(elsewhere).unwrap(),
            },
            ProviderError::Status(307),
        ),
    ];
    let statuses = [
        (400, ProviderError::Refused(400)),
        (401, ProviderError::Credentials),
        (403, ProviderError::Credentials),
        (404, ProviderError::Refused(404)),
        (
            429,
            ProviderError::RateLimited {
                retry_after: Some(7),
            },
        ),
        (500, ProviderError::Status(500)),
        (503, ProviderError::Status(503)),
    ];
    for (status, error) in statuses {
        let kind = FaultKind::Status {
            status: StatusCode::from_u16(status).unwrap(),
            retry_after: (status == 429).then_some(Duration::from_secs(7)),
        };
        faults.push((kind, error));
    }
    faults
}

/// Lets one call of a case go wrong, and looks at what the adapter says and at what is alive.
async fn suffer(desk: &Desk, case: &Case, call: &str, fault: Fault, expected: ProviderError) {
    let before: Vec<_> = desk.alive(case).into_iter().map(|one| one.secret).collect();
    let calls = desk.calls(call);
    let name = format!("{} {call} {fault:?}", case.provider);
    desk.simulator.inject(call, fault).unwrap();
    let error = desk.issue(case).await.err();
    assert_eq!(error, Some(expected), "{name}");
    assert_eq!(desk.calls(call) - calls, 1, "{name}: never repeated");
    let happened = desk
        .alive(case)
        .iter()
        .any(|one| !before.contains(&one.secret));
    assert!(
        !happened || expected.may_have_happened(),
        "{name}: something is alive that the adapter denies"
    );
    desk.simulator.clear_faults();
    desk.simulator.advance(Duration::from_mins(1));
    assert!(desk.issue(case).await.is_ok(), "{name}: does not recover");
}

#[tokio::test]
async fn every_fault_is_told_for_what_it_is() {
    for case in cases() {
        let desk = Desk::open(case.provider).await;
        for call in case.calls {
            for (kind, expected) in faults(desk.simulator.base_url()) {
                for fault in [Fault::before(kind.clone()), Fault::after(kind.clone())] {
                    suffer(&desk, &case, call, fault, expected).await;
                }
            }
        }
        assert_log_is_clean(&desk);
    }
}

/// Wawp's answer to a log-out is undocumented, so every 200 will do; the rules above read the state after it.
#[tokio::test]
async fn a_log_out_that_fails_says_so_and_is_sent_once() {
    for (provider, login) in logins() {
        let desk = Desk::open(provider).await;
        for (kind, expected) in faults(desk.simulator.base_url()) {
            for (fault, happens) in [
                (Fault::before(kind.clone()), false),
                (Fault::after(kind.clone()), true),
            ] {
                let name = format!("{provider} {fault:?}");
                desk.link();
                let calls = desk.calls(login.log_out);
                desk.simulator.inject(login.log_out, fault).unwrap();
                let ended = desk.adapter.log_out(&desk.account).await;
                let unread = provider == "wawp" && expected == ProviderError::Malformed;
                if !unread || ended.is_err() {
                    assert_eq!(ended, Err(expected), "{name}");
                }
                assert_eq!(
                    desk.calls(login.log_out) - calls,
                    1,
                    "{name}: never repeated"
                );
                assert_eq!(desk.is_linked(), !happens, "{name}");
                desk.simulator.clear_faults();
                assert_eq!(desk.adapter.log_out(&desk.account).await, Ok(()), "{name}");
            }
        }
        assert_log_is_clean(&desk);
    }
}

#[track_caller]
fn assert_log_is_clean(desk: &Desk) {
    let log = log::text();
    assert!(log.contains("hyper_util"), "nothing is kept");
    for (at, secret) in desk.secrets().iter().enumerate() {
        assert!(!log.contains(secret), "secret {at} is in the log");
    }
}

#[tokio::test]
async fn who_never_answers_is_given_up() {
    for case in cases() {
        let (deadline, slow) = (Duration::from_millis(300), Duration::from_millis(600));
        let desk = Desk::open_with(case.provider, deadline, slow).await;
        for call in case.calls {
            for fault in [
                Fault::before(FaultKind::Hang),
                Fault::after(FaultKind::Hang),
            ] {
                desk.simulator.inject(call, fault).unwrap();
                let error = desk.issue(&case).await.err();
                assert_eq!(error, Some(ProviderError::Timeout), "{call}");
            }
        }
    }
}

#[tokio::test]
async fn the_providers_own_refusals_are_understood() {
    for case in cases() {
        let desk = Desk::open(case.provider).await;
        for (refusal, expected) in case.refusals {
            for (at, call) in case.calls.iter().enumerate() {
                let of_a_token = *expected == ProviderError::Token;
                let expected = if of_a_token && at + 1 < case.calls.len() {
                    ProviderError::Credentials
                } else {
                    *expected
                };
                let fault = Fault::before(FaultKind::refusal(refusal));
                suffer(&desk, &case, call, fault, expected).await;
            }
        }
    }
}
