//! What Pairlink promises of ending a login, whatever goes wrong at the provider.

use std::time::Duration;

use pairlink_proxy::provider::ProviderError;
use pairlink_proxy::service::ServiceError;
use pairlink_simulator::{Fault, FaultKind, StatusCode};
use serde_json::json;

use super::cases::{LOGINS, cases, logins};
use super::desk::Desk;
use super::house::House;

/// What may become of the one call that ends a login.
fn troubles() -> Vec<FaultKind> {
    vec![
        FaultKind::Disconnect,
        FaultKind::Truncate,
        FaultKind::Malformed,
        FaultKind::Html,
        FaultKind::Empty,
        FaultKind::Huge,
        FaultKind::Json(json!({})),
        FaultKind::status(StatusCode::BAD_REQUEST),
        FaultKind::status(StatusCode::UNAUTHORIZED),
        FaultKind::status(StatusCode::TOO_MANY_REQUESTS),
        FaultKind::status(StatusCode::INTERNAL_SERVER_ERROR),
    ]
}

#[tokio::test]
async fn a_log_out_says_what_the_provider_confirms_and_says_it_again() {
    for (provider, login) in logins() {
        let house = House::open(provider).await;
        house.desk.link();
        for _time in 0..3 {
            assert_eq!(house.log_out().await.unwrap(), login.state, "{provider}");
            assert!(!house.desk.is_linked(), "{provider}");
        }
        // Whoever asks again is told, and nobody is logged out who came meanwhile.
        assert_eq!(house.desk.calls(login.log_out), 1, "{provider}");
        house.desk.link();
        assert_eq!(house.log_out().await.unwrap(), login.state, "{provider}");
        assert_eq!(house.desk.calls(login.log_out), 2, "{provider}");
    }
}

#[tokio::test]
async fn whose_phone_is_linked_is_told_where_the_profile_says_so() {
    for (provider, _login) in logins() {
        let desk = Desk::open(provider).await;
        desk.link();
        let told = desk.adapter.linked_phone(&desk.account).await;
        if desk.adapter.profile().tells_phone {
            let linked = told.unwrap().unwrap();
            assert!(linked.is_account("441134960000"), "{provider}");
            assert!(!linked.is_account("441134960001"), "{provider}");
        } else {
            assert_eq!(told.err(), Some(ProviderError::NotOffered), "{provider}");
        }
    }
}

#[tokio::test]
async fn the_state_that_is_read_counts_and_not_the_answer() {
    for (provider, login) in logins() {
        let house = House::open(provider).await;
        for kind in troubles() {
            let name = format!("{provider} {kind:?}");
            // It was done, whatever the answer looks like.
            house.desk.link();
            let calls = house.desk.calls(login.log_out);
            let inject = |fault| house.desk.simulator.inject(login.log_out, fault).unwrap();
            inject(Fault::after(kind.clone()));
            assert_eq!(house.log_out().await.unwrap(), login.state, "{name}");
            assert_eq!(house.desk.calls(login.log_out) - calls, 1, "{name}");
            // It was not done, even if the answer looks well.
            house.desk.link();
            inject(Fault::before(kind.clone()));
            let failed = house.log_out().await;
            assert!(matches!(failed, Err(ServiceError::Provider(_))), "{name}");
            assert!(house.desk.is_linked(), "{name}");
            assert_eq!(house.desk.calls(login.log_out) - calls, 2, "{name}");
            assert_eq!(house.log_out().await.unwrap(), login.state, "{name}");
        }
    }
}

#[tokio::test]
async fn without_a_state_nothing_is_ended() {
    for (provider, login) in logins() {
        let house = House::open(provider).await;
        house.desk.link();
        let fault = Fault::before(FaultKind::status(StatusCode::BAD_GATEWAY)).times(3);
        house.desk.simulator.inject(login.call, fault).unwrap();
        let failed = house.log_out().await;
        let expected = ProviderError::Status(502);
        assert!(matches!(failed, Err(ServiceError::Provider(error)) if error == expected));
        assert_eq!(house.desk.calls(login.log_out), 0, "{provider}");
        assert!(house.desk.is_linked(), "{provider}");
    }
}

#[tokio::test]
async fn what_is_shown_ends_with_the_login() {
    for case in cases() {
        let Some((_, login)) = logins().find(|(provider, _)| *provider == case.provider) else {
            continue;
        };
        let house = House::open(case.provider).await;
        house.ask(&case.request, None).await.unwrap();
        assert!(house.shown().await.is_some());
        assert_eq!(house.log_out().await.unwrap(), login.state);
        assert!(house.shown().await.is_none(), "{}", case.provider);
        if case.revoke.is_some() {
            assert_eq!(house.last_end(&case), None, "{}", case.provider);
        }
        // The next phone may come.
        house.desk.simulator.advance(Duration::from_mins(1));
        house.ask(&case.request, None).await.unwrap();
    }
}

#[tokio::test]
async fn who_has_no_logins_ends_none() {
    for (provider, login) in LOGINS {
        if login.is_some() {
            continue;
        }
        let house = House::open(provider).await;
        let failed = house.log_out().await;
        assert!(
            matches!(failed, Err(ServiceError::MethodNotOffered)),
            "{provider}"
        );
    }
}
