//! Where a machine token is exchanged and a refresh token renews: in which order, and what after which failure.

use pairlink_simulator::{Fault, FaultKind, StatusCode, wazzup};

use super::{DAY, HOUR, Scene};

/// What was called so far: minted, exchanged, refreshed.
fn calls(scene: &Scene) -> [u64; 3] {
    [wazzup::MACHINE_TOKEN, wazzup::EXCHANGE, wazzup::REFRESH].map(|call| scene.world.calls(call))
}

#[tokio::test]
async fn a_refresh_comes_first_and_each_refresh_token_is_sent_once() {
    let scene = Scene::at("wazzup").await;
    let mut token = scene.token().await.unwrap();
    assert_eq!(calls(&scene), [1, 1, 0]);
    for round in 1..5 {
        token = scene.newer_than(&token).await.unwrap();
        assert!(scene.works(&token));
        assert_eq!(calls(&scene), [1, 1, round]);
    }
    assert_eq!(scene.world.simulator.wazzup().refresh_token_reuses(), 0);
    for kind in ["machine_token", "refresh_token", "api_token"] {
        assert_eq!(scene.health_of(kind).await["state"], "valid", "{kind}");
    }
    assert!(scene.health_of("refresh_token").await["expires_at"].is_null());
}

#[tokio::test]
async fn a_refresh_token_that_is_not_rotated_stays_good() {
    let scene = Scene::at("wazzup").await;
    let manner = wazzup::Manner {
        rotates: false,
        skew_seconds: -90,
        ..wazzup::Manner::default()
    };
    scene.world.simulator.wazzup().set_manner(manner);
    let mut token = scene.token().await.unwrap();
    for round in 1..4 {
        token = scene.newer_than(&token).await.unwrap();
        assert_eq!(calls(&scene), [1, 1, round]);
    }
    assert_eq!(scene.given_out("refresh_token").len(), 1);
    // Its clock is behind; lifetimes do not depend on it.
    assert_eq!(scene.health().await["clock_skew_ms"], -90_000);
    let left = token.expires_at.millis_since(scene.service().now());
    assert_eq!(left, 24 * 60 * 60 * 1000);
}

#[tokio::test]
async fn after_every_refusal_of_a_refresh_comes_an_exchange() {
    let scene = Scene::at("wazzup").await;
    let mut token = scene.token().await.unwrap();
    let codes = [
        "OAUTH_REFRESH_TOKEN_INVALID_OR_EXPIRED",
        "OAUTH_TOKEN_INVALID_OR_EXPIRED",
        "OAUTH_TOKEN_UNKNOWN_OR_REVOKED",
        "OAUTH_CLIENT_ID_MISMATCH",
        "OAUTH_AUTHORIZATION_CODE_INVALID",
        "OAUTH_MISSING_GRANT",
        "VALIDATION_FAILED",
    ];
    let refusals = codes.map(FaultKind::refusal).into_iter();
    let others = [
        FaultKind::status(StatusCode::INTERNAL_SERVER_ERROR),
        FaultKind::Html,
        FaultKind::Disconnect,
    ];
    for (before, kind) in (0..).zip(refusals.chain(others)) {
        let inject = scene
            .world
            .simulator
            .inject(wazzup::REFRESH, Fault::before(kind.clone()));
        inject.unwrap();
        token = scene.newer_than(&token).await.unwrap();
        assert!(scene.works(&token), "{kind:?}");
        assert_eq!(calls(&scene), [1, 2 + before, 1 + before], "{kind:?}");
    }
    assert_eq!(scene.world.simulator.wazzup().refresh_token_reuses(), 0);
    assert!(scene.notices().await.is_empty());
}

