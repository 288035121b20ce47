//! What is peculiar to one provider, or left open by its documents.

use std::time::Duration;

use pairlink_protocol::Method;
use pairlink_proxy::provider::ProviderError;
use pairlink_simulator::{Fault, FaultKind, StatusCode, enablex, green_api, wazzup};

use super::cases::{case_of, cases, logins};
use super::desk::{Desk, instant};

#[tokio::test]
async fn a_linked_account_is_said_to_be_linked() {
    for case in cases() {
        let desk = Desk::open(case.provider).await;
        // Wawp mints links for anyone.
        let has_login = logins().any(|(provider, _login)| provider == case.provider);
        if !has_login || case.request.method() == Method::Link {
            continue;
        }
        desk.link();
        let issued = desk.issue(&case).await;
        assert_eq!(issued.err(), Some(ProviderError::AlreadyConnected));
    }
}

/// A pairing code may take 30 seconds, and is worth waiting for; the state of an instance is not.
#[tokio::test]
async fn a_slow_call_has_more_time_than_others() {
    let deadline = Duration::from_millis(400);
    let desk = Desk::open_with("green-api", deadline, Duration::from_secs(30)).await;
    let case = case_of(green_api::AUTHORIZATION_CODE);
    let late = FaultKind::Delay(deadline * 2);
    let inject = |call| desk.simulator.inject(call, Fault::before(late.clone()));
    inject(green_api::AUTHORIZATION_CODE).unwrap();
    assert!(desk.issue(&case).await.is_ok());
    inject(green_api::STATE).unwrap();
    let session = desk.adapter.session(&desk.account).await;
    assert_eq!(session, Err(ProviderError::Timeout));
}

/// It says the same of bad credentials whatever the status, and does not say in which unit it counts.
#[tokio::test]
async fn enablex_is_understood_whatever_its_documents_leave_open() {
    let desk = Desk::open("enablex").await;
    let case = case_of(enablex::TOKEN);
    for expiry_unit in [
        enablex::ExpiryUnit::Seconds,
        enablex::ExpiryUnit::Milliseconds,
    ] {
        for failure_status in [200, 400, 401, 403, 500] {
            desk.simulator.enablex().set_manner(enablex::Manner {
                expiry_unit,
                failure_status: StatusCode::from_u16(failure_status).unwrap(),
            });
            desk.issue(&case).await.unwrap();
            let newest = desk
                .alive(&case)
                .into_iter()
                .max_by_key(|one| one.issued_at);
            let issued = desk.issue(&case).await.unwrap();
            assert!(issued.expires_at > instant(newest.unwrap().expires_at));
            let refusal = FaultKind::refusal("authentication_failed");
            let inject = desk
                .simulator
                .inject(enablex::TOKEN, Fault::before(refusal));
            inject.unwrap();
            let error = desk.issue(&case).await.err();
            assert_eq!(error, Some(ProviderError::Credentials), "{failure_status}");
        }
    }
}

/// Where the code of an error stands is undocumented.
#[tokio::test]
async fn wazzups_codes_are_found_in_every_envelope() {
    let desk = Desk::open("wazzup").await;
    let case = case_of(wazzup::EXCHANGE);
    for envelope in [
        wazzup::Envelope::Code,
        wazzup::Envelope::ErrorCode,
        wazzup::Envelope::ErrorsCode,
    ] {
        desk.simulator.wazzup().set_manner(wazzup::Manner {
            envelope,
            ..wazzup::Manner::default()
        });
        // Its status, 400, would say less.
        let refusal = FaultKind::refusal("OAUTH_REQUESTED_SUBJECT_MISMATCH");
        let inject = desk
            .simulator
            .inject(wazzup::EXCHANGE, Fault::before(refusal));
        inject.unwrap();
        let error = desk.issue(&case).await.err();
        assert_eq!(error, Some(ProviderError::Credentials), "{envelope:?}");
    }
}

/// A code counts whatever the status is that goes with it.
#[tokio::test]
async fn wazzups_codes_are_found_behind_every_status() {
    let desk = Desk::open("wazzup").await;
    let case = case_of(wazzup::EXCHANGE);
    let body = serde_json::json!({ "error": { "code": "OAUTH_SCOPE_FORBIDDEN" } });
    let fault = Fault::before(FaultKind::Json(body));
    desk.simulator.inject(wazzup::EXCHANGE, fault).unwrap();
    let error = desk.issue(&case).await.err();
    assert_eq!(error, Some(ProviderError::Credentials));
}

/// Lifetimes are the provider's to say.
#[tokio::test]
async fn wazzups_tokens_live_as_long_as_it_says() {
    let desk = Desk::open("wazzup").await;
    let case = case_of(wazzup::EXCHANGE);
    for seconds in [60, 90 * 24 * 60 * 60] {
        desk.simulator.wazzup().set_manner(wazzup::Manner {
            access_ttl: Duration::from_secs(seconds),
            ..wazzup::Manner::default()
        });
        let issued = desk.issue(&case).await.unwrap();
        let left = issued.expires_at.millis_since(desk.now());
        assert_eq!(left, i64::try_from(seconds).unwrap() * 1000);
    }
}
