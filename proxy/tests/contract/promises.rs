//! What Pairlink promises of every provider, whatever that can and cannot do.

use std::time::Duration;

use pairlink_proxy::domain::{PassRequest, PhoneNumber, is_exclusive};
use pairlink_proxy::provider::ProviderError;
use pairlink_proxy::service::{Revocation, ServiceError};
use pairlink_simulator::{Fault, FaultKind, StatusCode, green_api, wawp, wazzup};

use super::cases::{case_of, cases};
use super::house::House;

#[tokio::test]
async fn a_revocation_says_what_is_true_and_says_it_again() {
    for case in cases() {
        let name = format!("{} {}", case.provider, case.request.method());
        let house = House::open(case.provider).await;
        let pass = house.ask(&case.request, None).await.unwrap();
        assert!(house.shown().await.is_some(), "{name}");
        for _time in 0..2 {
            let revoked = house.revoke().await;
            assert!(house.shown().await.is_none(), "{name}: given out still");
            if case.revoke.is_some() {
                assert_eq!(revoked.revocation, Revocation::Upstream, "{name}");
                assert_eq!(revoked.dead_by, house.desk.now(), "{name}");
                assert_eq!(house.last_end(&case), None, "{name}: alive");
            } else {
                assert_eq!(revoked.revocation, Revocation::LocalOnly, "{name}");
                assert_eq!(revoked.dead_by, pass.expires_at, "{name}");
            }
        }
        // Once it is dead nothing is said to live.
        let left = pass.expires_at.millis_since(house.desk.now());
        let left = Duration::from_millis(u64::try_from(left).unwrap());
        house.desk.simulator.advance(left);
        assert_eq!(house.revoke().await.dead_by, house.desk.now(), "{name}");
    }
}

#[tokio::test]
async fn a_lost_answer_stands_in_nobodys_way_and_is_not_forgotten() {
    for case in cases() {
        if case.current.is_some() {
            continue;
        }
        for call in case.calls {
            let name = format!("{} {call}", case.provider);
            let house = House::open(case.provider).await;
            house.ask_first(&case).await;
            let earlier = house.shown().await;
            let lost = Fault::after(FaultKind::Disconnect);
            house.desk.simulator.inject(call, lost).unwrap();
            let failed = house.ask(&case.request, Some("key")).await.err();
            assert!(
                matches!(failed, Some(ServiceError::Provider(ProviderError::Broken))),
                "{name}"
            );
            // Another token does not touch the one before; another code may have killed it.
            let kept = if is_exclusive(case.request.method()) {
                None
            } else {
                earlier.clone()
            };
            assert!(house.shown().await == kept, "{name}");
            let revoked = house.revoke().await;
            assert_eq!(revoked.revocation, Revocation::LocalOnly, "{name}");
            assert!(Some(revoked.dead_by) >= house.last_end(&case), "{name}");
            // Nobody got what was lost, so the same request issues anew.
            let again = house.ask(&case.request, Some("key")).await.unwrap();
            let shown = house.shown().await;
            assert_eq!(shown.as_deref(), Some(again.content.secret().expose()));
        }
    }
}

#[tokio::test]
async fn who_refuses_is_believed_where_nobody_else_can_be_asked() {
    for case in cases() {
        if case.current.is_some() {
            continue;
        }
        for call in case.calls {
            let name = format!("{} {call}", case.provider);
            let house = House::open(case.provider).await;
            let earlier = house.ask_first(&case).await;
            let status = FaultKind::status(StatusCode::UNAUTHORIZED);
            let refusing = Fault::before(status).until_cleared();
            house.desk.simulator.inject(call, refusing).unwrap();
            let failed = house.ask(&case.request, None).await.err();
            let refused = ServiceError::Provider(ProviderError::Credentials);
            assert_eq!(
                failed.map(|error| error.code()),
                Some(refused.code()),
                "{name}"
            );
            // Nothing was issued: the earlier one is given out, and nothing else is said to live.
            let shown = house.shown().await;
            let text = earlier.as_ref().map(|pass| pass.content.secret().expose());
            assert!(shown.as_deref() == text, "{name}");
            let dead_by = earlier.map_or(house.desk.now(), |pass| pass.expires_at);
            assert_eq!(house.revoke().await.dead_by, dead_by, "{name}");
        }
    }
}

#[tokio::test]
async fn tokens_live_side_by_side_until_the_last_one_is_dead() {
    let case = case_of(wazzup::EXCHANGE);
    let house = House::open("wazzup").await;
    let lasting = house.ask(&case.request, None).await.unwrap();
    let access_ttl = Duration::from_mins(1);
    house.desk.simulator.wazzup().set_manner(wazzup::Manner {
        access_ttl,
        ..wazzup::Manner::default()
    });
    let short = house.ask(&case.request, None).await.unwrap();
    assert!(short.expires_at < lasting.expires_at);
    let revoked = house.revoke().await;
    assert_eq!(revoked.revocation, Revocation::LocalOnly);
    assert_eq!(revoked.dead_by, lasting.expires_at);
}

#[tokio::test]
async fn what_can_be_taken_back_is_although_something_else_cannot() {
    let house = House::open("wawp").await;
    let (link, code) = (case_of(wawp::MINT), case_of(wawp::REQUEST_CODE));
    house.ask(&link.request, None).await.unwrap();
    let pass = house.ask(&code.request, None).await.unwrap();
    let revoked = house.revoke().await;
    assert_eq!(revoked.revocation, Revocation::LocalOnly);
    assert_eq!(revoked.dead_by, pass.expires_at);
    assert_eq!(house.last_end(&link), None);
    assert!(house.last_end(&code).is_some());
    // A code that lives on does not keep a later link alive.
    house.ask(&link.request, None).await.unwrap();
    house.ask(&code.request, None).await.unwrap();
    house.revoke().await;
    assert_eq!(house.last_end(&link), None);
}

#[tokio::test]
async fn a_code_goes_to_whoever_asked_for_that_phone() {
    let house = House::open("green-api").await;
    let code = |text| PassRequest::Code(PhoneNumber::parse(text).unwrap());
    let (one, other) = (code("+44 1134 960 001"), code("+44 1134 960 002"));
    let call = green_api::AUTHORIZATION_CODE;
    let held = Fault::before(FaultKind::Hold);
    house.desk.simulator.inject(call, held).unwrap();
    let (first, second, ()) = tokio::join!(house.ask(&one, None), house.ask(&one, None), async {
        house.desk.simulator.held(call).await.unwrap();
        // The second has no way to say that it waits. It has, once others that came later were answered this often.
        for _time in 0..20 {
            let third = house.ask(&other, None).await;
            assert!(matches!(third.err(), Some(ServiceError::Busy)));
        }
        house.desk.simulator.release();
    });
    let (first, second) = (first.unwrap(), second.unwrap());
    assert_eq!(first.id, second.id);
    assert_eq!(house.desk.calls(call), 1);
    assert_ne!(house.ask(&other, None).await.unwrap().id, first.id);
}

#[tokio::test]
async fn a_key_stands_for_one_phone() {
    let house = House::open("green-api").await;
    let code = |text| PassRequest::Code(PhoneNumber::parse(text).unwrap());
    let first = house.ask(&code("+44 1134 960 001"), Some("key")).await;
    let again = house.ask(&code("0044 1134 960001"), Some("key")).await;
    assert_eq!(first.unwrap().id, again.unwrap().id);
    let other = house.ask(&code("+44 1134 960 002"), Some("key")).await;
    assert!(matches!(other.err(), Some(ServiceError::KeyReused)));
}