#[tokio::test]
async fn a_refresh_whose_answer_is_lost_is_never_repeated() {
    let scene = Scene::at("wazzup").await;
    let mut token = scene.token().await.unwrap();
    let lost = [
        FaultKind::Disconnect,
        FaultKind::Truncate,
        FaultKind::Html,
        FaultKind::status(StatusCode::BAD_GATEWAY),
        FaultKind::status(StatusCode::TOO_MANY_REQUESTS),
    ];
    for kind in lost {
        let inject = scene
            .world
            .simulator
            .inject(wazzup::REFRESH, Fault::after(kind.clone()));
        inject.unwrap();
        token = match scene.newer_than(&token).await {
            Ok(next) => next,
            // It asked to wait; after that it is asked for another kind of thing.
            Err(error) => {
                assert_eq!(error.code().as_str(), "upstream_rate_limited", "{kind:?}");
                scene.advance(HOUR);
                scene.newer_than(&token).await.unwrap()
            }
        };
        assert!(scene.works(&token), "{kind:?}");
        // The one that came by the exchange is good.
        token = scene.newer_than(&token).await.unwrap();
        assert!(scene.works(&token), "{kind:?}");
    }
    assert_eq!(scene.world.simulator.wazzup().refresh_token_reuses(), 0);
}

#[tokio::test]
async fn a_machine_token_that_nobody_knows_any_more_is_replaced_once() {
    let scene = Scene::at("wazzup").await;
    let token = scene.token().await.unwrap();
    for code in [
        "OAUTH_TOKEN_UNKNOWN_OR_REVOKED",
        "OAUTH_INVALID_PARTNER_TOKEN",
        "OAUTH_TOKEN_INVALID_OR_EXPIRED",
    ] {
        let inject = |call, code| {
            let refusal = Fault::before(FaultKind::refusal(code));
            scene.world.simulator.inject(call, refusal).unwrap();
        };
        inject(wazzup::REFRESH, "OAUTH_REFRESH_TOKEN_INVALID_OR_EXPIRED");
        inject(wazzup::EXCHANGE, code);
        let [minted, exchanged, _] = calls(&scene);
        let newest = scene.token().await.unwrap();
        let next = scene.newer_than(&newest).await.unwrap();
        assert!(scene.works(&next), "{code}");
        let [minted_now, exchanged_now, _] = calls(&scene);
        assert_eq!(
            (minted_now - minted, exchanged_now - exchanged),
            (1, 2),
            "{code}"
        );
    }
    assert!(scene.token().await.unwrap().serial > token.serial);
    assert!(scene.notices().await.is_empty());
}

#[tokio::test]
async fn an_ended_machine_token_is_not_sent() {
    let scene = Scene::at("wazzup").await;
    let token = scene.token().await.unwrap();
    scene.advance(HOUR * 9);
    let refusal = FaultKind::refusal("OAUTH_REFRESH_TOKEN_INVALID_OR_EXPIRED");
    let inject = scene
        .world
        .simulator
        .inject(wazzup::REFRESH, Fault::before(refusal));
    inject.unwrap();
    let next = scene.newer_than(&token).await.unwrap();
    assert!(scene.works(&next));
    assert_eq!(calls(&scene), [2, 2, 1]);
}

#[tokio::test]
async fn after_a_pause_of_weeks_it_goes_on() {
    let scene = Scene::at("wazzup").await;
    scene.token().await.unwrap();
    scene.advance(DAY * 30);
    let token = scene.token().await.unwrap();
    assert!(scene.works(&token));
    assert_eq!(scene.world.simulator.wazzup().refresh_token_reuses(), 0);
    assert!(scene.notices().await.is_empty());
}

#[tokio::test]
async fn a_refresh_token_that_was_surely_not_sent_is_sent_later() {
    let scene = Scene::at("wazzup").await;
    let token = scene.token().await.unwrap();
    let move_to = async |address: &str| {
        let statement = format!("UPDATE connections SET base_url = '{address}'");
        scene.world.meddle(statement).await;
    };
    // Nobody listens there.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let nowhere = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    move_to(&nowhere).await;
    let error = scene.newer_than(&token).await.err().unwrap();
    assert_eq!(error.code().as_str(), "upstream_unreachable");
    assert_eq!(scene.health_of("refresh_token").await["state"], "valid");
    move_to(scene.world.simulator.base_url()).await;
    scene.advance(HOUR);
    let next = scene.newer_than(&token).await.unwrap();
    assert!(scene.works(&next));
    assert_eq!(calls(&scene), [1, 1, 1]);
}
